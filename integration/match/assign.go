package match

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// The log-odds, in thousandths: below which a pair is not assigned, and below
// which it is not even listed.
const (
	floor    milli = -4000
	runnerUp milli = -7000
)

// mostEdges is how many candidates of an organization are remembered.
const mostEdges = 10

// edge is a pair that was compared.
type edge struct {
	left, right int32
	kin         kinship // when the pair was compared
	odds        milli   // by what was found, before rivals are looked at
	same        bool    // the names are the same after normalising
	doubt       bool    // what differs may mean another organization, and nothing but the name speaks for it
	close       bool    // the names differ by no more than clerks do
	alike       bool    // one of the names of each, such as those before and after d/b/a, is the same
}

// Matching is two sides that were compared: who is paired with whom.
type Matching struct {
	*corpus
	pairs    []int32 // right by left: accepted, then what is assigned; -1 without
	taken    []int32 // left by right: the same; gone for one that is accepted for an unknown left
	accepted []bool  // lefts that a person has paired
	rejected map[[2]int32]bool
	edges    [][]edge // by left, best first
	columns  [][]edge // by right
	progress func(done, total int)
	done     atomic.Int64
	compared atomic.Int64 // how many pairs were compared
	scratch  search       // of again
}

const (
	free int32 = -1
	gone int32 = -2
)

func (m *Matching) run(decided []Decided) {
	m.decide(decided)
	m.edges = make([][]edge, len(m.left))
	deepest := int32(0)
	for _, p := range m.left {
		deepest = max(deepest, p.depth)
	}
	for depth := range deepest + 1 {
		m.wave(depth, deepest)
	}
	m.assign(func(int32) bool { return true })
	m.columns = make([][]edge, len(m.right))
	for _, edges := range m.edges {
		for _, e := range edges {
			m.columns[e.right] = append(m.columns[e.right], e)
		}
	}
}

// decide puts the pairs that a person has decided about in place.
func (m *Matching) decide(decided []Decided) {
	m.pairs, m.taken = slices.Repeat([]int32{free}, len(m.left)), slices.Repeat([]int32{free}, len(m.right))
	m.accepted, m.rejected = make([]bool, len(m.left)), map[[2]int32]bool{}
	if len(decided) == 0 {
		return
	}
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
			m.taken[r] = gone
			if known {
				m.taken[r], m.pairs[l] = l, r
			}
		case known:
			m.rejected[[2]int32{l, r}] = true
		}
	}
}

// wave compares the organizations of one depth, and pairs the sure ones for
// the sake of their children.
func (m *Matching) wave(depth, deepest int32) {
	of := make([]int32, 0, len(m.left))
	for l, p := range m.left {
		if p.depth == depth {
			of = append(of, int32(l))
		}
	}
	searches, found := make([]search, workers()), make([]evidence, workers())
	parallel(len(of), func(worker, i int) {
		if l := of[i]; !m.accepted[l] {
			m.edges[l] = m.look(&searches[worker], &found[worker], m.left[l], l)
		}
		if done := m.done.Add(1); m.progress != nil && (done%500 == 0 || int(done) == len(m.left)) {
			m.progress(int(done), len(m.left))
		}
	})
	if depth < deepest {
		m.assign(func(l int32) bool { return m.left[l].depth == depth })
	}
}

// look compares an organization with its candidates.
func (m *Matching) look(s *search, found *evidence, p *party, l int32) []edge {
	partner := free
	if p.parent >= 0 {
		partner = m.pairs[p.parent]
	}
	var all [64]edge
	edges := all[:0]
	candidates := m.candidates(s, p, partner)
	for _, r := range candidates {
		if m.settled(m.taken[r]) || len(m.rejected) > 0 && m.rejected[[2]int32{l, r}] {
			continue
		}
		kin := m.kinship(p, m.right[r])
		odds := m.compare(found, p, m.right[r], kin)
		if odds >= runnerUp {
			edges = append(edges, edge{left: l, right: r, kin: kin, odds: odds, same: found.same, doubt: found.doubt(), close: found.close(), alike: found.alike})
		}
	}
	m.compared.Add(int64(len(candidates)))
	slices.SortFunc(edges, byOdds)
	return slices.Clone(edges[:min(len(edges), mostEdges)])
}

