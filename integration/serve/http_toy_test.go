package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/serve"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// patience is how long a test waits for what must happen; a test that meets it
// has failed.
const patience = 30 * time.Second

// pace is how often it looks whether it has.
const pace = 5 * time.Millisecond

type note struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Version int64  `json:"version"`
}

type putIn struct {
	ID      string `json:"id" jsonschema:"minLength=1"`
	Text    string `json:"text,omitempty"`
	Version int64  `json:"version,omitempty" jsonschema_description:"Only at this version."`
}

type workIn struct {
	Fail string `json:"fail,omitempty"`
	Wait bool   `json:"wait,omitempty"`
}

type workOut struct {
	Calls int `json:"calls"`
}

type instances struct {
	Items []string `json:"items"`
}

// web is an integration whose actions do what a test wants.
type web struct {
	mu    sync.Mutex
	notes map[string]note
	calls atomic.Int64
	open  chan struct{} // closed: what waits goes on
	began chan struct{} // one for each call that waits
	store store.Store
}

func (y *web) put(ctx context.Context, _ *component.Session, in putIn) (note, error) {
	y.calls.Add(1)
	if in.Text == "wait" {
		y.began <- struct{}{}
		<-y.open
	}
	if code, is := strings.CutPrefix(in.Text, "fail "); is {
		return note{}, component.Errorf(component.Code(code), "the note %s could not be put", in.ID).Then("Look at it.")
	}
	if ctx.Err() != nil {
		return note{}, ctx.Err()
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	n := y.notes[in.ID]
	if in.Version != 0 && in.Version != n.Version {
		return note{}, component.Errorf(component.Conflict, "the note %s was changed since it was read", in.ID).Then("Read it again.")
	}
	n = note{in.ID, in.Text, n.Version + 1}
	y.notes[in.ID] = n
	return n, nil
}

func (y *web) get(_ context.Context, _ *component.Session, in putIn) (note, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	n, ok := y.notes[in.ID]
	if !ok {
		return n, component.Errorf(component.NotFound, "there is no note %s", in.ID)
	}
	return n, nil
}

func (y *web) work(ctx context.Context, s *component.Session, in workIn) (workOut, error) {
	calls := y.calls.Add(1)
	s.Report("working", int(calls), 10)
	if in.Wait {
		y.began <- struct{}{}
		select {
		case <-y.open:
		case <-ctx.Done():
			return workOut{}, ctx.Err()
		}
	}
	if in.Fail != "" {
		return workOut{}, component.Errorf(component.Code(in.Fail), "customer 7 was refused").Then("Look at it.")
	}
	return workOut{Calls: int(calls)}, nil
}

func (y *web) list(ctx context.Context, s *component.Session, _ component.NoInput) (out instances, err error) {
	out.Items = []string{}
	err = y.store.Read(ctx, func(tx store.Tx) error {
		all, err := tx.ListInstances(ctx)
		for _, in := range all {
			if s.Sees(in.ID) {
				out.Items = append(out.Items, in.Name)
			}
		}
		return err
	})
	return out, err
}

func (y *web) definition() integration.Definition {
	spec := func(name string, effect component.Effect, a component.Access, scope component.Scope) component.Spec {
		return component.Spec{Name: name, Summary: "It does what a test wants.", Effect: effect, Access: a, Scope: scope}
	}
	sensitive := func(s component.Spec) component.Spec { s.Sensitive = true; return s }
	shown := func(context.Context, *component.Session, component.NoInput) (note, error) {
		y.calls.Add(1)
		return note{Text: "hunter2"}, nil
	}
	const reads, writes, here, host = component.Reads, component.Writes, component.OnInstance, component.OnHost
	return integration.Definition{
		Name: "toy", Title: "Toy", Description: "A toy.",
		Components: []component.Component{{Name: "vendor", Title: "Vendor", Actions: []component.Callable{
			component.Func(sensitive(spec("vendor.reveal", reads, component.Reveal, component.OnConnection)), shown),
			component.Func(spec("vendor.get", reads, component.View, component.OnConnection), y.get),
		}}},
		Flows: []integration.Flow{
			{Callable: component.Func(spec("toy.work", writes, component.Operate, here), y.work)},
			{Callable: component.Func(sensitive(spec("secrets.reveal", reads, component.Reveal, here)), shown), Direct: true},
		},
		Operations: []component.Callable{
			component.Func(spec("notes.put", writes, component.Operate, here), y.put),
			component.Func(spec("notes.get", reads, component.View, here), y.get),
			component.Func(spec("notes.panic", reads, component.View, here), func(context.Context, *component.Session, component.NoInput) (note, error) { panic("as told") }),
			component.Func(spec("instance.list", reads, component.View, host), y.list),
			component.Func(spec("host.put", writes, component.Administer, host), y.put),
			component.Func(sensitive(spec("tokens.make", writes, component.Configure, here)), shown),
		},
	}
}

// people are the subjects of the tests, by the text of the header Who.
func people(acme string) map[string]access.Subject {
	grant := func(instance string, roles ...access.Role) []access.Grant {
		return []access.Grant{{Instance: instance, Roles: roles}}
	}
	now := time.Now()
	return map[string]access.Subject{
		"admin":    {Actor: "user:admin", ID: "1", Name: "admin", Grants: grant(access.Everywhere, access.Administrator, access.Revealer), SteppedUp: now},
		"stale":    {Actor: "user:stale", ID: "2", Name: "stale", Grants: grant(access.Everywhere, access.Administrator, access.Revealer), SteppedUp: now.Add(-time.Hour)},
		"operator": {Actor: "user:operator", ID: "3", Name: "operator", Grants: grant(acme, access.Operator), SteppedUp: now},
		"viewer":   {Actor: "user:viewer", ID: "4", Name: "viewer", Grants: grant(acme, access.Viewer), SteppedUp: now},
		"token":    {Actor: "token:t", ID: "5", Name: "t", Grants: grant(access.Everywhere, access.Administrator, access.Revealer), Token: true},
	}
}

// pages is a built console.
func pages() fstest.MapFS {
	return fstest.MapFS{
		"index.html":        {Data: []byte(`<!doctype html><meta name="csp-nonce" content="" /><script type="module" src="/static/app-1.js"></script>`)},
		"static/app-1.js":   {Data: []byte("console.log('" + strings.Repeat("x", 4000) + "')")},
		"favicon.svg":       {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"static/styles.css": {Data: []byte("a{}")},
	}
}

// office is a face over a real runner and store, served over HTTP.
type office struct {
	t      *testing.T
	toy    *web
	url    string
	face   *serve.Face
	store  store.Store
	acme   string
	rival  string
	people map[string]access.Subject
}

func open(t *testing.T, change func(*serve.FaceOptions)) *office {
	path := filepath.Join(t.TempDir(), "toy.db")
	s, err := sqlstore.OpenSQLite(t.Context(), path, sqlstore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	o := &office{t: t, store: s, toy: &web{notes: map[string]note{}, open: make(chan struct{}), began: make(chan struct{}, 100), store: s}}
	o.acme, o.rival = o.install("acme"), o.install("rival")
	o.people = people(o.acme)
	ready := make(chan string, 1)
	work := runner.New(runner.Options{Store: s, Host: &component.Host{}, Definition: o.toy.definition(), DatabasePath: path,
		Sweep: 40 * time.Millisecond, Tick: 40 * time.Millisecond, Progress: 10 * time.Millisecond, Retry: time.Millisecond, Ready: func(address string) { ready <- address }})
	gate := access.New(access.Options{Store: s})
	require.NoError(t, gate.At(access.Site{URL: "http://127.0.0.1", Fail: serve.Fail}))
	options := serve.FaceOptions{Definition: o.toy.definition(), Catalog: work.Catalog(), Store: s, Gate: gate, Session: work.Session, Ask: work.Ask,
		Pages: pages(), Subject: o.subject, Poll: 10 * time.Millisecond, Heartbeat: 50 * time.Millisecond}
	if change != nil {
		change(&options)
	}
	o.face, err = serve.NewFace(options)
	require.NoError(t, err)
	work.Mount(o.face, o.face.Quit)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- work.Serve(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-ended) })
	select {
	case address := <-ready:
		o.url = "http://" + address
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(patience):
		t.Fatal("it was never ready")
	}
	return o
}

func (o *office) install(name string) string {
	in := store.Instance{Name: name, Status: store.Active, NextDue: time.Now().Add(1000 * time.Hour)}
	require.NoError(o.t, o.store.Write(o.t.Context(), store.Fence{}, func(tx store.Tx) (err error) {
		in, err = tx.SaveInstance(o.t.Context(), in)
		return err
	}))
	return in.ID
}

// subject knows people by the header Who.
func (o *office) subject(r *http.Request) (access.Subject, error) {
	if s, ok := o.people[r.Header.Get("Who")]; ok {
		return s, nil
	}
	return access.Subject{}, &access.Refusal{Status: http.StatusUnauthorized, Code: access.CodeSignIn, Message: "you are not signed in", Do: "Sign in.", SignIn: &access.SignIn{Local: true}}
}

// said is an answer that was read whole.
type said struct {
	status int
	header http.Header
	body   string
}

func (s said) problem(t *testing.T) (p serve.Problem) {
	t.Helper()
	require.Equal(t, "application/problem+json", s.header.Get("Content-Type"), s.body)
	require.NoError(t, json.Unmarshal([]byte(s.body), &p))
	require.Equal(t, s.status, p.Status)
	return p
}

// ask sends a request; headers are "Name: value".
func (o *office) ask(who, method, path, body string, headers ...string) said {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.url+path, strings.NewReader(body))
	require.NoError(o.t, err)
	r.Header.Set("Who", who)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	require.NoError(o.t, err)
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	require.NoError(o.t, err)
	return said{answer.StatusCode, answer.Header, string(raw)}
}

// post calls an action on acme.
func (o *office) post(who, action, body string, headers ...string) said {
	o.t.Helper()
	return o.ask(who, http.MethodPost, "/v1/instances/acme/actions/"+action, body, headers...)
}

func pretty(t *testing.T, raw string) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, []byte(raw), "", "  "))
	return strings.TrimRight(b.String(), "\n")
}
