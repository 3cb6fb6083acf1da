package itgluerevio

import (
	"context"
	"fmt"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// ShowLinkInput names a link.
type ShowLinkInput struct {
	ID         string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The organization."`
	CustomerID string `json:"customerId,omitempty" jsonschema_description:"Compare with this customer instead of the link's own."`
	Live       bool   `json:"live,omitempty" jsonschema_description:"Also read the organization and the customer live, to compare all of their details."`
}

// LinkField is one detail of both sides of a link.
type LinkField struct {
	Title  string `json:"title"`
	ITGlue string `json:"itglue"`
	Revio  string `json:"revio"`
	Same   bool   `json:"same"`
}

// LinkEvent is something that a person did with a link.
type LinkEvent struct {
	Seq    int64             `json:"seq"`
	At     string            `json:"at" jsonschema:"format=date-time"`
	Actor  string            `json:"actor"`
	Action string            `json:"action"`
	Detail map[string]string `json:"detail,omitempty"`
}

// LinkShown is all that is known of a link.
type LinkShown struct {
	Link     Link         `json:"link"`
	Fields   []LinkField  `json:"fields" jsonschema_description:"Both sides' details side by side."`
	Parent   *store.Party `json:"parent,omitempty" jsonschema_description:"The organization above it."`
	Children []Link       `json:"children" jsonschema_description:"The links directly below it."`
	History  []LinkEvent  `json:"history" jsonschema_description:"What people decided of it, newest first."`
	Assets   AssetCount   `json:"assets"`
	Accept   string       `json:"accept" jsonschema_description:"What accepting it does, in words."`
	Reject   string       `json:"reject" jsonschema_description:"What rejecting it does, in words."`
	Notes    []string     `json:"notes" jsonschema_description:"What could not be read, in words."`
}

// What deciding a link does, as the help article says it.
const (
	acceptWords = "Data of this organization flows from then on: its assets are matched to existing Rev.io assets by serial number, and new Rev.io records are created for anything that does not match."
	rejectWords = "Rejecting a link pauses sync without deleting data and can be reversed."
)

func (k keeper) showLink() component.Callable {
	return component.Func(component.Spec{Name: "links.show", Summary: "Show a link with both sides' details, its runners-up and what was decided of it.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ShowLinkInput) (LinkShown, error) {
			out := LinkShown{Fields: []LinkField{}, Children: []Link{}, History: []LinkEvent{}, Accept: acceptWords, Reject: rejectWords, Notes: []string{}}
			var customer store.Customer
			err := k.read(ctx, func(tx store.Tx) (err error) {
				customer, err = out.fill(ctx, tx, s.Instance, in)
				return err
			})
			if err != nil {
				return out, err
			}
			left := itglue.Organization{Name: out.Link.Organization.Name, StatusName: out.Link.Organization.Status}
			if in.Live {
				left, customer = out.live(ctx, s, left, customer)
			}
			out.compare(left, customer)
			return out, nil
		})
}

// fill takes what is stored of a link, and gives the customer to compare with.
func (out *LinkShown) fill(ctx context.Context, tx store.Tx, instance string, in ShowLinkInput) (customer store.Customer, err error) {
	l, err := tx.Link(ctx, instance, in.ID)
	if err != nil {
		return customer, err
	}
	shown, err := shownLinks(ctx, tx, instance, []store.Link{l})
	if err != nil {
		return customer, err
	}
	out.Link = shown[0]
	if l.Organization.Parent != "" {
		above, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{IDs: []string{l.Organization.Parent}})
		if err != nil {
			return customer, err
		}
		if len(above) > 0 {
			out.Parent = &above[0].Organization
		}
	}
	children, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{Parents: []string{l.ID}})
	if err != nil {
		return customer, err
	}
	for _, c := range children {
		out.Children = append(out.Children, shownLink(c))
	}
	entries, _, err := tx.FindAudit(ctx, instance, store.AuditQuery{Subjects: []string{"link " + l.ID}, Limit: 50})
	if err != nil {
		return customer, err
	}
	for _, e := range entries {
		out.History = append(out.History, LinkEvent{Seq: e.Seq, At: e.At.UTC().Format("2006-01-02T15:04:05Z"), Actor: e.Actor, Action: e.Action, Detail: e.Detail})
	}
	if l.State == store.Accepted {
		if out.Assets, err = countAssets(ctx, tx, instance, l); err != nil {
			return customer, err
		}
	}
	id := in.CustomerID
	if id == "" {
		id = customerID(l.Customer)
	}
	if id == "" {
		return customer, nil
	}
	customers, _, err := tx.ListCustomers(ctx, instance, store.CustomerQuery{IDs: []string{id}})
	if len(customers) > 0 {
		return customers[0], err
	}
	customer.ID = id
	if l.Customer != nil && l.Customer.ID == id {
		customer.Name, customer.Status = l.Customer.Name, l.Customer.Status
	}
	return customer, err
}

// live reads both records again. A side that cannot be read is shown as it is
// stored, with the reason.
func (out *LinkShown) live(ctx context.Context, s *component.Session, left itglue.Organization, right store.Customer) (itglue.Organization, store.Customer) {
	if o, err := itglue.GetOrganization.Call(ctx, s, itglue.GetOrganizationInput{ID: out.Link.ID}); err == nil {
		left = o
	} else {
		what, _ := said(err)
		out.Notes = append(out.Notes, "IT Glue's side is as it was last listed: "+what+".")
	}
	if right.ID == "" {
		return left, right
	}
	if c, err := revio.GetCustomer.Call(ctx, s, revio.ByID{ID: right.ID}); err == nil {
		right = store.Customer{ID: c.ID, Name: c.Name, Status: c.Status, City: c.City, Domain: c.Domain, Phone: c.Phone}
	} else {
		what, _ := said(err)
		out.Notes = append(out.Notes, "Rev.io's side is as it was last listed: "+what+".")
	}
	return left, right
}

// compare puts both sides' details side by side.
func (out *LinkShown) compare(left itglue.Organization, right store.Customer) {
	parent := ""
	if out.Parent != nil {
		parent = out.Parent.Name
	}
	for _, f := range []LinkField{
		{Title: "Name", ITGlue: left.Name, Revio: right.Name}, {Title: "Status", ITGlue: left.StatusName, Revio: right.Status},
		{Title: "Short name", ITGlue: left.ShortName}, {Title: "Type", ITGlue: left.TypeName}, {Title: "Parent", ITGlue: parent},
		{Title: "City", Revio: right.City}, {Title: "Domain", Revio: right.Domain}, {Title: "Phone", Revio: right.Phone},
	} {
		if f.ITGlue+f.Revio == "" && f.Title != "Name" {
			continue
		}
		f.Same = f.ITGlue != "" && strings.EqualFold(strings.TrimSpace(f.ITGlue), strings.TrimSpace(f.Revio))
		out.Fields = append(out.Fields, f)
	}
	if n := len(out.Children); n > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s below it; parents are processed before their children.", counted(n, "organization is", "organizations are")))
	}
}
