package match

import "math"

// near is how much less, in thousandths of log-odds, a rival may fit and still
// be one, and explained by how much it must fit another partner better for it
// to be a rival no more.
const (
	near      milli = 3500
	nearSame  milli = 2500  // where the names are the same
	nearOther milli = 1000  // where they are, and the rival's differs by a word that counts
	unlikely  milli = -2000 // what fits as little is no rival
	loose     milli = -1000 // what is paired with nobody and fits so well is one in any case
	explained milli = 1500
)

// rivalry is what competes with a pair.
type rivalry struct {
	count    int   // how many fit about as well
	discount milli // what they take from the pair's log-odds, above zero
	margin   milli // by how much the pair fits better than the best of them
}

// rivals looks at what else the two sides of a pair could be paired with,
// leaving out what clearly belongs to another.
func (m *Matching) rivals(v view, e edge) rivalry {
	var r rivalry
	total, best := 0.0, runnerUp
	add := func(o edge, free, twin, twice bool) {
		if !twice {
			total += math.Exp(o.odds.odds())
			best = max(best, o.odds)
		}
		within := near
		switch {
		case e.same && !o.close:
			within = nearOther
		case e.same:
			within = nearSame
		}
		if o.odds > e.odds-within && o.odds > unlikely || o.alike || twin || free && (o.odds >= loose && o.close || o.odds >= 0 && !e.same && o.odds > e.odds-2*near) {
			r.count++
		}
	}
	for _, o := range v.edges {
		by := m.taken[o.right]
		if o.right != e.right && !(by != free && by != v.at && m.oddsOf(by, o.right) >= o.odds+explained) {
			twin := m.namedAlike(e.right, o.right)
			add(o, by == free || by == v.at, twin, twin && m.enteredTwice(e.right, o.right))
		}
	}
	for _, o := range m.columns[e.right] {
		with := m.pairs[o.left]
		if o.left != v.at && !(with != free && with != e.right && m.oddsOf(o.left, with) >= o.odds+explained) {
			add(o, with == free && !e.same, false, false)
		}
	}
	r.discount, r.margin = milliOf(math.Log1p(total)), e.odds-best
	return r
}

// namedAlike says whether two customers have a name in common.
func (m *Matching) namedAlike(a, b int32) bool {
	x, y := m.right[a].names, m.right[b].names
	for i := range x {
		for j := range y {
			if x[i].hash == y[j].hash {
				return true
			}
		}
	}
	return false
}

// enteredTwice says whether two customers of one name may well be the same:
// nothing that is known of them differs. A person should see both, but that
// there are two makes neither of them less likely.
func (m *Matching) enteredTwice(a, b int32) bool {
	x, y := m.right[a], m.right[b]
	agree := func(p, q string) bool { return p == "" || q == "" || p == q }
	return x.parent == y.parent && agree(x.city, y.city) && agree(x.domain, y.domain) && agree(x.phone, y.phone)
}

// oddsOf gives the log-odds of a pair that was compared, and far too few for
// any other.
func (m *Matching) oddsOf(l, r int32) milli {
	if l >= 0 {
		for _, e := range m.edges[l] {
			if e.right == r {
				return e.odds
			}
		}
	}
	return math.MinInt32 / 2
}
