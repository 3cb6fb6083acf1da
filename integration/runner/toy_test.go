package runner_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// patience is how long a test waits for what must happen. It is no measure of
// anything: a test that meets it has failed.
const patience = 30 * time.Second

type workIn struct {
	Fail string `json:"fail,omitempty"` // the code to fail with
	Wait bool   `json:"wait,omitempty"` // until the toy is opened
}

type workOut struct {
	Calls int `json:"calls"`
}

// toy is an integration whose flows do what their input says, and count.
type toy struct {
	calls, working, most atomic.Int64
	open                 chan struct{} // closed: waiting flows go on
	entered              chan string   // the actor of each call
	fail                 atomic.Pointer[component.Error]
	lost                 atomic.Int64 // contexts that ended under a flow
	every                time.Duration
}

func newToy() *toy { return &toy{open: make(chan struct{}), entered: make(chan string, 100)} }

func (y *toy) work(ctx context.Context, s *component.Session, in workIn) (workOut, error) {
	calls := y.calls.Add(1)
	now := y.working.Add(1)
	defer y.working.Add(-1)
	for {
		most := y.most.Load()
		if now <= most || y.most.CompareAndSwap(most, now) {
			break
		}
	}
	s.Report("working", int(calls), 0)
	y.entered <- s.Actor
	if in.Wait {
		select {
		case <-y.open:
		case <-ctx.Done():
			y.lost.Add(1)
			return workOut{}, ctx.Err()
		}
	}
	if in.Fail != "" {
		return workOut{}, component.Errorf(component.Code(in.Fail), "the toy failed as told")
	}
	if e := y.fail.Load(); e != nil {
		return workOut{}, e
	}
	return workOut{Calls: int(calls)}, nil
}

func (y *toy) definition() integration.Definition {
	spec := func(name string) component.Spec {
		return component.Spec{Name: name, Summary: "It does what a test wants.", Effect: component.Writes, Access: component.Operate}
	}
	secret := spec("toy.secret")
	secret.Sensitive = true
	work := component.Func(spec("toy.work"), y.work)
	outer := component.Func(spec("toy.outer"), func(ctx context.Context, s *component.Session, in workIn) (workOut, error) {
		return work.Call(ctx, s, in)
	})
	return integration.Definition{Name: "toy", Title: "Toy", Flows: []integration.Flow{
		{Callable: work, Every: y.every, Unattended: json.RawMessage(`{"wait":true}`)},
		{Callable: outer, Uses: []component.Callable{work}},
		{Callable: component.Func(secret, y.work)},
		{Callable: component.Func(spec("toy.panic"), func(context.Context, *component.Session, workIn) (workOut, error) { panic("as told") })},
		{Callable: component.Func(spec("toy.direct"), y.work), Direct: true},
	}}
}

// bench is a runner over a store of its own, with one active instance.
type bench struct {
	*runner.Runner
	t        *testing.T
	toy      *toy
	store    store.Store
	instance store.Instance
	options  runner.Options
	served   *runner.Runner // the last one that serves
}

func newBench(t *testing.T, y *toy) *bench {
	path := filepath.Join(t.TempDir(), "toy.db")
	return benchAt(t, y, path)
}

func benchAt(t *testing.T, y *toy, path string) *bench {
	s, err := sqlstore.OpenSQLite(t.Context(), path, sqlstore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	b := &bench{t: t, toy: y, store: s}
	b.options = runner.Options{
		Store: s, Host: &component.Host{}, Definition: y.definition(), DatabasePath: path,
		Lease: 3 * time.Second, Sweep: 40 * time.Millisecond, Tick: 40 * time.Millisecond, Retry: time.Millisecond,
	}
	b.Runner = runner.New(b.options)
	return b
}

// install makes an active instance that is not due for a long time.
func (b *bench) install(name string) store.Instance {
	in := store.Instance{Name: name, Status: store.Active, RunAs: "sync@" + name, NextDue: time.Now().Add(1000 * time.Hour)}
	b.write(func(tx store.Tx) (err error) {
		in, err = tx.SaveInstance(b.t.Context(), in)
		return err
	})
	b.instance = in
	return in
}

func (b *bench) write(f func(store.Tx) error) {
	require.NoError(b.t, b.store.Write(context.Background(), store.Fence{}, f))
}

func (b *bench) session(actor string) *component.Session {
	s, err := b.Session(context.Background(), b.instance.ID, actor)
	require.NoError(b.t, err)
	return s
}

func (b *bench) invoke(ctx context.Context, name, input string) (json.RawMessage, error) {
	return b.Catalog().Invoke(ctx, b.session("os:ana"), name, json.RawMessage(input))
}

func (b *bench) runs() (all []store.Run) {
	require.NoError(b.t, b.store.Read(context.Background(), func(tx store.Tx) (err error) {
		all, err = tx.ListRuns(context.Background(), b.instance.ID, 100)
		return err
	}))
	return all
}

func (b *bench) reread() (in store.Instance) {
	require.NoError(b.t, b.store.Read(context.Background(), func(tx store.Tx) (err error) {
		in, err = tx.Instance(context.Background(), b.instance.ID)
		return err
	}))
	return in
}

// serve runs Serve until stop is called, which waits for its end.
func (b *bench) serve(change func(*runner.Options)) (address string, stop func() error) {
	o := b.options
	ready := make(chan string, 1)
	o.Ready = func(address string) { ready <- address }
	if change != nil {
		change(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	b.served = runner.New(o)
	go func(r *runner.Runner) { ended <- r.Serve(ctx) }(b.served)
	stop = func() error {
		cancel()
		err := <-ended
		ended <- err
		return err
	}
	b.t.Cleanup(func() { _ = stop() })
	select {
	case address = <-ready:
	case err := <-ended:
		require.NoError(b.t, err)
	case <-time.After(patience):
		b.t.Fatal("Serve was never ready")
	}
	return address, stop
}

// eventually waits for a condition that must come true.
func (b *bench) eventually(why string, condition func() bool) {
	b.t.Helper()
	require.Eventually(b.t, condition, patience, 5*time.Millisecond, why)
}

// entering waits for the next call of the toy, and gives its actor.
func (b *bench) entering() string {
	b.t.Helper()
	select {
	case actor := <-b.toy.entered:
		return actor
	case <-time.After(patience):
		b.t.Fatal("the flow was never called")
		return ""
	}
}
