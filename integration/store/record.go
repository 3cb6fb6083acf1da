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
	After  string
	Limit  int
}

// Records keeps what each side last showed of the assets of accepted links.
type Records interface {
	// SaveRecords makes or replaces records; it writes no row that is equal but
	// for its run, beyond that run.
	SaveRecords(ctx context.Context, instance string, records []Stored) error
	ListRecords(ctx context.Context, instance string, q RecordQuery) (records []Stored, next string, err error)
	// DeleteRecords forgets records (their pairs and history stay). It takes no
	// After and no Limit.
	DeleteRecords(ctx context.Context, instance string, q RecordQuery) error
}
