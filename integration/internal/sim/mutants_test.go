package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	untilBroken = flag.String("until-broken", "1-2", "the seeds that TestUntilBroken goes through, as in 7,12,1-20")
	record      = flag.Bool("record", false, "TestMutants: keep in mutants.json which seed caught each mutant")
)

const (
	root       = "../../.."
	mutantsDir = "testdata/mutants"
)

// mutant is a fault that is planted in the product: a patch of its files, which
// go test lays over them. By names the test that catches what no seed does.
type mutant struct {
	Name      string   `json:"name"`
	Breaks    string   `json:"breaks"`
	Invariant string   `json:"invariant"`
	Caught    string   `json:"caught"` // what broke in the seeds
	Seeds     []uint64 `json:"seeds"`  // those known to catch it
	By        string   `json:"by"`
}

// verdict is how a mutant was caught.
type verdict struct {
	by      string // empty: it survived
	seed    uint64
	tried   int
	seconds float64
}

// catalog gives the mutants, each of which is a patch of the same name.
func catalog(t *testing.T) []mutant {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(mutantsDir, "mutants.json"))
	require.NoError(t, err)
	var all []mutant
	require.NoError(t, json.Unmarshal(b, &all))
	patches, err := filepath.Glob(filepath.Join(mutantsDir, "*.patch"))
	require.NoError(t, err)
	var names, files []string
	for _, m := range all {
		names = append(names, m.Name+".patch")
	}
	for _, p := range patches {
		files = append(files, filepath.Base(p))
	}
	require.ElementsMatch(t, files, names, "each patch has its line in mutants.json, and each line its patch")
	return all
}

// command runs a program of the module in a folder, and gives what it said.
func command(dir, name string, arg ...string) ([]byte, error) {
	c := exec.Command(name, arg...)
	c.Dir = dir
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOGC=400", "SIM_MUTANTS=") // most of what the hunt takes is compiling
	return c.CombinedOutput()
}

var patched = regexp.MustCompile(`(?m)^\+\+\+ b/(\S+)`)

// overlay plants a mutant in copies of the files that it changes. It gives the
// file for go's -overlay, and the packages that are others now.
func (m mutant) overlay(t *testing.T) (file string, packages []string) {
	t.Helper()
	dir := t.TempDir()
	patch, err := filepath.Abs(filepath.Join(mutantsDir, m.Name+".patch"))
	require.NoError(t, err)
	text, err := os.ReadFile(patch)
	require.NoError(t, err)
	replace := map[string]string{}
	for _, found := range patched.FindAllSubmatch(text, -1) {
		path := string(found[1])
		own, err := filepath.Abs(filepath.Join(root, path))
		require.NoError(t, err)
		b, err := os.ReadFile(own)
		require.NoError(t, err)
		replace[own] = filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(replace[own]), 0o700))
		require.NoError(t, os.WriteFile(replace[own], b, 0o600))
		packages = append(packages, "./"+filepath.ToSlash(filepath.Dir(path)))
	}
	require.NotEmpty(t, replace, "the patch changes no file")
	out, err := command(dir, "git", "apply", "--whitespace=nowarn", patch)
	require.NoError(t, err, "the patch no longer applies: make it again for the code as it is\n%s", out)
	b, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	file = filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(file, b, 0o600))
	slices.Sort(packages)
	return file, slices.Compact(packages)
}

