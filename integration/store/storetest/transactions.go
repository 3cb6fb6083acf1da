package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var transactions = map[string]func(*testing.T, world){
	"a write that fails stores nothing":                       writeRolledBack,
	"a write that panics stores nothing and ends":             writePanics,
	"a running run may write":                                 fenceHolds,
	"a run that was taken over cannot write":                  fenceTakenOver,
	"a run that is not running cannot write":                  fenceNotRunning,
	"many writers lose no change":                             writersCount,
	"a reader sees what was committed, and nothing halfway":   readerSnapshot,
	"a reading transaction cannot write":                      readerCannotWrite,
	"a context that ended ends the transaction":               contextEnded,
	"a transaction that its context has ended is unavailable": contextEndedEarlier,
	"nothing is stored for an instance that is not there":     nobodysRows,
}

func writeRolledBack(t *testing.T, w world) {
	failure := errors.New("changed my mind")
	err := w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
		require.NoError(t, tx.SavePair(ctx, w.acme, reconcile.Pair{Kind: reconcile.Asset, Left: "1"}))
		_, err := tx.SaveLink(ctx, w.acme, newLink("1", "Contoso", store.Pending, nil))
		require.NoError(t, err)
		return failure
	})
	require.ErrorIs(t, err, failure)
	require.Empty(t, must(w, pairsOf(w.acme, store.PairQuery{})))
	require.Empty(t, linksOf(w, store.LinkQuery{}))
}

func writePanics(t *testing.T, w world) {
	require.Panics(t, func() {
		_ = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
			require.NoError(t, tx.SavePair(ctx, w.acme, reconcile.Pair{Kind: reconcile.Asset, Left: "1"}))
			panic("a defect")
		})
	})
	require.NoError(t, w.pair(reconcile.Pair{Kind: reconcile.Asset, Left: "2"}), "the store goes on")
	require.Equal(t, []string{"asset:2"}, each(must(w, pairsOf(w.acme, store.PairQuery{})), reconcile.Pair.Key))
}

func savePair(left string, instance string) func(ctx context.Context, tx store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		return tx.SavePair(ctx, instance, reconcile.Pair{Kind: reconcile.Asset, Left: left})
	}
}

func fenceHolds(t *testing.T, w world) {
	_, f := w.working()
	require.NoError(t, w.try(f, savePair("1", w.acme)))
	require.Len(t, must(w, pairsOf(w.acme, store.PairQuery{})), 1)
}

func fenceTakenOver(t *testing.T, w world) {
	_, f := w.working()
	taken := w.takeOver(began.Add(2*time.Hour), nil)
	require.Len(t, taken, 1)
	err := w.try(f, savePair("1", w.acme))
	require.ErrorIs(t, err, store.ErrFenced)
	require.ErrorIs(t, err, component.Conflict)
	successor, err := w.acquire(taken[0], "host/2/2")
	require.NoError(t, err)
	called := false
	err = w.try(f, func(context.Context, store.Tx) error { called = true; return nil })
	require.ErrorIs(t, err, store.ErrFenced)
	require.False(t, called, "the fence is checked first")
	require.Empty(t, must(w, pairsOf(w.acme, store.PairQuery{})))
	require.NoError(t, w.try(store.Fence{Run: successor.ID, Epoch: successor.Epoch}, savePair("1", w.acme)))
}

func fenceNotRunning(t *testing.T, w world) {
	queued, _ := w.start(store.Run{Flow: "cycle"})
	f := store.Fence{Run: queued.ID, Epoch: queued.Epoch}
	require.ErrorIs(t, w.try(f, savePair("1", w.acme)), store.ErrFenced, "queued")
	_, err := w.acquire(queued, "host/1/1")
	require.NoError(t, err)
	require.ErrorIs(t, w.try(store.Fence{Run: f.Run, Epoch: f.Epoch + 1}, savePair("1", w.acme)), store.ErrFenced, "another epoch")
	require.NoError(t, w.finish(f, store.Run{State: store.Succeeded}))
	require.ErrorIs(t, w.try(f, savePair("1", w.acme)), store.ErrFenced, "ended")
	require.ErrorIs(t, w.try(store.Fence{Run: "nothing", Epoch: 1}, savePair("1", w.acme)), store.ErrFenced, "never there")
	require.Empty(t, must(w, pairsOf(w.acme, store.PairQuery{})))
}

func writersCount(t *testing.T, w world) {
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			for range 10 {
				err := w.s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
					in, err := tx.Instance(t.Context(), w.acme)
					if err != nil {
						return err
					}
					n, _ := strconv.Atoi(in.Notes["count"])
					in.Notes = map[string]string{"count": strconv.Itoa(n + 1)}
					return tx.NoteInstance(t.Context(), in)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	require.Equal(t, "60", must(w, instanceOf(w.acme)).Notes["count"])
}

func readerSnapshot(t *testing.T, w world) {
	err := w.s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
		require.NoError(t, savePair("1", w.acme)(t.Context(), tx))
		require.Empty(t, must(w, pairsOf(w.acme, store.PairQuery{})), "not committed yet, and nobody waits for it")
		inside, err := tx.ListPairs(t.Context(), w.acme, store.PairQuery{})
		require.Len(t, inside, 1)
		return err
	})
	require.NoError(t, err)
	require.Len(t, must(w, pairsOf(w.acme, store.PairQuery{})), 1)
}

func readerCannotWrite(t *testing.T, w world) {
	ctx := t.Context()
	err := w.s.Read(ctx, func(tx store.Tx) error { return savePair("1", w.acme)(ctx, tx) })
	require.ErrorIs(t, err, component.Internal)
	require.Empty(t, must(w, pairsOf(w.acme, store.PairQuery{})))
}

func contextEnded(t *testing.T, w world) {
	ctx, cancel := context.WithCancel(t.Context())
	err := w.s.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		require.NoError(t, savePair("1", w.acme)(ctx, tx))
		cancel()
		return nil
	})
	require.Error(t, err)
	require.Equal(t, component.Unavailable, component.CodeOf(err))
	require.Empty(t, must(w, pairsOf(w.acme, store.PairQuery{})))
}

func contextEndedEarlier(t *testing.T, w world) {
	for _, ends := range []func(error) error{func(err error) error { return err }, func(error) error { return nil }} {
		ctx, cancel := context.WithCancel(t.Context())
		err := w.s.Write(ctx, store.Fence{}, func(tx store.Tx) (err error) {
			cancel()
			require.Eventually(t, func() bool { // until it is rolled back
				err = savePair("1", w.acme)(t.Context(), tx)
				return err != nil
			}, time.Minute, time.Millisecond)
			return ends(err)
		})
		require.Error(t, err)
		require.Equal(t, component.Unavailable, component.CodeOf(err))
		require.Empty(t, must(w, pairsOf(w.acme, store.PairQuery{})))
	}
}

func nobodysRows(t *testing.T, w world) {
	for name, save := range writes("nobody") {
		err := w.try(store.Fence{}, save)
		require.ErrorIs(t, err, component.NotFound, name)
		require.ErrorContains(t, err, "instance", name)
	}
}
