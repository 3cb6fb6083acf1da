package component

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Connection says how to reach a system: the settings S that a person fills
// in, and how to turn them into a client C.
type Connection[S, C any] struct {
	name     string
	settings *Schema
	dial     func(context.Context, *Host, S) (C, error)
}

// NewConnection declares a connection. Dial makes no call to the other system:
// it only prepares the client. Its errors are [Error]s with [InvalidInput].
func NewConnection[S, C any](name string, dial func(context.Context, *Host, S) (C, error)) Connection[S, C] {
	return Connection[S, C]{name: name, settings: SchemaOf[S](), dial: dial}
}

// Name is the key of the connection's settings in an instance's document.
func (c Connection[S, C]) Name() string { return c.name }

// Schema is the schema of the settings.
func (c Connection[S, C]) Schema() *Schema { return c.settings }

// Open gives the session's client of this connection, made at its first use.
func (c Connection[S, C]) Open(ctx context.Context, s *Session) (C, error) {
	var none C
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if client, ok := s.state.open[c.name]; ok {
		return client.(C), nil
	}
	if s.Settings == nil {
		return none, Errorf(InvalidInput, "there are no settings for the connection %s", c.name).Then("Name an instance that has them.")
	}
	raw, err := s.Settings(ctx, c.name)
	if err != nil {
		return none, err
	}
	client, err := c.Dial(ctx, s.Host, raw)
	if err != nil {
		return none, err
	}
	s.state.open[c.name] = client
	return client, nil
}

// Dial checks settings given as JSON, and makes a client of them.
func (c Connection[S, C]) Dial(ctx context.Context, host *Host, settings json.RawMessage) (C, error) {
	var none C
	if ps := c.settings.Check(settings); ps != nil {
		return none, &Error{Code: InvalidInput, Message: "the settings of the connection " + c.name + " are not valid:", Problems: ps}
	}
	var v S
	if err := json.Unmarshal(settings, &v); err != nil {
		return none, Errorf(InvalidInput, "the settings of the connection %s do not fit: %s", c.name, plainDecodeError(err))
	}
	return c.dial(ctx, host, v)
}

// Host is what the operator of the program decides, as against the installer
// of an instance, and what all sessions of the process share. Make it once.
type Host struct {
	AllowedEndpoints []string                   // base URLs that settings and profiles may name beside the vendors' own hosts
	Profiles         map[string]json.RawMessage // by component: replaces the profile built into it
	EgressAddresses  []string                   // the addresses that calls come from, for allow-lists
	Transport        http.RoundTripper          // nil: a clone of http.DefaultTransport
	Log              *slog.Logger               // nil: nothing is logged

	mu     sync.Mutex
	shared map[string]any
}

// Logger is the host's logger; it is never nil.
func (h *Host) Logger() *slog.Logger {
	if h.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return h.Log
}

// Shared gives the value that the whole process shares under key, made at its
// first use: a rate budget or an access token of one credential, for example.
// The key holds no secret (hash it).
func Shared[T any](h *Host, key string, make func() T) T {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v, ok := h.shared[key]; ok {
		return v.(T)
	}
	v := make()
	if h.shared == nil {
		h.shared = map[string]any{}
	}
	h.shared[key] = v
	return v
}

// Run names the run that a session works for: the store refuses what a
// superseded epoch wants to settle.
type Run struct {
	ID    string
	Epoch int64
}

// Session is one instance's open connections, and the record of what was
// called through them. It lives for one run of a flow or one request. The face
// that makes it sets its fields before the first call.
type Session struct {
	Host     *Host
	Instance string                                                                // the instance; "" for actions of the host
	Actor    string                                                                // who asked: "os:ana", "service:itglue-sync@acme"
	Sees     func(instance string) bool                                            // which instances who asked may know of, by id; nil: all
	Run      Run                                                                   // set while a flow runs
	Settings func(ctx context.Context, connection string) (json.RawMessage, error) // of the instance, with its secrets
	Now      func() time.Time                                                      // the only clock an action may read; nil: time.Now
	OnStep   func(Step)                                                            // called after each call; sees no input or output
	OnReport func(Progress)                                                        // called as work advances
	Strict   bool                                                                  // check the output of typed calls too

	allowed map[string]bool
	flow    string
	state   *sessionState
}

type sessionState struct {
	mu   sync.Mutex
	open map[string]any
}

// Progress is one thing said while work advances.
type Progress struct {
	Stage string `json:"stage"` // "reading IT Glue assets"
	Done  int    `json:"done"`
	Total int    `json:"total,omitempty"` // 0: not known
}

// NewSession makes a session of a host. Set its other fields before use.
func NewSession(host *Host) *Session {
	return &Session{Host: host, state: &sessionState{open: map[string]any{}}}
}

// Within derives a session for a flow: it shares the open connections, and
// refuses to call what uses does not name.
func (s *Session) Within(flow string, uses []string) *Session {
	d := *s
	d.flow, d.allowed = flow, make(map[string]bool, len(uses))
	for _, u := range uses {
		d.allowed[u] = true
	}
	return &d
}

// Clock is the session's time.
func (s *Session) Clock() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// Report says how far the work is.
func (s *Session) Report(stage string, done, total int) {
	if s.OnReport != nil {
		s.OnReport(Progress{Stage: stage, Done: done, Total: total})
	}
}

func (s *Session) strict() bool { return s.Strict }

func (s *Session) allows(action string) error {
	if s.allowed == nil || s.allowed[action] {
		return nil
	}
	return &Error{Code: Internal, Message: fmt.Sprintf("the flow %s called %s, which it does not name in Uses", s.flow, action), Do: "Add it to the flow's Uses."}
}

func (s *Session) record(step Step) {
	if s.OnStep != nil {
		s.OnStep(step)
	}
}
