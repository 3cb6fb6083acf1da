package match

import (
	"go/parser"
	"go/token"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMatchingReadsNoClockFileOrNetwork(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	read := 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.ImportsOnly)
		require.NoError(t, err)
		read++
		for _, i := range file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			require.NoError(t, err)
			for _, refused := range []string{"os", "net", "time", "context", "database", "log", "syscall", "math/rand", "io/fs"} {
				require.False(t, path == refused || strings.HasPrefix(path, refused+"/"), "%s imports %s", e.Name(), path)
			}
		}
	}
	require.Greater(t, read, 10)
}

// It sets how many work at once for the whole program, so it is not parallel.
func TestHowManyWorkAtOnceMakesNoDifference(t *testing.T) {
	left, right := readEntities(t, "field/left.tsv"), readEntities(t, "field/right.tsv")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := Organizations(left, right, nil)
	for _, n := range []int{2, 3, 8} {
		runtime.GOMAXPROCS(n)
		require.Equal(t, want, Organizations(left, right, nil), "%d at once", n)
	}
}
