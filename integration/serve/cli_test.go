package serve_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
)

func TestCommandLineLooksLikeThis(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]line{
		"help":              {args: "--help"},
		"help-group":        {args: "links"},
		"help-action":       {args: "links accept --help"},
		"help-file":         {args: "instance apply --help"},
		"help-sensitive":    {args: "passwords reveal --help"},
		"table":             {args: "links list"},
		"table-page":        {args: "links list --limit 2"},
		"table-empty":       {args: "links list --search nothing"},
		"table-json":        {args: "links list --json"},
		"object":            {args: "sync cycle --attention 1"},
		"ids":               {args: "links reject 7 8"},
		"next-command":      {args: "links accept 7 --dry-run"},
		"checks":            {args: "doctor"},
		"document":          {args: "instance export"},
		"reveal":            {args: "passwords reveal 7 --reason because", terminal: true},
		"error":             {args: "sync cycle --fail forbidden"},
		"error-json":        {args: "sync cycle --fail forbidden --json"},
		"invalid":           {args: "links accept --min-score 2"},
		"unknown-command":   {args: "linsk"},
		"unknown-verb":      {args: "links acept"},
		"wrong-number":      {args: "links accept 7 --tries many"},
		"unknown-flag":      {args: "links accept --force"},
		"too-many":          {args: "links accept 7 8"},
		"progress-terminal": {args: "sync cycle --steps 2", terminal: true},
		"progress":          {args: "sync cycle --steps 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := l.run(t)
			golden(t, name, fmt.Sprintf("$ toy %s\n%s--- stderr\n%s--- status %d\n", l.args, r.stdout, r.stderr, r.status))
		})
	}
}

func TestFlagsArgumentsAndInputMakeOneInput(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "in.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"id":"from-file","fields":{"a":"b"}}`), 0o600))
	for _, c := range []struct{ name, args, stdin, want string }{
		{"id as an argument", "7", "", `{"id":"7"}`},
		{"id as a flag", "--id 7", "", `{"id":"7"}`},
		{"scalars", "7 --min-score 0.95 --dry-run --mode fast --tries 3", "", `{"id":"7","minScore":0.95,"dryRun":true,"mode":"fast","tries":3}`},
		{"a flag set to false is given", "7 --dry-run=false", "", `{"id":"7"}`},
		{"lists with commas and repeated", "7 --type-ids 1,2 --type-ids 3 --limits 4,5", "", `{"id":"7","typeIds":["1","2","3"],"limits":[4,5]}`},
		{"JSON", `--input {"id":"7","fields":{"x":"y"}}`, "", `{"id":"7","fields":{"x":"y"}}`},
		{"a file", "--input @" + file, "", `{"id":"from-file","fields":{"a":"b"}}`},
		{"stdin", "--input -", `{"id":"8","tries":2}`, `{"id":"8","tries":2}`},
		{"flags override", "--tries 3 --input -", `{"id":"8","tries":2}`, `{"id":"8","tries":3}`},
		{"the argument overrides", "9 --input -", `{"id":"8"}`, `{"id":"9"}`},
		{"a property that is named like a common flag", "--json --input -", `{"id":"8","json":"x"}`, `{"id":"8","json":"x"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := line{args: "links accept --json " + c.args, stdin: c.stdin}.run(t)
			require.Zero(t, r.status, r.stderr)
			var out decideOut
			require.NoError(t, json.Unmarshal([]byte(r.stdout), &out))
			got, err := json.Marshal(out.In)
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(got))
		})
	}
}

func TestFileArgumentIsReadIntoItsProperty(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "acme.yaml")
	require.NoError(t, os.WriteFile(file, []byte("name: acme\n"), 0o600))
	require.Equal(t, "id:    1\nname:  name: acme\n", line{args: "instance apply " + file}.run(t).stdout)
	require.Equal(t, "id:    1\nname:  name: zenith\n", line{args: "instance apply -", stdin: "name: zenith\n"}.run(t).stdout)
	missing := line{args: "instance apply nowhere.yaml"}.run(t)
	require.Equal(t, 2, missing.status)
	require.Contains(t, missing.stderr, "cannot read nowhere.yaml")
}

func TestSensitiveAnswerGoesToATerminalOnly(t *testing.T) {
	t.Parallel()
	refused := line{args: "passwords reveal 7 --reason because"}.run(t)
	require.Equal(t, 2, refused.status)
	require.Empty(t, refused.stdout)
	require.NotContains(t, refused.stderr, "hunter2")
	told := line{args: "passwords reveal 7 --reason because --stdout"}.run(t)
	require.Zero(t, told.status)
	require.Contains(t, told.stdout, "hunter2")
}

func TestExitStatusIsOfTheCode(t *testing.T) {
	t.Parallel()
	for _, code := range component.Codes() {
		require.Equal(t, code.ExitStatus(), line{args: "sync cycle --fail " + string(code)}.run(t).status, code)
	}
	require.Zero(t, line{args: "sync cycle --attention 2"}.run(t).status)
	require.Equal(t, 4, line{args: "sync cycle --attention 2 --fail-on-attention"}.run(t).status)
	require.Zero(t, line{args: "sync cycle --fail-on-attention"}.run(t).status)
}

func TestWordsGoToStderrAndDataToStdout(t *testing.T) {
	t.Parallel()
	r := line{args: "sync cycle --attention 2 --steps 5 --json"}.run(t)
	require.True(t, json.Valid([]byte(r.stdout)), r.stdout)
	require.Contains(t, r.stderr, "2 things need attention, 1 conflict is open, 2 records are held")
	failed := line{args: "sync cycle --fail internal --json"}.run(t)
	require.Empty(t, failed.stdout)
	require.True(t, json.Valid([]byte(failed.stderr)), failed.stderr)
}

// It is not parallel: the interrupt is of the whole process, and caught here too
// so that one that comes early ends nothing.
func TestInterruptEndsTheWorkWithStatus130(t *testing.T) {
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, os.Interrupt)
	defer signal.Stop(caught)
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan result, 1)
	go func() { done <- line{args: "sync cycle --wait --steps 1", ctx: ctx}.run(t) }()
	for {
		select {
		case r := <-done:
			require.NoError(t, ctx.Err())
			require.Equal(t, 130, r.status)
			require.True(t, strings.HasPrefix(r.stderr, "reading assets: 1 of 1\nstopping after the current write"), r.stderr)
			return
		case <-time.After(50 * time.Millisecond):
			require.NoError(t, self.Signal(os.Interrupt))
		}
	}
}
