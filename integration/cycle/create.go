package cycle

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// clockSkew is how much earlier than its intent a record's created date may be
// and still be its outcome: the clocks differ.
const clockSkew = 5 * time.Minute

// create makes a Rev.io asset. The intent is stored before the request leaves,
// and forgotten in the transaction that stores the pair. Whatever ends the
// process in between, the next run finds the intent and looks before it sends
// again.
func (c *Cycle) create(ctx context.Context, l store.Link, op reconcile.Op) ([]reconcile.Held, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	intent := store.Intent{ID: id.String(), Run: c.runID(), Op: op, Created: c.now(), Sent: c.now()}
	if before, ok := c.refusals[op.ID]; ok {
		intent.ID = before.ID
		if before.Op.Makes(op) {
			intent.Refused, intent.Why = before.Refused, before.Why
		}
	}
	c.point("before-intent")
	if err := c.write(ctx, func(tx store.Tx) error { return tx.SaveIntent(ctx, c.Instance, intent) }); err != nil {
		return nil, err
	}
	c.point("after-intent")
	asset, err := revio.CreateAsset.Call(ctx, c.Session, revio.CreateAssetInput{CustomerID: op.Owner, TypeID: op.Type, Fields: c.revioFields(op), ExternalReference: c.reference(op.Source)})
	c.point("after-create")
	switch {
	case err == nil:
		c.report.Created++
		err := c.settleCreate(ctx, intent, asset, reconcile.ByCreate, l.ID)
		c.point("after-settle")
		return nil, err
	case component.CodeOf(err) == component.Unsettled || ctx.Err() != nil:
		intent.Made = asset.ID
		return c.unclear(ctx, intent, err)
	}
	if kept := c.notCarriedOut(ctx, intent, err); kept != nil {
		return nil, errors.Join(err, kept)
	}
	return nil, err
}

// notCarriedOut closes an intent whose request was certainly not carried out:
// nothing is owed. How often the other system refused it is remembered.
func (c *Cycle) notCarriedOut(ctx context.Context, intent store.Intent, cause error) error {
	if !ends(ctx, cause) {
		intent.Refused, intent.Why = intent.Refused+1, strings.TrimSuffix(cause.Error(), ".")
	}
	intent.Sent, intent.Unclear = time.Time{}, ""
	return c.write(ctx, func(tx store.Tx) error {
		if intent.Refused == 0 {
			return tx.SettleIntent(ctx, c.Instance, intent.ID)
		}
		return tx.SaveIntent(ctx, c.Instance, intent)
	})
}

// unclear keeps an intent whose request may have been carried out. It is stored
// even when the run is being stopped.
func (c *Cycle) unclear(ctx context.Context, intent store.Intent, cause error) ([]reconcile.Held, error) {
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	intent.Unclear = cause.Error()
	if err := c.write(keep, func(tx store.Tx) error { return tx.SaveIntent(keep, c.Instance, intent) }); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, cause
	}
	return []reconcile.Held{heldOp(intent.Op, reconcile.Undecided, c.openText(intent))}, nil
}

func (c *Cycle) revioFields(op reconcile.Op) map[string]string {
	fields := map[string]string{}
	for f, v := range op.Set {
		fields[f] = v
	}
	return fields
}

// reference is the mark that a created asset carries, where the tenant keeps one.
func (c *Cycle) reference(left string) string {
	return "itglue:" + c.Config.Region + ":flexible-asset:" + left
}

// settleCreate stores the pair of a created or adopted asset and forgets the
// intent, in one transaction.
func (c *Cycle) settleCreate(ctx context.Context, intent store.Intent, asset revio.Asset, origin reconcile.Origin, owner string) error {
	op := intent.Op
	right := c.marked(asset)
	left, err := c.leftOf(ctx, op.Source)
	if err != nil {
		return err
	}
	shown := right
	if _, ok := c.maps[left.Type]; ok {
		shown = c.view(left.Type, right)
	}
	p := reconcile.Pair{Kind: reconcile.Asset, Left: op.Source, Right: asset.ID, Owner: owner, Origin: origin, Base: reconcile.Base{}}
	p = settleFields(p, op, shown, c.sources(left.Type))
	if origin == reconcile.ByAdopted {
		p.Base = inStepOnly(p.Base)
	}
	return c.write(ctx, func(tx store.Tx) error {
		if err := tx.SavePair(ctx, c.Instance, p); err != nil {
			return err
		}
		if err := tx.SaveRecords(ctx, c.Instance, []store.Stored{{Record: right, Side: reconcile.Right, Run: c.runID()}}); err != nil {
			return err
		}
		if err := tx.ForgetDecision(ctx, c.Instance, reconcile.Left, op.Source); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return tx.SettleIntent(ctx, c.Instance, intent.ID)
	})
}

// inStepOnly forgets the fields that an adopted asset does not hold as they were
// sent: it was found later, and a person may have edited it since. What differs
// is a first contact.
func inStepOnly(base reconcile.Base) reconcile.Base {
	maps.DeleteFunc(base, func(_ string, h reconcile.Half) bool { return h.Refused > 0 })
	return base
}

func (c *Cycle) sources(leftType string) map[string]string {
	sources := map[string]string{}
	for f, id := range c.Config.Fields[leftType] {
		sources[f] = id
	}
	return sources
}

func (c *Cycle) leftOf(ctx context.Context, id string) (r reconcile.Record, err error) {
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		stored, _, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{Side: reconcile.Left, IDs: []string{id}})
		if err == nil && len(stored) > 0 {
			r = stored[0].Record
		}
		return err
	})
	return r, err
}
