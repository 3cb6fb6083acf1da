package itgluerevio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Asset is an asset of either side as it is listed.
type Asset struct {
	ID               string            `json:"id"`
	Side             string            `json:"side" jsonschema:"enum=left,enum=right" jsonschema_description:"left is IT Glue, right is Rev.io."`
	Name             string            `json:"name"`
	Organization     string            `json:"organization" jsonschema_description:"The organization of its link."`
	OrganizationName string            `json:"organizationName"`
	CustomerName     string            `json:"customerName" jsonschema_description:"The Rev.io customer of its link."`
	State            string            `json:"state" jsonschema:"enum=linked,enum=held,enum=only-in-revio,enum=waiting"`
	LinkedWith       string            `json:"linkedWith,omitempty" jsonschema_description:"The record of the other side that is this asset, too; a list of both sides shows the two once, as IT Glue's."`
	Fields           map[string]string `json:"fields"`
	Reasons          []string          `json:"reasons" jsonschema_description:"Why it, or a field of it, did not move."`
}

// ListAssetsInput narrows the list of assets.
type ListAssetsInput struct {
	component.Page
	Organization string `json:"organization,omitempty" jsonschema_description:"Only of this organization, by id."`
	Customer     string `json:"customer,omitempty" jsonschema_description:"Only of this Rev.io customer, by id."`
	Side         string `json:"side,omitempty" jsonschema:"enum=left,enum=right" jsonschema_description:"left is IT Glue, right is Rev.io; both without it, and then linked ones once."`
	Type         string `json:"type,omitempty" jsonschema_description:"Only of this type, by its id on its own side; give the side, too, as ids of both may be equal."`
	State        string `json:"state,omitempty" jsonschema:"enum=linked,enum=held,enum=only-in-revio,enum=waiting"`
	Search       string `json:"search,omitempty" jsonschema_description:"Part of the name."`
}

// AssetList is a page of assets.
type AssetList struct {
	Items []Asset `json:"items"`
	Next  string  `json:"next,omitempty"`
}

func (k keeper) listAssets() component.Callable {
	return component.Func(component.Spec{Name: "assets.list", Summary: "List the assets of accepted links, linked ones once, with what holds them.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ListAssetsInput) (AssetList, error) {
			out := AssetList{Items: []Asset{}}
			err := k.read(ctx, func(tx store.Tx) error {
				q, err := listedAssets(ctx, tx, s.Instance, in)
				if err != nil {
					return err
				}
				records, next, err := tx.ListRecords(ctx, s.Instance, q)
				if err != nil {
					return err
				}
				v, err := viewOf(ctx, tx, s.Instance, records)
				out.Next = next
				for _, r := range records {
					if a, ok := v.shown(r); ok {
						out.Items = append(out.Items, a)
					}
				}
				return err
			})
			return out, err
		})
}

func listedAssets(ctx context.Context, tx store.Tx, instance string, in ListAssetsInput) (store.RecordQuery, error) {
	if in.Customer != "" && in.Organization == "" {
		l, err := tx.LinkOf(ctx, instance, in.Customer)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return store.RecordQuery{}, err
		}
		if in.Organization = l.ID; in.Organization == "" {
			return store.RecordQuery{Owners: []string{}}, nil
		}
	}
	q, err := assetQuery(ctx, tx, instance, in.Organization)
	q.Side, q.State, q.Search, q.After, q.Limit = reconcile.Side(in.Side), store.AssetState(in.State), in.Search, in.Cursor, in.Limit
	if in.Type != "" {
		q.Types, q.Once = []string{in.Type}, false
	}
	if in.Side != "" {
		q.Once = false
	}
	return q, err
}

// assetView is what is needed to show records: links, pairs, reasons.
type assetView struct {
	byOwner map[string]string // side and owner to the organization of its accepted link
	pairs   map[string]string // side and record to the other side's record
	reasons map[string][]reconcile.Held
	links   map[string]store.Link // by organization
	guard   map[string][]string   // by organization: why its last cycle stopped for review
}

