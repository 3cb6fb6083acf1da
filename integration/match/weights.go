package match

// factor is one kind of finding about a pair of names.
type factor int

const (
	base       factor = iota // every pair
	shared                   // information of the words in common
	sameName                 // the names are the same after normalising
	complete                 // not the same, but every word has its counterpart
	leftExtra                // words that only the organization has
	rightExtra               // words that only the customer has
	replaced                 // words of the one where the other has different ones
	misspelt                 // words that are spelled otherwise; less where one is a common word
	abridged                 // words that stand for longer ones
	acronym                  // the one is the first letters of the other
	order                    // the same words in another order
	numbers                  // different numbers
	forms                    // different legal forms
	otherName                // found by a second name (d/b/a, formerly)
	citySame
	cityOther
	domainSame
	domainOther
	phoneSame
	phoneOther
	parentSame  // the parents are linked with each other
	parentOther // the parents are linked with others
	parentOnly  // only one of the two has a parent; more where it is called like it
	factors     // how many there are
)

// weights are what one unit of each factor adds to the log-odds. They were
// fitted by logistic regression on the pairs of testdata/dev that candidates
// gives, once with and once without cities, domains and phones, with
// misspellings, other orders and other names held below zero; then rounded, and
// drawn towards what is known of real lists where the development set is
// kinder than they are (its cities are nearly always right).
var weights = [factors]float64{
	base:        -2.2,
	shared:      0.42,
	sameName:    3.3,
	complete:    2.0,
	leftExtra:   -3.2,
	rightExtra:  -3.2,
	replaced:    -4,
	misspelt:    -1.5,
	abridged:    -2,
	acronym:     3.2,
	order:       -0.3,
	numbers:     -3,
	forms:       -0.4,
	otherName:   -1,
	citySame:    2.5,
	cityOther:   -2,
	domainSame:  4.5,
	domainOther: -1.5,
	phoneSame:   5,
	phoneOther:  -1.2,
	parentSame:  1.5,
	parentOther: -4.3,
	parentOnly:  -3,
}
