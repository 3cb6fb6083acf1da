package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// errStopped is why a flow's context ends when a person asked its run to stop.
var errStopped = errors.New("a person asked the run to stop")

// errLost is why a flow's context ends when its lease is lost.
var errLost = errors.New("the lease was lost")

// lease keeps a run's lease while its flow works, and stores how far the work is.
type lease struct {
	r     *Runner
	fence store.Fence
	lose  context.CancelCauseFunc
	quit  chan struct{}
	done  sync.WaitGroup

	mu   sync.Mutex
	at   component.Progress
	said component.Progress // what is stored of it
}

// hold starts renewing a run's lease. The context that it gives ends when ctx
// does, or when the lease is lost.
func (r *Runner) hold(ctx context.Context, run store.Run) (*lease, context.Context) {
	work, lose := context.WithCancelCause(ctx)
	l := &lease{r: r, fence: fence(run), lose: lose, quit: make(chan struct{})}
	l.done.Go(func() { l.keep(context.WithoutCancel(ctx), run.Until) })
	return l, work
}

// keep renews until quit. It goes on after a stop was asked for, as the flow may
// still carry out its current write.
func (l *lease) keep(ctx context.Context, until time.Time) {
	every, renewed := l.r.o.Lease/3, time.Now()
	timer := time.NewTicker(min(every, l.r.o.Progress))
	defer timer.Stop()
	for {
		select {
		case <-l.quit:
			return
		case <-timer.C:
		}
		if time.Since(renewed) < every*9/10 && !l.news() {
			continue
		}
		renewed = time.Now()
		next := l.r.now().Add(l.r.o.Lease)
		err := l.renew(ctx, next)
		switch {
		case err == nil:
			until = next
		case errors.Is(err, store.ErrStopped):
			until = next
			l.lose(errStopped) // the lease is kept until the flow has finished its current write
		case errors.Is(err, store.ErrFenced) || l.r.now().After(until):
			l.lose(errLost)
			return
		default:
			l.r.log.Warn("the lease could not be renewed; trying again", "run", l.fence.Run, "error", err)
		}
	}
}

func (l *lease) renew(ctx context.Context, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, l.r.o.Lease)
	defer cancel()
	stage, counts := l.unsaid()
	stop := false
	err := l.r.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		err := tx.RenewRun(ctx, l.fence, until, stage, counts)
		stop = errors.Is(err, store.ErrStopped)
		if stop {
			return nil // the lease is renewed all the same
		}
		return err
	})
	if err == nil && stop {
		return store.ErrStopped
	}
	return err
}

// news says whether there is progress that is not stored.
func (l *lease) news() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at != l.said
}

// unsaid gives the progress that is not stored yet, and nothing where there is
// none. A renewal that fails is made up for by the next progress, or the end.
func (l *lease) unsaid() (stage string, counts map[string]int) {
	if !l.news() {
		return "", nil
	}
	stage, counts = l.progress()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = component.Progress{Stage: stage, Done: counts["done"], Total: counts["total"]}
	return stage, counts
}

// report notes how far the work is; the next renewal stores it.
func (l *lease) report(p component.Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = p
}

func (l *lease) progress() (stage string, counts map[string]int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at.Stage, map[string]int{"done": l.at.Done, "total": l.at.Total}
}

// release stops renewing and says whether the lease was lost on the way.
func (l *lease) release(work context.Context) (lost bool) {
	close(l.quit)
	l.done.Wait()
	lost = errors.Is(context.Cause(work), errLost)
	l.lose(nil)
	return lost
}

func fence(run store.Run) store.Fence { return store.Fence{Run: run.ID, Epoch: run.Epoch} }