// viewOf prepares to show these records.
func viewOf(ctx context.Context, tx store.Tx, instance string, records []store.Stored) (v assetView, err error) {
	v = assetView{byOwner: map[string]string{}, pairs: map[string]string{}, reasons: map[string][]reconcile.Held{}, links: map[string]store.Link{}, guard: map[string][]string{}}
	ids, owners := map[reconcile.Side][]string{reconcile.Left: {}, reconcile.Right: {}}, map[reconcile.Side][]string{reconcile.Left: {}, reconcile.Right: {}}
	for _, r := range records {
		ids[r.Side] = append(ids[r.Side], r.ID)
		if !slices.Contains(owners[r.Side], r.Owner) {
			owners[r.Side] = append(owners[r.Side], r.Owner)
		}
	}
	var organizations []string
	accepted := []store.LinkState{store.Accepted}
	for _, q := range []store.LinkQuery{{States: accepted, IDs: owners[reconcile.Left]}, {States: accepted, Customers: owners[reconcile.Right]}} {
		links, _, err := tx.ListLinks(ctx, instance, q)
		if err != nil {
			return v, err
		}
		for _, l := range links {
			if l.Customer != nil {
				v.byOwner["left"+l.ID], v.byOwner["right"+l.Customer.ID] = l.ID, l.ID
				v.links[l.ID] = l
				organizations = append(organizations, l.ID)
			}
		}
	}
	for _, q := range []store.PairQuery{{Kind: reconcile.Asset, Left: ids[reconcile.Left]}, {Kind: reconcile.Asset, Right: ids[reconcile.Right]}} {
		pairs, err := tx.ListPairs(ctx, instance, q)
		if err != nil {
			return v, err
		}
		for _, p := range pairs {
			v.pairs["left"+p.Left], v.pairs["right"+p.Right] = p.Right, p.Left
		}
	}
	reports, err := tx.ListReports(ctx, instance, append([]string{}, organizations...))
	for _, r := range reports {
		v.guard[r.Owner] = r.Guard
		for _, h := range r.Held {
			key := string(h.Side) + h.Record
			v.reasons[key] = append(v.reasons[key], h)
		}
	}
	return v, err
}

// held gives what holds a record: also what holds the record that it is linked
// with, as one that is missing there stops both.
func (v assetView) held(key, id string) []reconcile.Held {
	all := slices.Clone(v.reasons[key+id])
	other := string(reconcile.Side(key).Other())
	for _, h := range v.reasons[other+v.pairs[key+id]] {
		if h.Field == "" {
			all = append(all, h)
		}
	}
	return all
}

func (v assetView) shown(r store.Stored) (Asset, bool) {
	key := string(r.Side)
	organization, ok := v.byOwner[key+r.Owner]
	if !ok {
		return Asset{}, false
	}
	a := Asset{ID: r.ID, Side: key, Name: r.Name, Organization: organization, OrganizationName: v.links[organization].Organization.Name, State: "waiting", LinkedWith: v.pairs[key+r.ID], Fields: r.Fields, Reasons: []string{}}
	if c := v.links[organization].Customer; c != nil {
		a.CustomerName = c.Name
	}
	for _, h := range v.held(key, r.ID) {
		a.Reasons = append(a.Reasons, h.Text)
		switch {
		case h.Code == reconcile.OnlyRight:
			a.State = "only-in-revio"
		case h.Field == "":
			a.State = "held"
		}
	}
	if a.LinkedWith != "" && a.State != "held" {
		a.State = "linked"
	}
	if a.Fields == nil {
		a.Fields = map[string]string{}
	}
	return a, true
}

// ByID names one record.
type ByID struct {
	ID   string `json:"id" jsonschema:"minLength=1"`
	Side string `json:"side,omitempty" jsonschema:"enum=left,enum=right" jsonschema_description:"left is IT Glue (the default), right is Rev.io."`
}

