package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var runs = map[string]func(*testing.T, world){
	"a run comes back as it was started":                     runComesBack,
	"a second run joins the first, which is asked for again": runJoins,
	"of many that start at once one runs":                    runOnce,
	"a lease is taken once":                                  runAcquired,
	"a lease is renewed with what is known of the work":      runRenewed,
	"a failing run goes back at the same epoch":              runRequeued,
	"a run that ended makes room for the next":               runFinished,
	"a run ends in one of three ways":                        runEndsOddly,
	"a run whose lease ran out is taken over":                runTakenOver,
	"a run whose owner is gone is taken over at once":        runOwnerGone,
	"whoever was taken over can do nothing more":             runSuperseded,
	"runs are listed newest first":                           runList,
	"a run that is not there is not found":                   runMissing,
}

func runOf(instance, id string) func(context.Context, store.Tx) (store.Run, error) {
	return func(ctx context.Context, tx store.Tx) (store.Run, error) { return tx.Run(ctx, instance, id) }
}

// start queues a run of acme and gives what was answered.
func (w world) start(r store.Run) (run store.Run, joined bool) {
	w.t.Helper()
	if r.Instance == "" {
		r.Instance = w.acme
	}
	w.write(func(ctx context.Context, tx store.Tx) (err error) {
		run, joined, err = tx.StartRun(ctx, r)
		return err
	})
	return run, joined
}

// acquire takes the lease of a run until an hour after began.
func (w world) acquire(r store.Run, owner string) (run store.Run, err error) {
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
		run, err = tx.AcquireRun(ctx, r.ID, r.Epoch, owner, began.Add(time.Hour))
		return err
	})
	return run, err
}

// working is a run of acme that is running.
func (w world) working() (store.Run, store.Fence) {
	w.t.Helper()
	queued, _ := w.start(store.Run{Flow: "cycle", Until: began.Add(time.Hour)})
	r, err := w.acquire(queued, "host/1/1")
	require.NoError(w.t, err)
	return r, store.Fence{Run: r.ID, Epoch: r.Epoch}
}

func (w world) finish(f store.Fence, r store.Run) error {
	return w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.FinishRun(ctx, f, r) })
}

func (w world) takeOver(at time.Time, dead func(string) bool) (taken []store.Run) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) (err error) {
		taken, err = tx.TakeOverRuns(ctx, at, at.Add(time.Hour), dead)
		return err
	})
	return taken
}

func runComesBack(t *testing.T, w world) {
	in, out := given[store.Run](), want[store.Run]()
	in.Instance, out.Instance = w.acme, w.acme
	run, joined := w.start(in)
	require.False(t, joined)
	require.Positive(t, run.Epoch)
	out.State, out.Epoch, out.Owner, out.Again, out.Attempts = store.Queued, run.Epoch, "", false, 0
	out.Output, out.Fault, out.Error, out.Code, out.StopBy, out.Started, out.Ended = nil, nil, "", "", "", time.Time{}, time.Time{}
	out.Sequence = 1
	require.Equal(t, out, run)
	require.Equal(t, out, must(w, runOf(w.acme, in.ID)))
	require.Equal(t, out, must(w, runOf("", in.ID)))
	require.Equal(t, out, must(w, func(ctx context.Context, tx store.Tx) (store.Run, error) { return tx.ActiveRun(ctx, w.acme) }))
}

func runJoins(t *testing.T, w world) {
	first, joined := w.start(store.Run{Flow: "cycle"})
	require.False(t, joined)
	require.NotEmpty(t, first.ID)
	require.False(t, first.Created.IsZero())
	second, joined := w.start(store.Run{Flow: "cycle"})
	require.True(t, joined)
	require.Equal(t, first.ID, second.ID)
	require.True(t, second.Again)
	elsewhere, joined := w.start(store.Run{Instance: w.other, Flow: "cycle"})
	require.False(t, joined)
	require.NotEqual(t, first.ID, elsewhere.ID)
	running, err := w.acquire(first, "host/1/1")
	require.NoError(t, err)
	require.True(t, running.Again)
	third, joined := w.start(store.Run{Flow: "discover-assets"})
	require.True(t, joined)
	require.Equal(t, store.Running, third.State)
}

