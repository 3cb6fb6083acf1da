package sqlstore

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/storetest"
)

func TestSQLiteKeepsWhatAStorePromises(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return reopened(t, newPath(t), Options{}) })
}

func newPath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "data", "itglue-revio.db")
}

// open opens a database until the test ends.
func open(t *testing.T, path string, o Options) *Store {
	t.Helper()
	s := reopened(t, path, o)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// reopened opens a database; whoever asks closes it.
func reopened(t *testing.T, path string, o Options) *Store {
	t.Helper()
	s, err := OpenSQLite(t.Context(), path, o)
	require.NoError(t, err)
	return s
}

// write must succeed.
func write(t *testing.T, s *Store, f func(store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Write(t.Context(), store.Fence{}, f))
}

// newInstance makes an instance whose id is its name.
func newInstance(t *testing.T, s *Store, name string) string {
	t.Helper()
	write(t, s, func(tx store.Tx) error {
		_, err := tx.SaveInstance(t.Context(), store.Instance{ID: name, Name: name, Status: store.Active})
		return err
	})
	return name
}

// tamper runs raw SQL, as someone would who has the file.
func tamper(t *testing.T, s *Store, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := s.writer.DB.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, Options{})
	newInstance(t, s, "acme")
	write(t, s, func(tx store.Tx) error { return tx.Seal(t.Context(), "acme", "name", "secret") })
	require.Equal(t, path, s.Path())
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), e.Name())
		names = append(names, e.Name())
	}
	require.Equal(t, []string{"itglue-revio.db", "itglue-revio.db-shm", "itglue-revio.db-wal", "itglue-revio.db.lock", "kek"}, names)
}

func TestAPathMayHoldAnyCharacter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b%20c", "d?e=f#g&h.db")
	s := open(t, path, Options{})
	newInstance(t, s, "acme")
	_, err := os.Stat(path + "-wal")
	require.NoError(t, err)
}

func TestTheDatabaseIsSafeAgainstAPowerCut(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), Options{})
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
		var got string
		require.NoError(t, s.writer.DB.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		require.Equal(t, want, got, pragma)
	}
	require.Equal(t, 1, s.writer.Stats().MaxOpenConnections)
}

func TestMigrationsRunOnce(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	first := reopened(t, path, Options{})
	newInstance(t, first, "acme")
	require.NoError(t, first.Close())
	second := open(t, path, Options{})
	third := open(t, path, Options{}) // while the second has it open
	for _, s := range []*Store{second, third} {
		require.NoError(t, s.Read(t.Context(), func(tx store.Tx) error {
			_, err := tx.Instance(t.Context(), "acme")
			return err
		}))
	}
	var applied int
	require.NoError(t, third.writer.DB.QueryRowContext(t.Context(), "SELECT count(*) FROM goose_db_version WHERE version_id > 0").Scan(&applied))
	migrations, err := migrations.ReadDir("migrations")
	require.NoError(t, err)
	require.Len(t, migrations, applied)
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := reopened(t, path, Options{})
	tamper(t, s, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
	require.NoError(t, s.Close())
	_, err := OpenSQLite(t.Context(), path, Options{})
	require.ErrorIs(t, err, component.InvalidInput)
	require.ErrorContains(t, err, "newer version of this program")
}

func TestAnotherHandleSeesWhatWasCommittedAndWaitsForTheRest(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	first := open(t, path, Options{})
	second := open(t, path, Options{})
	newInstance(t, first, "acme")
	write(t, second, func(tx store.Tx) error {
		return tx.SavePair(t.Context(), "acme", reconcile.Pair{Kind: reconcile.Asset, Left: "1", Right: "r"})
	})
	done := make(chan error, 1)
	write(t, first, func(tx store.Tx) error {
		go func() {
			done <- second.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
				pairs, err := tx.ListPairs(t.Context(), "acme", store.PairQuery{})
				if err == nil && len(pairs) != 0 {
					err = errors.New("the second handle did not wait")
				}
				return err
			})
		}()
		return tx.ForgetPair(t.Context(), "acme", reconcile.Asset, "1")
	})
	require.NoError(t, <-done)
}
