package access_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/access"
)

func TestAdministratorAndRevealerSetUpSecondFactorBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i, grant := range []access.Grant{everywhere(access.Administrator), on("acme", access.Revealer), on("acme", access.Viewer, access.Administrator)} {
		b := h.person("person "+string(rune('a'+i)), grant)
		require.Equal(t, true, b.must("GET", "/v1/session", nil).field("unready"))
		for _, action := range []string{"sample.view", "sample.reveal", "sample.administer"} {
			r := b.callOn("acme", action, nil0)
			require.Equal(t, http.StatusForbidden, r.status)
			require.Contains(t, []string{access.CodeSecondFactor, access.CodeNoRight}, r.code())
		}
		require.Equal(t, access.CodeSecondFactor, b.call("tokens.create", map[string]any{"name": "t", "instance": "*", "accesses": []string{"view"}}).code())
		require.Equal(t, http.StatusOK, b.call("account.show", nil0).status)
		b.secondFactor()
		require.Equal(t, false, b.must("GET", "/v1/session", nil).field("unready"))
	}
	require.Equal(t, false, h.person("viewer", on("acme", access.Viewer)).must("GET", "/v1/session", nil).field("unready"))
}

func TestCodeIsNeededAndWorksOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	secret, _ := h.person("ana", everywhere(access.Administrator)).secondFactor()
	b := h.browser()
	require.Equal(t, access.CodeNeeded, b.signIn("ana", goodPassword, "").code())
	require.Equal(t, access.CodeCredentials, b.signIn("ana", goodPassword, "000000").code())
	code := h.codeOf(secret)
	require.Equal(t, access.CodeCredentials, b.signIn("ana", "a wrong password", code).code())
	require.Equal(t, http.StatusOK, b.signIn("ana", goodPassword, code).status)
	require.Equal(t, access.CodeCredentials, h.browser().signIn("ana", goodPassword, code).code(), "a code that was seen over a shoulder")
	h.clock.pass(30 * time.Second)
	early := h.codeOf(secret)
	h.clock.pass(30 * time.Second)
	require.Equal(t, http.StatusOK, h.browser().signIn("ana", goodPassword, early).status, "a clock may be a step late")
	h.clock.pass(10 * time.Minute)
	late := h.codeOf(secret)
	h.clock.pass(90 * time.Second)
	require.Equal(t, access.CodeCredentials, h.browser().signIn("ana", goodPassword, late).code())
}

func TestOfTwoSignInsWithOneCodeOneFails(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	secret, _ := h.person("ana", everywhere(access.Administrator)).secondFactor()
	code := h.codeOf(secret)
	answers := make(chan int, 4)
	for range cap(answers) {
		b := h.browser()
		go func() { answers <- b.signIn("ana", goodPassword, code).status }()
	}
	let := 0
	for range cap(answers) {
		if <-answers == http.StatusOK {
			let++
		}
	}
	require.Equal(t, 1, let)
}

func TestCodesAreBrakedLikePasswords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("ana", everywhere(access.Administrator)).secondFactor()
	b := h.browser()
	statuses := map[int]int{}
	for range 20 {
		statuses[b.signIn("ana", goodPassword, "123456").status]++
	}
	require.Equal(t, map[int]int{http.StatusUnauthorized: 5, http.StatusTooManyRequests: 15}, statuses)
}

func TestRecoveryCodeWorksOnceInPlaceOfTheApp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", everywhere(access.Administrator))
	_, codes := b.secondFactor()
	require.Len(t, codes, 10)
	require.Equal(t, http.StatusOK, h.browser().signIn("ana", goodPassword, strings.ToUpper(codes[3])).status)
	require.Equal(t, access.CodeCredentials, h.browser().signIn("ana", goodPassword, codes[3]).code())
	require.Equal(t, http.StatusOK, h.browser().signIn("ana", goodPassword, strings.ReplaceAll(codes[4], "-", "")).status)
	require.InDelta(t, 8, b.call("account.show", nil0).field("recoveryCodesLeft"), 0)
}

func TestAppIsConfirmedWithItsFirstCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", everywhere(access.Administrator))
	require.Equal(t, http.StatusUnprocessableEntity, b.call("account.confirm-second-factor", map[string]any{"code": "123456"}).status, "none was begun")
	begun := b.call("account.begin-second-factor", nil0)
	require.Contains(t, begun.field("address"), "otpauth://totp/")
	require.Equal(t, http.StatusUnprocessableEntity, b.call("account.confirm-second-factor", map[string]any{"code": "000000"}).status)
	require.Equal(t, http.StatusOK, h.browser().signIn("ana", goodPassword, "").status, "it does not count before")
	other := h.browser()
	require.Equal(t, http.StatusOK, other.signIn("ana", goodPassword, "").status)
	old := b.sessionCookie()
	require.Equal(t, http.StatusOK, b.call("account.confirm-second-factor", map[string]any{"code": h.codeOf(begun.field("secret").(string))}).status)
	require.NotEqual(t, old, b.sessionCookie(), "the session may do more now: it has a new name")
	b.must("GET", "/v1/session", nil)
	require.Equal(t, http.StatusUnauthorized, other.send("GET", "/v1/session", nil).status, "sessions from before it end")
}

func TestLostSecondFactorIsResetByAnAdministratorOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", everywhere(access.Administrator))
	secret, _ := b.secondFactor()
	var invited access.Invitation
	h.operate("users.invite", access.InviteInput{ID: "ana"}, &invited)
	fresh := h.browser()
	require.Equal(t, http.StatusNoContent, setUp(fresh, invited.Token, "", goodPassword).status)
	require.Equal(t, http.StatusUnauthorized, fresh.send("GET", "/v1/session", nil).status, "a new password alone signs nobody in")
	require.Equal(t, http.StatusOK, fresh.signIn("ana", goodPassword, h.codeOf(secret)).status)
	h.operate("users.invite", access.InviteInput{ID: "ana", ResetSecondFactor: true}, &invited)
	require.Equal(t, http.StatusUnauthorized, fresh.send("GET", "/v1/session", nil).status)
	require.Equal(t, true, setUp(fresh, invited.Token, "", goodPassword).field("unready"))
}
