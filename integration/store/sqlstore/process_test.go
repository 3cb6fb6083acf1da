package sqlstore

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// The tests below start this test program again, as another process that does
// one of these and says so on its standard output.
const childEnv = "SQLSTORE_TEST_CHILD"

func TestMain(m *testing.M) {
	role, path := os.Getenv(childEnv), os.Getenv(childEnv+"_PATH")
	if role == "" {
		os.Exit(m.Run())
	}
	if err := map[string]func(context.Context, string) error{"writes": childWrites, "hangs": childHangs}[role](context.Background(), path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// entries is how many audit entries a child writes.
const entries = 10

func childWrites(ctx context.Context, path string) error {
	s, err := OpenSQLite(ctx, path, Options{})
	if err != nil {
		return err
	}
	for range entries {
		err := s.Write(ctx, store.Fence{}, func(tx store.Tx) error {
			_, err := tx.Record(ctx, store.Entry{Action: "child"})
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.Close()
}

// childHangs commits one pair, then stops in the middle of a write until it is
// killed.
func childHangs(ctx context.Context, path string) error {
	s, err := OpenSQLite(ctx, path, Options{})
	if err != nil {
		return err
	}
	err = s.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		if _, err := tx.SaveInstance(ctx, store.Instance{ID: "acme", Name: "acme"}); err != nil {
			return err
		}
		return tx.SavePair(ctx, "acme", reconcile.Pair{Kind: reconcile.Asset, Left: "committed"})
	})
	if err != nil {
		return err
	}
	return s.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		if err := tx.SavePair(ctx, "acme", reconcile.Pair{Kind: reconcile.Asset, Left: "not committed"}); err != nil {
			return err
		}
		fmt.Println("writing")
		_, err := bufio.NewReader(os.Stdin).ReadString('\n') // which never comes
		return err
	})
}

func child(t *testing.T, role, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+role, childEnv+"_PATH="+path)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestProcessesThatStartAtOnceShareOneDatabase(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	const processes = 4
	var children []*exec.Cmd
	for range processes {
		c := child(t, "writes", path)
		require.NoError(t, c.Start())
		children = append(children, c)
	}
	for _, c := range children {
		require.NoError(t, c.Wait())
	}
	bad, count := verify(t, open(t, path, Options{}))
	require.Zero(t, bad)
	require.Equal(t, processes*entries, count)
}

func TestAKilledProcessLosesNothingThatWasCommitted(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	c := child(t, "hangs", path)
	_, err := c.StdinPipe()
	require.NoError(t, err)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "writing\n", line)
	beside := open(t, path, Options{}) // it opens while the other one writes
	require.Equal(t, []string{"committed"}, lefts(t, beside))
	require.NoError(t, c.Process.Kill())
	require.Error(t, c.Wait())
	after := open(t, path, Options{})
	for _, s := range []*Store{beside, after} {
		require.Equal(t, []string{"committed"}, lefts(t, s))
	}
	write(t, after, func(tx store.Tx) error {
		return tx.SavePair(t.Context(), "acme", reconcile.Pair{Kind: reconcile.Asset, Left: "later"})
	})
	require.Equal(t, []string{"committed", "later"}, lefts(t, beside))
}

func lefts(t *testing.T, s *Store) (out []string) {
	t.Helper()
	require.NoError(t, s.Read(t.Context(), func(tx store.Tx) error {
		pairs, err := tx.ListPairs(t.Context(), "acme", store.PairQuery{})
		for _, p := range pairs {
			out = append(out, p.Left)
		}
		return err
	}))
	return out
}
