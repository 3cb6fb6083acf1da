package match

// Entity is one organization or customer, as far as matching looks at it. Only
// ID and Name are needed.
type Entity struct {
	ID       string
	Name     string
	ParentID string // an ID of the same side; one that is not there is taken as none
	City     string
	Domain   string // a web domain, URL or e-mail address
	Phone    string // in any notation
	Primary  bool   // the MSP's own organization: never better than Likely
}

// Band says how far a suggestion can be trusted.
type Band string

// The bands.
const (
	Exact  Band = "exact"  // the same name after normalising, nothing against it, and no rival
	Strong Band = "strong" // at least 95 % sure, and no rival
	Likely Band = "likely" // a person should look; also whatever has a rival
	Weak   Band = "weak"   // more than a guess
	None   Band = ""       // nothing is suggested
)

// Reason is one thing that speaks for a candidate, or against it with a weight
// below zero, in words. The weights of all reasons add up to the score in
// log-odds: ln(score / (1 - score)).
type Reason struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// Candidate is a customer that an organization may be.
type Candidate struct {
	Right   string   // its id; "" when nothing is suggested
	Score   float64  // the probability that it is the right one, 0 to 1
	Band    Band     // None for a runner-up that would not be suggested by itself
	Reasons []Reason // what speaks for and against it
}

// Suggestion is what is suggested for one organization.
type Suggestion struct {
	Left string
	Candidate
	Others []Candidate // up to four runners-up, best first
}

// Decided is what a person has decided about a pair.
type Decided struct {
	Left, Right string
	Accepted    bool // else rejected: never suggested again
}

// Organizations suggests a right entity for each left one: one suggestion for
// each left that is not in an accepted pair, in order of left ids. No right is
// suggested twice, none that is in an accepted pair, and no rejected pair. The
// order of the input makes no difference; of two entities with one id on one
// side one is used.
func Organizations(left, right []Entity, decided []Decided) []Suggestion {
	suggestions, _ := organizations(left, right, decided)
	return suggestions
}
