package match

import (
	"cmp"
	"math"
	"slices"
)

// floor is the log-odds below which a pair is not assigned, and runnerUp the
// one below which it is not even listed.
const (
	floor    = -2.0
	runnerUp = -6.0
)

// near is how much less, in log-odds, a rival may fit and still be one.
const near = 4.0

// explained is by how much, in log-odds, a rival must fit another partner
// better for it to be a rival no more.
const explained = 1.5

// matching is one run: what was compared, and who is paired with whom.
type matching struct {
	*corpus
	pairs    map[int]int  // left to right: accepted, then the parents of each wave
	taken    map[int]int  // right to left, the same pairs
	accepted map[int]bool // lefts that a person has paired
	rejected map[[2]int]bool
	edges    [][]edge // by left, best first
	compared int      // how many pairs were compared
}

func organizations(left, right []Entity, decided []Decided) ([]Suggestion, int) {
	m := &matching{corpus: newCorpus(left, right)}
	m.decide(decided)
	m.edges = make([][]edge, len(m.left))
	for depth := 0; m.wave(depth); depth++ {
	}
	m.assign(func(l int) bool { return true })
	return m.suggestions(), m.compared
}

// decide puts the pairs that a person has decided about in place.
func (m *matching) decide(decided []Decided) {
	m.pairs, m.taken = map[int]int{}, map[int]int{}
	m.accepted, m.rejected = map[int]bool{}, map[[2]int]bool{}
	lefts, rights := byID(m.left), byID(m.right)
	for _, d := range decided {
		l, known := lefts[d.Left]
		r, alsoKnown := rights[d.Right]
		if known && d.Accepted {
			m.accepted[l] = true
		}
		switch {
		case !alsoKnown:
		case d.Accepted:
			m.taken[r] = -1
			if known {
				m.taken[r], m.pairs[l] = l, r
			}
		case known:
			m.rejected[[2]int{l, r}] = true
		}
	}
}

func byID(all []*party) map[string]int {
	index := make(map[string]int, len(all))
	for i, p := range all {
		index[p.ID] = i
	}
	return index
}

// wave compares the organizations of one depth, and pairs the sure ones for
// the sake of their children. It says whether there were any.
func (m *matching) wave(depth int) bool {
	any := false
	for l, p := range m.left {
		if p.depth == depth {
			any = true
			m.look(l)
		}
	}
	if any {
		m.assign(func(l int) bool { return m.left[l].depth == depth })
	}
	return any
}

// look compares an organization with its candidates.
func (m *matching) look(l int) {
	if m.accepted[l] {
		return
	}
	p, partner := m.left[l], -1
	if p.parent >= 0 {
		if r, ok := m.pairs[p.parent]; ok {
			partner = r
		}
	}
	for _, r := range m.candidates(p, partner) {
		if by, ok := m.taken[r]; m.rejected[[2]int{l, r}] || ok && m.settled(by) {
			continue
		}
		m.compared++
		if e := m.compare(l, r, m.kinship(p, m.right[r])); e.odds >= runnerUp {
			m.edges[l] = append(m.edges[l], e)
		}
	}
	slices.SortFunc(m.edges[l], byOdds)
}

// settled says whether a person has paired the left party of a pair.
func (m *matching) settled(left int) bool { return left < 0 || m.accepted[left] }

func (m *matching) kinship(l, r *party) kinship {
	switch {
	case !m.nested || l.parent < 0 && r.parent < 0:
		return noKinship
	case l.parent < 0 || r.parent < 0:
		if l.likeParent || r.likeParent {
			return oneLikeParent
		}
		return oneParent
	}
	partner, paired := m.pairs[l.parent]
	_, taken := m.taken[r.parent]
	switch {
	case paired && partner == r.parent:
		return parentsLinked
	case paired || taken:
		return parentsApart
	}
	return noKinship
}

func byOdds(a, b edge) int {
	return cmp.Or(cmp.Compare(b.odds, a.odds), cmp.Compare(a.left, b.left), cmp.Compare(a.right, b.right))
}

// assign pairs one to one, best first, among the lefts that take part. Pairs
// of an earlier wave are looked at again when their lefts take part.
func (m *matching) assign(takesPart func(left int) bool) {
	for l, r := range m.pairs {
		if takesPart(l) && !m.accepted[l] {
			delete(m.pairs, l)
			delete(m.taken, r)
		}
	}
	var all []edge
	for l, edges := range m.edges {
		if takesPart(l) {
			all = append(all, edges...)
		}
	}
	slices.SortFunc(all, byOdds)
	for _, e := range all {
		_, paired := m.pairs[e.left]
		_, taken := m.taken[e.right]
		if !paired && !taken && e.odds >= floor {
			m.pairs[e.left], m.taken[e.right] = e.right, e.left
		}
	}
}

// rivalry is what competes with a pair.
type rivalry struct {
	count    int     // how many fit about as well
	discount float64 // what they take from the pair's log-odds, above zero
}

// rivals looks at what else a pair's two sides could be paired with, leaving
// out what clearly belongs to another.
func (m *matching) rivals(e edge, columns [][]edge) rivalry {
	var v rivalry
	total := 0.0
	add := func(o edge, free bool) {
		total += math.Exp(o.odds)
		if o.odds > e.odds-near || o.alike || free && o.odds >= 0 {
			v.count++
		}
	}
	for _, o := range m.edges[e.left] {
		by, taken := m.taken[o.right]
		if o.right != e.right && !(taken && by != e.left && m.oddsOf(by, o.right) >= o.odds+explained) {
			add(o, !taken)
		}
	}
	for _, o := range columns[e.right] {
		with, paired := m.pairs[o.left]
		if o.left != e.left && !(paired && with != e.right && m.oddsOf(o.left, with) >= o.odds+explained) {
			add(o, !paired)
		}
	}
	v.discount = math.Log1p(total)
	return v
}

func (m *matching) oddsOf(l, r int) float64 {
	for _, e := range m.edges[l] {
		if e.right == r {
			return e.odds
		}
	}
	return math.Inf(-1)
}
