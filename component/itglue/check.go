package itglue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// CheckConnection checks the connection line by line.
var CheckConnection = component.Method(Connection, component.Spec{
	Name: "itglue.check-connection", Summary: "Check the connection to IT Glue line by line, and say what to do about each fault.",
	Effect: component.Reads, Access: component.Configure,
}, (*Client).CheckConnection)

// checkTitles are the lines of a check, in order.
var checkTitles = []struct{ name, title string }{
	{"host", "IT Glue answers"},
	{"region", "The region is the key's"},
	{"key", "The API key works"},
	{"types", "There are flexible asset types"},
	{"filters", "Filters work as expected"},
	{"password-access", "The key has Password Access"},
	{"clock", "The clocks agree"},
}

// checkup gathers the lines of a check.
type checkup struct{ lines map[string]component.Check }

func (u checkup) say(name string, state component.State, message, do string) {
	u.lines[name] = component.Check{State: state, Message: message, Do: strings.TrimSpace(do)}
}

func (u checkup) report() component.CheckReport {
	r := component.CheckReport{OK: true}
	for _, t := range checkTitles {
		line, said := u.lines[t.name]
		if !said {
			line = component.Check{State: component.NotTested, Message: "Could not be tried, for the fault above."}
		}
		line.Name, line.Title = t.name, t.title
		line.Needed = t.name != "filters" && t.name != "clock"
		r.Checks = append(r.Checks, line)
		r.OK = r.OK && line.State != component.Failed && line.State != component.Missing
	}
	return r
}

// CheckConnection tries the host, the region, the key, the flexible asset
// types, the filters, Password Access and the clock. What it finds is in the
// report; only an interruption is an error.
func (c *Client) CheckConnection(ctx context.Context, _ component.NoInput) (component.CheckReport, error) {
	u := checkup{lines: map[string]component.Check{}}
	first, err := c.probe(ctx, call{})
	if c.checkKey(ctx, u, err) {
		c.checkTypes(ctx, u)
		c.checkFilters(ctx, u, first)
		c.checkPasswordAccess(ctx, u)
		clock := c.clock.Check("IT Glue")
		u.say("clock", clock.State, clock.Message, clock.Do)
	}
	if ctx.Err() != nil {
		return component.CheckReport{}, &component.Error{Code: component.Unavailable, Message: "the check of the connection to IT Glue was interrupted", Err: ctx.Err()}
	}
	return u.report(), nil
}

// probe asks for one organization: the cheapest call that shows whether a key
// works. The call names what is special about it.
func (c *Client) probe(ctx context.Context, k call) (answer, error) {
	k.method, k.path, k.query = http.MethodGet, "/organizations", paged(k.query, "id", 1, 1)
	k.about, k.probe = "the organizations", true
	a, err := c.send(ctx, &k)
	if err == nil {
		_, err = c.open(ctx, &k, a)
	}
	return a, err
}

// checkKey judges the first call. It reports whether it is worth going on.
func (c *Client) checkKey(ctx context.Context, u checkup, err error) bool {
	switch component.CodeOf(err) {
	case component.Forbidden, component.Unauthorized:
		u.say("host", component.Works, c.base+" answers.", "")
		c.checkRegion(ctx, u, err)
		return false
	}
	if err != nil {
		var e *component.Error
		if errors.As(err, &e) {
			u.say("host", component.Failed, e.Message, e.Do)
		} else {
			u.say("host", component.Failed, err.Error(), "Try again later.")
		}
		return false
	}
	u.say("host", component.Works, c.base+" answers.", "")
	u.say("region", component.Works, "The key belongs to "+regionNames[c.region]+".", "")
	if c.endpoint {
		u.say("region", component.NotTested, "The settings name an endpoint of their own.", "")
	}
	u.say("key", component.Works, "The key is accepted. IT Glue revokes a key after 90 days without use.", "")
	return true
}

