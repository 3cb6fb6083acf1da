package itgluerevio

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// PlanRow is a plan as it is listed.
type PlanRow struct {
	ID      string     `json:"id"`
	Created time.Time  `json:"created"`
	By      string     `json:"by"`
	Applied *time.Time `json:"applied,omitempty" jsonschema_description:"When it was carried out."`
}

func (k keeper) listPlans() component.Callable {
	type list struct {
		Items []PlanRow `json:"items"`
	}
	return component.Func(component.Spec{Name: "plan.list", Summary: "List the plans that were made, newest first.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (list, error) {
			out := list{Items: []PlanRow{}}
			err := k.read(ctx, func(tx store.Tx) error {
				plans, err := tx.ListPlans(ctx, s.Instance)
				for _, p := range plans {
					out.Items = append(out.Items, PlanRow{ID: p.ID, Created: p.Created, By: p.By, Applied: component.Instant(p.Applied)})
				}
				return err
			})
			return out, err
		})
}

func (k keeper) showPlan() component.Callable {
	return component.Func(component.Spec{Name: "plan.show", Summary: "Show a plan: every write it would make, and what it would hold.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in struct {
			ID string `json:"id" jsonschema:"minLength=1"`
		}) (out Plan, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				p, err := tx.Plan(ctx, s.Instance, in.ID)
				if err != nil {
					return err
				}
				return json.Unmarshal(p.Document, &out)
			})
			return out, err
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

// ApplyPlanInput names a plan.
type ApplyPlanInput struct {
	ID    string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The plan, from plan create."`
	Force bool   `json:"force,omitempty" jsonschema_description:"Carry it out although the mass-change guard stopped it; recorded in the audit log."`
}

// applyPlan carries out a plan that a person looked at, and nothing else. A plan
// is refused when anything that it would write, or replace, is another by now.
func (k keeper) applyPlan() component.Callable {
	return component.Func(flow("plan.apply", "Carry out a plan that was looked at; it is refused when anything moved since."),
		func(ctx context.Context, s *component.Session, in ApplyPlanInput) (cycle.Report, error) {
			plan, err := k.openPlan(ctx, s, in)
			if err != nil {
				return cycle.Report{}, err
			}
			scope := cycle.Scope{Match: true, Assets: true, Approved: map[string]string{}, Links: []string{}}
			for _, l := range plan.Links {
				if len(l.Plan.Ops)+len(l.Details)+len(l.Plan.Look) > 0 {
					scope.Approved[l.Organization.ID] = l.Fingerprint
					scope.Links = append(scope.Links, l.Organization.ID)
				}
			}
			if len(scope.Links) == 0 {
				return cycle.Report{}, component.Errorf(component.InvalidInput, "the plan %s writes nothing", in.ID)
			}
			report, err := k.run(ctx, s, scope)
			if err != nil {
				return report, err
			}
			return report, k.planApplied(ctx, s, in, plan)
		})
}

// openPlan gives a plan that may be applied.
func (k keeper) openPlan(ctx context.Context, s *component.Session, in ApplyPlanInput) (plan Plan, err error) {
	err = k.read(ctx, func(tx store.Tx) error {
		p, err := tx.Plan(ctx, s.Instance, in.ID)
		if err != nil {
			return err
		}
		if !p.Applied.IsZero() {
			return component.Errorf(component.Conflict, "the plan %s was carried out already", in.ID).Then("Make a new one with `plan create`.")
		}
		return json.Unmarshal(p.Document, &plan)
	})
	if err != nil || in.Force {
		return plan, err
	}
	for _, l := range plan.Links {
		if len(l.Plan.Guard) > 0 {
			return plan, component.Errorf(component.NeedsReview, "the mass-change guard stopped %s in this plan: %s", l.Organization.Name, l.Plan.Guard[0]).
				Then("If that is what you want, carry it out with --force.")
		}
	}
	return plan, nil
}

func (k keeper) planApplied(ctx context.Context, s *component.Session, in ApplyPlanInput, plan Plan) error {
	detail := map[string]string{}
	for _, l := range plan.Links {
		for i, g := range l.Plan.Guard {
			detail[fmt.Sprintf("guard.%s.%d", l.Organization.ID, i)] = g
		}
	}
	return k.decide(ctx, s, "plan.apply", "plan "+in.ID, detail, func(tx store.Tx) error {
		p, err := tx.Plan(ctx, s.Instance, in.ID)
		if err != nil {
			return err
		}
		p.Applied = s.Clock()
		return tx.SavePlan(ctx, s.Instance, p)
	})
}
