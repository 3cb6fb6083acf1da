package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var waiting = map[string]func(*testing.T, world){
	"a run waits until it is its turn":                      runWaits,
	"the same run does not wait twice":                      runWaitsOnce,
	"a run that waits is stopped at once":                   runWaitsAndStops,
	"each change of what is to be seen of a run is counted": runSequence,
}

func (w world) wait(r store.Run) (run store.Run) {
	w.t.Helper()
	r.Instance = w.acme
	w.write(func(ctx context.Context, tx store.Tx) (err error) {
		run, err = tx.WaitRun(ctx, r)
		return err
	})
	return run
}

func waitingInstances(ctx context.Context, tx store.Tx) ([]string, error) {
	return tx.WaitingInstances(ctx)
}

func runWaits(t *testing.T, w world) {
	active, fence := w.working()
	first := w.wait(store.Run{Flow: "customer", Input: []byte(`{"id":"7"}`), Actor: "user:ana", Created: began})
	second := w.wait(store.Run{Flow: "cycle", Input: []byte(`{}`), Created: began.Add(time.Second)})
	require.Equal(t, store.Waiting, first.State)
	require.Equal(t, []string{w.acme}, must(w, waitingInstances))
	require.Equal(t, active.ID, must(w, func(ctx context.Context, tx store.Tx) (store.Run, error) { return tx.ActiveRun(ctx, w.acme) }).ID)
	require.NoError(t, w.finish(fence, store.Run{State: store.Succeeded}))
	next := func(until time.Time) (r store.Run, err error) {
		err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
			r, err = tx.NextRun(ctx, w.acme, until)
			return err
		})
		return r, err
	}
	got, err := next(began.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, first.ID, got.ID, "the one that waited longest")
	require.Equal(t, store.Queued, got.State)
	require.Equal(t, began.Add(time.Hour).UnixMilli(), got.Until.UnixMilli())
	running, err := w.acquire(got, "host/1/1")
	require.NoError(t, err)
	require.NoError(t, w.finish(store.Fence{Run: running.ID, Epoch: running.Epoch}, store.Run{State: store.Succeeded}))
	got, err = next(began)
	require.NoError(t, err)
	require.Equal(t, second.ID, got.ID)
	require.Empty(t, must(w, waitingInstances))
	_, err = next(began)
	require.ErrorIs(t, err, store.ErrNotFound)
}

func runWaitsOnce(t *testing.T, w world) {
	first := w.wait(store.Run{Flow: "cycle", Input: []byte(`{}`)})
	require.Equal(t, first, w.wait(store.Run{Flow: "cycle", Input: []byte(`{}`)}))
	require.NotEqual(t, first.ID, w.wait(store.Run{Flow: "customer", Input: []byte(`{}`)}).ID)
	require.NotEqual(t, first.ID, w.wait(store.Run{Flow: "cycle", Input: []byte(`{"a":1}`)}).ID)
}

func runWaitsAndStops(t *testing.T, w world) {
	r := w.wait(store.Run{Flow: "cycle", Input: []byte(`{}`)})
	stop := func() (got store.Run, err error) {
		err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
			got, err = tx.StopRun(ctx, w.acme, r.ID, "user:ana")
			return err
		})
		return got, err
	}
	got, err := stop()
	require.NoError(t, err)
	require.Equal(t, store.Stopped, got.State)
	require.Empty(t, must(w, waitingInstances))
	_, err = stop()
	require.ErrorIs(t, err, component.Conflict)
}

func runSequence(t *testing.T, w world) {
	r, f := w.working()
	last := r.Sequence
	renew := func(stage string, counts map[string]int) int64 {
		w.write(func(ctx context.Context, tx store.Tx) error { return tx.RenewRun(ctx, f, began, stage, counts) })
		return must(w, runOf(w.acme, r.ID)).Sequence
	}
	require.Equal(t, last+1, renew("reading", map[string]int{"done": 1}))
	require.Equal(t, last+1, renew("", nil), "a lease alone is nothing to see")
	require.NoError(t, w.finish(f, store.Run{State: store.Failed, Fault: []byte(`{"code":"forbidden"}`)}))
	got := must(w, runOf(w.acme, r.ID))
	require.Equal(t, last+2, got.Sequence)
	require.JSONEq(t, `{"code":"forbidden"}`, string(got.Fault))
}
