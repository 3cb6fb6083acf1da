package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// kind says how two words, or runs of words, were found to be the same.
type kind uint8

const (
	sameWord    kind = iota
	joined           // "day care" and "daycare"
	plural           // "motor" and "motors"
	equivalent       // "electric" and "elec"
	inflected        // "brewing" and "brewery"
	drawn            // "L0gistics" and "logistics"
	sounded          // "kwik" and "quick"
	misspelled       // "architets" and "architects"
	nickname         // "bob" and "robert"
	letters          // "hbm" and "hettinger bogan mertz"
	related          // "attorneys" and "law"
	shortened        // "pedia" and "pediatrics"
	firstLetter      // "j" and "john"
	kinds
)

// likeness is how much of a word's information a pairing of each kind keeps.
var likeness = [kinds]float32{
	sameWord: 1, joined: 0.95, plural: 0.95, equivalent: 0.9, inflected: 0.75, drawn: 0.9, sounded: 0.8, misspelled: 0.85,
	nickname: 0.8, letters: 0.75, related: 0.4, shortened: 0.65, firstLetter: 0.4,
}

// pair is one thing that two names have in common: words from and up to, but
// without, to.
type pair struct {
	kind                               kind
	known                              bool // with misspelled: both are spelled right
	leftFrom, leftTo, rightFrom, right uint8
	slip                               float32 // with misspelled: how much speaks for two words and not one
	info                               float32
}

// alignment is two names laid side by side. It is used again and again.
type alignment struct {
	options   []pair
	pairs     []pair
	usedLeft  uint32 // words that have a counterpart, as bits
	usedRight uint32
	reordered bool
}

// align pairs the words of two names, the most telling pairs first, each word
// at most once.
func (a *alignment) align(v *vocabulary, left, right []int32) {
	a.options, a.pairs, a.usedLeft, a.usedRight, a.reordered = a.options[:0], a.pairs[:0], 0, 0, false
	a.pairWords(v, left, right)
	a.runs(v, left, right, false)
	a.runs(v, right, left, true)
	for i := 1; i < len(a.options); i++ { // few: sorted by insertion
		for j := i; j > 0 && a.options[j].info > a.options[j-1].info; j-- {
			a.options[j], a.options[j-1] = a.options[j-1], a.options[j]
		}
	}
	for _, p := range a.options {
		l, r := span(p.leftFrom, p.leftTo), span(p.rightFrom, p.right)
		if a.usedLeft&l|a.usedRight&r != 0 {
			continue
		}
		a.usedLeft |= l
		a.usedRight |= r
		for _, q := range a.pairs {
			a.reordered = a.reordered || (p.leftFrom < q.leftFrom) != (p.rightFrom < q.rightFrom)
		}
		a.pairs = append(a.pairs, p)
	}
}

func span(from, to uint8) uint32 { return 1<<to - 1<<from }

// pairWords adds every pairing of one word with one word.
func (a *alignment) pairWords(v *vocabulary, left, right []int32) {
	for i, l := range left {
		for j, r := range right {
			p := pair{leftFrom: uint8(i), leftTo: uint8(i + 1), rightFrom: uint8(j), right: uint8(j + 1)}
			if l == r {
				p.info = v.terms[l].info
			} else if !pairTerms(&v.terms[l], &v.terms[r], r, &p) {
				continue
			}
			a.options = append(a.options, p)
		}
	}
}

// pairTerms says whether two different words may mean the same, and how.
func pairTerms(x, y *term, yID int32, p *pair) bool {
	made := func(k kind) bool {
		p.kind, p.info = k, likeness[k]*min(x.info, y.info)
		return true
	}
	for _, l := range x.likes {
		if l.id == yID {
			return made(l.how)
		}
	}
	if x.first != y.first && x.soundHash != y.soundHash && farApart(x, y, 2) {
		return false // as nearly all are
	}
	short, long := x, y
	if short.size > long.size {
		short, long = long, short
	}
	if isPlural(short.text, long.text) {
		return made(plural)
	}
	if short.drawn != "" || long.drawn != "" {
		if drawnAlike(short, long) {
			return made(drawn)
		}
	}
	if short.digit || long.digit {
		return false
	}
	if x.opposes(y) {
		return false
	}
	if isInflected(x, y) {
		return made(inflected)
	}
	if count := misspelling(short, long); count > 0 {
		made(misspelled)
		p.slip = float32(count) * 6 / float32(max(long.size, 4))
		p.known = x.known && y.known
		switch {
		case x.common && !y.known || y.common && !x.known:
			p.slip *= 0.4 // no word at all, where the other is a common one
		case x.soundHash != 0 && x.soundHash == y.soundHash:
			p.slip *= 0.7
		}
		return true
	}
	switch {
	case x.soundHash != 0 && x.soundHash == y.soundHash && !(x.common && y.common):
		p.known = x.known && y.known
		return made(sounded)
	case short.size == 1 && strings.HasPrefix(long.text, short.text):
		return made(firstLetter)
	case shortens(short, long):
		return made(shortened)
	}
	return false
}

func isPlural(short, long string) bool {
	switch len(long) - len(short) {
	case 1:
		return len(short) > 2 && long[len(long)-1] == 's' && long[:len(short)] == short
	case 2:
		return len(short) > 2 && (long[len(short):] == "es" && long[:len(short)] == short ||
			strings.HasSuffix(short, "y") && strings.HasSuffix(long, "ies") && long[:len(short)-1] == short[:len(short)-1])
	}
	return false
}

func drawnAlike(x, y *term) bool {
	return x.size > 2 && x.size == y.size && !allDigits(x.text) && !allDigits(y.text) && drawnOf(x.text) == drawnOf(y.text)
}

