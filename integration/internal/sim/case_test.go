package sim

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var small = flag.Bool("shrink", false, "TestOneSeed: make a seed that breaks an invariant small, and keep it in testdata/traces")

const tracesDir = "testdata/traces"

// keep makes a broken world small, and keeps it.
func keep(t *testing.T, template string, b *body, f Figures) {
	what := strings.SplitN(f.Broken[0], " ", 2)[0]
	c := Case{Seed: f.Seed, Steps: *steps, Profile: f.Profile}.shrink(func(c Case) bool {
		again := simulate(t, template, b, c.Seed, c.Profile, c.Steps)
		return len(again.Broken) > 0 && strings.HasPrefix(again.Broken[0], what)
	})
	c.Broke = f.Broken[0]
	raw, err := json.MarshalIndent(c, "", " ")
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(tracesDir, 0o755))
	name := filepath.Join(tracesDir, fmt.Sprintf("seed-%d.json", c.Seed))
	require.NoError(t, os.WriteFile(name, append(raw, '\n'), 0o600))
	t.Logf("kept as %s:\n%s", name, simulate(t, template, b, c.Seed, c.Profile, c.Steps).Trace)
}

func TestWhatBrokeOnceDoesNotBreakAgain(t *testing.T) {
	template, b := emptyDatabase(t), newBody()
	files, err := filepath.Glob(filepath.Join(tracesDir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			require.NoError(t, err)
			var c Case
			require.NoError(t, json.Unmarshal(raw, &c))
			require.Empty(t, simulate(t, template, b, c.Seed, c.Profile, c.Steps).Broken, "it was: %s", c.Broke)
		})
	}
}
