package sqlstore

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestAFileThatIsNoDatabaseIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "letter.txt")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("Dear customer, ", 1000)), 0o600))
	_, err := OpenSQLite(t.Context(), path, Options{})
	require.ErrorIs(t, err, component.InvalidInput)
	require.ErrorContains(t, err, "is not a database")
}

func TestAFolderThatCannotBeMadeIsNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := OpenSQLite(t.Context(), filepath.Join(file, "x.db"), Options{})
	require.ErrorIs(t, err, component.InvalidInput)
	require.ErrorContains(t, err, file)
}

func fillUp(t *testing.T, s *Store) error {
	t.Helper()
	return s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
		records := make([]store.Stored, 500)
		for i := range records {
			records[i] = store.Stored{Side: reconcile.Left, Record: reconcile.Record{ID: strings.Repeat("x", i+1), Name: strings.Repeat("n", 1000)}}
		}
		return tx.SaveRecords(t.Context(), "acme", records)
	})
}

func TestAFullDiskStoresNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), Options{})
	newInstance(t, s, "acme")
	tamper(t, s, "PRAGMA max_page_count = 1") // as many as there are
	err := fillUp(t, s)
	require.ErrorIs(t, err, component.Unavailable)
	require.ErrorContains(t, err, "is full")
	require.ErrorContains(t, err, "Make room")
	tamper(t, s, "PRAGMA max_page_count = 1000000")
	require.NoError(t, fillUp(t, s))
}

func TestABusyDatabaseNamesTheCause(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	first, second := open(t, path, Options{}), open(t, path, Options{})
	tamper(t, second, "PRAGMA busy_timeout = 1")
	write(t, first, func(store.Tx) error {
		err := second.Write(t.Context(), store.Fence{}, func(store.Tx) error { return nil })
		require.ErrorIs(t, err, component.Unavailable)
		require.ErrorContains(t, err, "another process was writing to it")
		return nil
	})
}

func TestADamagedDatabaseIsSaidToBeDamaged(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := reopened(t, path, Options{})
	newInstance(t, s, "acme")
	require.NoError(t, fillUp(t, s))
	require.NoError(t, s.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 200 * 4096; i < len(content); i++ {
		content[i] = 0xa5
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	damaged := open(t, path, Options{})
	err = damaged.Read(t.Context(), func(tx store.Tx) error {
		_, _, err := tx.ListRecords(t.Context(), "acme", store.RecordQuery{})
		return err
	})
	require.ErrorIs(t, err, component.Unavailable)
	require.ErrorContains(t, err, "is damaged")
	require.ErrorContains(t, err, "restore a backup")
}

func TestAContextThatEndedIsNoDefect(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Read(ctx, func(store.Tx) error { return nil })
	require.Equal(t, component.Unavailable, component.CodeOf(err))
}

// statements keeps what a pool was asked.
type statements struct{ queries []string }

func (s *statements) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (s *statements) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	s.queries = append(s.queries, e.Query)
}

func TestManyRowsTakeFewStatements(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), Options{})
	newInstance(t, s, "acme")
	records := make([]store.Stored, 2*batch)
	passwords := make([]store.Password, 2*batch)
	for i := range records {
		id := strings.Repeat("i", i+1)
		records[i] = store.Stored{Side: reconcile.Left, Run: "run", Record: reconcile.Record{ID: id}}
		passwords[i] = store.Password{ID: id, Organization: "o"}
	}
	var asked statements
	s.writer = s.writer.WithQueryHook(&asked)
	write(t, s, func(tx store.Tx) error {
		asked.queries = nil
		require.NoError(t, tx.SaveRecords(t.Context(), "acme", records))
		require.Len(t, asked.queries, 4, "two a batch")
		asked.queries = nil
		_, _, err := tx.SavePasswords(t.Context(), "acme", []string{"o"}, passwords, true)
		require.Len(t, asked.queries, 5, "two a batch, and one look for what is gone")
		return err
	})
}

func TestListsGoByAnIndex(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), Options{})
	ctx := t.Context()
	var asked statements
	s.reader = s.reader.WithQueryHook(&asked)
	require.NoError(t, s.Read(ctx, func(tx store.Tx) error {
		asked.queries = nil
		_, _, _ = tx.ListLinks(ctx, "acme", store.LinkQuery{Limit: 10})
		_, _ = tx.LinkOf(ctx, "acme", "c")
		_, _, _ = tx.ListRecords(ctx, "acme", store.RecordQuery{Limit: 10})
		_, _, _ = tx.ListRecords(ctx, "acme", store.RecordQuery{Side: reconcile.Left, Owners: []string{"o"}})
		_, _ = tx.ListPairs(ctx, "acme", store.PairQuery{Kind: reconcile.Asset, Owners: []string{"o"}})
		_, _ = tx.ListPairs(ctx, "acme", store.PairQuery{Kind: reconcile.Asset, Right: []string{"o"}})
		_, _, _ = tx.ListConflicts(ctx, "acme", store.ConflictQuery{Open: true, Limit: 10})
		_, _, _ = tx.ListPasswords(ctx, "acme", store.PasswordQuery{Limit: 10})
		_, _ = tx.ListOverwrites(ctx, "acme", reconcile.Left, "1")
		_, _ = tx.ListRuns(ctx, "acme", 10)
		_, _ = tx.ActiveRun(ctx, "acme")
		_, _ = tx.ListAudit(ctx, "acme", 0, 10)
		return nil
	}))
	queries := asked.queries
	seen := 0
	for _, q := range queries {
		if !strings.HasPrefix(q, "SELECT") {
			continue
		}
		seen++
		plan := explain(t, s, q)
		require.Contains(t, plan, "USING INDEX", q)
		require.NotContains(t, plan, "SCAN", q)
	}
	require.Equal(t, 12, seen)
}

func explain(t *testing.T, s *Store, query string) string {
	t.Helper()
	rows, err := s.reader.DB.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
		plan.WriteString(detail + "\n")
	}
	require.NoError(t, rows.Err())
	return plan.String()
}
