package itgluerevio

import (
	"context"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// reach checks on one organization whose link is accepted that the key still
// sees it, and may list its assets and passwords: a key may lose one permission
// and keep the others. Of what it reads nothing is kept.
func (d *diagnosis) reach(ctx context.Context, k keeper, instance string, a pageAnswers) {
	var links []store.Link
	err := k.read(ctx, func(tx store.Tx) (err error) {
		links, _, err = tx.ListLinks(ctx, instance, store.LinkQuery{States: []store.LinkState{store.Accepted}, Limit: 1})
		return err
	})
	if err != nil || len(links) == 0 {
		d.add("reach", "IT Glue: Linked organizations can be read", component.NotTested, "no link is accepted yet, and nothing is read before", "")
		return
	}
	l, one := links[0], component.Page{Limit: 1}
	seen, err := itglue.ListOrganizations.Call(ctx, a.session, itglue.ListOrganizationsInput{Page: one, IDs: []string{l.ID}})
	if err == nil && len(seen.Items) == 0 {
		d.add("reach.organization", "IT Glue: Linked organizations can be read", component.Failed, "IT Glue does not show "+l.Organization.Name+", which is linked here: it was deleted, or this key is another account's or may not see it",
			"Look for it in IT Glue. If it is there, enter a key of that account.")
		return
	}
	d.line("reach.organization", "IT Glue: Linked organizations can be read", err)
	if len(a.document.AssetTypes.TypeIDs) > 0 {
		_, err = itglue.ListFlexibleAssets.Call(ctx, a.session, itglue.ListFlexibleAssetsInput{Page: one, TypeID: a.document.AssetTypes.TypeIDs[0], OrganizationIDs: []string{l.ID}})
		d.line("reach.assets", "IT Glue: Flexible assets can be listed", err)
	}
	_, err = itglue.ListPasswords.Call(ctx, a.session, itglue.ListPasswordsInput{Page: one, OrganizationIDs: []string{l.ID}})
	d.line("reach.passwords", "IT Glue: Passwords can be listed, without their values", err)
}

// twins says which other instance works on the same two accounts.
func (d *diagnosis) twins(ctx context.Context, k keeper, instance string) {
	var in store.Instance
	var all []store.Instance
	err := k.read(ctx, func(tx store.Tx) (err error) {
		if in, err = tx.Instance(ctx, instance); err == nil {
			all, err = tx.ListInstances(ctx)
		}
		return err
	})
	if twins := cycle.Twins(in, all); err == nil && twins != "" {
		d.add("twins", "No other instance works on the same accounts", component.Failed, twins, "")
	}
}

// line adds a line that works, or says what was refused.
func (d *diagnosis) line(name, title string, err error) {
	if err != nil {
		d.add(name, title, component.Failed, err.Error(), "")
		return
	}
	d.add(name, title, component.Works, "it works", "")
}
