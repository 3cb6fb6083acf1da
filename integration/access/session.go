package access

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// How long a session lasts.
const (
	sessionIdle     = 30 * time.Minute // without a request of a person
	sessionAbsolute = 12 * time.Hour   // whatever happens, until the person proves again who they are
	seenEvery       = time.Minute      // how exactly the last request is kept
	renewGrace      = 10 * time.Second // how long requests under way may still use the session's former name
)

// What a session holds.
const (
	keyUser    = "user"    // the id of who signed in
	keyStepped = "stepped" // when they last proved who they are
)

// BackgroundHeader, with any value, marks a request that the page makes by
// itself: it does not keep the session alive.
const BackgroundHeader = "X-Background"

// newSessions makes the session manager. Over TLS the cookie is __Host-sid:
// Secure, of this host alone, for all paths. On a loopback address without TLS a
// browser would not take that name, so the cookie is called sid and the port, as
// browsers do not tell ports apart.
func (g *Gate) newSessions(u *url.URL) *scs.SessionManager {
	m := scs.New()
	m.Lifetime = sessionAbsolute
	m.HashTokenInStore = true
	m.Store = sessionStore{g}
	m.Codec = sessionCodec{}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { g.site.Fail(w, r, err) }
	m.Cookie.Name, m.Cookie.Secure = cookieName("sid", u), u.Scheme == "https"
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path = true, http.SameSiteLaxMode, "/"
	m.Cookie.Persist = false
	return m
}

func cookieName(name string, u *url.URL) string {
	if u.Scheme == "https" {
		return "__Host-" + name
	}
	if port := u.Port(); port != "" {
		return name + "-" + port
	}
	return name
}

// visit is what the session's store must know of a request.
type visit struct {
	address    string
	agent      string
	background bool
	grace      time.Duration // how long the session's former name still works
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// Wrap loads a request's session before a handler, and keeps what the handler
// changed of it.
func (g *Gate) Wrap(next http.Handler) http.Handler {
	inner := g.sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{address: g.address(r), agent: r.UserAgent(), background: r.Header.Get(BackgroundHeader) != ""}
		v.agent = v.agent[:min(len(v.agent), 300)]
		inner.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	})
}

// address is where a request comes from. What a proxy says counts only when the
// operator named the proxy.
func (g *Gate) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for g.isProxy(host) && len(hops) > 0 {
		hop := strings.TrimSpace(hops[len(hops)-1])
		hops = hops[:len(hops)-1]
		if net.ParseIP(hop) == nil {
			break
		}
		host = hop
	}
	return host
}