// opposes says whether two words say opposite things: eastview and westview,
// imports and exports.
func (t *term) opposes(o *term) bool {
	return t.group != "" && t.group == o.group && t.rest == o.rest
}

// endings are what words for one trade differ by: brewing, brewery, brewers.
var endings = []string{"", "s", "e", "er", "ers", "ery", "ing", "ings", "y", "ies", "ist", "ists", "ian", "ians", "al", "able", "ment", "ation", "ations", "ic", "ics", "ed", "es", "age", "or", "ors", "ant", "ants"}

// isInflected says whether two common words are of one stem.
func isInflected(x, y *term) bool {
	if !x.known || !y.known || x.size < 5 || y.size < 5 || !(x.common || y.common) {
		return false
	}
	n := 0
	for n < len(x.text) && n < len(y.text) && x.text[n] == y.text[n] {
		n++
	}
	if n < 4 || 2*n < max(len(x.text), len(y.text)) {
		return false
	}
	// The stem may end a letter before: charity, charities.
	for stem := n; stem >= max(4, n-1); stem-- {
		if slices.Contains(endings, x.text[stem:]) && slices.Contains(endings, y.text[stem:]) {
			return x.text[stem:] != "" && y.text[stem:] != "" || stem > 6
		}
	}
	return false
}

// misspelling gives how many letters differ when one of two words may be a
// misspelling of the other, else 0. Two words that are both common are never
// one, nor two that both stand in several names of the lists at hand.
func misspelling(short, long *term) int {
	most := 0
	switch {
	case short.common && long.common, short.count > 3 && long.count > 3:
		return 0
	case short.size >= 11 && (!short.known || !long.known):
		most = 3
	case short.size >= 7:
		most = 2
	case short.size >= 6 && (!short.known || !long.known) && short.text[0] == long.text[0]:
		most = 2
	case short.size >= 4, short.size == 3 && long.size == 4 && (!short.known || !long.known || long.common):
		most = 1
	default:
		return 0
	}
	if int(long.size-short.size) > most || farApart(short, long, most) {
		return 0
	}
	return edits(short.text, long.text, most)
}

// shortens says whether short is an abbreviation of long: its beginning, or
// its first letter and consonants in order.
func shortens(short, long *term) bool {
	if short.size < 3 || long.size < short.size+2 || short.letters&^long.letters != 0 || short.text[0] != long.text[0] {
		return false
	}
	if short.known && (long.known || short.size > 3) { // a word by itself
		return false
	}
	if strings.HasPrefix(long.text, short.text) {
		return true
	}
	at, vowels := 1, 0
	for i := 1; i < len(short.text); i++ {
		next := strings.IndexByte(long.text[at:], short.text[i])
		if next < 0 {
			return false
		}
		if strings.IndexByte("aeiou", short.text[i]) >= 0 {
			vowels++
		}
		at += next + 1
	}
	return vowels == 0 || vowels == 1 && short.size > 3 && short.text[short.size-1] == long.text[long.size-1]
}

// runs adds pairings of single words of one name with runs of the other:
// written as one, or shortened to first letters.
func (a *alignment) runs(v *vocabulary, one, many []int32, swapped bool) {
	for i, id := range one {
		w := &v.terms[id]
		if w.size < 2 {
			continue
		}
		for j := 0; j+1 < len(many); j++ {
			first := &v.terms[many[j]]
			if first.text == "" || first.text[0] != w.text[0] {
				continue
			}
			p := pair{leftFrom: uint8(i), leftTo: uint8(i + 1), rightFrom: uint8(j)}
			if !joinedRun(v, w, many[j:], &p) && !lettersRun(v, w, many[j:], &p) {
				continue
			}
			p.right += uint8(j)
			if swapped {
				p.leftFrom, p.leftTo, p.rightFrom, p.right = p.rightFrom, p.right, p.leftFrom, p.leftTo
			}
			a.options = append(a.options, p)
		}
	}
}

// joinedRun says whether the first of some words, written as one, are a word.
// Words of a long one may be cut short, as in the names of web sites.
func joinedRun(v *vocabulary, w *term, many []int32, p *pair) bool {
	rest, info, cuts := w.text, float32(0), 0
	for k, id := range many {
		next := v.terms[id].text
		n := commonPrefix(rest, next)
		if n < len(next) {
			if cuts++; n < 3 || w.size < 9 {
				return false
			}
			info -= 0.5 * v.terms[id].info
		}
		rest, info = rest[n:], info+v.terms[id].info
		if rest == "" {
			p.kind, p.info, p.right = joined, likeness[joined]*min(info, w.info+3), uint8(k+1)
			if cuts > 0 {
				p.kind, p.info = shortened, 0.8*p.info
			}
			return k > 0
		}
		for _, small := range []string{"and", "of"} {
			if k+1 < len(many) && strings.HasPrefix(rest, small) && !strings.HasPrefix(v.terms[many[k+1]].text, small) {
				rest = rest[len(small):]
			}
		}
	}
	return false
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// lettersRun says whether a word is the first letters of some words.
func lettersRun(v *vocabulary, w *term, many []int32, p *pair) bool {
	n := int(w.size)
	if n > len(many) || n > 6 || w.known && n > 3 {
		return false
	}
	at, info := 0, float32(0)
	for _, id := range many[:n] {
		next := &v.terms[id]
		r, size := utf8.DecodeRuneInString(w.text[at:])
		if next.size < 2 && n < 4 || firstRune(next.text) != r {
			return false
		}
		at, info = at+size, info+next.info
	}
	p.kind, p.right = letters, uint8(n)
	p.info = likeness[letters] * min(info, w.info+float32(n)-1)
	return true
}

// guessed says whether a pair is a short form that no list knows.
func guessed(p pair) bool { return p.kind == shortened || p.kind == firstLetter || p.kind == letters }
