package store

import (
	"context"
	"time"
)

// LinkState is what a person decided of a link.
type LinkState string

// The states.
const (
	Pending  LinkState = "pending"
	Accepted LinkState = "accepted"
	Rejected LinkState = "rejected"
)

// Party is an organization or a customer, as a link shows it.
type Party struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"` // organizations only
	Status string `json:"status,omitempty"`
}

// Reason is one piece of evidence for or against a suggestion.
type Reason struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// Candidate is a customer that an organization may be.
type Candidate struct {
	Customer Party    `json:"customer"`
	Band     string   `json:"band"`
	Score    float64  `json:"score"`
	Reasons  []Reason `json:"reasons"`
}

// Link says which customer an organization is, and what a person decided of it.
// There is one for each active organization, with or without a customer.
type Link struct {
	ID           string      `json:"id"` // the organization's id
	Organization Party       `json:"organization"`
	Customer     *Party      `json:"customer"`
	State        LinkState   `json:"state"`
	Band         string      `json:"band,omitempty"`
	Score        float64     `json:"score"`
	Reasons      []Reason    `json:"reasons"`
	Others       []Candidate `json:"others"`
	Never        []string    `json:"never"`     // customers that a person rejected for it
	Attention    string      `json:"attention"` // why it is paused by itself, in words; "" when it is not
	Decided      time.Time   `json:"decided"`
	DecidedBy    string      `json:"decidedBy"`
	Discovered   time.Time   `json:"discovered"`       // when its assets were first matched; zero: marked for it once accepted
	Locked       bool        `json:"locked"`           // a PSA owns the organization's name
	Seen         time.Time   `json:"seen"`             // when the organization was last listed
	Version      int64       `json:"version"`          // counts the changes
	Before       *Earlier    `json:"before,omitempty"` // how it was before the last decision: what undo puts back
}

// Earlier is how a link was before a person decided.
type Earlier struct {
	Customer   *Party    `json:"customer"`
	State      LinkState `json:"state"`
	Band       string    `json:"band,omitempty"`
	Score      float64   `json:"score"`
	Reasons    []Reason  `json:"reasons"`
	Never      []string  `json:"never"`
	Decided    time.Time `json:"decided"`
	DecidedBy  string    `json:"decidedBy"`
	Discovered time.Time `json:"discovered"`
}

// Links keeps links.
type Links interface {
	Link(ctx context.Context, instance, id string) (Link, error)
	// LinkOf finds the accepted link of a customer.
	LinkOf(ctx context.Context, instance, customer string) (Link, error)
	ListLinks(ctx context.Context, instance string, q LinkQuery) (links []Link, next string, err error)
	// CountLinks counts the links by state, and those that are accepted and
	// paused by themselves.
	CountLinks(ctx context.Context, instance string) (LinkCounts, error)
	// LinkTree gives what shows the hierarchy of the links that a query finds,
	// sorted by name; After and Limit do not narrow it.
	LinkTree(ctx context.Context, instance string, q LinkQuery) ([]LinkNode, error)
	// SaveLink makes or replaces a link and counts its version up. It fails with
	// component.Conflict when Version is not the stored one, or when another
	// organization is accepted for its customer.
	SaveLink(ctx context.Context, instance string, l Link) (Link, error)
}

// LinkSort says in which order links are listed.
type LinkSort string

// The orders. The zero one is by the organization's name.
const (
	LinksByName    LinkSort = "name"
	LinksByScore   LinkSort = "score"   // the surest first
	LinksByDecided LinkSort = "decided" // the last decided first, then those that nobody decided
)

// LinkQuery narrows a list of links; zero fields do not.
type LinkQuery struct {
	States    []LinkState
	IDs       []string
	Customers []string // customers that they name
	Bands     []string
	Parents   []string // organizations that they are directly below
	Attention bool     // only those that are paused by themselves
	Search    string   // part of a name of either side, any case
	Sort      LinkSort
	After     string // the next of an earlier answer
	Limit     int    // 0: all
}

// LinkCounts says how many links there are.
type LinkCounts struct {
	Pending, Accepted, Rejected, Attention int
	Suggested                              int // pending ones with a customer
}

// LinkNode is a link as its place in the hierarchy needs it.
type LinkNode struct {
	ID     string
	Parent string // the organization above, whether there is a link of it or not
	State  LinkState
}
