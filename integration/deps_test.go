package integration_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/itglue-revio/itglue-revio"

// arrow says what a package, and the packages below it that have no row of
// their own, may import of ours. A name ending in /... stands for all below it.
type arrow struct {
	from string
	to   []string
	why  string
}

var arrows = []arrow{
	{"component", nil, "the kit stands alone: another integration can take it as it is"},
	{"component/componenttest", []string{"component"}, "what every component must pass knows no component"},
	{"component/itglue", []string{"component"}, "a connector knows its own system only"},
	{"component/itglue/itgluetest", []string{"component", "component/itglue"}, "the simulator stands beside its connector"},
	{"component/revio", []string{"component"}, "a connector knows its own system only"},
	{"component/revio/reviotest", []string{"component", "component/revio"}, "the simulator stands beside its connector"},
	{"integration", []string{"component"}, "what an integration is has nothing of IT Glue in it"},
	{"integration/reconcile", nil, "deciding needs nothing but what it is given"},
	{"integration/match", []string{"integration/reconcile"}, "names and serial numbers to suggestions"},
	{"integration/mapping", []string{"integration/reconcile"}, "traits to fields and back"},
	{"integration/store", []string{"component", "integration/reconcile"}, "what is remembered, and the errors it answers with"},
	{"integration/store/sqlstore", []string{"component", "integration/store", "integration/reconcile"}, "one SQL text behind the interface"},
	{"integration/store/storetest", []string{"component", "integration/store", "integration/reconcile"}, "one suite for every store"},
	{"integration/cycle", []string{"component", "component/itglue", "component/revio", "integration/reconcile", "integration/match", "integration/mapping", "integration/store"}, "one run over the pair; nothing calls back up"},
	{"integration/alert", []string{"component", "integration/store"}, "tells people what is wrong, whatever that is"},
	{"integration/itgluerevio", []string{"component", "component/itglue", "component/revio", "integration", "integration/alert", "integration/cycle", "integration/store", "integration/reconcile", "integration/match", "integration/mapping"}, "our definition; who runs and who shows it, it does not know"},
	{"integration/itgluerevio/demo", []string{"component/...", "integration/..."}, "the demo joins everything, with the simulators"},
	{"integration/access", []string{"component", "integration/store"}, "generic: who may do what, whatever the actions are"},
	{"integration/runner", []string{"component", "integration", "integration/store"}, "generic: when flows run, whatever they do"},
	{"integration/serve", []string{"component", "integration", "integration/access", "integration/store", "integration/serve/..."}, "generic: one face a file, whatever the actions are"},
	{"integration/serve/console", nil, "the built pages"},
	{"integration/cmd", []string{"component/...", "integration/..."}, "main joins them"},
	{"integration/internal/sim", []string{"component/...", "integration/..."}, "the simulated world joins them"},
	{"integration/internal/generate", []string{"component/...", "integration/..."}, "what is published is made of all that there is"},
	{"integration/internal/bench", []string{"integration/match"}, "measures what is promised in numbers"},
	{"integration/internal/world", []string{"integration/itgluerevio/demo"}, "the demo's world alone, for tests in a browser"},
	{"schemas", nil, "published files"},
	{"examples", []string{"component/...", "integration/..."}, "an example may show anything"},
}

// forbidden by the pure packages: what is given to them is all they know.
var forbidden = []string{"os", "net", "time", "context", "database/sql", "log", "syscall", "io/fs", "math/rand", "crypto/rand", "unsafe"}

// forTests is what is there for tests, and who else may import it.
var forTests = map[string][]string{
	"component/itglue/itgluetest": {"examples", "integration/cmd", "integration/itgluerevio/demo", "integration/internal/sim"},
	"component/revio/reviotest":   {"examples", "integration/cmd", "integration/itgluerevio/demo", "integration/internal/sim"},
	"component/componenttest":     {"examples"},
	"integration/store/storetest": {},
	"integration/internal/sim":    {},
}

