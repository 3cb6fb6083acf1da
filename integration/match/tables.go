package match

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	//go:embed data/legal.tsv
	legalFile string
	//go:embed data/abbreviations.tsv
	abbreviationsFile string
	//go:embed data/words.tsv
	wordsFile string
	//go:embed data/letters.tsv
	lettersFile string
	//go:embed data/placeholders.tsv
	placeholdersFile string
)

// The tables, read once when the program starts and never changed.
var (
	legalForms    = readLegalForms()
	abbreviations = readAbbreviations()
	commonWords   = readCommonWords()
	latinLetters  = readLatinLetters()
	placeholders  = readPlaceholders()
)

// fillers are words that tell no two names apart. They are left out.
var fillers = map[string]bool{"the": true, "and": true, "of": true}

// numerals give one form to numbers that are written as words.
var numerals = map[string]string{
	"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
	"seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
	"eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
	"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
}

// freeMail are domains that say nothing about whose address it is.
var freeMail = map[string]bool{
	"gmail.com": true, "outlook.com": true, "hotmail.com": true, "yahoo.com": true, "aol.com": true,
	"icloud.com": true, "msn.com": true, "live.com": true, "comcast.net": true, "att.net": true,
	"verizon.net": true, "sbcglobal.net": true, "protonmail.com": true, "me.com": true,
	"onmicrosoft.com": true,
}

// word is what is known of a common word before any list was seen.
type word struct {
	share float64 // of all names, how many have it
	tail  bool    // people leave it off
}

func readLegalForms() map[string]string {
	forms := map[string]string{}
	for _, r := range rows(legalFile, 2) {
		forms[r[0]] = r[1]
	}
	return forms
}

func readAbbreviations() map[string]string {
	long := map[string]string{}
	for _, r := range rows(abbreviationsFile, 2) {
		long[r[0]] = r[1]
	}
	return long
}

func readCommonWords() map[string]word {
	words := map[string]word{}
	for _, r := range rows(wordsFile, 3) {
		perMille, err := strconv.ParseFloat(r[1], 64)
		if err != nil {
			panic(fmt.Sprintf("match: data/words.tsv: %q is not a share", r[1]))
		}
		words[r[0]] = word{share: perMille / 1000, tail: r[2] == "yes"}
	}
	return words
}

func readLatinLetters() map[rune]string {
	letters := map[rune]string{}
	for _, r := range rows(lettersFile, 2) {
		letters[[]rune(r[0])[0]] = r[1]
	}
	return letters
}

// placeholderList holds what is never a serial number.
type placeholderList struct {
	exact map[string]bool // lower case, without blanks
	rules []*regexp.Regexp
}

func readPlaceholders() placeholderList {
	list := placeholderList{exact: map[string]bool{}}
	for _, r := range rows(placeholdersFile, 3) {
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

// rows splits an embedded table, without its header line. A row that has not
// the columns it should have is a fault of the build.
func rows(file string, columns int) [][]string {
	var all [][]string
	for i, line := range strings.Split(strings.TrimRight(file, "\n"), "\n") {
		if i == 0 {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != columns {
			panic(fmt.Sprintf("match: line %d of a table has %d columns, not %d", i+1, len(fields), columns))
		}
		all = append(all, fields)
	}
	return all
}
