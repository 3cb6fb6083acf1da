package sim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// process is one process of ours: what it holds in memory is lost with it.
type process struct {
	store   *fenced
	runner  *runner.Runner
	catalog *component.Catalog
	wire    *wire
	dead    atomic.Bool
}

// crash is the end of a process at a named point.
type crash struct{ point string }

// body is our definition over whichever store is open. It takes long to make
// and holds nothing, so that one serves many processes, one after another.
type body struct {
	store.Store // of the process that lives
	hook        func(point string)
	definition  integration.Definition
	disk        bytes.Buffer // what was last read of the disk
}

func newBody() *body {
	b := &body{}
	b.definition = itgluerevio.Options{Store: b, Hook: func(point string) { b.hook(point) }}.Define()
	return b
}

func (b *body) enter(s store.Store, hook func(string)) { b.Store, b.hook = s, hook }

// start opens the database in a new process.
func (w *World) start() { w.ours = w.open() }

func (w *World) open() *process {
	p := &process{}
	db, err := sqlstore.OpenSQLite(context.Background(), w.path(), sqlstore.Options{})
	if err != nil {
		panic(fmt.Sprintf("seed %d: the database does not open: %v", w.Seed, err))
	}
	p.store = &fenced{Store: db, world: w}
	w.changed()
	p.wire = &wire{world: w, process: p}
	host := w.host(p.wire)
	w.enter(p)
	p.runner = runner.New(runner.Options{Store: p.store, Host: host, Definition: w.body.definition, DatabasePath: w.path(), Log: host.Log, Lease: 90 * time.Second, Sweep: 30 * time.Second})
	p.catalog = p.runner.Catalog()
	return p
}

// enter has a process be the one that works.
func (w *World) enter(p *process) {
	w.body.enter(p.store, func(point string) { w.atPoint(p, point) })
}

// die ends a process: its requests go nowhere, and it reaches the database no
// more. What it asked of the vendors goes on there.
func (p *process) die() {
	if !p.dead.Swap(true) {
		_ = p.store.Close()
	}
}

func (p *process) isDead() bool { return p.dead.Load() }

func (p *process) stop() { p.die() }

// restart starts a new process on the same database.
func (w *World) restart() {
	w.trace.add("restart")
	w.mu.Lock()
	w.steps++
	w.fired["restart"]++
	w.mu.Unlock()
	w.start()
}

// atPoint is called at the points around every write.
func (w *World) atPoint(p *process, point string) {
	w.mu.Lock()
	w.asked["point "+point]++
	n := w.asked["point "+point]
	ends := !w.quiet && !p.isDead() && !w.Profile.leavesOut(point) && chance(w.dice.on("crashes", fmt.Sprint(point, n)), w.Profile.CrashRate)
	if ends {
		w.points[point]++
		w.fired["crash"]++
	}
	w.mu.Unlock()
	if p.isDead() || ends {
		if ends {
			w.trace.add("CRASH at %s", point)
		}
		p.die()
		panic(crash{point})
	}
	w.comesBetween(p, point, n)
}

// accepted gives the organizations with an accepted link, and their customers.
func (w *World) accepted() map[string]string {
	w.mu.Lock()
	known := w.linked
	w.mu.Unlock()
	if known != nil {
		return known
	}
	all := map[string]string{}
	for _, l := range w.links() {
		if l.State == store.Accepted && l.Customer != nil {
			all[l.ID] = l.Customer.ID
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.linked = all
	return all
}

// relink has the accepted links read again.
func (w *World) relink() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.linked = nil
}

func (w *World) links() []store.Link {
	return w.keptLinks.get(w, func() (links []store.Link) {
		w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
			links, _, err = tx.ListLinks(ctx, instance, store.LinkQuery{})
			return err
		})
		return links
	})
}

// read reads the store; of a dead process it reads nothing.
func (w *World) read(f func(ctx context.Context, tx store.Tx, instance string) error) {
	ctx := context.Background()
	err := w.ours.store.Read(ctx, func(tx store.Tx) error {
		id, err := w.instanceIn(ctx, tx)
		if err != nil {
			return err
		}
		return f(ctx, tx, id)
	})
	if err != nil && !w.ours.isDead() && component.CodeOf(err) != component.NotFound {
		panic(fmt.Sprintf("seed %d: the store cannot be read: %v", w.Seed, err))
	}
}

// instanceIn gives the id of the instance, looked up once after each change.
func (w *World) instanceIn(ctx context.Context, tx store.Tx) (string, error) {
	w.mu.Lock()
	id := w.instance
	w.mu.Unlock()
	if id != "" {
		return id, nil
	}
	in, err := tx.Instance(ctx, instanceName)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.instance = in.ID
	return in.ID, err
}

// files gives everything in the data folder, as it lies there, until it is
// called again.
func (w *World) files() []byte {
	all := &w.body.disk
	all.Reset()
	for _, end := range []string{"", "-wal", "-shm"} {
		f, err := os.Open(w.path() + end)
		if err != nil {
			continue
		}
		_, err = all.ReadFrom(f)
		if err = errors.Join(err, f.Close()); err != nil {
			panic(fmt.Sprintf("seed %d: the database's file cannot be read: %v", w.Seed, err))
		}
	}
	return all.Bytes()
}
