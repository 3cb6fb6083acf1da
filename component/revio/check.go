package revio

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// CheckConnection walks the profile in an order that only reads. Its lines are
// named as the profile's are, so that each says by itself what to set.
var CheckConnection = component.Method(Connection, component.Spec{
	Name: "revio.check-connection", Summary: "Walks the Rev.io profile line by line, reading only, and says what works, what is missing and what differs.",
	Effect: component.Reads, Access: component.Configure,
}, (*Client).checkConnection)

// checkup gathers the lines of a check, and what later lines need of earlier
// ones.
type checkup struct {
	client *Client
	report component.CheckReport

	customers []record // of the first page
	owner     string   // a customer with assets
	asset     record   // one of its assets
}

// say adds a line that the sync can do without.
func (u *checkup) say(name, title string, state component.State, message, do string) {
	u.report.Checks = append(u.report.Checks, component.Check{Name: name, Title: title, State: state, Message: message, Do: do})
}

// need adds a line that the sync cannot do without.
func (u *checkup) need(name, title string, state component.State, message, do string) {
	u.say(name, title, state, message, do)
	u.report.Checks[len(u.report.Checks)-1].Needed = true
	if state != component.Works && state != component.NotTested {
		u.report.OK = false
	}
}

// refused adds a needed line for a call that failed: missing where the tenant
// does not offer it.
func (u *checkup) refused(name, title string, err error) {
	state, message, do := component.Failed, err.Error(), ""
	var e *component.Error
	if errors.As(err, &e) {
		message, do = e.Message, e.Do
		if e.Code == component.NotFound || e.Code == component.Forbidden {
			state = component.Missing
		}
	}
	u.need(name, title, state, message, do)
}

// checkConnection walks the token, the customers, the asset types, the assets,
// their fields, the filters and Production Mode. What it finds is in the report;
// only an interruption is an error.
func (c *Client) checkConnection(ctx context.Context, _ component.NoInput) (component.CheckReport, error) {
	u := &checkup{client: c, report: component.CheckReport{OK: true}}
	if _, err := c.token(ctx); err != nil {
		u.refused("token", "Rev.io gives a token", err)
	} else {
		u.need("token", "Rev.io gives a token", component.Works, "The Client ID and the Client Secret are accepted.", "")
		u.checkCustomers(ctx)
		u.checkCustomer(ctx)
		u.checkAssetTypes(ctx)
		u.checkAssets(ctx)
		u.checkFilters(ctx)
	}
	u.report.Checks = append(u.report.Checks, c.clock.Check("Rev.io"))
	u.checkProduction()
	if ctx.Err() != nil {
		return component.CheckReport{}, &component.Error{Code: component.Unavailable, Message: "the check of the connection to Rev.io was interrupted", Do: "Call it again; it only reads.", Err: ctx.Err()}
	}
	return u.report, nil
}

// customerList is the list of customers, as a list that can be read by page.
func (c *Client) customerList() list {
	return list{path: c.profile.Paths.Customers, line: "paths.customers", about: "the customers", ids: c.profile.Fields.Customer.ID}
}

// page reads one page of a list, with as many records as asked for.
func (u *checkup) page(ctx context.Context, l list, page, size int) ([]record, error) {
	w := &walk{client: u.client, list: l, page: page, size: size, seen: map[string]bool{}, total: -1}
	return w.next(ctx)
}

// checkCustomers lists the first customers, and tries the pages on them.
func (u *checkup) checkCustomers(ctx context.Context) {
	const name, title = "paths.customers", "Customers can be listed"
	if !u.client.profile.Capabilities.CustomerList {
		u.need(name, title, component.Missing, "The profile says that this tenant does not list its customers (capabilities.customerList).",
			"Set the profile line capabilities.customerList to true if it does now; without the list, organizations cannot be matched.")
		return
	}
	size := u.client.profile.PerPage
	rows, err := u.page(ctx, u.client.customerList(), 1, size)
	if err != nil {
		u.refused(name, title, err)
		return
	}
	u.customers = rows
	u.need(name, title, component.Works, fmt.Sprintf("The tenant answers; the first page has %s.", counted(len(rows), "customer")), "")
	u.checkPages(ctx, rows, size)
}

