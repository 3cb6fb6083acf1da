package integration_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// declared is what the Go files of a package's folder hold: the names of their
// functions, and every text, which is where the names of subtests are.
type declared struct{ functions, texts map[string]bool }

// declarations reads the tests of a folder; of the simulated world all files, as
// its oracles are no tests.
func declarations(t *testing.T, folder string) declared {
	t.Helper()
	pattern := "*_test.go"
	if folder == "integration/internal/sim" {
		pattern = "*.go"
	}
	files, err := filepath.Glob(filepath.Join(root, folder, pattern))
	require.NoError(t, err)
	d := declared{map[string]bool{}, map[string]bool{}}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				d.functions[n.Name.Name] = true
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					d.texts[text] = true
				}
			}
			return true
		})
	}
	return d
}

var (
	holder   = regexp.MustCompile("`([^`]+)`")
	holdForm = regexp.MustCompile(`^((?:component|integration)[a-z/-]*)\.([A-Za-z]\w*)(?:/(.+))?$`)
)

func TestEveryPromiseIsHeldByATestThatIsThere(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("GUARANTEES.md")
	require.NoError(t, err)
	promised, refused, found := strings.Cut(string(raw), "\n## What we do not promise\n")
	require.True(t, found)
	require.Greater(t, strings.Count(refused, "\n- **"), 5)
	require.Greater(t, held(t, promised), 40)
}

func TestEveryControlIsHeldByATestThatIsThere(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("SECURITY.md")
	require.NoError(t, err)
	_, controls, found := strings.Cut(string(raw), "\n| Control | Held by |\n")
	require.True(t, found)
	require.Greater(t, held(t, controls), 10)
}

// held checks the lines of tables that say what holds a promise, and counts them.
func held(t *testing.T, text string) (promises int) {
	t.Helper()
	known := map[string]declared{}
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "| ") || line == "| Promise | Held by |" {
			continue
		}
		promises++
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		require.Len(t, cells, 2, "line %d is not a promise and what holds it", i+1)
		names := holder.FindAllStringSubmatch(cells[1], -1)
		if len(names) == 0 {
			t.Errorf("line %d: nothing holds it: %s", i+1, cells[0])
		}
		for _, n := range names {
			m := holdForm.FindStringSubmatch(n[1])
			if m == nil {
				t.Errorf("line %d: %s is not a package's path, a point and a test", i+1, n[1])
				continue
			}
			folder, function, subtest := m[1], m[2], m[3]
			if _, read := known[folder]; !read {
				known[folder] = declarations(t, folder)
			}
			if !known[folder].functions[function] || subtest != "" && !known[folder].texts[subtest] {
				t.Errorf("line %d: there is no %s", i+1, n[1])
			}
		}
	}
	return promises
}
