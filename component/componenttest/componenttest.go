// Package componenttest is what every component must pass, whatever system it
// reaches: its schemas are sound, its settings are checked, its reading actions
// answer the same twice, its errors are typed, no secret gets out, and it stops
// when it is told to.
//
// A component's own test calls [Run] with settings that reach a simulator:
//
//	func TestItIsAComponent(t *testing.T) {
//		componenttest.Run(t, itglue.Component(), componenttest.Options{
//			Host:   func() *component.Host { return &component.Host{AllowedEndpoints: []string{url}} },
//			Good:   map[string]any{"endpoint": url, "apiKey": "ITG.good"},
//			Inputs: map[string]json.RawMessage{"itglue.list-organizations": nil},
//		})
//	}
package componenttest

import (
	"encoding/json"
	"testing"

	"github.com/itglue-revio/itglue-revio/component"
)

// The sections, by the names that Bypass takes.
const (
	Schemas      = "schemas"       // every schema compiles and is an object's
	Names        = "names"         // names, summaries, effects and rights are what they should be
	GoodSettings = "good-settings" // with good settings every reading action answers
	BadSettings  = "bad-settings"  // missing, wrong and unknown settings are refused
	Repeatable   = "repeatable"    // every list asked for twice is the same
	BadInput     = "bad-input"     // every action refuses what its schema does not name
	TypedErrors  = "typed-errors"  // every error has a code of the closed set, and says something
	Secrets      = "secrets"       // no secret in an answer, an error, a log line or a step
	Cancellation = "cancellation"  // a cancelled call ends, with a typed error
)

// Options say how to reach a working system, and what to try on it.
type Options struct {
	// Host makes a host that allows the settings' endpoints. It is called for
	// every call, so that no token of one call serves another. Its Log and
	// Transport are wrapped.
	Host func() *component.Host
	// Good are settings that work.
	Good map[string]any
	// Bad are settings that do not, beside those that Run makes of Good and
	// the schema by leaving out, mistyping and adding properties.
	Bad []Settings
	// Inputs has an input for every action that reads, and is not Sensitive.
	// Nil stands for the empty object. Each is called several times.
	Inputs map[string]json.RawMessage
	// Absent are inputs that address what does not exist: they must end with
	// not-found.
	Absent map[string]json.RawMessage
	// Probe is the action that bad settings are tried with. Empty: the first
	// of Inputs, by name, that answers with items, or else the first.
	Probe string
	// Secrets are the values to look for where they must not be: the ones of
	// Good and Bad, and others that the system holds.
	Secrets []string
	// Bypass leaves a section out, or one action out of all sections that
	// call it; the value is the reason, which must be given.
	Bypass map[string]string
}

// Settings are settings that do not work, and the code that says so.
type Settings struct {
	Name     string
	Settings map[string]any
	Want     component.Code // empty: InvalidInput
}

// Run tests a component, each section as a subtest.
func Run(t *testing.T, c component.Component, o Options) {
	t.Helper()
	s := newSuite(c, o)
	s.checkOptions(t)
	for _, section := range sections {
		t.Run(section.name, func(t *testing.T) {
			if reason := o.Bypass[section.name]; reason != "" {
				t.Logf("left out: %s", reason)
				return
			}
			section.check(s, t)
		})
	}
}

// reporter is what a section says its findings to: a *testing.T, or in the
// tests of this package a list.
type reporter interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
}

// section is one group of rules.
type section struct {
	name  string
	check func(*suite, reporter)
}

var sections = []section{
	{Schemas, (*suite).schemas},
	{Names, (*suite).names},
	{GoodSettings, (*suite).goodSettings},
	{BadSettings, (*suite).badSettings},
	{Repeatable, (*suite).repeatable},
	{BadInput, (*suite).badInput},
	{TypedErrors, (*suite).typedErrors},
	{Secrets, (*suite).secrets},
	{Cancellation, (*suite).cancellation},
}