// checkPages asks for the second page, and for a page of one.
func (u *checkup) checkPages(ctx context.Context, first []record, size int) {
	const title = "Lists come in pages"
	names := u.client.profile.Query
	if names.Page == "" {
		u.need("query.page", title, component.NotTested, "The profile says that lists have no pages.", "")
		return
	}
	if len(first) < 2 {
		u.need("query.page", title, component.NotTested, "There are too few customers to try it.", "")
		return
	}
	second, err := u.page(ctx, u.client.customerList(), 2, size)
	if err != nil {
		u.refused("query.page", title, err)
		return
	}
	ids := u.client.profile.Fields.Customer.ID
	if len(second) > 0 && second[0].id(ids) == first[0].id(ids) {
		u.need("query.page", title, component.Differs, "The second page is the first one again: the parameter "+names.Page+" is ignored.",
			"Set the profile line query.page to the tenant's name for it, or to nothing if its lists have no pages.")
		return
	}
	if len(second) > 0 && len(first) < size {
		u.need("query.page", title, component.Works, fmt.Sprintf("They do; the tenant gives at most %d records on a page.", len(first)),
			fmt.Sprintf("Set the profile line perPage to %d; it works without, too.", len(first)))
	} else {
		u.need("query.page", title, component.Works, "They do.", "")
	}
	if one, err := u.page(ctx, u.client.customerList(), 1, 1); err == nil && len(one) != 1 {
		u.say("query.perPage", "The size of a page can be chosen", component.Differs, fmt.Sprintf("Asked for one customer, the tenant gave %d.", len(one)),
			"Set the profile line query.perPage to the tenant's name for it; without, only more requests are made.")
	}
}

// checkCustomer reads the first customer by its id, and looks for its fields.
func (u *checkup) checkCustomer(ctx context.Context) {
	const name, title = "paths.customer", "A customer can be read"
	if len(u.customers) == 0 {
		u.say(name, title, component.NotTested, "No customer is known to try it with.", "")
		return
	}
	c := u.client
	r, _, err := c.readRecord(ctx, c.customerPlace(u.customers[0].id(c.profile.Fields.Customer.ID)))
	if err != nil {
		u.refused(name, title, err)
		return
	}
	u.need(name, title, component.Works, "It can.", "")
	n := c.profile.Fields.Customer
	u.fields("customer", r, slices.Concat(n.ID), []fieldLine{
		{"name", n.Name, true}, {"status", n.Status, false}, {"description", n.Description, false}, {"notes", n.Notes, false},
		{"city", n.City, false}, {"website", n.Website, false}, {"phone", n.Phone, false}, {"modified", n.Modified, false},
	})
}

func (u *checkup) checkAssetTypes(ctx context.Context) {
	const name, title = "paths.assetTypes", "Asset types can be listed"
	items, listing, err := u.client.tenantAssetTypes(ctx)
	fixed := len(u.client.profile.AssetTypesFixed)
	switch {
	case errors.Is(err, component.Forbidden) && fixed > 0:
		u.say(name, title, component.Works, fmt.Sprintf("The tenant does not list them; the profile has %s (assetTypesFixed).", counted(fixed, "asset type")), "")
	case err != nil:
		u.refused(name, title, err)
	case len(items) == 0 && len(listing.Odd) > 0:
		u.need(name, title, component.Differs, "None of them could be read: "+listing.Odd[0].Reason+".", "Set the profile lines fields.assetType.id and fields.assetType.name.")
	case len(items) == 0:
		u.need(name, title, component.Missing, "The tenant has no asset type.", "Configure asset types in Rev.io, such as Equipment, License or Other.")
	default:
		u.need(name, title, component.Works, fmt.Sprintf("The tenant has %s.", counted(len(items), "asset type")), "")
	}
}

// mostOwners is how many customers are tried to find one with assets.
const mostOwners = 10

// assetList is the list of a customer's assets.
func (u *checkup) assetList(query url.Values) list {
	c := u.client
	return list{path: c.profile.Paths.Assets, line: "paths.assets", about: "the assets of a customer", query: query, ids: c.profile.Fields.Asset.ID}
}

// assetQuery asks for the assets of a customer, and for one thing more.
func (u *checkup) assetQuery(owner string, more ...string) url.Values {
	q := url.Values{}
	if name := u.client.profile.Query.CustomerID; name != "" {
		q.Set(name, owner)
	}
	if len(more) == 2 {
		q.Set(more[0], more[1])
	}
	return q
}

