package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowd are customers that stand by in every case, as on a real list.
var crowd = []string{
	"Summit Roofing", "Harper & Vance CPAs", "Lakeside Animal Hospital", "Delgado Trucking Inc",
	"Northgate Church", "Bright Day Care", "Keller Machine Shop", "Ortiz Family Dental",
}

func named(prefix string, names ...string) []Entity {
	all := make([]Entity, len(names))
	for i, n := range names {
		all[i] = Entity{ID: fmt.Sprintf("%s%d", prefix, i+1), Name: n}
	}
	return all
}

// one gives what is suggested for a name when the customers are these and the
// crowd.
func one(left string, right ...string) Suggestion {
	return Organizations(named("L", left), append(named("R", right...), named("C", crowd...)...), nil)[0]
}

func TestNamesThatMeanOneOrganization(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, left, right string
		bands            []Band
	}{
		{"letter for letter", "Acme Plumbing", "Acme Plumbing", []Band{Exact}},
		{"case and blanks", "ACME  plumbing", "Acme Plumbing", []Band{Exact}},
		{"a legal form on one side", "Acme Plumbing", "Acme Plumbing, LLC", []Band{Exact}},
		{"two legal forms", "Acme Plumbing Inc.", "Acme Plumbing L.L.C.", []Band{Exact}},
		{"a German form, an umlaut", "Müller Werkzeugbau GmbH & Co. KG", "Muller Werkzeugbau", []Band{Exact}},
		{"a form in front", "ООО Ромашка Сервис", "Romashka Servis", []Band{Exact}},
		{"ampersand and word", "Hand & Stone Masonry", "Hand and Stone Masonry", []Band{Exact}},
		{"ampersand as an entity", "Hand &amp; Stone Masonry", "Hand & Stone Masonry", []Band{Exact}},
		{"accents", "Café Zoë", "Cafe Zoe", []Band{Exact}},
		{"broken encoding", "CafÃ© Zinc", "Café Zinc", []Band{Exact}},
		{"article", "The Garden Center of Ames", "Garden Center of Ames", []Band{Exact}},
		{"abbreviations", "Pioneer Mfg. Svcs.", "Pioneer Manufacturing Services", []Band{Exact}},
		{"saint", "St. Gerda Hospital", "Saint Gerda Hosp.", []Band{Exact}},
		{"ordinals", "First Baptist Church of Lynn", "1st Baptist Church of Lynn", []Band{Exact}},
		{"numerals", "Engine House Three", "Engine House III", []Band{Exact}},
		{"apostrophes", "O’Hara's Pub & Grill", "OHaras Pub and Grill", []Band{Exact}},
		{"dotted initials", "J.B. Hunt Storage", "JB Hunt Storage", []Band{Exact}},
		{"hyphen", "Barton-Reed Optical", "Barton Reed Optical", []Band{Exact}},
		{"written as one word", "Bluebird Daycare", "Blue Bird Day Care", []Band{Exact}},
		{"a status tag", "Vance Printing [INACTIVE]", "Vance Printing", []Band{Exact}},
		{"an account number", "Vance Printing (10442)", "Vance Printing", []Band{Exact}},
		{"doing business as", "Huels Holdings LLC dba Lemke Eye Care", "Lemke Eye Care", []Band{Strong}},
		{"d/b/a, the name behind it", "Huels Ventures d/b/a Lemke Eye Care", "Huels Ventures", []Band{Strong}},
		{"trading as", "Osgood Ltd t/a Corner Books", "Corner Books", []Band{Strong}},
		{"formerly", "Vantage Freight (formerly Ridley Haulage)", "Ridley Haulage", []Band{Strong}},
		{"f/k/a", "Vantage Freight f/k/a Ridley Haulage", "Vantage Freight", []Band{Strong}},
		{"parent and child in one name", "Ridley Haulage : Denver Depot", "Denver Depot", []Band{Strong, Likely}},
		{"letters swapped in a common word", "Boyle Bakery Supply", "Boyle Bakrey Supply", []Band{Strong, Likely}},
		{"words in another order", "Electric Goyette", "Goyette Electric", []Band{Strong, Likely}},
		{"a word that people leave off", "Turner & Bauch Associates", "Turner & Bauch", []Band{Strong, Likely}},
		{"first letters", "Wehner Koch Birch Architects", "WKBA", []Band{Strong, Likely, Weak}},
		{"acronym in brackets", "Tri County Water Authority (TCWA)", "TCWA", []Band{Strong, Likely}},
		{"an initial for a first name", "J. Halvorson Veterinary", "Jane Halvorson Veterinary", []Band{Strong, Likely, Weak}},
	} {
		s := one(row.left, row.right)
		require.Equal(t, "R1", s.Right, "%s: %s = %s: %v", row.why, row.left, row.right, s.Others)
		require.Contains(t, row.bands, s.Band, "%s: %s = %s: %v", row.why, row.left, row.right, s.Reasons)
	}
}

