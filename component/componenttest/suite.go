package componenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// suite is one component under test.
type suite struct {
	component component.Component
	options   Options
	actions   map[string]component.Callable
	patience  time.Duration // see patience
}

func newSuite(c component.Component, o Options) *suite {
	s := &suite{component: c, options: o, actions: map[string]component.Callable{}, patience: patience}
	for _, a := range c.Actions {
		s.actions[a.Describe().Name] = a
	}
	return s
}

// checkOptions refuses options that would leave a rule untested unseen.
func (s *suite) checkOptions(r reporter) {
	r.Helper()
	for _, name := range slices.Sorted(maps.Keys(s.options.Bypass)) {
		known := s.actions[name] != nil || slices.ContainsFunc(sections, func(x section) bool { return x.name == name })
		if s.options.Bypass[name] == "" {
			r.Errorf("the bypass of %s gives no reason", name)
		}
		if !known {
			r.Errorf("the bypass names %s, which is no section and no action", name)
		}
	}
	for _, inputs := range []map[string]json.RawMessage{s.options.Inputs, s.options.Absent} {
		for _, name := range slices.Sorted(maps.Keys(inputs)) {
			if s.actions[name] == nil {
				r.Errorf("there is an input for %s, which is no action of %s", name, s.component.Name)
			}
		}
	}
	for _, name := range s.actionNames() {
		d := s.actions[name].Describe()
		_, given := s.options.Inputs[name]
		if d.Effect == component.Reads && !d.Sensitive && !given && s.options.Bypass[name] == "" {
			r.Errorf("%s reads, and has no entry in Inputs: add one, or a Bypass with the reason", name)
		}
		if given && d.Effect != component.Reads {
			r.Errorf("%s writes, and must not be in Inputs: those are called several times", name)
		}
	}
}

// actionNames are the names of all actions, in order.
func (s *suite) actionNames() []string { return slices.Sorted(maps.Keys(s.actions)) }

// readable are the actions of Inputs that exist and are not bypassed, in order.
func (s *suite) readable() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.options.Inputs)) {
		if s.actions[name] != nil && s.options.Bypass[name] == "" {
			names = append(names, name)
		}
	}
	return names
}

// probe is the action that settings are tried with; nil without one.
func (s *suite) probe() component.Callable {
	if s.options.Probe != "" {
		return s.actions[s.options.Probe]
	}
	names := s.readable()
	if i := slices.IndexFunc(names, func(n string) bool { return lists(s.actions[n]) }); i >= 0 {
		return s.actions[names[i]]
	}
	if len(names) == 0 {
		return nil
	}
	return s.actions[names[0]]
}

// lists says whether an action answers with items.
func lists(a component.Callable) bool {
	_, ok := properties(a.Describe().Output)["items"]
	return ok
}

// call is what came of one call: everything that anyone may get to see.
type call struct {
	action string
	output json.RawMessage
	err    error
	logged string
	steps  []component.Step
}

// invoke calls an action in a session of its own, with some settings.
func (s *suite) invoke(ctx context.Context, name string, settings map[string]any, input json.RawMessage, wrap func(*component.Host)) call {
	host := &component.Host{}
	if s.options.Host != nil {
		host = s.options.Host()
	}
	log := &lockedBuffer{}
	host.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug - 4}))
	if wrap != nil {
		wrap(host)
	}
	c := call{action: name}
	session := component.NewSession(host)
	session.Strict, session.Instance, session.Actor = true, "componenttest", "os:componenttest"
	session.Settings = func(context.Context, string) (json.RawMessage, error) { return json.Marshal(settings) }
	var steps sync.Mutex
	session.OnStep = func(step component.Step) {
		steps.Lock()
		defer steps.Unlock()
		c.steps = append(c.steps, step)
	}
	c.output, c.err = s.actions[name].Invoke(ctx, session, input)
	c.logged = log.String()
	return c
}

// read calls an action of Inputs with good settings.
func (s *suite) read(name string) call {
	return s.invoke(context.Background(), name, s.options.Good, s.options.Inputs[name], nil)
}

// said is what a person or a program may get to see of a call.
func (c call) said() map[string]string {
	said := map[string]string{"a log line": c.logged}
	for i, err := range chain(c.err) {
		said[fmt.Sprintf("an error (%d)", i)] = fmt.Sprintf("%s\n%+v", err, err)
	}
	var e *component.Error
	if errors.As(c.err, &e) {
		said["what an error says to do"] = e.Do
	}
	for i, step := range c.steps {
		encoded, _ := json.Marshal(step) // a Step has nothing that cannot be encoded
		said[fmt.Sprintf("step %d", i)] = fmt.Sprintf("%s\n%+v", encoded, step)
	}
	return said
}

// chain is an error and all that it wraps.
func chain(err error) []error {
	if err == nil {
		return nil
	}
	all := []error{err}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		all = append(all, chain(e.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, w := range e.Unwrap() {
			all = append(all, chain(w)...)
		}
	}
	return all
}

// properties are the properties that a schema names.
func properties(schema *component.Schema) map[string]map[string]any {
	var doc struct {
		Properties map[string]map[string]any `json:"properties"`
	}
	if schema == nil {
		return nil
	}
	raw, err := schema.MarshalJSON()
	if err != nil || json.Unmarshal(raw, &doc) != nil {
		return nil
	}
	return doc.Properties
}

// lockedBuffer takes log lines of several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// brief is the first line of an error.
func brief(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
