package match

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// mostInfo is where more words in common stop adding to the score.
const mostInfo = 16

// finding is something that was seen about a pair: an amount of a factor.
type finding struct {
	factor factor
	amount float64
	text   string
}

// edge is a pair that was compared.
type edge struct {
	left, right int
	findings    []finding
	odds        float64 // log-odds by what was found, before rivals are looked at
	same        bool    // the names are the same after normalising
	alike       bool    // one of the names of each, such as those before and after d/b/a, is the same
}

// kinship is what the parents of a pair say.
type kinship int

const (
	noKinship kinship = iota
	parentsLinked
	parentsApart
	oneParent
	oneLikeParent
)

// compare scores a pair by the two names that fit best.
func (c *corpus) compare(left, right int, kin kinship) edge {
	l, r := c.left[left], c.right[right]
	best := edge{left: left, right: right, odds: math.Inf(-1)}
	for i := range l.names {
		for j := range r.names {
			f := c.compareNames(l, r, i, j, kin)
			if odds := sum(f); odds > best.odds {
				best.findings, best.odds = f, odds
				best.alike = l.names[i].compact == r.names[j].compact
				best.same = best.alike && !l.names[i].alias && !r.names[j].alias
			}
		}
	}
	more := append(c.compareFields(l, r), kinFinding(kin)...)
	best.findings = append(best.findings, more...)
	best.odds = sum(best.findings)
	return best
}

func sum(findings []finding) float64 {
	odds := 0.0
	for _, f := range findings {
		odds += f.weight()
	}
	return odds
}

// weight is what a finding adds to the log-odds, to a thousandth, so that the
// reasons that are shown add up to the score.
func (f finding) weight() float64 { return math.Round(1000*weights[f.factor]*f.amount) / 1000 }

func (c *corpus) compareNames(l, r *party, i, j int, kin kinship) []finding {
	ln, rn := l.names[i], r.names[j]
	found := []finding{{base, 1, "to begin with: two names that share something are seldom one organization"}}
	if ln.alias || rn.alias {
		found = append(found, finding{otherName, 1, fmt.Sprintf("one of several names was compared: %q with %q", ln.key, rn.key)})
	}
	if f, ok := acronymOf(ln, rn); ok {
		return append(found, f)
	}
	a := align(l.terms[i], r.terms[j])
	same := ln.compact == rn.compact
	if same {
		text := "the names are the same, but for capitals, punctuation, abbreviations or the legal form"
		if l.Name == r.Name {
			text = "the names are the same, letter for letter"
		}
		found = append(found, finding{sameName, 1, text})
	}
	found = append(found, pairFindings(a)...)
	if !same && len(a.leftOnly)+len(a.rightOnly) == 0 && !slices.ContainsFunc(a.pairs, guessed) {
		found = append(found, finding{complete, 1, "every word of the one name has its counterpart in the other"})
	}
	if !same {
		found = append(found, extraFindings(a, l, r, kin)...)
	}
	if differ(ln.legal, rn.legal) {
		found = append(found, finding{forms, 1, fmt.Sprintf("the legal forms differ: %s and %s", strings.Join(ln.legal, " "), strings.Join(rn.legal, " "))})
	}
	return found
}

// guessed says whether a pair is a short form that no list knows.
func guessed(p pair) bool { return p.kind == shortened || p.kind == initial || p.kind == letters }

// acronymOf finds one name that is the first letters of the other.
func acronymOf(l, r name) (finding, bool) {
	short, long := l, r
	if len(r.tokens) == 1 {
		short, long = r, l
	}
	if len(short.tokens) != 1 || !slices.Contains(long.initials, short.compact) {
		return finding{}, false
	}
	text := fmt.Sprintf("%q are the first letters of %q", strings.ToUpper(short.compact), long.key)
	return finding{acronym, min(float64(len(short.compact)), 5) / 4, text}, true
}