func (g *Gate) isProxy(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(g.site.Proxies, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
}

// signedIn says who a session is of.
func (g *Gate) signedIn(ctx context.Context) (Subject, error) {
	id := g.sessions.GetString(ctx, keyUser)
	if id == "" {
		return Subject{}, notSignedIn(nil)
	}
	u, err := g.user(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!u.Removed.IsZero() || u.Service) {
		return Subject{}, notSignedIn(nil)
	}
	if err != nil {
		return Subject{}, err
	}
	s := g.subjectOf(u)
	s.SteppedUp, _ = time.Parse(time.RFC3339Nano, g.sessions.GetString(ctx, keyStepped))
	s.session = sessionID(g.sessions.Token(ctx))
	return s, nil
}

func (g *Gate) subjectOf(u store.User) Subject {
	return Subject{Actor: "user:" + u.Name, ID: u.ID, Name: u.Name, Display: u.Display, Grants: grantsOf(u),
		Unready: !g.site.Demo && needsSecondFactor(u) && !u.SecondFactor}
}

// needsSecondFactor reports whether a local account holds a role that asks for
// one. A second factor of others is the identity provider's.
func needsSecondFactor(u store.User) bool {
	if u.Issuer != "" || u.Service {
		return false
	}
	return slices.ContainsFunc(grantsOf(u), func(g Grant) bool {
		return slices.Contains(g.Roles, Administrator) || slices.Contains(g.Roles, Revealer)
	})
}

func (g *Gate) user(ctx context.Context, idOrName string) (u store.User, err error) {
	err = g.o.Store.Read(ctx, func(tx store.Tx) error {
		u, err = tx.User(ctx, idOrName)
		return err
	})
	return u, err
}

// sessionID is what a session is stored as: the session manager's digest of its
// token.
func sessionID(token string) string {
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// begin starts a session of a user who has just proved who they are, under a new
// name.
func (g *Gate) begin(ctx context.Context, u store.User) error {
	if err := g.sessions.RenewToken(ctx); err != nil {
		return err
	}
	if err := g.sessions.Clear(ctx); err != nil {
		return err
	}
	g.sessions.Put(ctx, keyUser, u.ID)
	g.sessions.Put(ctx, keyStepped, g.now().UTC().Format(time.RFC3339Nano))
	return nil
}

// renew gives the session a new name after its person proved again who they are
// or what they may do changed. Requests that are under way end in peace.
func (g *Gate) renew(ctx context.Context) error {
	v := visitOf(ctx)
	if v == nil {
		return nil // the command line has no session
	}
	v.grace = renewGrace
	if err := g.sessions.RenewToken(ctx); err != nil {
		return err
	}
	g.sessions.Put(ctx, keyStepped, g.now().UTC().Format(time.RFC3339Nano))
	return nil
}

// endSessions ends a user's sessions but one ("" for all).
func endSessions(ctx context.Context, tx store.Tx, user, but string, at time.Time) (ended int, err error) {
	all, err := tx.ListSessions(ctx, user, at)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		if s.ID == but {
			continue
		}
		if err := tx.EndSession(ctx, s.ID, at); err != nil {
			return ended, err
		}
		ended++
	}
	return ended, nil
}

// sessionStore keeps sessions for the session manager, under the digest of their
// token.
type sessionStore struct{ g *Gate }

var errNoContext = component.Errorf(component.Internal, "a session is kept without a context")

func (sessionStore) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }
func (sessionStore) Delete(string) error                    { return errNoContext }

// FindCtx gives a session that is of use: neither expired nor ended, and not
// idle for too long. It notes that the session was seen, once a minute.
func (s sessionStore) FindCtx(ctx context.Context, id string) ([]byte, bool, error) {
	var found store.Session
	err := s.g.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		found, err = tx.Session(ctx, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	now := s.g.now()
	if !now.Before(found.Expires) || !found.Ended.IsZero() && !now.Before(found.Ended) || now.Sub(found.Seen) > sessionIdle {
		return nil, false, nil
	}
	if v := visitOf(ctx); now.Sub(found.Seen) >= seenEvery && (v == nil || !v.background) {
		err = s.g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error { return tx.SeeSession(ctx, id, now) })
	}
	return found.Data, true, err
}

// CommitCtx keeps what a request changed.
func (s sessionStore) CommitCtx(ctx context.Context, id string, data []byte, _ time.Time) error {
	_, values, err := sessionCodec{}.Decode(data)
	if err != nil {
		return err
	}
	user, _ := values[keyUser].(string)
	now := s.g.now()
	kept := store.Session{ID: id, User: user, Data: data, Created: now, Seen: now, Expires: now.Add(sessionAbsolute)}
	if v := visitOf(ctx); v != nil {
		kept.Address, kept.Agent = v.address, v.agent
	}
	return s.g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error { return tx.SaveSession(ctx, kept) })
}

// DeleteCtx ends a session.
func (s sessionStore) DeleteCtx(ctx context.Context, id string) error {
	at := s.g.now()
	if v := visitOf(ctx); v != nil {
		at = at.Add(v.grace)
	}
	return s.g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error { return tx.EndSession(ctx, id, at) })
}

// sessionCodec keeps a session's values, which are texts, as JSON.
type sessionCodec struct{}

type sessionData struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode implements [scs.Codec].
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	d := sessionData{Deadline: deadline, Values: map[string]string{}}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("the session's %s is a %T", k, v)
		}
		d.Values[k] = text
	}
	return json.Marshal(d)
}

// Decode implements [scs.Codec].
func (sessionCodec) Decode(raw []byte) (time.Time, map[string]any, error) {
	var d sessionData
	err := json.Unmarshal(raw, &d)
	values := make(map[string]any, len(d.Values))
	for k, v := range d.Values {
		values[k] = v
	}
	return d.Deadline, values, err
}

// siteHost is the host that browsers reach, to tell one server from another.
func (g *Gate) siteHost() string {
	u, err := url.Parse(g.site.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
