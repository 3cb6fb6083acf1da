package itgluerevio

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
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

// Plan is a plan: what a cycle would do now.
type Plan struct {
	ID      string           `json:"id"`
	Created string           `json:"created"`
	By      string           `json:"by"`
	Report  cycle.Report     `json:"report"`
	Links   []cycle.LinkPlan `json:"links"`
}

// createPlan decides a whole cycle and writes to neither side.
func (k keeper) createPlan() component.Callable {
	spec := flow("plan.create", "Plan a cycle: what would be written where, and what would be held, without writing to either side.")
	return component.Func(spec, func(ctx context.Context, s *component.Session, _ component.NoInput) (Plan, error) {
		c, err := k.newCycle(ctx, s)
		if err != nil {
			return Plan{}, err
		}
		report, err := c.Run(ctx, cycle.Scope{Match: true, Assets: true, Plan: true})
		if err != nil {
			return Plan{}, err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return Plan{}, err
		}
		at := s.Clock().UTC()
		out := Plan{ID: id.String(), Created: at.Format("2006-01-02T15:04:05Z"), By: s.Actor, Report: report, Links: c.Plans()}
		if out.Links == nil {
			out.Links = []cycle.LinkPlan{}
		}
		raw, err := json.Marshal(out)
		if err != nil {
			return out, err
		}
		return out, k.decide(ctx, s, "plan.create", "plan "+out.ID, nil, func(tx store.Tx) error {
			return tx.SavePlan(ctx, s.Instance, store.SavedPlan{ID: out.ID, Created: at, By: s.Actor, Document: raw})
		})
	})
}
