package match

import (
	"cmp"
	"math"
	"slices"
)

// How many customers are looked at for one organization, and how common what
// they share with it may be.
const (
	mostCandidates = 30   // by what they share
	mostExact      = 40   // for each of an exact key: the same name, initials, phone or domain
	rarestTrigrams = 12   // of a name, that are looked up
	longestPosting = 2000 // a longer list of customers tells nothing
)

// smoothing is how many names the shares in data/words.tsv count for, against
// those of the lists at hand.
const smoothing = 1000

// unheard is the share of names, of 1,000, that a word not in data/words.tsv
// is taken to be in.
const unheard = 0.7

// term is a word of the lists at hand.
type term struct {
	text   string
	info   float64 // how much it tells when both names have it: -ln of its share of names
	count  int     // in how many names it stands, both sides together
	common bool    // in data/words.tsv
	tail   bool    // people leave it off
	legal  bool    // a legal form, or a misspelling of one
}

// corpus is both sides, with what is known of their words, and the inverted
// index of the right side.
type corpus struct {
	left, right []*party
	terms       map[string]*term
	postings    map[string][]int // right indices by word, trigram and exact key
	phones      map[string]int   // how many on both sides have it
	domains     map[string]int
	nested      bool // both sides have parents
}

func newCorpus(left, right []Entity) *corpus {
	c := &corpus{
		left: parties(left), right: parties(right),
		terms: map[string]*term{}, postings: map[string][]int{}, phones: map[string]int{}, domains: map[string]int{},
	}
	c.nested = slices.ContainsFunc(c.left, hasParent) && slices.ContainsFunc(c.right, hasParent)
	c.weigh()
	for i, p := range c.right {
		keys := map[string]bool{}
		for _, n := range p.names {
			for _, k := range keysOf(n) {
				keys[k] = true
			}
		}
		for _, k := range p.exactKeys() {
			keys[k] = true
		}
		for k := range keys {
			c.postings[k] = append(c.postings[k], i)
		}
	}
	return c
}

// weigh counts the words of both sides and gives each its information.
func (c *corpus) weigh() {
	for _, p := range slices.Concat(c.left, c.right) {
		seen := map[string]bool{}
		for _, n := range p.names {
			for _, t := range n.tokens {
				seen[t] = true
			}
		}
		for t := range seen {
			if c.terms[t] == nil {
				c.terms[t] = &term{text: t}
			}
			c.terms[t].count++
		}
		if p.phone != "" {
			c.phones[p.phone]++
		}
		if p.domain != "" {
			c.domains[p.domain]++
		}
	}
	total := float64(len(c.left)+len(c.right)) + smoothing
	for text, t := range c.terms {
		known, common := commonWords[text]
		share := unheard / 1000
		if common {
			share = known.share
		}
		t.common, t.tail = common, known.tail
		t.legal = legalEnds(text) != "" || t.count == 1 && !common && misspeltForm(text)
		t.info = -math.Log((float64(t.count) + smoothing*share) / total)
	}
	for _, p := range slices.Concat(c.left, c.right) {
		p.terms = make([][]*term, len(p.names))
		for i, n := range p.names {
			for _, t := range n.tokens {
				p.terms[i] = append(p.terms[i], c.terms[t])
			}
		}
	}
}

// misspeltForm says whether a word looks like a usual legal form.
func misspeltForm(w string) bool {
	for _, form := range []string{"corporation", "incorporated", "limited", "company", "inc", "llc", "ltd", "corp"} {
		if most := min(len(form)/3, 2); len(w) > 2 && edits(w, form, most) > 0 {
			return true
		}
	}
	return false
}

// keysOf gives what a name is found by: its words and its trigrams.
func keysOf(n name) []string {
	keys := make([]string, 0, len(n.tokens)+len(n.compact))
	for _, t := range n.tokens {
		keys = append(keys, "w:"+t)
	}
	return append(keys, trigrams(n.compact)...)
}

func trigrams(compact string) []string {
	rs := []rune(compact)
	rs = rs[:min(len(rs), 120)]
	var all []string
	for i := 0; i+3 <= len(rs); i++ {
		all = append(all, "t:"+string(rs[i:i+3]))
	}
	return all
}

// exactKeys gives what alone is enough to look at a pair.
func (p *party) exactKeys() []string {
	var keys []string
	for _, n := range p.names {
		keys = append(keys, "n:"+n.compact)
		if len(n.tokens) == 1 {
			keys = append(keys, "i:"+n.compact)
		}
		for _, letters := range n.initials {
			keys = append(keys, "i:"+letters)
		}
	}
	if p.phone != "" {
		keys = append(keys, "p:"+p.phone)
	}
	if p.domain != "" {
		keys = append(keys, "d:"+p.domain)
	}
	return keys
}

// candidates gives the right indices worth comparing with a left party, in
// order. Partner is the right index that its parent is linked with, or -1.
func (c *corpus) candidates(l *party, partner int) []int {
	found := map[int]float64{}
	chosen := map[int]bool{}
	for _, k := range l.exactKeys() {
		list := c.postings[k]
		for _, r := range list[:min(len(list), mostExact)] {
			chosen[r] = true
		}
	}
	for _, n := range l.names {
		c.addShared(found, n, partner)
	}
	ranked := make([]int, 0, len(found))
	for r := range found {
		ranked = append(ranked, r)
	}
	slices.SortFunc(ranked, func(a, b int) int { return cmp.Or(cmp.Compare(found[b], found[a]), cmp.Compare(a, b)) })
	for _, r := range ranked[:min(len(ranked), mostCandidates)] {
		chosen[r] = true
	}
	all := make([]int, 0, len(chosen))
	for r := range chosen {
		all = append(all, r)
	}
	slices.Sort(all)
	return all
}

// addShared adds up, for each right party, what it shares with a name.
func (c *corpus) addShared(found map[int]float64, n name, partner int) {
	limit := max(longestPosting, len(c.right)/50)
	add := func(key string, weight float64) {
		list := c.postings[key]
		if len(list) == 0 || len(list) > limit {
			return
		}
		each := weight * math.Log(1+float64(len(c.right))/float64(len(list)))
		for _, r := range list {
			if found[r] == 0 && partner >= 0 && c.right[r].parent == partner {
				found[r] = 10 // the parents are linked: looked at before others
			}
			found[r] += each
		}
	}
	for _, t := range n.tokens {
		add("w:"+t, 1)
	}
	rare := slices.DeleteFunc(trigrams(n.compact), func(t string) bool { return len(c.postings[t]) == 0 })
	slices.SortFunc(rare, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(c.postings[a]), len(c.postings[b])), cmp.Compare(a, b))
	})
	rare = slices.Compact(rare)
	for _, t := range rare[:min(len(rare), rarestTrigrams)] {
		add(t, 0.3)
	}
}
