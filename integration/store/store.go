// Package store says what is remembered, and what a transaction may do with
// it. It holds the types and the interface; store/sqlstore keeps them in SQLite
// or Postgres, and store/storetest is the suite that both must pass.
//
// Every row belongs to an instance, and every method names it: two instances
// never see each other. Nothing here calls another system, and no transaction
// stays open while something else does.
//
// A password's value is stored nowhere. Literal secrets of a connection are
// sealed (see [Tx.Seal]).
package store

import "context"

// Store is what is remembered. Write and Read run f in one transaction, which
// is rolled back when f fails; f may run again after a busy database, so it
// changes nothing outside the transaction.
type Store interface {
	// Write runs f in a writing transaction. With a fence, the transaction fails
	// with [ErrFenced] when the run was taken over or has ended.
	Write(ctx context.Context, fence Fence, f func(Tx) error) error
	// Read runs f in a reading transaction.
	Read(ctx context.Context, f func(Tx) error) error
	Close() error
}

// Fence names the run that a write belongs to. The zero Fence is no run: a
// person's decision, or the scheduler's own work.
type Fence struct {
	Run   string
	Epoch int64
}

// Tx is one transaction. A method that finds nothing answers with [ErrNotFound]
// (a component.Error with component.NotFound that says what is missing);
// forgetting what is not there is no error. Lists come sorted; where one is
// narrowed by a list, nil is any and an empty list is none. All times are kept to
// the millisecond in UTC.
//
// Rows belong to an instance that is there: saving one for an id that is none
// (such as an instance's name) fails with component.NotFound. Users, their
// sessions and their tokens belong to the host.
type Tx interface {
	Instances
	Links
	Customers
	Records
	Pairs
	Intents
	Reports
	Passwords
	Runs
	Replies
	Alerts
	Audit
	Users
	Sessions
	Tokens
	Tickets
}
