package cycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// carryOut does what a plan says for one link: first what needs no request,
// then the direct looks, then one write after another. Before each write the
// link is looked up again, as a person may have rejected it meanwhile.
func (c *Cycle) carryOut(ctx context.Context, l store.Link, plan *reconcile.Plan) error {
	if err := c.settlePairs(ctx, plan.Pairs); err != nil {
		return err
	}
	for _, look := range plan.Look {
		if err := c.lookAt(ctx, look); err != nil {
			return err
		}
	}
	for _, op := range plan.Ops {
		if err := ctx.Err(); err != nil {
			return component.Errorf(component.Unavailable, "the run was interrupted before the next write; what was written is settled: %w", err)
		}
		if why, err := c.paused(ctx, l.ID); err != nil {
			return err
		} else if why != "" {
			c.note("%s: %s; its remaining writes were not carried out.", l.Organization.Name, why)
			return nil
		}
		held, err := c.op(ctx, l, op)
		if err != nil {
			return err
		}
		plan.Held = append(plan.Held, held...)
	}
	return nil
}

// op carries out one write. What the other system refuses of this one record is
// held; what concerns the whole connection ends the run.
func (c *Cycle) op(ctx context.Context, l store.Link, op reconcile.Op) ([]reconcile.Held, error) {
	var held []reconcile.Held
	var err error
	switch {
	case op.Create():
		held, err = c.create(ctx, l, op)
	default:
		held, err = c.update(ctx, l, op)
	}
	if err == nil || ends(ctx, err) {
		return held, err
	}
	if component.CodeOf(err) == component.InvalidInput && !op.Create() {
		return c.refused(ctx, l, op, err)
	}
	return append(held, heldOp(op, reconcile.Refused, fmt.Sprintf("%s did not take it: %s", op.Side.Title(), err))), nil
}

// refused deals with an update that the other system did not take. Of several
// fields one may be to blame, so each is offered by itself; a field that is
// refused by itself is counted, and parked when that happens too often.
func (c *Cycle) refused(ctx context.Context, l store.Link, op reconcile.Op, cause error) ([]reconcile.Held, error) {
	if len(op.Set) > 1 {
		var held []reconcile.Held
		for _, f := range sortedKeys(op.Set) {
			if why, err := c.paused(ctx, l.ID); err != nil || why != "" {
				return held, err // the next op says so
			}
			more, err := c.op(ctx, l, op.Only(f))
			if err != nil {
				return held, err
			}
			held = append(held, more...)
		}
		return held, nil
	}
	b, err := c.stored(ctx, op)
	if err != nil {
		return nil, err
	}
	err = c.settlePairs(ctx, []reconcile.Pair{settleFields(b.pair, op, reconcile.Record{Fields: op.Was}, c.sources(b.left.Type))})
	h := heldOp(op, reconcile.Refused, fmt.Sprintf("%s did not take it: %s", op.Side.Title(), cause))
	h.Field = sortedKeys(op.Set)[0]
	return []reconcile.Held{h}, err
}

// heldOp holds what an op is about: the left record of a pair, or the record
// that was to be made on the other side.
func heldOp(op reconcile.Op, code reconcile.Reason, text string) reconcile.Held {
	h := reconcile.Held{Side: reconcile.Left, Kind: op.Kind, Record: op.Source, Name: op.Name, Code: code, Text: text}
	if op.Side == reconcile.Left {
		h.Record = op.Record
		if op.Create() {
			h.Side, h.Record = reconcile.Right, op.Source
		}
	}
	return h
}

// ends reports whether an error is about more than one record.
func ends(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return true
	}
	if errors.Is(err, itglue.ErrThisRecordOnly) {
		return false
	}
	switch component.CodeOf(err) {
	case component.InvalidInput, component.NotFound, component.Conflict, component.NeedsReview, component.Unsettled:
		return store.IsFenced(err)
	}
	return true
}

// paused says why nothing may be written for a link now, or "".
func (c *Cycle) paused(ctx context.Context, link string) (why string, err error) {
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		in, err := tx.Instance(ctx, c.Instance)
		if err != nil {
			return err
		}
		l, err := tx.Link(ctx, c.Instance, link)
		if err != nil {
			return err
		}
		switch {
		case in.Status == store.Paused || in.Status == store.Removed:
			why = "the instance was paused"
		case l.State != store.Accepted || l.Customer == nil:
			why = "its link is " + string(l.State) + " now"
		case l.Attention != "":
			why = l.Attention
		}
		return nil
	})
	return why, err
}

// settlePairs stores the pairs that are new or whose base moved without a write.
func (c *Cycle) settlePairs(ctx context.Context, pairs []reconcile.Pair) error {
	if len(pairs) == 0 {
		return nil
	}
	return c.write(ctx, func(tx store.Tx) error {
		for _, p := range pairs {
			if err := tx.SavePair(ctx, c.Instance, p); err != nil {
				return err
			}
		}
		return nil
	})
}
