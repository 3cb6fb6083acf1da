package match

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The least figures, in percent, are the goals where they are reached, and what
// is reached where the set is harder than real lists are (field): a change may
// make them better only.
func TestSuggestionsForTheLabelledSetsReachTheirFigures(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		set                        string
		names                      bool // names and parents only
		f1, atFive, sure, coverage float64
		ambiguous                  int
		mostCalibrationError       float64
	}{
		{"dev", false, 99.5, 99.6, 99.9, 97.0, 0, 0.010},
		{"dev", true, 99.2, 99.5, 99.9, 96.0, 0, 0.010},
		{"field", false, 96.5, 98.0, 99.7, 79.5, 3, 0.010},
		{"field", true, 95.5, 97.5, 99.6, 71.0, 3, 0.025},
	} {
		left, right := readEntities(t, row.set+"/left.tsv"), readEntities(t, row.set+"/right.tsv")
		if row.names {
			left, right = namesOnly(left), namesOnly(right)
		}
		f := measure(Organizations(left, right, nil), readTruth(t, row.set+"/truth.tsv"))
		t.Logf("%s (names only: %v): %+v", row.set, row.names, f)
		require.GreaterOrEqual(t, f.f1, row.f1, row.set)
		require.GreaterOrEqual(t, f.atFive, row.atFive, row.set)
		require.GreaterOrEqual(t, f.sure, row.sure, row.set)
		require.GreaterOrEqual(t, f.sureCoverage, row.coverage, row.set)
		require.LessOrEqual(t, f.sureAmbiguous, row.ambiguous, row.set)
		require.LessOrEqual(t, f.ece, row.mostCalibrationError, row.set)
		require.Zero(t, f.twice, row.set)
	}
}
