package match

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// fold turns any spelling into lower case with Latin letters and no accents.
func fold(raw string) string {
	if s, ok := foldASCII(raw); ok {
		return s
	}
	s := repair(repair(html.UnescapeString(strings.ToValidUTF8(raw, " "))))
	for range 3 {
		folded := foldOnce(s)
		if folded == s {
			break
		}
		s = folded
	}
	return s
}

// foldASCII is fold for the many names that are plain ASCII.
func foldASCII(raw string) (string, bool) {
	capitals := false
	for i := range len(raw) {
		switch c := raw[i]; {
		case c >= utf8.RuneSelf, c == '&' && strings.IndexByte(raw[i:], ';') > 0:
			return "", false
		case 'A' <= c && c <= 'Z':
			capitals = true
		}
	}
	if capitals {
		return strings.ToLower(raw), true
	}
	return raw, true
}

func foldOnce(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(unmask(s)) {
		r = unicode.ToLower(r)
		if latin, ok := tables().letters[r]; ok {
			b.WriteString(latin)
		} else if !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unmask gives Greek and Cyrillic letters that stand in a word with Latin ones
// the Latin letter that they look like: such a word was mistyped, or disguised.
func unmask(s string) string {
	if !strings.ContainsFunc(s, isForeign) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
		switch end {
		case 0:
			_, end = utf8.DecodeRuneInString(s)
		case -1:
			end = len(s)
		}
		word := s[:end]
		s = s[end:]
		if strings.ContainsFunc(word, isForeign) && strings.ContainsFunc(word, isLatin) {
			word = strings.Map(lookalike, word)
		}
		b.WriteString(word)
	}
	return b.String()
}

func isForeign(r rune) bool { return unicode.In(r, unicode.Greek, unicode.Cyrillic) }

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

func lookalike(r rune) rune {
	if latin, ok := tables().lookalikes[unicode.ToLower(r)]; ok {
		return latin
	}
	return r
}

// repair undoes the commonest damage: UTF-8 that was read as Windows-1252.
func repair(s string) string {
	if !strings.ContainsAny(s, "ÃÂâÐÑÎÅÄ") {
		return s
	}
	b, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil || !utf8.ValidString(b) {
		return s
	}
	return b
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)
}

func isInitial(w string) bool {
	if len(w) == 1 {
		return 'a' <= w[0] && w[0] <= 'z'
	}
	r, size := utf8.DecodeRuneInString(w)
	return size == len(w) && unicode.IsLetter(r)
}

func firstRune(w string) rune {
	r, _ := utf8.DecodeRuneInString(w)
	return r
}

func hasDigit(w string) bool { return strings.ContainsAny(w, "0123456789") }

func allDigits(w string) bool {
	return w != "" && strings.Trim(w, "0123456789") == ""
}