// settled says whether a person has paired the left party of a pair.
func (m *Matching) settled(left int32) bool {
	return left == gone || left >= 0 && m.accepted[left]
}

func (m *Matching) kinship(l, r *party) kinship {
	switch {
	case !m.nested || l.parent < 0 && r.parent < 0:
		return noKinship
	case l.parent < 0 || r.parent < 0:
		if l.likeParent || r.likeParent {
			return oneLikeParent
		}
		return oneParent
	}
	partner := m.pairs[l.parent]
	switch {
	case partner == r.parent:
		return parentsLinked
	case partner >= 0 || m.taken[r.parent] != free:
		return parentsApart
	}
	return noKinship
}

func byOdds(a, b edge) int {
	return cmp.Or(cmp.Compare(b.odds, a.odds), cmp.Compare(a.left, b.left), cmp.Compare(a.right, b.right))
}

// assign pairs one to one, best first, among the lefts that take part. Pairs
// of an earlier wave are looked at again when their lefts take part.
func (m *Matching) assign(takesPart func(left int32) bool) {
	count := 0
	for l, r := range m.pairs {
		if takesPart(int32(l)) {
			count += len(m.edges[l])
			if r >= 0 && !m.accepted[l] {
				m.pairs[l], m.taken[r] = free, free
			}
		}
	}
	all := make([]edge, 0, count)
	for l, edges := range m.edges {
		if takesPart(int32(l)) {
			for _, e := range edges {
				if e.odds >= floor {
					all = append(all, e)
				}
			}
		}
	}
	slices.SortFunc(all, byOdds)
	for _, e := range all {
		if m.pairs[e.left] == free && m.taken[e.right] == free {
			m.pairs[e.left], m.taken[e.right] = e.right, e.left
		}
	}
}

// again looks at one left entity while all others stay paired as they are.
func (m *Matching) again(changed Entity, explain bool) Suggestion {
	p := newParty(changed)
	m.know(p)
	at, known := m.find(changed.ID)
	if !known {
		at = int32(len(m.left))
	} else if m.accepted[at] {
		return Suggestion{Left: changed.ID}
	}
	if parent, ok := m.find(changed.ParentID); ok && parent != at {
		p.parent = parent
		p.likeParent = m.coversTerms(p, m.left[parent])
	}
	found := &evidence{}
	v := view{party: p, at: at, chosen: free, edges: m.look(&m.scratch, found, p, at)}
	for _, e := range v.edges {
		if by := m.taken[e.right]; e.odds >= floor && (by == free || by == at) {
			v.chosen = e.right
			break
		}
	}
	return m.suggestion(found, v, explain)
}

func (m *Matching) find(id string) (int32, bool) {
	at, ok := slices.BinarySearchFunc(m.left, id, func(p *party, id string) int { return cmp.Compare(p.ID, id) })
	return int32(at), ok && id != ""
}

// know looks the words of a party up that came after the others. Words that
// nobody else has are added.
func (m *Matching) know(p *party) {
	from := len(m.terms)
	m.lookUp(p, nil)
	for i := from; i < len(m.terms); i++ {
		m.terms[i].count = 1
		m.describe(&m.terms[i])
		for _, l := range m.terms[i].likes { // they know each other
			m.terms[l.id].likes = append(m.terms[l.id].likes, likeTerm{int32(i), l.how})
		}
	}
}

// view is one left entity with what it was compared with.
type view struct {
	party  *party
	at     int32
	chosen int32 // the right that it is paired with, or free
	edges  []edge
}

func (m *Matching) viewOf(l int32) view {
	return view{party: m.left[l], at: l, chosen: m.pairs[l], edges: m.edges[l]}
}