// TestMutants plants each mutant and builds what it changes. With SIM_MUTANTS
// it also sees that each is caught: by one of its recorded seeds, or of as many
// more from 1 on (1 is 20), or where no seed is known, by the test it names.
func TestMutants(t *testing.T) {
	more, err := strconv.Atoi(cmp.Or(os.Getenv("SIM_MUTANTS"), "0"))
	require.NoError(t, err, "SIM_MUTANTS")
	if more == 1 {
		more = 20
	}
	only := os.Getenv("SIM_ONLY")
	all := catalog(t)
	h := &hunt{turns: make(chan bool, runtime.GOMAXPROCS(0)), verdicts: map[string]verdict{}}
	if more > 0 {
		h.product = h.build(t, "")
	}
	t.Run("mutants", func(t *testing.T) {
		for _, m := range all {
			t.Run(m.Name, func(t *testing.T) {
				t.Parallel()
				overlay, packages := m.overlay(t)
				h.turns <- true
				defer func() { <-h.turns }()
				if more == 0 {
					out, err := command(root, "go", append([]string{"build", "-overlay", overlay}, packages...)...)
					require.NoError(t, err, "it does not compile:\n%s", out)
					return
				}
				if matched, err := regexp.MatchString(only, m.Name); err == nil && matched {
					h.hunt(t, m, overlay, more)
				}
			})
		}
	})
	if more > 0 {
		t.Log("\n" + h.table(all))
	}
	if *record {
		h.keep(t, all)
	}
}

// hunt is a run over the mutants.
type hunt struct {
	turns    chan bool
	product  string // the test binary of the product as it is
	mu       sync.Mutex
	verdicts map[string]verdict
}

// build makes the test binary of this package, with an overlay or without.
func (h *hunt) build(t *testing.T, overlay string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sim.test")
	arg := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", file}
	if overlay != "" {
		arg = append(arg, "-overlay", overlay)
	}
	out, err := command(root, "go", append(arg, "./integration/internal/sim")...)
	require.NoError(t, err, "it does not compile:\n%s", out)
	return file
}

// hunt looks for what catches a mutant.
func (h *hunt) hunt(t *testing.T, m mutant, overlay string, more int) {
	began := time.Now()
	var v verdict
	// A test that is known to be all that catches it comes before many seeds.
	if len(m.Seeds) > 0 || more > 20 {
		v = h.seeds(t, m, overlay, more)
	}
	if v.by == "" && m.By != "" && m.caughtByTest(t, overlay) {
		v.by = m.By
	}
	v.seconds = time.Since(began).Seconds()
	t.Logf("%s: %q, seed %d, %d tried, %.0f s", m.Name, v.by, v.seed, v.tried, v.seconds)
	h.mu.Lock()
	h.verdicts[m.Name] = v
	h.mu.Unlock()
	require.NotEmpty(t, v.by, "it survived %d seeds", v.tried)
}

var (
	atSeed  = regexp.MustCompile(`(?m)^ *\S*seed (\d+)\b`)
	isWrong = regexp.MustCompile(`BROKEN seed (\d+): (I[0-9/I]+)`)
)

// seeds goes through the recorded seeds and more, to the first in which the
// mutant breaks an invariant that the product as it is keeps.
func (h *hunt) seeds(t *testing.T, m mutant, overlay string, more int) (v verdict) {
	binary := h.build(t, overlay)
	todo := slices.Clone(m.Seeds)
	for i := range more {
		if seed := uint64(i + 1); !slices.Contains(todo, seed) {
			todo = append(todo, seed)
		}
	}
	for len(todo) > 0 {
		out, err := untilOneBreaks(binary, todo)
		if err == nil {
			v.tried += len(todo)
			return v
		}
		seed, by := lastSeed(out)
		i := slices.Index(todo, seed)
		require.GreaterOrEqual(t, i, 0, "%v\n%s", err, out)
		v.tried, todo = v.tried+i+1, todo[i+1:]
		if _, err := untilOneBreaks(h.product, []uint64{seed}); err == nil {
			v.seed, v.by = seed, by
			return v
		}
	}
	return v
}

func untilOneBreaks(binary string, seeds []uint64) ([]byte, error) {
	return command(".", binary, "-test.run=^TestUntilBroken$", "-test.v", "-test.timeout=60m", "-until-broken="+strings.Trim(strings.ReplaceAll(fmt.Sprint(seeds), " ", ","), "[]"))
}

