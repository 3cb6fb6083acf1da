package cycle

import (
	"context"
	"errors"
	"fmt"
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
			if err := c.settleParked(ctx, in); err != nil {
				return err
			}
			continue
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

// settleParked forgets a create that waits for a person, once they said that none
// of what was found is it: the asset is planned anew.
func (c *Cycle) settleParked(ctx context.Context, in store.Intent) error {
	return c.write(ctx, func(tx store.Tx) error {
		said, err := tx.ListDecisions(ctx, c.Instance, reconcile.Left, []string{in.Op.Source})
		if err != nil || in.Op.Kind != reconcile.Asset || in.Op.Side != reconcile.Right || len(said) == 0 || said[0].Verb != "create" {
			return err
		}
		return tx.SettleIntent(ctx, c.Instance, in.ID)
	})
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
			customer = "" // it was made in the organization itself
		}
		switch {
		case err != nil:
			return err
		case l.State != store.Accepted || l.Customer == nil:
			standing = waits
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
	found, doubt, unknown, err := c.outcome(ctx, in)
	if err != nil {
		return err
	}
	c.point("after-look-up")
	if unknown != "" { // it stays open; the others go on
		c.note("%s, so it is not known whether %s was created.", unknown, in.Op.Name)
		return nil
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