func runOnce(t *testing.T, w world) {
	const many = 12
	started := make(chan bool, many)
	var wait sync.WaitGroup
	for range many {
		wait.Go(func() {
			err := w.s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
				_, joined, err := tx.StartRun(t.Context(), store.Run{Instance: w.acme, Flow: "cycle"})
				started <- err == nil && !joined
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	close(started)
	count := 0
	for s := range started {
		if s {
			count++
		}
	}
	require.Equal(t, 1, count)
	require.Len(t, must(w, func(ctx context.Context, tx store.Tx) ([]store.Run, error) { return tx.ListRuns(ctx, w.acme, 0) }), 1)
}

func runAcquired(t *testing.T, w world) {
	queued, _ := w.start(store.Run{Flow: "cycle"})
	got, err := w.acquire(queued, "host/1/1")
	require.NoError(t, err)
	require.Equal(t, store.Running, got.State)
	require.Equal(t, "host/1/1", got.Owner)
	require.Equal(t, 1, got.Attempts)
	require.False(t, got.Started.IsZero())
	require.Equal(t, began.Add(time.Hour).UnixMilli(), got.Until.UnixMilli())
	_, err = w.acquire(queued, "host/2/2")
	require.ErrorIs(t, err, store.ErrFenced)
	require.ErrorIs(t, err, component.Conflict)
	_, err = w.acquire(store.Run{ID: "nothing", Epoch: 1}, "host/2/2")
	require.ErrorIs(t, err, store.ErrFenced)
	require.Equal(t, got, must(w, runOf(w.acme, got.ID)))
}

func runRenewed(t *testing.T, w world) {
	r, f := w.working()
	renew := func(stage string, counts map[string]int) {
		w.write(func(ctx context.Context, tx store.Tx) error {
			return tx.RenewRun(ctx, f, began.Add(2*time.Hour), stage, counts)
		})
	}
	renew("assets", map[string]int{"read": 7})
	got := must(w, runOf(w.acme, r.ID))
	require.Equal(t, began.Add(2*time.Hour).UnixMilli(), got.Until.UnixMilli())
	require.Equal(t, "assets", got.Stage)
	require.Equal(t, map[string]int{"read": 7}, got.Counts)
	renew("", nil)
	require.Equal(t, got, must(w, runOf(w.acme, r.ID)), "nothing new to say")
}

func runRequeued(t *testing.T, w world) {
	r, f := w.working()
	w.write(func(ctx context.Context, tx store.Tx) error {
		return tx.RequeueRun(ctx, f, began.Add(3*time.Hour), "rate-limited", "IT Glue asked to wait")
	})
	got := must(w, runOf(w.acme, r.ID))
	require.Equal(t, store.Queued, got.State)
	require.Equal(t, r.Epoch, got.Epoch)
	require.Empty(t, got.Owner)
	require.Equal(t, []string{"rate-limited", "IT Glue asked to wait"}, []string{got.Code, got.Error})
	require.ErrorIs(t, w.finish(f, store.Run{State: store.Succeeded}), store.ErrFenced, "it is not running")
	again, err := w.acquire(got, "host/2/2")
	require.NoError(t, err)
	require.Equal(t, 2, again.Attempts)
}

func runFinished(t *testing.T, w world) {
	r, f := w.working()
	end := store.Run{State: store.Failed, Output: []byte(`{"done":1}`), Error: "refused", Code: "forbidden", Counts: map[string]int{"written": 2}}
	require.NoError(t, w.finish(f, end))
	got := must(w, runOf(w.acme, r.ID))
	require.Equal(t, end.State, got.State)
	require.Equal(t, end.Output, got.Output)
	require.Equal(t, end.Counts, got.Counts)
	require.Equal(t, []string{"refused", "forbidden"}, []string{got.Error, got.Code})
	require.False(t, got.Ended.IsZero())
	require.Empty(t, got.Owner)
	require.ErrorIs(t, w.finish(f, end), store.ErrFenced)
	_, err := read(w, func(ctx context.Context, tx store.Tx) (store.Run, error) { return tx.ActiveRun(ctx, w.acme) })
	require.ErrorIs(t, err, store.ErrNotFound)
	next, joined := w.start(store.Run{Flow: "cycle", Until: began})
	require.False(t, joined)
	require.NotEqual(t, r.ID, next.ID)
	require.Empty(t, w.takeOver(began.Add(-time.Hour), nil), "what ended has no lease to run out")
}

func runEndsOddly(t *testing.T, w world) {
	r, f := w.working()
	for _, state := range []store.RunState{"", store.Queued, store.Running, "over"} {
		require.ErrorIs(t, w.finish(f, store.Run{State: state}), component.Internal)
	}
	require.Equal(t, store.Running, must(w, runOf(w.acme, r.ID)).State)
	require.NoError(t, w.finish(f, store.Run{State: store.Stopped}))
}

func runTakenOver(t *testing.T, w world) {
	r, _ := w.working() // its lease runs out an hour after began
	waiting, _ := w.start(store.Run{Instance: w.other, Until: began.Add(2 * time.Hour)})
	require.Empty(t, w.takeOver(began.Add(time.Hour), nil), "not yet")
	taken := w.takeOver(began.Add(90*time.Minute), nil)
	require.Len(t, taken, 1)
	require.Equal(t, r.ID, taken[0].ID)
	require.Equal(t, r.Epoch+1, taken[0].Epoch)
	require.Equal(t, store.Queued, taken[0].State)
	require.Empty(t, taken[0].Owner)
	require.Equal(t, began.Add(150*time.Minute).UnixMilli(), taken[0].Until.UnixMilli())
	require.Equal(t, taken[0], must(w, runOf(w.acme, r.ID)))
	taken = w.takeOver(began.Add(150*time.Minute+time.Second), nil)
	require.Len(t, taken, 2, "a run that no worker came for is queued anew, too")
	require.ElementsMatch(t, []string{r.ID, waiting.ID}, each(taken, func(r store.Run) string { return r.ID }))
}

func runOwnerGone(t *testing.T, w world) {
	r, _ := w.working()
	queued, _ := w.start(store.Run{Instance: w.other, Until: began.Add(2 * time.Hour)})
	alive, err := w.acquire(queued, "host/2/2")
	require.NoError(t, err)
	var asked []string
	taken := w.takeOver(began, func(owner string) bool {
		asked = append(asked, owner)
		return owner == "host/1/1"
	})
	require.ElementsMatch(t, []string{"host/1/1", "host/2/2"}, asked)
	require.Len(t, taken, 1)
	require.Equal(t, r.ID, taken[0].ID)
	require.Equal(t, alive, must(w, runOf("", alive.ID)))
	require.Empty(t, w.takeOver(began, func(string) bool { return false }))
}

func runSuperseded(t *testing.T, w world) {
	r, f := w.working()
	taken := w.takeOver(began.Add(2*time.Hour), nil)
	require.Len(t, taken, 1)
	for name, act := range map[string]func(ctx context.Context, tx store.Tx) error{
		"renew": func(ctx context.Context, tx store.Tx) error {
			return tx.RenewRun(ctx, f, began.Add(9*time.Hour), "x", nil)
		},
		"requeue": func(ctx context.Context, tx store.Tx) error { return tx.RequeueRun(ctx, f, began, "x", "x") },
		"finish": func(ctx context.Context, tx store.Tx) error {
			return tx.FinishRun(ctx, f, store.Run{State: store.Succeeded})
		},
		"acquire": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.AcquireRun(ctx, r.ID, r.Epoch, "x", began)
			return err
		},
	} {
		require.ErrorIs(t, w.try(store.Fence{}, act), store.ErrFenced, name)
	}
	require.Equal(t, taken[0], must(w, runOf(w.acme, r.ID)))
	_, err := w.acquire(taken[0], "host/2/2")
	require.NoError(t, err, "its successor can")
	require.ErrorIs(t, w.finish(f, store.Run{State: store.Succeeded}), store.ErrFenced, "also while its successor works")
}

func runList(t *testing.T, w world) {
	for i, id := range []string{"old", "middle", "new"} {
		r, _ := w.start(store.Run{ID: id, Created: began.Add(time.Duration(i) * time.Hour)})
		_, err := w.acquire(r, "host/1/1")
		require.NoError(t, err)
		require.NoError(t, w.finish(store.Fence{Run: r.ID, Epoch: r.Epoch}, store.Run{State: store.Succeeded}))
	}
	w.start(store.Run{ID: "elsewhere", Instance: w.other, Created: began.Add(90 * time.Minute)})
	ids := func(instance string, limit int) []string {
		got := must(w, func(ctx context.Context, tx store.Tx) ([]store.Run, error) { return tx.ListRuns(ctx, instance, limit) })
		return each(got, func(r store.Run) string { return r.ID })
	}
	require.Equal(t, []string{"new", "middle", "old"}, ids(w.acme, 0))
	require.Equal(t, []string{"new", "middle"}, ids(w.acme, 2))
	require.Equal(t, []string{"new", "elsewhere", "middle", "old"}, ids("", 0))
}

func runMissing(t *testing.T, w world) {
	_, err := read(w, runOf(w.acme, "nothing"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorContains(t, err, "nothing")
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
		_, _, err := tx.StartRun(ctx, store.Run{Instance: "nobody"})
		return err
	})
	require.ErrorIs(t, err, component.NotFound)
}
