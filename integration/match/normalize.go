package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTokens bounds the words of a name that are compared, and maxNames the
// names of one organization.
const (
	maxTokens = 24
	maxNames  = 4
)

// name is one way an organization is called, made comparable.
type name struct {
	alias    alias
	apart    uint32   // which words stand in brackets or behind a dash, as bits
	compact  string   // the key without blanks
	legal    []string // the legal forms that were taken off
	initials []string // the first letters, in the ways people shorten names
	key      string   // the words joined by blanks: what "the same name" compares
	tokens   []string // the words, at most maxTokens
}

// alias says what a name is among the names of one organization.
type alias uint8

const (
	only   alias = iota // its one name, or all that is written
	other               // one of several: d/b/a, in brackets
	owners              // its owner's, or one that it gave up
	short               // its own first letters, in brackets
)

// distance is how much less a name says than the only one would.
func (a alias) distance() float32 {
	if a == short {
		return 1
	}
	return float32(a)
}

// normalize gives the form of a name in which two spellings of it are equal:
// lower case Latin letters and digits, abbreviations written out, legal forms
// and account numbers gone, words joined by single blanks. It is idempotent,
// never panics, and is empty only for a name without letters and digits.
func normalize(raw string) string {
	key := raw
	for range 8 {
		again := parse(strip(segments(fold(key))), only).key
		if again == key {
			break
		}
		key = again
	}
	return key
}

// names gives all the ways an organization is called: its name, or where that
// holds a marker such as "d/b/a" or "Parent : Child" each of its parts.
func names(raw string) []name {
	segs := strip(segments(fold(splitCamel(raw))))
	var all []name
	add := func(part []segment, as alias) {
		n := parse(part, as)
		same := func(o name) bool { return o.key == n.key }
		if n.key != "" && len(all) < maxNames && !slices.ContainsFunc(all, same) {
			all = append(all, n)
		}
	}
	letters, segs := withoutLetters(segs)
	parts, kinds := splitAliases(segs)
	if len(parts) > 1 {
		// What follows "doing business as" is the name in use: it comes first.
		for i := len(parts) - 1; i >= 0; i-- {
			add(parts[i], kinds[i])
		}
		return all
	}
	add(segs, only)
	for i, s := range segs {
		switch {
		case i > 0 && s.by == colon && !s.isPlace():
			add(segs[i:], other)
		case i > 0 && s.by == slash:
			add(segs[:i], other)
			add(segs[i:], other)
		case i > 0 && s.open && tellsApart(s):
			add(slices.Concat(segs[:i], segs[i+1:]), other)
			add(segs[i:i+1], other)
		}
	}
	if len(letters) > 0 {
		add(letters, short)
	}
	return all
}

// withoutLetters takes a name's own first letters, in brackets behind it, off.
func withoutLetters(segs []segment) (letters, rest []segment) {
	for i, s := range segs {
		if i == 0 || !s.open || len(s.words) != 1 || len(s.words[0]) < 2 || len(s.words[0]) > 8 {
			continue
		}
		var words []string
		for _, before := range segs[:i] {
			words = append(words, before.words...)
		}
		if slices.Contains(initialsOf(words), s.words[0]) {
			return segs[i : i+1], slices.Concat(segs[:i], segs[i+1:])
		}
	}
	return nil, segs
}

