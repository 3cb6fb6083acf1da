package itgluerevio

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// CustomerRow is a Rev.io customer and how it is linked.
type CustomerRow struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	Status       string       `json:"status,omitempty"`
	City         string       `json:"city,omitempty"`
	Domain       string       `json:"domain,omitempty"`
	Phone        string       `json:"phone,omitempty"`
	Link         string       `json:"link" jsonschema:"enum=none,enum=pending,enum=accepted,enum=rejected" jsonschema_description:"The state of the link that names it: an accepted one first, then a pending one."`
	Organization *store.Party `json:"organization,omitempty" jsonschema_description:"The organization of that link."`
}

// ListCustomersInput narrows the list of customers.
type ListCustomersInput struct {
	component.Page
	Search string `json:"search,omitempty" jsonschema_description:"Part of the name."`
	Link   string `json:"link,omitempty" jsonschema:"enum=none,enum=pending,enum=accepted,enum=rejected" jsonschema_description:"none: no accepted link names it."`
}

// CustomerList is a page of customers.
type CustomerList struct {
	Items []CustomerRow `json:"items"`
	Next  string        `json:"next,omitempty"`
}

func (k keeper) listCustomers() component.Callable {
	return component.Func(component.Spec{Name: "customers.list", Summary: "List the Rev.io customers of the last matching, with how each is linked.", Effect: component.Reads, Access: component.View}, k.findCustomers)
}

func (k keeper) searchCustomers() component.Callable {
	return component.Func(component.Spec{Name: "links.search-customers", Summary: "Find customers that an organization may be linked with.", Effect: component.Reads, Access: component.View}, k.findCustomers)
}

func (k keeper) findCustomers(ctx context.Context, s *component.Session, in ListCustomersInput) (CustomerList, error) {
	out := CustomerList{Items: []CustomerRow{}}
	q := store.CustomerQuery{Search: in.Search, After: in.Cursor, Limit: in.Limit, Free: in.Link == "none"}
	if in.Link != "none" {
		q.Link = store.LinkState(in.Link)
	}
	err := k.read(ctx, func(tx store.Tx) error {
		customers, next, err := tx.ListCustomers(ctx, s.Instance, q)
		if err != nil {
			return err
		}
		out.Next = next
		out.Items, err = customerRows(ctx, tx, s.Instance, customers)
		return err
	})
	return out, err
}

// customerRows joins customers with the links that name them.
func customerRows(ctx context.Context, tx store.Tx, instance string, customers []store.Customer) ([]CustomerRow, error) {
	ids := make([]string, len(customers))
	for i, c := range customers {
		ids[i] = c.ID
	}
	links, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{Customers: ids})
	if err != nil {
		return nil, err
	}
	best := map[string]store.Link{}
	for _, l := range links {
		if before, ok := best[l.Customer.ID]; !ok || linkRank[l.State] < linkRank[before.State] {
			best[l.Customer.ID] = l
		}
	}
	rows := make([]CustomerRow, len(customers))
	for i, c := range customers {
		rows[i] = CustomerRow{ID: c.ID, Name: c.Name, Status: c.Status, City: c.City, Domain: c.Domain, Phone: c.Phone, Link: "none"}
		if l, ok := best[c.ID]; ok {
			rows[i].Link, rows[i].Organization = string(l.State), &l.Organization
		}
	}
	return rows, nil
}

// linkRank is which of several links of a customer counts.
var linkRank = map[store.LinkState]int{store.Accepted: 1, store.Pending: 2, store.Rejected: 3}

// SyncButton says whether the Sync button may be pressed.
type SyncButton struct {
	Enabled bool   `json:"enabled"`
	Why     string `json:"why,omitempty" jsonschema_description:"Why it may not be, in words."`
	Creates bool   `json:"creates" jsonschema_description:"Whether it makes an organization in IT Glue, as none is there."`
}

