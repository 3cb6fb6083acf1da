package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/itglue-revio/itglue-revio/component"
)

// readers is how many connections of a process read at the same time.
const readers = 4

// OpenSQLite opens the database file at path, makes it when it is not there, and
// brings its tables up to date. Several processes may do so at once.
func OpenSQLite(ctx context.Context, path string, o Options) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, component.Errorf(component.InvalidInput, "the database %s: %w", path, err)
	}
	if err := makePrivate(path); err != nil {
		return nil, component.Errorf(component.InvalidInput, "the database %s cannot be made: %w", path, err).
			Then("Name a folder that this user may write to.")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{
		path:  path,
		keys:  keyFile{path: cmp.Or(o.KEKFile, filepath.Join(filepath.Dir(path), "kek")), made: o.OnKeyMade},
		now:   o.Now,
		fault: func(err error) error { return sqliteFault(path, err) },
	}
	dialect := sqliteDialect{sqlitedialect.New()}
	if s.writer, err = openPool(dialect, path, 1, "_txlock=immediate", "_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=foreign_keys(1)"); err != nil {
		return nil, s.fault(err)
	}
	if s.reader, err = openPool(dialect, path, readers, "_pragma=busy_timeout(10000)", "_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(s.fault(err), s.writer.Close())
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// makePrivate makes the folder 0700 and an empty file 0600, each if it is not
// there: the files that SQLite keeps beside the database take its mode.
func makePrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// openPool opens connections to the file at path. A dialect remembers what it
// learned of each row's Go type, so that the pools of one store share theirs.
func openPool(dialect sqliteDialect, path string, connections int, parameters ...string) (*bun.DB, error) {
	name := filepath.ToSlash(path)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // a drive letter
	}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: name}).EscapedPath()+"?"+strings.Join(parameters, "&"))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return bun.NewDB(pool, dialect), nil
}

// prepare migrates under a lock file: two processes that start at once would
// otherwise both make the same tables, or both switch the file to WAL.
func (s *Store) prepare(ctx context.Context) error {
	lock := flock.New(s.path+".lock", flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return component.Errorf(component.Unavailable, "the lock %s.lock cannot be taken: %w", s.path, err).
			Then("Another process is bringing the database up to date, or this user may not write beside it.")
	}
	defer func() { _ = lock.Close() }()
	if err := migrate(ctx, goose.DialectSQLite3, s.writer.DB); err != nil {
		return s.fault(err)
	}
	return s.keyLinks(ctx)
}

// sqliteDialect is bun's, which refuses a text with a NUL byte. No text here
// means one, so it is left out: one odd name must not stop a listing.
type sqliteDialect struct{ *sqlitedialect.Dialect }

// AppendString writes s as a literal.
func (d sqliteDialect) AppendString(b []byte, s string) []byte {
	return d.Dialect.AppendString(b, plain(s))
}

// errReadOnly is the cause of a fault whose database cannot be written to.
var errReadOnly = errors.New("read-only")

// sqliteFault says in words what SQLite answered. Errors that are in words
// already, and those of a context, stay as they are.
func sqliteFault(path string, err error) error {
	var said *component.Error
	if errors.As(err, &said) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return component.Errorf(component.Internal, "the database %s: %w", path, err)
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return component.Errorf(component.Conflict, "someone else stored the same thing at the same time: %w", err).Then("Read it again and decide anew.")
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return component.Errorf(component.NotFound, "there is no instance of that id: %w", err).Then("Name the instance by its id.")
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return component.Errorf(component.Unavailable, "the database %s is busy: another process was writing to it for more than 10 seconds (%w)", path, err).
			Then("Nothing was stored. Try again; if it stays so, look which process has the file open.")
	case sqlite3.SQLITE_FULL:
		return component.Errorf(component.Unavailable, "the disk that holds the database %s is full (%w)", path, err).
			Then("Nothing of this was stored. Make room and try again.")
	case sqlite3.SQLITE_IOERR:
		return component.Errorf(component.Unavailable, "the disk that holds the database %s cannot be read or written (%w)", path, err).
			Then("Nothing of this was stored. Check the disk, then try again.")
	case sqlite3.SQLITE_CORRUPT:
		return component.Errorf(component.Unavailable, "the database %s is damaged (%w)", path, err).
			Then("Stop every process that has it open, keep a copy of the file, and restore a backup.")
	case sqlite3.SQLITE_NOTADB:
		return component.Errorf(component.InvalidInput, "the file %s is not a database (%w)", path, err).Then("Name another file, or restore a backup.")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		e := component.Errorf(component.Unavailable, "the database %s cannot be written to (%w)", path, err)
		e.Err = errors.Join(errReadOnly, err)
		return e.Then("Give this user the right to write to the file and to its folder.")
	}
	return component.Errorf(component.Internal, "the database %s: %w", path, err)
}
