package componenttest

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// patience is how long a call may go on after it was cancelled before it is
// taken for one that never ends. It only keeps a test from hanging.
const patience = 20 * time.Second

// cancellation: a call that is cancelled before it begins, or while it waits
// for the other system, ends as unavailable, and sends nothing more.
func (s *suite) cancellation(r reporter) {
	r.Helper()
	for _, name := range s.readable() {
		if s.actions[name].Describe().Connection == "" {
			continue
		}
		s.cancelled(r, name, "before it begins", true)
		s.cancelled(r, name, "while it waits", false)
	}
}

func (s *suite) cancelled(r reporter, name, when string, atOnce bool) {
	r.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if atOnce {
		cancel()
	}
	wire := &stuckWire{cancel: cancel, patience: s.patience}
	ended := make(chan call, 1)
	go func() {
		ended <- s.invoke(ctx, name, s.options.Good, s.options.Inputs[name], func(h *component.Host) { h.Transport = wire })
	}()
	select {
	case c := <-ended:
		switch {
		case c.err == nil:
			r.Errorf("%s, cancelled %s, answers: it may not use Host.Transport, or not pass its context on", name, when)
		case component.CodeOf(c.err) != component.Unavailable:
			r.Errorf("%s, cancelled %s, ends with %s, and should with %s: %s", name, when, component.CodeOf(c.err), component.Unavailable, brief(c.err))
		default:
			typed(r, c)
		}
		if wire.lost.Load() {
			r.Errorf("%s, cancelled %s, does not pass its context on to its requests", name, when)
		}
		if wire.after.Load() > 0 {
			r.Errorf("%s, cancelled %s, goes on sending requests", name, when)
		}
	case <-time.After(2 * s.patience):
		r.Errorf("%s, cancelled %s, does not end", name, when)
	}
}

// stuckWire is a transport whose first request cancels the call, and then
// waits for what comes of it, as on a line that has gone silent.
type stuckWire struct {
	cancel   context.CancelFunc
	patience time.Duration
	begun    atomic.Bool
	lost     atomic.Bool  // the request's context did not end with the call's
	after    atomic.Int32 // requests sent after the cancelled one
}

func (w *stuckWire) RoundTrip(r *http.Request) (*http.Response, error) {
	if !w.begun.CompareAndSwap(false, true) {
		if r.Context().Err() == nil {
			w.after.Add(1)
		}
		return nil, context.Canceled
	}
	w.cancel()
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case <-time.After(w.patience):
		w.lost.Store(true)
		return nil, context.DeadlineExceeded
	}
}
