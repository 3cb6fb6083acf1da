package cycle

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// fingerprint names the writes of a link's plan, with what each would replace:
// the same plan of the same world has the same one.
func fingerprint(p LinkPlan) string {
	raw, err := json.Marshal([]any{p.Organization.ID, p.Customer.ID, p.Details, p.Plan.Ops})
	if err != nil {
		return "" // of no plan: it is never approved
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// planDetails plans the details of the approved links without writing any, and
// refuses when one of them is no longer accepted.
func (c *Cycle) planDetails(ctx context.Context, links []store.Link, approved map[string]string) error {
	for _, id := range sortedKeys(approved) {
		if !slices.ContainsFunc(links, func(l store.Link) bool { return l.ID == id }) {
			return stale(cmp.Or(c.orgs[id].Name, id))
		}
	}
	dry, planned := c.dry, c.report.Planned
	c.dry = true
	err := c.details(ctx, links)
	c.dry, c.report.Planned = dry, planned
	return err
}

// approve refuses plans that are not the ones that a person approved: something
// changed on either side since, and nobody has seen what would be written now.
func (c *Cycle) approve(links []store.Link, plans []reconcile.Plan, approved map[string]string) error {
	for i, l := range links {
		if want := approved[l.ID]; want == "" || c.linkPlan(l, plans[i]).Fingerprint != want {
			return stale(l.Organization.Name)
		}
	}
	return nil
}

func stale(organization string) error {
	return component.Errorf(component.Conflict, "the plan is stale: what would be written for %s is no longer what it says, so nothing was written", organization).
		Then("Make a new one with `plan create`, and look at it.")
}
