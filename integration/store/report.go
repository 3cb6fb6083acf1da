package store

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// OpenConflict is a conflict until it is settled.
type OpenConflict struct {
	ID string `json:"id"` // made of the pair and the field
	reconcile.Conflict
	Record  string    `json:"record"` // the IT Glue record's name
	Owner   string    `json:"owner"`  // the organization's id
	Since   time.Time `json:"since"`
	Settled time.Time `json:"settled"` // zero: open
	By      string    `json:"by,omitempty"`
	Choice  string    `json:"choice,omitempty"`
}

// Report is what the last cycle said of one organization.
type Report struct {
	Owner string           `json:"owner"` // the organization's id
	Run   string           `json:"run"`
	At    time.Time        `json:"at"`
	Held  []reconcile.Held `json:"held"`
	Guard []string         `json:"guard"`
	Plan  []byte           `json:"plan,omitempty"` // the plan that waits for review, as JSON
}

// SavedPlan is a plan that a person asked for or that waits for review.
type SavedPlan struct {
	ID          string    `json:"id"`
	Created     time.Time `json:"created"`
	By          string    `json:"by"`
	Fingerprint string    `json:"fingerprint"` // of what it was made from
	Document    []byte    `json:"document"`    // as JSON
	Applied     time.Time `json:"applied"`
}

// Reports keeps conflicts, plans and the reasons of what did not move.
type Reports interface {
	SaveReport(ctx context.Context, instance string, r Report) error // replaces the organization's last one
	ListReports(ctx context.Context, instance string, owners []string) ([]Report, error)
	Conflict(ctx context.Context, instance, id string) (OpenConflict, error)
	ListConflicts(ctx context.Context, instance string, q ConflictQuery) (conflicts []OpenConflict, next string, err error)
	// CountConflicts counts the open conflicts by field.
	CountConflicts(ctx context.Context, instance string) (map[string]int, error)
	SaveConflict(ctx context.Context, instance string, c OpenConflict) error // by ID: made or replaced
	SavePlan(ctx context.Context, instance string, p SavedPlan) error
	Plan(ctx context.Context, instance, id string) (SavedPlan, error)
	ListPlans(ctx context.Context, instance string) ([]SavedPlan, error) // newest first, without documents
}

// ConflictQuery narrows a list of conflicts; zero fields do not.
type ConflictQuery struct {
	Open   bool // only what is not settled
	Owners []string
	Field  string
	After  string
	Limit  int
}
