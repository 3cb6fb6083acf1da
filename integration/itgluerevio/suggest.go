package itgluerevio

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// MappingSuggestion is a trait that a Rev.io field may be mapped to, and why.
type MappingSuggestion struct {
	Field   string  `json:"field" jsonschema_description:"The Rev.io field."`
	TraitID string  `json:"traitId"`
	Trait   string  `json:"trait"`
	Reason  string  `json:"reason"`
	Score   float64 `json:"score" jsonschema_description:"How well the names fit, from 0 to 1."`
}

// usualNames are what people call the traits that hold a Rev.io field, the most
// telling first, in letters and digits only.
var usualNames = map[string][]string{
	reconcile.SerialField:   {"serialnumber", "serial", "serialno", "sn", "servicetag", "assetserial"},
	mapping.OperatingSystem: {"operatingsystem", "os", "osversion", "platform"},
	mapping.IPAddress:       {"ipaddress", "ip", "ipv4", "primaryip", "lanip", "managementip"},
	mapping.InstallDate:     {"installdate", "installed", "installedon", "inservicedate", "deployed", "purchasedate", "purchased"},
	mapping.Description:     {"description", "notes", "note", "comments", "comment", "details"},
}

// suggestMapping proposes a trait for each Rev.io field that is not mapped yet:
// by what it is called and by what it can hold, never by its values. A trait is
// proposed once.
func suggestMapping(t mapping.Type, fields []string, chosen map[string]string) []MappingSuggestion {
	taken := map[string]bool{}
	for _, id := range chosen {
		taken[id] = true
	}
	var all []MappingSuggestion
	for _, field := range fields {
		if chosen[field] != "" {
			continue
		}
		for _, trait := range t.Fields {
			if _, suits := mapping.Suits(trait.Kind, field); !suits || taken[trait.ID] {
				continue
			}
			if score, reason := nameFits(trait.Name, field); score > 0 {
				all = append(all, MappingSuggestion{Field: field, TraitID: trait.ID, Trait: trait.Name, Score: score, Reason: reason})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b MappingSuggestion) int { return cmp.Compare(b.Score, a.Score) })
	best, done := []MappingSuggestion{}, map[string]bool{}
	for _, s := range all {
		if done[s.Field] || taken[s.TraitID] {
			continue
		}
		done[s.Field], taken[s.TraitID] = true, true
		best = append(best, s)
	}
	return best
}

// nameFits says how well a trait's name fits a Rev.io field, and why.
func nameFits(trait, field string) (score float64, reason string) {
	plain, title := lettersOf(trait), revio.FieldTitle(field)
	if plain == lettersOf(title) {
		return 1, "It is called “" + trait + "”, as the Rev.io field is."
	}
	for i, usual := range usualNames[field] {
		off := float64(i) / 50
		switch {
		case plain == usual:
			return 0.9 - off, fmt.Sprintf("“%s” is a usual name for %s.", trait, title)
		case len(usual) > 4 && strings.Contains(plain, usual):
			return 0.7 - off, fmt.Sprintf("“%s” has a usual name for %s in it.", trait, title)
		}
	}
	return 0, ""
}

// lettersOf keeps letters and digits, in lower case.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// equipment are words of flexible asset types that hold things one can touch,
// and licenses words of those that hold rights to use something.
var (
	equipment = []string{"workstation", "server", "laptop", "desktop", "printer", "switch", "router", "firewall", "device", "computer", "hardware", "phone", "tablet", "camera", "ups", "nas"}
	licenses  = []string{"license", "licence", "subscription", "software"}
)

// typeFits says why a Rev.io asset type fits a flexible asset type; "" when it
// does not.
func typeFits(left, right string) string {
	l, r := lettersOf(left), lettersOf(right)
	switch {
	case l == r || strings.TrimSuffix(l, "s") == strings.TrimSuffix(r, "s"):
		return "They have the same name."
	case strings.HasPrefix(r, "equipment") && hasWord(l, equipment):
		return left + " are usually Equipment."
	case strings.HasPrefix(r, "licen") && hasWord(l, licenses):
		return left + " are usually licenses."
	}
	return ""
}

func hasWord(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
