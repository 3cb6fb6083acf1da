package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Ask asks for a run of a flow on the session's instance, and does not wait for
// it: a worker of the Serve of this process works on it, and what it comes to is
// kept with the run. While another run of the instance is active it waits for
// its turn; asked for twice, the same flow with the same input waits once. It
// fails as the flow would on a faulty input, on an instance whose flows do not
// run, and with component.Unavailable before Serve works.
func (r *Runner) Ask(ctx context.Context, s *component.Session, flow string, input json.RawMessage) (run store.Run, err error) {
	q := r.queue.Load()
	if q == nil {
		return run, component.Errorf(component.Unavailable, "nothing works on runs here yet").Then("Try again in a moment.")
	}
	f, known := r.flows[flow]
	if !known || f.Direct {
		return run, component.Errorf(component.Internal, "%s is not led by a run", flow)
	}
	if ps := f.Describe().Input.Check(input); ps != nil {
		return run, &component.Error{Code: component.InvalidInput, Message: "the input of " + flow + " is not valid:", Problems: ps}
	}
	if err := r.mayRun(ctx, s.Instance, flow); err != nil {
		return run, err
	}
	var compact bytes.Buffer // so that the same input is the same text
	if err := json.Compact(&compact, input); err != nil {
		return run, component.Errorf(component.InvalidInput, "the input of %s is not JSON", flow)
	}
	asked := store.Run{Instance: s.Instance, Flow: flow, Input: compact.Bytes(), Cause: "manual", Actor: s.Actor}
	err = r.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		run, err = r.askIn(ctx, tx, asked)
		return err
	})
	if err != nil || run.State != store.Queued {
		return run, err
	}
	return run, q.put(context.WithoutCancel(ctx), run)
}

// askIn gives the run that is asked for: a queued one that is the same, one that
// starts now, or one that waits.
func (r *Runner) askIn(ctx context.Context, tx store.Tx, asked store.Run) (store.Run, error) {
	active, err := tx.ActiveRun(ctx, asked.Instance)
	if errors.Is(err, store.ErrNotFound) {
		var joined bool
		active, joined, err = r.startIn(ctx, tx, asked, dispatch)
		if err == nil && !joined {
			return active, nil
		}
	}
	if err != nil {
		return store.Run{}, err
	}
	if active.State == store.Queued && active.Flow == asked.Flow && bytes.Equal(active.Input, asked.Input) {
		return active, nil // it has not begun, so it sees all that this one would
	}
	asked.Created = r.now()
	return tx.WaitRun(ctx, asked)
}

// turn starts what waits for its turn, on every instance that has no active run.
func (q *queue) turn(ctx context.Context) error {
	var instances []string
	err := q.r.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		instances, err = tx.WaitingInstances(ctx)
		return err
	})
	for _, id := range instances {
		err = errors.Join(err, q.begin(ctx, id, q.next))
	}
	return err
}

// next queues the run that has waited longest.
func (q *queue) next(ctx context.Context, tx store.Tx, in store.Instance) (*store.Run, error) {
	run, err := tx.NextRun(ctx, in.ID, q.r.now().Add(dispatch))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &run, err
}
