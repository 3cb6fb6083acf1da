package cycle

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/match"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// replans is how often one record is planned again because it moved between the
// plan and the write.
const replans = 2

// both is a linked asset as both sides show it.
type both struct {
	pair        reconcile.Pair
	left, right reconcile.Record // right in the canonical form of the left type's mapping
	raw         reconcile.Fields // right as Rev.io shows it
}

// update writes a linked asset on one side. The connectors read the written
// record fresh and refuse to write it when it moved; where a value is emptied
// the other side is looked at, too. If either moved since the plan, that record
// is planned again.
func (c *Cycle) update(ctx context.Context, l store.Link, op reconcile.Op) ([]reconcile.Held, error) {
	b, err := c.stored(ctx, op)
	if err != nil {
		return nil, err
	}
	for try := range replans {
		if try > 0 {
			if why, err := c.paused(ctx, l.ID); err != nil || why != "" {
				return nil, err // the next op says so
			}
		}
		moved, err := c.confirm(ctx, &b, op)
		if err != nil {
			return nil, err
		}
		if !moved {
			again, err := c.writeUpdate(ctx, b, op)
			if err != nil || !again {
				return nil, err
			}
			if err := c.reread(ctx, &b, op.Side); err != nil {
				return nil, err
			}
		}
		m := reconcile.Merge(b.pair, b.left, b.right, c.fields(c.maps[b.left.Type]), usableSerial)
		next, ok := opFor(op.Side, reconcile.Ops(b.pair, b.left, b.right, m))
		if !ok {
			return m.Held, nil
		}
		op = next
	}
	return []reconcile.Held{heldOp(op, reconcile.InConflict, "it was being edited while the sync looked at it; the next cycle tries again")}, nil
}

func usableSerial(raw string) bool { _, ok := match.Serial(raw); return ok }

func opFor(side reconcile.Side, ops []reconcile.Op) (reconcile.Op, bool) {
	for _, o := range ops {
		if o.Side == side {
			return o, true
		}
	}
	return reconcile.Op{}, false
}

// stored gives the linked asset of an op as the store knows it now.
func (c *Cycle) stored(ctx context.Context, op reconcile.Op) (b both, err error) {
	left, right := op.Record, op.Source
	if op.Side == reconcile.Right {
		left, right = op.Source, op.Record
	}
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		pairs, err := tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: reconcile.Asset, Left: []string{left}})
		if err != nil {
			return err
		}
		if len(pairs) == 0 || pairs[0].Right != right {
			return component.Errorf(component.Conflict, "the link of %s was changed meanwhile", op.Name)
		}
		b.pair = pairs[0]
		for side, id := range map[reconcile.Side]string{reconcile.Left: left, reconcile.Right: right} {
			stored, _, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{Side: side, IDs: []string{id}})
			if err != nil {
				return err
			}
			if len(stored) == 0 {
				return component.Errorf(component.Conflict, "%s is no longer stored", op.Name)
			}
			if side == reconcile.Left {
				b.left = stored[0].Record
			} else {
				b.right = stored[0].Record
			}
		}
		return nil
	})
	if err == nil {
		b.raw = b.right.Fields
		b.right = c.view(b.left.Type, b.right)
	}
	return b, err
}

// reread reads the side again that a write found changed.
func (c *Cycle) reread(ctx context.Context, b *both, side reconcile.Side) (err error) {
	if side == reconcile.Left {
		b.left, err = c.freshLeft(ctx, b.left.ID)
		return err
	}
	return c.freshRight(ctx, b)
}

// confirm looks directly at the side whose value is empty, where an op empties
// the other one for it. It reports whether it holds something else by now.
func (c *Cycle) confirm(ctx context.Context, b *both, op reconcile.Op) (moved bool, err error) {
	for _, v := range op.Set {
		if v != "" {
			continue
		}
		if err := c.reread(ctx, b, op.Side.Other()); err != nil {
			return false, err
		}
		from := b.left.Fields
		if op.Side == reconcile.Left {
			from = b.right.Fields
		}
		return differs(op.From, from), nil
	}
	return false, nil
}

func differs(expected, now reconcile.Fields) bool {
	for f, v := range expected {
		if have, shown := now[f]; !shown || have != v {
			return true
		}
	}
	return false
}

func (c *Cycle) freshRight(ctx context.Context, b *both) error {
	a, err := revio.GetAsset.Call(ctx, c.Session, revio.ByID{ID: b.right.ID})
	if err != nil {
		return err
	}
	r := rightRecord(a)
	b.raw, b.right = r.Fields, c.view(b.left.Type, r)
	return nil
}

func (c *Cycle) freshLeft(ctx context.Context, id string) (reconcile.Record, error) {
	a, err := itglue.GetFlexibleAsset.Call(ctx, c.Session, itglue.GetFlexibleAssetInput{ID: id})
	if err != nil {
		return reconcile.Record{}, err
	}
	return c.leftRecord(a), nil
}

