package access_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/access"
)

// issuer is a small identity provider: whoever is sent there is who it says.
type issuer struct {
	t      *testing.T
	url    string
	key    *rsa.PrivateKey
	client *clock

	mu     sync.Mutex
	claims map[string]any       // of the next person
	change func(map[string]any) // alters what is signed
	sign   *rsa.PrivateKey
	asked  url.Values // the last request for a code
	codes  map[string]url.Values
	tokens int // how many codes were exchanged
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	i := &issuer{t: t, key: key, sign: key, codes: map[string]url.Values{}, change: func(map[string]any) {}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.json(w, map[string]any{"issuer": i.url, "authorization_endpoint": i.url + "/authorize", "token_endpoint": i.url + "/token", "jwks_uri": i.url + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.json(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.token)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func (i *issuer) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// authorize sends the browser back with a code.
func (i *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked = r.URL.Query()
	code := rand.Text()
	i.codes[code] = i.asked
	http.Redirect(w, r, i.asked.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {i.asked.Get("state")}}.Encode(), http.StatusFound)
}

// token exchanges a code, if the client and the verifier are right.
func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.tokens++
	id, secret, _ := r.BasicAuth()
	asked, ok := i.codes[r.FormValue("code")]
	delete(i.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || id != "console" || secret != "client-canary" || asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusBadRequest)
		i.json(w, map[string]any{"error": "invalid_grant"})
		return
	}
	claims := maps.Clone(i.claims)
	maps.Copy(claims, map[string]any{"iss": i.url, "aud": "console", "nonce": asked.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()})
	if _, there := claims["auth_time"]; !there && asked.Get("max_age") == "0" {
		claims["auth_time"] = i.client.now().Unix()
	}
	i.change(claims)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.sign, KeyID: "1"}}, nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	raw, _ := json.Marshal(claims)
	signed, _ := signer.Sign(raw)
	text, _ := signed.CompactSerialize()
	i.json(w, map[string]any{"access_token": "access-canary", "token_type": "Bearer", "id_token": text})
}

func (i *issuer) next(claims map[string]any, change func(map[string]any)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.claims, i.change, i.sign = claims, func(map[string]any) {}, i.key
	if change != nil {
		i.change = change
	}
}

// withIssuer opens a house with an identity provider.
func withIssuer(t *testing.T, groups map[string][]access.Grant) (*house, *issuer) {
	t.Helper()
	i := newIssuer(t)
	h := newHouse(t, func(s *access.Site) {
		s.OIDC = &access.OIDC{Issuer: i.url, ClientID: "console", ClientSecret: "client-canary", Title: "Acme ID", Groups: groups}
	})
	i.client = h.clock
	return h, i
}

// visit goes to the identity provider and back, and gives the last answer.
func (b *browser) visit(path string) reply {
	b.h.t.Helper()
	start := b.send("GET", path, nil)
	if start.status != http.StatusFound {
		return start
	}
	there := b.send("GET", start.header.Get("Location"), nil)
	require.Equal(b.h.t, http.StatusFound, there.status)
	return b.send("GET", there.header.Get("Location"), nil)
}

var anaClaims = map[string]any{"sub": "7", "preferred_username": "ana@acme.example", "name": "Ana", "groups": []string{"msp-operators", "everyone"}}

var msp = map[string][]access.Grant{
	"msp-operators": {on("acme", access.Operator)}, "msp-viewers": {on("acme", access.Viewer), on("rival", access.Viewer)}, "gone": {on("nowhere", access.Viewer)},
	"msp-admins": {everywhere(access.Administrator)},
}

func TestPersonSignsInWithTheIdentityProvider(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, msp)
	i.next(anaClaims, nil)
	b := h.browser()
	require.Equal(t, map[string]any{"title": "Acme ID"}, b.send("GET", "/v1/session", nil).field("signIn").(map[string]any)["oidc"])
	back := b.visit("/v1/oidc/start?return=/instances/acme")
	require.Equal(t, http.StatusSeeOther, back.status, back.body)
	require.Equal(t, "/instances/acme", back.header.Get("Location"))
	require.Equal(t, "code", i.asked.Get("response_type"))
	require.Contains(t, i.asked.Get("scope"), "openid")
	shown := b.must("GET", "/v1/session", nil)
	require.Equal(t, "ana@acme.example", shown.field("user").(map[string]any)["name"])
	require.Equal(t, []string{"view", "operate"}, b.allowed("acme"))
	require.Equal(t, http.StatusNotFound, b.callOn("rival", "sample.view", nil0).status)
	require.Equal(t, http.StatusUnauthorized, h.browser().signIn("ana@acme.example", goodPassword, "").status)
	require.Contains(t, strings.Join(h.audit(), "\n"), "user:ana@acme.example sign-in user ana@acme.example")
}

