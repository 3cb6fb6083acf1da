package runner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	rescue = 24 * time.Hour   // after this River frees a job row that a killed process left; the run was taken over long before
	grace  = 30 * time.Second // how long a stop waits for the writes that are under way
)

// Serve runs until ctx ends: it starts what is due or wanted, works on it, takes
// over runs whose process is gone, and answers /healthz. Ending ctx stops it
// gracefully: each flow's context ends, it finishes its current write, and its
// run goes back to the queue for the next process.
func (r *Runner) Serve(ctx context.Context) error {
	if err := r.reachStore(ctx); err != nil { // first, as the store makes its folder
		return err
	}
	q, err := r.openQueue(ctx)
	if err != nil {
		return err
	}
	defer q.db.Close()
	listener, err := r.listen()
	if err != nil {
		return err
	}
	web := &http.Server{Handler: q.routes(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(r.log.Handler(), slog.LevelWarn)}
	if r.quit != nil {
		web.RegisterOnShutdown(r.quit)
	}
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(fmt.Errorf("the workers cannot start: %w", err), listener.Close())
	}
	r.queue.Store(q)
	defer r.queue.Store(nil)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	var loops sync.WaitGroup
	loops.Go(func() {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	})
	loops.Go(func() { r.repeat(ctx, "sweep", r.o.Sweep, q.sweep) })
	loops.Go(func() { r.repeat(ctx, "tick", r.o.Tick, q.tick) })
	loops.Go(func() { r.repeat(ctx, "turn", r.o.Tick, q.turn) })
	loops.Go(func() { r.repeat(ctx, "watch", r.o.Watch, r.watch) })
	r.log.Info("serving", "address", listener.Addr().String(), "workers", r.o.Workers)
	r.o.Ready(listener.Addr().String())
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	cancel()
	err = errors.Join(err, q.stop(web))
	loops.Wait()
	r.log.Info("stopped")
	return err
}

// listen gives what Serve listens on.
func (r *Runner) listen() (net.Listener, error) {
	if r.o.Listener != nil {
		return r.o.Listener, nil
	}
	listener, err := net.Listen("tcp", r.o.Address)
	if err != nil {
		return nil, component.Errorf(component.InvalidInput, "cannot listen on %s: %w", r.o.Address, err).
			Then("Name a free address with --address HOST:PORT.")
	}
	return listener, nil
}

// repeat calls f now and then every so often, a little apart from what other
// processes do.
func (r *Runner) repeat(ctx context.Context, name string, every time.Duration, f func(context.Context) error) {
	for {
		if err := f(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("the "+name+" failed; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every + rand.N(every/5+1)):
		}
	}
}

// stop ends the work under way, each at its next write, and the server.
func (q *queue) stop(web *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := q.client.StopAndCancel(ctx)
	if err != nil {
		err = fmt.Errorf("some work did not stop within %s; its runs are taken over when their leases run out: %w", grace, err)
	}
	return errors.Join(err, web.Shutdown(ctx))
}

// routes is what is served beside the work: whether it is healthy, and the face
// that was mounted.
func (q *queue) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if err := q.healthy(req.Context()); err != nil {
			q.r.log.Error("not healthy", "error", err)
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"status":"unavailable"}` + "\n"))
			return
		}
		_, _ = w.Write([]byte(`{"status":"ok"}` + "\n"))
	})
	if q.r.face != nil {
		mux.Handle("/", q.r.face)
	}
	return mux
}

// healthy asks both databases something small.
func (q *queue) healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return errors.Join(q.r.reachStore(ctx), q.db.PingContext(ctx))
}

func (r *Runner) reachStore(ctx context.Context) error {
	return r.o.Store.Read(ctx, func(tx store.Tx) error {
		_, err := tx.DueInstances(ctx, time.Time{}, 1)
		return err
	})
}

// quiet is River's logger: its own starts and stops are no news of ours.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(least{log.Handler()}) }

// least passes on warnings and errors only.
type least struct{ slog.Handler }

func (l least) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && l.Handler.Enabled(ctx, level)
}

func (l least) WithAttrs(attrs []slog.Attr) slog.Handler { return least{l.Handler.WithAttrs(attrs)} }
func (l least) WithGroup(name string) slog.Handler       { return least{l.Handler.WithGroup(name)} }
