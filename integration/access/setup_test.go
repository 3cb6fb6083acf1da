package access_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/access"
)

func (h *house) firstTicket() string {
	h.t.Helper()
	token, err := h.gate.FirstTicket(h.t.Context())
	require.NoError(h.t, err)
	return token
}

func setUp(b *browser, token, name, password string) reply {
	b.h.t.Helper()
	return b.send("POST", "/v1/setup", map[string]any{"token": token, "name": name, "password": password})
}

func TestFirstAdministratorIsMadeWithOneTokenOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser()
	nobody := b.send("GET", "/v1/session", nil)
	require.Equal(t, http.StatusUnauthorized, nobody.status)
	require.Equal(t, map[string]any{"local": true, "oidc": nil, "setup": true}, nobody.field("signIn"))
	older := h.firstTicket()
	token := h.firstTicket()
	require.Equal(t, http.StatusUnauthorized, setUp(b, older, "ana", goodPassword).status, "a newer token takes the place of an older one")
	require.Equal(t, http.StatusUnauthorized, setUp(b, "ivt_guessed", "ana", goodPassword).status)
	require.Equal(t, http.StatusUnprocessableEntity, setUp(b, token, "", goodPassword).status)
	require.Equal(t, http.StatusUnprocessableEntity, setUp(b, token, "ana", "too short").status, "a password that cannot be used does not use the token up")
	done := setUp(b, token, "ana", goodPassword)
	require.Equal(t, http.StatusOK, done.status, done.body)
	require.Equal(t, []any{map[string]any{"instance": "*", "roles": []any{"administrator"}}}, done.field("grants"))
	require.Equal(t, true, done.field("unready"), "an administrator sets up a second factor first")
	require.Equal(t, http.StatusUnauthorized, setUp(h.browser(), token, "eve", goodPassword).status)
	require.Empty(t, h.firstTicket(), "there is a user")
	require.Contains(t, strings.Join(h.audit(), "\n"), "user:ana account.set-up user ana")
}

func TestTokenOfFirstAdministratorWorksForFifteenMinutes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.firstTicket()
	h.clock.pass(15 * time.Minute)
	require.Equal(t, http.StatusUnauthorized, setUp(h.browser(), token, "ana", goodPassword).status)
	require.NotEmpty(t, h.firstTicket())
}

func TestLinkToSetUpLeadsToItsPageAndUsesNothingUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.firstTicket()
	b := h.browser()
	for range 2 {
		r := b.send("GET", "/sign-in?token="+token, nil)
		require.Equal(t, http.StatusSeeOther, r.status)
		require.Equal(t, access.SetUpPath(token), r.header.Get("Location"))
		require.Equal(t, "no-store", r.header.Get("Cache-Control"))
	}
	require.Equal(t, http.StatusOK, setUp(b, token, "ana", goodPassword).status)
}

func TestLinkOfTheDemoSignsInOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *access.Site) { s.Demo = true })
	token, password, err := h.gate.DemoUser(t.Context())
	require.NoError(t, err)
	b := h.browser()
	b.header.Set("Sec-Purpose", "prefetch;prerender")
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/sign-in?token="+token, nil).status)
	b.header.Del("Sec-Purpose")
	r := b.send("GET", "/sign-in?token="+token, nil)
	require.Equal(t, http.StatusSeeOther, r.status, r.body)
	require.Equal(t, "/", r.header.Get("Location"))
	shown := b.must("GET", "/v1/session", nil)
	require.Equal(t, true, shown.field("demo"))
	require.Equal(t, false, shown.field("unready"))
	require.Equal(t, http.StatusUnauthorized, h.browser().send("GET", "/sign-in?token="+token, nil).status)
	h.clock.pass(access.StepUpWithin + time.Second)
	require.Equal(t, access.CodeStepUp, b.callOn("acme", "sample.reveal", nil0).code())
	b.must("POST", "/v1/session/step-up", map[string]any{"password": password})
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.reveal", nil0).status)
}

func TestDemoAndPlainHTTPAreForLoopbackOnly(t *testing.T) {
	t.Parallel()
	for address, fits := range map[string]bool{
		"http://127.0.0.1:8080": true, "http://localhost:8080": true, "http://[::1]:80": true, "https://sync.acme.example": true,
		"http://sync.acme.example": false, "http://192.0.2.7:8080": false, "sync.acme.example": false, "https://sync.acme.example/below": false, "ftp://127.0.0.1": false, "": false,
	} {
		gate := access.New(access.Options{Hash: access.Hash{MemoryKiB: 64, Passes: 1}})
		require.Equal(t, fits, gate.At(access.Site{URL: address, Fail: fail}) == nil, address)
		u, err := url.Parse(address)
		loopback := err == nil && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1") && fits
		require.Equal(t, loopback, gate.At(access.Site{URL: address, Fail: fail, Demo: true}) == nil, "the demo at %s", address)
	}
	_, _, err := newHouse(t).gate.DemoUser(t.Context())
	require.Error(t, err, "there is no such user outside the demo")
}

func TestInvitedPersonChoosesPasswordAndOldSessionsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.person("ana", on("acme", access.Operator))
	var again access.Invitation
	h.operate("users.invite", access.InviteInput{ID: "ana"}, &again)
	ana.must("GET", "/v1/session", nil)
	other := h.browser()
	require.Equal(t, http.StatusUnauthorized, setUp(other, again.Token, "ben", goodPassword).status, "the token is for ana")
	require.Equal(t, http.StatusOK, setUp(other, again.Token, "", goodPassword+" and more").status)
	require.Equal(t, http.StatusUnauthorized, ana.send("GET", "/v1/session", nil).status)
	require.Equal(t, http.StatusUnauthorized, h.browser().signIn("ana", goodPassword, "").status)
	require.Equal(t, http.StatusOK, h.browser().signIn("ana", goodPassword+" and more", "").status)
}
