package serve

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// watching is what Allow is asked for whoever wants to see a run.
var watching = component.Description{Name: "run.show", Effect: component.Reads, Access: component.View, Scope: component.OnInstance}

// streamFor is how long one stream goes on before its reader must come again,
// with rights that are looked at anew.
const streamFor = 15 * time.Minute

func isOver(s store.RunState) bool {
	return s == store.Succeeded || s == store.Failed || s == store.Stopped
}

func refOf(r store.Run) RunRef { return RunRef{ID: r.ID, Flow: r.Flow, State: string(r.State)} }

func shownRun(r store.Run) RunShown {
	shown := RunShown{RunRef: refOf(r), Cause: r.Cause, Actor: r.Actor, Stage: r.Stage, Done: r.Counts["done"], Total: r.Counts["total"],
		Counters: map[string]int{}, Created: r.Created, Started: component.Instant(r.Started), Ended: component.Instant(r.Ended), Problem: r.Why()}
	for name, n := range r.Counts {
		if name != "done" && name != "total" {
			shown.Counters[name] = n
		}
	}
	if len(r.Output) > 0 {
		shown.Output = json.RawMessage(r.Output)
	}
	return shown
}

// runOf gives the run of a request, to whom may see it: who may view the
// instance's runs, or could have asked for this one. Otherwise it has answered.
func (f *Face) runOf(w http.ResponseWriter, r *http.Request) (run store.Run, ok bool) {
	subject, instance, ok := f.who(w, r)
	if !ok {
		return run, false
	}
	refused := f.o.Gate.Allow(subject, watching, instance, nil)
	run, err := f.run(r.Context(), instance, r.PathValue("run"))
	if refused != nil && err == nil && f.couldAsk(subject, run) {
		refused = nil
	}
	if err = cmp.Or(refused, err); err != nil {
		Fail(w, r, err)
		return run, false
	}
	return run, true
}

// couldAsk says whether a subject may ask for the same run, as a page that is
// embedded for one customer may.
func (f *Face) couldAsk(subject access.Subject, run store.Run) bool {
	flow, err := f.o.Catalog.Find(run.Flow)
	return err == nil && f.o.Gate.Allow(subject, flow.Describe(), run.Instance, run.Input) == nil
}

func (f *Face) run(ctx context.Context, instance, id string) (run store.Run, err error) {
	err = f.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		run, err = tx.Run(ctx, instance, id)
		return err
	})
	return run, err
}

func (f *Face) showRun(w http.ResponseWriter, r *http.Request) {
	run, ok := f.runOf(w, r)
	if !ok {
		return
	}
	raw, err := json.Marshal(shownRun(run))
	f.answer(w, r, answer{status: http.StatusOK, body: raw}, err)
}

// watchRun sends a run whenever there is something new to see of it, until it
// has ended. An event's id is the run's sequence, and each event is the whole
// run, so that a reader who comes again with the last id has missed nothing.
func (f *Face) watchRun(w http.ResponseWriter, r *http.Request) {
	run, ok := f.runOf(w, r)
	if !ok {
		return
	}
	seen, _ := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	if isOver(run.State) && seen >= run.Sequence {
		w.WriteHeader(http.StatusNoContent) // a browser's EventSource comes no more
		return
	}
	select {
	case f.streams <- struct{}{}:
		defer func() { <-f.streams }()
	default:
		problemOf(component.Errorf(component.Unavailable, "too many runs are being watched").Then("Close some windows, and try again.")).write(w)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	s := stream{w: w, control: http.NewResponseController(w), seen: seen}
	s.send("retry: 1000\n\n")
	f.follow(r.Context(), &s, run)
}

// follow sends events until the run has ended, the reader is gone, or it is time
// to come again.
func (f *Face) follow(ctx context.Context, s *stream, run store.Run) {
	ctx, cancel := context.WithTimeout(ctx, streamFor)
	defer cancel()
	poll, beat := time.NewTicker(f.o.Poll), time.NewTicker(f.o.Heartbeat)
	defer poll.Stop()
	defer beat.Stop()
	for {
		s.tell(run)
		if s.err != nil || isOver(run.State) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-f.quit:
			return
		case <-beat.C:
			s.send(": still here\n\n")
		case <-poll.C:
			var err error
			if run, err = f.run(ctx, run.Instance, run.ID); err != nil {
				return
			}
		}
	}
}

// stream is an answer of server-sent events.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	seen    int64
	err     error
}

// tell sends the run when its reader has not seen it as it is.
func (s *stream) tell(run store.Run) {
	if run.Sequence <= s.seen {
		return
	}
	event := "progress"
	if isOver(run.State) {
		event = "ended"
	}
	raw, err := json.Marshal(shownRun(run))
	if err != nil {
		s.err = err
		return
	}
	s.send(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", run.Sequence, event, raw))
	s.seen = run.Sequence
}

func (s *stream) send(text string) {
	if s.err != nil {
		return
	}
	if _, s.err = s.w.Write([]byte(text)); s.err == nil {
		s.err = s.control.Flush()
	}
}
