package cycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/match"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// CustomerUses lists what [Cycle.Customer] may call beside [Uses].
func CustomerUses() []component.Callable {
	return append(Uses(), itglue.CreateOrganization, itglue.CreateFlexibleAsset)
}

// Pressed is what the Sync button of one customer did.
type Pressed struct {
	Report       Report   `json:"report"`
	Organization string   `json:"organization" jsonschema_description:"The IT Glue organization of the customer."`
	Made         bool     `json:"made" jsonschema_description:"Whether the organization was made in IT Glue."`
	AssetsMade   int      `json:"assetsMade" jsonschema_description:"Assets of the customer that were made in IT Glue."`
	NotMade      []string `json:"notMade" jsonschema_description:"Assets that were not made in IT Glue, with the reason."`
}

// Customer is the Sync button on a customer's profile. A customer with an
// accepted link is synced now. One without any likeness in IT Glue gets an
// organization there, linked in the presser's name, and those of its assets
// that can be made there. Anything in between waits for a person.
func (c *Cycle) Customer(ctx context.Context, customerID string) (Pressed, error) {
	pressed := Pressed{NotMade: []string{}}
	c.report = Report{Stopped: []string{}, Notes: []string{}}
	if err := c.open(ctx, Scope{}); err != nil {
		return pressed, err
	}
	if err := c.settleIntents(ctx); err != nil {
		return pressed, err
	}
	r, err := revio.GetCustomer.Call(ctx, c.Session, revio.ByID{ID: customerID})
	if err != nil {
		return pressed, err
	}
	link, err := c.linkFor(ctx, r)
	if err != nil {
		return pressed, err
	}
	if link.ID == "" {
		if link, err = c.makeOrganization(ctx, r); err != nil {
			return pressed, err
		}
		pressed.Made = true
	} else if c.owesAssets(link) { // an earlier press was cut short: find what it made first
		if _, err := c.only(ctx, link); err != nil {
			return pressed, err
		}
	}
	pressed.Organization = link.ID
	if c.owesAssets(link) {
		if pressed.AssetsMade, pressed.NotMade, err = c.makeAssets(ctx, link); err != nil {
			return pressed, err
		}
		if err := c.paid(ctx, link); err != nil {
			return pressed, err
		}
	}
	pressed.Report, err = c.only(ctx, link)
	return pressed, err
}

// only runs a whole cycle over one link.
func (c *Cycle) only(ctx context.Context, l store.Link) (Report, error) {
	return (&Cycle{Store: c.Store, Session: c.Session, Instance: c.Instance, Config: c.Config, Hook: c.Hook}).Run(ctx, Scope{Match: true, Assets: true, Links: []string{l.ID}})
}

// owedNote marks, in the instance's notes, an organization that the Sync button
// made and whose assets it has yet to make.
func owedNote(organization string) string { return "owed." + organization }

func (c *Cycle) owesAssets(l store.Link) bool { return c.inst.Notes[owedNote(l.ID)] != "" }

// paid takes the mark off, unless it is not known yet whether one of the assets
// was made: then the next press goes on.
func (c *Cycle) paid(ctx context.Context, l store.Link) error {
	return c.write(ctx, func(tx store.Tx) error {
		open, err := tx.ListIntents(ctx, c.Instance)
		for _, in := range open {
			if in.Op.Side == reconcile.Left && in.Op.Home == l.ID {
				return nil
			}
		}
		if err != nil {
			return err
		}
		return c.oweIn(ctx, tx, l, false)
	})
}

func (c *Cycle) oweIn(ctx context.Context, tx store.Tx, l store.Link, owed bool) error {
	in, err := tx.Instance(ctx, c.Instance)
	if err != nil {
		return err
	}
	in.Notes = with(in.Notes, nil)
	if in.Notes[owedNote(l.ID)] = l.Customer.ID; !owed {
		delete(in.Notes, owedNote(l.ID))
	}
	c.inst = in
	return tx.NoteInstance(ctx, in)
}

