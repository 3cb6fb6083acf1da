package match

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// reasons words the evidence of a pair for a person, what weighs most first,
// after the start.
func (c *corpus) reasons(e *evidence, l, r *party) []Reason {
	var all []Reason
	if len(l.names) > 0 && len(r.names) > 0 { // the alignment is of the last names compared
		var again evidence
		c.compareNames(&again, l, r, e.leftName, e.right)
		e.alignment, e.byInitials = again.alignment, again.byInitials
	}
	for f, amount := range e.amounts {
		if weight := factor(f).weigh(amount); amount != 0 && weight != 0 {
			all = append(all, Reason{Text: c.text(factor(f), e, l, r), Weight: weight.odds()})
		}
	}
	slices.SortStableFunc(all[1:], func(a, b Reason) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	return all
}

// fixedTexts are of the findings that say no more than that they are there.
var fixedTexts = map[factor]string{
	base:        "to begin with: two names that share something are seldom one organization",
	complete:    "every word of the one name has its counterpart in the other",
	aside:       "only one of them names a place, or says something apart",
	replaced:    "the one has other words where the other has its own",
	lead:        "the names begin with different words",
	order:       "the words stand in another order",
	cut:         "the one name is the beginning of the other",
	opposed:     "a number, a direction or a place differs",
	citySame:    "the same city",
	cityOther:   "another city",
	domainSame:  "the same web domain",
	domainOther: "another web domain",
	domainName:  "the web domain of the one is the name of the other",
	phoneSame:   "the same phone number",
	phoneOther:  "another phone number",
	parentSame:  "their parents are matched with each other",
	parentOther: "their parents are matched with others",
}

func (c *corpus) text(f factor, e *evidence, l, r *party) string {
	if text, ok := fixedTexts[f]; ok {
		return text
	}
	if f == parentOnly {
		if e.amounts[parentOnly] > 1 {
			return "only one of them has a parent, and is called like it"
		}
		return "only one of them has a parent"
	}
	ln, rn := &l.names[e.leftName], &r.names[e.right]
	switch f {
	case sameName:
		if l.Name == r.Name {
			return "the names are the same, letter for letter"
		}
		return "the names are the same, but for capitals, punctuation, abbreviations or the legal form"
	case otherName:
		return fmt.Sprintf("one of several names was compared: %q with %q", c.key(ln), c.key(rn))
	case acronym:
		short, long := ln, rn
		if len(rn.terms) == 1 {
			short, long = rn, ln
		}
		return fmt.Sprintf("%q are the first letters of %q", strings.ToUpper(short.compact), c.key(long))
	case shared:
		return "both names have " + c.paired(e, ln, rn, func(pair) bool { return true })
	case misspelt:
		return "possible misspelling: " + c.paired(e, ln, rn, func(p pair) bool { return p.kind == misspelled })
	case otherWord:
		return "both are words by themselves: " + c.paired(e, ln, rn, func(p pair) bool { return p.known })
	case likeSound:
		return "spelled otherwise, said alike: " + c.paired(e, ln, rn, func(p pair) bool { return p.kind == sounded })
	case kindred:
		return "another word for nearly the same: " + c.paired(e, ln, rn, func(p pair) bool { return p.kind == related || p.kind == inflected })
	case abridged:
		return "possible short form: " + c.paired(e, ln, rn, guessed)
	case leftExtra:
		return "only the organization's name has " + c.unpaired(ln, e.alignment.usedLeft)
	case rightExtra:
		return "only the customer's name has " + c.unpaired(rn, e.alignment.usedRight)
	case forms:
		return fmt.Sprintf("the legal forms differ: %s and %s", strings.Join(ln.legal, " "), strings.Join(rn.legal, " "))
	}
	return factorNames[f]
}

func (c *corpus) written(terms []int32) string {
	words := make([]string, len(terms))
	for i, id := range terms {
		words[i] = c.terms[id].text
	}
	return strings.Join(words, " ")
}

func (c *corpus) key(n *spelled) string { return c.written(n.terms) }

// paired words the pairs of an alignment, in the order of the left name.
func (c *corpus) paired(e *evidence, ln, rn *spelled, which func(pair) bool) string {
	pairs := slices.DeleteFunc(slices.Clone(e.alignment.pairs), func(p pair) bool { return !which(p) })
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(a.leftFrom, b.leftFrom) })
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		left, right := c.written(ln.terms[p.leftFrom:p.leftTo]), c.written(rn.terms[p.rightFrom:p.right])
		texts[i] = fmt.Sprintf("%q", left)
		if left != right {
			texts[i] = fmt.Sprintf("%q for %q", left, right)
		}
	}
	return strings.Join(texts, ", ")
}

func (c *corpus) unpaired(n *spelled, used uint32) string {
	var texts []string
	for i, id := range n.terms {
		if used>>i&1 == 0 {
			texts = append(texts, fmt.Sprintf("%q", c.terms[id].text))
		}
	}
	return strings.Join(texts, ", ")
}
