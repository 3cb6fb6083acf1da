package match

import (
	"cmp"
	"math"
	"slices"
)

// How many customers are looked at for one organization.
const (
	fewCandidates  = 8    // are compared in any case
	mostExact      = 40   // for each of an exact key: the same name, initials, phone or domain
	mostChildren   = 100  // of the customer that its parent is linked with
	rarestTrigrams = 12   // of a name, that are looked up
	mostPostings   = 4000 // that are gone through, the rarest first
	longList       = 20_000
)

// candidateRules says how many customers are compared by what they share, and
// which part of what the best one shares they must share: less is looked at
// where a list is long.
func candidateRules(customers int) (most int, part float32) {
	if customers > longList {
		return 16, 0.45
	}
	return 24, 0.3
}

// corpus is both sides, with what is known of their words, and the inverted
// index of the right side.
type corpus struct {
	vocabulary
	left, right []*party
	words       postings // by term
	trigrams    map[uint64]int32
	threes      postings // by trigram
	exact       map[exactKey]int32
	exacts      postings // by exact key
	children    [][]int32
	phones      map[string]int32 // how many on both sides have it
	domains     map[string]int32
	nested      bool // both sides have parents
}

// exactKey is what alone is enough to look at a pair.
type exactKey struct {
	kind byte // n a name, i first letters, p a phone, d a domain, s a word's sound
	text string
}

// postings are lists of right parties, one after the other.
type postings struct {
	from []int32 // where each list begins, and where the last one ends
	all  []int32
}

func (p postings) of(key int32) []int32 {
	if key < 0 || int(key)+1 >= len(p.from) {
		return nil
	}
	return p.all[p.from[key]:p.from[key+1]]
}

// post makes lists of what keys gives for each of n parties.
func post(keys int, n int, of func(i int) []int32) postings {
	p := postings{from: make([]int32, keys+1)}
	for i := range n {
		for _, k := range of(i) {
			p.from[k+1]++
		}
	}
	for k := range keys {
		p.from[k+1] += p.from[k]
	}
	p.all = make([]int32, p.from[keys])
	next := slices.Clone(p.from)
	for i := range n {
		for _, k := range of(i) {
			p.all[next[k]] = int32(i)
			next[k]++
		}
	}
	return p
}

func newCorpus(left, right []Entity) *corpus {
	c := &corpus{
		left: parties(left), right: parties(right), trigrams: map[uint64]int32{}, exact: map[exactKey]int32{},
		phones: map[string]int32{}, domains: map[string]int32{},
	}
	c.ids = map[string]int32{}
	c.nested = slices.ContainsFunc(c.left, hasParent) && slices.ContainsFunc(c.right, hasParent)
	for _, side := range [][]*party{c.left, c.right} {
		c.count(side)
		for _, p := range side {
			c.countFields(p)
		}
	}
	c.weigh(len(c.left) + len(c.right))
	for _, side := range [][]*party{c.left, c.right} {
		for _, p := range side {
			p.likeParent = p.parent >= 0 && c.coversTerms(p, side[p.parent])
		}
	}
	c.build()
	return c
}

func (c *corpus) countFields(p *party) {
	if p.phone != "" {
		c.phones[p.phone]++
	}
	if p.domain != "" {
		c.domains[p.domain]++
	}
}

// coversTerms says whether the first name of a party has all words of another's,
// misspelled or not.
func (c *corpus) coversTerms(p, of *party) bool {
	if len(p.names) == 0 || len(of.names) == 0 {
		return false
	}
	return !slices.ContainsFunc(of.names[0].terms, func(t int32) bool {
		return !slices.ContainsFunc(p.names[0].terms, func(u int32) bool {
			return t == u || c.terms[t].size > 3 && edits(c.terms[t].text, c.terms[u].text, 2) > 0
		})
	})
}

// build makes the index of the right side.
func (c *corpus) build() {
	n := len(c.right)
	keys := make([][]int32, n)
	for i, p := range c.right {
		for j := range p.names {
			for _, id := range p.names[j].terms {
				if !slices.Contains(keys[i], id) {
					keys[i] = append(keys[i], id)
				}
			}
		}
	}
	of := func(i int) []int32 { return keys[i] }
	c.words = post(len(c.terms), n, of)
	var codes []uint64
	for i, p := range c.right {
		keys[i], codes = keys[i][:0], codes[:0]
		for j := range p.names {
			codes = appendTrigrams(codes, p.names[j].compact)
		}
		slices.Sort(codes)
		for _, code := range slices.Compact(codes) {
			keys[i] = append(keys[i], numberOf(c.trigrams, code))
		}
	}
	c.threes = post(len(c.trigrams), n, of)
	var exact []exactKey
	for i, p := range c.right {
		keys[i], exact = keys[i][:0], c.exactKeys(exact[:0], p)
		for _, k := range exact {
			if id := numberOf(c.exact, k); !slices.Contains(keys[i], id) {
				keys[i] = append(keys[i], id)
			}
		}
	}
	c.exacts = post(len(c.exact), n, of)
	c.children = make([][]int32, n)
	for i, p := range c.right {
		if p.parent >= 0 {
			c.children[p.parent] = append(c.children[p.parent], int32(i))
		}
	}
}

// numberOf numbers keys as they come.
func numberOf[K comparable](numbers map[K]int32, key K) int32 {
	n, ok := numbers[key]
	if !ok {
		n = int32(len(numbers))
		numbers[key] = n
	}
	return n
}