func TestNamesThatMeanTwoOrganizations(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, left, right string }{
		{"another trade", "ABC Plumbing", "ABC Heating"},
		{"another trade that looks alike", "Sawayn Printing", "Sawayn Painting"},
		{"another partner", "Ortega & Boyle CPAs", "Ortega & Whitfield CPAs"},
		{"only the trade in common", "Northern Star Dental", "Magnolia Dental"},
		{"another number", "Fire District 12", "Fire District 13"},
		{"another ordinal", "First Baptist Church of Lynn", "Second Baptist Church of Lynn"},
		{"another town", "City of Lynn", "City of Reading"},
		{"another direction", "Lakewood North Clinic", "Lakewood South Clinic"},
		{"three letters that differ", "GMG Construction", "GHC Construction"},
		{"nothing in common", "Zenith Marketing", "Harbor Pediatrics"},
	} {
		s := one(row.left, row.right)
		require.NotEqual(t, "R1", s.Right, "%s: %s, %s: %v", row.why, row.left, row.right, s.Reasons)
	}
}

func TestTheSameNameInTwoCitiesGoesByTheCity(t *testing.T) {
	t.Parallel()
	left := []Entity{{ID: "1", Name: "Family Dental", City: "Lynn"}, {ID: "2", Name: "Family Dental", City: "Reading"}}
	right := []Entity{{ID: "a", Name: "Family Dental", City: "Reading"}, {ID: "b", Name: "Family Dental", City: "Lynn"}}
	s := Organizations(left, right, nil)
	require.Equal(t, []string{"b", "a"}, []string{s[0].Right, s[1].Right})

	for i := range right {
		right[i].City = ""
	}
	for _, s := range Organizations(left, right, nil) {
		require.NotContains(t, []Band{Exact, Strong}, s.Band, "without cities nothing tells them apart")
	}
}

func TestParentAndChildOfOneNameGoToParentAndChild(t *testing.T) {
	t.Parallel()
	left := []Entity{{ID: "1", Name: "Ironwood Engineering", ParentID: "2"}, {ID: "2", Name: "Ironwood Engineering"}}
	right := []Entity{{ID: "a", Name: "Ironwood Engineering"}, {ID: "b", Name: "Ironwood Engineering", ParentID: "a"}}
	s := Organizations(left, right, nil)
	require.Equal(t, []string{"b", "a"}, []string{s[0].Right, s[1].Right})
}

func TestChildrenOfOneNameGoByTheirParents(t *testing.T) {
	t.Parallel()
	var left, right []Entity
	for i := range 300 {
		name := fmt.Sprintf("Holding %c%c%c Group", 'A'+i%26, 'A'+i/26, 'A'+i%7)
		left = append(left, Entity{ID: fmt.Sprintf("L%03d", i), Name: name}, Entity{ID: fmt.Sprintf("M%03d", i), Name: "Main", ParentID: fmt.Sprintf("L%03d", i)})
		right = append(right, Entity{ID: fmt.Sprintf("R%03d", i), Name: name}, Entity{ID: fmt.Sprintf("S%03d", i), Name: "Main", ParentID: fmt.Sprintf("R%03d", i)})
	}
	wrong := 0
	for _, s := range Organizations(left, right, nil) {
		if s.Right != "" && s.Right[1:] != s.Left[1:] {
			wrong++
		}
	}
	require.Zero(t, wrong)
}

