package revio

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Customer is Rev.io's record of who is served. Its paths are CONFIRMED, the
// names of its fields are ASSUMED.
type Customer struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Status      string     `json:"status" jsonschema_description:"Open, Pending, Prospect or Closed, as Rev.io has it."`
	Description *string    `json:"description,omitempty" jsonschema_description:"Only where the profile names the field and the record shows it."`
	Notes       *string    `json:"notes,omitempty" jsonschema_description:"Only where the profile names the field and the record shows it."`
	City        string     `json:"city"`
	Domain      string     `json:"domain" jsonschema_description:"The host of the customer's website."`
	Phone       string     `json:"phone"`
	ModifiedAt  *time.Time `json:"modifiedAt,omitempty"`
}

// CustomerList is some or all customers.
type CustomerList struct {
	Items []Customer `json:"items"`
	component.Listing
}

// ByID names one record.
type ByID struct {
	ID string `json:"id" jsonschema:"minLength=1,pattern=^[A-Za-z0-9_-]+$"`
}

// ListCustomersInput says how much of the list is wanted.
type ListCustomersInput struct {
	component.Page
}

// UpdateCustomerInput says what to change of a customer.
type UpdateCustomerInput struct {
	ID  string            `json:"id" jsonschema:"minLength=1,pattern=^[A-Za-z0-9_-]+$"`
	Set map[string]string `json:"set" jsonschema:"minProperties=1" jsonschema_description:"name, description and notes, to their new text; an empty one clears it."`
	Was map[string]string `json:"was,omitempty" jsonschema_description:"What the fields held when the change was decided. One that holds something else now stops the change."`
}

// The customers' actions.
var (
	ListCustomers = component.Method(Connection, component.Spec{
		Name: "revio.list-customers", Summary: "Lists the Rev.io customers.",
		Effect: component.Reads, Access: component.View,
	}, (*Client).listCustomers)

	GetCustomer = component.Method(Connection, component.Spec{
		Name: "revio.get-customer", Summary: "Reads one Rev.io customer.",
		Effect: component.Reads, Access: component.View,
	}, (*Client).getCustomer)

	UpdateCustomer = component.Method(Connection, component.Spec{
		Name: "revio.update-customer", Summary: "Changes the name, the description or the notes of a Rev.io customer, unless it changed since it was read.",
		Effect: component.Writes, Access: component.Operate,
	}, (*Client).updateCustomer)
)

func (c *Client) listCustomers(ctx context.Context, in ListCustomersInput) (CustomerList, error) {
	if !c.profile.Capabilities.CustomerList {
		return CustomerList{}, component.Errorf(component.Forbidden, "this tenant does not list its customers: the profile line capabilities.customerList is false").
			Then("Read customers one by one, by id; if the tenant lists them now, set the line to true.")
	}
	items, listing, err := readList(ctx, c, list{
		path: c.profile.Paths.Customers, line: "paths.customers", about: "the customers", ids: c.profile.Fields.Customer.ID,
	}, in.Page, func(r record) (Customer, bool, error) {
		customer, err := c.customer(r)
		return customer, true, err
	})
	return CustomerList{Items: items, Listing: listing}, err
}

func (c *Client) getCustomer(ctx context.Context, in ByID) (Customer, error) {
	r, _, err := c.readRecord(ctx, c.customerPlace(in.ID))
	if err != nil {
		return Customer{}, err
	}
	return c.customer(r)
}

func (c *Client) updateCustomer(ctx context.Context, in UpdateCustomerInput) (Customer, error) {
	if !c.profile.Capabilities.UpdateCustomer {
		return Customer{}, component.Errorf(component.Forbidden, "customer %s was not changed: the profile line capabilities.updateCustomer is false", in.ID).
			Then("Set it to true if this tenant lets customers be changed.")
	}
	names := c.profile.Fields.Customer
	r, err := c.change(ctx, c.customerPlace(in.ID), change{set: in.Set, was: in.Was, read: plainField,
		names: map[string]Names{"name": names.Name, "description": names.Description, "notes": names.Notes}})
	if err != nil {
		return Customer{}, err
	}
	return c.customer(r)
}

// customerPlace says where one customer is.
func (c *Client) customerPlace(id string) place {
	return place{path: recordPath(c.profile.Paths.Customer, id), line: "paths.customer", about: "customer " + id, id: id, ids: c.profile.Fields.Customer.ID}
}

// customer reads a record.
func (c *Client) customer(r record) (Customer, error) {
	names := c.profile.Fields.Customer
	name, shown, plain := r.text(names.Name)
	if !shown || !plain || name == "" {
		return Customer{}, errors.New("the customer shows no name; the profile line is fields.customer.name")
	}
	return Customer{
		ID: r.id(names.ID), Name: name, Status: r.plain(names.Status),
		Description: r.optional(names.Description), Notes: r.optional(names.Notes),
		City: r.plain(names.City), Domain: domain(r.plain(names.Website)), Phone: r.plain(names.Phone),
		ModifiedAt: r.instant(names.Modified),
	}, nil
}

// domain gives the host of a website, however it was typed.
func domain(website string) string {
	website = strings.TrimSpace(website)
	if website == "" {
		return ""
	}
	if !strings.Contains(website, "://") {
		website = "https://" + website
	}
	u, err := url.Parse(website)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
