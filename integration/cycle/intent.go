package cycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// settleIntents looks at the creates whose outcome is not known. Before the
// quiet window ends the request may still be carried out, so they wait; then
// what is found is adopted, and what is not there is planned anew.
func (c *Cycle) settleIntents(ctx context.Context) error {
	var open []store.Intent
	err := c.Store.Read(ctx, func(tx store.Tx) (err error) {
		open, err = tx.ListIntents(ctx, c.Instance)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.dated(ctx, open); err != nil {
		return err
	}
	for _, in := range open {
		if c.now().Before(c.quietUntil(in)) {
			continue
		}
		if !in.UnderWay() {
			if err := c.forgetRefused(ctx, in); err != nil {
				return err
			}
			continue
		}
		if in.Parked != "" {
			settled, err := c.settleParked(ctx, in)
			if err != nil {
				return err
			}
			if settled || in.Made == "" {
				continue
			}
		}
		standing, err := c.standing(ctx, in)
		switch {
		case err != nil:
		case standing == waits:
			continue
		case standing == void:
			err = c.write(ctx, func(tx store.Tx) error { return tx.SettleIntent(ctx, c.Instance, in.ID) })
		case in.Op.Kind == reconcile.Organization:
			err = c.settleOrganization(ctx, in)
		case in.Op.Side == reconcile.Left:
			err = c.settleLeftAsset(ctx, in)
		default:
			err = c.settleAsset(ctx, in)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dated lets the quiet window of creates begin now that were sent later than
// now: this computer's clock was set back since, and would let them wait for as
// long as it was wrong.
func (c *Cycle) dated(ctx context.Context, open []store.Intent) error {
	for i := range open {
		if !open[i].Sent.After(c.now().Add(clockSkew)) {
			continue
		}
		open[i].Sent = c.now()
		if err := c.write(ctx, func(tx store.Tx) error { return tx.SaveIntent(ctx, c.Instance, open[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// forgetRefused forgets a refused create once its record is linked otherwise.
func (c *Cycle) forgetRefused(ctx context.Context, in store.Intent) error {
	return c.write(ctx, func(tx store.Tx) error {
		linked, err := tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: reconcile.Asset, Left: []string{in.Op.Source}})
		if err != nil || len(linked) == 0 {
			return err
		}
		return tx.SettleIntent(ctx, c.Instance, in.ID)
	})
}

// settleParked forgets a create that waits for a person, once they said that it
// is none of what was found, or was not carried out: the asset is planned anew.
func (c *Cycle) settleParked(ctx context.Context, in store.Intent) (settled bool, err error) {
	err = c.write(ctx, func(tx store.Tx) error {
		said, err := tx.ListDecisions(ctx, c.Instance, reconcile.Left, []string{in.Op.Source})
		if err != nil || in.Op.Kind != reconcile.Asset || in.Op.Side != reconcile.Right || len(said) == 0 || said[0].Verb != "create" {
			return err
		}
		settled = true
		return tx.SettleIntent(ctx, c.Instance, in.ID)
	})
	return settled, err
}

// The standings of an unclear create: its outcome may be looked up; it waits, as
// its link is not accepted now and nothing of it may be read; it is void, as the
// organization is another customer by now, and what was made there stays there.
const (
	looked = iota
	waits
	void
)

// standing says what may be done about an unclear create.
func (c *Cycle) standing(ctx context.Context, in store.Intent) (standing int, err error) {
	if in.Op.Kind == reconcile.Organization {
		return looked, nil
	}
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		l, err := tx.Link(ctx, c.Instance, in.Op.Home)
		customer := in.Op.Owner
		if in.Op.Side == reconcile.Left {
			customer = in.Customer
		}
		switch {
		case err != nil:
			return err
		case l.State != store.Accepted || l.Customer == nil:
			standing = waits
		case in.Op.Side == reconcile.Left && !slices.Contains(c.Config.TypeIDs, in.Op.Type):
			standing = waits // nothing of a type is read that is not selected
		case customer != "" && l.Customer.ID != customer:
			standing = void
		}
		return nil
	})
	return standing, err
}

func (c *Cycle) quietUntil(in store.Intent) time.Time {
	if in.Op.Side == reconcile.Left {
		return in.Sent.Add(c.itglue.QuietWindow())
	}
	return in.Sent.Add(c.revio.QuietWindow())
}

func (c *Cycle) settleAsset(ctx context.Context, in store.Intent) error {
	if in.Made != "" {
		return c.settleMade(ctx, in)
	}
	found, doubt, unknown, err := c.outcome(ctx, in)
	if err != nil {
		return err
	}
	c.point("after-look-up")
	if unknown != "" { // it stays open; the others go on
		c.note("%s, so it is not known whether %s was created.", unknown, in.Op.Name)
		_, err := c.settleParked(ctx, in)
		return err
	}
	switch {
	case len(found) == 0:
		return c.write(ctx, func(tx store.Tx) error { return tx.SettleIntent(ctx, c.Instance, in.ID) })
	case len(found) == 1 && !doubt:
		c.report.Adopted++
		return c.settleCreate(ctx, in, found[0], reconcile.ByAdopted, in.Op.Home)
	}
	in.Parked = fmt.Sprintf("%d Rev.io assets could be the one that was being created for %s. Use `assets link` to say which one it is, or `assets create` if it is none", len(found), in.Op.Name)
	return c.write(ctx, func(tx store.Tx) error { return tx.SaveIntent(ctx, c.Instance, in) })
}

// settleMade adopts the asset whose id Rev.io gave when it was made. While Rev.io
// does not show it, nothing is made in its place: it may be deleted, or only out
// of sight, which a person can tell.
func (c *Cycle) settleMade(ctx context.Context, in store.Intent) error {
	a, err := revio.GetAsset.Call(ctx, c.Session, revio.ByID{ID: in.Made})
	switch {
	case errors.Is(err, component.NotFound):
		in.Parked = fmt.Sprintf("Rev.io said that it made asset %s for %s, and does not show it. It is looked for again in each cycle. Use `assets create` if it was deleted and is to be made again", in.Made, in.Op.Name)
	case err != nil:
		return err
	case a.CustomerID != in.Op.Owner:
		in.Parked = fmt.Sprintf("asset %s that was made for %s is another customer's in Rev.io now. Use `assets create` to make it once more here", in.Made, in.Op.Name)
	default:
		free, err := c.notLinked(ctx, []revio.Asset{a}, func(revio.Asset) bool { return true })
		if err != nil {
			return err
		}
		if len(free) == 0 { // a person linked it with another asset
			return c.write(ctx, func(tx store.Tx) error { return tx.SettleIntent(ctx, c.Instance, in.ID) })
		}
		c.report.Adopted++
		return c.settleCreate(ctx, in, a, reconcile.ByAdopted, in.Op.Home)
	}
	return c.write(ctx, func(tx store.Tx) error { return tx.SaveIntent(ctx, c.Instance, in) })
}

// outcome finds the assets that an unclear create may have made: by reference or
// by serial number, else by name, type and time. Assets that are linked already
// are none of them. With doubt a person has to say: the name fits and the serial
// number does not, or all that is known is that it came up in that time, as both
// may have been edited since. Unknown says why nothing can be told.
func (c *Cycle) outcome(ctx context.Context, in store.Intent) (found []revio.Asset, doubt bool, unknown string, err error) {
	op := in.Op
	serial := op.Set[reconcile.SerialField]
	var ask []revio.FindAssetsInput
	if c.revio.Profile().Capabilities.ExternalReference {
		ask = append(ask, revio.FindAssetsInput{CustomerID: op.Owner, ExternalReference: c.reference(op.Source)})
	}
	if usableSerial(serial) {
		ask = append(ask, revio.FindAssetsInput{CustomerID: op.Owner, SerialNumber: serial})
	}
	for _, q := range ask {
		list, err := revio.FindAssets.Call(ctx, c.Session, q)
		if err != nil || !list.Complete {
			return nil, false, unsaid(list, err), err
		}
		found, err := c.notLinked(ctx, list.Items, func(a revio.Asset) bool { return q.ExternalReference != "" || named(in)(a) })
		if err != nil || len(found) > 0 {
			found, old := c.youngest(in, found)
			return found, old && q.ExternalReference == "", "", err
		}
	}
	list, err := revio.ListAssets.Call(ctx, c.Session, revio.ListAssetsInput{CustomerID: op.Owner})
	if err != nil || !list.Complete {
		return nil, false, unsaid(list, err), err
	}
	if len(list.Items) == 0 {
		known, err := c.known(ctx, op.Owner)
		if err != nil {
			return nil, false, "", err
		}
		if there, err := c.oneThere(ctx, reconcile.Right, op.Owner, known); err != nil || there != "" {
			return nil, false, "Rev.io listed no asset where there were some, which is not believed", err
		}
		if len(known) > 0 { // deleted, all of them, or a right that was taken away: no look tells which
			return nil, false, "Rev.io shows none of the assets any more that were there. Check that its credentials still see them, or use `assets create` if they are deleted", nil
		}
	}
	found, err = c.notLinked(ctx, list.Items, named(in))
	if err != nil || len(found) > 0 {
		found, old := c.youngest(in, found)
		return found, old || usableSerial(serial), "", err
	}
	ahead, _ := c.revio.ClockAhead()
	found, err = c.notLinked(ctx, list.Items, func(a revio.Asset) bool {
		return a.TypeID == op.Type && a.CreatedAt != nil && a.CreatedAt.After(in.Created.Add(ahead-clockSkew)) && a.CreatedAt.Before(c.quietUntil(in).Add(ahead+clockSkew))
	})
	return found, true, "", err
}

func unsaid(list revio.AssetList, err error) string {
	if err != nil {
		return ""
	}
	return incomplete(list.Listing, "Rev.io's list of assets")
}

// named tells the assets that have the name and type of a create.
func named(in store.Intent) func(revio.Asset) bool {
	return func(a revio.Asset) bool {
		return a.TypeID == in.Op.Type && strings.EqualFold(a.Fields[reconcile.NameField], in.Op.Set[reconcile.NameField])
	}
}

// youngest leaves out the assets that are older than a create, unless all are:
// then old says so, and a person has to say whether one is its outcome after
// all. The clocks of both sides, or ours since, may be wrong.
func (c *Cycle) youngest(in store.Intent, found []revio.Asset) (young []revio.Asset, old bool) {
	ahead, _ := c.revio.ClockAhead()
	for _, a := range found {
		if a.CreatedAt == nil || !a.CreatedAt.Before(in.Created.Add(ahead-clockSkew)) {
			young = append(young, a)
		}
	}
	if len(young) == 0 {
		return found, len(found) > 0
	}
	return young, false
}

// notLinked gives the assets that fit and are no one's yet.
func (c *Cycle) notLinked(ctx context.Context, items []revio.Asset, fits func(revio.Asset) bool) (found []revio.Asset, err error) {
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		found = nil
		for _, a := range items {
			if !fits(a) {
				continue
			}
			linked, err := tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: reconcile.Asset, Right: []string{a.ID}})
			if err != nil {
				return err
			}
			if len(linked) == 0 {
				found = append(found, a)
			}
		}
		return nil
	})
	return found, err
}

// openText says where a create under way stands.
func (c *Cycle) openText(in store.Intent) string {
	if in.Parked != "" {
		return in.Parked
	}
	return fmt.Sprintf("it was being created in %s when the outcome got lost; a late answer may still land, so it is looked up after %s and not sent again before",
		in.Op.Side.Title(), c.quietUntil(in).UTC().Format("15:04:05 MST"))
}