// linkFor finds the accepted link of a customer; the zero Link says that
// nothing in IT Glue is like it.
func (c *Cycle) linkFor(ctx context.Context, r revio.Customer) (found store.Link, err error) {
	if err := c.organizations(ctx, Scope{Match: true}); err != nil {
		return found, err
	}
	for _, l := range c.links {
		if l.Customer == nil || l.Customer.ID != r.ID {
			continue
		}
		switch l.State {
		case store.Accepted:
			if l.Attention != "" {
				return found, component.Errorf(component.NeedsReview, "%s is linked with %s, and that link is paused: %s", r.Name, l.Organization.Name, l.Attention)
			}
			return l, nil
		case store.Rejected:
			return found, component.Errorf(component.NeedsReview, "%s is linked with the organization %s, and that link was rejected", r.Name, l.Organization.Name).
				Then("Accept it with `links accept --id %s` if they are the same after all.", l.ID)
		case store.Pending:
			if l.Band == string(match.Exact) || l.Band == string(match.Strong) {
				return found, component.Errorf(component.NeedsReview, "%s looks like the organization %s, whose link waits for review", r.Name, l.Organization.Name).
					Then("Accept it with `links accept --id %s`, or reject it and press Sync again.", l.ID)
			}
		}
	}
	for _, l := range c.links { // it was made, or linked, and went to another customer
		if l.Customer != nil && l.Customer.ID != r.ID && mapping.CanonicalText(strings.ToLower(l.Organization.Name)) == mapping.CanonicalText(strings.ToLower(r.Name)) {
			return found, component.Errorf(component.NeedsReview, "there is an organization %s in IT Glue already, and its link is with %s", l.Organization.Name, l.Customer.Name).
				Then("Link it with this customer by `links reassign --id %s --customer-id %s`, or make another organization in IT Glue.", l.ID, r.ID)
		}
	}
	return found, c.noIntent(ctx, r)
}

// noIntent refuses to make a second organization while it is not known whether
// the first one was made.
func (c *Cycle) noIntent(ctx context.Context, r revio.Customer) error {
	return c.Store.Read(ctx, func(tx store.Tx) error {
		open, err := tx.ListIntents(ctx, c.Instance)
		for _, in := range open {
			if in.Op.Kind == reconcile.Organization && in.Op.Source == r.ID {
				return component.Errorf(component.Unsettled, "%s: %s", r.Name, c.openText(in)).Then("Press Sync again after that.")
			}
		}
		return err
	})
}

// makeOrganization makes the IT Glue organization of a customer, by an intent.
func (c *Cycle) makeOrganization(ctx context.Context, r revio.Customer) (store.Link, error) {
	if c.dry {
		return store.Link{}, component.Errorf(component.NeedsReview, "Production Mode is off, so no organization was made in IT Glue for %s", r.Name)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return store.Link{}, err
	}
	op := reconcile.Op{ID: "create:left:organization:" + r.ID, Side: reconcile.Left, Kind: reconcile.Organization, Source: r.ID, Name: r.Name, Set: reconcile.Fields{reconcile.NameField: mapping.CanonicalText(r.Name)}}
	intent := store.Intent{ID: id.String(), Run: c.runID(), Op: op, Created: c.now(), Sent: c.now()}
	c.point("before-intent")
	if err := c.write(ctx, func(tx store.Tx) error { return tx.SaveIntent(ctx, c.Instance, intent) }); err != nil {
		return store.Link{}, err
	}
	c.point("after-intent")
	o, err := itglue.CreateOrganization.Call(ctx, c.Session, itglue.CreateOrganizationInput{Name: op.Set[reconcile.NameField]})
	c.point("after-create")
	switch {
	case err == nil:
		c.orgs[o.ID], c.customers[r.ID] = o, r
		return c.linkMade(ctx, intent, o)
	case component.CodeOf(err) == component.Unsettled || ctx.Err() != nil:
		_, kept := c.unclear(ctx, intent, err)
		return store.Link{}, errors.Join(err, kept)
	}
	return store.Link{}, errors.Join(err, c.write(ctx, func(tx store.Tx) error { return tx.SettleIntent(ctx, c.Instance, intent.ID) }))
}

// linkMade stores the accepted link of an organization that was made, and
// forgets the intent, in one transaction.
func (c *Cycle) linkMade(ctx context.Context, intent store.Intent, o itglue.Organization) (l store.Link, err error) {
	customer := store.Party{ID: intent.Op.Source, Name: intent.Op.Name}
	l = store.Link{ID: o.ID, Organization: party(o), Customer: &customer, State: store.Accepted, Decided: c.now(), DecidedBy: c.Session.Actor,
		Reasons: []store.Reason{{Text: "made in IT Glue by the Sync button"}}}
	err = c.write(ctx, func(tx store.Tx) error {
		if known, err := tx.Link(ctx, c.Instance, o.ID); err == nil {
			l.Version = known.Version
		}
		if l, err = tx.SaveLink(ctx, c.Instance, l); err != nil {
			return err
		}
		if _, err := tx.Record(ctx, store.Entry{At: c.now(), Instance: c.Instance, Actor: c.Session.Actor, Action: "links.accept", Subject: "organization " + o.ID,
			Detail: map[string]string{"customer": customer.ID, "cause": "sync button"}}); err != nil {
			return err
		}
		if err := c.oweIn(ctx, tx, l, true); err != nil {
			return err
		}
		return tx.SettleIntent(ctx, c.Instance, intent.ID)
	})
	return l, err
}

