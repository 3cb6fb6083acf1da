package cycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// canaries is how many known records are asked for directly where a listing
// shows none at all.
const canaries = 5

// vouch looks whether a listing without any record is to be believed where there
// was something: it is not while one of the records that were there still is.
func (c *Cycle) vouch(ctx context.Context, in *reconcile.Input) error {
	if in.Resync {
		return nil
	}
	for _, side := range []reconcile.Side{reconcile.Left, reconcile.Right} {
		s, owner, known := &in.Left, in.Organization, []string{}
		if side == reconcile.Right {
			s, owner = &in.Right, in.Customer
		}
		if !s.Complete || len(s.Records) > 0 {
			continue
		}
		for _, p := range in.Pairs {
			if p.Gone[side] == "" && p.Owner == in.Organization && in.Moved[p.Left] == "" {
				known = append(known, p.On(side))
			}
		}
		found, err := c.oneThere(ctx, side, owner, known)
		if err != nil {
			return err
		}
		s.Vouched = found == ""
		if found != "" {
			s.Why = fmt.Sprintf("%s lists no asset at all, and %s is there when it is asked for directly; so the list is not believed. Check that the credentials may list them", side.Title(), found)
		}
	}
	return nil
}

// oneThere asks directly for the first of some records, and names one that is
// still there; "" when none is. What cannot be told counts as there.
func (c *Cycle) oneThere(ctx context.Context, side reconcile.Side, owner string, ids []string) (name string, err error) {
	for _, id := range ids[:min(len(ids), canaries)] {
		name, at := id, owner
		if side == reconcile.Left {
			var a itglue.FlexibleAsset
			a, err = itglue.GetFlexibleAsset.Call(ctx, c.Session, itglue.GetFlexibleAssetInput{ID: id})
			name, at = a.Name, a.OrganizationID
		} else {
			var a revio.Asset
			a, err = revio.GetAsset.Call(ctx, c.Session, revio.ByID{ID: id})
			name, at = a.Fields[reconcile.NameField], a.CustomerID
		}
		switch {
		case errors.Is(err, component.NotFound):
		case err != nil && ends(ctx, err):
			return "", err
		case err != nil:
			return id, nil
		case at == owner:
			return name, nil
		}
	}
	return "", nil
}

// known gives a few of the assets that a customer was seen to have.
func (c *Cycle) known(ctx context.Context, customer string) (ids []string, err error) {
	return ids, c.Store.Read(ctx, func(tx store.Tx) error {
		ids = nil
		stored, _, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{Side: reconcile.Right, Owners: []string{customer}, Limit: canaries})
		for _, s := range stored {
			ids = append(ids, s.ID)
		}
		return err
	})
}
