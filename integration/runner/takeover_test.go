package runner_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// What the process that a test kills is told: the database, the point at which it
// kills itself ("" for none: it works until it is killed), and whether it serves.
const (
	childPath   = "RUNNER_TEST_CHILD"
	childPoint  = "RUNNER_TEST_POINT"
	childServes = "RUNNER_TEST_SERVES"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		fmt.Println(child(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child takes the instance's lease for an hour; it does not come back.
func child(path string) error {
	ctx := context.Background()
	s, err := sqlstore.OpenSQLite(ctx, path, sqlstore.Options{})
	if err != nil {
		return err
	}
	y := hourly()
	point := os.Getenv(childPoint)
	if point != "" {
		close(y.open)
	}
	r := runner.New(runner.Options{
		Store: s, Host: &component.Host{}, Definition: y.definition(), DatabasePath: path, Lease: time.Hour,
		Hook: func(at string) {
			if at == point {
				self, err := os.FindProcess(os.Getpid())
				fmt.Println(err, self.Kill())
				select {}
			}
		},
	})
	go func() { fmt.Println("working as " + <-y.entered) }()
	if os.Getenv(childServes) != "" {
		return r.Serve(ctx)
	}
	session, err := r.Session(ctx, "acme", "os:child")
	if err == nil {
		_, err = r.Catalog().Invoke(ctx, session, "toy.work", []byte(`{"wait":true}`))
	}
	return err
}

// start starts a child on a database of its own, in which one instance is active.
func start(t *testing.T, env ...string) (*bench, *exec.Cmd, *bufio.Reader) {
	path := filepath.Join(t.TempDir(), "toy.db")
	b := benchAt(t, newToy(), path)
	b.install("acme")
	b.due()
	close(b.toy.open)
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self)
	c.Env = append(append(os.Environ(), childPath+"="+path), env...)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Kill() })
	return b, c, bufio.NewReader(out)
}

// killed makes a process that works on an instance, and kills it.
func killed(t *testing.T) *bench {
	b, c, out := start(t)
	line, err := out.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "working as os:child", strings.TrimSpace(line))
	run := b.runs()[0]
	require.Equal(t, store.Running, run.State)
	require.True(t, run.Until.After(time.Now().Add(30*time.Minute)), "its lease is long")
	require.NoError(t, c.Process.Kill())
	_ = c.Wait()
	return b
}

func TestProcessThatEndsAtAnyPointLeavesARunThatGoesOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		point, serves string
		later         time.Duration // after which a lost dispatch counts as one
	}{
		{"acquired", "", 0}, {"finishing", "", 0},
		{"acquired", "yes", 0}, {"finishing", "yes", 0}, {"queued", "yes", time.Hour},
	} {
		t.Run(c.point+c.serves, func(t *testing.T) {
			t.Parallel()
			b, process, _ := start(t, childPoint+"="+c.point, childServes+"="+c.serves)
			_ = process.Wait()
			require.Equal(t, -1, process.ProcessState.ExitCode(), "it was killed")
			b.serve(func(o *runner.Options) { o.Now = func() time.Time { return time.Now().Add(c.later) } })
			b.eventually("the run ends", func() bool { return b.runs()[len(b.runs())-1].State == store.Succeeded })
			first := b.runs()[len(b.runs())-1]
			require.EqualValues(t, 2, first.Epoch)
		})
	}
}

func TestRunOfAKilledProcessIsResumedBySomeoneWhoAsksForTheSame(t *testing.T) {
	t.Parallel()
	b := killed(t)
	_, err := b.invoke(t.Context(), "toy.work", `{"wait":true}`)
	require.NoError(t, err)
	runs := b.runs()
	require.Len(t, runs, 1, "the run that was taken over is what was asked for")
	require.Equal(t, store.Succeeded, runs[0].State)
	require.EqualValues(t, 2, runs[0].Epoch)
	require.Equal(t, 2, runs[0].Attempts)
	require.Equal(t, "os:child", b.entering(), "it goes on in the name of whom it was started by")
}

func TestRunOfAKilledProcessIsResumedBeforeSomethingElse(t *testing.T) {
	t.Parallel()
	b := killed(t)
	_, err := b.invoke(t.Context(), "toy.secret", `{}`)
	require.NoError(t, err)
	runs := b.runs()
	require.Len(t, runs, 2)
	require.Equal(t, "toy.secret", runs[0].Flow)
	require.Equal(t, "toy.work", runs[1].Flow)
	require.Equal(t, store.Succeeded, runs[1].State)
	require.Equal(t, "os:child", b.entering())
	require.Equal(t, "os:ana", b.entering())
}

func TestRunOfAKilledProcessIsResumedByServe(t *testing.T) {
	t.Parallel()
	b := killed(t)
	b.serve(nil)
	require.Equal(t, "os:child", b.entering())
	b.eventually("the run ends", func() bool { return b.runs()[0].State == store.Succeeded })
	require.Len(t, b.runs(), 1)
}
