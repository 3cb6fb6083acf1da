package match

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// hardCases makes one list of both sides of all cases written by hand, and the
// truth about them.
func hardCases(t testing.TB) (left, right []Entity, truth map[string]map[string]bool, why map[string]string) {
	truth, why = map[string]map[string]bool{}, map[string]string{}
	for i, row := range readTSV(t, "hard.tsv") {
		l, r := fmt.Sprintf("L%03d", i), fmt.Sprintf("R%03d", i)
		left, right = append(left, Entity{ID: l, Name: row[0]}), append(right, Entity{ID: r, Name: row[1]})
		if row[2] == "same" {
			truth[l] = map[string]bool{r: true}
		}
		why[l] = fmt.Sprintf("%s | %s | %s: %s", row[0], row[1], row[2], row[3])
	}
	return left, right, truth, why
}

func TestHardCasesWrittenByHand(t *testing.T) {
	t.Parallel()
	left, right, truth, why := hardCases(t)
	all := Organizations(left, right, nil)
	for _, s := range all {
		if s.Band == Exact || s.Band == Strong {
			require.True(t, truth[s.Left][s.Right], "%s is %s: %v", why[s.Left], s.Band, s.Reasons)
		}
	}
	f := measure(all, truth)
	require.GreaterOrEqual(t, f.f1, 95.0)
	require.GreaterOrEqual(t, f.sureCoverage, 90.0)
	require.GreaterOrEqual(t, f.atFive, 98.0)
}