func TestPersonIsWhoIssuerAndSubjectSay(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, nil)
	h.person("ana@acme.example", on("acme", access.Operator))
	claims := maps.Clone(anaClaims)
	i.next(claims, nil)
	b := h.browser()
	require.Equal(t, http.StatusSeeOther, b.visit("/v1/oidc/start").status)
	name := b.must("GET", "/v1/session", nil).field("user").(map[string]any)["name"].(string)
	require.True(t, strings.HasPrefix(name, "ana@acme.example ("), "a local account of that name is another person: %s", name)
	require.Empty(t, b.allowed("acme"), "without groups an administrator gives roles")
	renamed := maps.Clone(claims)
	renamed["preferred_username"] = "ana.married@acme.example"
	i.next(renamed, nil)
	again := h.browser()
	require.Equal(t, http.StatusSeeOther, again.visit("/v1/oidc/start").status)
	require.Equal(t, name, again.must("GET", "/v1/session", nil).field("user").(map[string]any)["name"])
}

func TestGroupsGiveRolesAtEachSignIn(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, msp)
	groups := func(names ...string) map[string]any {
		c := maps.Clone(anaClaims)
		c["groups"] = names
		return c
	}
	i.next(groups("msp-operators", "msp-viewers", "gone"), nil)
	first := h.browser()
	require.Equal(t, http.StatusSeeOther, first.visit("/v1/oidc/start").status)
	require.Equal(t, []string{"view", "operate"}, first.allowed("acme"))
	require.Equal(t, []string{"view"}, first.allowed("rival"))
	i.next(groups("msp-viewers"), nil)
	second := h.browser()
	require.Equal(t, http.StatusSeeOther, second.visit("/v1/oidc/start").status)
	require.Equal(t, []string{"view"}, second.allowed("acme"))
	require.Equal(t, http.StatusUnauthorized, first.send("GET", "/v1/session", nil).status, "a session with the former roles ends")
	i.next(groups("everyone"), nil)
	r := h.browser().visit("/v1/oidc/start")
	require.Equal(t, http.StatusForbidden, r.status)
	require.Contains(t, r.body, "none of your groups")
	i.next(groups("msp-admins"), nil)
	admin := h.browser()
	require.Equal(t, http.StatusSeeOther, admin.visit("/v1/oidc/start").status)
	require.Equal(t, false, admin.must("GET", "/v1/session", nil).field("unready"), "the second factor is the identity provider's")
	less := []access.Grant{on("acme", access.Viewer)}
	refused := admin.call("users.update", access.UpdateUserInput{ID: "ana@acme.example", Grants: &less})
	require.Contains(t, refused.body, "come from their groups")
}

func TestAnswerOfTheIdentityProviderMustHold(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, msp)
	another, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	set := func(member string, value any) func(map[string]any) {
		return func(c map[string]any) { c[member] = value }
	}
	for name, change := range map[string]func(map[string]any){
		"another nonce":    set("nonce", "replayed"),
		"no nonce":         func(c map[string]any) { delete(c, "nonce") },
		"another audience": set("aud", "somebody-else"),
		"another issuer":   set("iss", "https://evil.example"),
		"it has ended":     set("exp", time.Now().Add(-time.Hour).Unix()),
		"nobody":           set("sub", ""),
		"another key":      func(map[string]any) { i.sign = another },
	} {
		i.next(anaClaims, change)
		b := h.browser()
		b.address = "203.0.113." + string(rune('1'+len(name)%9))
		r := b.visit("/v1/oidc/start")
		require.Equal(t, http.StatusUnauthorized, r.status, name)
		require.NotContains(t, r.body, "canary")
		require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status, name)
	}
}

