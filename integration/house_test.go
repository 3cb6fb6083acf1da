package integration_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the module's root, seen from this package.
const root = ".."

// made are the folders that builds make; git does not hold them.
var made = []string{".git", "node_modules", "bin", "dist"}

// files gives every text file below the root by its path, or those that keep
// says yes to.
func files(t *testing.T, keep func(path string) bool) map[string]string {
	t.Helper()
	texts := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(made, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		path = filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		if !d.Type().IsRegular() || !keep(path) {
			return nil
		}
		content, err := os.ReadFile(filepath.Join(root, path))
		if err == nil && !bytes.ContainsRune(content, 0) {
			texts[path] = string(content)
		}
		return err
	}))
	require.NotEmpty(t, texts)
	return texts
}

// refuse reports every line of the files that matches.
func refuse(t *testing.T, texts map[string]string, pattern, why string) {
	t.Helper()
	refused := regexp.MustCompile(pattern)
	for path, text := range texts {
		for i, line := range strings.Split(text, "\n") {
			if refused.MatchString(line) {
				t.Errorf("%s:%d %s", path, i+1, why)
			}
		}
	}
}

func isTest(path string) bool { return strings.HasSuffix(path, "_test.go") }

// The patterns are put together from pieces, so that this file has none of them.

func TestNoFileRefersToWhereItWasWritten(t *testing.T) {
	t.Parallel()
	all := files(t, func(string) bool { return true })
	refuse(t, all, `\.\./`+`shared\b`, "refers to a folder outside the project")
	refuse(t, all, `(^|[^\w.~/-])/`+`work(/|\s|["'`+"`"+`)]|$)`, "refers to a folder of the machine it was written on")
}

func TestNeitherConnectorCanDelete(t *testing.T) {
	t.Parallel()
	connectors := files(t, func(path string) bool {
		return strings.HasSuffix(path, ".go") && !isTest(path) && (within(path, "component/itglue") || within(path, "component/revio")) &&
			!within(path, "component/itglue/itgluetest") && !within(path, "component/revio/reviotest")
	})
	refuse(t, connectors, `Method`+`Delete\b|"(?i:delete)"`, "can delete in another system, which nothing here ever does")
}

func TestRootHoldsOnlyWhatTheReadmeNames(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	named := append([]string{"component", "integration", "schemas", "examples", "scripts", "go.mod", "go.sum", "README.md", "LICENSE"}, made...)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(named, e.Name()) {
			t.Errorf("%s lies in the root: put it beside what it belongs to", e.Name())
		}
	}
}

func TestNoTestSkips(t *testing.T) {
	t.Parallel()
	refuse(t, files(t, isTest), `\.Skip`+`(f|Now)?\(`, "skips: a test that may not run proves nothing")
}

func TestNothingIsPutOff(t *testing.T) {
	t.Parallel()
	code := files(t, func(path string) bool { return strings.HasSuffix(path, ".go") || within(path, "scripts") })
	refuse(t, code, `(//|#).*\b(TO`+`DO|FIX`+`ME|XX`+`X)\b`, "puts work off: do it, or write an issue")
}