// settleOrganization looks for the organization that an unclear create may have
// made: the same name, made since, and linked with nothing.
func (c *Cycle) settleOrganization(ctx context.Context, in store.Intent) error {
	list, err := itglue.ListOrganizations.Call(ctx, c.Session, itglue.ListOrganizationsInput{Name: in.Op.Set[reconcile.NameField]})
	if err != nil {
		return err
	}
	var found []itglue.Organization
	for _, o := range list.Items {
		if !o.CreatedAt.Before(in.Created.Add(-clockSkew)) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return c.write(ctx, func(tx store.Tx) error { return tx.SettleIntent(ctx, c.Instance, in.ID) })
	case 1:
		c.report.Adopted++
		_, err := c.linkMade(ctx, in, found[0])
		return err
	}
	in.Parked = fmt.Sprintf("%d organizations in IT Glue could be the one that was being made for %s. Link the right one with `links reassign`", len(found), in.Op.Name)
	return c.write(ctx, func(tx store.Tx) error { return tx.SaveIntent(ctx, c.Instance, in) })
}

// makeAssets makes those assets of a new organization in IT Glue that can be
// made there, and says of the others why not.
func (c *Cycle) makeAssets(ctx context.Context, l store.Link) (made int, notMade []string, err error) {
	notMade = []string{}
	types, err := c.types(ctx)
	if err != nil {
		return 0, nil, err
	}
	if err := c.resolve(ctx, types); err != nil {
		return 0, nil, err
	}
	if why, err := c.paused(ctx, l.ID); err != nil || why != "" {
		return 0, notMade, err
	}
	list, err := revio.ListAssets.Call(ctx, c.Session, revio.ListAssetsInput{CustomerID: l.Customer.ID})
	if err != nil {
		return 0, nil, err
	}
	linked, err := c.linkedRight(ctx, list.Items)
	if err != nil {
		return 0, nil, err
	}
	for _, a := range list.Items {
		if linked[a.ID] {
			continue
		}
		op, why := c.leftCreate(l, a)
		if why == "" {
			if why, err = c.paused(ctx, l.ID); err == nil && why == "" {
				why, err = c.makeAsset(ctx, l, op)
			}
		}
		if err != nil {
			return made, notMade, err
		}
		if why != "" {
			notMade = append(notMade, fmt.Sprintf("%s: %s", a.Fields[reconcile.NameField], why))
			continue
		}
		made++
	}
	return made, notMade, nil
}

// linkedRight says which of these Rev.io assets are linked already.
func (c *Cycle) linkedRight(ctx context.Context, items []revio.Asset) (map[string]bool, error) {
	ids, linked := make([]string, len(items)), map[string]bool{}
	for i, a := range items {
		ids[i] = a.ID
	}
	return linked, c.Store.Read(ctx, func(tx store.Tx) error {
		pairs, err := tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: reconcile.Asset, Right: ids})
		for _, p := range pairs {
			linked[p.Right] = true
		}
		return err
	})
}

// leftCreate plans the making of one asset in IT Glue, or says why not.
func (c *Cycle) leftCreate(l store.Link, a revio.Asset) (op reconcile.Op, why string) {
	var fitting []string
	for _, t := range sortedKeys(c.maps) {
		if c.Config.Types[t] == a.TypeID {
			fitting = append(fitting, t)
		}
	}
	switch {
	case len(fitting) == 0:
		return op, "no selected flexible asset type is mapped to its Rev.io asset type"
	case len(fitting) > 1:
		return op, "several selected flexible asset types are mapped to its Rev.io asset type, so it is not known which one it is"
	case !usableSerial(a.Fields[reconcile.SerialField]):
		return op, "it has no usable serial number"
	}
	m := c.maps[fitting[0]]
	fields, _ := m.Right(a.Fields)
	op = reconcile.Op{ID: "create:left:asset:" + a.ID, Side: reconcile.Left, Kind: reconcile.Asset, Owner: l.ID, Home: l.ID, Type: fitting[0], Source: a.ID, Name: a.Fields[reconcile.NameField], Set: reconcile.Fields{}, From: reconcile.Fields{}}
	for _, f := range m.Fields {
		if v := fields[f.Revio]; v != "" && f.Parked == "" && f.Direction == reconcile.BothWays {
			op.Set[f.Revio], op.From[f.Revio] = v, v
		}
	}
	if _, missing, err := c.traits(op); err != nil {
		return op, err.Error()
	} else if len(missing) > 0 {
		return op, "IT Glue requires " + strings.Join(missing, ", ") + ", and nothing is mapped to it or Rev.io has no value"
	}
	return op, ""
}

