package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	maxTries     = 3  // attempts of an unattended run that meets a busy or absent system
	maxTakeovers = 10 // attempts after which a run is given up that keeps ending its process

	// dispatch is how long a queued run may wait for a worker before its job
	// counts as lost with the process that fetched it.
	dispatch = 2 * time.Minute
)

// outcome is what one attempt at a run came to.
type outcome struct {
	output json.RawMessage
	err    error
	again  time.Duration // above zero: it was given back, to be tried again after this
}

// acquire takes the lease of a queued run; store.ErrFenced when another process
// has it, or it has ended.
func (r *Runner) acquire(ctx context.Context, id string, epoch int64) (run store.Run, err error) {
	err = r.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		run, err = tx.AcquireRun(ctx, id, epoch, r.self.String(), r.now().Add(r.o.Lease))
		return err
	})
	if err == nil {
		r.o.Hook("acquired")
	}
	return run, err
}

// carryOut works on an acquired run to its end, and settles it. An attended run
// has a person waiting: it is not tried again, and ends when they go.
func (r *Runner) carryOut(ctx context.Context, s *component.Session, flow integration.Flow, run store.Run, attended bool) outcome {
	started := time.Now()
	log := r.log.With("run", run.ID, "flow", run.Flow, "instance", run.Instance)
	log.Info("run started", "cause", run.Cause, "actor", run.Actor, "epoch", run.Epoch, "attempt", run.Attempts)
	held, work := r.hold(ctx, run)
	led := *s
	led.Run = component.Run{ID: run.ID, Epoch: run.Epoch}
	led.OnReport = func(p component.Progress) {
		held.report(p)
		if s.OnReport != nil {
			s.OnReport(p)
		}
	}
	out, err := r.invoke(work, &led, flow, run)
	lost := held.release(work)
	r.o.Hook("finishing")
	if lost {
		log.Warn("run lost", "took", time.Since(started).Round(time.Millisecond))
		return outcome{err: lostError(run)}
	}
	run.Stage, run.Counts = held.progress()
	end := attempt{run: run, attended: attended, stopping: ctx.Err() != nil, asked: errors.Is(context.Cause(work), errStopped), err: err}
	if !flow.Describe().Sensitive {
		end.output = out
	}
	run, again := end.ending(r.o.Retry)
	if stored := r.settle(context.WithoutCancel(ctx), run, again); stored != nil {
		log.Error("the end of a run could not be stored", "state", run.State, "error", stored)
		return outcome{err: errors.Join(err, stored)}
	}
	log.Info("run ended", "state", run.State, "code", run.Code, "took", time.Since(started).Round(time.Millisecond))
	return outcome{output: out, err: err, again: again}
}

// invoke calls the flow; a panic in it is an error of the run, not of the process.
func (r *Runner) invoke(ctx context.Context, s *component.Session, flow integration.Flow, run store.Run) (out json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("the flow panicked", "run", run.ID, "flow", run.Flow, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = component.Errorf(component.Internal, "%s broke off through a defect", run.Flow).Then("Please report it with the log of this run.")
		}
	}()
	if run.Attempts > maxTakeovers {
		return nil, component.Errorf(component.Internal, "%s was given up after %d attempts that each ended without a result", run.Flow, run.Attempts-1).
			Then("Look into the log for why the process ended, and run it again.")
	}
	return flow.Invoke(ctx, s, run.Input)
}

// attempt is one attempt at a run, when its flow has answered.
type attempt struct {
	run      store.Run
	attended bool            // a person waits for it
	stopping bool            // its process, or who waits for it, is going
	asked    bool            // a person asked it to stop
	output   json.RawMessage // to be kept
	err      error
}

// ending gives the run as it is to be stored: ended, or queued again, and then
// how long to wait. Retry is the wait before the second attempt; the one before
// the third is four times that.
func (a attempt) ending(retry time.Duration) (store.Run, time.Duration) {
	run := a.run
	if a.err == nil {
		run.State, run.Output, run.Code, run.Error = store.Succeeded, a.output, "", ""
		return run, 0
	}
	code := component.CodeOf(a.err)
	run.Code, run.Error = string(code), a.err.Error()
	switch {
	case a.asked:
		run.State, run.Error = store.Stopped, "a person stopped it; what it had not written yet is left for the next run"
	case a.stopping && a.attended:
		run.State, run.Error = store.Stopped, "it was interrupted"
	case a.stopping:
		run.State, run.Error = store.Queued, "its process was stopped; the next one goes on"
	case code == component.NeedsReview:
		run.State = store.Stopped
	case transient(code) && !a.attended && run.Attempts < maxTries:
		run.State = store.Queued
		return run, max(retryAfter(a.err), retry<<(2*max(run.Attempts-1, 0)))
	default:
		run.State = store.Failed
	}
	run.Fault = a.fault(run)
	return run, 0
}

// fault says as JSON why a run did not succeed.
func (a attempt) fault(run store.Run) []byte {
	f := component.FaultOf(a.err)
	if a.asked || a.stopping {
		f = component.Fault{Code: component.NeedsReview, Message: run.Error}
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return nil // it holds texts and numbers only
	}
	return raw
}

// settle stores how an attempt ended. A run that is to be tried again waits for
// its job that long; one that a stopping process gives back is up for the next
// sweep at once.
func (r *Runner) settle(ctx context.Context, run store.Run, again time.Duration) error {
	err := r.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		if run.State != store.Queued {
			return tx.FinishRun(ctx, fence(run), run)
		}
		until := r.now()
		if again > 0 {
			until = until.Add(again + dispatch)
		}
		return tx.RequeueRun(ctx, fence(run), until, run.Code, run.Error)
	})
	if errors.Is(err, store.ErrFenced) {
		return lostError(run)
	}
	return err
}

func lostError(run store.Run) error {
	return component.Errorf(component.Conflict, "the run %s of %s was taken over by another process, which goes on with it", run.ID, run.Flow).
		Then("See `runs show --id %s` for how it ends.", run.ID)
}

func transient(c component.Code) bool {
	return c == component.RateLimited || c == component.Unavailable
}

func retryAfter(err error) time.Duration {
	var e *component.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}