// lastSeed finds the seed that broke, or in which the process ended.
func lastSeed(out []byte) (seed uint64, by string) {
	by = "the process ended"
	found := atSeed.FindAllSubmatch(out, -1)
	if wrong := isWrong.FindAllSubmatch(out, -1); len(wrong) > 0 {
		found, by = wrong, string(wrong[len(wrong)-1][2])
	}
	if len(found) > 0 {
		seed, _ = strconv.ParseUint(string(found[len(found)-1][1]), 10, 64)
	}
	return seed, by
}

// caughtByTest reports whether the test that a mutant names fails with it.
func (m mutant) caughtByTest(t *testing.T, overlay string) bool {
	t.Helper()
	name, test, _ := strings.Cut(m.By, ".")
	arg := []string{"test", "-vet=off", "-count=1", "-v", "-timeout=5m", "-run", "^" + test + "$"}
	path := packageOf(t, name)
	if out, err := command(root, "go", append(arg, path)...); err != nil || !bytes.Contains(out, []byte("--- PASS: "+test)) {
		t.Fatalf("%s is to pass without the mutant:\n%s", m.By, out)
	}
	out, err := command(root, "go", append(append(arg, "-overlay", overlay), path)...)
	return err != nil && bytes.Contains(out, []byte("--- FAIL: "+test))
}

// packageOf finds the package of a name.
func packageOf(t *testing.T, name string) (path string) {
	t.Helper()
	for _, top := range []string{"component", "integration"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(root, top), func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == name {
				path = "./" + filepath.ToSlash(strings.TrimPrefix(filepath.Clean(p), filepath.Clean(root)+string(filepath.Separator)))
			}
			return err
		}))
	}
	require.NotEmpty(t, path, "there is no package %s", name)
	return path
}

// table shows what caught each mutant.
func (h *hunt) table(all []mutant) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-30s %-5s %-64s %6s %6s %8s\n", "mutant", "holds", "caught by", "seed", "tried", "seconds")
	for _, m := range all {
		if v, ok := h.verdicts[m.Name]; ok {
			fmt.Fprintf(&b, "%-30s %-5s %-64s %6d %6d %8.1f\n", m.Name, m.Invariant, cmp.Or(v.by, "NOTHING: it survived"), v.seed, v.tried, v.seconds)
		}
	}
	return b.String()
}

// keep records the seeds that caught mutants.
func (h *hunt) keep(t *testing.T, all []mutant) {
	t.Helper()
	var lines []string
	for _, m := range all {
		if v, ok := h.verdicts[m.Name]; ok {
			m.Seeds, m.Caught = []uint64{}, ""
			if v.seed > 0 {
				m.Seeds, m.Caught = []uint64{v.seed}, v.by
			}
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		require.NoError(t, e.Encode(m))
		lines = append(lines, "  "+strings.TrimSpace(b.String()))
	}
	text := "[\n" + strings.Join(lines, ",\n") + "\n]\n"
	require.NoError(t, os.WriteFile(filepath.Join(mutantsDir, "mutants.json"), []byte(text), 0o600))
}

// TestUntilBroken goes through the seeds of -until-broken, one by one, to the
// first that breaks an invariant. TestMutants runs it with a mutant planted.
func TestUntilBroken(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1600)) // worlds are many and small
	template, b := emptyDatabase(t), newBody()
	for _, part := range strings.Split(*untilBroken, ",") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.ParseUint(from, 10, 64)
		require.NoError(t, err, "-until-broken")
		last := first
		if isRange {
			last, err = strconv.ParseUint(to, 10, 64)
			require.NoError(t, err, "-until-broken")
		}
		for seed := first; seed <= last; seed++ {
			fmt.Printf("seed %d\n", seed)
			f := simulate(t, template, b, seed, draw(dice{seed}.on("profile", "")), *steps)
			require.Empty(t, f.Broken, "BROKEN seed %d: %s", seed, strings.Join(f.Broken, "; "))
		}
	}
}
