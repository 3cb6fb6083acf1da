package match

import (
	"math"
	"slices"
	"strings"
)

// smoothing is how many names the shares in data/words.tsv count for, against
// those of the lists at hand.
const smoothing = 1000

// unheard is the share of names, of 1,000, that a word not in data/words.tsv
// is taken to be in.
const unheard = 0.7

// term is a word of the lists at hand. What every comparison reads comes first,
// so that it lies together.
type term struct {
	text      string
	likes     []likeTerm
	soundHash uint64
	letters   uint32 // which letters it has, as bits
	size      int32  // in letters
	info      float32
	first     byte
	digit     bool
	known     bool    // spelled right: in data/words.tsv or data/known.txt.gz, or seen often
	common    bool    // in data/words.tsv
	cost      float32 // how much speaks against a pair when only one of the two has it
	count     int32   // in how many names it stands, both sides together
	tail      bool    // people leave it off
	legal     bool    // a legal form, or a misspelling of one
	place     bool
	kind      string
	sound     string // how it is said
	drawn     string // how it looks: 0 as o, 1 as l; "" without digits
	group     string // of the opposites that it begins with
	rest      string // what follows that beginning
}

type likeTerm struct {
	id  int32
	how kind
}

// vocabulary is the words of both sides.
type vocabulary struct {
	terms []term
	ids   map[string]int32
	total float64
}

func (v *vocabulary) id(text string) int32 {
	id, ok := v.ids[text]
	if !ok {
		id = int32(len(v.terms))
		v.ids[text] = id
		v.terms = append(v.terms, term{text: text})
	}
	return id
}

// count looks the words of parties up and counts them.
func (v *vocabulary) count(all []*party) {
	var seen []int32
	for _, p := range all {
		seen = v.lookUp(p, seen[:0])
		for _, id := range seen {
			v.terms[id].count++
		}
	}
}

// lookUp looks the words of a party up, and adds each of them once to seen.
func (v *vocabulary) lookUp(p *party, seen []int32) []int32 {
	for i := range p.names {
		n := &p.names[i]
		n.terms = make([]int32, len(n.tokens))
		for j, text := range n.tokens {
			n.terms[j] = v.id(text)
			if !slices.Contains(seen, n.terms[j]) {
				seen = append(seen, n.terms[j])
			}
		}
		n.key, n.tokens = "", nil // they take room; the terms have them
	}
	if p.city != "" {
		for _, w := range strings.Fields(p.city) {
			p.cityWords = append(p.cityWords, v.id(w))
		}
	}
	return seen
}

// weigh gives every word what is known of it.
func (v *vocabulary) weigh(parties int) {
	v.total = float64(parties) + smoothing
	parallel(len(v.terms), func(_, i int) { v.describe(&v.terms[i]) })
}

func (v *vocabulary) describe(t *term) {
	lists := tables()
	prior, common := lists.common[t.text]
	part := unheard / 1000
	if common {
		part = prior.share
	}
	t.kind = lists.kinds[t.text]
	t.place = lists.places[t.text]
	t.digit = hasDigit(t.text) && !drawnDigits(t.text)
	t.common, t.tail = common, prior.tail
	t.known = common || t.count > 3 || t.kind != "" || lists.knows(t.text)
	form, isForm := lists.legal[t.text]
	t.legal = isForm && form.ends != "front" || t.count <= 1 && !t.known && misspeltForm(t.text)
	t.info = float32(-math.Log((float64(t.count) + smoothing*part) / v.total))
	t.letters, t.size = 0, 0
	for _, r := range t.text {
		t.size++
		if r >= 'a' && r <= 'z' {
			t.letters |= 1 << (r - 'a')
		} else {
			t.letters |= 1 << (26 + uint32(r)%6)
		}
	}
	t.cost = t.extra()
	if t.sound = lists.soundOf(t.text); t.sound != "" {
		t.soundHash = hashOf(t.sound)
	}
	if t.text != "" {
		t.first = t.text[0]
	}
	if hasDigit(t.text) && t.size > 2 {
		t.drawn = drawnOf(t.text)
	}
	for _, o := range lists.opposites {
		if rest, ok := strings.CutPrefix(t.text, o.beginning); ok && (t.group == "" || len(rest) < len(t.rest)) && (rest == "" || len(rest) > 2) {
			t.group, t.rest = o.group, rest
		}
	}
	t.likes = t.likes[:0]
	for _, l := range lists.likes[t.text] {
		if id, ok := v.ids[l.other]; ok {
			t.likes = append(t.likes, likeTerm{id, l.how})
		}
	}
}

// extra is about 1 for a word that tells a name from others, and less for one
// that people leave off.
func (t *term) extra() float32 {
	cost := min(max(t.info, 1), 7) / 7
	switch {
	case t.legal, t.kind == soft:
		return min(cost, 0.1)
	case t.kind == title, t.kind == site:
		return min(cost, 0.2)
	case t.kind == country:
		return min(cost, 0.35)
	case t.digit:
		return max(cost, 1)
	case t.kind == direction:
		return max(cost, 1)
	case t.tail:
		return cost * 0.5
	case t.place:
		return cost * 0.7
	case t.size <= 2 && !t.known:
		return cost * 0.4
	}
	return cost
}

// drawnDigits says whether the digits of a word are letters that were misread:
// "l0gistics", and no "b2b".
func drawnDigits(w string) bool {
	misread := 0
	for i, r := range w {
		switch {
		case r == '0' || r == '1' && i > 0 && i+1 < len(w) || r == '5' && i > 0 || r == '8' && i > 0:
			misread++
		case r >= '0' && r <= '9':
			return false
		}
	}
	return misread > 0 && len(w)-misread >= 4 && misread <= 2
}

// hashOf is FNV-1a: the same everywhere and always.
func hashOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// misspeltForm says whether a word looks like a usual legal form.
func misspeltForm(w string) bool {
	switch w { // cut off at the end of a field
	case "ll", "pl", "pll", "lim", "limi", "corpo", "corpor", "incor", "incorp", "compa", "compan":
		return true
	}
	for _, form := range []string{"corporation", "incorporated", "limited", "company", "inc", "llc", "ltd", "corp"} {
		if most := min(len(form)/3, 2); len(w) > 2 && edits(w, form, most) > 0 {
			return true
		}
	}
	return false
}

// soundOf writes a word as it is said, roughly, for English ears; "" for what
// is too short to be told by its sound.
func (t *lists) soundOf(w string) string {
	if len(w) < 4 || strings.ContainsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return ""
	}
	out := make([]byte, 0, 16)
	for i := 0; i < len(w); {
		from, to := w[i:i+1], w[i:i+1]
		for _, s := range t.sounds {
			if strings.HasPrefix(w[i:], s[0]) {
				from, to = s[0], s[1]
				break
			}
		}
		i += len(from)
		for _, c := range []byte(to) {
			if len(out) == 0 || out[len(out)-1] != c {
				out = append(out, c)
			}
		}
	}
	if n := len(out); n > 3 && out[n-1] == 'e' {
		out = out[:n-1]
	}
	if n := len(out); n > 3 && out[0] == 'e' && out[1] == 'k' && out[2] == 's' {
		out = out[1:] // xpress
	}
	return string(out)
}

// drawnOf gives digits the letters that they look like.
var drawnOf = strings.NewReplacer("0", "o", "1", "l", "5", "s", "8", "b", "i", "l").Replace