// listed is a package as the go command lists it.
type listed struct {
	ImportPath string
	Name       string
	Doc        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

// path is the package's folder below the module's root.
func (l listed) path() string {
	return strings.TrimPrefix(strings.TrimPrefix(l.ImportPath, module), "/")
}

// packages lists every package of the module with its non-test files. The go
// command answers for packages that do not compile, too.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Name,Doc,GoFiles,Imports,Deps", module+"/...")
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	require.NoError(t, err, words.String())
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		err := d.Decode(&l)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if len(l.GoFiles) > 0 {
			all = append(all, l)
		}
	}
	require.NotEmpty(t, all)
	return all
}

// ours gives what a list of imports names of this module.
func ours(imports []string) []string {
	var paths []string
	for _, i := range imports {
		if strings.HasPrefix(i, module+"/") {
			paths = append(paths, strings.TrimPrefix(i, module+"/"))
		}
	}
	return paths
}

// within reports whether a package is another one or below it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}

// arrowOf is the row with the longest name that holds for a package.
func arrowOf(path string) (best arrow, ok bool) {
	for _, a := range arrows {
		if within(path, a.from) && len(a.from) > len(best.from) {
			best, ok = a, true
		}
	}
	return best, ok
}

// allows reports whether the arrow leads to a package. What is internal to the
// arrow's own folder is its own.
func (a arrow) allows(target string) bool {
	if within(target, a.from+"/internal") {
		return true
	}
	return slices.ContainsFunc(a.to, func(to string) bool {
		root, below := strings.CutSuffix(to, "/...")
		return target == root || below && within(target, root)
	})
}

func TestPackagesImportOnlyWhatTheDesignSays(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		a, ok := arrowOf(p.path())
		if !ok {
			t.Errorf("%s is new: say in arrows what it may import of ours, and why", p.path())
			continue
		}
		for _, target := range ours(p.Imports) {
			if !a.allows(target) {
				t.Errorf("%s imports %s, and may not: %s", p.path(), target, a.why)
			}
		}
	}
}

func TestGenericPackagesReachNoConnectorByAnyWay(t *testing.T) {
	t.Parallel()
	generic := []string{"integration", "integration/access", "integration/runner", "integration/serve", "integration/store", "integration/store/sqlstore"}
	for _, p := range packages(t) {
		if !slices.Contains(generic, p.path()) {
			continue
		}
		for _, dep := range ours(p.Deps) {
			for _, connector := range []string{"component/itglue", "component/revio", "integration/itgluerevio", "integration/cycle"} {
				if within(dep, connector) {
					t.Errorf("%s depends on %s: another integration could not use it", p.path(), dep)
				}
			}
		}
	}
}

func TestDecidingPackagesArePure(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if !slices.Contains([]string{"integration/reconcile", "integration/match", "integration/mapping"}, p.path()) {
			continue
		}
		for _, i := range p.Imports {
			for _, f := range forbidden {
				if within(i, f) {
					t.Errorf("%s imports %s: what it is given must decide what it answers", p.path(), i)
				}
			}
		}
	}
}

func TestSimulatorsAndSuitesStayOutOfTheProduct(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, target := range ours(p.Imports) {
			users, ok := forTests[target]
			if ok && !slices.ContainsFunc(users, func(u string) bool { return within(p.path(), u) }) {
				t.Errorf("%s imports %s, which is for tests", p.path(), target)
			}
		}
		if _, ok := forTests[p.path()]; ok {
			continue
		}
		for _, i := range p.Imports {
			if i == "testing" || within(i, "github.com/stretchr/testify") || within(i, "pgregory.net/rapid") {
				t.Errorf("%s imports %s, which is for tests", p.path(), i)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.path())
		}
		if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "models"}, p.Name) {
			t.Errorf("%s is called %s, which says nothing", p.path(), p.Name)
		}
	}
}
