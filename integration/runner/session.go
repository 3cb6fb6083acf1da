package runner

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Session makes a session of an instance, named by id or name; "" is for actions
// of the host. Its connections read the instance's document at the time they are
// opened. A removed instance is refused with component.NotFound.
func (r *Runner) Session(ctx context.Context, instance, actor string) (*component.Session, error) {
	s := component.NewSession(r.o.Host)
	s.Actor, s.Now = actor, r.o.Now
	if instance == "" {
		return s, nil
	}
	in, err := r.instance(ctx, instance)
	if err != nil {
		return nil, err
	}
	s.Instance = in.ID
	s.Settings = func(ctx context.Context, connection string) (json.RawMessage, error) {
		return r.settings(ctx, in.ID, connection)
	}
	return s, nil
}

// OnlyInstance gives the id of the instance when there is just one: what a
// command means that names none. Otherwise it fails with component.InvalidInput
// and names them.
func (r *Runner) OnlyInstance(ctx context.Context) (string, error) {
	var all []store.Instance
	err := r.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		all, err = tx.ListInstances(ctx)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case len(all) == 1:
		return all[0].ID, nil
	case len(all) == 0:
		return "", component.Errorf(component.InvalidInput, "there is no instance yet").
			Then("Make one, for example with `instance apply FILE`.")
	}
	names := make([]string, len(all))
	for i, in := range all {
		names[i] = in.Name
	}
	return "", component.Errorf(component.InvalidInput, "there are %d instances: %s", len(all), strings.Join(names, ", ")).
		Then("Say which one with --instance NAME.")
}

func (r *Runner) instance(ctx context.Context, idOrName string) (in store.Instance, err error) {
	err = r.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		in, err = tx.Instance(ctx, idOrName)
		return err
	})
	if err == nil && in.Status == store.Removed {
		return in, component.Errorf(component.NotFound, "the instance %s was removed", in.Name).
			Then("Nothing of it was deleted; apply its file again under a new name to go on.")
	}
	return in, err
}

// settings gives the settings of one connection, with its secrets, as the
// document says them now.
func (r *Runner) settings(ctx context.Context, instance, connection string) (settings json.RawMessage, err error) {
	err = r.o.Store.Read(ctx, func(tx store.Tx) error {
		in, err := tx.Instance(ctx, instance)
		if err != nil {
			return err
		}
		document, err := integration.ParseDocument(in.Document)
		if err != nil {
			return err
		}
		settings, err = integration.Settings(document, connection, func(name string) (string, error) {
			return tx.Unseal(ctx, in.ID, name)
		})
		return err
	})
	return settings, err
}
