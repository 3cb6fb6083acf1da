package match

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// maxTokens bounds the words of a name that are compared.
const maxTokens = 24

// name is one way an organization is called, made comparable.
type name struct {
	key      string   // the words joined by blanks: what "the same name" compares
	compact  string   // the key without blanks
	tokens   []string // the words, at most maxTokens
	legal    []string // the legal forms that were taken off
	initials []string // the first letters, in the ways people shorten names
	alias    bool     // one of several names of the same organization (d/b/a, formerly)
}

var (
	aliasMarker = regexp.MustCompile(`(?:^|[\s(,;/-])(?:d\s?[/.]\s?b\s?[/.]\s?a\b\.?|dba|doing business as|t/as?|trading as|a\s?/\s?k\s?/\s?a|aka|also known as|f\s?[/.]\s?k\s?[/.]\s?a\b\.?|fka|formerly known as|formerly|n\s?/\s?k\s?/\s?a|nka|now known as|previously)(?:[\s:)]|$)`)
	statusTag   = regexp.MustCompile(`[\[({*<]+\s*(?:inactive|active|closed|archived|old|new|terminated|offboarded|former client|prospect|lead|do not use|duplicate|vip|managed|msp|msa|client|customer|test)\s*[\])}*>]+|\s[-–]\s(?:inactive|do not use|duplicate|archived|closed account)\s*$`)
	accountTag  = regexp.MustCompile(`[\[(]\s*#?\s*\d{4,}\s*[\])]|^\s*#?\d{4,}\s+[-–:|]\s+|\s(?:[-–:|]\s+#?|#)\s*\d{4,}\s*$`)
	acronymTag  = regexp.MustCompile(`\s\(\s*([a-z0-9.&]{2,8})\s*\)\s*$`)
	apostrophe  = strings.NewReplacer("'", "", "’", "", "‘", "", "`", "", "´", "", "ʼ", "")
)

// normalize gives the form of a name in which two spellings of it are equal:
// lower case Latin letters and digits, abbreviations written out, legal forms
// and account numbers gone, words joined by single blanks. It is idempotent,
// never panics, and is empty only for a name without letters and digits.
func normalize(raw string) string {
	return parse(fold(raw)).key
}

// names gives all the ways an organization is called: its name, or where that
// holds a marker such as "d/b/a" or "Parent : Child" each of its parts.
func names(raw string) []name {
	text := strip(fold(raw))
	var all []name
	add := func(part string, alias bool) {
		n := parse(part)
		n.alias = alias
		same := func(o name) bool { return o.key == n.key }
		if n.key != "" && !slices.ContainsFunc(all, same) {
			all = append(all, n)
		}
	}
	parts := aliasMarker.Split(text, -1)
	if len(parts) == 1 {
		add(text, false)
		if m := acronymTag.FindStringSubmatchIndex(text); m != nil {
			add(text[:m[0]], true)
			add(text[m[2]:m[3]], true)
		}
		if i := strings.LastIndex(text, ":"); i > 0 {
			add(text[i+1:], true)
		}
	}
	// What follows "doing business as" is the name in use: it comes first.
	for i := len(parts) - 1; i >= 0 && len(parts) > 1; i-- {
		add(parts[i], true)
	}
	if len(all) == 0 {
		add(text, false)
	}
	return all[:min(len(all), 3)]
}

// fold turns any spelling into lower case with Latin letters and no accents.
func fold(raw string) string {
	s := repair(html.UnescapeString(strings.ToValidUTF8(raw, " ")))
	for range 3 {
		folded := foldOnce(s)
		if folded == s {
			break
		}
		s = folded
	}
	return s
}

func foldOnce(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		if latin, ok := latinLetters[r]; ok {
			b.WriteString(latin)
		} else if !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// repair undoes the commonest damage: UTF-8 that was read as Windows-1252.
func repair(s string) string {
	if !strings.ContainsAny(s, "ÃÂâÐÑÎ") {
		return s
	}
	b, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil || !utf8.ValidString(b) {
		return s
	}
	return b
}

// strip takes status tags and account numbers off.
func strip(s string) string {
	for {
		t := accountTag.ReplaceAllString(statusTag.ReplaceAllString(s, " "), " ")
		if t == s || !strings.ContainsFunc(t, isWordRune) {
			return s
		}
		s = t
	}
}

func parse(folded string) name {
	words := split(strip(folded))
	initials := initialsOf(words)
	core, legal := withoutLegal(canonical(words))
	for range 3 { // joined letters may make a filler: "a n d"
		again, more := withoutLegal(canonical(core))
		if slices.Equal(again, core) {
			break
		}
		core, legal = again, append(legal, more...)
	}
	n := name{key: strings.Join(core, " "), compact: strings.Join(core, ""), legal: legal}
	n.tokens = core[:min(len(core), maxTokens)]
	n.initials = initials
	return n
}

// split cuts a folded name into words.
func split(s string) []string {
	s = strings.NewReplacer("&", " and ", "+", " and ").Replace(apostrophe.Replace(s))
	return strings.FieldsFunc(s, func(r rune) bool { return !isWordRune(r) })
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)
}

// canonical leaves fillers out, joins single letters ("l l c" is "llc"), and
// gives abbreviations and numbers one form. It leaves at least one word.
func canonical(words []string) []string {
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return fillers[w] })
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
		if long, ok := abbreviations[token]; ok {
			token = long
		}
		if number, ok := numerals[token]; ok {
			token = number
		}
		tokens = append(tokens, token)
	}
	return tokens
}

func isInitial(w string) bool {
	r, size := utf8.DecodeRuneInString(w)
	return size == len(w) && unicode.IsLetter(r)
}

// withoutLegal takes legal forms off both ends. It leaves at least one word.
func withoutLegal(tokens []string) (core, legal []string) {
	core = tokens
	for len(core) > 1 && legalEnds(core[len(core)-1]) != "" {
		legal = append(legal, core[len(core)-1])
		core = core[:len(core)-1]
	}
	for len(core) > 1 && legalEnds(core[0]) == "both" {
		legal = append(legal, core[0])
		core = core[1:]
	}
	return core, legal
}

// legalEnds says off which ends of a name a word is taken as a legal form.
func legalEnds(w string) string {
	if long, ok := abbreviations[w]; ok {
		w = long
	}
	return legalForms[w]
}

// initialsOf gives the first letters of a name of three words or more: with
// and without its fillers, and with and without its legal form.
func initialsOf(words []string) []string {
	var all []string
	add := func(ws []string) {
		if len(ws) < 3 || len(ws) > 8 {
			return
		}
		letters := ""
		for _, w := range ws {
			r, _ := utf8.DecodeRuneInString(w)
			letters += string(r)
		}
		if !slices.Contains(all, letters) {
			all = append(all, letters)
		}
	}
	plain := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return fillers[w] })
	core, _ := withoutLegal(plain)
	add(core)
	add(plain)
	if words, _ = withoutLegal(words); len(words) > 0 && words[0] == "the" {
		words = words[1:]
	}
	add(words)
	return all
}
