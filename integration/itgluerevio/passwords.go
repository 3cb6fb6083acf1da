package itgluerevio

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Password is an entry of the password list.
type Password struct {
	ID               string     `json:"id"`
	Name             string     `json:"name"`
	Username         string     `json:"username,omitempty"`
	Category         string     `json:"category,omitempty"`
	URL              string     `json:"url,omitempty"`
	Organization     string     `json:"organization" jsonschema_description:"The organization's id."`
	OrganizationName string     `json:"organizationName,omitempty" jsonschema_description:"The organization's name."`
	Asset            string     `json:"asset,omitempty" jsonschema_description:"The IT Glue asset it is attached to."`
	AssetName        string     `json:"assetName,omitempty" jsonschema_description:"The asset's name, as it was last seen."`
	Linkage          string     `json:"linkage" jsonschema:"enum=attached,enum=mentioned,enum=standalone"`
	Changed          *time.Time `json:"changed,omitempty" jsonschema_description:"When its value last changed."`
	Note             string     `json:"note,omitempty" jsonschema_description:"What to do about it, in words."`
}

// ListPasswordsInput narrows the password list.
type ListPasswordsInput struct {
	component.Page
	Organization string `json:"organization,omitempty"`
	Asset        string `json:"asset,omitempty" jsonschema_description:"Only of this IT Glue asset."`
	Linkage      string `json:"linkage,omitempty" jsonschema:"enum=attached,enum=mentioned,enum=standalone"`
	Search       string `json:"search,omitempty"`
}

// PasswordList is a page of the password list.
type PasswordList struct {
	Items []Password `json:"items"`
	Next  string     `json:"next,omitempty"`
}

func (k keeper) listPasswords() component.Callable {
	return component.Func(component.Spec{Name: "passwords.list", Summary: "List the passwords of accepted organizations: never a value.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ListPasswordsInput) (PasswordList, error) {
			out := PasswordList{Items: []Password{}}
			err := k.read(ctx, func(tx store.Tx) error {
				q := store.PasswordQuery{Linkage: store.Linkage(in.Linkage), Search: in.Search, After: in.Cursor, Limit: in.Limit, Accepted: true}
				if in.Organization != "" {
					q.Organizations = []string{in.Organization}
				}
				if in.Asset != "" {
					q.Assets = []string{in.Asset}
				}
				list, next, err := tx.ListPasswords(ctx, s.Instance, q)
				out.Next = next
				for _, p := range list {
					out.Items = append(out.Items, shownPassword(p))
				}
				if err == nil {
					err = nameOwners(ctx, tx, s.Instance, out.Items)
				}
				if err == nil {
					err = nameAssets(ctx, tx, s.Instance, out.Items)
				}
				return err
			})
			return out, err
		})
}

// nameOwners adds the names of the organizations of passwords.
func nameOwners(ctx context.Context, tx store.Tx, instance string, items []Password) error {
	names := map[string]string{}
	for _, p := range items {
		names[p.Organization] = ""
	}
	links, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{IDs: slices.Sorted(maps.Keys(names))})
	for _, l := range links {
		names[l.ID] = l.Organization.Name
	}
	for i := range items {
		items[i].OrganizationName = names[items[i].Organization]
	}
	return err
}

// nameAssets adds the names of the assets that passwords are attached to.
func nameAssets(ctx context.Context, tx store.Tx, instance string, items []Password) error {
	var ids []string
	for _, p := range items {
		if p.Asset != "" {
			ids = append(ids, p.Asset)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	records, _, err := tx.ListRecords(ctx, instance, store.RecordQuery{Side: reconcile.Left, IDs: ids})
	names := map[string]string{}
	for _, r := range records {
		names[r.ID] = r.Name
	}
	for i := range items {
		items[i].AssetName = names[items[i].Asset]
	}
	return err
}

func shownPassword(p store.Password) Password {
	out := Password{ID: p.ID, Name: p.Name, Username: p.Username, Category: p.Category, URL: p.URL, Organization: p.Organization, Asset: p.Asset, Linkage: string(p.Linkage), Changed: component.Instant(p.Changed)}
	if p.Linkage == store.Standalone {
		out.Note = "not attached to a flexible asset: embed it in one in IT Glue to see it here"
	}
	return out
}
