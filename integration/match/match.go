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
	Others []Candidate // up to five runners-up, best first
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
	all := make([]Suggestion, 0, len(left))
	m := New(left, right, decided, nil)
	_ = m.Each(true, func(s Suggestion) error { all = append(all, s); return nil })
	return all
}

// New compares both sides, and pairs them. Progress, unless it is nil, is told
// now and then how many of the left entities were compared; it may be called
// from several goroutines.
func New(left, right []Entity, decided []Decided, progress func(done, total int)) *Matching {
	m := &Matching{corpus: newCorpus(left, right), progress: progress}
	m.run(decided)
	return m
}

// Each gives what Organizations does to do, one by one, and stops at its first
// error. Without explain, candidates have no reasons, which takes half the time.
func (m *Matching) Each(explain bool, do func(Suggestion) error) error {
	e := &evidence{}
	for l := range m.left {
		if m.accepted[l] {
			continue
		}
		if err := do(m.suggestion(e, m.viewOf(int32(l)), explain)); err != nil {
			return err
		}
	}
	return nil
}

// Again gives the suggestion for one left entity that is new, or changed since
// New, leaving all others paired as they are. It must not be called from
// several goroutines at a time.
func (m *Matching) Again(changed Entity, explain bool) Suggestion {
	return m.again(changed, explain)
}