// pairFindings words what two names have in common.
func pairFindings(a alignment) []finding {
	var words []string
	var found []finding
	info, slips, short := 0.0, 0.0, 0
	var misspellings, shortenings []string
	for _, p := range a.pairs {
		info += p.info
		words = append(words, p.text)
		switch {
		case p.kind == misspelled:
			slips += p.slip
			misspellings = append(misspellings, p.text)
		case guessed(p):
			short++
			shortenings = append(shortenings, p.text)
		}
	}
	if len(words) > 0 {
		found = append(found, finding{shared, min(info, mostInfo), "both names have " + strings.Join(words, ", ")})
	}
	if slips > 0 {
		found = append(found, finding{misspelt, slips, "possible misspelling: " + strings.Join(misspellings, ", ")})
	}
	if short > 0 {
		found = append(found, finding{abridged, float64(short), "possible short form: " + strings.Join(shortenings, ", ")})
	}
	if a.reordered {
		found = append(found, finding{order, 1, "the words stand in another order"})
	}
	return found
}

// extraFindings words what only one of two names has.
func extraFindings(a alignment, l, r *party, kin kinship) []finding {
	var found []finding
	left, leftNumber := extra(a.leftOnly, l, r, kin)
	right, rightNumber := extra(a.rightOnly, r, l, kin)
	if len(a.leftOnly) > 0 {
		found = append(found, finding{leftExtra, left, "only the organization's name has " + quoted(a.leftOnly)})
	}
	if len(a.rightOnly) > 0 {
		found = append(found, finding{rightExtra, right, "only the customer's name has " + quoted(a.rightOnly)})
	}
	if least := min(left, right); least > 0 {
		found = append(found, finding{replaced, least, "the one has other words where the other has its own"})
	}
	if leftNumber && rightNumber {
		found = append(found, finding{numbers, 1, "the numbers in the names differ"})
	}
	return found
}

// extra weighs the words that only one name has: about 1 for a word that tells
// the name from others, less for one that people leave off, or that the other
// side has elsewhere (its city, or its parent's name).
func extra(terms []*term, own, other *party, kin kinship) (amount float64, number bool) {
	for _, t := range terms {
		cost := min(t.info, 7) / 7
		switch {
		case t.legal:
			cost = min(cost, 0.1)
		case slices.Contains(strings.Fields(other.city), t.text):
			cost *= 0.3
		case t.tail:
			cost *= 0.5
		case len(t.text) == 1:
			cost *= 0.4
		}
		amount += cost
		number = number || hasDigit(t.text)
	}
	return amount, number
}

func (c *corpus) compareFields(l, r *party) []finding {
	var found []finding
	field := func(left, right string, same, other factor, amount float64, what string) {
		switch {
		case left == "" || right == "":
		case left == right:
			found = append(found, finding{same, amount, "the same " + what})
		default:
			found = append(found, finding{other, 1, "another " + what})
		}
	}
	field(l.city, r.city, citySame, cityOther, 1, "city")
	field(l.domain, r.domain, domainSame, domainOther, rarity(c.domains[l.domain]), "web domain")
	field(l.phone, r.phone, phoneSame, phoneOther, rarity(c.phones[l.phone]), "phone number")
	return found
}

// rarity is 1 for a value that one organization and one customer have, and
// less the more of them have it: a switchboard's number says little.
func rarity(count int) float64 { return 2 / float64(max(count, 2)) }

func kinFinding(kin kinship) []finding {
	switch kin {
	case parentsLinked:
		return []finding{{parentSame, 1, "their parents are matched with each other"}}
	case parentsApart:
		return []finding{{parentOther, 1, "their parents are matched with others"}}
	case oneParent:
		return []finding{{parentOnly, 1, "only one of them has a parent"}}
	case oneLikeParent:
		return []finding{{parentOnly, 2, "only one of them has a parent, and is called like it"}}
	}
	return nil
}

// differ says whether both have legal forms, and none in common.
func differ(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(f string) bool { return slices.Contains(b, f) })
}

func quoted(terms []*term) string {
	words := make([]string, len(terms))
	for i, t := range terms {
		words[i] = fmt.Sprintf("%q", t.text)
	}
	return strings.Join(words, ", ")
}

// reasons words a pair for a person, what weighs most first, after the start.
func (e edge) reasons() []Reason {
	all := make([]Reason, len(e.findings))
	for i, f := range e.findings {
		all[i] = Reason{Text: f.text, Weight: f.weight()}
	}
	slices.SortStableFunc(all[1:], func(a, b Reason) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	return all
}
