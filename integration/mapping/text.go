package mapping

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CanonicalText is the form in which texts are compared: Unicode NFC, lines
// ended by LF, no-break spaces as spaces, no control characters beside tab and
// LF, and nothing blank at either end. It is the form of an asset's or an
// organization's name, too.
func CanonicalText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = norm.NFC.String(strings.Map(canonicalRune, s))
	return strings.TrimFunc(s, blank)
}

func canonicalRune(r rune) rune {
	switch r {
	case '\t', '\n':
		return r
	case '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return '\n'
	case '\u00A0':
		return ' '
	}
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// blank reports whether r shows nothing by itself: a space, or one of the zero
// width characters that come with copied text.
func blank(r rune) bool {
	switch r {
	case '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF':
		return true
	}
	return unicode.IsSpace(r)
}