// Explained walks the checks that a record passes, in order, to the first that
// stops it.
type Explained struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Verdict string            `json:"verdict" jsonschema_description:"In one sentence: why it is not syncing, or that it is."`
	Checks  []component.Check `json:"checks"`
}

func (k keeper) explainAsset() component.Callable {
	return component.Func(component.Spec{Name: "assets.explain", Summary: "Say why an asset is not syncing: the checks in order, to the first that stops it.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ByID) (out Explained, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				out, err = explain(ctx, tx, s.Instance, reconcile.Side(cmp.Or(in.Side, "left")), in.ID)
				return err
			})
			return out, err
		})
}

// explain stops at the first check that fails.
func explain(ctx context.Context, tx store.Tx, instance string, side reconcile.Side, id string) (Explained, error) {
	out := Explained{ID: id, Name: id, Checks: []component.Check{}}
	stop := func(name, title, message, do string) Explained {
		out.Checks = append(out.Checks, component.Check{Name: name, Title: title, State: component.Failed, Message: message, Do: do})
		out.Verdict = message
		return out
	}
	pass := func(name, title, message string) {
		out.Checks = append(out.Checks, component.Check{Name: name, Title: title, State: component.Works, Message: message})
	}
	in, err := tx.Instance(ctx, instance)
	if err != nil {
		return out, err
	}
	if in.Status != store.Active {
		return stop("instance", "The instance runs", "the instance is "+string(in.Status), "Resume it with `instance resume`."), nil
	}
	pass("instance", "The instance runs", "it is active")
	records, _, err := tx.ListRecords(ctx, instance, store.RecordQuery{Side: side, IDs: []string{id}})
	if err != nil {
		return out, err
	}
	if len(records) == 0 {
		return stop("seen", "The record was seen", "no cycle has seen it: its link is not accepted, its type is not selected, or it does not exist",
			"Accept its organization's link, select its type in step 2, or look for it in "+side.Title()+"; then run a cycle."), nil
	}
	r := records[0]
	out.Name = r.Name
	pass("seen", "The record was seen", "it was seen in "+side.Title())
	v, err := viewOf(ctx, tx, instance, records)
	if err != nil {
		return out, err
	}
	if v.byOwner[string(side)+r.Owner] == "" {
		return stop("link", "Its link is accepted", "the link of its organization is not accepted, so nothing of it moves", "Review it with `links list`, and accept it."), nil
	}
	organization := v.byOwner[string(side)+r.Owner]
	pass("link", "Its link is accepted", "the link of its organization is accepted")
	if why := v.links[organization].Attention; why != "" {
		return stop("attention", "Its link is not paused", why, "Put right what it says; the next cycle goes on by itself."), nil
	}
	pass("attention", "Its link is not paused", "nothing pauses it")
	a, _ := v.shown(r)
	for _, h := range v.held(string(side), id) {
		if h.Field == "" {
			return stop(string(h.Code), "Nothing holds the record", h.Text, ""), nil
		}
	}
	pass("held", "Nothing holds the record", "nothing holds it")
	if guard := v.guard[organization]; len(guard) > 0 {
		return stop("guard", "Its organization is not stopped for review", "its organization was stopped for review: "+guard[0],
			"Look at what would change with `plan create`. Correct what is wrong, or carry the plan out with `plan apply --force`."), nil
	}
	pass("guard", "Its organization is not stopped for review", "it is not")
	if a.LinkedWith == "" {
		return stop("paired", "It is linked with an asset", "it is not linked with an asset of the other side yet", "Run `sync cycle`."), nil
	}
	pass("paired", "It is linked with an asset", "it is linked with "+a.LinkedWith+" in "+side.Other().Title())
	for _, h := range v.reasons[string(side)+id] {
		out.Checks = append(out.Checks, component.Check{Name: h.Field, Title: h.Field, State: component.Failed, Message: h.Text})
	}
	if len(a.Reasons) > 0 {
		out.Verdict = fmt.Sprintf("it is in step, but for %d of its fields", len(a.Reasons))
		return out, nil
	}
	out.Verdict = "it is in step"
	return out, nil
}

