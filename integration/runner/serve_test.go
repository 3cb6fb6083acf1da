package runner_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// hourly is a toy whose work is due every hour.
func hourly() *toy {
	y := newToy()
	y.every = time.Hour
	return y
}

// due makes an instance due now.
func (b *bench) due() {
	in := b.reread()
	in.NextDue = time.Time{}
	b.write(func(tx store.Tx) error { return tx.NoteInstance(b.t.Context(), in) })
}

func TestDueInstanceIsRunOnceAndIsDueAgainWithinTheHour(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	b.install("acme")
	b.due()
	before := time.Now()
	b.serve(nil)
	require.Equal(t, "service:sync@acme", b.entering())
	close(b.toy.open)
	b.eventually("the run ends", func() bool { return b.runs()[0].State == store.Succeeded })
	next := b.reread().NextDue
	require.True(t, next.After(before) && next.Before(time.Now().Add(time.Hour)), "next due at %s", next)
	runs := b.runs()
	require.Len(t, runs, 1)
	require.Equal(t, "schedule", runs[0].Cause)
	require.JSONEq(t, `{"wait":true}`, string(runs[0].Input))
	require.EqualValues(t, 1, b.toy.calls.Load())
}

func TestInstanceIsDueAlthoughTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	b.install("acme")
	in := b.reread()
	in.NextDue = time.Now().Add(24 * time.Hour) // said when the clock was a day ahead
	b.write(func(tx store.Tx) error { return tx.NoteInstance(t.Context(), in) })
	close(b.toy.open)
	b.serve(nil)
	require.Equal(t, "service:sync@acme", b.entering())
	b.eventually("the run ends", func() bool { return b.runs()[0].State == store.Succeeded })
	require.True(t, b.reread().NextDue.Before(time.Now().Add(time.Hour)))
	require.Len(t, b.runs(), 1)
}

func TestTwoServesStartADueInstanceOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	b.install("acme")
	b.due()
	close(b.toy.open)
	b.serve(nil)
	b.serve(nil)
	b.eventually("the run ends", func() bool { runs := b.runs(); return len(runs) > 0 && runs[0].State == store.Succeeded })
	require.Len(t, b.runs(), 1)
}

func TestPausedInstanceIsNotRunAlthoughDue(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	paused := b.install("zenith")
	b.due()
	paused.Status = store.Paused
	b.write(func(tx store.Tx) error { _, err := tx.SaveInstance(t.Context(), paused); return err })
	b.install("acme")
	b.due()
	close(b.toy.open)
	b.serve(nil)
	require.Equal(t, "service:sync@acme", b.entering())
	b.eventually("the run ends", func() bool { return b.runs()[0].State == store.Succeeded })
	require.EqualValues(t, 1, b.toy.calls.Load())
}

func TestWantedFlowStartsWhenItsTimeHasCome(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	later := b.install("later")
	want := func(flow string, at time.Time) {
		in := b.reread()
		in.Notes = integration.Want(in.Notes, flow, at)
		in.Notes["mine"] = "kept"
		b.write(func(tx store.Tx) error { return tx.NoteInstance(t.Context(), in) })
	}
	want("toy.secret", time.Now().Add(time.Hour))
	b.install("acme")
	want("toy.secret", time.Now().Add(-time.Second))
	b.serve(nil)
	require.Equal(t, "service:sync@acme", b.entering())
	b.eventually("the run ends", func() bool { return b.runs()[0].State == store.Succeeded })
	require.Equal(t, "decision", b.runs()[0].Cause)
	require.Equal(t, "toy.secret", b.runs()[0].Flow)
	require.Equal(t, map[string]string{"mine": "kept"}, b.reread().Notes)
	b.instance = later
	require.Empty(t, b.runs(), "an hour is not over")
	require.Equal(t, "toy.secret", b.reread().Notes[integration.NoteWants])
}

func TestWantedFlowWaitsForTheRunThatIsActive(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	b.install("acme")
	b.due()
	b.serve(nil)
	b.entering()
	in := b.reread()
	in.Notes = integration.Want(in.Notes, "toy.secret", time.Now().Add(-time.Second))
	b.write(func(tx store.Tx) error { return tx.NoteInstance(t.Context(), in) })
	close(b.toy.open)
	b.entering()
	b.eventually("both end", func() bool {
		runs := b.runs()
		return len(runs) == 2 && runs[0].State == store.Succeeded && runs[1].State == store.Succeeded
	})
	require.EqualValues(t, 1, b.toy.most.Load())
}

