package itgluerevio

import (
	"cmp"
	"context"
	"slices"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// ConflictField is a field with open conflicts, and its rule.
type ConflictField struct {
	Field string `json:"field"`
	Title string `json:"title"`
	Open  int    `json:"open"`
	Rule  string `json:"rule" jsonschema:"enum=ask,enum=itglue,enum=revio,enum=newest" jsonschema_description:"Whose value counts where both sides change it."`
}

// ConflictFields are the fields with open conflicts.
type ConflictFields struct {
	Items []ConflictField `json:"items"`
	Open  int             `json:"open"`
}

func (k keeper) listConflictFields() component.Callable {
	return component.Func(component.Spec{Name: "conflicts.fields", Summary: "Count the open conflicts by field, with each field's rule.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (ConflictFields, error) {
			out := ConflictFields{Items: []ConflictField{}}
			err := k.read(ctx, func(tx store.Tx) error {
				in, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				d, err := parse(in.Document)
				if err != nil {
					return err
				}
				counts, err := tx.CountConflicts(ctx, s.Instance)
				for field, n := range counts {
					out.Items = append(out.Items, ConflictField{Field: field, Title: revio.FieldTitle(field), Open: n, Rule: cmp.Or(d.Rules.Fields[field], "ask")})
					out.Open += n
				}
				return err
			})
			slices.SortFunc(out.Items, func(a, b ConflictField) int { return byField(a.Field, b.Field) })
			return out, err
		})
}

// ConflictRuleInput sets a field's rule.
type ConflictRuleInput struct {
	Field   string `json:"field" jsonschema:"minLength=1" jsonschema_description:"The Rev.io field, such as ipAddress."`
	Rule    string `json:"rule" jsonschema:"enum=ask,enum=itglue,enum=revio,enum=newest" jsonschema_description:"Whose value counts from now on where both sides change it."`
	DryRun  bool   `json:"dryRun,omitempty" jsonschema_description:"Only show which open conflicts it settles."`
	Version int64  `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"The version of the configuration that the person saw: another one is a conflict. 0: whatever it is."`
}

// ConflictRuled says what a rule settles.
type ConflictRuled struct {
	Field       string     `json:"field"`
	Rule        string     `json:"rule"`
	Was         string     `json:"was"`
	Settles     int        `json:"settles" jsonschema_description:"Open conflicts of the field that the next cycle settles by it."`
	Sample      []Conflict `json:"sample" jsonschema_description:"Some of them."`
	DryRun      bool       `json:"dryRun"`
	NextCommand string     `json:"nextCommand,omitempty"`
}

// ruleSample is how many conflicts a preview shows.
const ruleSample = 10

// setConflictRule makes "always do this for this field" of a decision. The next
// cycle settles by it what is open now; what it overwrites can be restored.
func (k keeper) setConflictRule() component.Callable {
	return component.Func(component.Spec{Name: "conflicts.set-rule", Summary: "Say whose value always counts for a field, after a preview of what that settles.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in ConflictRuleInput) (out ConflictRuled, err error) {
			err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
				inst, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				if out, err = ruled(ctx, tx, inst, in); err != nil || in.DryRun {
					return err
				}
				_, err = k.amendIn(ctx, tx, s, inst, "conflicts.set-rule", in.Version, func(document map[string]any) error {
					rules, _ := document["rules"].(map[string]any)
					if rules == nil {
						rules = map[string]any{}
					}
					fields, _ := rules["fields"].(map[string]any)
					if fields == nil {
						fields = map[string]any{}
					}
					fields[in.Field] = in.Rule
					rules["fields"], document["rules"] = fields, rules
					return nil
				})
				return err
			})
			return out, err
		})
}

// ruled counts what a rule settles.
func ruled(ctx context.Context, tx store.Tx, in store.Instance, asked ConflictRuleInput) (ConflictRuled, error) {
	out := ConflictRuled{Field: asked.Field, Rule: asked.Rule, DryRun: asked.DryRun, Sample: []Conflict{}}
	d, err := parse(in.Document)
	if err != nil {
		return out, err
	}
	out.Was = cmp.Or(d.Rules.Fields[asked.Field], "ask")
	if asked.Rule == "ask" {
		return out, nil
	}
	open, _, err := tx.ListConflicts(ctx, in.ID, store.ConflictQuery{Open: true, Field: asked.Field})
	for _, c := range open {
		if c.First || c.OneWay {
			continue // a rule is for what both sides changed: these wait for a person all the same
		}
		out.Settles++
		if len(out.Sample) < ruleSample {
			out.Sample = append(out.Sample, shownConflict(c))
		}
	}
	if !asked.DryRun && out.Settles > 0 {
		out.NextCommand = "sync cycle"
	}
	return out, err
}
