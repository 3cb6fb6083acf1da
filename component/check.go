package component

import "time"

// State is the outcome of one [Check].
type State string

// The outcomes.
const (
	Works     State = "works"
	Missing   State = "missing"    // not there on this account or tenant
	Differs   State = "differs"    // there, and not as the profile says
	Failed    State = "failed"     // refused or out of reach
	NotTested State = "not tested" // could not, or must not, be tried; Message says why
)

// Check is one line of a connection's check.
type Check struct {
	Name    string `json:"name" jsonschema_description:"What was checked, for programs: key, region, types."`
	Title   string `json:"title" jsonschema_description:"What was checked, for people."`
	State   State  `json:"state" jsonschema:"enum=works,enum=missing,enum=differs,enum=failed,enum=not tested"`
	Message string `json:"message" jsonschema_description:"What was found, in words."`
	Do      string `json:"do,omitempty" jsonschema_description:"What to do next, in words; for a profile, which line to set to what."`
	// Needed says that the sync cannot do without it.
	Needed bool `json:"needed,omitempty" jsonschema_description:"Whether the sync cannot do without it."`
	// Fix is a remedy that a program can offer.
	Fix map[string]string `json:"fix,omitempty" jsonschema_description:"Settings of this connection, by name, that would put it right."`
}

// CheckReport is what a check-connection action answers with.
type CheckReport struct {
	OK     bool    `json:"ok" jsonschema_description:"Whether nothing failed that the sync needs."`
	Checks []Check `json:"checks"`
}

// NoInput is the input of an action that needs none.
type NoInput struct{}

// Page is how much of a list is asked for. Embed it in a list action's input.
type Page struct {
	Cursor string `json:"cursor,omitempty" jsonschema_description:"Where to go on: the next of an earlier answer. Empty: from the start."`
	Limit  int    `json:"limit,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"How many records at most. 0: all of them; pages after the first are then read side by side."`
}

// Listing is what a list action says about its items. Embed it beside Items.
type Listing struct {
	Next     string `json:"next,omitempty" jsonschema_description:"The cursor of the next page; empty at the end."`
	Total    int    `json:"total,omitempty" jsonschema_description:"How many records the other system says there are; 0 when it does not say."`
	Complete bool   `json:"complete" jsonschema_description:"Whether this is every record: the walk ran to its end and the count agrees. Without it, absence proves nothing."`
	Odd      []Odd  `json:"odd,omitempty" jsonschema_description:"Records that could not be read, put aside so that the others can be used."`
	Why      string `json:"why,omitempty" jsonschema_description:"Why the listing is not complete, in words."`
}

// Odd is a record that could not be read.
type Odd struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Instant gives t in UTC, or nothing for the zero time: the form for JSON.
func Instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}
