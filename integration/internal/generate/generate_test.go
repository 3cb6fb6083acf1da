package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
)

// root is the module's root, seen from this package.
const root = "../../.."

func TestPublishedFilesAreWhatTheCodeMakes(t *testing.T) {
	t.Parallel()
	var stale bytes.Buffer
	err := run(t.Context(), root, true, &stale)
	require.NoError(t, err, "run scripts/generate, and look at the difference of:\n%s", stale.String())
}

func TestSameCodeMakesTheSameBytes(t *testing.T) {
	t.Parallel()
	one, err := files(t.Context(), root)
	require.NoError(t, err)
	other, err := files(t.Context(), root)
	require.NoError(t, err)
	require.Empty(t, differing(one, other))
	for name, content := range one {
		require.True(t, bytes.HasSuffix(content, []byte("\n")) && !bytes.HasSuffix(content, []byte("\n\n")), "%s ends with one newline", name)
		require.NotContains(t, string(content), "\r", name)
	}
}

func TestPublishedFilesHoldNoSecretAndNoAddressOfThisMachine(t *testing.T) {
	t.Parallel()
	made, err := files(t.Context(), root)
	require.NoError(t, err)
	world := demo.NewWorld(demo.Options{Seed: seed})
	require.NotEmpty(t, world.Canaries)
	for name, content := range made {
		for _, secret := range append([]string{demo.APIKey, demo.ClientSecret, "127.0.0.1", "localhost", os.TempDir() + "/"}, world.Canaries...) {
			require.NotContains(t, string(content), secret, name)
		}
	}
}

func TestCheckNamesWhatIsStaleAndWritesNothing(t *testing.T) {
	t.Parallel()
	copied := t.TempDir()
	for _, connector := range []string{"itglue", "revio"} {
		profile, err := os.ReadFile(filepath.Join(root, "component", connector, "profile-default.json"))
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(copied, "component", connector), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(copied, "component", connector, "profile-default.json"), profile, 0o600))
	}
	require.Error(t, run(t.Context(), copied, true, io.Discard))
	require.NoDirExists(t, filepath.Join(copied, folder))
	require.NoError(t, run(t.Context(), copied, false, io.Discard))
	require.NoError(t, run(t.Context(), copied, true, io.Discard))

	file := func(name string) string { return filepath.Join(copied, folder, filepath.FromSlash(name)) }
	require.NoError(t, os.WriteFile(file("instance.json"), []byte("{}\n"), 0o600))
	require.NoError(t, os.Remove(file("actions/sync.cycle.input.json")))
	require.NoError(t, os.WriteFile(file("actions/sync.gone.input.json"), []byte("{}\n"), 0o600))
	var named strings.Builder
	require.ErrorContains(t, run(t.Context(), copied, true, &named), "3 of these published files are stale")
	require.Equal(t, "schemas/actions/sync.cycle.input.json\nschemas/actions/sync.gone.input.json (no longer made)\nschemas/instance.json\n", named.String())

	require.NoError(t, run(t.Context(), copied, false, io.Discard))
	require.NoFileExists(t, file("actions/sync.gone.input.json"))
	require.NoError(t, run(t.Context(), copied, true, io.Discard))
}

func TestSchedulesAreShortened(t *testing.T) {
	t.Parallel()
	for printed, short := range map[string]string{"1h0m0s": "1h", "10m0s": "10m", "1h30m0s": "1h30m", "45s": "45s", "20h0m0s": "20h", "10h0m10s": "10h0m10s"} {
		require.Equal(t, short, every(printed))
	}
}
