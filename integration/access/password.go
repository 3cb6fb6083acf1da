package access

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/itglue-revio/itglue-revio/component"
)

// The length of a password, in characters; any may be used.
const (
	leastPassword = 15
	mostPassword  = 256
)

//go:embed common.txt
var commonText string

// common are words that passwords are commonly made of.
var common = strings.Fields(commonText)

// fitPassword fails when a password is too short, too long, or made of what is
// tried first: common words, the names of the person and of what this is, runs
// and repetitions. There are no rules of composition.
func fitPassword(password, name, display string) error {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		return weak("is not text")
	case n < leastPassword:
		return weak("is shorter than 15 characters; a few words that do not belong together are easy to keep in mind")
	case n > mostPassword:
		return weak("is longer than 256 characters")
	}
	words := slices.Concat(common, []string{"itglue", "revio", "glue", "kaseya"}, pieces(name), pieces(display))
	text := plainLetters(password)
	if 2*len(text) < utf8.RuneCountInString(password) {
		text = []rune(password) // mostly signs: they are not beside the point
	}
	if made(text, words) {
		return weak("is made of words and runs that are tried first")
	}
	return nil
}

func weak(message string) error {
	return &component.Error{Code: component.InvalidInput, Message: "the password cannot be used:", Problems: []component.Problem{{Pointer: "/password", Message: message}}}
}

// pieces are the words of a name that are long enough to count.
func pieces(name string) []string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < 3 })
}

// plainLetters folds case and the usual replacements of letters, and leaves out
// what is neither letter nor digit.
func plainLetters(s string) []rune {
	var out []rune
	for _, r := range strings.NewReplacer("@", "a", "$", "s").Replace(strings.ToLower(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// How much may make a password that is refused: a phrase of more different words
// is long enough, however common each of them is, and so are more digits.
const mostWords, mostDigits = 2, 8

// made reports whether text is wholly made of at most two different words, eight
// digits, and any number of runs ("12345", "aaaa").
func made(text []rune, words []string) bool {
	type state struct {
		at, digits int
		used       [mostWords]string
	}
	seen := map[state]bool{}
	var from func(s state) bool
	from = func(s state) bool {
		if s.at == len(text) {
			return true
		}
		if seen[s] {
			return false
		}
		seen[s] = true
		if unicode.IsDigit(text[s.at]) && s.digits < mostDigits && from(state{s.at + 1, s.digits + 1, s.used}) {
			return true
		}
		for n := run(text[s.at:]); n >= 3; n-- {
			if from(state{s.at + n, s.digits, s.used}) {
				return true
			}
		}
		for _, w := range words {
			n := utf8.RuneCountInString(w)
			if s.at+n > len(text) || !sameLetters(text[s.at:s.at+n], w) {
				continue
			}
			if used, ok := use(s.used, w); ok && from(state{s.at + n, s.digits, used}) {
				return true
			}
		}
		return false
	}
	return from(state{})
}

// use adds a word to those used, if there is room or it is among them.
func use(used [mostWords]string, word string) ([mostWords]string, bool) {
	for i := range used {
		if used[i] == "" || used[i] == word {
			used[i] = word
			return used, true
		}
	}
	return used, false
}

// digitsAsLetters are digits that stand for letters.
var digitsAsLetters = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't'}

func sameLetters(text []rune, word string) bool {
	i := 0
	for _, r := range word {
		if text[i] != r && digitsAsLetters[text[i]] != r {
			return false
		}
		i++
	}
	return true
}

// run is the length of the repetition or the ascending or descending sequence
// that text begins with.
func run(text []rune) int {
	n := 1
	for _, step := range []rune{0, 1, -1} {
		k := 1
		for k < len(text) && text[k]-text[k-1] == step {
			k++
		}
		n = max(n, k)
	}
	return n
}
