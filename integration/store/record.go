package store

import (
	"context"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// Stored is a record as the store keeps it: what one side showed, mapped.
type Stored struct {
	reconcile.Record
	Side reconcile.Side `json:"side"`
	Run  string         `json:"run"` // the run that saw it last
	Note string         `json:"note,omitempty"`
}

// RecordQuery narrows a list of records; zero fields do not.
type RecordQuery struct {
	Side   reconcile.Side
	Owners []string
	Types  []string
	IDs    []string
	Search string // part of the name, any case
	NotRun string // not seen by this run
	// Accepted narrows to the records of accepted links' organizations and
	// customers, and State to assets that stand so.
	Accepted bool
	State    AssetState
	// Once leaves out a Rev.io record whose pair's IT Glue record is kept, too:
	// the two are one asset.
	Once  bool
	After string
	Limit int
}

// AssetState says how an asset stands.
type AssetState string

// The states of an asset.
const (
	LinkedAsset    AssetState = "linked"        // kept in step with one on the other side
	HeldAsset      AssetState = "held"          // it, or the one it is linked with, waits for a person or for the other system
	OnlyRightAsset AssetState = "only-in-revio" // nothing in IT Glue stands for it
	WaitingAsset   AssetState = "waiting"       // none of these: the next cycle looks at it
)

// Records keeps what each side last showed of the assets of accepted links.
type Records interface {
	// SaveRecords makes or replaces records; it writes no row that is equal but
	// for its run, beyond that run.
	SaveRecords(ctx context.Context, instance string, records []Stored) error
	ListRecords(ctx context.Context, instance string, q RecordQuery) (records []Stored, next string, err error)
	// CountRecords counts what a query finds by type.
	CountRecords(ctx context.Context, instance string, q RecordQuery) (map[string]int, error)
	// DeleteRecords forgets records (their pairs and history stay). It takes no
	// After and no Limit.
	DeleteRecords(ctx context.Context, instance string, q RecordQuery) error
}
