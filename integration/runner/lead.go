package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// led is a flow that is led by a run: asked for, it takes the instance's lease
// and works here, after whatever run is active has ended. A direct flow, and a
// flow that another one calls, is invoked as it is.
type led struct {
	r    *Runner
	flow integration.Flow
}

func (l led) Describe() component.Description { return l.flow.Describe() }

func (l led) Invoke(ctx context.Context, s *component.Session, input json.RawMessage) (json.RawMessage, error) {
	if len(bytes.TrimSpace(input)) == 0 {
		input = json.RawMessage("{}")
	}
	d := l.flow.Describe()
	if l.flow.Direct || s.Run.ID != "" || d.Input.Check(input) != nil {
		return l.flow.Invoke(ctx, s, input) // a faulty input is refused there, without a run
	}
	if err := l.r.mayRun(ctx, s.Instance, d.Name); err != nil {
		return nil, err
	}
	asked := store.Run{Instance: s.Instance, Flow: d.Name, Input: input, Cause: "manual", Actor: s.Actor, State: store.Queued}
	for {
		run, joined, err := l.r.start(ctx, asked, l.r.o.Lease)
		if err != nil {
			return nil, err
		}
		if !joined {
			run, err = l.r.acquire(ctx, run.ID, run.Epoch)
			if err == nil {
				o := l.r.carryOut(ctx, s, l.flow, run, true)
				return o.output, o.err
			}
			if !errors.Is(err, store.ErrFenced) {
				return nil, err
			}
		}
		done, err := l.r.await(ctx, s, run)
		if err != nil {
			return nil, err
		}
		if done != nil && done.run.Flow == asked.Flow && bytes.Equal(done.run.Input, asked.Input) {
			return done.output, done.err
		}
	}
}

// mayRun refuses the flows of an instance that is not active.
func (r *Runner) mayRun(ctx context.Context, instance, flow string) error {
	if instance == "" {
		return component.Errorf(component.InvalidInput, "%s needs an instance", flow).Then("Say which one with --instance NAME.")
	}
	in, err := r.instance(ctx, instance)
	if err != nil {
		return err
	}
	switch in.Status {
	case store.Paused:
		return component.Errorf(component.NeedsReview, "%s is not run: the instance %s is paused", flow, in.Name).
			Then("Resume it first (`instance resume`).")
	case store.Draft:
		return component.Errorf(component.NeedsReview, "%s is not run: the configuration of the instance %s is not complete", flow, in.Name).
			Then("Finish its pages, or apply a complete instance file.")
	}
	return nil
}

// start queues a run, to be acquired within wait.
func (r *Runner) start(ctx context.Context, asked store.Run, wait time.Duration) (run store.Run, joined bool, err error) {
	err = r.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		run, joined, err = r.startIn(ctx, tx, asked, wait)
		return err
	})
	return run, joined, err
}

func (r *Runner) startIn(ctx context.Context, tx store.Tx, asked store.Run, wait time.Duration) (store.Run, bool, error) {
	asked.State, asked.Created = store.Queued, r.now()
	asked.Until = asked.Created.Add(wait)
	return tx.StartRun(ctx, asked)
}

// finished is a run that this process took over and worked on to its end.
type finished struct {
	run store.Run
	outcome
}

// await waits until a run has ended, and says on the way how far it is. A run
// whose process is gone is taken over and worked on here.
func (r *Runner) await(ctx context.Context, s *component.Session, run store.Run) (*finished, error) {
	for {
		switch run.State {
		case store.Queued, store.Running:
		default:
			return nil, nil
		}
		s.Report(waiting(run), run.Counts["done"], run.Counts["total"])
		if run.Until.Before(r.now()) || r.self.gone(run.Owner) {
			if done, err := r.resume(ctx, s, run.ID); done != nil || err != nil {
				return done, err
			}
		}
		select {
		case <-ctx.Done():
			return nil, component.Errorf(component.Unavailable, "interrupted while %s", waiting(run))
		case <-time.After(r.o.Sweep / 4):
		}
		err := r.o.Store.Read(ctx, func(tx store.Tx) (err error) {
			run, err = tx.Run(ctx, run.Instance, run.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
}

func waiting(run store.Run) string {
	at := run.Stage
	if at == "" {
		at = string(run.State)
	}
	return fmt.Sprintf("waiting for %s of %s (%s)", run.Flow, run.Actor, at)
}

// resume takes over what no process works on, and works on the run of that id
// here, in the name of whom it was started by. It gives nil when another process
// was quicker.
func (r *Runner) resume(ctx context.Context, s *component.Session, id string) (*finished, error) {
	taken, err := r.takeOver(ctx, r.o.Lease)
	if err != nil {
		return nil, err
	}
	for _, run := range taken {
		if run.ID != id {
			continue
		}
		run, err := r.acquire(ctx, run.ID, run.Epoch)
		if errors.Is(err, store.ErrFenced) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		o := r.perform(ctx, run, true, s.OnReport)
		return &finished{run, o}, nil
	}
	return nil, nil
}

// takeOver queues again what no process works on, to be acquired within wait.
func (r *Runner) takeOver(ctx context.Context, wait time.Duration) (taken []store.Run, err error) {
	err = r.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		now := r.now()
		taken, err = tx.TakeOverRuns(ctx, now, now.Add(wait), r.self.gone)
		return err
	})
	for _, run := range taken {
		r.log.Info("run taken over", "run", run.ID, "flow", run.Flow, "instance", run.Instance, "epoch", run.Epoch)
	}
	return taken, err
}

// perform works on an acquired run in a session of its own.
func (r *Runner) perform(ctx context.Context, run store.Run, attended bool, report func(component.Progress)) outcome {
	s, err := r.Session(context.WithoutCancel(ctx), run.Instance, run.Actor)
	flow, known := r.flows[run.Flow]
	if err == nil && !known {
		err = component.Errorf(component.NotFound, "there is no flow %s any more", run.Flow)
	}
	if err != nil {
		end, again := attempt{run: run, err: err, attended: true}.ending(0)
		return outcome{err: errors.Join(err, r.settle(context.WithoutCancel(ctx), end, again))}
	}
	s.OnReport = report
	return r.carryOut(ctx, s, flow, run, attended)
}
