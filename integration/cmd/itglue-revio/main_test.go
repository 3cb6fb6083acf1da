package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// buffer is written to by the program and read by the test at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// runIn runs a command line with a data folder.
func runIn(ctx context.Context, t *testing.T, data string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs buffer
	status = run(ctx, append(args, "--data", data), strings.NewReader(""), &out, &errs)
	return status, out.String(), errs.String()
}

func TestHelpAndSchemasMakeNoDatabase(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"schema"}, {"schema", "--json"}, {"completion", "bash"}, {"--version"}} {
		data := filepath.Join(t.TempDir(), "data")
		status, stdout, stderr := runIn(t.Context(), t, data, args...)
		require.Zero(t, status, stderr)
		require.NotEmpty(t, stdout, args)
		require.NoDirExists(t, data)
	}
}

func TestEveryActionIsACommandWithHelp(t *testing.T) {
	t.Parallel()
	_, stdout, _ := runIn(t.Context(), t, t.TempDir(), "schema", "--json")
	var all []struct{ Name, Summary string }
	require.NoError(t, json.Unmarshal([]byte(stdout), &all))
	for _, a := range all {
		status, stdout, stderr := runIn(t.Context(), t, t.TempDir(), append(strings.Split(a.Name, "."), "--help")...)
		require.Zero(t, status, stderr)
		require.True(t, strings.HasPrefix(stdout, a.Summary), "%s: %s", a.Name, stdout)
	}
}

func TestServeAnswersWhetherItIsHealthyUntilItIsStopped(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	ctx, stop := context.WithCancel(t.Context())
	var stderr buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", data}, strings.NewReader(""), io.Discard, &stderr)
	}()
	listening := regexp.MustCompile(`listening on (http://127\.0\.0\.1:\d+)`)
	require.Eventually(t, func() bool { return listening.MatchString(stderr.String()) }, 30*time.Second, 10*time.Millisecond)
	res, err := http.Get(listening.FindStringSubmatch(stderr.String())[1] + "/healthz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	stop()
	require.Zero(t, <-ended)
	require.FileExists(t, filepath.Join(data, "itglue-revio.db"))
}

func TestProfileThatCannotBeReadIsAFaultOfTheCommandLine(t *testing.T) {
	t.Parallel()
	status, _, stderr := runIn(t.Context(), t, t.TempDir(), "schema", "--revio-profile", "nowhere.json")
	require.Equal(t, 2, status)
	require.Contains(t, stderr, "--revio-profile")
}

func TestLogsHoldNoSecretWhateverItsName(t *testing.T) {
	t.Parallel()
	var stderr buffer
	p := &program{stderr: &stderr}
	p.command(strings.NewReader(""), io.Discard)
	p.log.Error("refused", "clientSecret", "hunter2", "X-API-Key", "hunter2", "Authorization", "Bearer hunter2", "run", "7")
	require.NotContains(t, stderr.String(), "hunter2")
	require.Contains(t, stderr.String(), "run=7")
}

func TestMatchWritesASuggestionForEachLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	left := file("left.tsv", "id\tname\tparent_id\tphone\tcolour\r\n1\tVanguard Cabinets LLC\t\t\tred\n2\tNorthwind Dental\t\t\n")
	right := file("right.tsv", "name\tid\nVanguard Cabinets\t9\nNorthwind Dental\t8\nUnrelated Steel\t7\n")
	out := filepath.Join(dir, "out.tsv")
	status, _, stderr := runIn(t.Context(), t, dir, "match", "--left", left, "--right", right, "--out", out)
	require.Zero(t, status, stderr)
	written, err := os.ReadFile(out)
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(written)), "\n")
	require.Equal(t, "left_id\tright_id\tscore\tband", rows[0])
	var suggested []string
	for _, row := range rows[1:] {
		cells := strings.Split(row, "\t")
		require.Len(t, cells, 4)
		if cells[3] != "candidate" {
			suggested = append(suggested, cells[0]+"="+cells[1])
		}
	}
	require.Equal(t, []string{"1=9", "2=8"}, suggested)

	for name, text := range map[string]string{
		"no header":  "Vanguard\t1\n",
		"wide":       "id\tname\n1\tVanguard\tmore\n",
		"without id": "id\tname\n\tVanguard\n",
	} {
		status, _, stderr := runIn(t.Context(), t, dir, "match", "--left", file("faulty.tsv", text), "--right", right, "--out", out)
		require.Equal(t, 2, status, name)
		require.Contains(t, stderr, "faulty.tsv", name)
	}
}
