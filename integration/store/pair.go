package store

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// Decision is what a person said of an asset that was held.
type Decision struct {
	Side   reconcile.Side `json:"side"`
	Record string         `json:"record"`
	Verb   string         `json:"verb"` // "create" or "ignore"
	By     string         `json:"by"`
	At     time.Time      `json:"at"`
}

// Overwrite is a value that a write replaced: what restore puts back.
type Overwrite struct {
	ID     string         `json:"id"`
	Run    string         `json:"run"`
	At     time.Time      `json:"at"`
	Side   reconcile.Side `json:"side"` // the side that was written
	Kind   reconcile.Kind `json:"kind"`
	Record string         `json:"record"`
	Field  string         `json:"field"`
	Was    string         `json:"was"`
	Set    string         `json:"set"`
	Why    string         `json:"why,omitempty"`
}

// PairQuery narrows a list of pairs; zero fields do not. Left and Right are ids.
type PairQuery struct {
	Kind   reconcile.Kind
	Owners []string // organizations
	Left   []string
	Right  []string
}

// Pairs keeps which records are the same thing, and what both held.
type Pairs interface {
	ListPairs(ctx context.Context, instance string, q PairQuery) ([]reconcile.Pair, error)
	// SavePair makes or replaces a pair. It fails with component.Conflict when
	// the right record is another left record's.
	SavePair(ctx context.Context, instance string, p reconcile.Pair) error
	// ForgetPair forgets a pair and its base (used by reassign and by assets link).
	ForgetPair(ctx context.Context, instance string, kind reconcile.Kind, left string) error
	ListDecisions(ctx context.Context, instance string, side reconcile.Side, records []string) ([]Decision, error) // nil: any
	SaveDecision(ctx context.Context, instance string, d Decision) error
	ForgetDecision(ctx context.Context, instance string, side reconcile.Side, record string) error
	SaveOverwrite(ctx context.Context, instance string, o Overwrite) error
	ListOverwrites(ctx context.Context, instance string, side reconcile.Side, record string) ([]Overwrite, error) // newest first
}
