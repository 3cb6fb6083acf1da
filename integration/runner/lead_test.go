package runner_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestInstanceHasOneRunAtATimeHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	const callers = 8
	var all sync.WaitGroup
	errs := make(chan error, callers)
	for range callers {
		all.Go(func() {
			_, err := b.invoke(t.Context(), "toy.work", `{}`)
			errs <- err
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, b.toy.most.Load(), "flows at work at once")
	require.EqualValues(t, callers, b.toy.calls.Load())
	runs := b.runs()
	require.Len(t, runs, callers)
	for _, run := range runs {
		require.Equal(t, store.Succeeded, run.State)
		require.Equal(t, "manual", run.Cause)
		require.Equal(t, "os:ana", run.Actor)
		require.Equal(t, 1, run.Attempts)
	}
}

func TestInstancesDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	first := b.install("acme")
	b.install("zenith")
	var all sync.WaitGroup
	for _, id := range []string{first.ID, b.instance.ID} {
		s, err := b.Session(t.Context(), id, "os:ana")
		require.NoError(t, err)
		all.Go(func() {
			_, err := b.Catalog().Invoke(t.Context(), s, "toy.work", json.RawMessage(`{"wait":true}`))
			require.NoError(t, err)
		})
	}
	b.entering()
	b.entering()
	close(b.toy.open)
	all.Wait()
	require.EqualValues(t, 2, b.toy.most.Load())
}

func TestRunKeepsWhatCameOfIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, flow, input string
		state             store.RunState
		code              component.Code
		output            string
	}{
		{"output", "toy.work", `{}`, store.Succeeded, "", `{"calls":1}`},
		{"no output of a sensitive flow", "toy.secret", `{}`, store.Succeeded, "", ""},
		{"a failure with its code", "toy.work", `{"fail":"forbidden"}`, store.Failed, component.Forbidden, ""},
		{"what a person must decide stops it", "toy.work", `{"fail":"needs-review"}`, store.Stopped, component.NeedsReview, ""},
		{"an attended run is not tried again", "toy.work", `{"fail":"rate-limited"}`, store.Failed, component.RateLimited, ""},
		{"a panic is a defect", "toy.panic", `{}`, store.Failed, component.Internal, ""},
		{"a flow that calls a flow is one run", "toy.outer", `{}`, store.Succeeded, "", `{"calls":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, newToy())
			b.install("acme")
			out, err := b.invoke(t.Context(), c.flow, c.input)
			runs := b.runs()
			require.Len(t, runs, 1)
			require.Equal(t, c.flow, runs[0].Flow)
			require.Equal(t, c.state, runs[0].State)
			require.Equal(t, string(c.code), runs[0].Code)
			require.Equal(t, c.output, string(runs[0].Output))
			require.JSONEq(t, c.input, string(runs[0].Input))
			require.False(t, runs[0].Ended.IsZero())
			if c.code == "" {
				require.NoError(t, err)
				require.JSONEq(t, `{"calls":1}`, string(out))
				return
			}
			require.ErrorIs(t, err, c.code)
			require.Equal(t, err.Error(), runs[0].Error)
		})
	}
}

func TestDirectFlowTakesNoLeaseAndWaitsForNone(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	var busy sync.WaitGroup
	busy.Go(func() { _, _ = b.invoke(t.Context(), "toy.work", `{"wait":true}`) })
	b.entering()
	_, err := b.invoke(t.Context(), "toy.direct", `{}`)
	require.NoError(t, err)
	require.Len(t, b.runs(), 1, "only the run that was there")
	require.Equal(t, store.Running, b.runs()[0].State)
	close(b.toy.open)
	busy.Wait()
}

func TestFaultyInputMakesNoRun(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	_, err := b.invoke(t.Context(), "toy.work", `{"wiat":true}`)
	require.ErrorIs(t, err, component.InvalidInput)
	require.Empty(t, b.runs())
}

func TestFlowOfAnInstanceThatIsNotActiveIsRefused(t *testing.T) {
	t.Parallel()
	for status, code := range map[store.Status]component.Code{
		store.Draft: component.NeedsReview, store.Paused: component.NeedsReview, store.Removed: component.NotFound,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, newToy())
			in := b.install("acme")
			s := b.session("os:ana")
			in.Status = status
			b.write(func(tx store.Tx) error { _, err := tx.SaveInstance(t.Context(), in); return err })
			_, err := b.Catalog().Invoke(t.Context(), s, "toy.work", nil)
			require.ErrorIs(t, err, code)
			require.Empty(t, b.runs())
		})
	}
}

func TestInterruptedRunEndsAsStoppedByAPerson(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	ctx, interrupt := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() {
		_, err := b.invoke(ctx, "toy.work", `{"wait":true}`)
		require.Error(t, err)
	})
	b.entering()
	interrupt()
	ended.Wait()
	require.Equal(t, store.Stopped, b.runs()[0].State)
	_, err := b.invoke(t.Context(), "toy.work", `{}`)
	require.NoError(t, err, "the next one is not held up")
}

func TestLostLeaseEndsTheFlowAndSettlesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	var ended sync.WaitGroup
	ended.Go(func() {
		_, err := b.invoke(t.Context(), "toy.work", `{"wait":true}`)
		require.ErrorIs(t, err, component.Conflict)
	})
	b.entering()
	mine := b.runs()[0]
	b.write(func(tx store.Tx) error { // another process believes that this one is gone
		_, err := tx.TakeOverRuns(t.Context(), time.Now(), time.Now().Add(time.Hour), func(string) bool { return true })
		return err
	})
	ended.Wait()
	require.EqualValues(t, 1, b.toy.lost.Load(), "the flow's context ended")
	run := b.runs()[0]
	require.Equal(t, store.Queued, run.State, "still the other process's to work on")
	require.Equal(t, mine.Epoch+1, run.Epoch)
	err := b.store.Write(t.Context(), store.Fence{Run: mine.ID, Epoch: mine.Epoch}, func(store.Tx) error { return nil })
	require.ErrorIs(t, err, store.ErrFenced)
}

func TestLeaseIsRenewedWithWhatTheFlowReports(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	b.options.Lease = 150 * time.Millisecond
	b.Runner = runner.New(b.options)
	var ended sync.WaitGroup
	ended.Go(func() {
		_, err := b.invoke(t.Context(), "toy.work", `{"wait":true}`)
		require.NoError(t, err)
	})
	b.entering()
	first := b.runs()[0].Until
	b.eventually("the lease moves on", func() bool { return b.runs()[0].Until.After(first.Add(b.options.Lease)) })
	run := b.runs()[0]
	require.Equal(t, "working", run.Stage)
	require.Equal(t, 1, run.Counts["done"])
	close(b.toy.open)
	ended.Wait()
	require.Equal(t, store.Succeeded, b.runs()[0].State)
}

func TestCallerWaitsForAnotherRunAndSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	var first sync.WaitGroup
	first.Go(func() { _, _ = b.invoke(t.Context(), "toy.work", `{"wait":true}`) })
	b.entering()
	said := make(chan string, 1000)
	s := b.session("os:ben")
	s.OnReport = func(p component.Progress) { said <- p.Stage }
	var second sync.WaitGroup
	second.Go(func() {
		_, err := b.Catalog().Invoke(t.Context(), s, "toy.work", nil)
		require.NoError(t, err)
	})
	require.Contains(t, <-said, "waiting for toy.work of os:ana")
	close(b.toy.open)
	first.Wait()
	second.Wait()
	require.EqualValues(t, 2, b.toy.calls.Load(), "what was asked for later is run again")
}

func TestOnlyInstanceIsTheOneThatThereIs(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	_, err := b.OnlyInstance(t.Context())
	require.ErrorIs(t, err, component.InvalidInput)
	in := b.install("acme")
	id, err := b.OnlyInstance(t.Context())
	require.NoError(t, err)
	require.Equal(t, in.ID, id)
	b.install("zenith")
	_, err = b.OnlyInstance(t.Context())
	require.ErrorContains(t, err, "acme, zenith")
}

type toySettings struct {
	Host string           `json:"host"`
	Key  component.Secret `json:"key"`
}

func TestSessionOpensWhatTheDocumentSaysWithItsSecrets(t *testing.T) {
	t.Parallel()
	connection := component.NewConnection("toy", func(_ context.Context, _ *component.Host, s toySettings) (toySettings, error) { return s, nil })
	b := newBench(t, newToy())
	in := b.install("acme")
	in.Document = []byte(`{"connections":{"toy":{"host":"one","key":"` + integration.Sealed + `"}}}`)
	b.write(func(tx store.Tx) error {
		if err := tx.Seal(t.Context(), in.ID, integration.SealedName("toy", "key"), "hunter2"); err != nil {
			return err
		}
		_, err := tx.SaveInstance(t.Context(), in)
		return err
	})
	s, err := b.Session(t.Context(), "acme", "os:ana")
	require.NoError(t, err)
	client, err := connection.Open(t.Context(), s)
	require.NoError(t, err)
	require.Equal(t, "one", client.Host)
	require.Equal(t, "hunter2", client.Key.Reveal())
}

func TestTwoSchedulesAreRefusedWhenDeclared(t *testing.T) {
	t.Parallel()
	y := newToy()
	y.every = time.Hour
	d := y.definition()
	d.Flows[1].Every = time.Hour
	require.Panics(t, func() { runner.New(runner.Options{Definition: d}) })
}
