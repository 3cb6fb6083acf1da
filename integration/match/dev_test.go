package match

import (
	"math"
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
	ece                            float64
}

func measure(suggestions []Suggestion, truth map[string]map[string]bool) figures {
	var n, hit, five, sure, sureHit int
	var f figures
	used := map[string]bool{}
	var bins [10][3]float64
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
		bin := min(9, int(s.Score*10))
		bins[bin][0]++
		bins[bin][1] += s.Score
		if right[s.Right] {
			bins[bin][2]++
		}
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
	for _, b := range bins {
		f.ece += math.Abs(b[1]-b[2]) / float64(max(n, 1))
	}
	return f
}

func readTruth(t testing.TB, file string) map[string]map[string]bool {
	t.Helper()
	truth := map[string]map[string]bool{}
	for _, f := range readTSV(t, file) {
		if truth[f[0]] == nil {
			truth[f[0]] = map[string]bool{}
		}
		truth[f[0]][f[1]] = true
	}
	return truth
}
