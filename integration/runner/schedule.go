package runner

import (
	"context"
	"errors"
	"hash/fnv"
	"time"

	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// dueAtOnce is how many due instances one tick starts at most.
const dueAtOnce = 1000

// sweep queues again the runs whose process is gone or silent.
func (q *queue) sweep(ctx context.Context) error {
	taken, err := q.r.takeOver(ctx, dispatch)
	for _, run := range taken {
		err = errors.Join(err, q.put(ctx, run))
	}
	return err
}

// tick starts what is wanted, and what is due.
func (q *queue) tick(ctx context.Context) error {
	var due, all []store.Instance
	now := q.r.now()
	err := q.r.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		if all, err = tx.ListInstances(ctx); err == nil && q.r.scheduled != nil {
			due, err = tx.DueInstances(ctx, now, dueAtOnce)
		}
		return err
	})
	for _, in := range all {
		if q.r.setBack(in, now) {
			due = append(due, in)
		}
		if err == nil && integration.Wanted(in.Notes, now) != "" {
			err = q.begin(ctx, in.ID, q.wanted)
		}
	}
	for _, in := range due {
		if err == nil {
			err = q.begin(ctx, in.ID, q.due)
		}
	}
	return err
}

// begin looks at an instance again, in one transaction with what f starts: of
// two processes that tick at once, one finds nothing left to do.
func (q *queue) begin(ctx context.Context, id string, f func(context.Context, store.Tx, store.Instance) (*store.Run, error)) error {
	var run *store.Run
	err := q.r.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		run = nil
		in, err := tx.Instance(ctx, id)
		if err != nil || in.Status != store.Active {
			return err
		}
		if _, err := tx.ActiveRun(ctx, id); !errors.Is(err, store.ErrNotFound) {
			return err // busy: the next tick looks again
		}
		run, err = f(ctx, tx, in)
		return err
	})
	if err != nil || run == nil {
		return err
	}
	return q.put(ctx, *run)
}

// due starts the scheduled flow, and says when the instance is due next.
func (q *queue) due(ctx context.Context, tx store.Tx, in store.Instance) (*store.Run, error) {
	now := q.r.now()
	if in.NextDue.After(now) && !q.r.setBack(in, now) {
		return nil, nil
	}
	in.NextDue = slot(in.ID, q.r.scheduled.Every, now)
	if err := tx.NoteInstance(ctx, in); err != nil {
		return nil, err
	}
	return q.start(ctx, tx, in, *q.r.scheduled, "schedule")
}

// setBack reports that an instance is due later than it can be: the clock was
// set back since that was said. It is due now, and not only when the clock is
// there again.
func (r *Runner) setBack(in store.Instance, now time.Time) bool {
	return r.scheduled != nil && in.NextDue.After(now.Add(r.scheduled.Every))
}

// wanted starts the flow that the instance's notes ask for, and clears them.
func (q *queue) wanted(ctx context.Context, tx store.Tx, in store.Instance) (*store.Run, error) {
	name := integration.Wanted(in.Notes, q.r.now())
	if name == "" {
		return nil, nil
	}
	delete(in.Notes, integration.NoteWants)
	delete(in.Notes, integration.NoteWantsAt)
	if err := tx.NoteInstance(ctx, in); err != nil {
		return nil, err
	}
	flow, known := q.r.flows[name]
	if !known {
		q.r.log.Warn("a flow is wanted that does not exist", "instance", in.ID, "flow", name)
		return nil, nil
	}
	return q.start(ctx, tx, in, flow, "decision")
}

// start queues an unattended run, as the instance's service account.
func (q *queue) start(ctx context.Context, tx store.Tx, in store.Instance, flow integration.Flow, cause string) (*store.Run, error) {
	input := flow.Unattended
	if input == nil {
		input = []byte("{}")
	}
	actor := in.RunAs
	if actor == "" {
		actor = in.Name
	}
	run, joined, err := q.r.startIn(ctx, tx, store.Run{
		Instance: in.ID, Flow: flow.Describe().Name, Input: input, Cause: cause, Actor: "service:" + actor,
	}, dispatch)
	if err != nil || joined {
		return nil, err
	}
	return &run, nil
}

// slot is the next time after now at which an instance is due. Instances are
// spread over the interval by their id, so that they do not all call at once.
func slot(id string, every time.Duration, now time.Time) time.Time {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	offset := time.Duration(h.Sum64() % uint64(every))
	next := now.Truncate(every).Add(offset)
	if !next.After(now) {
		next = next.Add(every)
	}
	return next
}
