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
	Discovered   time.Time   `json:"discovered"` // when its assets were first matched; zero: marked for it once accepted
	Locked       bool        `json:"locked"`     // a PSA owns the organization's name
	Seen         time.Time   `json:"seen"`       // when the organization was last listed
	Version      int64       `json:"version"`    // counts the changes
}

// Links keeps links.
type Links interface {
	Link(ctx context.Context, instance, id string) (Link, error)
	// LinkOf finds the accepted link of a customer.
	LinkOf(ctx context.Context, instance, customer string) (Link, error)
	ListLinks(ctx context.Context, instance string, q LinkQuery) (links []Link, next string, err error)
	// SaveLink makes or replaces a link and counts its version up. It fails with
	// component.Conflict when Version is not the stored one, or when another
	// organization is accepted for its customer.
	SaveLink(ctx context.Context, instance string, l Link) (Link, error)
}

// LinkQuery narrows a list of links; zero fields do not.
type LinkQuery struct {
	States []LinkState
	IDs    []string
	Search string // part of a name of either side, any case
	After  string // the next of an earlier answer
	Limit  int    // 0: all
}
