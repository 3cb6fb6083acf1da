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

var intents = map[string]func(*testing.T, world){
	"an intent comes back as it was saved":         intentComesBack,
	"intents are listed oldest first":              intentOrder,
	"an op has one intent until it is settled":     intentOnce,
	"an intent that could not be settled is wrong": intentNameless,
}

func intentsOf(instance string) func(context.Context, store.Tx) ([]store.Intent, error) {
	return func(ctx context.Context, tx store.Tx) ([]store.Intent, error) { return tx.ListIntents(ctx, instance) }
}

func (w world) intend(in store.Intent) error {
	return w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.SaveIntent(ctx, w.acme, in) })
}

func newIntent(id, op string, created time.Time) store.Intent {
	return store.Intent{ID: id, Op: reconcile.Op{ID: op, Name: "SRV-01"}, Created: created}
}

func intentComesBack(t *testing.T, w world) {
	require.NoError(t, w.intend(given[store.Intent]()))
	in := want[store.Intent]()
	require.Equal(t, []store.Intent{in}, must(w, intentsOf(w.acme)))
	in.Sent, in.Unclear = time.Time{}, "the answer did not come"
	require.NoError(t, w.intend(in))
	require.Equal(t, []store.Intent{in}, must(w, intentsOf(w.acme)))
}

func intentOrder(t *testing.T, w world) {
	require.NoError(t, w.intend(newIntent("a", "1", began.Add(time.Hour))))
	require.NoError(t, w.intend(newIntent("c", "2", began)))
	require.NoError(t, w.intend(newIntent("b", "3", began)))
	require.Equal(t, []string{"b", "c", "a"}, each(must(w, intentsOf(w.acme)), func(in store.Intent) string { return in.ID }))
}

func intentOnce(t *testing.T, w world) {
	require.NoError(t, w.intend(newIntent("a", "op", began)))
	err := w.intend(newIntent("b", "op", began))
	require.ErrorIs(t, err, component.Conflict)
	require.ErrorContains(t, err, "the create of SRV-01 is written down already")
	settle := func(ctx context.Context, tx store.Tx) error { return tx.SettleIntent(ctx, w.acme, "a") }
	w.write(settle)
	w.write(settle) // it is settled already
	require.Empty(t, must(w, intentsOf(w.acme)))
	require.NoError(t, w.intend(newIntent("b", "op", began)))
}

func intentNameless(t *testing.T, w world) {
	require.ErrorIs(t, w.intend(newIntent("", "op", began)), component.Internal)
	require.ErrorIs(t, w.intend(newIntent("a", "", began)), component.Internal)
	require.Empty(t, must(w, intentsOf(w.acme)))
}
