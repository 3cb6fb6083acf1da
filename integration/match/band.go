package match

import (
	"fmt"
	"strconv"
	"sync"
)

// The least score of each band.
const (
	leastStrong = 0.95
	leastLikely = 0.70
	leastWeak   = 0.50
)

// mostHeld is the highest log-odds, in thousandths, of a pair that a person has
// to decide about, ln(.94/.06): below leastStrong, so that a least score never
// accepts it unseen.
const mostHeld milli = 2751

// mostOthers is how many runners-up go with a suggestion.
const mostOthers = 5

// suggestion says what was found for a left entity.
func (m *Matching) suggestion(found *evidence, v view, explain bool) Suggestion {
	s := Suggestion{Left: v.party.ID}
	for _, e := range v.edges {
		if e.right != v.chosen && len(s.Others) == mostOthers {
			continue
		}
		c, band := m.candidate(found, v, e, explain)
		if e.right == v.chosen && band != None {
			c.Band = band
			s.Candidate = c
		} else if len(s.Others) < mostOthers {
			s.Others = append(s.Others, c)
		}
	}
	return s
}

// candidate words an edge; its score is the sum of its reasons.
func (m *Matching) candidate(found *evidence, v view, e edge, explain bool) (Candidate, Band) {
	r := m.rivals(v, e)
	right := m.right[e.right]
	var reasons []Reason
	if explain {
		m.compare(found, v.party, right, e.kin)
		reasons = m.reasons(found, v.party, right)
	}
	odds := e.odds
	against := func(text string, less milli) {
		if less <= 0 {
			return
		}
		odds -= less
		if explain {
			reasons = append(reasons, Reason{Text: text, Weight: -less.odds()})
		}
	}
	against(rivalText(r.count), r.discount)
	if step := certainty(odds, r.margin); step > 0 {
		odds += step
		if explain {
			reasons = append(reasons, Reason{Text: "nothing else comes near", Weight: step.odds()})
		}
	} else {
		against("as little as this is seldom enough", -step)
	}
	hold := holdText(v.party.Primary || right.Primary, r.count, e.doubt)
	if hold != "" {
		against(hold, odds-mostHeld)
	}
	c := Candidate{Right: right.ID, Score: odds.score(), Reasons: reasons}
	return c, bandOf(c.Score, hold != "", e.same)
}

func rivalText(count int) string {
	switch count {
	case 0:
		return "others fit as well, though less"
	case 1:
		return "another one fits about as well"
	}
	return fmt.Sprintf("%d others fit about as well", count)
}

// holdText says why a pair, however well it fits, is for a person to decide.
func holdText(own bool, rivals int, doubt bool) string {
	switch {
	case own:
		return "this is your own organization, so a person should decide"
	case rivals > 0:
		return "with more than one that fits, a person should decide"
	case doubt:
		return "a word that tells names apart differs, so a person should decide"
	}
	return ""
}

// bandOf says how far an assigned pair can be trusted.
func bandOf(score float64, held, same bool) Band {
	switch {
	case score >= leastStrong && !held && same:
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

// certainty is what makes the score of a suggestion the share of such
// suggestions that are right: a step that grows with the margin to its rivals,
// fitted on the suggestions for both labelled sets (data/calibration.tsv).
func certainty(odds, margin milli) milli {
	c := calibration()
	return milliOf(c[0] + c[1]*odds.odds() + c[2]*min(margin.odds(), mostMargin))
}

// mostMargin is beyond which a greater margin tells no more.
const mostMargin = 10

var calibration = sync.OnceValue(func() *[3]float64 {
	var all [3]float64
	for i, r := range rows("calibration.tsv", 3) {
		all[i], _ = strconv.ParseFloat(r[1], 64)
	}
	return &all
})
