package access_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestPersonSignsInAndOutAndEachIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("Ana", on("acme", access.Operator, access.Viewer), on("rival", access.Viewer))
	b := h.browser()
	in := b.signIn("ana", goodPassword, "")
	require.Equal(t, http.StatusOK, in.status, in.body)
	require.Equal(t, "no-store", in.header.Values("Cache-Control")[0])
	require.JSONEq(t, b.must("GET", "/v1/session", nil).body, in.body)
	require.Equal(t, []any{
		map[string]any{"instance": "acme", "roles": []any{"operator", "viewer"}}, map[string]any{"instance": "rival", "roles": []any{"viewer"}},
	}, in.field("grants"))
	require.NotNil(t, in.field("steppedUpUntil"))
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.operate", nil0).status)
	cookie := b.sessionCookie()
	require.Equal(t, http.StatusNoContent, b.send("DELETE", "/v1/session", nil).status)
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status)
	stolen := h.browser()
	stolen.header.Set("Cookie", cookieOf(h, cookie))
	require.Equal(t, http.StatusUnauthorized, stolen.send("GET", "/v1/session", nil).status)
	lines := strings.Join(h.audit(), "\n")
	require.Contains(t, lines, "user:Ana sign-in user Ana")
	require.Contains(t, lines, "user:Ana sign-out user Ana")
}

func cookieOf(h *house, value string) string {
	return "sid-" + h.url[strings.LastIndex(h.url, ":")+1:] + "=" + value
}

func TestUnknownUserIsAnsweredLikeWrongPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("ana", on("acme", access.Viewer))
	h.person("gone", on("acme", access.Viewer))
	h.operate("users.remove", access.UserInput{ID: "gone"}, nil)
	h.operate("users.create", access.CreateUserInput{Name: "robot", Service: true}, nil)
	var waiting access.Invitation
	h.operate("users.create", access.CreateUserInput{Name: "waiting"}, &waiting)
	want := h.browser().signIn("ana", "the wrong password", "")
	require.Equal(t, http.StatusUnauthorized, want.status)
	for _, name := range []string{"nobody", "gone", "robot", "waiting", waiting.User.ID, "", strings.Repeat("x", 500)} {
		got := h.browser().signIn(name, goodPassword, "")
		require.Equal(t, want.status, got.status, name)
		require.Equal(t, want.body, got.body, name)
		require.Empty(t, got.header.Values("Set-Cookie"), name)
	}
	for _, line := range h.audit() {
		require.NotContains(t, line, "nobody sign-in.failed nobody", "a name that is nobody's may be a password")
	}
}

func TestBodyThatIsNotAskedForIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser()
	for _, body := range []any{"text", []string{}, map[string]any{"name": "ana", "admin": true}, map[string]any{"name": 7}, map[string]any{"name": strings.Repeat("x", 100_000)}} {
		require.Equal(t, http.StatusUnprocessableEntity, b.send("POST", "/v1/session", body).status)
	}
}

func TestGuessingIsBrakedMoreAndMoreAndNeverForEver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.person("ana", on("acme", access.Viewer))
	ana.address = "192.0.2.1"
	require.Equal(t, http.StatusOK, ana.signIn("ana", goodPassword, "").status)
	guesser := h.browser()
	guesser.address = "198.51.100.7"
	longest, waits := 0, 0
	for i := 0; i < 40; i++ {
		r := guesser.signIn("ana", fmt.Sprintf("a wrong password %d", i), "")
		if r.status == http.StatusUnauthorized {
			continue
		}
		require.Equal(t, http.StatusTooManyRequests, r.status)
		require.Equal(t, r.body, guesser.signIn("ana", goodPassword, "").body, "the right password is not tried meanwhile, and knocking changes nothing")
		seconds := int(r.field("retryAfter").(float64))
		require.GreaterOrEqual(t, seconds, longest, "the wait grows")
		longest = seconds
		waits++
		h.clock.pass(time.Duration(seconds) * time.Second)
	}
	require.LessOrEqual(t, longest, 901, "at most a quarter of an hour")
	require.Greater(t, longest, 60)
	require.Greater(t, waits, 10)
	require.Equal(t, http.StatusOK, ana.signIn("ana", goodPassword, "").status, "who signed in from there before is not in the way")
	h.clock.pass(15 * time.Minute)
	require.Equal(t, http.StatusOK, guesser.signIn("ana", goodPassword, "").status, "after the wait the right password works")
}