// traits gives the traits of an asset to make, and the required fields that get
// no value. The one Text field that makes the asset's title takes the name.
func (c *Cycle) traits(op reconcile.Op) (traits map[string]json.RawMessage, missing []string, err error) {
	m := c.maps[op.Type]
	traits = map[string]json.RawMessage{}
	for f, v := range op.Set {
		key, value, err := m.Trait(f, v)
		if err != nil {
			return nil, nil, err
		}
		traits[key] = value
	}
	var titles []mapping.Field
	for _, f := range m.Type.Fields {
		if f.UseForTitle {
			titles = append(titles, f)
		}
	}
	if len(titles) == 1 && titles[0].Kind == "Text" && traits[titles[0].Key] == nil && op.Name != "" {
		name, err := json.Marshal(op.Name)
		if err != nil {
			return nil, nil, err
		}
		traits[titles[0].Key] = name
	}
	for _, f := range m.Type.Fields {
		if f.Required && traits[f.Key] == nil {
			missing = append(missing, f.Name)
		}
	}
	slices.Sort(missing)
	return traits, missing, nil
}

// makeAsset makes one asset in IT Glue, by an intent.
func (c *Cycle) makeAsset(ctx context.Context, l store.Link, op reconcile.Op) (why string, err error) {
	traits, _, err := c.traits(op)
	if err != nil {
		return "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	intent := store.Intent{ID: id.String(), Run: c.runID(), Op: op, Created: c.now(), Sent: c.now(), Customer: l.Customer.ID}
	if err := c.write(ctx, func(tx store.Tx) error { return tx.SaveIntent(ctx, c.Instance, intent) }); err != nil {
		if errors.Is(err, component.Conflict) && !store.IsFenced(err) {
			return "it is being made already", nil
		}
		return "", err
	}
	c.point("after-intent")
	a, err := itglue.CreateFlexibleAsset.Call(ctx, c.Session, itglue.CreateFlexibleAssetInput{OrganizationID: op.Owner, TypeID: op.Type, Traits: traits})
	c.point("after-create")
	switch {
	case err == nil:
		return "", c.settleLeft(ctx, intent, a, reconcile.ByCreate)
	case component.CodeOf(err) == component.Unsettled || ctx.Err() != nil:
		if _, err := c.unclear(ctx, intent, err); err != nil {
			return "", err
		}
		return c.openText(intent), nil
	}
	if forget := c.write(ctx, func(tx store.Tx) error { return tx.SettleIntent(ctx, c.Instance, intent.ID) }); forget != nil || ends(ctx, err) {
		return "", errors.Join(err, forget)
	}
	return "IT Glue did not take it: " + err.Error(), nil
}

// settleLeft stores the pair of an asset made in IT Glue and forgets the intent.
func (c *Cycle) settleLeft(ctx context.Context, intent store.Intent, a itglue.FlexibleAsset, origin reconcile.Origin) error {
	op := intent.Op
	left := c.leftRecord(a)
	p := reconcile.Pair{Kind: reconcile.Asset, Left: a.ID, Right: op.Source, Owner: op.Home, Origin: origin, Base: reconcile.Base{}}
	p = settleFields(p, op, left, c.sources(op.Type))
	return c.write(ctx, func(tx store.Tx) error {
		if err := tx.SavePair(ctx, c.Instance, p); err != nil {
			return err
		}
		return tx.SettleIntent(ctx, c.Instance, intent.ID)
	})
}

// settleLeftAsset looks for the asset that an unclear create may have made in
// IT Glue, by its serial number.
func (c *Cycle) settleLeftAsset(ctx context.Context, in store.Intent) error {
	if _, ok := c.maps[in.Op.Type]; !ok {
		types, err := c.types(ctx)
		if err != nil {
			return err
		}
		if err := c.resolve(ctx, types); err != nil {
			return err
		}
	}
	list, err := itglue.ListFlexibleAssets.Call(ctx, c.Session, itglue.ListFlexibleAssetsInput{TypeID: in.Op.Type, OrganizationIDs: []string{in.Op.Owner}})
	if err != nil {
		return err
	}
	want, _ := match.Serial(in.Op.Set[reconcile.SerialField])
	for _, a := range list.Items {
		if key, ok := match.Serial(c.leftRecord(a).Fields[reconcile.SerialField]); ok && key == want {
			c.report.Adopted++
			return c.settleLeft(ctx, in, a, reconcile.ByAdopted)
		}
	}
	if !list.Complete {
		return nil // it may be there unseen: look again in the next run
	}
	return c.write(ctx, func(tx store.Tx) error { return tx.SettleIntent(ctx, c.Instance, in.ID) })
}
