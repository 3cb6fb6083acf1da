package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

const goodPassword = "violet kettle orbiting 7 lamps"

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is a gate over a real store, with a face as small as can be.
type house struct {
	t       *testing.T
	gate    *access.Gate
	store   *sqlstore.Store
	folder  string
	url     string
	clock   *clock
	catalog *component.Catalog
	acme    string // the ids of two instances
	rival   string
	log     *bytes.Buffer
	meddler *meddler
}

// meddler is the gate's store, in which something may happen just before the
// gate writes.
type meddler struct {
	store.Store
	once atomic.Pointer[func()]
}

func (m *meddler) Write(ctx context.Context, fence store.Fence, f func(store.Tx) error) error {
	if meddle := m.once.Swap(nil); meddle != nil {
		(*meddle)()
	}
	return m.Store.Write(ctx, fence, f)
}

// newHouse opens a house. Options change the site before it is used.
func newHouse(t *testing.T, change ...func(*access.Site)) *house {
	t.Helper()
	h := &house{t: t, folder: t.TempDir(), clock: &clock{at: time.Now()}, log: &bytes.Buffer{}}
	var err error
	h.store, err = sqlstore.OpenSQLite(t.Context(), filepath.Join(h.folder, "data", "itglue-revio.db"), sqlstore.Options{Now: h.clock.now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	h.meddler = &meddler{Store: h.store}
	h.gate = access.New(access.Options{Store: h.meddler, Now: h.clock.now, Hash: access.Hash{MemoryKiB: 64, Passes: 1, AtOnce: 2},
		Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	h.catalog = component.NewCatalog(h.gate.Component(), sample())
	server := httptest.NewUnstartedServer(nil)
	h.url = "http://" + server.Listener.Addr().String()
	site := access.Site{URL: h.url, Fail: fail, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	for _, c := range change {
		c(&site)
	}
	require.NoError(t, h.gate.At(site))
	server.Config.Handler = h.face()
	server.Start()
	t.Cleanup(server.Close)
	h.acme, h.rival = h.instance("acme"), h.instance("rival")
	return h
}

// sample stands for an integration: an action of each right.
func sample() component.Component {
	type in struct {
		CustomerID string `json:"customerId,omitempty"`
	}
	type out struct {
		Instance string `json:"instance"`
	}
	do := func(_ context.Context, s *component.Session, _ in) (out, error) { return out{s.Instance}, nil }
	var all []component.Callable
	for _, a := range []component.Access{component.View, component.Operate, component.Configure, component.Administer, component.Reveal} {
		all = append(all, component.Func(component.Spec{Name: "sample." + string(a), Summary: "It does nothing.", Effect: component.Writes, Access: a}, do))
	}
	all = append(all, component.Func(component.Spec{Name: "sample.audit", Summary: "It does nothing.", Effect: component.Reads, Access: component.Administer}, do))
	return component.Component{Name: "sample", Title: "Sample", Actions: all}
}

func fail(w http.ResponseWriter, _ *http.Request, err error) {
	body := map[string]any{"detail": err.Error(), "code": string(component.CodeOf(err))}
	status := component.CodeOf(err).HTTPStatus()
	var r *access.Refusal
	if errors.As(err, &r) {
		status = r.Status
		body = map[string]any{"detail": r.Message, "do": r.Do, "code": r.Code, "signIn": r.SignIn, "retryAfter": r.RetryAfter.Seconds()}
	}
	raw, _ := json.Marshal(body)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// face serves the catalog as package serve does: who, where, may they, do it.
func (h *house) face() http.Handler {
	mux := http.NewServeMux()
	h.gate.Routes(mux)
	call := func(w http.ResponseWriter, r *http.Request) error {
		s, err := h.gate.Subject(r)
		if err != nil {
			return err
		}
		instance := r.PathValue("instance")
		if instance != "" {
			if instance, err = h.gate.Instance(r.Context(), s, instance); err != nil {
				return err
			}
		}
		a, err := h.catalog.Find(r.PathValue("name"))
		if err != nil {
			return err
		}
		input, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		if err := h.gate.Allow(s, a.Describe(), instance, input); err != nil {
			return err
		}
		session := component.NewSession(&component.Host{})
		session.Instance, session.Actor, session.Now, session.Sees = instance, s.Actor, h.clock.now, s.Sees
		out, err := a.Invoke(access.With(r.Context(), s), session, input)
		if err != nil {
			return err
		}
		_, err = w.Write(out)
		return err
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		if err := call(w, r); err != nil {
			fail(w, r, err)
		}
	}
	mux.HandleFunc("POST /v1/actions/{name}", handler)
	mux.HandleFunc("POST /v1/instances/{instance}/actions/{name}", handler)
	return h.gate.Wrap(mux)
}

func (h *house) instance(name string) (id string) {
	h.t.Helper()
	require.NoError(h.t, h.store.Write(h.t.Context(), store.Fence{}, func(tx store.Tx) error {
		in, err := tx.SaveInstance(h.t.Context(), store.Instance{Name: name, Status: store.Active})
		id = in.ID
		return err
	}))
	return id
}

// operate calls an action as the command line does.
func (h *house) operate(name string, in, out any) {
	h.t.Helper()
	raw, err := json.Marshal(in)
	require.NoError(h.t, err)
	s := component.NewSession(&component.Host{})
	s.Actor, s.Now = "os:root", h.clock.now
	answer, err := h.catalog.Invoke(h.t.Context(), s, name, raw)
	require.NoError(h.t, err)
	if out != nil {
		require.NoError(h.t, json.Unmarshal(answer, out))
	}
}

// audit gives the lines of the audit log: "actor action subject".
func (h *house) audit() (lines []string) {
	h.t.Helper()
	require.NoError(h.t, h.store.Read(h.t.Context(), func(tx store.Tx) error {
		entries, err := tx.ListAudit(h.t.Context(), "", 0, 10_000)
		for _, e := range entries {
			lines = append(lines, e.Actor+" "+e.Action+" "+e.Subject)
		}
		if err == nil {
			bad, _, verified := tx.VerifyAudit(h.t.Context())
			require.Zero(h.t, bad)
			err = verified
		}
		return err
	}))
	return lines
}

// browser is a browser at the house: it keeps cookies and follows no redirect.
type browser struct {
	h       *house
	client  *http.Client
	header  http.Header
	address string // where it is, as the proxy says
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	return &browser{h: h, header: http.Header{}, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// reply is an answer read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) field(name string) any {
	var v map[string]any
	_ = json.Unmarshal([]byte(r.body), &v)
	return v[name]
}

func (r reply) code() string { c, _ := r.field("code").(string); return c }

func (b *browser) send(method, path string, body any) reply {
	b.h.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(b.h.t, err)
	target := path
	if !strings.HasPrefix(path, "http") {
		target = b.h.url + path
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, target, bytes.NewReader(raw))
	require.NoError(b.h.t, err)
	r.Header = b.header.Clone()
	if b.address != "" {
		r.Header.Set("X-Forwarded-For", b.address)
	}
	res, err := b.client.Do(r)
	require.NoError(b.h.t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(b.h.t, err)
	return reply{res.StatusCode, res.Header, string(text)}
}

// must is send that is answered with 200.
func (b *browser) must(method, path string, body any) reply {
	b.h.t.Helper()
	r := b.send(method, path, body)
	require.Equal(b.h.t, http.StatusOK, r.status, "%s %s: %s", method, path, r.body)
	return r
}

func (b *browser) call(action string, in any) reply {
	b.h.t.Helper()
	return b.send("POST", "/v1/actions/"+action, in)
}

func (b *browser) callOn(instance, action string, in any) reply {
	b.h.t.Helper()
	return b.send("POST", "/v1/instances/"+instance+"/actions/"+action, in)
}

func (b *browser) signIn(name, password, code string) reply {
	b.h.t.Helper()
	return b.send("POST", "/v1/session", map[string]any{"name": name, "password": password, "code": code})
}

func (b *browser) sessionCookie() string {
	u, _ := url.Parse(b.h.url)
	for _, c := range b.client.Jar.Cookies(u) {
		if strings.HasPrefix(c.Name, "sid") {
			return c.Value
		}
	}
	return ""
}

// person makes an account with a password and signs it in.
func (h *house) person(name string, grants ...access.Grant) *browser {
	h.t.Helper()
	var made access.Invitation
	h.operate("users.create", access.CreateUserInput{Name: name, Grants: grants}, &made)
	b := h.browser()
	b.must("POST", "/v1/setup", map[string]any{"token": made.Token, "password": goodPassword})
	return b
}

// ready is person with a second factor, set up where the account needs one.
func (h *house) ready(name string, grants ...access.Grant) *browser {
	h.t.Helper()
	b := h.person(name, grants...)
	b.setUpApp()
	return b
}

// secondFactor sets up an app and gives its secret and recovery codes. The clock
// passes, so that the next code is another one.
func (b *browser) secondFactor() (secret string, recovery []string) {
	b.h.t.Helper()
	defer b.h.clock.pass(31 * time.Second)
	return b.setUpApp()
}

func (b *browser) setUpApp() (secret string, recovery []string) {
	b.h.t.Helper()
	begun := b.call("account.begin-second-factor", nil0)
	require.Equal(b.h.t, http.StatusOK, begun.status, begun.body)
	secret, _ = begun.field("secret").(string)
	confirmed := b.call("account.confirm-second-factor", map[string]any{"code": b.h.codeOf(secret)})
	require.Equal(b.h.t, http.StatusOK, confirmed.status, confirmed.body)
	var out access.RecoveryCodes
	require.NoError(b.h.t, json.Unmarshal([]byte(confirmed.body), &out))
	return secret, out.Codes
}

// codeOf is what an authenticator app shows now.
func (h *house) codeOf(secret string) string {
	code, err := totp.GenerateCode(secret, h.clock.now())
	require.NoError(h.t, err)
	return code
}

// nil0 is an input without members.
var nil0 = map[string]any{}

func everywhere(roles ...access.Role) access.Grant {
	return access.Grant{Instance: access.Everywhere, Roles: roles}
}

func on(instance string, roles ...access.Role) access.Grant {
	return access.Grant{Instance: instance, Roles: roles}
}
