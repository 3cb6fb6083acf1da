package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var records = map[string]func(*testing.T, world){
	"a record comes back as it was saved":                   recordComesBack,
	"a record that is seen again is replaced":               recordReplaced,
	"a record that comes twice in one batch counts once":    recordTwice,
	"many records are saved at once and come back in pages": recordMany,
	"records are listed and forgotten by what they are":     recordQueries,
	"records are not forgotten by page":                     recordDeletePage,
	"an odd name does not stop the others":                  recordOddName,
}

func newRecord(side reconcile.Side, id, owner, kind, name, run string) store.Stored {
	return store.Stored{Side: side, Run: run, Record: reconcile.Record{ID: id, Owner: owner, Type: kind, Name: name, Fields: reconcile.Fields{"name": name}}}
}

func (w world) keep(records ...store.Stored) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveRecords(ctx, w.acme, records) })
}

func recordsOf(w world, q store.RecordQuery) []store.Stored {
	w.t.Helper()
	return list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.Stored, string, error) {
		q.After = after
		return tx.ListRecords(ctx, w.acme, q)
	}, nil)
}

func recordComesBack(t *testing.T, w world) {
	w.keep(given[store.Stored]())
	require.Equal(t, []store.Stored{want[store.Stored]()}, recordsOf(w, store.RecordQuery{}))
	w.keep()
	require.Len(t, recordsOf(w, store.RecordQuery{}), 1)
}

func recordReplaced(t *testing.T, w world) {
	same, moved := newRecord(reconcile.Left, "1", "o", "t", "Same", "run1"), newRecord(reconcile.Left, "2", "o", "t", "Moved", "run1")
	w.keep(same, moved, newRecord(reconcile.Right, "1", "c", "e", "Theirs", "run1"))
	same.Run, moved.Run, moved.Owner, moved.Type, moved.Name = "run2", "run2", "p", "u", "Another"
	moved.Fields = reconcile.Fields{"name": "Another", "empty": ""}
	w.keep(same, moved)
	require.Equal(t, []store.Stored{moved, same}, recordsOf(w, store.RecordQuery{Side: reconcile.Left}))
	require.Equal(t, []store.Stored{moved}, recordsOf(w, store.RecordQuery{Owners: []string{"p"}, Types: []string{"u"}}))
	stale := recordsOf(w, store.RecordQuery{NotRun: "run2"})
	require.Equal(t, []string{"Theirs"}, each(stale, func(s store.Stored) string { return s.Name }))
}

func recordTwice(t *testing.T, w world) {
	w.keep(newRecord(reconcile.Left, "1", "o", "t", "first", "run"), newRecord(reconcile.Left, "1", "o", "t", "second", "run"))
	got := recordsOf(w, store.RecordQuery{})
	require.Len(t, got, 1)
	require.Equal(t, "second", got[0].Name)
}

func recordMany(t *testing.T, w world) {
	all := names("Server", 1203)
	given := make([]store.Stored, len(all))
	for i, name := range all {
		given[i] = newRecord(reconcile.Left, "id of "+name, "o", "t", name, "run1")
	}
	w.keep(given...)
	brief := func(s store.Stored) string { return s.ID + s.Name + s.Run + s.Note }
	require.Equal(t, each(given, brief), each(recordsOf(w, store.RecordQuery{Limit: 100}), brief))
	for i := range given {
		given[i].Run = "run2"
	}
	given[700].Note = "changed"
	w.keep(given...)
	require.Equal(t, each(given, brief), each(recordsOf(w, store.RecordQuery{Limit: 500}), brief))
	require.Empty(t, recordsOf(w, store.RecordQuery{NotRun: "run2"}))
	ids := each(given, func(s store.Stored) string { return s.ID })
	require.Len(t, recordsOf(w, store.RecordQuery{IDs: ids}), len(ids))
}

func recordQueries(t *testing.T, w world) {
	fill := func() {
		w.keep(newRecord(reconcile.Left, "1", "o1", "t1", "Alpha", "run1"), newRecord(reconcile.Left, "2", "o1", "t2", "beta", "run2"),
			newRecord(reconcile.Left, "3", "o2", "t1", "Gamma", "run2"), newRecord(reconcile.Right, "1", "c1", "t1", "alpha", "run1"))
	}
	name := func(s store.Stored) string { return string(s.Side) + s.ID }
	for title, c := range map[string]struct {
		q    store.RecordQuery
		want []string
	}{
		"all, by name and side":           {store.RecordQuery{}, []string{"left1", "right1", "left2", "left3"}},
		"a side":                          {store.RecordQuery{Side: reconcile.Right}, []string{"right1"}},
		"owners":                          {store.RecordQuery{Owners: []string{"o1", "c1"}}, []string{"left1", "right1", "left2"}},
		"types":                           {store.RecordQuery{Side: reconcile.Left, Types: []string{"t1"}}, []string{"left1", "left3"}},
		"ids":                             {store.RecordQuery{IDs: []string{"1"}}, []string{"left1", "right1"}},
		"a part of the name":              {store.RecordQuery{Search: "ALPH"}, []string{"left1", "right1"}},
		"a percent sign is no wild card":  {store.RecordQuery{Search: "%"}, []string{}},
		"not seen by a run":               {store.RecordQuery{NotRun: "run2"}, []string{"left1", "right1"}},
		"an empty list of owners is none": {store.RecordQuery{Owners: []string{}}, []string{}},
	} {
		fill()
		require.Equal(t, c.want, each(recordsOf(w, c.q), name), title)
		w.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteRecords(ctx, w.acme, c.q) })
		require.Empty(t, recordsOf(w, c.q), title)
		require.Len(t, recordsOf(w, store.RecordQuery{}), 4-len(c.want), title)
	}
}

func recordDeletePage(t *testing.T, w world) {
	w.keep(newRecord(reconcile.Left, "1", "o", "t", "Alpha", "run"))
	for _, q := range []store.RecordQuery{{Limit: 1}, {After: "x"}} {
		err := w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.DeleteRecords(ctx, w.acme, q) })
		require.ErrorIs(t, err, component.Internal)
	}
	require.Len(t, recordsOf(w, store.RecordQuery{}), 1)
}

func recordOddName(t *testing.T, w world) {
	odd := newRecord(reconcile.Left, "1", "o", "t", "nul \x00 and \xff bytes", "run")
	w.keep(odd, newRecord(reconcile.Left, "2", "o", "t", "plain", "run"))
	got := recordsOf(w, store.RecordQuery{Limit: 1})
	require.Equal(t, []string{"1", "2"}, each(got, func(s store.Stored) string { return s.ID }))
	w.write(func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Record(ctx, store.Entry{Actor: "nul \x00", Subject: "\xff", Detail: map[string]string{"odd": "\x00\xff"}})
		return err
	})
	require.Equal(t, verdict{0, 1}, must(w, verified))
}
