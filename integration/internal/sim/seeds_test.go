package sim

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
	dir, err := os.MkdirTemp(scratch, fmt.Sprintf("world-of-seed-%d-", seed))
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(dir)) }()
	db, err := os.ReadFile(filepath.Join(template, "data.db"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "data.db"), db, 0o600))
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

// number reads an environment variable.
func number(t *testing.T, name, otherwise string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(cmp.Or(os.Getenv(name), otherwise), 64)
	require.NoError(t, err, name)
	return n
}

// eachSeed goes through seeds on every core, from SIM_FIRST on, while more says
// so of how many there were.
func eachSeed(t *testing.T, more func(n int) bool, do func(t *testing.T, template string, b *body, seed uint64)) {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(1600)) // worlds are many and small
	template, from := emptyDatabase(t), uint64(number(t, "SIM_FIRST", "1"))
	seeds := make(chan uint64)
	go func() {
		defer close(seeds)
		for n := 0; more(n); n++ {
			seeds <- from + uint64(n)
		}
	}()
	t.Run("worlds", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("worker", func(t *testing.T) {
				t.Parallel()
				b := newBody()
				for seed := range seeds {
					do(t, template, b, seed)
				}
			})
		}
	})
}

// between is the time from one table to the next in a long run.
const between = 10 * time.Minute

// TestSeeds goes through SIM_SEEDS worlds, or as many as SIM_HOURS give time
// for, and prints what they counted.
func TestSeeds(t *testing.T) {
	count, hours := int(number(t, "SIM_SEEDS", "40")), number(t, "SIM_HOURS", "0")
	all := newTable()
	until, shown := all.began.Add(time.Duration(hours*float64(time.Hour))), all.began
	eachSeed(t, func(n int) bool {
		if time.Since(shown) > between { // asked by one goroutine only
			shown = time.Now()
			fmt.Printf("\n%s\n", all)
		}
		if hours > 0 {
			return time.Now().Before(until)
		}
		return n < count
	}, func(t *testing.T, template string, b *body, seed uint64) {
		f := simulate(t, template, b, seed, draw(dice{seed}.on("profile", "")), *steps)
		all.add(f)
		if len(f.Broken) > 0 {
			fmt.Printf("seed %d: %s\n  replay it with scripts/simulate --seed %d\n", seed, strings.Join(f.Broken, "\n  "), seed)
			t.Fail()
		}
	})
	fmt.Printf("\n%s\n", all)
	for _, lack := range all.lacks() {
		t.Error(lack)
	}
}

// TestTheSameSeedIsTheSameWorldTwice goes through SIM_TWICE worlds two times.
func TestTheSameSeedIsTheSameWorldTwice(t *testing.T) {
	count := int(number(t, "SIM_TWICE", "8"))
	eachSeed(t, func(n int) bool { return n < count }, func(t *testing.T, template string, b *body, seed uint64) {
		p := draw(dice{seed}.on("profile", ""))
		one, two := simulate(t, template, b, seed, p, *steps), simulate(t, template, b, seed, p, *steps)
		if one.Sum != two.Sum {
			t.Errorf("seed %d: %s", seed, firstDifference(one.Trace, two.Trace))
		}
	})
	fmt.Printf("%d seeds gone through twice\n", count)
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d:\n%s\n%s", i, x[i], y[i])
		}
	}
	return "one is longer"
}
