package itgluerevio

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// amend changes an instance's document in one transaction with its line in the
// audit log. What the change makes of it is checked as a whole.
func (k keeper) amend(ctx context.Context, s *component.Session, action string, version int64, change func(document map[string]any) error) (in store.Instance, err error) {
	err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		in, err = tx.Instance(ctx, s.Instance)
		if err != nil {
			return err
		}
		in, err = k.amendIn(ctx, tx, s, in, action, version, change)
		return err
	})
	return in, err
}

func (k keeper) amendIn(ctx context.Context, tx store.Tx, s *component.Session, in store.Instance, action string, version int64, change func(document map[string]any) error) (store.Instance, error) {
	if err := sameVersion(in, version); err != nil {
		return in, err
	}
	document, err := integration.ParseDocument(in.Document)
	if err != nil {
		return in, err
	}
	if err := change(document); err != nil {
		return in, err
	}
	raw, err := json.Marshal(document)
	if err != nil {
		return in, err
	}
	d, err := parse(raw)
	if err != nil {
		return in, err
	}
	if in.Status != store.Draft { // a draft lacks what its schema asks for
		if ps := documentSchema.Check(raw); ps != nil {
			return in, &component.Error{Code: component.InvalidInput, Message: "the configuration would not be valid:", Problems: ps, Do: "Nothing was changed."}
		}
	}
	if err := d.check(); err != nil {
		return in, err
	}
	in.Document, in.RunAs = raw, d.RunAs
	if in, err = tx.SaveInstance(ctx, in); err != nil {
		return in, err
	}
	return in, audit(ctx, tx, s, action, "instance "+in.Name, map[string]string{"version": fmt.Sprint(in.Version)})
}

// Settings are the rules of an instance, and who it acts as.
type Settings struct {
	RunAs   string `json:"runAs" jsonschema_description:"The service account that unattended runs act as."`
	Every   string `json:"every" jsonschema_description:"How often a cycle runs."`
	Rules   Rules  `json:"rules" jsonschema_description:"With the defaults filled in."`
	Version int64  `json:"version"`
}

func (k keeper) instanceRules() component.Callable {
	return component.Func(component.Spec{Name: "instance.rules", Summary: "Show the rules of an instance, with the defaults filled in.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (Settings, error) {
			in, err := k.instance(ctx, s)
			if err != nil {
				return Settings{}, err
			}
			return shownSettings(in)
		})
}

func shownSettings(in store.Instance) (Settings, error) {
	d, err := parse(in.Document)
	return Settings{RunAs: d.RunAs, Every: cycleEvery.String(), Rules: d.Rules.withDefaults(), Version: in.Version}, err
}

// withDefaults fills in what a document leaves out.
func (r Rules) withDefaults() Rules {
	if r.FirstWinner == "" {
		r.FirstWinner = "ask"
	}
	if r.FirstRun == "" {
		r.FirstRun = "write"
	}
	if r.Fields == nil {
		r.Fields = map[string]string{}
	}
	if r.InactiveStatuses == nil {
		r.InactiveStatuses = []string{"Inactive"}
	}
	if r.Guard.Organization == 0 {
		r.Guard.Organization = guardOrganization
	}
	if r.Guard.Instance == 0 {
		r.Guard.Instance = guardInstance
	}
	return r
}

// The guard's percentages, where a document says nothing.
const (
	guardOrganization = 20
	guardInstance     = 10
)

// SetRulesInput changes rules.
type SetRulesInput struct {
	Rules   map[string]any `json:"rules,omitempty" jsonschema_description:"The rules that change, by name as instance rules shows them; null puts the default back."`
	RunAs   *string        `json:"runAs,omitempty" jsonschema_description:"The service account that unattended runs act as."`
	Version int64          `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"The version that the person saw: another one is a conflict. 0: whatever it is."`
}

func (k keeper) setRules() component.Callable {
	return component.Func(component.Spec{Name: "instance.set-rules", Summary: "Change rules of an instance; they hold from the next cycle on.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in SetRulesInput) (Settings, error) {
			changed, err := k.amend(ctx, s, "instance.set-rules", in.Version, func(document map[string]any) error {
				rules, _ := document["rules"].(map[string]any)
				if rules == nil {
					rules = map[string]any{}
				}
				for name, value := range in.Rules {
					if value == nil {
						delete(rules, name)
						continue
					}
					rules[name] = value
				}
				document["rules"] = rules
				if in.RunAs != nil {
					document["runAs"] = *in.RunAs
				}
				return nil
			})
			if err != nil {
				return Settings{}, err
			}
			return shownSettings(changed)
		})
}

// hasPrefix reports whether s begins with one of the prefixes.
func hasPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
