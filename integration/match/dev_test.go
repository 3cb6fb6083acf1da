package match

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readEntities reads a file of the development set.
func readEntities(t testing.TB, file string) []Entity {
	t.Helper()
	var all []Entity
	for _, f := range readTSV(t, file) {
		all = append(all, Entity{ID: f[0], Name: f[1], ParentID: f[2], City: f[3], Domain: f[4], Phone: f[5]})
	}
	return all
}

func readTSV(t testing.TB, file string) [][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	var all [][]string
	for _, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")[1:] {
		all = append(all, strings.Split(line, "\t"))
	}
	return all
}

// namesOnly leaves what a name and its parent do not say.
func namesOnly(all []Entity) []Entity {
	bare := make([]Entity, len(all))
	for i, e := range all {
		bare[i] = Entity{ID: e.ID, Name: e.Name, ParentID: e.ParentID}
	}
	return bare
}

// figures are how good suggestions are, in percent.
type figures struct {
	precision, recall, f1, atFive  float64
	sure, sureCoverage             float64 // Exact and Strong
	sureAmbiguous, twice, pairings int
}

func measure(suggestions []Suggestion, truth map[string]map[string]bool) figures {
	var n, hit, five, sure, sureHit int
	var f figures
	used := map[string]bool{}
	for _, s := range suggestions {
		right := truth[s.Left]
		found := right[s.Right]
		for i, o := range s.Others {
			found = found || i < 4 && right[o.Right]
		}
		if found {
			five++
		}
		if s.Right == "" {
			continue
		}
		n++
		if used[s.Right] {
			f.twice++
		}
		used[s.Right] = true
		if right[s.Right] {
			hit++
		}
		if s.Band == Exact || s.Band == Strong {
			sure++
			if right[s.Right] {
				sureHit++
			}
			if len(right) > 1 {
				f.sureAmbiguous++
			}
		}
	}
	percent := func(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }
	f.precision, f.recall, f.atFive = percent(hit, n), percent(hit, len(truth)), percent(five, len(truth))
	f.f1 = 2 * f.precision * f.recall / (f.precision + f.recall)
	f.sure, f.sureCoverage, f.pairings = percent(sureHit, sure), percent(sureHit, len(truth)), n
	return f
}

func readTruth(t testing.TB) map[string]map[string]bool {
	t.Helper()
	truth := map[string]map[string]bool{}
	for _, f := range readTSV(t, "dev/truth.tsv") {
		if truth[f[0]] == nil {
			truth[f[0]] = map[string]bool{}
		}
		truth[f[0]][f[1]] = true
	}
	return truth
}

func TestSuggestionsOnTheDevelopmentSetReachTheirFigures(t *testing.T) {
	t.Parallel()
	left, right, truth := readEntities(t, "dev/left.tsv"), readEntities(t, "dev/right.tsv"), readTruth(t)
	for _, row := range []struct {
		name        string
		left, right []Entity
		least       float64
	}{
		{"names and parents", namesOnly(left), namesOnly(right), 97},
		{"with city, domain and phone", left, right, 98},
	} {
		suggestions, compared := organizations(row.left, row.right, nil)
		f := measure(suggestions, truth)
		t.Logf("%s: precision %.2f recall %.2f F1 %.2f; among five %.2f; exact and strong: precision %.2f coverage %.2f, on ambiguous ones %d; %d suggestions, %d pairs compared",
			row.name, f.precision, f.recall, f.f1, f.atFive, f.sure, f.sureCoverage, f.sureAmbiguous, f.pairings, compared)
		require.GreaterOrEqual(t, f.f1, row.least, row.name)
		require.GreaterOrEqual(t, f.sure, 99.5, row.name)
		require.Zero(t, f.twice, row.name)
	}
}