func TestOneAddressThatTriesManyAccountsIsBraked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("ana", on("acme", access.Viewer))
	b := h.browser()
	b.address = "2001:db8:1:2::1"
	statuses := map[int]int{}
	for i := range 20 {
		b.address = "2001:db8:1:2::" + strconv.Itoa(i+1) // one household
		statuses[b.signIn("user"+strconv.Itoa(i), goodPassword, "").status]++
	}
	require.Equal(t, map[int]int{http.StatusUnauthorized: 10, http.StatusTooManyRequests: 10}, statuses)
	b.address = "2001:db8:1:3::1"
	require.Equal(t, http.StatusOK, b.signIn("ana", goodPassword, "").status)
}

func TestManyAddressesThatTryOneAccountAreBraked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("ana", on("acme", access.Viewer)) // from 127.0.0.1
	b := h.browser()
	refused := 0
	for i := range 40 {
		b.address = fmt.Sprintf("203.0.113.%d", i+1)
		if b.signIn("ana", "a wrong password", "").status == http.StatusTooManyRequests {
			refused++
		}
	}
	require.Equal(t, 20, refused)
	b.address = ""
	require.Equal(t, http.StatusOK, b.signIn("ana", goodPassword, "").status, "from where ana has signed in before")
	b.address = "203.0.113.99"
	h.clock.pass(31 * time.Second)
	require.Equal(t, http.StatusOK, b.signIn("ana", goodPassword, "").status, "from anywhere, after half a minute")
}

func TestOnlyNamedProxiesAreBelieved(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *access.Site) { s.Proxies = nil })
	h.person("ana", on("acme", access.Viewer))
	b := h.browser()
	limited := 0
	for i := range 12 {
		b.address = fmt.Sprintf("203.0.113.%d", i+1)
		if b.signIn("nobody", "a wrong password", "").status == http.StatusTooManyRequests {
			limited++
		}
	}
	require.Positive(t, limited, "they all come from one address")
}

func TestSessionGetsNewNameAtSignInAndStepUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", on("acme", access.Viewer))
	first := b.sessionCookie()
	b.must("POST", "/v1/session", map[string]any{"name": "ana", "password": goodPassword})
	second := b.sessionCookie()
	require.NotEqual(t, first, second)
	old := h.browser()
	old.header.Set("Cookie", cookieOf(h, first))
	require.Equal(t, http.StatusUnauthorized, old.send("GET", "/v1/session", nil).status, "at a sign-in the former name ends at once")
	wrong := b.send("POST", "/v1/session/step-up", map[string]any{"password": "a wrong password"})
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	b.must("POST", "/v1/session/step-up", map[string]any{"password": goodPassword})
	require.NotEqual(t, second, b.sessionCookie())
	old.header.Set("Cookie", cookieOf(h, second))
	require.Equal(t, http.StatusOK, old.send("GET", "/v1/session", nil).status, "what is under way ends in peace")
	h.clock.pass(11 * time.Second)
	require.Equal(t, http.StatusUnauthorized, old.send("GET", "/v1/session", nil).status)
	b.must("GET", "/v1/session", nil)
	lines := strings.Join(h.audit(), "\n")
	require.Contains(t, lines, "user:ana step-up user ana")
	require.Contains(t, lines, "nobody step-up.failed user ana")
}

