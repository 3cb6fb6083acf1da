package cycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/match"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// organizations lists both sides' organizations, makes sure that they are the
// ones this instance is bound to, and brings the links up to date.
func (c *Cycle) organizations(ctx context.Context, scope Scope) error {
	c.Session.Report("reading organizations and customers", 0, 0)
	left, err := itglue.ListOrganizations.Call(ctx, c.Session, itglue.ListOrganizationsInput{})
	if err != nil {
		return err
	}
	known, err := c.knownLinks(ctx)
	if err != nil {
		return err
	}
	right, err := c.listCustomers(ctx, known)
	if err != nil {
		return err
	}
	c.tellClocks()
	c.orgs, c.customers = map[string]itglue.Organization{}, map[string]revio.Customer{}
	for _, o := range left.Items {
		c.orgs[o.ID] = o
		if !c.inactive(o) {
			c.report.Organizations++
		}
	}
	for _, r := range right.Items {
		c.customers[r.ID] = r
		if !closed(r) {
			c.report.Customers++
		}
	}
	if err := c.bind(ctx, known, left.Items); err != nil {
		return err
	}
	if err := c.tellTwins(ctx); err != nil {
		return err
	}
	links := c.refresh(known, left.Listing, right.Listing)
	if scope.Match {
		c.suggest(links)
	}
	if err := c.saveLinks(ctx, known, links); err != nil {
		return err
	}
	if err := c.saveCustomers(ctx, right); err != nil {
		return err
	}
	c.links = c.parentsFirst(links)
	return nil
}

// listCustomers lists the customers. Of a tenant that has no such list only
// those are read that a person linked.
func (c *Cycle) listCustomers(ctx context.Context, known map[string]store.Link) (revio.CustomerList, error) {
	if c.revio.Profile().Capabilities.CustomerList {
		return revio.ListCustomers.Call(ctx, c.Session, revio.ListCustomersInput{})
	}
	c.note("This Rev.io tenant does not list its customers, so none is suggested: link organizations with `links reassign --id ORGANIZATION --customer-id CUSTOMER`.")
	list := revio.CustomerList{Listing: component.Listing{Complete: true}}
	for _, id := range sortedKeys(known) {
		if known[id].Customer == nil {
			continue
		}
		r, err := revio.GetCustomer.Call(ctx, c.Session, revio.ByID{ID: known[id].Customer.ID})
		if err != nil && !errors.Is(err, component.NotFound) {
			return list, err
		}
		if err == nil {
			list.Items = append(list.Items, r)
		}
	}
	return list, nil
}

// saveCustomers keeps the customers for a person to choose from.
func (c *Cycle) saveCustomers(ctx context.Context, list revio.CustomerList) error {
	customers := make([]store.Customer, len(list.Items))
	for i, r := range list.Items {
		customers[i] = store.Customer{ID: r.ID, Name: r.Name, Status: r.Status, City: r.City, Domain: r.Domain, Phone: r.Phone, Seen: c.now()}
	}
	return c.write(ctx, func(tx store.Tx) error { return tx.SaveCustomers(ctx, c.Instance, customers, list.Complete) })
}

func (c *Cycle) knownLinks(ctx context.Context) (map[string]store.Link, error) {
	known := map[string]store.Link{}
	err := c.Store.Read(ctx, func(tx store.Tx) error {
		links, _, err := tx.ListLinks(ctx, c.Instance, store.LinkQuery{})
		for _, l := range links {
			known[l.ID] = l
		}
		return err
	})
	return known, err
}

// sameTenant refuses another tenant than the one that the instance was first
// matched with, before anything is asked of it: a create of the old one that is
// looked up there would count as not carried out.
func (c *Cycle) sameTenant() error {
	tenant := c.inst.Bound["revio"]
	if tenant == "" || strings.EqualFold(tenant, c.Config.Tenant) {
		return nil
	}
	return component.Errorf(component.Forbidden, "this instance is bound to the Rev.io tenant %s, and its settings now name %s", tenant, c.Config.Tenant).
		Then("Set connections.revio.tenant back to %s, or make a new instance for the other tenant.", tenant)
}