func TestOnlyTheBrowserThatWasSentComesBack(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, msp)
	i.next(anaClaims, nil)
	attacker, victim := h.browser(), h.browser()
	start := attacker.send("GET", "/v1/oidc/start", nil)
	there := attacker.send("GET", start.header.Get("Location"), nil)
	callback := there.header.Get("Location")
	require.Equal(t, http.StatusUnauthorized, victim.send("GET", callback, nil).status, "a link that signs the victim in as the attacker")
	require.Equal(t, http.StatusFound, victim.send("GET", "/v1/oidc/start", nil).status)
	require.Equal(t, http.StatusUnauthorized, victim.send("GET", callback, nil).status, "on the way, but with another state")
	require.Zero(t, i.tokens, "no code was exchanged")
	require.Equal(t, http.StatusSeeOther, attacker.send("GET", callback, nil).status)
	require.Equal(t, http.StatusUnauthorized, attacker.send("GET", callback, nil).status, "once")
}

func TestReturnLeadsToThisServerOnly(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, msp)
	for path, want := range map[string]string{
		"/links?state=pending": "/links?state=pending", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/", "javascript:alert(1)": "/", "": "/", "links": "/",
	} {
		i.next(anaClaims, nil)
		require.Equal(t, want, h.browser().visit("/v1/oidc/start?return="+url.QueryEscape(path)).header.Get("Location"), path)
	}
}

func TestStepUpWithTheIdentityProviderAsksAgain(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, msp)
	claims := maps.Clone(anaClaims)
	claims["groups"] = []string{"msp-admins"}
	i.next(claims, nil)
	b := h.browser()
	require.Equal(t, http.StatusSeeOther, b.visit("/v1/oidc/start").status)
	h.clock.pass(access.StepUpWithin + time.Second)
	require.Equal(t, access.CodeStepUp, b.callOn("acme", "sample.administer", nil0).code())
	require.Contains(t, b.send("POST", "/v1/session/step-up", map[string]any{"password": "x"}).body, "/v1/oidc/start?step-up=1")
	stale := maps.Clone(claims)
	stale["auth_time"] = h.clock.now().Add(-time.Hour).Unix()
	i.next(stale, nil)
	require.Equal(t, access.CodeStepUp, b.visit("/v1/oidc/start?step-up=1").code(), "it did not ask again")
	other := maps.Clone(claims)
	other["sub"], other["preferred_username"] = "8", "ben@acme.example"
	i.next(other, nil)
	require.Equal(t, access.CodeStepUp, b.visit("/v1/oidc/start?step-up=1").code(), "somebody else")
	i.next(claims, nil)
	old := b.sessionCookie()
	require.Equal(t, http.StatusSeeOther, b.visit("/v1/oidc/start?step-up=1").status)
	require.Equal(t, "login", i.asked.Get("prompt"))
	require.Equal(t, "0", i.asked.Get("max_age"))
	require.NotEqual(t, old, b.sessionCookie())
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.administer", nil0).status)
	require.Equal(t, http.StatusUnauthorized, h.browser().visit("/v1/oidc/start?step-up=1").status, "nobody is there to prove anything")
}

func TestServerStartsWithoutItsIdentityProvider(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *access.Site) { s.OIDC = &access.OIDC{Issuer: "http://127.0.0.1:1", ClientID: "console"} })
	require.Equal(t, http.StatusServiceUnavailable, h.browser().send("GET", "/v1/oidc/start", nil).status)
	h.person("ana", on("acme", access.Viewer))
	for _, o := range []access.OIDC{{Issuer: "http://id.example", ClientID: "c"}, {Issuer: "https://id.example"}, {ClientID: "c"},
		{Issuer: "https://id.example", ClientID: "c", Groups: map[string][]access.Grant{"g": {everywhere("admin")}}}} {
		gate := access.New(access.Options{Hash: access.Hash{MemoryKiB: 64, Passes: 1}})
		require.Error(t, gate.At(access.Site{URL: "https://sync.example", Fail: fail, OIDC: &o}))
	}
}

func TestRemovedPersonDoesNotComeBackByTheIdentityProvider(t *testing.T) {
	t.Parallel()
	h, i := withIssuer(t, msp)
	i.next(anaClaims, nil)
	b := h.browser()
	require.Equal(t, http.StatusSeeOther, b.visit("/v1/oidc/start").status)
	h.operate("users.remove", access.UserInput{ID: "ana@acme.example"}, nil)
	require.Equal(t, http.StatusUnauthorized, b.send("GET", "/v1/session", nil).status)
	require.Equal(t, http.StatusForbidden, b.visit("/v1/oidc/start").status)
}
