package match

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// scoreOf gives the score of the first pair of two lists, suggested or not.
func scoreOf(left, right []Entity) float64 {
	s := Organizations(left, right, nil)[0]
	for _, c := range append([]Candidate{s.Candidate}, s.Others...) {
		if c.Right == right[0].ID {
			return c.Score
		}
	}
	return 0
}

func TestAPairHasOneScoreWhicheverSideIsLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := Entity{ID: "1", Name: anyName().Draw(t, "a")}, Entity{ID: "1", Name: anyName().Draw(t, "b")}
		require.InDelta(t, scoreOf([]Entity{a}, []Entity{b}), scoreOf([]Entity{b}, []Entity{a}), 0.02)
	})
}

func TestAnUnrelatedOrganizationChangesAScoreByNoMoreThanAHair(t *testing.T) {
	t.Parallel()
	left, right, _, _ := hardCases(t)
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(left)-1).Draw(t, "pair")
		before := scoreOf(left[i:], right[i:])
		other := Entity{ID: "~", Name: rapid.StringMatching(`[Q-Z][q-z]{6,9} [Q-Z][q-z]{7,9}`).Draw(t, "unrelated")}
		require.InDelta(t, before, scoreOf(left[i:], append(right[i:len(right):len(right)], other)), 0.005)
		require.InDelta(t, before, scoreOf(append(left[i:len(left):len(left)], other), right[i:]), 0.005)
	})
}

func TestReasonsOfAnyPairAddUpToItsScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		left, right := drawEntities(t, "L"), drawEntities(t, "R")
		for _, s := range Organizations(left, right, nil) {
			for _, c := range append([]Candidate{s.Candidate}, s.Others...) {
				sum := 0.0
				for _, r := range c.Reasons {
					require.NotEmpty(t, r.Text)
					sum += r.Weight
				}
				if c.Right != "" {
					require.InDelta(t, 1/(1+math.Exp(-sum)), c.Score, 1e-9)
				}
			}
		}
	})
}

func TestOneOrganizationLookedAtAgainIsWhatAllTogetherGave(t *testing.T) {
	t.Parallel()
	left, right := readEntities(t, "dev/left.tsv"), readEntities(t, "dev/right.tsv")
	m := New(left, right, nil, nil)
	byID := map[string]Entity{}
	for _, e := range left {
		byID[e.ID] = e
	}
	require.NoError(t, m.Each(true, func(want Suggestion) error {
		if want.Right != "" { // one that lost its customer to another may find it free
			require.Equal(t, want, m.Again(byID[want.Left], true))
		}
		return nil
	}))
	fresh := m.Again(Entity{ID: "new", Name: "Quuxley Zymurgy Supplies"}, true)
	require.Equal(t, "new", fresh.Left)
	require.Empty(t, fresh.Right)
}

func TestEachStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	seen := 0
	err := New(named("L", crowd...), named("R", crowd...), nil, nil).Each(false, func(s Suggestion) error {
		seen++
		require.Empty(t, s.Reasons)
		return errStop
	})
	require.ErrorIs(t, err, errStop)
	require.Equal(t, 1, seen)
}

var errStop = stopError("stop")

type stopError string

func (e stopError) Error() string { return string(e) }

func TestProgressIsToldToTheEnd(t *testing.T) {
	t.Parallel()
	left, right := readEntities(t, "field/left.tsv"), readEntities(t, "field/right.tsv")
	told := make(chan int, 100)
	New(left, right, nil, func(done, total int) {
		require.Equal(t, len(left), total)
		told <- done
	})
	close(told)
	most := 0
	for done := range told {
		most = max(most, done)
	}
	require.Equal(t, len(left), most)
}
