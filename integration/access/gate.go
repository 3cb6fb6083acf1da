package access

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Options are what a [Gate] needs to keep accounts.
type Options struct {
	Store store.Store
	Now   func() time.Time // default time.Now
	Log   *slog.Logger     // nil: nothing is logged
	Hash  Hash             // what a password's hash costs; zero: DefaultHash
}

// Site is where and how browsers reach a gate.
type Site struct {
	// URL is the address in the browser, such as "https://sync.acme.example" or
	// "http://127.0.0.1:8080". Without TLS it must be a loopback address.
	URL string
	// Fail writes an error as the answer to a request: a [Refusal] or a
	// component.Error.
	Fail    func(w http.ResponseWriter, r *http.Request, err error)
	OIDC    *OIDC             // sign-in with an identity provider; nil: none
	Embed   map[string]string // what an embed token may call: by action, the member of its input that is the customer
	Proxies []netip.Prefix    // reverse proxies whose X-Forwarded-For is believed
	Demo    bool              // the demo on a loopback address: no second factor is asked for
}

// Gate keeps accounts and knows who a request is from. It is safe for
// concurrent use.
type Gate struct {
	o        Options
	hash     *hasher
	brakes   *brakes
	site     Site
	sessions *scs.SessionManager // nil until At
	idp      *provider
	mu       sync.Mutex
	embedKey *embedKey // read or made at its first use
}

// New makes a gate that keeps accounts: enough for [Gate.Component]. Requests
// need [Gate.At] too.
func New(o Options) *Gate {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Gate{o: o, hash: newHasher(o.Hash), brakes: newBrakes()}
}

// At says where browsers reach the gate. Call it once, before [Gate.Routes] and
// [Gate.Wrap]. It fails with component.InvalidInput when something does not fit.
func (g *Gate) At(site Site) error {
	u, err := url.Parse(site.URL)
	if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return component.Errorf(component.InvalidInput, "%q is not the address of a server", site.URL).Then("Give it as https://HOST, without a path.")
	}
	loopback := isLoopback(u.Hostname())
	switch {
	case u.Scheme == "http" && !loopback:
		return component.Errorf(component.InvalidInput, "%s would send passwords and sessions unencrypted", site.URL).
			Then("Put a proxy with TLS before it and name its https address, or listen on 127.0.0.1.")
	case site.Demo && !loopback:
		return component.Errorf(component.InvalidInput, "the demo is for a loopback address, not for %s", site.URL)
	case site.Fail == nil:
		return component.Errorf(component.Internal, "nothing writes the gate's errors")
	}
	g.site = site
	g.sessions = g.newSessions(u)
	if site.OIDC != nil {
		g.idp, err = newProvider(*site.OIDC, site.URL)
	}
	return err
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (g *Gate) now() time.Time { return g.o.Now() }

// Instance gives the id of the instance that a subject names by id or name. One
// that they may not see is answered as one that does not exist.
func (g *Gate) Instance(ctx context.Context, s Subject, idOrName string) (string, error) {
	var in store.Instance
	err := g.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		in, err = tx.Instance(ctx, idOrName)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !s.Sees(in.ID) {
		return "", NoInstance(idOrName)
	}
	return in.ID, err
}

// Subject says who a request is from: the session's person, or the token of the
// header Authorization. It fails with [ErrSignIn] when it is nobody. The request
// must have come through [Gate.Wrap].
func (g *Gate) Subject(r *http.Request) (Subject, error) {
	if value := r.Header.Get("Authorization"); value != "" {
		return g.bearer(r.Context(), value)
	}
	return g.signedIn(r.Context())
}

// Routes mounts the handlers of sessions, sign-in and set-up. The face's own
// middleware, such as the protection against other origins, stands before them.
func (g *Gate) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/session", g.handle(g.showSession))
	mux.HandleFunc("POST /v1/session", g.handle(g.signIn))
	mux.HandleFunc("DELETE /v1/session", g.handle(g.signOut))
	mux.HandleFunc("POST /v1/session/step-up", g.handle(g.stepUp))
	mux.HandleFunc("POST /v1/setup", g.handle(g.setUp))
	mux.HandleFunc("GET /sign-in", g.handle(g.signInOnce))
	if g.idp != nil {
		mux.HandleFunc("GET /v1/oidc/start", g.handle(g.startOIDC))
		mux.HandleFunc("GET /v1/oidc/callback", g.handle(g.finishOIDC))
	}
}

// handle makes a handler of a function that may fail. What it answers with is
// stored by nobody.
func (g *Gate) handle(f func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if err := f(w, r); err != nil {
			g.site.Fail(w, r, err)
		}
	}
}