func TestThreeHundredOrganizationsCalledMainAreNotGuessed(t *testing.T) {
	t.Parallel()
	var left, right []Entity
	for i := range 300 {
		left = append(left, Entity{ID: fmt.Sprintf("L%03d", i), Name: "Main"})
		right = append(right, Entity{ID: fmt.Sprintf("R%03d", i), Name: "Main"})
	}
	m := New(left, right, nil, nil)
	var suggestions []Suggestion
	require.NoError(t, m.Each(true, func(s Suggestion) error { suggestions = append(suggestions, s); return nil }))
	compared := int(m.compared.Load())
	for _, s := range suggestions {
		require.Equal(t, None, s.Band)
		require.Empty(t, s.Right)
	}
	require.Less(t, compared, 300*100)
}

func TestACustomerEnteredTwiceIsNeverStrong(t *testing.T) {
	t.Parallel()
	for _, twice := range [][]Entity{
		{{ID: "a", Name: "Vanguard Cabinets"}, {ID: "b", Name: "Vanguard Cabinets"}},
		{{ID: "a", Name: "Vanguard Cabinets", Phone: "919-555-0143", Domain: "vc.example", City: "Cary"}, {ID: "b", Name: "VANGUARD CABINETS LLC"}},
		{{ID: "a", Name: "Vanguard Cabinets"}, {ID: "b", Name: "Price Ventures LLC dba Vanguard Cabinets"}},
		{{ID: "a", Name: "Vanguard Cabinets"}, {ID: "b", Name: "Vangaurd Cabinets"}},
	} {
		left := []Entity{{ID: "1", Name: "Vanguard Cabinets", Phone: "(919) 555-0143", Domain: "vc.example", City: "Cary"}}
		for _, sides := range [][2][]Entity{{left, twice}, {twice, left}} {
			for _, s := range Organizations(sides[0], sides[1], nil) {
				require.NotContains(t, []Band{Exact, Strong}, s.Band, "%v", s.Reasons)
				require.Less(t, s.Score, leastStrong)
			}
		}
	}
}

func TestTheMSPsOwnOrganizationIsNeverStrong(t *testing.T) {
	t.Parallel()
	s := Organizations([]Entity{{ID: "1", Name: "Acme MSP", Primary: true}}, []Entity{{ID: "a", Name: "Acme MSP"}}, nil)
	require.Equal(t, "a", s[0].Right)
	require.Equal(t, Likely, s[0].Band)
	require.Less(t, s[0].Score, leastStrong)
}

func TestAcceptedPairsAreFixedAndRejectedOnesNeverComeBack(t *testing.T) {
	t.Parallel()
	left := named("L", "Acme Plumbing", "Acme Plumbing Co", "Boyle Bakery")
	right := named("R", "Acme Plumbing", "Boyle Bakery")
	decided := []Decided{{Left: "L1", Right: "R1", Accepted: true}, {Left: "L3", Right: "R2"}}
	s := Organizations(left, right, decided)
	require.Len(t, s, 2)
	require.Equal(t, []string{"L2", "L3"}, []string{s[0].Left, s[1].Left})
	for _, s := range s {
		require.Empty(t, s.Right)
		require.Empty(t, s.Others)
	}
}

