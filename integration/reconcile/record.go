package reconcile

// Side is one of the two systems.
type Side string

// The sides.
const (
	Left  Side = "left"  // IT Glue
	Right Side = "right" // Rev.io
)

// Other gives the other side.
func (s Side) Other() Side {
	if s == Left {
		return Right
	}
	return Left
}

// Title is the name that people know the side by.
func (s Side) Title() string {
	if s == Left {
		return "IT Glue"
	}
	return "Rev.io"
}

// Kind is what a record is.
type Kind string

// The kinds.
const (
	Asset        Kind = "asset"        // a flexible asset, an asset
	Organization Kind = "organization" // an organization, a customer
)

// The fields with rules of their own.
const (
	NameField   = "name"
	SerialField = "serialNumber"
)

// Fields are a record's mapped fields by Rev.io field name, in canonical form.
// A field that is there and "" is empty; a field that is not there was not
// shown, which says nothing about it.
type Fields map[string]string

// Record is one record as one side showed it.
type Record struct {
	ID       string            `json:"id"`
	Owner    string            `json:"owner"` // the organization or the customer it belongs to
	Type     string            `json:"type"`  // the flexible asset type or the asset type
	Name     string            `json:"name"`  // for people
	Fields   Fields            `json:"fields"`
	Unread   map[string]string `json:"unread,omitempty"`   // fields whose value could not be read, with the reason
	OneWay   map[string]string `json:"oneWay,omitempty"`   // fields that on this record travel to the right only, with the reason
	Updated  int64             `json:"updated,omitempty"`  // by the side's own clock, in epoch milliseconds; 0: not known
	Archived bool              `json:"archived,omitempty"` // there, and put away
	ReadOnly string            `json:"readOnly,omitempty"` // why this record may not be written, in words
	MadeOf   string            `json:"madeOf,omitempty"`   // the left record that a sync made it of, by the mark it carries
}

// Half is what both sides held of one field when they were last in step. Of a
// side that did not take a value it is what that side showed after the write.
type Half struct {
	Left    string `json:"left"`
	Right   string `json:"right"`
	Source  string `json:"source,omitempty"`  // the flexible asset field it was mapped to: another one is first contact
	First   bool   `json:"first,omitempty"`   // never in step yet: the side that was not written says nothing
	Refused int    `json:"refused,omitempty"` // how often in a row the other side did not take a value
	Want    string `json:"want,omitempty"`    // the value that was refused
	Parked  string `json:"parked,omitempty"`  // why it is left alone until either side changes, in words
	Before  string `json:"before,omitempty"`  // what left held before the last write
	Flips   int    `json:"flips,omitempty"`   // how often in a row a write put back what was there before
	At      int64  `json:"at,omitempty"`      // when it was last written, by the written side's clock, in epoch milliseconds
}

// Base is what is remembered of a pair's fields.
type Base map[string]Half

// Origin says how a pair came to be.
type Origin string

// The origins.
const (
	BySerial  Origin = "serial"  // the same serial number
	ByCreate  Origin = "created" // one side was made from the other
	ByPerson  Origin = "person"  // a person linked them
	ByAdopted Origin = "adopted" // found again after a create whose outcome was not known
	ByLink    Origin = "link"    // an organization and its customer
)

// Pair says that a left and a right record are the same thing.
type Pair struct {
	Kind   Kind              `json:"kind"`
	Left   string            `json:"left"`
	Right  string            `json:"right"`
	Owner  string            `json:"owner"` // the organization that the left record belonged to when both were last there
	Origin Origin            `json:"origin"`
	Base   Base              `json:"base"`
	Absent map[Side]int      `json:"absent,omitempty"` // complete listings in a row that did not show the record
	Gone   map[Side]string   `json:"gone,omitempty"`   // why the record counts as gone, in words
	Choice map[string]Choice `json:"choice,omitempty"` // conflicts that a person settled, by field
}

// Choice is how a person settled a conflict: whose value counts, of the two
// that they were shown. It is void once either side holds something else.
type Choice struct {
	Side  Side   `json:"side"`
	Left  string `json:"left"`
	Right string `json:"right"`
}

// On gives the id of the pair's record on a side.
func (p Pair) On(side Side) string {
	if side == Left {
		return p.Left
	}
	return p.Right
}

// Key names the pair within its instance.
func (p Pair) Key() string { return string(p.Kind) + ":" + p.Left }