// checkRegion tries a refused key once in each other region.
func (c *Client) checkRegion(ctx context.Context, u checkup, refused error) {
	tried := 0
	for _, region := range []string{"us", "eu", "au"} {
		base := normalURL(c.profile.Hosts.of(region))
		if region == c.region || base == c.base || (c.endpoint && vendors(base)) {
			continue // a key for an endpoint of its own is not shown to IT Glue
		}
		tried++
		if _, err := c.probe(ctx, call{base: base}); err == nil {
			u.say("region", component.Failed, fmt.Sprintf("This key belongs to %s; you chose %s.", regionNames[region], regionNames[c.region]),
				"Choose the region "+regionNames[region]+".")
			line := u.lines["region"]
			line.Fix = map[string]string{"region": region}
			u.lines["region"] = line
			u.say("key", component.Works, "The key is accepted in "+regionNames[region]+".", "")
			return
		}
	}
	if tried == 0 {
		u.say("region", component.NotTested, "There is no other region to try the key in.", "")
	} else {
		u.say("region", component.NotTested, "The key is refused in every region, so that its own cannot be told.", "")
	}
	message := "IT Glue refuses the key: it is wrong, paused or revoked (unused for 90 days), or this address is not on the account's allow-list."
	if component.CodeOf(refused) == component.Forbidden && tried < 2 {
		message = "IT Glue refuses the key: it is wrong, paused or revoked (unused for 90 days); or it belongs to another region; or this address is not on the account's allow-list."
	}
	u.say("key", component.Failed, message, "Check the key under Account > Settings > API Keys, and the region. "+c.addressToAllow())
}

func (c *Client) checkTypes(ctx context.Context, u checkup) {
	l, err := c.ListFlexibleAssetTypes(ctx, ListFlexibleAssetTypesInput{Page: component.Page{Limit: 1}, EnabledOnly: true})
	switch {
	case err != nil:
		u.say("types", component.Failed, err.Error(), "")
	case l.Total == 0 && len(l.Items) == 0:
		u.say("types", component.Missing, "The account has no enabled flexible asset type.", "Create one in IT Glue under Account > Flexible Asset Types, or enable one.")
	default:
		u.say("types", component.Works, fmt.Sprintf("There are %d enabled flexible asset types.", l.Total), "")
	}
}

// checkFilters looks whether an unknown filter is ignored and a list of ids is
// kept to, both CONFIRMED for organizations.
func (c *Client) checkFilters(ctx context.Context, u checkup, first answer) {
	two, err := c.ListOrganizations(ctx, ListOrganizationsInput{Page: component.Page{Limit: 2}})
	if err != nil {
		u.say("filters", component.Failed, err.Error(), "")
		return
	}
	if len(two.Items) < 2 {
		u.say("filters", component.NotTested, "There are not two organizations to try a filter on.", "")
		return
	}
	ids := []string{two.Items[0].ID, two.Items[1].ID}
	both, err := c.ListOrganizations(ctx, ListOrganizationsInput{Page: component.Page{Limit: 10}, IDs: ids})
	switch {
	case err != nil:
		u.say("filters", component.Failed, err.Error(), "")
		return
	case !c.credential.lists() || both.Total != 2:
		c.credential.turnListsOff()
		u.say("filters", component.Differs, "IT Glue does not keep to a filter by several organizations. One is read a call from now on, which is slower.", "Set assumed.organizationLists to false in the IT Glue profile, which saves finding this out.")
		return
	}
	unknown, err := c.probe(ctx, call{query: url.Values{"filter[no_such_filter]": {"1"}}})
	switch {
	case err != nil:
		u.say("filters", component.Works, "A filter by several organizations works, and an unknown filter is refused.", "")
	case count(unknown) == count(first):
		u.say("filters", component.Works, "A filter by several organizations works. An unknown filter is ignored, so every record is checked against what was asked for.", "")
	default:
		u.say("filters", component.Differs, "A filter by several organizations works. An unknown filter neither is ignored nor refused.", "No need to do anything: every record is checked against what was asked for.")
	}
}

func count(a answer) int {
	var d document
	if json.Unmarshal(a.body, &d) != nil {
		return -1
	}
	if n := d.counts().TotalCount; n != nil {
		return *n
	}
	return -1
}

// checkPasswordAccess asks for the value of the test password. IT Glue records
// that as an access, so that no other password is tried.
func (c *Client) checkPasswordAccess(ctx context.Context, u checkup) {
	if c.testPasswordID == "" {
		u.say("password-access", component.NotTested, "Asking for a value is an access that IT Glue records, so it is tried only on a password that the settings name.", "Name a test password in the connection's settings to have this tested.")
		return
	}
	_, err := c.RevealPassword(ctx, RevealPasswordInput{ID: c.testPasswordID})
	var e *component.Error
	switch {
	case err == nil:
		u.say("password-access", component.Works, "The value of the test password can be read.", "")
	case errors.As(err, &e):
		u.say("password-access", component.Failed, e.Message, e.Do)
	default:
		u.say("password-access", component.Failed, err.Error(), "")
	}
}
