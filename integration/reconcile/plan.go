package reconcile

import "maps"

// Snapshot is what one side showed of one organization or customer.
type Snapshot struct {
	Records  []Record
	Complete bool   // the listing ran to its end; without it, absence proves nothing
	Why      string // why it is not complete, or why nothing is not believed, in words
	// Vouched says of a listing without any record that the known ones were asked
	// for directly, and are not there either.
	Vouched bool
}

// Direction says which way a field may travel.
type Direction string

// The directions.
const (
	BothWays Direction = "both"
	ToRight  Direction = "toRight"
)

// Winner says whose value counts where both sides differ.
type Winner string

// The winners.
const (
	Ask       Winner = "ask"
	LeftWins  Winner = "itglue"
	RightWins Winner = "revio"
	Newest    Winner = "newest"
	AsIs      Winner = "as-is" // at first contact: both keep their own, and that is in step
)

// Field is what the mapping says of one field of one type.
type Field struct {
	Name      string              // the Rev.io field
	Title     string              // for people
	Source    string              // the flexible asset field's id; "" for built-in ones
	Direction Direction           // which way it may travel
	Options   []string            // the values that left takes; nil: any
	Parked    string              // why it is left alone, in words
	Conflict  Winner              // where both sides changed; "" is Ask
	First     Winner              // where both sides differ at first contact; "" is Ask
	Fit       func(string) string // what of a value right can hold; nil: all of it
	// Union fills what is empty on one side whatever is remembered: after a
	// restored backup nothing is taken for emptied.
	Union bool
	// Same says that two values mean the same though they are written
	// differently, as a serial number with and without its label; nil: ==.
	Same func(a, b string) bool
}

// Op is one write to one side.
type Op struct {
	ID     string            `json:"id"`             // the same op has the same ID, whenever it is planned
	Side   Side              `json:"side"`           // the side that is written
	Kind   Kind              `json:"kind"`           //
	Record string            `json:"record"`         // what is updated; "" to create
	Owner  string            `json:"owner"`          // the organization or customer on that side
	Home   string            `json:"home,omitempty"` // with a create, the organization of the link
	Type   string            `json:"type"`           // the type on that side
	Source string            `json:"source"`         // the other side's record
	Name   string            `json:"name"`           // for people
	Set    Fields            `json:"set"`            // what is written
	Was    Fields            `json:"was,omitempty"`
	From   Fields            `json:"from,omitempty"` // what the other side held of these fields
	Why    map[string]string `json:"why,omitempty"`  // by field, in words
}

// Only gives the op with one of its fields.
func (o Op) Only(field string) Op {
	one := func(m Fields) Fields {
		if v, ok := m[field]; ok {
			return Fields{field: v}
		}
		return Fields{}
	}
	o.Set, o.Was, o.From = one(o.Set), one(o.Was), one(o.From)
	o.Why = map[string]string{field: o.Why[field]}
	return o
}

// Makes reports whether two creates make the same record.
func (o Op) Makes(p Op) bool {
	return o.Side == p.Side && o.Source == p.Source && o.Owner == p.Owner && o.Type == p.Type && maps.Equal(o.Set, p.Set)
}

// Create reports whether the op makes a record.
func (o Op) Create() bool { return o.Record == "" }

// Conflict is a field whose two sides differ, with nobody's value preferred.
type Conflict struct {
	Pair        Pair   `json:"pair"`
	Field       string `json:"field"`
	Left        string `json:"left"`
	Right       string `json:"right"`
	LeftAt      int64  `json:"leftAt,omitempty"`
	RightAt     int64  `json:"rightAt,omitempty"`
	OneWay      bool   `json:"oneWay,omitempty"`
	First       bool   `json:"first,omitempty"`
	Explanation string `json:"explanation"`
}

// Held says why a record, or one of its fields, did not move.
type Held struct {
	Side   Side     `json:"side"`
	Kind   Kind     `json:"kind"`
	Record string   `json:"record"`
	Field  string   `json:"field,omitempty"`
	Name   string   `json:"name"`
	Code   Reason   `json:"code"`
	Text   string   `json:"text"` // in words, with what to do
	With   []string `json:"with,omitempty"`
}

// Reason is the kind of a [Held].
type Reason string

// The reasons.
const (
	Ambiguous   Reason = "ambiguous"     // several candidates with one serial number
	Elsewhere   Reason = "elsewhere"     // the serial number is another customer's
	SameName    Reason = "same-name"     // no serial number, and an asset of the same name and type
	OnlyRight   Reason = "only-in-revio" // nothing in IT Glue stands for it
	Archived    Reason = "archived"      // put away in IT Glue
	Incomplete  Reason = "incomplete"    // a listing did not run to its end
	Gone        Reason = "gone"          // no longer there
	Absent      Reason = "absent"        // not listed, and not yet known to be gone
	Ignored     Reason = "ignored"       // a person said so
	NoType      Reason = "no-type"       // no Rev.io asset type is mapped
	NotShown    Reason = "not-shown"     // one side does not show the field
	Unreadable  Reason = "unreadable"    // the value could not be read
	ReadOnly    Reason = "read-only"     // the record may not be written
	Parked      Reason = "parked"        // the field is left alone
	Placeholder Reason = "placeholder"   // a placeholder does not replace a serial number
	NotAnOption Reason = "not-an-option" // the Select field does not know the value
	InConflict  Reason = "conflict"      // both sides changed
	Guarded     Reason = "guarded"       // too much would change at once
	Moved       Reason = "moved"         // it belongs to another organization now
	Cut         Reason = "cut"           // the value is longer than Rev.io holds
	Undecided   Reason = "undecided"     // a create whose outcome is not known
	PingPong    Reason = "ping-pong"     // it goes to and fro
	Refused     Reason = "refused"       // the other system did not take it
	OneWayOnly  Reason = "one-way"       // Rev.io has a value that cannot travel
)

// Plan is what a cycle should do with one organization, and why it does not do
// more. It is sorted: the same input gives the same plan.
type Plan struct {
	Ops       []Op       `json:"ops"`
	Pairs     []Pair     `json:"pairs"` // pairs that are new or whose base moved without a write
	Conflicts []Conflict `json:"conflicts"`
	Held      []Held     `json:"held"`
	Look      []Look     `json:"look,omitempty"`  // records to look at directly before they count as gone
	Steady    int        `json:"steady"`          // pairs with nothing to do
	Matched   int        `json:"matched"`         // pairs found in this plan
	Linked    int        `json:"linked"`          // pairs, with those found in this plan
	Risk      int        `json:"risk"`            // what the guard counts: emptied, gone, renamed
	Guard     []string   `json:"guard,omitempty"` // why the organization stops for review, in words; no op is carried out then
}

// Look asks for a direct look at a record that a complete listing did not show
// for the second time.
type Look struct {
	Side     Side   `json:"side"`
	Record   string `json:"record"`
	Customer string `json:"customer"` // of the link
	Pair     Pair   `json:"pair"`
}
