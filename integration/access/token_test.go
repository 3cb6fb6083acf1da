package access_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/access"
)

// token makes an API token of the browser's person and gives a client with it.
func (b *browser) token(instance string, accesses ...string) (*browser, access.CreatedToken) {
	b.h.t.Helper()
	r := b.call("tokens.create", map[string]any{"name": "nightly", "instance": instance, "accesses": accesses})
	require.Equal(b.h.t, http.StatusOK, r.status, r.body)
	var made access.CreatedToken
	require.NoError(b.h.t, json.Unmarshal([]byte(r.body), &made))
	return b.h.bearer(made.Value), made
}

func (h *house) bearer(value string) *browser {
	b := h.browser()
	b.header.Set("Authorization", "Bearer "+value)
	return b
}

// allowed gives the rights that a client has on an instance, by trying.
func (b *browser) allowed(instance string) (rights []string) {
	for _, a := range []string{"view", "operate", "configure", "administer", "reveal"} {
		if b.callOn(instance, "sample."+a, nil0).status == http.StatusOK {
			rights = append(rights, a)
		}
	}
	return rights
}

func TestTokenHasNoMoreThanItsScopeAndItsOwner(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.ready("ana", everywhere(access.Administrator, access.Revealer))
	operator := h.person("ben", on("acme", access.Operator), on("rival", access.Viewer))
	scope := func(b *browser, instance string, accesses ...string) *browser {
		c, _ := b.token(instance, accesses...)
		return c
	}
	for name, row := range map[string]struct {
		token       *browser
		acme, rival []string
	}{
		"all of an administrator":       {scope(admin, "*", "view", "operate", "configure", "administer"), []string{"view", "operate", "configure"}, []string{"view", "operate", "configure"}},
		"one instance":                  {scope(admin, "acme", "view", "operate"), []string{"view", "operate"}, nil},
		"one right":                     {scope(admin, "*", "operate"), []string{"operate"}, []string{"operate"}},
		"more than its owner has":       {scope(operator, "*", "view", "operate", "configure"), []string{"view", "operate"}, []string{"view"}},
		"an instance by its owner's id": {scope(operator, h.rival, "view", "operate"), nil, []string{"view"}},
	} {
		require.Equal(t, row.acme, row.token.allowed("acme"), name)
		require.Equal(t, row.rival, row.token.allowed("rival"), name)
	}
	require.Equal(t, http.StatusNotFound, scope(admin, "acme", "view").callOn("rival", "sample.view", nil0).status)
	require.Equal(t, http.StatusOK, scope(admin, "*", "administer").callOn("acme", "sample.audit", nil0).status)
}

func TestTokenChangesNoAccountAndRevealsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.ready("ana", everywhere(access.Administrator, access.Revealer))
	token, made := admin.token("*", "view", "operate", "configure", "administer")
	for _, action := range []string{"tokens.create", "tokens.revoke", "sessions.revoke", "account.change-password", "account.begin-second-factor", "users.create", "users.remove"} {
		r := token.call(action, nil0)
		require.Equal(t, http.StatusForbidden, r.status, action)
		require.Contains(t, r.body, "a token cannot call it")
	}
	require.Equal(t, http.StatusForbidden, token.callOn("acme", "sample.reveal", nil0).status)
	require.Equal(t, http.StatusUnprocessableEntity, admin.call("tokens.create", map[string]any{"name": "t", "instance": "*", "accesses": []string{"reveal"}}).status)
	require.Equal(t, http.StatusOK, token.call("users.list", nil0).status)
	require.NotContains(t, token.call("tokens.list", nil0).body, made.Value)
}

func TestTokenEndsWhenRevokedOrExpiredOrItsOwnerIsGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.person("ana", on("acme", access.Operator))
	ben := h.person("ben", on("acme", access.Operator))
	revoked, one := ana.token("acme", "view")
	expired, two := ana.token("acme", "view")
	owned, _ := ben.token("acme", "view")
	all := []*browser{revoked, expired, owned}
	for _, b := range all {
		require.Equal(t, []string{"view"}, b.allowed("acme"))
	}
	require.Equal(t, http.StatusNotFound, ben.call("tokens.revoke", map[string]any{"id": one.Token.ID}).status, "another person's is not there")
	require.Equal(t, http.StatusOK, ana.call("tokens.revoke", map[string]any{"id": one.Token.ID}).status)
	h.operate("users.remove", access.UserInput{ID: "ben"}, nil)
	require.Equal(t, http.StatusUnauthorized, revoked.callOn("acme", "sample.view", nil0).status)
	require.Equal(t, http.StatusUnauthorized, owned.callOn("acme", "sample.view", nil0).status)
	h.clock.pass(two.Token.Expires.Sub(h.clock.now()) - time.Second)
	require.Equal(t, []string{"view"}, expired.allowed("acme"))
	h.clock.pass(time.Second)
	require.Equal(t, http.StatusUnauthorized, expired.callOn("acme", "sample.view", nil0).status)
	require.Equal(t, 90*24*time.Hour, two.Token.Expires.Sub(two.Token.Created).Round(time.Hour))
}

