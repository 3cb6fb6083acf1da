package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Options are what every database needs. The zero Options are complete.
type Options struct {
	KEKFile   string            // the key file; default "kek" beside the database
	Now       func() time.Time  // default time.Now
	OnKeyMade func(path string) // called when the key file was made: it must be kept apart from backups
}

// Store keeps everything in one SQL database. It is safe for concurrent use.
type Store struct {
	writer *bun.DB
	reader *bun.DB
	path   string
	keys   keyFile
	now    func() time.Time
	fault  func(err error) error // says in words what the database answered
}

var _ store.Store = (*Store)(nil)

// Path is the database's file.
func (s *Store) Path() string { return s.path }

// Close closes the database. What was committed stays.
func (s *Store) Close() error {
	return errors.Join(s.reader.Close(), s.writer.Close())
}

// Write runs f in one writing transaction; see [store.Store]. It must not be
// called by f.
func (s *Store) Write(ctx context.Context, fence store.Fence, f func(store.Tx) error) error {
	return s.run(ctx, s.writer, &sql.TxOptions{}, func(t *tx) error {
		if err := t.hold(ctx, fence); err != nil {
			return err
		}
		return f(t)
	})
}

// Read runs f in one reading transaction: it sees what was committed before its
// first query, and nothing later.
func (s *Store) Read(ctx context.Context, f func(store.Tx) error) error {
	return s.run(ctx, s.reader, &sql.TxOptions{ReadOnly: true}, func(t *tx) error { return f(t) })
}

func (s *Store) run(ctx context.Context, db *bun.DB, o *sql.TxOptions, f func(*tx) error) error {
	begun, err := db.BeginTx(ctx, o)
	if err != nil {
		return cutShort(ctx, s.fault(err))
	}
	defer func() { _ = begun.Rollback() }() // after a commit it does nothing
	if err := f(&tx{db: begun, store: s, readOnly: o.ReadOnly}); err != nil {
		return cutShort(ctx, err)
	}
	if err := begun.Commit(); err != nil {
		return cutShort(ctx, s.fault(err))
	}
	return nil
}

// cutShort gives the end of the context for what comes of it: database/sql rolls
// a transaction back as soon as its context ends, and then whatever is asked of
// it finds it done, or its statement interrupted.
func cutShort(ctx context.Context, err error) error {
	var e *sqlite.Error
	if ctx.Err() != nil && (errors.Is(err, sql.ErrTxDone) || errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_INTERRUPT) {
		return ctx.Err()
	}
	return err
}

// tx is one transaction.
type tx struct {
	db       bun.Tx
	store    *Store
	readOnly bool
}

// hold fails unless the fence's run is running at the fence's epoch.
func (t *tx) hold(ctx context.Context, f store.Fence) error {
	if f.Run == "" {
		return nil
	}
	held, err := t.db.NewSelect().Model((*runRow)(nil)).
		Where("id = ? AND epoch = ? AND state = ?", f.Run, f.Epoch, store.Running).Exists(ctx)
	if err != nil {
		return t.fault(err)
	}
	if !held {
		return fenced(f)
	}
	return nil
}

func fenced(f store.Fence) error {
	e := component.Errorf(component.Conflict, "run %s at epoch %d was taken over or has ended: what it wanted to settle is not stored", f.Run, f.Epoch)
	e.Err = store.ErrFenced
	return e.Then("Nothing is to be done: the process that took it over starts the flow again from the top.")
}

// fault says in words what the database answered to a statement.
func (t *tx) fault(err error) error {
	if err == nil {
		return nil
	}
	if t.readOnly && errors.Is(t.store.fault(err), errReadOnly) {
		return component.Errorf(component.Internal, "a reading transaction was asked to write: %w", err)
	}
	return t.store.fault(err)
}

// found is fault for a statement that looks for one row.
func (t *tx) found(err error, missing string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return t.none(missing, args...)
	}
	return t.fault(err)
}

// none says that there is no such row.
func (t *tx) none(missing string, args ...any) error {
	e := component.Errorf(component.NotFound, missing, args...)
	e.Err = store.ErrNotFound
	return e
}

// affected gives how many rows a statement changed.
func (t *tx) affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, t.fault(err)
	}
	n, err := r.RowsAffected()
	return n, t.fault(err)
}
