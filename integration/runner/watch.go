package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// watch lets the definition look after each instance. What it looks for, and
// whom it tells, the runner does not know. One that fails does not keep the
// others from being looked after.
func (r *Runner) watch(ctx context.Context) error {
	if r.o.Definition.Watch == nil {
		return nil
	}
	var all []store.Instance
	err := r.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		all, err = tx.ListInstances(ctx)
		return err
	})
	for _, in := range all {
		if ctx.Err() == nil {
			err = errors.Join(err, r.watchOne(ctx, in))
		}
	}
	return err
}

func (r *Runner) watchOne(ctx context.Context, in store.Instance) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("the watch panicked", "instance", in.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = component.Errorf(component.Internal, "the watch over %s broke off through a defect", in.Name)
		}
	}()
	s, err := r.Session(ctx, in.ID, "service:watch")
	if err != nil {
		return err
	}
	if err := r.o.Definition.Watch(ctx, s); err != nil {
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	return nil
}
