package access

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// OIDC is an identity provider that people sign in with (OpenID Connect Core
// 1.0, the authorization code flow with PKCE).
type OIDC struct {
	Issuer       string // its URL, as its discovery document says it
	ClientID     string
	ClientSecret component.Secret
	Title        string             // what the sign-in page calls it
	Scopes       []string           // beside openid; nil: profile, email
	GroupsClaim  string             // the claim that holds a person's groups; "": groups
	Groups       map[string][]Grant // what a group gives; nil: grants are kept here, by administrators
	Client       *http.Client       // nil: one with a time limit
}

// providerTimeout is how long the identity provider may take for one answer.
const providerTimeout = 10 * time.Second

// provider talks with the identity provider. What it says of itself is read when
// the first person signs in, so that the server starts without it.
type provider struct {
	o        OIDC
	redirect string
	cookie   http.Cookie
	client   *http.Client

	mu       sync.Mutex
	found    *oidc.Provider
	verifier *oidc.IDTokenVerifier
}

func newProvider(o OIDC, site string) (*provider, error) {
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && !isLoopback(issuer.Hostname()) || o.ClientID == "" {
		return nil, component.Errorf(component.InvalidInput, "the identity provider needs the https address of its issuer and a client id")
	}
	for group, grants := range o.Groups {
		for _, g := range grants {
			for _, r := range g.Roles {
				if !slices.Contains(Roles(), r) {
					return nil, component.Errorf(component.InvalidInput, "the group %s is to give the role %q, which is none", group, r).Then("The roles are %v.", Roles())
				}
			}
		}
	}
	at, err := url.Parse(site)
	if err != nil {
		return nil, err
	}
	if o.Scopes == nil {
		o.Scopes = []string{"profile", "email"}
	}
	o.GroupsClaim, o.Title = cmp.Or(o.GroupsClaim, "groups"), cmp.Or(o.Title, issuer.Hostname())
	p := &provider{o: o, redirect: site + "/v1/oidc/callback", client: o.Client}
	if p.client == nil {
		p.client = &http.Client{Timeout: providerTimeout}
	}
	p.cookie = http.Cookie{Name: cookieName("oidc", at), Path: "/", Secure: at.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 600}
	return p, nil
}

// ready reads what the provider says of itself, once.
func (p *provider) ready(ctx context.Context) (*oauth2.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		// The provider keeps the context's client for its keys, beyond this request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.o.Issuer)
		if err != nil {
			return nil, component.Errorf(component.Unavailable, "the identity provider %s does not answer as it should", p.o.Title).
				Then("Sign in with a local account meanwhile, and check the issuer's address.")
		}
		p.found = found
		p.verifier = found.Verifier(&oidc.Config{ClientID: p.o.ClientID, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256, oidc.PS256, oidc.EdDSA}})
	}
	return &oauth2.Config{ClientID: p.o.ClientID, ClientSecret: p.o.ClientSecret.Reveal(), Endpoint: p.found.Endpoint(),
		RedirectURL: p.redirect, Scopes: append([]string{oidc.ScopeOpenID}, p.o.Scopes...)}, nil
}

// errand is what a browser keeps while its person is at the identity provider.
type errand struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	StepUp   string `json:"stepUp,omitempty"` // the id of the user who proves again who they are
	Return   string `json:"return,omitempty"`
}

// startOIDC is GET /v1/oidc/start: it sends the browser to the identity
// provider; with step-up=1 to prove again who the person is.
func (g *Gate) startOIDC(w http.ResponseWriter, r *http.Request) error {
	config, err := g.idp.ready(r.Context())
	if err != nil {
		return err
	}
	b64 := base64.RawURLEncoding
	e := errand{State: b64.EncodeToString(random(32)), Nonce: b64.EncodeToString(random(32)), Verifier: oauth2.GenerateVerifier(), Return: localPath(r.FormValue("return"))}
	options := []oauth2.AuthCodeOption{oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier)}
	if r.FormValue("step-up") != "" {
		s, err := g.signedIn(r.Context())
		if err != nil {
			return err
		}
		e.StepUp = s.ID
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	c := g.idp.cookie
	c.Value = b64.EncodeToString(raw)
	http.SetCookie(w, &c)
	http.Redirect(w, r, config.AuthCodeURL(e.State, options...), http.StatusFound)
	return nil
}

