package componenttest

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// typedErrors: every error is a *component.Error with a code of the closed
// set, and says what happened; what does not exist is not-found.
func (s *suite) typedErrors(r reporter) {
	r.Helper()
	for _, name := range slices.Sorted(maps.Keys(s.options.Absent)) {
		if s.actions[name] == nil || s.options.Bypass[name] != "" {
			continue
		}
		c := s.invoke(context.Background(), name, s.options.Good, s.options.Absent[name], nil)
		if c.err == nil {
			r.Errorf("%s answers for what does not exist: %s", name, c.output)
		} else if component.CodeOf(c.err) != component.NotFound {
			r.Errorf("%s ends with %s for what does not exist, and should with %s: %s", name, component.CodeOf(c.err), component.NotFound, brief(c.err))
		}
	}
	for _, c := range s.failures() {
		typed(r, c)
	}
}

// typed says what is wrong with the error of a call.
func typed(r reporter, c call) {
	r.Helper()
	var e *component.Error
	switch {
	case c.err == nil:
	case !errors.As(c.err, &e):
		r.Errorf("%s ends with an error without a code: %v", c.action, c.err)
	case !slices.Contains(component.Codes(), e.Code):
		r.Errorf("%s ends with the code %q, which there is not", c.action, e.Code)
	case strings.TrimSpace(e.Message) == "":
		r.Errorf("%s ends with %s and says nothing", c.action, e.Code)
	case e.Code == component.Internal:
		r.Errorf("%s ends with internal, which is a defect: %s", c.action, brief(c.err))
	case e.Do == "" && len(e.Problems) == 0:
		r.Logf("%s does not say what to do next: %s", c.action, brief(c.err))
	}
}

// failures are calls that should end with an error.
func (s *suite) failures() []call {
	var all []call
	if probe := s.probe(); probe != nil {
		name := probe.Describe().Name
		for _, bad := range append(s.spoiled(), s.options.Bad...) {
			all = append(all, s.invoke(context.Background(), name, bad.Settings, s.options.Inputs[name], nil))
		}
	}
	for _, name := range s.actionNames() {
		if input, ok := s.options.Absent[name]; ok && s.options.Bypass[name] == "" {
			all = append(all, s.invoke(context.Background(), name, s.options.Good, input, nil))
		}
	}
	return all
}

// secrets: none gets out, whether a call answers or fails.
func (s *suite) secrets(r reporter) {
	r.Helper()
	if len(s.options.Secrets) == 0 {
		r.Errorf("there are no secrets to look for: give the ones of the good settings")
	}
	calls := s.failures()
	for _, name := range s.readable() {
		calls = append(calls, s.read(name))
	}
	for _, c := range calls {
		said := c.said()
		if !s.actions[c.action].Describe().Sensitive {
			said["the answer"] = string(c.output)
		}
		for _, secret := range s.options.Secrets {
			for _, where := range slices.Sorted(maps.Keys(said)) {
				if holds(said[where], secret) {
					r.Errorf("%s lets a secret out, in %s", c.action, where)
				}
			}
		}
	}
}

// holds says whether text has a secret, plain or in a usual encoding.
func holds(text, secret string) bool {
	for _, form := range []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	} {
		if form != "" && strings.Contains(text, form) {
			return true
		}
	}
	return false
}
