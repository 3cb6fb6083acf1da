package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// kind says how two words, or runs of words, were found to be the same.
type kind int

const (
	sameWord   kind = iota
	joined          // "day care" and "daycare"
	plural          // "motor" and "motors"
	letters         // "hbm" and "hettinger bogan mertz"
	misspelled      // "architets" and "architects"
	shortened       // "pedia" and "pediatrics"
	initial         // "j" and "john"
)

// likeness is how much of a word's information a pairing of each kind keeps.
var likeness = map[kind]float64{
	sameWord: 1, joined: 0.95, plural: 0.95, letters: 0.75, misspelled: 0.85, shortened: 0.65, initial: 0.4,
}

// pair is one thing that two names have in common.
type pair struct {
	kind        kind
	left, right []int   // positions in the two names
	slip        float64 // with misspelled: how much speaks for two words and not one
	info        float64
	text        string // for a person
}

// alignment is two names laid side by side.
type alignment struct {
	pairs               []pair
	leftOnly, rightOnly []*term
	reordered           bool
}

// align pairs the words of two names, the most telling pairs first, each word
// at most once.
func align(left, right []*term) alignment {
	options := pairsOf(left, right)
	slices.SortStableFunc(options, func(a, b pair) int { return cmp.Compare(b.info, a.info) })
	usedLeft, usedRight := make([]bool, len(left)), make([]bool, len(right))
	var a alignment
	for _, p := range options {
		if anyUsed(usedLeft, p.left) || anyUsed(usedRight, p.right) {
			continue
		}
		use(usedLeft, p.left)
		use(usedRight, p.right)
		a.pairs = append(a.pairs, p)
	}
	slices.SortFunc(a.pairs, func(x, y pair) int { return cmp.Compare(x.left[0], y.left[0]) })
	a.reordered = !slices.IsSortedFunc(a.pairs, func(x, y pair) int { return cmp.Compare(x.right[0], y.right[0]) })
	a.leftOnly, a.rightOnly = unused(left, usedLeft), unused(right, usedRight)
	return a
}

func anyUsed(used []bool, at []int) bool {
	return slices.ContainsFunc(at, func(i int) bool { return used[i] })
}

func use(used []bool, at []int) {
	for _, i := range at {
		used[i] = true
	}
}

func unused(terms []*term, used []bool) []*term {
	var all []*term
	for i, t := range terms {
		if !used[i] {
			all = append(all, t)
		}
	}
	return all
}

// pairsOf gives every pairing that is possible between two names.
func pairsOf(left, right []*term) []pair {
	var all []pair
	for i, l := range left {
		for j, r := range right {
			if p, ok := pairWords(l, r); ok {
				p.left, p.right = []int{i}, []int{j}
				all = append(all, p)
			}
		}
	}
	all = append(all, runs(left, right)...)
	for _, p := range runs(right, left) {
		p.left, p.right = p.right, p.left
		all = append(all, p)
	}
	return all
}

// pairWords says whether two words may be the same.
func pairWords(a, b *term) (pair, bool) {
	made := func(k kind) (pair, bool) {
		text := fmt.Sprintf("%q", a.text)
		if a != b {
			text = fmt.Sprintf("%q for %q", a.text, b.text)
		}
		return pair{kind: k, info: likeness[k] * min(a.info, b.info), text: text}, true
	}
	if a == b {
		return made(sameWord)
	}
	short, long := a, b
	if len(short.text) > len(long.text) {
		short, long = long, short
	}
	switch edits := misspelling(short, long); {
	case long.text == short.text+"s" || long.text == short.text+"es":
		return made(plural)
	case edits > 0:
		p, ok := made(misspelled)
		p.slip = 0.5 + 0.5*float64(edits)
		if a.common && b.count == 1 || b.common && a.count == 1 {
			p.slip *= 0.3 // no word at all, where the other is a common one
		}
		return p, ok
	case len(short.text) == 1 && isInitial(short.text) && strings.HasPrefix(long.text, short.text):
		return made(initial)
	case shortens(short.text, long.text):
		return made(shortened)
	}
	return pair{}, false
}

// misspelling gives how many letters differ when one of two words may be a
// misspelling of the other, else 0. Numbers are never misspelled; nor are two
// words that are both known: by data/words.tsv, or by both standing in several
// names of the lists at hand.
func misspelling(short, long *term) int {
	most := 0
	size := len([]rune(short.text))
	switch {
	case hasDigit(short.text) || hasDigit(long.text):
		return 0
	case short.common && long.common, short.count > 3 && long.count > 3:
		return 0
	case size >= 8:
		most = 2
	case size >= 4, size == 3 && long.common && short.count == 1:
		most = 1
	default:
		return 0
	}
	return edits(short.text, long.text, most)
}

// shortens says whether short is an abbreviation of long: its beginning, or
// its first letter and consonants in order.
func shortens(short, long string) bool {
	if len(short) < 3 || len(long) < len(short)+2 || hasDigit(short) || short[0] != long[0] {
		return false
	}
	if strings.HasPrefix(long, short) {
		return true
	}
	return strings.HasPrefix(skeleton(long), short) || skeleton(long) == short
}

// skeleton is a word's first letter and the consonants after it.
func skeleton(w string) string {
	return w[:1] + strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiouy", r) {
			return -1
		}
		return r
	}, w[1:])
}

// runs pairs single words of one name with runs of the other: written as one,
// or shortened to first letters.
func runs(one, many []*term) []pair {
	var all []pair
	for i, w := range one {
		for j := range many {
			text, first, info := "", "", 0.0
			for k := j; k < len(many) && k < j+6; k++ {
				text += many[k].text
				first += firstRune(many[k].text)
				info += many[k].info
				at := pair{left: []int{i}, right: span(j, k)}
				switch {
				case k > j && text == w.text:
					at.kind, at.info = joined, likeness[joined]*info
				case k > j+1 && first == w.text:
					at.kind, at.info = letters, likeness[letters]*min(info, w.info+2)
				default:
					continue
				}
				at.text = fmt.Sprintf("%q", w.text)
				all = append(all, at)
			}
		}
	}
	return all
}

func span(from, to int) []int {
	all := make([]int, 0, to-from+1)
	for i := from; i <= to; i++ {
		all = append(all, i)
	}
	return all
}

func firstRune(w string) string {
	for _, r := range w {
		return string(r)
	}
	return ""
}

func hasDigit(w string) bool { return strings.ContainsAny(w, "0123456789") }

// edits counts the letters to add, drop, change or swap (with the next one)
// to make one word of the other: 0 when that takes more than most, or none.
func edits(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(y)-len(x) > most || len(x)-len(y) > most {
		return 0
	}
	older, old, now := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(x); i++ {
		// Farther from the diagonal than most, the count can only be more.
		first, last := max(1, i-most), min(len(y), i+most)
		now[first-1] = most + 1
		if first == 1 {
			now[0] = i
		}
		if last < len(y) {
			now[last+1] = most + 1
		}
		least := now[first-1]
		for j := first; j <= last; j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			now[j] = min(old[j]+1, now[j-1]+1, old[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], older[j-2]+1)
			}
			least = min(least, now[j])
		}
		if least > most {
			return 0
		}
		older, old, now = old, now, older
	}
	if old[len(y)] > most {
		return 0
	}
	return old[len(y)]
}
