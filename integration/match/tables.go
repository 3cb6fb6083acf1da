package match

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

//go:embed data
var data embed.FS

// The kinds of words that say little about whose name it is: data/kinds.tsv.
const (
	filler    = "filler"    // left out
	soft      = "soft"      // hardly counts
	title     = "title"     // of a person
	site      = "site"      // main office
	country   = "country"   // or so wide a place
	nation    = "nation"    // of two that differ one is another company
	direction = "direction" // of two that differ one is another place
)

// lists are all word lists.
type lists struct {
	legal         map[string]legalForm // by the words of the form
	legalLast     map[string]int       // by the last word of a form: how many words it has at most
	legalFirst    map[string]int
	legalGlued    []string // forms of scripts that put no blanks between words, longest first
	abbreviations map[string]string
	numerals      map[string]string
	kinds         map[string]string
	places        map[string]bool // words of the names of cities and states
	common        map[string]word
	likes         map[string][]like
	tags          map[string]string
	markers       map[string]string
	markerFirst   map[string]int
	letters       map[rune]string
	lookalikes    map[rune]rune
	freeMail      map[string]bool
	sounds        [][2]string
	opposites     []opposite
	known         []byte // words and names that are spelled right, sorted, one a line
}

type legalForm struct {
	ends  string // both, end or front
	class string
}

// word is what is known of a common word before any list was seen.
type word struct {
	share float64 // of all names, how many have it
	tail  bool    // people leave it off
}

// like is a word that may stand for another.
type like struct {
	other string
	how   kind
}

// opposite is a beginning of words, and the group of those that exclude each
// other.
type opposite struct{ beginning, group string }

// tables reads the lists the first time that they are needed; they are never
// changed.
var tables = sync.OnceValue(readTables)

func readTables() *lists {
	t := &lists{
		legal: map[string]legalForm{}, legalLast: map[string]int{}, legalFirst: map[string]int{},
		abbreviations: columns(2, "abbreviations.tsv"), numerals: columns(2, "numerals.tsv"), kinds: columns(2, "kinds.tsv"),
		tags: columns(2, "tags.tsv"), markers: columns(2, "markers.tsv"), markerFirst: map[string]int{},
		places: map[string]bool{}, common: map[string]word{}, likes: map[string][]like{},
		letters: map[rune]string{}, lookalikes: map[rune]rune{}, freeMail: map[string]bool{},
	}
	for _, r := range rows("legal.tsv", 3) {
		t.addLegal(r[0], legalForm{ends: r[1], class: r[2]})
	}
	slices.SortFunc(t.legalGlued, func(a, b string) int { return len(b) - len(a) })
	for phrase := range t.markers {
		words := strings.Fields(phrase)
		t.markerFirst[words[0]] = max(t.markerFirst[words[0]], len(words))
	}
	for _, r := range rows("places.tsv", 1) {
		for _, w := range strings.FieldsFunc(r[0], func(r rune) bool { return !isWordRune(r) }) {
			t.places[w] = len(w) > 2
		}
	}
	for _, r := range rows("words.tsv", 3) {
		perMille, err := strconv.ParseFloat(r[1], 64)
		if err != nil {
			panic(fmt.Sprintf("match: data/words.tsv: %q is not a share", r[1]))
		}
		t.common[r[0]] = word{share: perMille / 1000, tail: r[2] == "yes"}
	}
	how := map[string]kind{"same": equivalent, "related": related, "nickname": nickname}
	for _, r := range rows("like.tsv", 3) {
		t.likes[r[0]] = append(t.likes[r[0]], like{r[1], how[r[2]]})
		t.likes[r[1]] = append(t.likes[r[1]], like{r[0], how[r[2]]})
	}
	for _, r := range rows("letters.tsv", 2) {
		t.letters[[]rune(r[0])[0]] = r[1]
	}
	for _, r := range rows("lookalikes.tsv", 2) {
		t.lookalikes[[]rune(r[0])[0]] = []rune(r[1])[0]
	}
	for _, r := range rows("freemail.tsv", 2) {
		t.freeMail[r[0]] = true
	}
	for _, r := range rows("sounds.tsv", 2) {
		t.sounds = append(t.sounds, [2]string{r[0], r[1]})
	}
	for _, r := range rows("opposites.tsv", 2) {
		t.opposites = append(t.opposites, opposite{r[0], r[1]})
	}
	t.known = readKnown()
	return t
}

func (t *lists) addLegal(form string, f legalForm) {
	t.legal[form] = f
	words := strings.Fields(form)
	last := words[len(words)-1]
	t.legalLast[last] = max(t.legalLast[last], len(words))
	t.legalFirst[words[0]] = max(t.legalFirst[words[0]], len(words))
	if len(words) == 1 && strings.ContainsFunc(form, isEastAsian) && len([]rune(form)) > 1 {
		t.legalGlued = append(t.legalGlued, form)
	}
}

