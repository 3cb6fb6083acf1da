package revio

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// noCustomer is a customer id that no tenant has.
const noCustomer = "999999999"

// checkFilters asks, per filter, for what cannot be there, and for what is. A
// filter that is ignored costs requests and no correctness: every record is
// compared again.
func (u *checkup) checkFilters(ctx context.Context) {
	c, q := u.client, u.client.profile.Query
	serial, reference := "", ""
	if u.owner != "" {
		serial = strings.TrimSpace(u.asset.plain(c.profile.Fields.Asset.SerialNumber))
		reference = strings.TrimSpace(u.asset.plain(c.profile.Fields.Asset.ExternalReference))
	}
	u.filter(ctx, probe{line: "query.customerId", title: "Assets can be asked for by customer", parameter: q.CustomerID, absent: noCustomer})
	u.filter(ctx, probe{line: "query.serialNumber", title: "Assets can be asked for by serial number", parameter: q.SerialNumber, absent: "none-" + rand.Text(), present: serial})
	if c.profile.Capabilities.ExternalReference {
		u.filter(ctx, probe{line: "query.externalReference", title: "Assets can be asked for by external reference", parameter: q.ExternalReference, absent: "none-" + rand.Text(), present: reference})
	}
	if q.ModifiedSince != "" {
		u.filter(ctx, probe{line: "query.modifiedSince", title: "Assets can be asked for by date of change", parameter: q.ModifiedSince,
			absent: time.Now().UTC().AddDate(1, 0, 0).Format(time.RFC3339)})
	}
}

// probe is how one filter is tried.
type probe struct {
	line, title string
	parameter   string
	absent      string // a value that no asset has
	present     string // a value that the known asset has; "": none known
}

func (u *checkup) filter(ctx context.Context, p probe) {
	switch {
	case p.parameter == "":
		u.say(p.line, p.title, component.NotTested, "The profile names no such parameter; all of a customer's assets are read instead.", "")
		return
	case u.owner == "":
		u.say(p.line, p.title, component.NotTested, "No asset is known to try it with.", "")
		return
	}
	rows, err := u.asked(ctx, p, p.absent)
	switch {
	case err != nil && component.CodeOf(err) == component.InvalidInput: // it looked at the value
		rows = nil
	case err != nil:
		u.say(p.line, p.title, component.Failed, err.Error(), "Set the profile line "+p.line+" to nothing, to do without it.")
		return
	}
	if len(rows) > 0 {
		u.say(p.line, p.title, component.Differs, fmt.Sprintf("The parameter %s is ignored: it does not keep records back.", p.parameter),
			"Set the profile line "+p.line+" to the tenant's name for it, or to nothing; without, only more requests are made.")
		return
	}
	if p.present == "" {
		u.say(p.line, p.title, component.Works, "It keeps back what does not fit.", "")
		return
	}
	ids := u.client.profile.Fields.Asset.ID
	rows, err = u.asked(ctx, p, p.present)
	for _, r := range rows {
		if err == nil && r.id(ids) == u.asset.id(ids) {
			u.say(p.line, p.title, component.Works, "It finds what fits, and keeps back what does not.", "")
			return
		}
	}
	u.say(p.line, p.title, component.Differs, fmt.Sprintf("With the parameter %s, an asset that is there is not found.", p.parameter),
		"Set the profile line "+p.line+" to the tenant's name for it, or to nothing.")
}

// asked reads the first page of what a filter gives.
func (u *checkup) asked(ctx context.Context, p probe, value string) ([]record, error) {
	query := u.assetQuery(u.owner, p.parameter, value)
	return u.page(ctx, u.assetList(query), 1, u.client.profile.PerPage)
}
