package cycle

import (
	"context"
	"slices"
	"strconv"

	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// passwords keeps the password list: names and addresses, never a value. What
// belongs to no asset of a selected type is dropped on arrival.
func (c *Cycle) passwords(ctx context.Context, links []store.Link) error {
	total := &c.report.Passwords
	for chunk := range slices.Chunk(links, orgsPerList) {
		c.Session.Report("reading the password list", total.Attached, 0)
		list, err := itglue.ListPasswords.Call(ctx, c.Session, itglue.ListPasswordsInput{OrganizationIDs: linkIDs(chunk)})
		if err != nil {
			return err
		}
		assets, err := c.assetIDs(ctx, chunk)
		if err != nil {
			return err
		}
		var entries []store.Password
		for _, p := range list.Items {
			if e, keep := c.entry(p, assets); keep {
				entries = append(entries, e)
			}
		}
		if !list.Complete {
			c.note("%s; no password is taken off the list because of it.", incomplete(list.Listing, "IT Glue's list of passwords"))
		}
		err = c.write(ctx, func(tx store.Tx) error {
			added, removed, err := tx.SavePasswords(ctx, c.Instance, linkIDs(chunk), entries, list.Complete)
			total.Added, total.Removed = total.Added+added, total.Removed+removed
			return err
		})
		if err != nil {
			return err
		}
	}
	if total.Standalone > 0 {
		c.note("%d passwords are not attached to a flexible asset and are not listed. Embed them in an asset in IT Glue to see them here.", total.Standalone)
	}
	if c.dry {
		return nil
	}
	return c.setNotes(ctx, map[string]string{"passwords.mentioned": strconv.Itoa(total.Mentioned)}, nil)
}

// assetIDs gives the assets of selected types that these organizations have.
func (c *Cycle) assetIDs(ctx context.Context, links []store.Link) (map[string]string, error) {
	ids := map[string]string{}
	err := c.Store.Read(ctx, func(tx store.Tx) error {
		stored, _, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{Side: reconcile.Left, Owners: linkIDs(links), Types: c.Config.TypeIDs})
		for _, s := range stored { // also those that an incomplete listing did not show
			ids[s.ID] = s.Owner
		}
		return err
	})
	return ids, err
}

// entry says what becomes of one password.
func (c *Cycle) entry(p itglue.Password, assets map[string]string) (store.Password, bool) {
	total := &c.report.Passwords
	if p.Archived {
		return store.Password{}, false
	}
	e := store.Password{ID: p.ID, Organization: p.OrganizationID, Name: p.Name, Username: p.Username, Category: p.Category, URL: p.URL, Run: c.runID(), Updated: p.UpdatedAt}
	if p.PasswordUpdatedAt != nil {
		e.Changed = *p.PasswordUpdatedAt
	}
	switch {
	case (p.Linkage == "embedded" || p.Linkage == "field") && assets[p.AssetID] == p.OrganizationID:
		total.Attached++
		e.Asset, e.Linkage = p.AssetID, store.Attached
		return e, true
	case p.Linkage == "none" && c.mentions[p.ID] != "":
		total.Mentioned++
		e.Asset, e.Linkage = c.mentions[p.ID], store.Mentioned
		return e, c.Config.Rules.TaggedPasswords
	case p.Linkage == "none":
		total.Standalone++
		return store.Password{ID: e.ID, Organization: e.Organization, Name: e.Name, Linkage: store.Standalone, Run: e.Run, Updated: e.Updated}, true
	}
	total.Dropped++
	return e, false
}