// LinkAssetInput says which Rev.io asset an IT Glue asset is.
type LinkAssetInput struct {
	ID      string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The IT Glue asset."`
	RevioID string `json:"revioId" jsonschema:"minLength=1" jsonschema_description:"The Rev.io asset it is."`
}

// AssetDecided is what a decision about an asset leads to.
type AssetDecided struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Message     string `json:"message"`
	NextCommand string `json:"nextCommand"`
}

func (k keeper) linkAsset() component.Callable {
	return component.Func(component.Spec{Name: "assets.link", Summary: "Say which Rev.io asset a held IT Glue asset is.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in LinkAssetInput) (out AssetDecided, err error) {
			err = k.decide(ctx, s, "assets.link", "asset "+in.ID, map[string]string{"with": in.RevioID}, func(tx store.Tx) error {
				left, err := record(ctx, tx, s.Instance, reconcile.Left, in.ID)
				if err != nil {
					return err
				}
				right, err := record(ctx, tx, s.Instance, reconcile.Right, in.RevioID)
				if err != nil {
					return err
				}
				also, err := linkRecords(ctx, tx, s.Instance, left, right)
				out = AssetDecided{ID: in.ID, Name: left.Name, Message: fmt.Sprintf("%s is linked with %s%s", left.Name, right.Name, also), NextCommand: "sync cycle"}
				return err
			})
			return out, err
		})
}

// linkRecords pairs two records of one accepted link, and settles what waited
// for that decision. It says in words what else came of it.
func linkRecords(ctx context.Context, tx store.Tx, instance string, left, right store.Stored) (also string, err error) {
	l, err := tx.Link(ctx, instance, left.Owner)
	if err != nil {
		return "", err
	}
	if l.State != store.Accepted || l.Customer == nil || l.Customer.ID != right.Owner {
		return "", component.Errorf(component.InvalidInput, "%s belongs to %s, which is not linked with the customer of %s", left.Name, l.Organization.Name, right.Name).
			Then("Choose a Rev.io asset of the linked customer.")
	}
	if also, err = exchange(ctx, tx, instance, left, right); err != nil {
		return "", err
	}
	for side, id := range map[reconcile.Side]string{reconcile.Left: left.ID, reconcile.Right: right.ID} {
		if err := forgetDecision(ctx, tx, instance, side, id); err != nil {
			return "", err
		}
	}
	if err := forgetCreate(ctx, tx, instance, left.ID, func(i store.Intent) bool { return i.Parked != "" || !i.UnderWay() }); err != nil {
		return "", err
	}
	return also, tx.SavePair(ctx, instance, byPerson(left.ID, right.ID, left.Owner))
}

func byPerson(left, right, owner string) reconcile.Pair {
	return reconcile.Pair{Kind: reconcile.Asset, Left: left, Right: right, Owner: owner, Origin: reconcile.ByPerson, Base: reconcile.Base{}}
}