func TestSessionOfNobodysMakingIsNotTakenOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("ana", on("acme", access.Viewer))
	b := h.browser()
	b.header.Set("Cookie", cookieOf(h, "chosen-by-somebody-else"))
	in := b.signIn("ana", goodPassword, "")
	require.Equal(t, http.StatusOK, in.status)
	require.NotContains(t, in.header.Get("Set-Cookie"), "chosen-by-somebody-else")
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status)
}

func TestSessionEndsWhenIdleAndAfterTwelveHours(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", on("acme", access.Viewer))
	for range 12*60/25 - 1 {
		h.clock.pass(25 * time.Minute)
		b.must("GET", "/v1/session", nil)
	}
	h.clock.pass(29 * time.Minute)
	require.Equal(t, http.StatusOK, b.send("GET", "/v1/session", nil).status)
	h.clock.pass(29 * time.Minute)
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status, "twelve hours are over")

	require.Equal(t, http.StatusOK, b.signIn("ana", goodPassword, "").status)
	b.header.Set(access.BackgroundHeader, "1")
	h.clock.pass(20 * time.Minute)
	b.must("GET", "/v1/session", nil)
	h.clock.pass(11 * time.Minute)
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status, "what a page asks by itself keeps nobody signed in")
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	here := h.person("ana", on("acme", access.Viewer))
	there := h.browser()
	there.header.Set("User-Agent", "Lost Laptop 1.0")
	require.Equal(t, http.StatusOK, there.signIn("ana", goodPassword, "").status)
	ben := h.person("ben", on("acme", access.Viewer))
	items := func(b *browser) []map[string]any {
		var out []map[string]any
		for _, item := range b.call("sessions.list", nil0).field("items").([]any) {
			out = append(out, item.(map[string]any))
		}
		return out
	}
	all := items(here)
	require.Len(t, all, 2)
	lost := ""
	for _, s := range all {
		require.Equal(t, s["agent"] != "Lost Laptop 1.0", s["this"])
		if s["agent"] == "Lost Laptop 1.0" {
			lost = s["id"].(string)
		}
	}
	require.Equal(t, http.StatusNotFound, ben.call("sessions.revoke", map[string]any{"id": lost}).status, "another person's is not there")
	require.Equal(t, http.StatusNotFound, ben.call("sessions.list", map[string]any{"user": "ana"}).status)
	require.Equal(t, http.StatusOK, here.call("sessions.revoke", map[string]any{"id": lost}).status)
	require.Equal(t, http.StatusUnauthorized, there.send("GET", "/v1/session", nil).status)
	require.Len(t, items(here), 1)
	require.Equal(t, http.StatusOK, there.signIn("ana", goodPassword, "").status)
	require.JSONEq(t, `{"ended":1}`, there.call("sessions.revoke", nil0).body)
	require.Equal(t, http.StatusUnauthorized, here.send("GET", "/v1/session", nil).status)
	there.must("GET", "/v1/session", nil)
}

func TestChangeOfRolesEndsSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", on("acme", access.Viewer))
	same := []access.Grant{on("acme", access.Viewer)}
	h.operate("users.update", access.UpdateUserInput{ID: "ana", Grants: &same}, nil)
	b.must("GET", "/v1/session", nil)
	more := []access.Grant{on("acme", access.Operator)}
	h.operate("users.update", access.UpdateUserInput{ID: "ana", Grants: &more}, nil)
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status)
	require.Equal(t, http.StatusOK, b.signIn("ana", goodPassword, "").status)
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.operate", nil0).status)
	h.operate("users.remove", access.UserInput{ID: "ana"}, nil)
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status)
}

func TestPasswordIsChangedAndOtherSessionsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	here := h.person("ana", on("acme", access.Viewer))
	there := h.browser()
	require.Equal(t, http.StatusOK, there.signIn("ana", goodPassword, "").status)
	const next = "another 9 kettles in a row of lamps"
	require.Equal(t, http.StatusUnprocessableEntity, here.call("account.change-password", map[string]any{"current": "a wrong password", "password": next}).status)
	require.Equal(t, http.StatusUnprocessableEntity, here.call("account.change-password", map[string]any{"current": goodPassword, "password": "passwordpassword"}).status)
	done := here.call("account.change-password", map[string]any{"current": goodPassword, "password": next})
	require.JSONEq(t, `{"sessionsEnded":1}`, done.body)
	here.must("GET", "/v1/session", nil)
	require.Equal(t, http.StatusUnauthorized, there.send("GET", "/v1/session", nil).status)
	require.Equal(t, http.StatusUnauthorized, there.signIn("ana", goodPassword, "").status)
	require.Equal(t, http.StatusOK, there.signIn("ana", next, "").status)
}

func TestPasswordThatIsChangedDuringASignInIsOfNoUse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("ana", on("acme", access.Viewer))
	change := func(f func(*store.User)) func() {
		return func() {
			require.NoError(t, h.store.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
				u, err := tx.User(t.Context(), "ana")
				if err == nil {
					f(&u)
					_, err = tx.SaveUser(t.Context(), u)
				}
				return err
			}))
		}
	}
	during := func(meddle func()) { h.meddler.once.Store(&meddle) }
	b, before := h.browser(), ""
	during(change(func(u *store.User) { before, u.Password = u.Password, "another hash" }))
	require.Equal(t, http.StatusUnauthorized, b.signIn("ana", goodPassword, "").status)
	change(func(u *store.User) { u.Password = before })()
	during(change(func(u *store.User) { u.Removed = time.Now() }))
	require.Equal(t, http.StatusUnauthorized, b.signIn("ana", goodPassword, "").status, "nor of who is removed")
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status)
}

func TestCookieOverTLSIsForThisHostOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *access.Site) { s.URL = "https://sync.acme.example" })
	b := h.person("ana", on("acme", access.Viewer))
	for range 2 {
		set := b.signIn("ana", goodPassword, "").header.Get("Set-Cookie")
		require.Regexp(t, `^__Host-sid=[\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Lax$`, set)
	}
	plain := newHouse(t)
	set := plain.person("ana", on("acme", access.Viewer)).signIn("ana", goodPassword, "").header.Get("Set-Cookie")
	require.Regexp(t, `^sid-\d+=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax$`, set)
}

func TestStepUpIsAskedForAfterTenMinutes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", everywhere(access.Administrator, access.Revealer))
	secret, _ := b.secondFactor()
	needs := []string{"sample.reveal", "sample.administer"}
	for _, action := range needs {
		require.Equal(t, http.StatusOK, b.callOn("acme", action, nil0).status)
	}
	h.clock.pass(access.StepUpWithin + time.Second)
	for _, action := range needs {
		r := b.callOn("acme", action, nil0)
		require.Equal(t, http.StatusForbidden, r.status)
		require.Equal(t, access.CodeStepUp, r.code())
	}
	require.Equal(t, access.CodeStepUp, b.call("tokens.create", map[string]any{"name": "t", "instance": "*", "accesses": []string{"view"}}).code(), "its output is sensitive")
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.audit", nil0).status, "reading needs none")
	require.Nil(t, b.must("GET", "/v1/session", nil).field("steppedUpUntil"))
	require.Equal(t, access.CodeNeeded, b.send("POST", "/v1/session/step-up", map[string]any{"password": goodPassword}).code())
	b.must("POST", "/v1/session/step-up", map[string]any{"password": goodPassword, "code": h.codeOf(secret)})
	for _, action := range needs {
		require.Equal(t, http.StatusOK, b.callOn("acme", action, nil0).status)
	}
	require.Equal(t, http.StatusUnauthorized, h.browser().send("POST", "/v1/session/step-up", map[string]any{"password": goodPassword}).status)
}

func TestRequestWithoutAContextOfItsOwnIsNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var got error
	h.gate.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, got = h.gate.Subject(r) })).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	require.ErrorIs(t, got, access.ErrSignIn)
}
