package match

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SerialDecision is what the serial numbers of one asset's candidates on both
// sides say.
type SerialDecision string

// The decisions.
const (
	SerialMatch         SerialDecision = "match"          // one asset on each side, one serial number
	SerialNone          SerialDecision = "none"           // the serial numbers differ, or one side has none that can be used
	SerialAmbiguous     SerialDecision = "ambiguous"      // one serial number on several assets of a side: a person decides
	SerialCrossCustomer SerialDecision = "cross-customer" // the same serial number under another customer: moved, or entered twice
	SerialInvalid       SerialDecision = "invalid"        // neither side has a serial number that can be used
)

var (
	serialLabel   = regexp.MustCompile(`(?i)^(?:s\s?/\s?n|sn|serial(?:\s*(?:no|number|num|#))?)\.?\s*[:#\s]\s*`)
	sheetWrapper  = regexp.MustCompile(`^="(.*)"$`)
	scientific    = regexp.MustCompile(`(?i)^\d(?:[.,]\d+)?e\+?\d{1,3}$`)
	severalInOne  = regexp.MustCompile(`\S\s+/\s+\S|\S\s*[;|]\s*\S`)
	hardware      = regexp.MustCompile(`(?i)^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$`)
	serialIgnored = strings.NewReplacer("-", "", "_", "", ".", "", "/", "", ":", "")
)

// Serial gives the form of a serial number in which two spellings of it are
// equal, and whether it can identify an asset. Blanks, case, "- _ . / :", a
// label ("S/N:") and what spreadsheets add make no difference. O and 0, and
// leading zeros, do: a serial number is never guessed. Keep raw for display.
func Serial(raw string) (key string, usable bool) {
	key, problem := readSerial(raw)
	return key, problem == ""
}

// SerialProblem says in words why raw cannot identify an asset: it is a
// placeholder, too short, or damaged. It is "" when raw can.
func SerialProblem(raw string) string {
	_, problem := readSerial(raw)
	return problem
}

func readSerial(raw string) (key, problem string) {
	value := bareSerial(raw)
	if value == "" {
		return "", "there is no serial number"
	}
	if severalInOne.MatchString(value) {
		return "", fmt.Sprintf("%q holds more than one serial number", value)
	}
	if scientific.MatchString(squeeze(value)) {
		return "", fmt.Sprintf("%q was damaged by a spreadsheet: its last digits are lost", value)
	}
	if hardware.MatchString(value) {
		return "", fmt.Sprintf("%q is a network (MAC) address", value)
	}
	key = norm.NFC.String(strings.ToUpper(serialIgnored.Replace(squeeze(value)))) // what was apart may have come together
	key = strings.TrimLeft(key, "'")
	if placeholders().exact[squeeze(value)] || allOneCharacter(key) {
		return "", fmt.Sprintf("%q is a placeholder", value)
	}
	if len([]rune(key)) < 4 {
		return "", fmt.Sprintf("%q is too short to tell two assets apart", value)
	}
	if placeholders().holds(value) || placeholders().holds(key) {
		return "", fmt.Sprintf("%q is a placeholder", value)
	}
	return key, ""
}

// bareSerial takes off what is not the serial number: invisible characters,
// what a spreadsheet adds, and a label that a separator follows.
func bareSerial(raw string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(strings.ToValidUTF8(raw, "")))
	s = strings.TrimSpace(s)
	if m := sheetWrapper.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	s = strings.TrimSpace(strings.TrimLeft(s, "'"))
	if placeholders().holds(s) { // "Serial Number xxxxxx" is one, label and all
		return s
	}
	if rest := serialLabel.ReplaceAllString(s, ""); rest != "" {
		return rest
	}
	return s
}

func (p placeholderList) holds(value string) bool {
	if p.exact[squeeze(value)] {
		return true
	}
	return slices.ContainsFunc(p.rules, func(rule *regexp.Regexp) bool { return rule.MatchString(value) })
}

func allOneCharacter(key string) bool {
	rs := []rune(key)
	return len(rs) > 0 && !slices.ContainsFunc(rs, func(r rune) bool { return r != rs[0] })
}

// squeeze is lower case without blanks.
func squeeze(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(s)), "")
}

// CompareSerials decides about the serial numbers, as they were typed, of the
// assets that might be one: left and right each hold one entry for each asset
// of that side. SameCustomer says whether the organization of the left ones is
// linked with the customer of the right ones.
func CompareSerials(left, right []string, sameCustomer bool) SerialDecision {
	lefts, rights := serialCounts(left), serialCounts(right)
	if len(lefts) == 0 && len(rights) == 0 {
		return SerialInvalid
	}
	decision := SerialNone
	for key, l := range lefts {
		switch r := rights[key]; {
		case r == 0:
		case !sameCustomer:
			return SerialCrossCustomer
		case l > 1 || r > 1:
			return SerialAmbiguous
		default:
			decision = SerialMatch
		}
	}
	return decision
}

// serialCounts gives how many assets have each usable serial number.
func serialCounts(raw []string) map[string]int {
	counts := map[string]int{}
	for _, r := range raw {
		if key, usable := Serial(r); usable {
			counts[key]++
		}
	}
	return counts
}
