package itgluerevio

import (
	"context"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
)

func flow(name, summary string) component.Spec {
	return component.Spec{Name: name, Summary: summary, Effect: component.Writes, Access: component.Operate}
}

// matchOrganizations suggests links. It reads no asset and no password.
func (k keeper) matchOrganizations() component.Callable {
	return component.Func(flow("sync.match-organizations", "Match IT Glue organizations to Rev.io customers; every suggestion is pending until a person accepts it."),
		func(ctx context.Context, s *component.Session, _ component.NoInput) (cycle.Report, error) {
			report, err := k.run(ctx, s, cycle.Scope{Match: true, Links: []string{}})
			if err == nil && report.Suggested > 0 {
				report.NextCommand = "links list --state pending"
			}
			return report, err
		})
}

// discoverAssets is the cycle over accepted links whose assets were not matched yet.
func (k keeper) discoverAssets() component.Callable {
	return component.Func(flow("sync.discover-assets", "Match the assets of newly accepted links by serial number, and create in Rev.io what nothing matches."),
		func(ctx context.Context, s *component.Session, _ component.NoInput) (cycle.Report, error) {
			return k.run(ctx, s, cycle.Scope{Match: true, Assets: true, Undiscovered: true})
		})
}

// cycle is the hourly sync.
func (k keeper) cycle() component.Callable {
	return component.Func(flow("sync.cycle", "Run one cycle: organizations, assets both ways, details, and the password list."),
		func(ctx context.Context, s *component.Session, _ component.NoInput) (cycle.Report, error) {
			return k.run(ctx, s, cycle.Scope{Match: true, Assets: true})
		})
}

func (k keeper) run(ctx context.Context, s *component.Session, scope cycle.Scope) (cycle.Report, error) {
	c, err := k.newCycle(ctx, s)
	if err != nil {
		return cycle.Report{}, err
	}
	return c.Run(ctx, scope)
}

// CustomerInput names the customer whose Sync button was pressed.
type CustomerInput struct {
	CustomerID string `json:"customerId" jsonschema:"minLength=1" jsonschema_description:"The Rev.io customer."`
}

// customer is the Sync button on a customer's profile.
func (k keeper) customer() component.Callable {
	return component.Func(flow("sync.customer", "Sync one Rev.io customer now; a customer that IT Glue lacks gets an organization there."),
		func(ctx context.Context, s *component.Session, in CustomerInput) (cycle.Pressed, error) {
			c, err := k.newCycle(ctx, s)
			if err != nil {
				return cycle.Pressed{}, err
			}
			return c.Customer(ctx, in.CustomerID)
		})
}