// splitCamel parts two words that were typed without the blank: "AcmeDental".
// Names such as McAllister and NetWorks stay as they are.
func splitCamel(raw string) string {
	lower := 0
	for i := range len(raw) {
		switch c := raw[i]; {
		case 'a' <= c && c <= 'z':
			lower++
		case 'A' <= c && c <= 'Z':
			if lower >= 4 && i+2 < len(raw) && isLower(raw[i+1]) && isLower(raw[i+2]) {
				return raw[:i] + " " + splitCamel(raw[i:])
			}
			lower = 1
		default:
			lower = 0
		}
	}
	return raw
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// tellsApart says whether words in brackets may be a name of their own.
func tellsApart(s segment) bool {
	t := tables()
	return len(s.words) <= 5 && slices.ContainsFunc(s.words, func(w string) bool {
		_, common := t.common[w]
		_, special := t.kinds[w]
		_, legal := t.legal[w]
		return !common && !special && !legal && !t.places[w] && !hasDigit(w) && len(w) > 1
	})
}

// splitAliases cuts a name at "d/b/a", "formerly" and their like.
func splitAliases(segs []segment) (parts [][]segment, kinds []alias) {
	t := tables()
	var part []segment
	kind := other
	flush := func(next alias) {
		if len(part) > 0 {
			parts, kinds = append(parts, part), append(kinds, kind)
			part = nil
		}
		kind = next
	}
	for _, s := range segs {
		rest := s
		for i := 0; i < len(rest.words); {
			n, meaning := t.markerAt(rest, i)
			if n == 0 || i+n == len(rest.words) && i == 0 && len(segs) == 1 {
				i++
				continue
			}
			if i > 0 {
				part = append(part, segment{words: rest.words[:i], glued: rest.glued[:i], by: rest.by, open: rest.open})
			}
			next := other
			if meaning != "alias" {
				next = owners
			}
			flush(next)
			rest = segment{words: rest.words[i+n:], glued: rest.glued[i+n:]}
			i = 0
		}
		if len(rest.words) > 0 {
			part = append(part, rest)
		}
	}
	flush(other)
	return parts, kinds
}

// parse makes one name of segments.
func parse(segs []segment, as alias) name {
	n := name{alias: as}
	var words []string
	for i, s := range segs {
		words = append(words, s.words...)
		core, legal := s.words, []string(nil)
		for range 4 { // joined letters may make a filler: "a n d"
			again, more := withoutLegal(canonical(core), len(segs) > 1)
			legal = append(legal, more...)
			if slices.Equal(again, core) {
				break
			}
			core = again
		}
		n.legal = append(n.legal, legal...)
		for _, w := range core {
			if i > 0 && s.apart() && len(n.tokens) > 0 && len(n.tokens) < 32 {
				n.apart |= 1 << len(n.tokens)
			}
			n.tokens = append(n.tokens, w)
		}
	}
	if len(n.tokens) == 0 {
		n.tokens, n.legal = canonical(words), nil
	}
	n.key = strings.Join(n.tokens, " ")
	n.compact = strings.Join(n.tokens, "")
	n.tokens = n.tokens[:min(len(n.tokens), maxTokens)]
	n.initials = initialsOf(words)
	return n
}

// canonical leaves fillers out, joins single letters ("l l c" is "llc"), and
// gives abbreviations and numbers one form. It leaves at least one word.
func canonical(words []string) []string {
	t := tables()
	kept := make([]string, 0, len(words))
	for i, w := range words {
		between := w == "n" && i > 0 && i+1 < len(words) && len(words[i-1]) > 1 && len(words[i+1]) > 1 // rock n roll
		if t.kinds[w] != filler && !between {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		kept = words
	}
	tokens := make([]string, 0, len(kept))
	for i := 0; i < len(kept); {
		j := i
		for j < len(kept) && isInitial(kept[j]) {
			j++
		}
		token := kept[i]
		if j > i+1 {
			token = strings.Join(kept[i:j], "")
			i = j - 1
			if token == "spa" { // S.p.A., as against a spa
				token = "societaperazioni"
			}
		}
		i++
		if long, ok := t.abbreviations[token]; ok {
			if strings.Contains(long, " ") {
				tokens = append(tokens, strings.Fields(long)...)
				continue
			}
			token = long
		}
		if number, ok := t.numerals[token]; ok {
			token = number
			if last := len(tokens) - 1; last >= 0 && isTens(tokens[last]) && isDigitWord(number) {
				tokens[last] = tokens[last][:1] + number // twenty first
				continue
			}
		}
		tokens = append(tokens, token)
	}
	return tokens
}

func isTens(w string) bool { return len(w) == 2 && w[0] >= '2' && w[1] == '0' && allDigits(w) }

func isDigitWord(w string) bool {
	return w[0] >= '1' && w[0] <= '9' && (len(w) == 1 || len(w) == 3 && !allDigits(w[1:2]))
}

// withoutLegal takes legal forms off both ends. It leaves at least one word,
// unless it may be empty.
func withoutLegal(tokens []string, mayBeEmpty bool) (core, legal []string) {
	t := tables()
	least := 1
	if mayBeEmpty {
		least = 0
	}
	core = tokens
	for {
		n := t.legalAtEnd(core, least)
		if n == 0 {
			break
		}
		legal = append(legal, strings.Join(core[len(core)-n:], " "))
		core = core[:len(core)-n]
	}
	for {
		n := t.legalAtFront(core, max(least, 1))
		if n == 0 {
			break
		}
		legal = append(legal, strings.Join(core[:n], " "))
		core = core[n:]
	}
	for i, w := range core {
		if bare := t.withoutGlued(w); bare != w {
			core = slices.Clone(core)
			core[i] = bare
			legal = append(legal, w)
		}
	}
	return core, legal
}

// initialsOf gives the first letters of a name of two words or more: with and
// without its fillers, and with and without its legal form.
func initialsOf(words []string) []string {
	if len(words) < 2 {
		return nil
	}
	t := tables()
	var all []string
	add := func(ws []string) {
		if len(ws) < 2 || len(ws) > 8 {
			return
		}
		letters := make([]byte, 0, 16)
		for _, w := range ws {
			letters = utf8.AppendRune(letters, firstRune(w))
		}
		if !slices.Contains(all, string(letters)) {
			all = append(all, string(letters))
		}
	}
	plain := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return t.kinds[w] == filler })
	core, _ := withoutLegal(plain, false)
	add(core)
	add(plain)
	if len(plain) == len(words) {
		return all
	}
	if words, _ = withoutLegal(words, false); len(words) > 0 && words[0] == "the" {
		words = words[1:]
	}
	add(words)
	return all
}
