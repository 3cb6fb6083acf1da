package match

import (
	"fmt"
	"math"
)

// The least score of each band.
const (
	leastStrong = 0.95
	leastLikely = 0.60
	leastWeak   = 0.35
)

// mostOthers is how many runners-up go with a suggestion.
const mostOthers = 4

// suggestions gives what was found for each left that is not accepted.
func (m *matching) suggestions() []Suggestion {
	columns := make([][]edge, len(m.right))
	for _, edges := range m.edges {
		for _, e := range edges {
			columns[e.right] = append(columns[e.right], e)
		}
	}
	all := make([]Suggestion, 0, len(m.left))
	for l := range m.left {
		if !m.accepted[l] {
			all = append(all, m.suggestion(l, columns))
		}
	}
	return all
}

func (m *matching) suggestion(l int, columns [][]edge) Suggestion {
	s := Suggestion{Left: m.left[l].ID}
	chosen, paired := m.pairs[l]
	for _, e := range m.edges[l] {
		v := m.rivals(e, columns)
		c := m.candidate(e, v)
		if paired && e.right == chosen {
			if c.Band = m.band(e, v, c.Score); c.Band != None {
				s.Candidate = c
				continue
			}
		}
		if len(s.Others) < mostOthers {
			s.Others = append(s.Others, c)
		}
	}
	return s
}

// candidate words an edge; its score is the sum of its reasons.
func (m *matching) candidate(e edge, v rivalry) Candidate {
	reasons := e.reasons()
	if less := math.Round(1000*v.discount) / 1000; less > 0 {
		text := "others fit as well, though less"
		if v.count == 1 {
			text = "another one fits about as well"
		} else if v.count > 1 {
			text = fmt.Sprintf("%d others fit about as well", v.count)
		}
		reasons = append(reasons, Reason{Text: text, Weight: -less})
	}
	odds := 0.0
	for _, r := range reasons {
		odds += r.Weight
	}
	return Candidate{Right: m.right[e.right].ID, Score: 1 / (1 + math.Exp(-odds)), Reasons: reasons}
}

// band says how far an assigned pair can be trusted. Whatever has a rival, and
// the MSP's own organization, is Likely at best.
func (m *matching) band(e edge, v rivalry, score float64) Band {
	alone := v.count == 0 && !m.left[e.left].Primary && !m.right[e.right].Primary
	switch {
	case score >= leastStrong && alone && e.same:
		return Exact
	case score >= leastStrong && alone:
		return Strong
	case score >= leastLikely:
		return Likely
	case score >= leastWeak:
		return Weak
	}
	return None
}