// bind refuses the credentials of another account: an instance belongs to the
// account that it was first matched with.
func (c *Cycle) bind(ctx context.Context, known map[string]store.Link, listed []itglue.Organization) error {
	seen := len(known) == 0
	for _, o := range listed {
		if _, ok := known[o.ID]; ok {
			seen = true
		}
	}
	switch {
	case !seen && len(listed) == 0:
		return component.Errorf(component.Forbidden, "IT Glue shows no organization at all, where this instance knows %d; that is not believed, and nothing was changed", len(known)).
			Then("Check the API key and its region with `doctor`.")
	case !seen:
		return component.Errorf(component.Forbidden, "this IT Glue key belongs to another account: none of the %d organizations that this instance knows is there", len(known)).
			Then("Enter a key of the account that the instance was set up with, or make a new instance for the other account.")
	}
	if len(listed) == 0 {
		return nil
	}
	return c.setNotes(ctx, nil, map[string]string{"revio": c.Config.Tenant, "itglue": cmp.Or(c.inst.Bound["itglue"], account(listed))})
}

// account names an IT Glue account by its primary organization, or its first.
func account(listed []itglue.Organization) string {
	first := ""
	for _, o := range listed {
		if o.Primary {
			return "organization " + o.ID
		}
		if first == "" || o.ID < first {
			first = o.ID
		}
	}
	return "organization " + first
}

func (c *Cycle) inactive(o itglue.Organization) bool {
	return slices.ContainsFunc(c.Config.Rules.InactiveStatuses, func(s string) bool { return strings.EqualFold(s, o.StatusName) })
}

func closed(r revio.Customer) bool { return strings.EqualFold(r.Status, "Closed") }

// refresh takes names and statuses over into the links, makes a pending link
// for each new active organization, and says which links are paused by
// themselves.
func (c *Cycle) refresh(known map[string]store.Link, left, right component.Listing) map[string]store.Link {
	links := map[string]store.Link{}
	for id, l := range known {
		o, listed := c.orgs[id]
		if listed {
			l.Organization = party(o)
		}
		l.Attention = c.attention(l, listed, left, right)
		if l.Customer != nil {
			if r, ok := c.customers[l.Customer.ID]; ok {
				p := customerParty(r)
				l.Customer = &p
			}
		}
		links[id] = l
	}
	for id, o := range c.orgs {
		if _, ok := known[id]; !ok && !c.inactive(o) {
			links[id] = store.Link{ID: id, Organization: party(o), State: store.Pending}
			c.report.NewLinks++
		}
	}
	return links
}

// attention says why a link is paused by itself, or "".
func (c *Cycle) attention(l store.Link, listed bool, left, right component.Listing) string {
	o := c.orgs[l.ID]
	switch {
	case !listed && left.Complete:
		return "IT Glue no longer lists this organization; it is paused, and nothing was deleted"
	case listed && c.inactive(o):
		return fmt.Sprintf("the organization is %s in IT Glue; it is paused until that changes", o.StatusName)
	}
	if l.Customer == nil {
		return ""
	}
	r, ok := c.customers[l.Customer.ID]
	switch {
	case !ok && right.Complete:
		return "Rev.io no longer lists this customer; the link is paused, and nothing was deleted"
	case ok && closed(r):
		return fmt.Sprintf("the customer is %s in Rev.io; the link is paused until that changes", r.Status)
	}
	return ""
}

func party(o itglue.Organization) store.Party {
	return store.Party{ID: o.ID, Name: o.Name, Parent: o.ParentID, Status: o.StatusName}
}

func customerParty(r revio.Customer) store.Party {
	return store.Party{ID: r.ID, Name: r.Name, Status: r.Status}
}