// localPath is a path of this server, or "/".
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// finishOIDC is GET /v1/oidc/callback: the browser comes back with a code, which
// is exchanged for who the person is.
func (g *Gate) finishOIDC(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a := attempt{address: network(visitOf(ctx).address)}
	if wait := g.brakes.try(a, g.now()); wait > 0 {
		return slowDown(wait)
	}
	e, err := g.errandOf(w, r)
	if err != nil {
		return err
	}
	who, err := g.identify(ctx, e, r.FormValue("code"))
	if err != nil {
		return g.refuseOIDC(ctx, err)
	}
	u, err := g.welcome(ctx, who, e)
	if err != nil {
		return err
	}
	g.brakes.right(a)
	if e.StepUp != "" {
		err = g.renew(ctx)
	} else {
		err = g.begin(ctx, u)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, e.Return, http.StatusSeeOther)
	return nil
}

// errandOf takes the errand of a browser that comes back, if it is the one that
// was sent.
func (g *Gate) errandOf(w http.ResponseWriter, r *http.Request) (e errand, err error) {
	kept, err := r.Cookie(g.idp.cookie.Name)
	if err != nil {
		return e, lostErrand()
	}
	gone := g.idp.cookie
	gone.MaxAge = -1
	http.SetCookie(w, &gone)
	raw, err := base64.RawURLEncoding.DecodeString(kept.Value)
	if err != nil || json.Unmarshal(raw, &e) != nil || e.State == "" || e.Nonce == "" || e.Verifier == "" ||
		subtle.ConstantTimeCompare([]byte(e.State), []byte(r.FormValue("state"))) != 1 {
		return e, lostErrand()
	}
	e.Return = localPath(e.Return)
	return e, nil
}

func lostErrand() error {
	return &Refusal{Status: http.StatusUnauthorized, Code: CodeCredentials, Message: "this browser was not on its way to sign in, or took too long", Do: "Start again from the sign-in page."}
}

// identity is a person as the identity provider knows them.
type identity struct {
	issuer, sub, name, display string
	groups                     []string
	proved                     time.Time // when they proved who they are; zero: not said
}

var errIdentity = errors.New("the identity provider's answer does not hold")

// identify exchanges a code and checks the token that comes for it: signature,
// issuer, audience, expiry, nonce.
func (g *Gate) identify(ctx context.Context, e errand, code string) (who identity, err error) {
	if code == "" {
		return who, errIdentity // it said error=, whose words are not ours to show
	}
	config, err := g.idp.ready(ctx)
	if err != nil {
		return who, err
	}
	ctx = oidc.ClientContext(ctx, g.idp.client)
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	if err != nil {
		return who, errIdentity
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := g.idp.verifier.Verify(ctx, raw)
	if err != nil || token.Subject == "" || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(e.Nonce)) != 1 {
		return who, errIdentity
	}
	var said struct {
		Name     string `json:"name"`
		Username string `json:"preferred_username"`
		Email    string `json:"email"`
		AuthTime int64  `json:"auth_time"`
	}
	var claims map[string]json.RawMessage
	if token.Claims(&said) != nil || token.Claims(&claims) != nil {
		return who, errIdentity
	}
	who = identity{issuer: token.Issuer, sub: token.Subject, name: cmp.Or(said.Username, said.Email, token.Subject), display: said.Name}
	who.groups = texts(claims[g.idp.o.GroupsClaim])
	if said.AuthTime > 0 {
		who.proved = time.Unix(said.AuthTime, 0)
	}
	return who, nil
}