// CustomerShown is a customer's page.
type CustomerShown struct {
	CustomerRow
	State     string     `json:"state" jsonschema_description:"In words: linked, waits for review, not in IT Glue."`
	Attention string     `json:"attention,omitempty" jsonschema_description:"Why its link is paused by itself."`
	Sync      SyncButton `json:"sync"`
	LastSync  *time.Time `json:"lastSync,omitempty" jsonschema_description:"When a cycle last went through its organization."`
	Assets    AssetCount `json:"assets"`
	Passwords int        `json:"passwords" jsonschema_description:"Passwords on its list."`
	Conflicts int        `json:"conflicts"`
	NextRun   *time.Time `json:"nextRun,omitempty"`
}

// OneCustomer names a customer.
type OneCustomer struct {
	ID string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The Rev.io customer."`
}

func (k keeper) showCustomer() component.Callable {
	return component.Func(component.Spec{Name: "customers.show", Summary: "Show one Rev.io customer: its link, its last sync, its assets and passwords, and whether Sync may be pressed.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in OneCustomer) (out CustomerShown, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				inst, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				customers, _, err := tx.ListCustomers(ctx, s.Instance, store.CustomerQuery{IDs: []string{in.ID}})
				if err != nil {
					return err
				}
				if len(customers) == 0 { // it may be newer than the last listing: Sync reads it live
					customers = []store.Customer{{ID: in.ID, Name: in.ID}}
				}
				rows, err := customerRows(ctx, tx, s.Instance, customers)
				if err == nil {
					out, err = customerShown(ctx, tx, inst, rows[0])
				}
				return err
			})
			return out, err
		})
}

func customerShown(ctx context.Context, tx store.Tx, in store.Instance, row CustomerRow) (CustomerShown, error) {
	out := CustomerShown{CustomerRow: row, NextRun: component.Instant(in.NextDue)}
	var link store.Link
	if row.Organization != nil {
		var err error
		if link, err = tx.Link(ctx, in.ID, row.Organization.ID); err != nil {
			return out, err
		}
		out.Attention = link.Attention
	}
	out.State, out.Sync = syncButton(in, row, link)
	if link.State != store.Accepted {
		return out, nil
	}
	var err error
	if out.Assets, err = countAssets(ctx, tx, in.ID, link); err != nil {
		return out, err
	}
	passwords, _, err := tx.ListPasswords(ctx, in.ID, store.PasswordQuery{Organizations: []string{link.ID}})
	if err != nil {
		return out, err
	}
	out.Passwords = len(passwords)
	conflicts, _, err := tx.ListConflicts(ctx, in.ID, store.ConflictQuery{Open: true, Owners: []string{link.ID}})
	if err != nil {
		return out, err
	}
	out.Conflicts = len(conflicts)
	reports, err := tx.ListReports(ctx, in.ID, []string{link.ID})
	if len(reports) > 0 {
		out.LastSync = component.Instant(reports[0].At)
	}
	return out, err
}

// syncButton says whether Sync may be pressed, and if not, why.
func syncButton(in store.Instance, row CustomerRow, l store.Link) (state string, b SyncButton) {
	switch {
	case in.Status == store.Paused:
		b.Why = "The integration is paused."
	case in.Status != store.Active:
		b.Why = "The integration is not configured yet."
	case l.State == store.Pending && (l.Band == "exact" || l.Band == "strong" || l.DecidedBy != ""):
		b.Why = fmt.Sprintf("It is probably %s in IT Glue: review and accept that link first.", l.Organization.Name)
	case l.State == store.Rejected:
		b.Why = fmt.Sprintf("The link with %s is rejected, which pauses sync without deleting data.", l.Organization.Name)
	case l.Attention != "":
		b.Why = l.Attention
	default:
		b.Enabled, b.Creates = true, l.State != store.Accepted
	}
	switch l.State {
	case store.Accepted:
		return "linked with " + l.Organization.Name, b
	case store.Pending:
		return cmp.Or(map[bool]string{true: "waits for review as " + l.Organization.Name}[!b.Creates], "not linked"), b
	case store.Rejected:
		return "rejected", b
	}
	return "not in IT Glue", b
}
