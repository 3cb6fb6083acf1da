package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var conflicts = map[string]func(*testing.T, world){
	"a conflict comes back as it was saved":               conflictComesBack,
	"conflicts are listed by what narrows them, in pages": conflictList,
	"a conflict that is not there is not found":           conflictMissing,
}

func conflictOf(instance, id string) func(context.Context, store.Tx) (store.OpenConflict, error) {
	return func(ctx context.Context, tx store.Tx) (store.OpenConflict, error) {
		return tx.Conflict(ctx, instance, id)
	}
}

func (w world) dispute(c store.OpenConflict) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveConflict(ctx, w.acme, c) })
}

func conflictComesBack(t *testing.T, w world) {
	w.dispute(given[store.OpenConflict]())
	c := want[store.OpenConflict]()
	require.Equal(t, c, must(w, conflictOf(w.acme, c.ID)))
	c.Settled, c.Choice = time.Time{}, ""
	w.dispute(c)
	require.Equal(t, c, must(w, conflictOf(w.acme, c.ID)))
}

func conflictList(t *testing.T, w world) {
	put := func(id, record, owner, field string, settled time.Time) {
		w.dispute(store.OpenConflict{ID: id, Record: record, Owner: owner, Conflict: reconcile.Conflict{Field: field}, Settled: settled})
	}
	put("1", "SRV-02", "o1", "name", time.Time{})
	put("2", "srv-01", "o1", "serialNumber", time.Time{})
	put("3", "SRV-01", "o2", "name", began)
	put("4", "SRV-03", "o2", "name", time.Time{})
	for name, c := range map[string]struct {
		q    store.ConflictQuery
		want []string
	}{
		"all, by record":                  {store.ConflictQuery{}, []string{"2", "3", "1", "4"}},
		"open":                            {store.ConflictQuery{Open: true}, []string{"2", "1", "4"}},
		"owners":                          {store.ConflictQuery{Owners: []string{"o2"}}, []string{"3", "4"}},
		"a field":                         {store.ConflictQuery{Field: "name", Open: true}, []string{"1", "4"}},
		"an empty list of owners is none": {store.ConflictQuery{Owners: []string{}}, []string{}},
	} {
		for _, limit := range []int{0, 1, 3} {
			c.q.Limit = limit
			got := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.OpenConflict, string, error) {
				c.q.After = after
				return tx.ListConflicts(ctx, w.acme, c.q)
			}, nil)
			require.Equal(t, c.want, each(got, func(c store.OpenConflict) string { return c.ID }), "%s, %d a page", name, limit)
		}
	}
}

func conflictMissing(t *testing.T, w world) {
	_, err := read(w, conflictOf(w.acme, "nothing"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorContains(t, err, "nothing")
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
		return tx.SaveConflict(ctx, w.acme, store.OpenConflict{})
	})
	require.ErrorIs(t, err, component.Internal, "without an id nobody could settle it")
}
