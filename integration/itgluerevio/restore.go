package itgluerevio

import (
	"cmp"
	"context"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// RestoreInput names a value that the sync replaced.
type RestoreInput struct {
	ID     string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The asset that was written."`
	Side   string `json:"side,omitempty" jsonschema:"enum=left,enum=right" jsonschema_description:"right is Rev.io (the default), left is IT Glue."`
	Field  string `json:"field" jsonschema:"minLength=1" jsonschema_description:"The field, such as name or ipAddress."`
	DryRun bool   `json:"dryRun,omitempty" jsonschema_description:"Only show what would be put back."`
}

// Restored is a value that was put back.
type Restored struct {
	ID     string `json:"id"`
	Side   string `json:"side"`
	Field  string `json:"field"`
	Was    string `json:"was" jsonschema_description:"What the field held before this."`
	Now    string `json:"now" jsonschema_description:"What was put back."`
	DryRun bool   `json:"dryRun"`
}

// restoreAsset puts back the value that the sync last replaced. The other side
// keeps its own; the two are in step as they are, until either changes.
func (k keeper) restoreAsset() component.Callable {
	return component.Func(flow("assets.restore", "Put back the value that the sync last replaced in a field of an asset; the other side keeps its own."),
		func(ctx context.Context, s *component.Session, in RestoreInput) (Restored, error) {
			side := reconcile.Side(cmp.Or(in.Side, "right"))
			o, err := k.overwritten(ctx, s, side, in)
			if err != nil {
				return Restored{}, err
			}
			out := Restored{ID: in.ID, Side: string(side), Field: in.Field, Was: o.Set, Now: o.Was, DryRun: in.DryRun}
			if in.DryRun {
				return out, nil
			}
			c, err := k.newCycle(ctx, s)
			if err != nil {
				return Restored{}, err
			}
			if err := c.Restore(ctx, o); err != nil {
				return Restored{}, err
			}
			return out, k.decide(ctx, s, "assets.restore", "asset "+in.ID, map[string]string{"side": string(side), "field": in.Field}, func(store.Tx) error { return nil })
		})
}

// overwritten finds the newest value that the sync replaced in a field.
func (k keeper) overwritten(ctx context.Context, s *component.Session, side reconcile.Side, in RestoreInput) (found store.Overwrite, err error) {
	err = k.read(ctx, func(tx store.Tx) error {
		all, err := tx.ListOverwrites(ctx, s.Instance, side, in.ID)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Field == in.Field && o.Kind == reconcile.Asset {
				found = o
				return nil
			}
		}
		return component.Errorf(component.NotFound, "the sync replaced no value of %s in the asset %s of %s", in.Field, in.ID, side.Title()).
			Then("Name the side that was written with --side left or --side right.")
	})
	return found, err
}