// writeUpdate sends an op and settles it. Again is true when the record moved
// since it was read: it was not written.
func (c *Cycle) writeUpdate(ctx context.Context, b both, op reconcile.Op) (again bool, err error) {
	var got store.Stored
	if err := c.replacing(ctx, op); err != nil {
		return false, err
	}
	c.point("before-update")
	if op.Side == reconcile.Left {
		got, err = c.updateLeft(ctx, b, op)
	} else {
		got, err = c.updateRight(ctx, b, op)
	}
	c.point("after-update")
	if errors.Is(err, component.Conflict) && !store.IsFenced(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if op.Side == reconcile.Left {
		c.report.ToITGlue++
	} else {
		c.report.ToRevio++
	}
	return false, c.settleUpdate(ctx, b, op, got)
}

func (c *Cycle) updateLeft(ctx context.Context, b both, op reconcile.Op) (store.Stored, error) {
	m := c.maps[b.left.Type]
	set := map[string]json.RawMessage{}
	for f, v := range op.Set {
		key, value, err := m.Trait(f, v)
		if err != nil {
			return store.Stored{}, component.Errorf(component.InvalidInput, "%s cannot be written to IT Glue: %w", revio.FieldTitle(f), err)
		}
		set[key] = value
	}
	at := time.UnixMilli(b.left.Updated).UTC()
	out, err := itglue.UpdateFlexibleAsset.Call(ctx, c.Session, itglue.UpdateFlexibleAssetInput{ID: b.left.ID, Set: set, UnlessChangedSince: &at, AllowFiles: b.left.ReadOnly == ""})
	return store.Stored{Record: c.leftRecord(out.Asset), Side: reconcile.Left, Run: c.runID()}, err
}

func (c *Cycle) updateRight(ctx context.Context, b both, op reconcile.Op) (store.Stored, error) {
	m := c.maps[b.left.Type]
	set, was := map[string]string{}, map[string]string{}
	for f, v := range op.Set {
		set[f], was[f] = v, b.raw[f]
		if f != reconcile.NameField {
			set[f] = m.Revio(f, v)
		}
	}
	out, err := revio.UpdateAsset.Call(ctx, c.Session, revio.UpdateAssetInput{ID: b.right.ID, Set: set, Was: was})
	return store.Stored{Record: c.marked(out), Side: reconcile.Right, Run: c.runID()}, err
}

// settleUpdate moves the base to what the read-back showed.
func (c *Cycle) settleUpdate(ctx context.Context, b both, op reconcile.Op, got store.Stored) error {
	shown := got.Record
	if op.Side == reconcile.Right {
		shown = c.view(b.left.Type, shown)
	}
	sources := map[string]string{}
	for _, f := range c.fields(c.maps[b.left.Type]) {
		sources[f.Name] = f.Source
	}
	return c.write(ctx, func(tx store.Tx) error {
		pairs, err := tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: reconcile.Asset, Left: []string{b.left.ID}})
		if err != nil || len(pairs) == 0 || pairs[0].Right != b.right.ID {
			return err
		}
		p := settleFields(pairs[0], op, shown, sources)
		if err := tx.SavePair(ctx, c.Instance, p); err != nil {
			return err
		}
		return tx.SaveRecords(ctx, c.Instance, []store.Stored{got})
	})
}

// settleFields moves the halves of the fields that an op wrote. A field that the
// read-back does not show says nothing, so its half stays. A person's choice is
// used up once it was taken.
func settleFields(p reconcile.Pair, op reconcile.Op, shown reconcile.Record, sources map[string]string) reconcile.Pair {
	if p.Base == nil {
		p.Base = reconcile.Base{}
	}
	for f, want := range op.Set {
		got, says := shown.Fields[f]
		if !says {
			continue
		}
		before := p.Base[f]
		p.Base[f] = reconcile.AfterWrite(before, op.Side, sources[f], op.From[f], want, got).Turned(before, shown.Updated)
		if got == want {
			delete(p.Choice, f)
		}
	}
	return p
}

// replacing remembers the values that a write is about to replace, so that they
// can be put back. It comes before the write: the process may end after it, or
// the read-back fail, and the next run finds both sides in step. The same
// replacement tried again is one line; one that was refused does no harm, as
// nothing is put back where the field does not hold what the sync wrote.
func (c *Cycle) replacing(ctx context.Context, op reconcile.Op) error {
	var all []store.Overwrite
	for _, f := range sortedKeys(op.Set) {
		if op.Was[f] == "" || op.Was[f] == op.Set[f] {
			continue
		}
		what := strings.Join([]string{string(op.Side), string(op.Kind), op.Record, f, op.Was[f], op.Set[f]}, "\x00")
		all = append(all, store.Overwrite{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(what)).String(), Run: c.runID(), At: c.now(), Side: op.Side,
			Kind: op.Kind, Record: op.Record, Field: f, Was: op.Was[f], Set: op.Set[f], Why: op.Why[f]})
	}
	if len(all) == 0 {
		return nil
	}
	return c.write(ctx, func(tx store.Tx) error {
		for _, o := range all {
			if err := tx.SaveOverwrite(ctx, c.Instance, o); err != nil {
				return err
			}
		}
		return nil
	})
}
