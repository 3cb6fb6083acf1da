package cycle

import (
	"context"
	"errors"
	"maps"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// look asks the other system directly for a record that a complete listing did
// not show for the second time.
func (c *Cycle) look(ctx context.Context, l reconcile.Look) (gone string, err error) {
	if l.Side == reconcile.Left {
		a, err := itglue.GetFlexibleAsset.Call(ctx, c.Session, itglue.GetFlexibleAssetInput{ID: l.Record})
		switch {
		case errors.Is(err, component.NotFound):
			return "no longer in IT Glue. Its Rev.io asset is kept, and nothing is written to it", nil
		case err != nil || a.OrganizationID == l.Pair.Owner:
			return "", err
		}
		return "", c.movedAway(ctx, a)
	}
	a, err := revio.GetAsset.Call(ctx, c.Session, revio.ByID{ID: l.Record})
	switch {
	case errors.Is(err, component.NotFound):
		return "no longer in Rev.io. It is not created again; nothing is written to IT Glue because of it", nil
	case err == nil && a.CustomerID != l.Customer:
		return "another customer's in Rev.io now. It is paused, and nothing is created in its place", nil
	}
	return "", err
}

// movedAway remembers that an asset belongs to another organization now.
func (c *Cycle) movedAway(ctx context.Context, a itglue.FlexibleAsset) error {
	return c.write(ctx, func(tx store.Tx) error {
		return tx.SaveRecords(ctx, c.Instance, []store.Stored{{Side: reconcile.Left, Run: c.runID(), Record: reconcile.Record{ID: a.ID, Owner: a.OrganizationID, Type: a.TypeID, Name: a.Name, Fields: reconcile.Fields{}}}})
	})
}

func (c *Cycle) lookAt(ctx context.Context, l reconcile.Look) error {
	gone, err := c.look(ctx, l)
	if err != nil {
		return err
	}
	return c.write(ctx, func(tx store.Tx) error {
		pairs, err := tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: l.Pair.Kind, Left: []string{l.Pair.Left}})
		if err != nil || len(pairs) == 0 {
			return err
		}
		p := pairs[0]
		if gone == "" {
			p.Absent = maps.Clone(p.Absent) // it is there after all: count again
			delete(p.Absent, l.Side)
		} else {
			p.Gone = maps.Clone(p.Gone)
			if p.Gone == nil {
				p.Gone = map[reconcile.Side]string{}
			}
			p.Gone[l.Side] = gone
		}
		return tx.SavePair(ctx, c.Instance, p)
	})
}
