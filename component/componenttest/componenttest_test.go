package componenttest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
)

func TestAComponentThatKeepsTheRulesPasses(t *testing.T) {
	t.Parallel()
	Run(t, toy(""), toyOptions(serveToy(t)))
}

// findings is a reporter that keeps what it is told.
type findings struct{ errors, logs []string }

func (f *findings) Helper() {}
func (f *findings) Logf(format string, args ...any) {
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}
func (f *findings) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func TestAComponentThatBreaksARuleFailsItsSection(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		fault   fault
		section string
		says    string
	}{
		{"has a schema of a list", Schemas, "the schema of the output of toy.get-item is not an object's"},
		{"has a foreign name", Names, "game.list-items does not begin with toy."},
		{"shows another schema", GoodSettings, "the schema refuses the good settings at /region: is missing"},
		{"shows another schema", BadSettings, "no region: toy.list-items answers, and should end with invalid-input"},
		{"mistakes a bad key", BadSettings, "a wrong key: toy.list-items ends with unavailable, and should with unauthorized"},
		{"answers otherwise each time", Repeatable, "toy.list-items gives two answers"},
		{"takes anything", BadInput, "toy.get-item does not refuse an unknown property as invalid input"},
		{"gives plain errors", TypedErrors, "toy.get-item ends with an error without a code"},
		{"gives errors no code", TypedErrors, `toy.get-item ends with the code "out-of-cheese", which there is not`},
		{"answers for what is not there", TypedErrors, "toy.get-item answers for what does not exist"},
		{"quotes its key", Secrets, "toy.list-items lets a secret out, in an error"},
		{"logs its key", Secrets, "toy.list-items lets a secret out, in a log line"},
		{"ignores the transport", Cancellation, "toy.list-items, cancelled while it waits, answers"},
		{"loses its context", Cancellation, "toy.list-items, cancelled while it waits, does not pass its context on"},
		{"tries again when cancelled", Cancellation, "toy.list-items, cancelled while it waits, goes on sending requests"},
	} {
		t.Run(string(row.fault), func(t *testing.T) {
			t.Parallel()
			s := newSuite(toy(row.fault), toyOptions(serveToy(t)))
			if row.fault == "loses its context" {
				s.patience = time.Second // it is only waited for in vain
			}
			found := &findings{}
			for _, section := range sections {
				if section.name == row.section {
					section.check(s, found)
				}
			}
			require.Contains(t, strings.Join(found.errors, "\n"), row.says)
		})
	}
}

func TestOptionsThatLeaveARuleUntestedAreRefused(t *testing.T) {
	t.Parallel()
	url := serveToy(t)
	for says, change := range map[string]func(*Options){
		"the bypass of secrets gives no reason":                        func(o *Options) { o.Bypass = map[string]string{Secrets: ""} },
		"the bypass names sunshine, which is no section and no action": func(o *Options) { o.Bypass = map[string]string{"sunshine": "rain"} },
		"toy.get-item reads, and has no entry in Inputs":               func(o *Options) { delete(o.Inputs, "toy.get-item") },
		"there is an input for toy.fly, which is no action of toy":     func(o *Options) { o.Inputs["toy.fly"] = nil },
	} {
		o := toyOptions(url)
		change(&o)
		found := &findings{}
		newSuite(toy(""), o).checkOptions(found)
		require.Len(t, found.errors, 1)
		require.Contains(t, found.errors[0], says)
	}
	o := toyOptions(url)
	o.Secrets = nil
	found := &findings{}
	newSuite(toy(""), o).secrets(found)
	require.Equal(t, []string{"there are no secrets to look for: give the ones of the good settings"}, found.errors)
}

func TestASecretIsFoundInItsUsualEncodings(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"key=a/b c", "key=a%2Fb+c", "key=a%2Fb%20c", "key=YS9iIGM=", "key=YS9iIGM"} {
		require.True(t, holds(text, "a/b c"), text)
	}
	require.False(t, holds("nothing", "a/b c"))
	require.False(t, holds("nothing", ""))
}

func TestEveryErrorOfAChainIsLookedAt(t *testing.T) {
	t.Parallel()
	inner := fmt.Errorf("cause with %s", goodKey)
	c := call{err: &component.Error{Code: component.Unavailable, Message: "the toy does not answer", Err: inner}}
	var said []string
	for _, text := range c.said() {
		said = append(said, text)
	}
	require.True(t, holds(strings.Join(said, "\n"), goodKey))
}
