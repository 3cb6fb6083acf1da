package match

import (
	mathbits "math/bits"
	"slices"
	"strings"
)

// mostInfo is where more words in common stop adding to the score.
const mostInfo = 16

// kinship is what the parents of a pair say.
type kinship uint8

const (
	noKinship kinship = iota
	parentsLinked
	parentsApart
	oneParent
	oneLikeParent
)

// evidence is what was found about a pair: an amount of each factor.
type evidence struct {
	amounts         [factors]float32
	leftName, right int // which of the names of both were compared
	same, alike     bool
	byInitials      bool
	initial         bool // a first letter stands for a name
	alignment       alignment
	best            [factors]float32 // of the names that fit best so far
}

// compare finds what speaks for a pair and against it, by the two names that
// fit best. It is the same for the same two parties, whatever was compared
// before.
func (v *corpus) compare(e *evidence, l, r *party, kin kinship) milli {
	bestOdds, first := milli(0), true
	initial := false
	e.best, e.leftName, e.right, e.same, e.alike, e.byInitials = [factors]float32{}, 0, 0, false, false, false
	for i := range l.names {
		for j := range r.names {
			e.amounts = [factors]float32{}
			v.compareNames(e, l, r, i, j)
			same := l.names[i].hash == r.names[j].hash
			if odds := sum(&e.amounts); first || odds > bestOdds {
				bestOdds, first = odds, false
				e.best, e.leftName, e.right = e.amounts, i, j
				e.alike, initial = same, slices.ContainsFunc(e.alignment.pairs, func(p pair) bool { return p.kind == firstLetter })
				e.same = same && l.names[i].alias == only && r.names[j].alias == only
			}
		}
	}
	e.amounts, e.initial = e.best, initial
	e.amounts[base] = 1
	v.compareFields(e, l, r)
	switch kin {
	case parentsLinked:
		e.amounts[parentSame] = 1
	case parentsApart:
		e.amounts[parentOther] = 1
	case oneParent:
		e.amounts[parentOnly] = 1
	case oneLikeParent:
		e.amounts[parentOnly] = 2
	}
	return sum(&e.amounts)
}

// close says whether two names differ by no more than clerks do: what else is
// called so may be the same organization, entered twice.
func (e *evidence) close() bool {
	a := &e.amounts
	return a[replaced]+a[kindred]+a[lead]+a[abridged]+a[otherWord] == 0 && a[opposed] == 0 && a[leftExtra]+a[rightExtra] <= 0.5
}

// mostMissing is how much of what only one of two names has may pass unseen.
const mostMissing = 0.75

// doubt says whether what differs in the names may mean another organization,
// where neither a phone number nor a web domain says that it does not. Branches
// share those, so another place is in doubt with them, too.
func (e *evidence) doubt() bool {
	a := &e.amounts
	if a[opposed] >= 1 {
		return true
	}
	if max(a[phoneSame], a[domainSame], a[domainName]) > 0.9 {
		return false
	}
	return a[otherWord] > 0 || a[opposed] > 0 || a[lead] > 0 || a[kindred] >= 1 || e.initial || a[leftExtra]+a[rightExtra] > mostMissing
}

func sum(amounts *[factors]float32) milli {
	var odds milli
	for f, amount := range amounts {
		if amount != 0 {
			odds += factor(f).weigh(amount)
		}
	}
	return odds
}

func (v *corpus) compareNames(e *evidence, l, r *party, i, j int) {
	ln, rn := &l.names[i], &r.names[j]
	a := &e.amounts
	if ln.alias != only || rn.alias != only {
		a[otherName] = max(ln.alias.distance(), rn.alias.distance())
	}
	e.alignment.pairs, e.alignment.usedLeft, e.alignment.usedRight = e.alignment.pairs[:0], 0, 0
	same := ln.hash == rn.hash
	if e.byInitials = !same && (initialsFit(ln, rn) || initialsFit(rn, ln)); e.byInitials {
		a[acronym] = min(float32(min(len(ln.compact), len(rn.compact)))-1, 4) / 3
		return
	}
	e.alignment.align(&v.vocabulary, ln.terms, rn.terms)
	v.pairFindings(e, len(ln.terms), len(rn.terms), same)
	if same {
		a[sameName] = 1
	} else {
		v.extraFindings(e, l, r, ln, rn)
	}
	if formsDiffer(ln.legal, rn.legal) {
		a[forms] = 1
	}
}

