package itgluerevio

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Conflict is a field that both sides hold differently.
type Conflict struct {
	ID          string     `json:"id"`
	Record      string     `json:"record" jsonschema_description:"The record's name in IT Glue."`
	Field       string     `json:"field"`
	ITGlue      string     `json:"itglue" jsonschema_description:"IT Glue's value."`
	Revio       string     `json:"revio" jsonschema_description:"Rev.io's value."`
	ITGlueAt    *time.Time `json:"itglueAt,omitempty" jsonschema_description:"When IT Glue's record last changed."`
	RevioAt     *time.Time `json:"revioAt,omitempty" jsonschema_description:"When Rev.io's record last changed."`
	Since       time.Time  `json:"since"`
	Explanation string     `json:"explanation"`
	Take        string     `json:"take,omitempty" jsonschema_description:"Whose value a person took; it is carried out by the next cycle."`
}

// ListConflictsInput narrows the list of conflicts.
type ListConflictsInput struct {
	component.Page
	Organization string `json:"organization,omitempty"`
	Field        string `json:"field,omitempty"`
}

// ConflictList is a page of conflicts.
type ConflictList struct {
	Items []Conflict `json:"items"`
	Next  string     `json:"next,omitempty"`
}

func (k keeper) listConflicts() component.Callable {
	return component.Func(component.Spec{Name: "conflicts.list", Summary: "List the open conflicts with both values.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ListConflictsInput) (ConflictList, error) {
			out := ConflictList{Items: []Conflict{}}
			q := store.ConflictQuery{Open: true, Field: in.Field, After: in.Cursor, Limit: in.Limit}
			if in.Organization != "" {
				q.Owners = []string{in.Organization}
			}
			err := k.read(ctx, func(tx store.Tx) error {
				list, next, err := tx.ListConflicts(ctx, s.Instance, q)
				out.Next = next
				for _, c := range list {
					out.Items = append(out.Items, shownConflict(c))
				}
				return err
			})
			return out, err
		})
}

func shownConflict(c store.OpenConflict) Conflict {
	out := Conflict{ID: c.ID, Record: c.Record, Field: c.Field, ITGlue: c.Left, Revio: c.Right, Since: c.Since, Explanation: c.Explanation, Take: c.Choice}
	if c.LeftAt > 0 {
		out.ITGlueAt = component.Instant(time.UnixMilli(c.LeftAt))
	}
	if c.RightAt > 0 {
		out.RevioAt = component.Instant(time.UnixMilli(c.RightAt))
	}
	return out
}

// ResolveInput settles one conflict, or all open ones of a field.
type ResolveInput struct {
	ID           string `json:"id,omitempty" jsonschema_description:"One conflict."`
	Field        string `json:"field,omitempty" jsonschema_description:"All open conflicts of this field instead."`
	Organization string `json:"organization,omitempty" jsonschema_description:"With field: only of this organization, by id."`
	Take         string `json:"take" jsonschema:"enum=itglue,enum=revio" jsonschema_description:"Whose value counts. For a field that travels one way, revio keeps Rev.io's there."`
	DryRun       bool   `json:"dryRun,omitempty" jsonschema_description:"Only show what would be settled."`
}

// Resolved are conflicts that a person settled.
type Resolved struct {
	Items       []Conflict `json:"items"`
	DryRun      bool       `json:"dryRun"`
	NextCommand string     `json:"nextCommand,omitempty"`
}

// resolveConflicts records whose value counts. It holds for the two values that
// the person was shown: if either side changes before the next cycle, the
// conflict is shown again.
func (k keeper) resolveConflicts() component.Callable {
	return component.Func(component.Spec{Name: "conflicts.resolve", Summary: "Settle a conflict, or all of a field: say whose value counts; the next cycle carries it out.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in ResolveInput) (out Resolved, err error) {
			if (in.ID == "") == (in.Field == "") {
				return out, component.Errorf(component.InvalidInput, "name one conflict, or one field").Then("Use --id ID, or --field FIELD for all open conflicts of a field.")
			}
			err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
				out = Resolved{Items: []Conflict{}, DryRun: in.DryRun}
				conflicts, err := meantConflicts(ctx, tx, s.Instance, in)
				if err != nil {
					return err
				}
				for _, c := range conflicts {
					c.Choice, c.By = in.Take, s.Actor
					out.Items = append(out.Items, shownConflict(c))
					if in.DryRun {
						continue
					}
					if err := resolve(ctx, tx, s, c); err != nil {
						return err
					}
				}
				return nil
			})
			if err == nil && !in.DryRun && len(out.Items) > 0 {
				out.NextCommand = "sync cycle"
			}
			return out, err
		})
}

// meantConflicts gives the open conflicts that an input means.
func meantConflicts(ctx context.Context, tx store.Tx, instance string, in ResolveInput) ([]store.OpenConflict, error) {
	if in.ID != "" {
		c, err := tx.Conflict(ctx, instance, in.ID)
		if err == nil && !c.Settled.IsZero() {
			err = component.Errorf(component.Conflict, "the conflict about %s of %s is settled already, by %s", c.Field, c.Record, c.By)
		}
		return []store.OpenConflict{c}, err
	}
	q := store.ConflictQuery{Open: true, Field: in.Field}
	if in.Organization != "" {
		q.Owners = []string{in.Organization}
	}
	all, _, err := tx.ListConflicts(ctx, instance, q)
	return all, err
}

func resolve(ctx context.Context, tx store.Tx, s *component.Session, c store.OpenConflict) error {
	if err := choose(ctx, tx, s.Instance, c, c.Choice); err != nil {
		return err
	}
	if err := tx.SaveConflict(ctx, s.Instance, c); err != nil {
		return err
	}
	return audit(ctx, tx, s, "conflicts.resolve", "conflict "+c.ID, map[string]string{"take": c.Choice})
}

// choose stores a person's choice with the pair, where the next cycle finds it.
func choose(ctx context.Context, tx store.Tx, instance string, c store.OpenConflict, take string) error {
	pairs, err := tx.ListPairs(ctx, instance, store.PairQuery{Kind: c.Pair.Kind, Left: []string{c.Pair.Left}})
	if err != nil {
		return err
	}
	p := c.Pair
	switch {
	case len(pairs) > 0 && pairs[0].Right == c.Pair.Right:
		p = pairs[0]
	case len(pairs) > 0 || p.Kind == reconcile.Asset: // making the pair again would undo a person's decision
		return component.Errorf(component.Conflict, "%s is no longer linked with the Rev.io record that the conflict about %s is of", c.Record, c.Field).
			Then("Run `sync cycle`, and look at `conflicts list` again.")
	}
	if p.Choice == nil {
		p.Choice = map[string]reconcile.Choice{}
	}
	side := reconcile.Left
	if take == "revio" {
		side = reconcile.Right
	}
	p.Choice[c.Field] = reconcile.Choice{Side: side, Left: c.Left, Right: c.Right}
	return tx.SavePair(ctx, instance, p)
}