// exchange forgets what the left record was linked with. If the right record was
// linked with another one of the organization, that one takes over what is free
// now: two assets whose serial numbers changed places would otherwise keep each
// other's place for ever.
func exchange(ctx context.Context, tx store.Tx, instance string, left, right store.Stored) (also string, err error) {
	mine, err := tx.ListPairs(ctx, instance, store.PairQuery{Kind: reconcile.Asset, Left: []string{left.ID}})
	if err != nil || len(mine) == 0 || mine[0].Right == right.ID {
		return "", err
	}
	if err := tx.ForgetPair(ctx, instance, reconcile.Asset, left.ID); err != nil {
		return "", err
	}
	theirs, err := tx.ListPairs(ctx, instance, store.PairQuery{Kind: reconcile.Asset, Right: []string{right.ID}})
	if err != nil || len(theirs) == 0 || theirs[0].Owner != left.Owner {
		return "", err
	}
	other, err := record(ctx, tx, instance, reconcile.Left, theirs[0].Left)
	if err != nil {
		return "", err
	}
	free, err := record(ctx, tx, instance, reconcile.Right, mine[0].Right)
	if err != nil || free.Owner != right.Owner {
		return "", err
	}
	for _, p := range []reconcile.Pair{byPerson(left.ID, right.ID, left.Owner), byPerson(other.ID, free.ID, left.Owner)} {
		if err := tx.ForgetPair(ctx, instance, reconcile.Asset, other.ID); err != nil {
			return "", err
		}
		if err := tx.SavePair(ctx, instance, p); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("; %s, which was linked with that one, is linked with %s now", other.Name, free.Name), nil
}

func forgetDecision(ctx context.Context, tx store.Tx, instance string, side reconcile.Side, id string) error {
	if err := tx.ForgetDecision(ctx, instance, side, id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

func record(ctx context.Context, tx store.Tx, instance string, side reconcile.Side, id string) (store.Stored, error) {
	records, _, err := tx.ListRecords(ctx, instance, store.RecordQuery{Side: side, IDs: []string{id}})
	if err == nil && len(records) == 0 {
		err = component.Errorf(component.NotFound, "no cycle has seen an asset %s in %s", id, side.Title()).Then("Run `sync cycle`, and look at `assets list`.")
	}
	if err != nil {
		return store.Stored{}, err
	}
	return records[0], nil
}

func (k keeper) createAsset() component.Callable {
	return k.saidOfAsset("assets.create", "Say that a held IT Glue asset is none of the candidates: create it in Rev.io at the next cycle.", "create")
}

func (k keeper) ignoreAsset() component.Callable {
	return k.saidOfAsset("assets.ignore", "Say that an asset is to be left alone.", "ignore")
}

func (k keeper) saidOfAsset(name, summary, verb string) component.Callable {
	return component.Func(component.Spec{Name: name, Summary: summary, Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in ByID) (out AssetDecided, err error) {
			side := reconcile.Side(cmp.Or(in.Side, "left"))
			if verb == "create" && side == reconcile.Right {
				return out, component.Errorf(component.InvalidInput, "only IT Glue assets are created in Rev.io").Then("To make a Rev.io customer's assets in IT Glue, use `sync customer`.")
			}
			err = k.decide(ctx, s, name, "asset "+in.ID, map[string]string{"side": string(side)}, func(tx store.Tx) error {
				r, err := record(ctx, tx, s.Instance, side, in.ID)
				if err != nil {
					return err
				}
				linked, err := tx.ListPairs(ctx, s.Instance, store.PairQuery{Kind: reconcile.Asset, Left: []string{in.ID}})
				if err != nil {
					return err
				}
				if verb == "create" && slices.ContainsFunc(linked, func(p reconcile.Pair) bool { return p.Left == in.ID }) {
					if err := forgetDecision(ctx, tx, s.Instance, side, in.ID); err != nil {
						return err
					}
					out = AssetDecided{ID: in.ID, Name: r.Name, Message: r.Name + " is linked already and is no longer ignored", NextCommand: "sync cycle"}
					return nil
				}
				out = AssetDecided{ID: in.ID, Name: r.Name, Message: fmt.Sprintf("%s: %s at the next cycle", r.Name, verb), NextCommand: "sync cycle"}
				if verb == "create" {
					if err := forgetCreate(ctx, tx, s.Instance, in.ID, func(i store.Intent) bool { return !i.UnderWay() }); err != nil {
						return err
					}
				}
				return tx.SaveDecision(ctx, s.Instance, store.Decision{Side: side, Record: in.ID, Verb: verb, By: s.Actor, At: s.Clock()})
			})
			return out, err
		})
}

// forgetCreate forgets the creates of a left record that fit: nothing is owed of them.
func forgetCreate(ctx context.Context, tx store.Tx, instance, left string, fits func(store.Intent) bool) error {
	intents, err := tx.ListIntents(ctx, instance)
	for _, i := range intents {
		if err == nil && i.Op.Kind == reconcile.Asset && i.Op.Source == left && fits(i) {
			err = tx.SettleIntent(ctx, instance, i.ID)
		}
	}
	return err
}
