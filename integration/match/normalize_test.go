package match

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNamesAreNormalized(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"Acme, Inc.":                    "acme",
		"The Acme Company of Lynn":      "acme company lynn",
		"A.B.C. Mfg. Co., Ltd.":         "abc manufacturing",
		"AT&T":                          "at t", // compared without blanks
		"Société Générale S.A.":         "societe generale",
		"Straße & Søn A/S":              "strasse son",
		"Łódź Sp. z o.o.":               "lodz",
		"ΑΘΗΝΑ Λογιστική":               "athina logistiki",
		"Газпром ПАО":                   "gazprom",
		"Barilla S.p.A.":                "barilla",
		"Serenity Spa":                  "serenity spa",
		"Joe&#39;s Auto":                "joes auto",
		"1044 - Vance Printing":         "vance printing",
		"Vance Printing #20011":         "vance printing",
		"Vance Printing - DO NOT USE":   "vance printing",
		"*INACTIVE* Vance Printing":     "vance printing",
		"Store 12":                      "store 12",
		"Ｆｕｌｌ Ｗｉｄｔｈ":                    "full width",
		"Co. Inc.":                      "co",
		"LLC":                           "llc",
		"株式会社テスト":                       "テスト",
		"":                              "",
		"---":                           "",
		"\xff\xfe broken":               "broken",
		"Zero\u200bWidth\u00a0 Dental ": "zerowidth dental",
	} {
		require.Equal(t, want, normalize(raw), "%q", raw)
	}
}

func TestAnAbbreviationStandsForAWordThatIsNoneItself(t *testing.T) {
	t.Parallel()
	for short, long := range tables().abbreviations {
		require.NotContains(t, tables().abbreviations, long, "%s stands for %s", short, long)
		require.NotContains(t, tables().numerals, long)
		require.Equal(t, long, normalize(long + " " + long)[:len(long)])
	}
}

// anyName draws names as people type them, and any other string.
func anyName() *rapid.Generator[string] {
	part := rapid.SampledFrom([]string{
		"Acme", "Dental", "the", "and", "&", "of", "LLC", "L.L.C.", "Inc.", "Co", "S.p.A.", "A", "n", "d.", "d/b/a", ":", "(", ")",
		"[INACTIVE]", "#12345", "1044 -", "First", "II", "St.", "Mfg", "Müller", "CafÃ©", "&amp;", "ß", "ΑΒΓ", "ООО", "株式会社", "-", "'", "12",
	})
	typed := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 8).Draw(t, "parts"), rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "blank"))
	})
	return rapid.OneOf(typed, rapid.String())
}

func TestNormalizingTwiceIsNormalizingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := anyName().Draw(t, "raw")
		once := normalize(raw)
		require.Equal(t, once, normalize(once), "%q", raw)
	})
}

func TestCaseDoesNotMatterToAName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringMatching(`[A-Za-z0-9 .,&'()-]{0,30}`).Draw(t, "raw")
		require.Equal(t, normalize(raw), normalize(strings.ToUpper(raw)), "%q", raw)
	})
}

func drawEntities(t *rapid.T, label string) []Entity {
	ids := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 0, 10, rapid.ID[int]).Draw(t, label)
	all := make([]Entity, len(ids))
	for i, id := range ids {
		all[i] = Entity{
			ID: label + string(rune('A'+id)), Name: anyName().Draw(t, "name"),
			ParentID: label + string(rune('A'+rapid.IntRange(0, 30).Draw(t, "parent"))),
			City:     rapid.SampledFrom([]string{"", "Lynn", "Reading"}).Draw(t, "city"),
			Domain:   rapid.SampledFrom([]string{"", "a.example", "https://www.b.example/x"}).Draw(t, "domain"),
			Phone:    rapid.SampledFrom([]string{"", "9195550143", "+1 (919) 555-0143", "12"}).Draw(t, "phone"),
			Primary:  rapid.Bool().Draw(t, "primary"),
		}
	}
	return all
}

func TestSuggestionsOfAnyListsAreOneToOneAndInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		left, right := drawEntities(t, "L"), drawEntities(t, "R")
		var decided []Decided
		for range rapid.IntRange(0, 3).Draw(t, "decided") {
			if len(left) > 0 && len(right) > 0 {
				decided = append(decided, Decided{
					Left: rapid.SampledFrom(left).Draw(t, "l").ID, Right: rapid.SampledFrom(right).Draw(t, "r").ID,
					Accepted: rapid.Bool().Draw(t, "accepted"),
				})
			}
		}
		got := Organizations(left, right, decided)
		checkSuggestions(t, got, decided)
		shuffledLeft := rapid.Permutation(left).Draw(t, "other left")
		shuffledRight := rapid.Permutation(right).Draw(t, "other right")
		require.Equal(t, got, Organizations(shuffledLeft, shuffledRight, decided))
	})
}

func checkSuggestions(t require.TestingT, got []Suggestion, decided []Decided) {
	used, last := map[string]bool{}, ""
	for _, s := range got {
		require.Less(t, last, s.Left)
		last = s.Left
		require.Equal(t, s.Right == "", s.Band == None)
		require.False(t, s.Right != "" && used[s.Right], "%s is suggested twice", s.Right)
		require.LessOrEqual(t, len(s.Others), mostOthers)
		used[s.Right] = true
		for _, d := range decided {
			if d.Accepted {
				require.NotEqual(t, d.Left, s.Left)
			}
			for _, c := range append([]Candidate{s.Candidate}, s.Others...) {
				require.False(t, c.Right == d.Right && (d.Accepted || d.Left == s.Left), "%s was decided", d.Right)
			}
		}
	}
}
