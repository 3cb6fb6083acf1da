package demo_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
)

func TestJourneyHoldsEveryPromise(t *testing.T) {
	t.Parallel()
	stage, err := demo.Serve(t.Context(), demo.NewWorld(demo.Options{Seed: 1}), t.TempDir(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stage.Close()) })
	var words strings.Builder
	report, err := (&demo.Journey{Stage: stage, Words: &words}).Run(t.Context())
	if os.Getenv("SHOW") != "" {
		t.Log(words.String())
	}
	require.NoError(t, err, words.String())
	require.True(t, report.OK)
	require.Len(t, report.Steps, 11)
	require.GreaterOrEqual(t, report.Organizations, 60)
	require.GreaterOrEqual(t, report.Assets, 1200)
	require.GreaterOrEqual(t, report.Passwords, 400)
}