// suggest matches the organizations that nobody decided yet.
func (c *Cycle) suggest(links map[string]store.Link) {
	var left, right []match.Entity
	var decided []match.Decided
	for id, l := range links {
		o, listed := c.orgs[id]
		if l.Customer != nil && l.State == store.Accepted {
			decided = append(decided, match.Decided{Left: id, Right: l.Customer.ID, Accepted: true})
		}
		for _, never := range l.Never {
			decided = append(decided, match.Decided{Left: id, Right: never})
		}
		if listed && l.State != store.Rejected && !c.inactive(o) {
			left = append(left, match.Entity{ID: id, Name: o.Name, ParentID: o.ParentID, Primary: o.Primary})
		}
	}
	for id, r := range c.customers {
		if !closed(r) {
			right = append(right, match.Entity{ID: id, Name: r.Name, City: r.City, Domain: r.Domain, Phone: r.Phone})
		}
	}
	for _, s := range match.Organizations(left, right, decided) {
		l := links[s.Left]
		if l.State != store.Pending || l.Customer != nil && l.DecidedBy != "" {
			continue // a person decided, or chose the customer
		}
		l.Customer, l.Band, l.Score, l.Reasons, l.Others = nil, "", 0, nil, nil
		if s.Right != "" {
			p := customerParty(c.customers[s.Right])
			l.Customer, l.Band, l.Score, l.Reasons = &p, string(s.Band), s.Score, reasons(s.Reasons)
			c.report.Suggested++
		}
		for _, o := range s.Others {
			l.Others = append(l.Others, store.Candidate{Customer: customerParty(c.customers[o.Right]), Band: string(o.Band), Score: o.Score, Reasons: reasons(o.Reasons)})
		}
		links[s.Left] = l
	}
}

func reasons(from []match.Reason) []store.Reason {
	all := make([]store.Reason, len(from))
	for i, r := range from {
		all[i] = store.Reason{Text: r.Text, Weight: r.Weight}
	}
	return all
}

// saveLinks stores what changed. A decision that a person made meanwhile stays:
// that link is taken as it is stored.
func (c *Cycle) saveLinks(ctx context.Context, known, links map[string]store.Link) error {
	var changed []string
	for id, l := range links {
		if before, ok := known[id]; !ok || !sameLink(before, l) {
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	for batch := range slices.Chunk(changed, 200) {
		err := c.write(ctx, func(tx store.Tx) error {
			for _, id := range batch {
				l := links[id]
				now, err := tx.Link(ctx, c.Instance, id)
				if err == nil && now.Version != l.Version {
					links[id] = now
					continue
				}
				if l, err = tx.SaveLink(ctx, c.Instance, l); err != nil {
					return err
				}
				links[id] = l
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sameLink compares links as they are stored: an empty list is no list, and a
// score that moved a hair with the rest of the world is the same score.
func sameLink(a, b store.Link) bool {
	if d := a.Score - b.Score; d < 1e-6 && d > -1e-6 {
		b.Score = a.Score
	}
	return reflect.DeepEqual(plainLink(a), plainLink(b))
}

func plainLink(l store.Link) store.Link {
	l.Reasons, l.Others = slices.Clone(l.Reasons), nil
	for i := range l.Reasons {
		l.Reasons[i].Weight = 0
	}
	if len(l.Reasons) == 0 {
		l.Reasons = nil
	}
	if len(l.Never) == 0 {
		l.Never = nil
	}
	return l
}

// parentsFirst orders links so that a parent organization comes before its
// children; a missing parent and a circle count as none and are reported.
func (c *Cycle) parentsFirst(links map[string]store.Link) []store.Link {
	depth := map[string]int{}
	circle := map[string]bool{}
	var level func(id string, path []string) int
	level = func(id string, path []string) int {
		if d, ok := depth[id]; ok {
			return d
		}
		if slices.Contains(path, id) {
			circle[id] = true
			return 0
		}
		l, ok := links[id]
		d := 0
		if ok && l.Organization.Parent != "" {
			if _, there := links[l.Organization.Parent]; there {
				d = level(l.Organization.Parent, append(path, id)) + 1
			}
		}
		depth[id] = d
		return d
	}
	all := make([]store.Link, 0, len(links))
	for _, id := range sortedKeys(links) {
		level(id, nil)
		all = append(all, links[id])
	}
	for _, id := range sortedKeys(circle) {
		c.note("%s is its own ancestor in IT Glue; its hierarchy is ignored.", links[id].Organization.Name)
	}
	slices.SortStableFunc(all, func(a, b store.Link) int {
		return cmp.Or(cmp.Compare(depth[a.ID], depth[b.ID]), cmp.Compare(a.Organization.Name, b.Organization.Name), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// scoped gives the accepted links that this run goes through.
func (c *Cycle) scoped(scope Scope) []store.Link {
	var all []store.Link
	for _, l := range c.links {
		switch {
		case l.State != store.Accepted || l.Customer == nil || l.Attention != "":
		case scope.Undiscovered && !l.Discovered.IsZero():
		case scope.Links != nil && !slices.Contains(scope.Links, l.ID):
		default:
			all = append(all, l)
		}
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
