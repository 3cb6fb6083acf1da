package sim

import (
	"cmp"
	"context"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

var (
	one   = flag.Uint64("seed", 0, "replay this seed, and print its trace")
	steps = flag.Int("steps", 440, "steps of each seed before its calm end, which takes some 60 more")
)

// simulate goes through the world of a seed in a folder of its own.
func simulate(t *testing.T, template string, b *body, seed uint64, p Profile, steps int) (f Figures) {
	t.Helper()
	dir, err := os.MkdirTemp(scratch, "world")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(dir)) }()
	for _, name := range []string{"data.db"} {
		b, err := os.ReadFile(filepath.Join(template, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	synctest.Test(t, func(*testing.T) { f = newWorld(seed, p, dir, b).run(steps) })
	return f
}

// scratch is in memory where the system has such a folder: a simulated crash is
// one of the process, not of the machine.
var scratch = func() string {
	if i, err := os.Stat("/dev/shm"); err == nil && i.IsDir() {
		return "/dev/shm"
	}
	return ""
}()

// emptyDatabase makes a database with its tables, to copy.
func emptyDatabase(t *testing.T) string {
	dir := t.TempDir()
	db, err := sqlstore.OpenSQLite(context.Background(), filepath.Join(dir, "data.db"), sqlstore.Options{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	return dir
}

func TestOneSeed(t *testing.T) {
	seed := *one
	p := draw(dice{seed}.on("profile", ""))
	template, b := emptyDatabase(t), newBody()
	f := simulate(t, template, b, seed, p, *steps)
	t.Logf("%s\n%s", p, f.Trace)
	t.Logf("%d steps, %d runs, %s, fired %v, points %v", f.Steps, f.Runs, f.Lasted, f.Fired, f.Points)
	if len(f.Broken) > 0 && *small {
		keep(t, template, b, f)
	}
	require.Empty(t, f.Broken)
}

// count is how many seeds TestSeeds goes through; scripts/test asks for more.
func count(t *testing.T) int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("SIM_SEEDS"), "60"))
	require.NoError(t, err, "SIM_SEEDS")
	return n
}

func first(t *testing.T) uint64 {
	n, err := strconv.ParseUint(cmp.Or(os.Getenv("SIM_FIRST"), "1"), 10, 64)
	require.NoError(t, err, "SIM_FIRST")
	return n
}

func TestSeeds(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1600)) // worlds are many and small
	template, from, n := emptyDatabase(t), first(t), count(t)
	seeds := make(chan uint64)
	var all table
	t.Run("worlds", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("worker", func(t *testing.T) {
				t.Parallel()
				b := newBody()
				for seed := range seeds {
					all.add(simulate(t, template, b, seed, draw(dice{seed}.on("profile", "")), *steps))
				}
			})
		}
		go func() {
			for i := range n {
				seeds <- from + uint64(i)
			}
			close(seeds)
		}()
	})
	t.Log("\n" + all.String())
	for _, f := range all.broken {
		t.Errorf("seed %d: %s\n  replay it with scripts/simulate --seed %d", f.Seed, strings.Join(f.Broken, "\n  "), f.Seed)
	}
}
