package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// separator is what stands in front of a segment.
type separator byte

const (
	start   separator = iota // nothing
	comma                    // , ;
	dash                     // " - "
	bracket                  // ( [ { < *
	colon                    // :
	slash                    // " / " or |
)

// segment is a run of words between separators.
type segment struct {
	words []string
	glued []byte // for each word, what stands right before it: '/', '.', '-', '#', or 0
	by    separator
	open  bool // in brackets
}

// apart says whether the words of a segment stand beside the name proper.
func (s segment) apart() bool { return s.open || s.by == dash || s.by != start && s.isPlace() }

// isPlace says whether a segment is nothing but the name of a place.
func (s segment) isPlace() bool {
	t := tables()
	for _, w := range s.words {
		if !t.places[w] && t.kinds[w] != direction && t.kinds[w] != country && t.kinds[w] != nation && !isState(w) {
			return false
		}
	}
	return len(s.words) > 0 && (len(s.words) > 1 || !isState(s.words[0]))
}

// isState says whether a word is the two letters of a state.
func isState(w string) bool {
	return len(w) == 2 && strings.Contains(" al ak az ar ca co ct de fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa ri sc sd tn tx ut va vt wa wi wv wy dc on bc ab qc uk ", " "+w+" ")
}

// segments cuts a folded name at its separators.
func segments(folded string) []segment {
	var all []segment
	current := segment{}
	var glue byte
	spaced := true // a blank, or nothing, stands before
	next := func(by separator, open bool) {
		if len(current.words) > 0 {
			all = append(all, current)
			current = segment{}
		}
		current.by, current.open, glue = by, open, 0
	}
	for i := 0; i < len(folded); {
		r, size := utf8.DecodeRuneInString(folded[i:])
		if isWordRune(r) {
			end := i + size
			for end < len(folded) {
				r, size = utf8.DecodeRuneInString(folded[end:])
				if !isWordRune(r) && !isApostrophe(r) {
					break
				}
				end += size
			}
			current.words = append(current.words, withoutApostrophes(folded[i:end]))
			current.glued = append(current.glued, glue)
			i, glue, spaced = end, 0, false
			continue
		}
		i += size
		before := spaced
		spaced = r == ' ' || r == '\t' || r == '\u00a0'
		after := i >= len(folded) || folded[i] == ' '
		switch r {
		case '(', '[', '{', '<', '（', '【', '「':
			next(bracket, true)
		case ')', ']', '}', '>', '）', '】', '」':
			next(start, false)
			current.by = comma
		case '*':
			next(dash, false)
		case ',', ';':
			next(comma, current.open)
		case '-', '–', '—', '~', '−':
			if before || after || r == '—' {
				next(dash, current.open)
			} else {
				glue = '-'
			}
		case ':':
			next(colon, current.open)
		case '|', '\\':
			next(slash, current.open)
		case '/':
			if before && after {
				next(slash, current.open)
			} else {
				glue = '/'
			}
		case '&', '+':
			current.words, current.glued = append(current.words, "and"), append(current.glued, 0)
		case '.', '#', '@':
			glue = byte(r)
		}
	}
	if len(current.words) > 0 {
		all = append(all, current)
	}
	return all
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '`' || r >= utf8.RuneSelf && strings.ContainsRune("’‘´ʼ", r)
}

func withoutApostrophes(w string) string {
	if strings.IndexFunc(w, isApostrophe) < 0 {
		return w
	}
	return strings.Map(func(r rune) rune {
		if isApostrophe(r) {
			return -1
		}
		return r
	}, w)
}

// strip takes off what is no part of a name: what people write there for
// themselves ("(inactive)", "- do not use"), account numbers, and the ends of
// addresses on the web.
func strip(all []segment) []segment {
	kept := make([]segment, 0, len(all))
	for i, s := range all {
		s = withoutWeb(s)
		s = withoutTags(s, i == 0)
		if n := len(s.words) - 1; i > 0 && n > 0 && isState(s.words[n]) && s.isPlace() {
			s.words, s.glued = s.words[:n], s.glued[:n]
		}
		if len(all) > 1 && (isTag(s, i) || isAccount(s)) {
			continue
		}
		kept = append(kept, s)
	}
	if n := len(kept); n > 0 && n == len(all) {
		kept[n-1] = withoutNumber(kept[n-1])
	}
	kept = slices.DeleteFunc(kept, func(s segment) bool { return len(s.words) == 0 })
	if len(kept) == 0 {
		return all
	}
	return kept
}

func isTag(s segment, at int) bool {
	words := s.words
	if len(words) > 1 { // "closed 2021"
		words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return allDigits(w) && len(w) == 4 })
	}
	where, ok := tables().tags[strings.Join(words, " ")]
	return ok && (where != "front" || at == 0)
}

// isAccount says whether a segment is nothing but an account number.
func isAccount(s segment) bool {
	if len(s.words) == 2 && len(s.words[0]) <= 4 && allDigits(s.words[1]) && s.glued[1] == '-' && len(s.words[1]) >= 3 {
		return true // C-00123
	}
	if len(s.words) != 1 {
		return false
	}
	digits := strings.TrimLeft(s.words[0], "abcdefghijklmnopqrstuvwxyz")
	letters := len(s.words[0]) - len(digits)
	return allDigits(digits) && (letters == 0 && len(digits) >= 4 || letters > 0 && letters <= 5 && len(digits) >= 3 && s.apart())
}

// withoutNumber takes an account number off an end: "Acme #20011".
func withoutNumber(s segment) segment {
	n := len(s.words) - 1
	if n > 0 && allDigits(s.words[n]) && (s.glued[n] == '#' && len(s.words[n]) >= 4 || len(s.words[n]) >= 5) {
		s.words, s.glued = s.words[:n], s.glued[:n]
	}
	if len(s.words) > 2 && len(s.words[0]) <= 4 && s.glued[1] == '-' && len(s.words[1]) >= 3 && allDigits(s.words[1]) {
		s.words, s.glued = s.words[2:], s.glued[2:] // AC-1023 Acme
	}
	return s
}

// withoutTags takes tags off the ends of a segment that has more than them.
func withoutTags(s segment, first bool) segment {
	t := tables()
	if n := len(s.words); first && n > 1 && t.tags[s.words[0]] == "front" {
		s.words, s.glued = s.words[1:], s.glued[1:]
	}
	for n := min(3, len(s.words)-1); n > 0; n-- {
		if t.tags[strings.Join(s.words[len(s.words)-n:], " ")] == "any" {
			s.words, s.glued = s.words[:len(s.words)-n], s.glued[:len(s.words)-n]
			break
		}
		if t.tags[strings.Join(s.words[:n], " ")] == "any" {
			s.words, s.glued = s.words[n:], s.glued[n:]
			break
		}
	}
	return s
}

// withoutWeb makes "www.acme-dental.com" and "info@acme-dental.com" names.
func withoutWeb(s segment) segment {
	if at := slices.Index(s.glued, '@'); at > 0 {
		s.words, s.glued = s.words[at:], s.glued[at:]
	}
	for len(s.words) > 1 && (s.words[0] == "www" || strings.HasPrefix(s.words[0], "http")) {
		s.words, s.glued = s.words[1:], s.glued[1:]
	}
	for n := len(s.words) - 1; n > 0 && s.glued[n] == '.' && topLevel(s.words[n]) && len(s.words[n-1]) > 1; n-- {
		s.words, s.glued = s.words[:n], s.glued[:n]
	}
	return s
}

func topLevel(w string) bool {
	switch w {
	case "com", "net", "org", "biz", "info", "edu", "gov", "io", "us":
		return true
	}
	return false
}