func TestBusySystemIsTriedThreeTimesAndThenLeftToTheNextHour(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	b.install("acme")
	b.due()
	b.toy.fail.Store(component.Errorf(component.RateLimited, "too many requests"))
	close(b.toy.open)
	b.serve(nil)
	b.eventually("it is given up", func() bool { runs := b.runs(); return len(runs) == 1 && runs[0].State == store.Failed })
	run := b.runs()[0]
	require.Equal(t, 3, run.Attempts)
	require.EqualValues(t, 1, run.Epoch, "tried again, not taken over")
	require.Equal(t, string(component.RateLimited), run.Code)
	require.EqualValues(t, 3, b.toy.calls.Load())
}

func TestRefusedCredentialsAreNotTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	b.install("acme")
	b.due()
	b.toy.fail.Store(component.Errorf(component.Unauthorized, "the key is refused"))
	close(b.toy.open)
	b.serve(nil)
	b.eventually("it fails", func() bool { runs := b.runs(); return len(runs) == 1 && runs[0].State == store.Failed })
	require.EqualValues(t, 1, b.toy.calls.Load())
}

func TestGracefulStopGivesTheRunToTheNextProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t, hourly())
	b.install("acme")
	b.due()
	_, stop := b.serve(nil)
	b.entering()
	require.NoError(t, stop())
	require.EqualValues(t, 1, b.toy.lost.Load(), "the flow saw that it must stop")
	run := b.runs()[0]
	require.Equal(t, store.Queued, run.State)
	require.Empty(t, run.Owner)
	close(b.toy.open)
	b.serve(nil)
	b.eventually("the next process ends it", func() bool { return b.runs()[0].State == store.Succeeded })
	require.Len(t, b.runs(), 1)
	require.Empty(t, b.runs()[0].Error)
}

func TestDispatchThatIsLostIsMadeUpFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	b.write(func(tx store.Tx) error { // queued by a process that ended before it told a worker
		_, _, err := tx.StartRun(t.Context(), store.Run{Instance: b.instance.ID, Flow: "toy.work", Input: []byte(`{}`),
			Cause: "schedule", Actor: "service:a", Until: time.Now().Add(-time.Second)})
		return err
	})
	b.serve(nil)
	b.eventually("it is worked on", func() bool { return b.runs()[0].State == store.Succeeded })
	require.EqualValues(t, 2, b.runs()[0].Epoch)
}

func TestRunThatKeepsEndingItsProcessIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	b.write(func(tx store.Tx) error {
		run, _, err := tx.StartRun(t.Context(), store.Run{Instance: b.instance.ID, Flow: "toy.work", Input: []byte(`{}`), Cause: "schedule"})
		for err == nil && run.Attempts < 10 {
			if run, err = tx.AcquireRun(t.Context(), run.ID, run.Epoch, "gone", time.Now()); err != nil {
				break
			}
			_, err = tx.TakeOverRuns(t.Context(), time.Now(), time.Now(), func(string) bool { return true })
			run.Epoch++
		}
		return err
	})
	b.serve(nil)
	b.eventually("it is given up", func() bool { return b.runs()[0].State == store.Failed })
	require.Zero(t, b.toy.calls.Load())
	require.Contains(t, b.runs()[0].Error, "given up after 10 attempts")
}

func TestHealthIsOfTheDatabase(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	address, _ := b.serve(nil)
	get := func() (int, map[string]string) {
		res, err := http.Get("http://" + address + "/healthz")
		require.NoError(t, err)
		defer func() { require.NoError(t, res.Body.Close()) }()
		var body map[string]string
		require.NoError(t, json.NewDecoder(res.Body).Decode(&body))
		return res.StatusCode, body
	}
	status, body := get()
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, map[string]string{"status": "ok"}, body)
	require.NoError(t, b.store.Close())
	status, body = get()
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, map[string]string{"status": "unavailable"}, body)
}
