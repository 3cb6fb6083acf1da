// Package runner decides when flows run, and makes sure that an instance has at
// most one run at a time. It knows an integration only by its definition.
//
// The store's runs are the truth: a run has a lease that is renewed while its
// flow works, and an epoch that every settling transaction checks. A run whose
// process is gone is taken over at a new epoch and starts from the top, which
// flows allow for by settling what is open first. River only dispatches: its
// job is {run, epoch}, and a job of an epoch that has passed does nothing.
//
// A flow that is asked for ([Runner.Catalog], the command line) works in the
// process that asks, under the same lease. [Runner.Serve] adds the schedule,
// the workers and the sweep for runs whose lease ran out.
package runner

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Options is what a runner works with. Store, Host and Definition are needed,
// DatabasePath by Serve only; the rest has defaults.
type Options struct {
	Store        store.Store
	Host         *component.Host
	Definition   integration.Definition
	DatabasePath string               // SQLite file of River's own tables; may be the store's
	Address      string               // where Serve listens; default 127.0.0.1:0
	Listener     net.Listener         // what Serve listens on in place of Address; nil: Address
	Ready        func(address string) // called once Serve listens and works; nil: nothing
	Log          *slog.Logger         // nil: nothing is logged
	Now          func() time.Time     // nil: time.Now
	Lease        time.Duration        // how long a process may be silent before its run is taken over; default 15 s
	Sweep        time.Duration        // how often leases are looked at; default 2 s
	Progress     time.Duration        // how often it is stored how far a run is, at most; default 1 s
	Tick         time.Duration        // how often the schedule is looked at; default 5 s
	Watch        time.Duration        // how often the definition looks after each instance; default 1 min
	Retry        time.Duration        // wait before an unattended run's second attempt, and a quarter of the wait before its third; default 1 min
	Workers      int                  // runs at once in this process; default 8
	Hook         func(point string)   // crash points for tests; nil in production
}

// Runner runs the flows of one definition.
type Runner struct {
	o         Options
	log       *slog.Logger
	self      owner
	flows     map[string]integration.Flow
	scheduled *integration.Flow     // the flow with Every, if there is one
	queue     atomic.Pointer[queue] // while Serve works
	face      http.Handler
	quit      func()
}

// New makes a runner. It panics when two flows have a schedule: an instance has
// one time at which it is due.
func New(o Options) *Runner {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Hook == nil {
		o.Hook = func(string) {}
	}
	if o.Ready == nil {
		o.Ready = func(string) {}
	}
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	o.Lease = or(o.Lease, 15*time.Second)
	o.Sweep = or(o.Sweep, 2*time.Second)
	o.Progress = or(o.Progress, time.Second)
	o.Tick = or(o.Tick, 5*time.Second)
	o.Watch = or(o.Watch, time.Minute)
	o.Retry = or(o.Retry, time.Minute)
	o.Workers = or(o.Workers, 8)
	r := &Runner{o: o, log: o.Log, self: thisProcess(), flows: map[string]integration.Flow{}}
	for _, f := range o.Definition.Flows {
		name := f.Describe().Name
		r.flows[name] = f
		if f.Every <= 0 {
			continue
		}
		if r.scheduled != nil {
			panic("runner: " + name + " and " + r.scheduled.Describe().Name + " both have a schedule, and an instance has one due time")
		}
		r.scheduled = &f
	}
	return r
}

// Catalog gives everything that can be called, each flow led by a run.
func (r *Runner) Catalog() *component.Catalog {
	return r.o.Definition.Catalog(func(f integration.Flow) component.Callable { return led{r, f} })
}

// Mount makes Serve answer by face whatever is not /healthz. Quit is called when
// Serve stops: it ends answers that would go on. Call it before Serve.
func (r *Runner) Mount(face http.Handler, quit func()) { r.face, r.quit = face, quit }

func (r *Runner) now() time.Time { return r.o.Now().UTC() }

func or[T time.Duration | int](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}
