package sim

import (
	"context"
	"sync"

	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// fenced is the database as one process reaches it: not at all while the process
// stands still. It holds I31.
type fenced struct {
	*sqlstore.Store
	world *World
	mu    sync.Mutex
	still chan struct{} // closed when the process goes on; nil: it goes
}

// stand has the process stand still, as a machine that sleeps does, until it is
// told to go on.
func (f *fenced) stand() (goOn func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	still := make(chan struct{})
	f.still = still
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.still = nil
		close(still)
	}
}

func (f *fenced) wait() {
	f.mu.Lock()
	still := f.still
	f.mu.Unlock()
	if still != nil {
		<-still
	}
}

func (f *fenced) Read(ctx context.Context, do func(store.Tx) error) error {
	f.wait()
	return f.Store.Read(ctx, do)
}

func (f *fenced) Write(ctx context.Context, fence store.Fence, do func(store.Tx) error) error {
	f.wait()
	err := f.Store.Write(ctx, fence, do)
	f.world.changed()
	if err == nil && fence.Run != "" {
		f.world.stored(fence)
	}
	return err
}

// stored holds I31: what a run stores that was taken over is refused.
func (w *World) stored(fence store.Fence) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if latest := w.epochs[fence.Run]; fence.Epoch < latest {
		w.breaksLocked("I31: a run stored something at its epoch %d, and was taken over at %d", fence.Epoch, latest)
	}
	w.epochs[fence.Run] = max(fence.Epoch, w.epochs[fence.Run])
}

// takeOver has a process stand still at a point, as one does whose machine
// sleeps, while another process takes its run over and goes through it. Then the
// first one goes on, and does not know.
func (w *World) takeOver(p *process) {
	w.mu.Lock()
	name, in := w.running, w.input
	w.another, w.acted = true, true
	w.steps++
	w.fired["taken over"]++
	w.mu.Unlock()
	w.trace.add("STANDS STILL while another process takes its run over")
	goOn := p.store.stand()
	w.ours = w.open()
	_, err := w.call(name, in)
	w.trace.add("  → the other process: %s", w.ending(nil, err))
	w.ours.die()
	w.ours = p
	w.enter(p)
	goOn()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.another, w.order, w.freshGet = false, nil, map[string]bool{}
	w.linked = nil
	w.trace.add("GOES ON")
}
