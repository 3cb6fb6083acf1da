package cycle

import (
	"context"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Restore puts a value back that a write replaced. It is refused when the field
// holds something else by now than the sync wrote: somebody edited it since.
func (c *Cycle) Restore(ctx context.Context, o store.Overwrite) error {
	if err := c.open(ctx, Scope{}); err != nil {
		return err
	}
	if c.dry {
		return component.Errorf(component.NeedsReview, "Production Mode is off, so nothing was put back")
	}
	types, err := c.types(ctx)
	if err != nil {
		return err
	}
	if err := c.resolve(ctx, types); err != nil {
		return err
	}
	b, err := c.pairOf(ctx, o)
	if err != nil {
		return err
	}
	if why, err := c.paused(ctx, b.pair.Owner); err != nil {
		return err
	} else if why != "" {
		return component.Errorf(component.NeedsReview, "%s, so nothing was put back", why)
	}
	if err := c.rereadBoth(ctx, &b); err != nil {
		return err
	}
	op := restoreOp(b, o)
	if op.Was[o.Field] != o.Set {
		return component.Errorf(component.Conflict, "%s of %s was edited since the sync wrote it, so nothing was put back", o.Field, b.left.Name).
			Then("Look at both values, and edit the one that is wrong.")
	}
	again, err := c.writeUpdate(ctx, b, op)
	if err == nil && again {
		err = component.Errorf(component.Conflict, "%s was being edited, so nothing was put back", b.left.Name).Then("Try again.")
	}
	return err
}

// restoreOp writes the old value back on the side that was written.
func restoreOp(b both, o store.Overwrite) reconcile.Op {
	to, from := b.right, b.left
	if o.Side == reconcile.Left {
		to, from = b.left, b.right
	}
	return reconcile.Op{ID: "restore:" + o.ID, Side: o.Side, Kind: reconcile.Asset, Record: to.ID, Owner: to.Owner, Type: to.Type, Source: from.ID, Name: b.left.Name,
		Set: reconcile.Fields{o.Field: o.Was}, Was: reconcile.Fields{o.Field: to.Fields[o.Field]}, From: reconcile.Fields{o.Field: from.Fields[o.Field]},
		Why: map[string]string{o.Field: "put back by a person"}}
}

// pairOf gives the linked asset that a value was replaced in.
func (c *Cycle) pairOf(ctx context.Context, o store.Overwrite) (b both, err error) {
	q := store.PairQuery{Kind: reconcile.Asset, Right: []string{o.Record}}
	if o.Side == reconcile.Left {
		q = store.PairQuery{Kind: reconcile.Asset, Left: []string{o.Record}}
	}
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		pairs, err := tx.ListPairs(ctx, c.Instance, q)
		if err != nil {
			return err
		}
		if len(pairs) == 0 {
			return component.Errorf(component.Conflict, "the asset %s is no longer linked, so nothing was put back", o.Record)
		}
		b.pair = pairs[0]
		return nil
	})
	return b, err
}

// rereadBoth reads both sides of a linked asset.
func (c *Cycle) rereadBoth(ctx context.Context, b *both) error {
	b.left.ID, b.right.ID = b.pair.Left, b.pair.Right
	if err := c.reread(ctx, b, reconcile.Left); err != nil {
		return err
	}
	return c.reread(ctx, b, reconcile.Right)
}