func TestAnAcceptedParentHelpsItsChildren(t *testing.T) {
	t.Parallel()
	left := []Entity{{ID: "1", Name: "Contoso"}, {ID: "2", Name: "Warehouse", ParentID: "1"}}
	right := []Entity{{ID: "a", Name: "Fabrikam"}, {ID: "b", Name: "Warehouse", ParentID: "a"}, {ID: "c", Name: "Tailspin"}, {ID: "d", Name: "Warehouse", ParentID: "c"}}
	s := Organizations(left, right, []Decided{{Left: "1", Right: "c", Accepted: true}})
	require.Len(t, s, 1)
	require.Equal(t, "d", s[0].Right)
}

func TestParentsThatGoInCirclesOrAreMissingAreRoots(t *testing.T) {
	t.Parallel()
	left := []Entity{{ID: "1", Name: "Acme Plumbing", ParentID: "2"}, {ID: "2", Name: "Boyle Bakery", ParentID: "1"}, {ID: "3", Name: "Vance Printing", ParentID: "99"}, {ID: "4", Name: "Self Storage Hub", ParentID: "4"}}
	right := named("R", "Acme Plumbing", "Boyle Bakery", "Vance Printing", "Self Storage Hub")
	for i, s := range Organizations(left, right, nil) {
		require.Equal(t, right[i].ID, s.Right)
	}
}

func TestReasonsAddUpToTheScore(t *testing.T) {
	t.Parallel()
	suggestions := Organizations(readEntities(t, "dev/left.tsv"), readEntities(t, "dev/right.tsv"), nil)
	seen := 0
	for _, s := range suggestions {
		for _, c := range append([]Candidate{s.Candidate}, s.Others...) {
			if c.Right == "" {
				continue
			}
			sum := 0.0
			for _, r := range c.Reasons {
				require.NotEmpty(t, r.Text)
				sum += r.Weight
			}
			require.InDelta(t, 1/(1+math.Exp(-sum)), c.Score, 1e-9)
			seen++
		}
	}
	require.Greater(t, seen, len(suggestions)/2)
}

func TestAReasonIsWordedForAPerson(t *testing.T) {
	t.Parallel()
	left := []Entity{{ID: "1", Name: "Hartmann Architects", Phone: "602-555-0188", City: "Mesa"}}
	right := []Entity{{ID: "a", Name: "Hartmann Architetcs Group", Phone: "+1 (602) 555 0188", City: "Tempe"}}
	var words []string
	for _, r := range Organizations(left, right, nil)[0].Reasons {
		words = append(words, r.Text)
	}
	require.ElementsMatch(t, []string{
		"to begin with: two names that share something are seldom one organization",
		"the same phone number",
		`both names have "hartmann", "architects" for "architetcs"`,
		"another city",
		"nothing else comes near",
		`only the customer's name has "group"`,
		`possible misspelling: "architects" for "architetcs"`,
	}, words)
}

func TestTwoThousandAgainstTwoThousandNeverComparesAllPairs(t *testing.T) {
	t.Parallel()
	left, right := readEntities(t, "dev/left.tsv"), readEntities(t, "dev/right.tsv")
	compared := int(New(left, right, nil, nil).compared.Load())
	require.Less(t, compared, len(left)*30, "of %d pairs", len(left)*len(right))
}

func TestTheOrderOfTheInputMakesNoDifferenceToTheDevelopmentSet(t *testing.T) {
	t.Parallel()
	left, right := readEntities(t, "dev/left.tsv"), readEntities(t, "dev/right.tsv")
	want := Organizations(left, right, nil)
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
	slices.Reverse(right)
	require.Equal(t, want, Organizations(left, right, nil))
}

func TestNoListIsTooEmpty(t *testing.T) {
	t.Parallel()
	require.Empty(t, Organizations(nil, named("R", "Acme"), nil))
	require.Equal(t, []Suggestion{{Left: "L1"}}, Organizations(named("L", "Acme"), nil, nil))
	require.Equal(t, []Suggestion{{Left: "L1"}}, Organizations(named("L", ""), named("R", ""), nil))
	require.Equal(t, "R1", Organizations(named("L", "LLC"), named("R", "LLC"), nil)[0].Right)
}
