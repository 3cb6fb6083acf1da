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

// mostHeld is the highest score of a pair that a person has to decide about:
// below leastStrong, so that a least score never accepts it unseen.
const mostHeld = 0.90

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
	against := func(text string, less float64) {
		if less = math.Round(1000*less) / 1000; less > 0 {
			reasons = append(reasons, Reason{Text: text, Weight: -less})
		}
	}
	switch {
	case v.count == 0:
		against("others fit as well, though less", v.discount)
	case v.count == 1:
		against("another one fits about as well", v.discount)
	default:
		against(fmt.Sprintf("%d others fit about as well", v.count), v.discount)
	}
	if hold := m.hold(e, v); hold != "" {
		against(hold, sumOf(reasons)-math.Log(mostHeld/(1-mostHeld)))
	}
	return Candidate{Right: m.right[e.right].ID, Score: 1 / (1 + math.Exp(-sumOf(reasons))), Reasons: reasons}
}

// hold says why a pair, however well it fits, is for a person to decide.
func (m *matching) hold(e edge, v rivalry) string {
	switch {
	case m.left[e.left].Primary || m.right[e.right].Primary:
		return "this is your own organization, so a person should decide"
	case v.count > 0:
		return "with more than one that fits, a person should decide"
	}
	return ""
}

func sumOf(reasons []Reason) float64 {
	odds := 0.0
	for _, r := range reasons {
		odds += r.Weight
	}
	return odds
}

// band says how far an assigned pair can be trusted.
func (m *matching) band(e edge, v rivalry, score float64) Band {
	held := m.hold(e, v) != ""
	switch {
	case score >= leastStrong && !held && e.same:
		return Exact
	case score >= leastStrong && !held:
		return Strong
	case score >= leastLikely:
		return Likely
	case score >= leastWeak:
		return Weak
	}
	return None
}