// initialsFit says whether a name of one word is the first letters of another.
func initialsFit(short, long *spelled) bool {
	return len(short.terms) == 1 && len(long.terms) > 1 && short.alias == only && slices.Contains(long.initials, short.compact)
}

// pairFindings weighs what two names have in common.
func (v *corpus) pairFindings(e *evidence, left, right int, same bool) {
	a := &e.amounts
	info, guesses := float32(0), false
	for _, p := range e.alignment.pairs {
		info += p.info
		switch {
		case p.kind == misspelled && p.known:
			a[otherWord]++
			a[misspelt] += p.slip
		case p.kind == misspelled:
			a[misspelt] += p.slip
		case p.kind == sounded && p.known:
			a[otherWord]++
		case p.kind == sounded:
			a[likeSound]++
		case p.kind == shortened && p.leftFrom == 0 && p.rightFrom == 0:
			a[lead] += 0.3
			fallthrough
		case guessed(p):
			a[abridged]++
			guesses = true
		case p.kind == related:
			a[kindred]++
		case p.kind == inflected:
			a[kindred] += 0.4
		}
		guesses = guesses || p.kind == related
	}
	a[shared] = min(info, mostInfo)
	if e.alignment.reordered {
		a[order] = 1
	}
	all := mathbits.OnesCount32(e.alignment.usedLeft) == left && mathbits.OnesCount32(e.alignment.usedRight) == right
	if !same && all && !guesses {
		a[complete] = 1
	}
}

// extraFindings weighs what only one of two names has.
func (v *corpus) extraFindings(e *evidence, l, r *party, ln, rn *spelled) {
	a := &e.amounts
	left, right := v.extra(ln, e.alignment.usedLeft, r), v.extra(rn, e.alignment.usedRight, l)
	a[leftExtra], a[rightExtra] = left.telling, right.telling
	a[aside] = left.beside + right.beside
	a[replaced] = min(left.whole, right.whole)
	switch l, r := v.leads(ln, e.alignment.usedLeft), v.leads(rn, e.alignment.usedRight); {
	case l && r:
		a[lead]++
	case (l || r) && e.alignment.reordered:
		a[lead] += 0.3
	}
	a[opposed] = v.oppose(ln, rn, e.alignment.usedLeft, e.alignment.usedRight)
	if a[lead] == 0 && (v.isCut(ln, rn) || v.isCut(rn, ln)) {
		a[cut], a[opposed] = 1, 0
		a[leftExtra], a[rightExtra], a[aside], a[replaced] = 0.3*a[leftExtra], 0.3*a[rightExtra], 0.3*a[aside], 0
	}
}

// isCut says whether a name ends within a word of a longer one: there was no
// more room for it.
func (v *corpus) isCut(short, long *spelled) bool {
	if len(short.compact) < 15 || len(short.compact) >= len(long.compact) || !strings.HasPrefix(long.compact, short.compact) {
		return false
	}
	if c := short.compact[len(short.compact)-1]; c >= '0' && c <= '9' {
		return false
	}
	at := 0
	for _, id := range long.terms {
		if at += len(v.terms[id].text); at == len(short.compact) {
			return false
		}
	}
	return true
}

// extras are words that only one of two names has.
type extras struct {
	telling float32 // what tells the name from others
	beside  float32 // what says little: places, what stands apart, what the other side has elsewhere
	whole   float32 // as telling, where the other has other words instead: nobody left them off
}

func (v *corpus) extra(n *spelled, used uint32, other *party) (x extras) {
	for i, id := range n.terms {
		if used>>i&1 == 1 {
			continue
		}
		t := &v.terms[id]
		switch {
		case slices.Contains(other.cityWords, id):
			x.beside += 0.3 * t.cost
		case other.site != "" && t.size > 3 && strings.Contains(other.site, t.text):
			x.beside += 0.5 * t.cost
		case t.place, t.kind == nation, n.apart>>i&1 == 1 && !t.digit && t.kind != direction:
			x.beside += t.cost
		case i == 0 && t.size <= 2 && t.kind == "" && !t.legal: // D & L Trucking
			x.telling++
			x.whole++
		default:
			x.telling += t.cost
			x.whole += t.cost
			if t.tail && !t.legal && t.kind == "" {
				x.whole += t.cost // cost is half of it
			}
		}
	}
	return x
}

