package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var plans = map[string]func(*testing.T, world){
	"a plan comes back, and lists show no documents": planComesBack,
	"a plan that is not there is not found":          planMissing,
}

func planOf(instance, id string) func(context.Context, store.Tx) (store.SavedPlan, error) {
	return func(ctx context.Context, tx store.Tx) (store.SavedPlan, error) { return tx.Plan(ctx, instance, id) }
}

func plansOf(instance string) func(context.Context, store.Tx) ([]store.SavedPlan, error) {
	return func(ctx context.Context, tx store.Tx) ([]store.SavedPlan, error) { return tx.ListPlans(ctx, instance) }
}

func planComesBack(t *testing.T, w world) {
	save := func(p store.SavedPlan) {
		w.write(func(ctx context.Context, tx store.Tx) error { return tx.SavePlan(ctx, w.acme, p) })
	}
	save(given[store.SavedPlan]())
	p := want[store.SavedPlan]()
	require.Equal(t, p, must(w, planOf(w.acme, p.ID)))
	p.Applied = time.Time{}
	save(p)
	require.Equal(t, p, must(w, planOf(w.acme, p.ID)))
	save(store.SavedPlan{ID: "older", Created: p.Created.Add(-time.Hour), Document: []byte("{}")})
	p.Document = nil
	listed := must(w, plansOf(w.acme))
	require.Len(t, listed, 2)
	require.Equal(t, p, listed[0])
	require.Equal(t, "older", listed[1].ID)
	require.Empty(t, listed[1].Document)
}

func planMissing(t *testing.T, w world) {
	_, err := read(w, planOf(w.acme, "nothing"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorContains(t, err, "nothing")
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.SavePlan(ctx, w.acme, store.SavedPlan{}) })
	require.ErrorIs(t, err, component.Internal, "without an id nobody could apply it")
}
