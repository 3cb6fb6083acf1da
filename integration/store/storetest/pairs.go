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

var pairs = map[string]func(*testing.T, world){
	"a pair comes back as it was saved":                      pairComesBack,
	"a right record belongs to one left record of its kind":  pairRight,
	"pairs are listed by kind, owner and either side's id":   pairList,
	"a forgotten pair is gone with its base":                 pairForgotten,
	"a decision comes back, is replaced and forgotten":       decisionComesBack,
	"overwrites come back newest first, by side and record":  overwriteList,
	"an overwrite without an id is given one, and none lost": overwriteID,
}

func pairsOf(instance string, q store.PairQuery) func(context.Context, store.Tx) ([]reconcile.Pair, error) {
	return func(ctx context.Context, tx store.Tx) ([]reconcile.Pair, error) {
		return tx.ListPairs(ctx, instance, q)
	}
}

func (w world) pair(p reconcile.Pair) error {
	return w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.SavePair(ctx, w.acme, p) })
}

func pairComesBack(t *testing.T, w world) {
	require.NoError(t, w.pair(given[reconcile.Pair]()))
	p := want[reconcile.Pair]()
	require.Equal(t, []reconcile.Pair{p}, must(w, pairsOf(w.acme, store.PairQuery{})))
	p.Base, p.Right = reconcile.Base{"name": {Left: "a", Right: "b"}}, "elsewhere"
	require.NoError(t, w.pair(p))
	require.Equal(t, []reconcile.Pair{p}, must(w, pairsOf(w.acme, store.PairQuery{Right: []string{"elsewhere"}})))
}

func pairRight(t *testing.T, w world) {
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Asset, Left: "1", Right: "r"}))
	err := w.pair(reconcile.Pair{Kind: reconcile.Asset, Left: "2", Right: "r"})
	require.ErrorIs(t, err, component.Conflict)
	require.ErrorContains(t, err, "r is the same as the IT Glue record 1 already")
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Organization, Left: "2", Right: "r"}))
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Asset, Left: "3"}))
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Asset, Left: "4"}), "no right record is nobody's")
	w.write(func(ctx context.Context, tx store.Tx) error {
		return tx.SavePair(ctx, w.other, reconcile.Pair{Kind: reconcile.Asset, Left: "2", Right: "r"})
	})
}

func pairList(t *testing.T, w world) {
	for _, p := range []reconcile.Pair{
		{Kind: reconcile.Asset, Left: "1", Right: "a", Owner: "o1"}, {Kind: reconcile.Asset, Left: "2", Right: "b", Owner: "o2"},
		{Kind: reconcile.Organization, Left: "1", Right: "c", Owner: "o1"}, {Kind: reconcile.Asset, Left: "3", Right: "d", Owner: "o1"},
	} {
		require.NoError(t, w.pair(p))
	}
	for name, c := range map[string]struct {
		q    store.PairQuery
		want []string
	}{
		"all, by kind and left id":     {store.PairQuery{}, []string{"asset:1", "asset:2", "asset:3", "organization:1"}},
		"a kind":                       {store.PairQuery{Kind: reconcile.Asset}, []string{"asset:1", "asset:2", "asset:3"}},
		"owners":                       {store.PairQuery{Kind: reconcile.Asset, Owners: []string{"o1"}}, []string{"asset:1", "asset:3"}},
		"left ids":                     {store.PairQuery{Left: []string{"1", "9"}}, []string{"asset:1", "organization:1"}},
		"right ids":                    {store.PairQuery{Right: []string{"b", "c"}}, []string{"asset:2", "organization:1"}},
		"both":                         {store.PairQuery{Left: []string{"1"}, Right: []string{"b", "a"}}, []string{"asset:1"}},
		"an empty list of ids is none": {store.PairQuery{Left: []string{}}, []string{}},
	} {
		require.Equal(t, c.want, each(must(w, pairsOf(w.acme, c.q)), reconcile.Pair.Key), name)
	}
}

func pairForgotten(t *testing.T, w world) {
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Asset, Left: "1", Right: "a"}))
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Organization, Left: "1", Right: "a"}))
	forget := func(ctx context.Context, tx store.Tx) error { return tx.ForgetPair(ctx, w.acme, reconcile.Asset, "1") }
	w.write(forget)
	w.write(forget) // it is forgotten already
	require.Equal(t, []string{"organization:1"}, each(must(w, pairsOf(w.acme, store.PairQuery{})), reconcile.Pair.Key))
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Asset, Left: "2", Right: "a"}), "the right record is free again")
}

func decisionComesBack(t *testing.T, w world) {
	save := func(d store.Decision) {
		w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveDecision(ctx, w.acme, d) })
	}
	all := func(side reconcile.Side, records []string) []store.Decision {
		return must(w, func(ctx context.Context, tx store.Tx) ([]store.Decision, error) {
			return tx.ListDecisions(ctx, w.acme, side, records)
		})
	}
	save(given[store.Decision]())
	d := want[store.Decision]()
	require.Equal(t, []store.Decision{d}, all(d.Side, nil))
	d.Verb = "ignore"
	save(d)
	require.Equal(t, []store.Decision{d}, all(d.Side, []string{d.Record, "none"}))
	require.Empty(t, all(reconcile.Right, nil))
	require.Empty(t, all(d.Side, []string{}))
	forget := func(ctx context.Context, tx store.Tx) error { return tx.ForgetDecision(ctx, w.acme, d.Side, d.Record) }
	w.write(forget)
	w.write(forget) // it is forgotten already
	require.Empty(t, all(d.Side, nil))
}

func overwritesOf(instance string, side reconcile.Side, record string) func(context.Context, store.Tx) ([]store.Overwrite, error) {
	return func(ctx context.Context, tx store.Tx) ([]store.Overwrite, error) {
		return tx.ListOverwrites(ctx, instance, side, record)
	}
}

func overwriteList(t *testing.T, w world) {
	o := given[store.Overwrite]()
	older := store.Overwrite{ID: "older", Side: o.Side, Record: o.Record, At: o.At.Add(-time.Hour)}
	elsewhere := store.Overwrite{ID: "elsewhere", Side: o.Side, Record: "another", At: o.At}
	w.write(func(ctx context.Context, tx store.Tx) error {
		for _, o := range []store.Overwrite{older, o, elsewhere} {
			if err := tx.SaveOverwrite(ctx, w.acme, o); err != nil {
				return err
			}
		}
		return nil
	})
	got := must(w, overwritesOf(w.acme, o.Side, o.Record))
	require.Len(t, got, 2)
	require.Equal(t, want[store.Overwrite](), got[0])
	require.Equal(t, "older", got[1].ID)
	require.Empty(t, must(w, overwritesOf(w.acme, "another side", o.Record)))
}

func overwriteID(t *testing.T, w world) {
	w.write(func(ctx context.Context, tx store.Tx) error {
		for _, was := range []string{"a", "b", "c"} {
			if err := tx.SaveOverwrite(ctx, w.acme, store.Overwrite{Side: reconcile.Right, Record: "1", Was: was, At: began}); err != nil {
				return err
			}
		}
		return nil
	})
	got := must(w, overwritesOf(w.acme, reconcile.Right, "1"))
	require.Equal(t, []string{"c", "b", "a"}, each(got, func(o store.Overwrite) string { return o.Was }))
}