func isEastAsian(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// legalAtEnd says how many words at the end are a legal form, leaving at least
// so many.
func (t *lists) legalAtEnd(words []string, least int) int {
	if len(words) <= least {
		return 0
	}
	for n := min(t.legalLast[words[len(words)-1]], len(words)-least); n > 0; n-- {
		if f, ok := t.legal[strings.Join(words[len(words)-n:], " ")]; ok && f.ends != "front" {
			return n
		}
	}
	return 0
}

func (t *lists) legalAtFront(words []string, least int) int {
	if len(words) <= least {
		return 0
	}
	for n := min(t.legalFirst[words[0]], len(words)-least); n > 0; n-- {
		if f, ok := t.legal[strings.Join(words[:n], " ")]; ok && f.ends != "end" {
			return n
		}
	}
	return 0
}

// withoutGlued takes a legal form off a word that it is written together with,
// as in Chinese, Japanese and Korean.
func (t *lists) withoutGlued(w string) string {
	if w == "" || w[0] < 0x80 || !strings.ContainsFunc(w, isEastAsian) {
		return w
	}
	for _, form := range t.legalGlued {
		if bare := strings.TrimSuffix(strings.TrimPrefix(w, form), form); bare != "" && bare != w {
			return bare
		}
	}
	return w
}

// markerAt says how many words of a segment, from the i-th on, say that another
// name follows, and what name.
func (t *lists) markerAt(s segment, i int) (n int, meaning string) {
	for n := min(t.markerFirst[s.words[i]], len(s.words)-i); n > 0; n-- {
		meaning, ok := t.markers[strings.Join(s.words[i:i+n], " ")]
		switch {
		case !ok:
		case n == 2 && len(s.words[i]) == 1 && s.glued[i+1] != '/': // t/a, and no initials
		case n == 1 && len(s.words[i]) <= 4 && meaning == "former" && (i > 0 || !s.apart()) && s.words[i] != "fka": // (was Acme), and no "Max Was"
		case s.words[i] == "now" && (i > 0 || !s.apart()):
		default:
			return n, meaning
		}
	}
	return 0, ""
}

// knows says whether a word or a name is spelled right.
func (t *lists) knows(w string) bool {
	low, high := 0, len(t.known)
	for low < high {
		mid := (low + high) / 2
		from := bytes.LastIndexByte(t.known[:mid], '\n') + 1
		to := from + bytes.IndexByte(t.known[from:], '\n')
		switch c := strings.Compare(w, string(t.known[from:to])); {
		case c == 0:
			return true
		case c < 0:
			high = from
		default:
			low = to + 1
		}
	}
	return false
}

func readKnown() []byte {
	file, err := data.Open("data/known.txt.gz")
	if err == nil {
		var unzipped io.Reader
		if unzipped, err = gzip.NewReader(file); err == nil {
			var all []byte
			if all, err = io.ReadAll(unzipped); err == nil {
				return all
			}
		}
	}
	panic(fmt.Sprintf("match: data/known.txt.gz: %v", err))
}

// placeholders is what is never a serial number.
var placeholders = sync.OnceValue(readPlaceholders)

type placeholderList struct {
	exact map[string]bool // lower case, without blanks
	rules []*regexp.Regexp
}

func readPlaceholders() placeholderList {
	list := placeholderList{exact: map[string]bool{}}
	for _, r := range rows("placeholders.tsv", 3) {
		switch {
		case r[1] == "exact":
			list.exact[squeeze(r[0])] = true
		case strings.Contains(r[0], `\1`):
			// RE2 has no back-references: allOneCharacter is this rule.
		default:
			list.rules = append(list.rules, regexp.MustCompile("(?i)"+r[0]))
		}
	}
	return list
}

func columns(n int, file string) map[string]string {
	all := map[string]string{}
	for _, r := range rows(file, n) {
		all[r[0]] = r[1]
	}
	return all
}

// rows splits an embedded table, without its header line. A row that has not
// the columns it should have is a fault of the build.
func rows(file string, columns int) [][]string {
	content, err := data.ReadFile("data/" + file)
	if err != nil {
		panic(fmt.Sprintf("match: %v", err))
	}
	var all [][]string
	for i, line := range strings.Split(strings.TrimRight(string(content), "\n"), "\n") {
		if i == 0 {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != columns {
			panic(fmt.Sprintf("match: line %d of data/%s has %d columns, not %d", i+1, file, len(fields), columns))
		}
		all = append(all, fields)
	}
	return all
}