func TestTokenWaitsForTheSecondFactorThatNewRolesAskFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.person("ana", on("acme", access.Operator))
	token, _ := ana.token("*", "view", "operate", "configure", "administer")
	more := []access.Grant{everywhere(access.Administrator)}
	h.operate("users.update", access.UpdateUserInput{ID: "ana", Grants: &more}, nil)
	require.Equal(t, access.CodeSecondFactor, token.call("users.list", nil0).code())
	require.Equal(t, http.StatusOK, ana.signIn("ana", goodPassword, "").status)
	ana.setUpApp()
	require.Equal(t, http.StatusOK, token.call("users.list", nil0).status)
}

func TestListOfTokensSaysWhenEachWasUsed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, ben := h.person("ana", on("acme", access.Operator)), h.person("ben", on("acme", access.Operator))
	admin := h.ready("admin", everywhere(access.Administrator))
	token, made := ana.token("acme", "view", "operate")
	list := func(b *browser, in any) (out access.TokenList) {
		r := b.call("tokens.list", in)
		require.Equal(t, http.StatusOK, r.status, r.body)
		require.NoError(t, json.Unmarshal([]byte(r.body), &out))
		return out
	}
	require.Nil(t, list(ana, nil0).Items[0].Used)
	require.Equal(t, []string{"view", "operate"}, token.allowed("acme"))
	got := list(ana, nil0).Items[0]
	require.NotNil(t, got.Used)
	require.Equal(t, "acme", got.Instance)
	require.Equal(t, "ana", got.Owner)
	require.True(t, strings.HasSuffix(made.Value, got.Hint))
	require.True(t, strings.HasPrefix(made.Value, "irt_"))
	require.Empty(t, list(ben, map[string]any{"everyone": true}).Items, "everybody's are for those who administer")
	require.Len(t, list(admin, map[string]any{"everyone": true}).Items, 1)
	require.Len(t, list(admin, map[string]any{"user": "ana"}).Items, 1)
	require.Contains(t, strings.Join(h.audit(), "\n"), "user:ana tokens.create token "+made.Token.ID)
}

func TestServiceAccountActsByTokensThatAnAdministratorMakes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.ready("ana", everywhere(access.Administrator))
	h.person("ben", on("acme", access.Operator))
	h.operate("users.create", access.CreateUserInput{Name: "host", Service: true, Grants: []access.Grant{on("acme", access.Operator)}}, nil)
	r := admin.call("tokens.create", map[string]any{"name": "embed", "user": "host", "instance": "acme", "accesses": []string{"operate"}})
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.Equal(t, []string{"operate"}, h.bearer(r.field("value").(string)).allowed("acme"))
	require.Equal(t, http.StatusUnprocessableEntity, admin.call("tokens.create", map[string]any{"name": "t", "user": "ben", "instance": "acme", "accesses": []string{"view"}}).status,
		"nobody acts in another person's name")
	var made access.CreatedToken
	h.operate("tokens.create", access.CreateTokenInput{Name: "cli", User: "host", Instance: "*", Accesses: []string{"view"}}, &made)
	require.Equal(t, []string{"view"}, h.bearer(made.Value).allowed("acme"))
}

func TestWhatIsNoTokenIsNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", on("acme", access.Operator))
	for _, header := range []string{"Bearer irt_guessed", "Bearer ", "Bearer", "Basic YW5hOnB3", "irt_x", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer a.b.c"} {
		b.header.Set("Authorization", header)
		r := b.callOn("acme", "sample.view", nil0)
		require.Equal(t, http.StatusUnauthorized, r.status, "%s: the cookie does not help out", header)
		require.Equal(t, access.CodeSignIn, r.code())
	}
}