// checkAssets looks for a customer with assets, reads one of them, and looks
// for its fields.
func (u *checkup) checkAssets(ctx context.Context) {
	const name, title = "paths.assets", "Assets of a customer can be listed"
	c, n := u.client, u.client.profile.Fields.Asset
	if len(u.customers) == 0 {
		u.need(name, title, component.NotTested, "No customer is known to try it with.", "")
		return
	}
	tried := u.customers[:min(len(u.customers), mostOwners)]
	for _, customer := range tried {
		owner := customer.id(c.profile.Fields.Customer.ID)
		rows, err := u.page(ctx, u.assetList(u.assetQuery(owner)), 1, c.profile.PerPage)
		if err != nil {
			u.refused(name, title, err)
			return
		}
		i := slices.IndexFunc(rows, func(r record) bool { return r.id(n.CustomerID) == owner })
		if i < 0 && len(rows) > 0 && rows[0].id(n.CustomerID) == "" {
			u.need(name, title, component.Differs, "The assets do not say whose they are. They show: "+shownNames(rows[0], nil)+".",
				"Set the profile line fields.asset.customerId to the name that holds the customer.")
			return
		}
		if i >= 0 {
			u.owner, u.asset = owner, rows[i]
			break
		}
	}
	if u.owner == "" {
		u.need(name, title, component.Works, fmt.Sprintf("They can; %s had none, so that their fields could not be looked at.", counted(len(tried), "customer")),
			"Add an asset to a customer in Rev.io, and check again.")
		return
	}
	u.need(name, title, component.Works, "They can.", "")
	u.checkAsset(ctx)
}

// checkAsset reads one asset by its id.
func (u *checkup) checkAsset(ctx context.Context) {
	const name, title = "paths.asset", "An asset can be read"
	c, n := u.client, u.client.profile.Fields.Asset
	r, _, err := c.readRecord(ctx, c.assetPlace(u.asset.id(n.ID)))
	if err != nil {
		u.refused(name, title, err)
		return
	}
	u.need(name, title, component.Works, "It can.", "")
	lines := []fieldLine{{"customerId", n.CustomerID, true}, {"assetTypeId", n.TypeID, false}}
	for _, field := range assetFields {
		lines = append(lines, fieldLine{field, n.of(field), field == "name"})
	}
	if c.profile.Capabilities.ExternalReference {
		lines = append(lines, fieldLine{"externalReference", n.ExternalReference, false})
	}
	lines = append(lines, fieldLine{"status", n.Status, false}, fieldLine{"created", n.Created, false}, fieldLine{"modified", n.Modified, false})
	u.fields("asset", r, slices.Concat(n.ID, n.TypeName), lines)
}

func (u *checkup) checkProduction() {
	const name, title = "production", "Changes are written"
	switch c := u.client; {
	case c.settings.Production:
		u.say(name, title, component.Works, "Production Mode is on: changes are written to "+c.settings.Tenant+".", "")
	case c.sandbox():
		u.say(name, title, component.Works, "Production Mode is off: changes are written to the sandbox "+c.profile.SandboxBaseURL+".", "")
	default:
		u.say(name, title, component.Differs, "Production Mode is off, and the profile names no sandbox: nothing is written.",
			"Turn Production Mode on, or set the profile line sandboxBaseURL.")
	}
}

// fieldLine is one line of the profile's fields.
type fieldLine struct {
	field  string
	names  Names
	needed bool
}

// fields looks for each field of a record. Other are the names that are known
// beside those of the lines; what is left over is what a missing one may be.
func (u *checkup) fields(kind string, r record, other Names, lines []fieldLine) {
	known := slices.Clone(other)
	for _, l := range lines {
		known = append(known, l.names...)
	}
	for _, l := range lines {
		name, title := "fields."+kind+"."+l.field, "The "+kind+" shows its "+lineTitle(l.field)
		key, found := r.key(l.names)
		add := u.say
		if l.needed {
			add = u.need
		}
		switch {
		case len(l.names) == 0:
			add(name, title, component.NotTested, "The profile names no such field, so that it is left out.", "")
		case !found:
			add(name, title, component.Missing, "The "+kind+" has none of: "+strings.Join(l.names, ", ")+".",
				"Set the profile line "+name+" to its name. Names not used yet: "+shownNames(r, known)+".")
		case key != l.names[0]:
			add(name, title, component.Works, "It is called "+key+".", "Set the profile line "+name+" to "+key+", so that it is written under this name, too.")
		default:
			add(name, title, component.Works, "It is called "+key+".", "")
		}
	}
}

// lineTitle words a line of the profile's fields.
func lineTitle(field string) string {
	words := map[string]string{
		"customerId": "customer", "assetTypeId": "asset type", "externalReference": "external reference", "created": "date of creation",
		"modified": "date of change", "name": "name", "status": "status", "city": "city", "website": "website", "phone": "phone number",
	}
	if w, ok := words[field]; ok {
		return w
	}
	return FieldTitle(field)
}

// shownNames lists the names that a record shows, without those that are known.
func shownNames(r record, known Names) string {
	var names []string
	for _, key := range slices.Sorted(maps.Keys(r.raw)) {
		if !slices.ContainsFunc(known, func(n string) bool { return fold(n) == fold(key) }) {
			names = append(names, plainLine(key))
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names[:min(len(names), 40)], ", ")
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
