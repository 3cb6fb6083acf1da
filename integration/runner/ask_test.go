package runner_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func (b *bench) ask(flow, input string) store.Run {
	b.t.Helper()
	run, err := b.served.Ask(b.t.Context(), b.session("user:ana"), flow, json.RawMessage(input))
	require.NoError(b.t, err)
	return run
}

func (b *bench) run(id string) (run store.Run) {
	b.t.Helper()
	for _, r := range b.runs() {
		if r.ID == id {
			run = r
		}
	}
	return run
}

func TestAskedRunIsWorkedOnByTheServeAndKeepsWhatItCameTo(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	b.serve(nil)
	run := b.ask("toy.work", `{}`)
	require.Equal(t, store.Queued, run.State)
	require.Equal(t, "user:ana", b.entering())
	b.eventually("the run ends", func() bool { return b.run(run.ID).State == store.Succeeded })
	ended := b.run(run.ID)
	require.Equal(t, "manual", ended.Cause)
	require.JSONEq(t, `{"calls":1}`, string(ended.Output))
	require.Empty(t, ended.Fault)
	require.Greater(t, ended.Sequence, run.Sequence)

	run = b.ask("toy.work", `{"fail":"forbidden"}`)
	b.eventually("the run fails", func() bool { return b.run(run.ID).State == store.Failed })
	require.JSONEq(t, `{"code":"forbidden","message":"the toy failed as told"}`, string(b.run(run.ID).Fault))
}

func TestAskedRunWaitsForTheActiveOneAndIsNotAskedForTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	b.serve(nil)
	first := b.ask("toy.work", `{"wait":true}`)
	b.entering()
	second := b.ask("toy.work", `{"wait":true}`)
	require.Equal(t, store.Waiting, second.State, "the first has begun, and may have missed what this one is to see")
	require.Equal(t, second.ID, b.ask("toy.work", ` { "wait" : true } `).ID)
	third := b.ask("toy.outer", `{}`)
	require.Equal(t, store.Waiting, third.State)
	close(b.toy.open)
	b.eventually("all end", func() bool {
		return b.run(first.ID).State == store.Succeeded && b.run(second.ID).State == store.Succeeded && b.run(third.ID).State == store.Succeeded
	})
	require.Len(t, b.runs(), 3)
	require.EqualValues(t, 1, b.toy.most.Load(), "one at a time")
}

func TestRunThatWaitsIsStartedByTheNextProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	_, stop := b.serve(nil)
	first := b.ask("toy.work", `{"wait":true}`)
	b.entering()
	second := b.ask("toy.outer", `{}`)
	require.NoError(t, stop())
	require.Equal(t, store.Waiting, b.run(second.ID).State)
	close(b.toy.open)
	b.serve(nil)
	b.eventually("both end", func() bool {
		return b.run(first.ID).State == store.Succeeded && b.run(second.ID).State == store.Succeeded
	})
}

func TestWhatCannotRunIsNotAskedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	in := b.install("acme")
	_, err := b.Ask(t.Context(), b.session("user:ana"), "toy.work", json.RawMessage(`{}`))
	require.ErrorIs(t, err, component.Unavailable, "nothing serves")
	b.serve(nil)
	for _, c := range []struct {
		flow, input string
		code        component.Code
	}{
		{"toy.work", `{"wiat":true}`, component.InvalidInput},
		{"toy.work", `{`, component.InvalidInput},
		{"toy.direct", `{}`, component.Internal},
		{"toy.none", `{}`, component.Internal},
	} {
		_, err := b.served.Ask(t.Context(), b.session("user:ana"), c.flow, json.RawMessage(c.input))
		require.ErrorIs(t, err, c.code, c.flow+c.input)
	}
	in = b.reread()
	in.Status = store.Paused
	b.write(func(tx store.Tx) error { _, err := tx.SaveInstance(t.Context(), in); return err })
	_, err = b.served.Ask(t.Context(), b.session("user:ana"), "toy.work", json.RawMessage(`{}`))
	require.ErrorIs(t, err, component.NeedsReview)
	require.Empty(t, b.runs())
}

func TestProgressIsStoredWhileAFlowWorks(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	b.serve(nil)
	run := b.ask("toy.work", `{"wait":true}`)
	b.entering()
	b.eventually("its stage is to be seen before its lease is renewed", func() bool { return b.run(run.ID).Stage == "working" })
	seen := b.run(run.ID)
	require.Equal(t, store.Running, seen.State)
	require.Equal(t, map[string]int{"done": 1, "total": 0}, seen.Counts)
	close(b.toy.open)
	b.eventually("the run ends", func() bool { return b.run(run.ID).State == store.Succeeded })
}