func appendTrigrams(all []uint64, compact string) []uint64 {
	code, n := uint64(0), 0
	for _, r := range compact {
		code = (code<<21 | uint64(r)) & (1<<63 - 1)
		if n++; n >= 3 {
			all = append(all, code)
		}
		if n == 120 {
			break
		}
	}
	return all
}

// exactKeys adds what alone is enough to look at a pair with a party.
func (c *corpus) exactKeys(keys []exactKey, p *party) []exactKey {
	for i := range p.names {
		n := &p.names[i]
		keys = append(keys, exactKey{'n', n.compact})
		if len(n.terms) == 1 {
			keys = append(keys, exactKey{'i', n.compact})
		}
		for _, letters := range n.initials {
			keys = append(keys, exactKey{'i', letters})
		}
		for _, id := range n.terms {
			if t := &c.terms[id]; t.sound != "" && !t.common {
				keys = append(keys, exactKey{'s', t.sound})
			}
		}
	}
	if p.phone != "" {
		keys = append(keys, exactKey{'p', p.phone[max(0, len(p.phone)-7):]})
	}
	if p.domain != "" {
		keys = append(keys, exactKey{'d', p.domain})
	}
	if len(p.site) > 3 {
		keys = append(keys, exactKey{'n', p.site})
	}
	return keys
}

// search is what one worker needs to look for candidates.
type search struct {
	scores  []float32 // by right party; zero between searches
	touched []int32
	lists   []weighted
	codes   []uint64
	exact   []exactKey
	found   []int32
	best    []ranked
}

// weighted is a list of postings and what being on it counts.
type weighted struct {
	list   []int32
	weight float32
}

type ranked struct {
	right int32
	score float32
}

// candidates gives the right parties worth comparing with a left one, in order.
// Partner is the right one that its parent is linked with, or -1.
func (c *corpus) candidates(s *search, l *party, partner int32) []int32 {
	if len(s.scores) < len(c.right) {
		s.scores = make([]float32, len(c.right))
	}
	s.found, s.lists, s.touched = s.found[:0], s.lists[:0], s.touched[:0]
	s.exact = c.exactKeys(s.exact[:0], l)
	for _, k := range s.exact {
		id, ok := c.exact[k]
		if !ok {
			continue
		}
		if list := c.exacts.of(id); k.kind == 's' {
			s.lists = append(s.lists, weighted{list, 0.6})
		} else {
			s.found = append(s.found, list[:min(len(list), mostExact)]...)
		}
	}
	if partner >= 0 {
		list := c.children[partner]
		s.found = append(s.found, list[:min(len(list), mostChildren)]...)
	}
	for i := range l.names {
		c.addLists(s, &l.names[i])
	}
	c.addUp(s)
	for _, b := range s.best {
		s.found = append(s.found, b.right)
	}
	slices.Sort(s.found)
	return slices.Compact(s.found)
}

// addLists adds the lists of the words and the rarest trigrams of a name.
func (c *corpus) addLists(s *search, n *spelled) {
	for _, id := range n.terms {
		if list := c.words.of(id); len(list) > 0 {
			s.lists = append(s.lists, weighted{list, 1})
		}
	}
	s.codes = appendTrigrams(s.codes[:0], n.compact)
	slices.Sort(s.codes)
	from := len(s.lists)
	for _, code := range slices.Compact(s.codes) {
		if id, ok := c.trigrams[code]; ok {
			s.lists = append(s.lists, weighted{c.threes.of(id), 0.3})
		}
	}
	slices.SortStableFunc(s.lists[from:], func(a, b weighted) int { return cmp.Compare(len(a.list), len(b.list)) })
	s.lists = s.lists[:min(len(s.lists), from+rarestTrigrams)]
}

// addUp adds up what right parties share, going through the shortest lists
// first, and keeps those that share most.
func (c *corpus) addUp(s *search) {
	slices.SortStableFunc(s.lists, func(a, b weighted) int { return cmp.Compare(len(a.list), len(b.list)) })
	left := mostPostings
	for i, w := range s.lists {
		if left -= len(w.list); left < 0 && i > 1 {
			break
		}
		each := w.weight * float32(math.Log(1+float64(len(c.right))/float64(len(w.list))))
		for _, r := range w.list {
			if s.scores[r] == 0 {
				s.touched = append(s.touched, r)
			}
			s.scores[r] += each
		}
	}
	s.best = s.best[:0]
	most, part := candidateRules(len(c.right))
	for _, r := range s.touched {
		s.rank(ranked{r, s.scores[r]}, most)
		s.scores[r] = 0
	}
	for n := len(s.best); n > fewCandidates && s.best[n-1].score < part*s.best[0].score; n-- {
		s.best = s.best[:n-1]
	}
}

// rank keeps the best, best first; of two equal ones the first stays.
func (s *search) rank(r ranked, most int) {
	n := len(s.best)
	if n == most {
		if !better(r, s.best[n-1]) {
			return
		}
		n--
		s.best = s.best[:n]
	}
	s.best = append(s.best, r)
	for ; n > 0 && better(r, s.best[n-1]); n-- {
		s.best[n] = s.best[n-1]
	}
	s.best[n] = r
}

func better(a, b ranked) bool { return a.score > b.score || a.score == b.score && a.right < b.right }