// texts reads a claim that is a text or a list of texts.
func texts(claim json.RawMessage) []string {
	var many []string
	var one string
	if json.Unmarshal(claim, &many) == nil {
		return many
	}
	if json.Unmarshal(claim, &one) == nil && one != "" {
		return []string{one}
	}
	return nil
}

func (g *Gate) refuseOIDC(ctx context.Context, cause error) error {
	if !errors.Is(cause, errIdentity) {
		return cause
	}
	err := g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		return record(ctx, tx, g.now(), "nobody", "sign-in.failed", "the identity provider", from(ctx, nil))
	})
	if err != nil {
		return err
	}
	return &Refusal{Status: http.StatusUnauthorized, Code: CodeCredentials, Message: g.idp.o.Title + " did not say who you are", Do: "Start again from the sign-in page."}
}

// welcome finds or makes the user of an identity, gives them what their groups
// say, and writes down that they signed in.
func (g *Gate) welcome(ctx context.Context, who identity, e errand) (u store.User, err error) {
	now := g.now()
	err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		if u, err = g.userOf(ctx, tx, who); err != nil {
			return err
		}
		action := "sign-in"
		if e.StepUp != "" {
			action = "step-up"
			if e.StepUp != u.ID || u.Version == 0 {
				return &Refusal{Status: http.StatusForbidden, Code: CodeStepUp, Message: "you came back from " + g.idp.o.Title + " as somebody else", Do: "Sign out, and sign in as that person."}
			}
			if now.Sub(who.proved) > StepUpWithin {
				return &Refusal{Status: http.StatusForbidden, Code: CodeStepUp, Message: g.idp.o.Title + " did not ask you again who you are", Do: "Sign out there, and try again."}
			}
		}
		u.SignedIn, u.Addresses = now, remember(u.Addresses, network(visitOf(ctx).address))
		if u, err = tx.SaveUser(ctx, u); err != nil {
			return err
		}
		return record(ctx, tx, now, "user:"+u.Name, action, "user "+u.Name, from(ctx, map[string]string{"with": who.issuer}))
	})
	return u, err
}

// userOf gives the user of an identity with the grants of their groups; one who
// is new is not saved yet.
func (g *Gate) userOf(ctx context.Context, tx store.Tx, who identity) (store.User, error) {
	u, err := tx.UserOf(ctx, who.issuer, who.sub)
	if errors.Is(err, store.ErrNotFound) {
		u = store.User{Name: who.name, Issuer: who.issuer, Sub: who.sub}
		if _, taken := tx.User(ctx, u.Name); taken == nil {
			u.Name += " (" + digest(who.issuer + " " + who.sub)[:8] + ")"
		}
		err = nil
	}
	if err != nil {
		return u, err
	}
	if !u.Removed.IsZero() {
		return u, &Refusal{Status: http.StatusForbidden, Code: CodeNoRight, Message: "your account here was removed", Do: "Ask an administrator."}
	}
	u.Display = who.display
	if g.idp.o.Groups == nil {
		return u, nil
	}
	given, err := resolve(ctx, tx, g.grantsOfGroups(who.groups), true)
	if err != nil {
		return u, err
	}
	grants := storedGrants(given)
	if len(grants) == 0 {
		return u, &Refusal{Status: http.StatusForbidden, Code: CodeNoRight, Message: "none of your groups has a role here", Do: "Ask an administrator of " + g.idp.o.Title + "."}
	}
	if u.Version > 0 && !reflect.DeepEqual(grants, u.Grants) {
		if _, err := endSessions(ctx, tx, u.ID, "", g.now()); err != nil {
			return u, err
		}
		if err := record(ctx, tx, g.now(), "user:"+u.Name, "users.update", "user "+u.Name, map[string]string{"grants": words(given), "by": "groups"}); err != nil {
			return u, err
		}
	}
	u.Grants = grants
	return u, nil
}

// grantsOfGroups gives what groups give; instances may be named.
func (g *Gate) grantsOfGroups(groups []string) []Grant {
	var all []Grant
	for _, group := range groups {
		all = append(all, g.idp.o.Groups[group]...)
	}
	return all
}
