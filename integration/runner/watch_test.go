package runner_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestDefinitionLooksAfterEveryInstanceWhateverBecomesOfOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	first, second := b.install("acme"), b.install("zenith")
	b.install("removed")
	b.instance.Status = store.Removed
	b.write(func(tx store.Tx) error { _, err := tx.SaveInstance(t.Context(), b.instance); return err })
	var mu sync.Mutex
	seen := map[string]int{}
	b.serve(func(o *runner.Options) {
		o.Watch = 10 * time.Millisecond
		o.Definition.Watch = func(_ context.Context, s *component.Session) error {
			mu.Lock()
			defer mu.Unlock()
			seen[s.Instance]++
			if s.Instance == first.ID {
				panic("as told")
			}
			return component.Errorf(component.Unavailable, "nobody could be told")
		}
	})
	b.eventually("both are looked after again and again", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return seen[first.ID] > 1 && seen[second.ID] > 1
	})
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, seen, 2, "one that was removed is left alone")
}

func TestRunThatAPersonStopsEndsAtItsNextWriteAndTheNextOneGoesOn(t *testing.T) {
	t.Parallel()
	b := newBench(t, newToy())
	b.install("acme")
	b.options.Lease = 300 * time.Millisecond
	b.Runner = runner.New(b.options)
	var ended sync.WaitGroup
	ended.Go(func() {
		_, err := b.invoke(t.Context(), "toy.work", `{"wait":true}`)
		require.Error(t, err)
	})
	b.entering()
	run := b.runs()[0]
	b.write(func(tx store.Tx) error {
		asked, err := tx.StopRun(t.Context(), b.instance.ID, run.ID, "user:ben")
		require.Equal(t, store.Running, asked.State, "it ends by itself")
		return err
	})
	ended.Wait()
	run = b.runs()[0]
	require.Equal(t, store.Stopped, run.State)
	require.Equal(t, "user:ben", run.StopBy)
	require.Contains(t, run.Error, "a person stopped it")
	require.EqualValues(t, 1, b.toy.lost.Load(), "the flow's context ended")
	err := b.store.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
		_, err := tx.StopRun(t.Context(), b.instance.ID, run.ID, "user:ben")
		return err
	})
	require.ErrorIs(t, err, component.Conflict, "it has ended")
	out, err := b.invoke(t.Context(), "toy.work", `{}`)
	require.NoError(t, err)
	require.JSONEq(t, `{"calls":2}`, string(json.RawMessage(out)))
}