// leads says whether the first word that counts has no counterpart.
func (v *corpus) leads(n *spelled, used uint32) bool {
	for i, id := range n.terms {
		if k := v.terms[id].kind; k == soft || k == title {
			continue
		}
		return used>>i&1 == 0 && !v.terms[id].legal
	}
	return false
}

// oppose finds numbers, directions, nations and places of which each name has
// another, and numbers and directions that only one has.
func (v *corpus) oppose(ln, rn *spelled, usedLeft, usedRight uint32) float32 {
	left, right := v.markers(ln, usedLeft), v.markers(rn, usedRight)
	switch both, either := left&right, left|right; {
	case both&(1|2|8) != 0, v.excludes(ln, rn, usedLeft, usedRight):
		return 1
	case both != 0:
		return 0.5
	case either&(1|2) != 0:
		return 0.4
	}
	return 0
}

// excludes says whether each has a word that is the opposite of one of the other.
func (v *corpus) excludes(ln, rn *spelled, usedLeft, usedRight uint32) bool {
	for i, l := range ln.terms {
		if usedLeft>>i&1 == 1 || v.terms[l].group == "" {
			continue
		}
		for j, r := range rn.terms {
			if usedRight>>j&1 == 0 && v.terms[l].opposes(&v.terms[r]) {
				return true
			}
		}
	}
	return false
}

func (v *corpus) markers(n *spelled, used uint32) (found uint8) {
	for i, id := range n.terms {
		if t := &v.terms[id]; used>>i&1 == 0 {
			switch {
			case t.digit:
				found |= 1
			case t.kind == direction:
				found |= 2
			case t.kind == nation, t.place && i > 0 && n.apart>>i&1 == 1:
				found |= 8
			case t.place:
				found |= 4
			}
		}
	}
	return found
}

func (v *corpus) compareFields(e *evidence, l, r *party) {
	a := &e.amounts
	switch {
	case l.city == "" || r.city == "":
	case l.city == r.city || len(l.city) > 4 && edits(l.city, r.city, 1) > 0 || strings.HasPrefix(l.city, r.city+" ") || strings.HasPrefix(r.city, l.city+" "):
		a[citySame] = 1
		if nameHas(l, l.cityWords) && nameHas(r, r.cityWords) {
			a[citySame] = 0.4 // the names say so already
		}
	default:
		a[cityOther] = 1
	}
	switch {
	case l.domain != "" && l.domain == r.domain:
		a[domainSame] = rarity(v.domains[l.domain])
	case l.site != "" && l.site == r.site && len(l.site) > 3:
		a[domainSame] = 0.7
	default:
		if l.domain != "" && r.domain != "" {
			a[domainOther] = 1
		}
		if e.byInitials || a[sameName] == 0 {
			a[domainName] = max(siteNames(l.site, r), siteNames(r.site, l))
		}
	}
	switch {
	case l.phone == "" || r.phone == "":
	case l.phone == r.phone:
		a[phoneSame] = rarity(v.phones[l.phone])
	case len(l.phone) != len(r.phone) && (strings.HasSuffix(l.phone, r.phone) || strings.HasSuffix(r.phone, l.phone)):
		a[phoneSame] = 0.6
	default:
		a[phoneOther] = 1
	}
}

func nameHas(p *party, words []int32) bool {
	return len(p.names) > 0 && !slices.ContainsFunc(words, func(w int32) bool { return !slices.Contains(p.names[0].terms, w) })
}

// siteNames says how well a web domain fits a name.
func siteNames(site string, p *party) float32 {
	if len(site) < 4 {
		return 0
	}
	for i := range p.names {
		n := &p.names[i]
		switch {
		case n.compact == site:
			return 1
		case len(n.compact) > 7 && len(site) > 7 && (strings.HasPrefix(n.compact, site) || strings.HasPrefix(site, n.compact)):
			return 0.7
		}
	}
	return 0
}

// rarity is 1 for a value that one organization and one customer have, and
// less the more of them have it: a switchboard's number says little.
func rarity(count int32) float32 { return 2 / float32(max(count, 2)) }

// formsDiffer says whether both have legal forms, and none of one class in
// common.
func formsDiffer(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	t := tables()
	return !slices.ContainsFunc(a, func(f string) bool {
		return slices.ContainsFunc(b, func(g string) bool { return f == g || t.legal[f].class == t.legal[g].class })
	})
}
