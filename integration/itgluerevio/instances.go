package itgluerevio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// ApplyInput is an instance file.
type ApplyInput struct {
	Document string `json:"document" jsonschema_extras:"contentMediaType=application/yaml" jsonschema_description:"The instance file, as YAML or JSON."`
	Offline  bool   `json:"offline,omitempty" jsonschema_description:"Do not look up the types and fields it names in IT Glue and Rev.io."`
	DryRun   bool   `json:"dryRun,omitempty" jsonschema_description:"Only check it."`
	Version  int64  `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"The version that the file was made of: another one is a conflict. 0: whatever it is."`
}

// Instance is an instance as it is listed.
type Instance struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Status      string   `json:"status"`
	RunAs       string   `json:"runAs,omitempty"`
	Version     int64    `json:"version"`
	Notes       []string `json:"notes"`
	NextCommand string   `json:"nextCommand,omitempty"`
}

func shownInstance(in store.Instance) Instance {
	return Instance{ID: in.ID, Name: in.Name, Status: string(in.Status), RunAs: in.RunAs, Version: in.Version, Notes: []string{}}
}

func host(name, summary string, effect component.Effect, access component.Access) component.Spec {
	return component.Spec{Name: name, Summary: summary, Effect: effect, Access: access, Scope: component.OnHost}
}

// applyInstance makes or changes an instance from a file.
func (k keeper) applyInstance() component.Callable {
	return component.Func(host("instance.apply", "Make or change an instance from a file; what is wrong with it is said, and nothing is changed then.", component.Writes, component.Configure),
		func(ctx context.Context, s *component.Session, in ApplyInput) (Instance, error) {
			fields, d, err := readDocument(in.Document)
			if err != nil {
				return Instance{}, err
			}
			before, err := k.named(ctx, d.Name)
			if err != nil {
				return Instance{}, err
			}
			if err := sameVersion(before, in.Version); err != nil {
				return Instance{}, err
			}
			if err := k.tryDocument(ctx, s, fields, d, before, in.Offline); err != nil {
				return Instance{}, err
			}
			if in.DryRun {
				return Instance{ID: before.ID, Name: d.Name, Status: string(before.Status), Version: before.Version, Notes: []string{"The file is valid. Nothing was changed."}}, nil
			}
			return k.saveDocument(ctx, s, fields, d, before)
		})
}

// named gives the instance of a name; the zero Instance when there is none.
func (k keeper) named(ctx context.Context, name string) (in store.Instance, err error) {
	err = k.read(ctx, func(tx store.Tx) error {
		in, err = tx.Instance(ctx, name)
		if errors.Is(err, store.ErrNotFound) {
			in, err = store.Instance{Name: name, Status: store.Draft}, nil
		}
		return err
	})
	return in, err
}

// tryDocument resolves the secrets of a document, and looks up what it names.
func (k keeper) tryDocument(ctx context.Context, s *component.Session, fields map[string]any, d Document, before store.Instance, offline bool) error {
	before.Notes = nil // a file is tried with the secrets that are in force
	t := k.trial(s, fields, before)
	for _, c := range []string{"revio", "itglue"} {
		if _, err := t.Settings(ctx, c); err != nil {
			return err
		}
	}
	if offline {
		return nil
	}
	types, err := enabledTypes(ctx, t)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	var ps []component.Problem
	for i, id := range d.AssetTypes.TypeIDs {
		j := slices.IndexFunc(types, func(t itglue.FlexibleAssetType) bool { return t.ID == id })
		if j < 0 {
			ps = append(ps, component.Problem{Pointer: fmt.Sprintf("/assetTypes/typeIds/%d", i), Message: "is no enabled flexible asset type of this account"})
			continue
		}
		_, findings := mapping.Resolve(cycle.MappingType(types[j]), d.Fields["t"+id], nil)
		for _, f := range findings {
			if f.Kind != mapping.Renamed {
				ps = append(ps, component.Problem{Pointer: "/fields/t" + id + "/" + f.Revio, Message: f.Text})
			}
		}
	}
	more, err := k.unknownFields(ctx, t, d)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	for _, p := range more {
		if !slices.ContainsFunc(ps, func(q component.Problem) bool { return q.Pointer == p.Pointer }) {
			ps = append(ps, p)
		}
	}
	if len(ps) > 0 {
		return &component.Error{Code: component.InvalidInput, Message: "the instance file names what is not there:", Problems: ps, Do: "Nothing was changed. Correct the file, or make the fields and types in IT Glue and Rev.io first."}
	}
	return nil
}

// unknownFields finds Rev.io fields and asset types that the tenant lacks.
func (k keeper) unknownFields(ctx context.Context, t *component.Session, d Document) ([]component.Problem, error) {
	var ps []component.Problem
	known, err := mappable(ctx, t)
	if err != nil {
		return nil, err
	}
	for typ, fields := range d.Fields {
		for f := range fields {
			if !slices.Contains(known, f) {
				ps = append(ps, component.Problem{Pointer: "/fields/" + typ + "/" + f, Message: fmt.Sprintf("is no Rev.io field that can be mapped; there are %v", known)})
			}
		}
	}
	if len(d.Types) == 0 {
		return ps, nil
	}
	assetTypes, err := revioTypes(ctx, t)
	if err != nil {
		return nil, err
	}
	for typ, id := range d.Types {
		if !slices.Contains(assetTypes, id) {
			ps = append(ps, component.Problem{Pointer: "/types/" + typ, Message: "is no active Rev.io asset type of this tenant"})
		}
	}
	slices.SortFunc(ps, func(a, b component.Problem) int { return strings.Compare(a.Pointer, b.Pointer) })
	return ps, nil
}

// saveDocument stores a document: its literal secrets sealed, the instance
// active once its pages are complete.
func (k keeper) saveDocument(ctx context.Context, s *component.Session, fields map[string]any, d Document, in store.Instance) (Instance, error) {
	out := Instance{Notes: []string{}}
	isNew := in.ID == ""
	err := k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		var saved store.Instance
		var err error
		if isNew { // sealing needs an id
			saved, err = tx.SaveInstance(ctx, store.Instance{Name: d.Name, Status: store.Draft})
		} else if saved, err = tx.Instance(ctx, in.ID); err == nil { // its notes may be others by now
			err = sameVersion(saved, in.Version)
		}
		if err != nil {
			return err
		}
		components := k.components()
		if err := integration.SealSecrets(fields, components, func(name, secret string) error { return tx.Seal(ctx, saved.ID, name, secret) }); err != nil {
			return err
		}
		if err := sealAlerts(ctx, tx, saved.ID, fields); err != nil {
			return err
		}
		if err := forgetDeselected(ctx, tx, saved, d); err != nil {
			return err
		}
		if saved.Document, err = json.Marshal(fields); err != nil {
			return err
		}
		if saved, err = k.forgetUnfinished(ctx, tx, saved); err != nil {
			return err
		}
		saved.RunAs = d.RunAs
		saved.Notes = cycle.ForgetFields(saved.Notes) // a person has just said what is mapped
		missing := d.complete()
		if saved.Status == store.Draft && missing == "" {
			saved.Status = store.Active
		}
		if saved, err = tx.SaveInstance(ctx, saved); err != nil {
			return err
		}
		named := *s
		named.Instance = saved.ID
		if err := audit(ctx, tx, &named, "instance.apply", "instance "+saved.Name, map[string]string{"version": fmt.Sprint(saved.Version)}); err != nil {
			return err
		}
		out = shownInstance(saved)
		switch {
		case missing != "":
			out.Notes = append(out.Notes, "The configuration is a draft: "+missing+" has no answers yet.")
		case isNew || in.Status == store.Draft:
			out.NextCommand = "sync match-organizations --instance " + saved.Name
			return wants(ctx, tx, &named, "sync.match-organizations", time.Duration(0))
		}
		return nil
	})
	return out, err
}

// forgetDeselected deletes the rows of types that a new document no longer
// selects: they are invisible from then on. Their pairs rest, so that selecting
// a type again goes on where it was.
func forgetDeselected(ctx context.Context, tx store.Tx, in store.Instance, d Document) error {
	before, err := parse(in.Document)
	if err != nil {
		return err
	}
	gone := slices.DeleteFunc(before.AssetTypes.TypeIDs, func(id string) bool { return slices.Contains(d.AssetTypes.TypeIDs, id) })
	if len(gone) == 0 {
		return nil
	}
	rows := store.RecordQuery{Side: reconcile.Left, Types: gone}
	records, _, err := tx.ListRecords(ctx, in.ID, rows)
	if err != nil {
		return err
	}
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	pairs, err := tx.ListPairs(ctx, in.ID, store.PairQuery{Kind: reconcile.Asset, Left: ids})
	if err != nil {
		return err
	}
	for _, p := range pairs {
		p.Gone = map[reconcile.Side]string{reconcile.Left: cycle.NotRead}
		if err := tx.SavePair(ctx, in.ID, p); err != nil {
			return err
		}
	}
	if err := forgetPasswordsOf(ctx, tx, in.ID, ids); err != nil {
		return err
	}
	return tx.DeleteRecords(ctx, in.ID, rows)
}

// forgetPasswordsOf deletes the listed passwords of some assets.
func forgetPasswordsOf(ctx context.Context, tx store.Tx, instance string, assets []string) error {
	if len(assets) == 0 {
		return nil
	}
	gone, _, err := tx.ListPasswords(ctx, instance, store.PasswordQuery{Assets: assets})
	if err != nil || len(gone) == 0 {
		return err
	}
	var organizations []string
	for _, p := range gone {
		if !slices.Contains(organizations, p.Organization) {
			organizations = append(organizations, p.Organization)
		}
	}
	kept, _, err := tx.ListPasswords(ctx, instance, store.PasswordQuery{Organizations: organizations})
	if err != nil {
		return err
	}
	kept = slices.DeleteFunc(kept, func(p store.Password) bool { return slices.Contains(assets, p.Asset) })
	_, _, err = tx.SavePasswords(ctx, instance, organizations, kept, true)
	return err
}

// Exported is an instance's file.
type Exported struct {
	Document string `json:"document" jsonschema_extras:"contentMediaType=application/yaml"`
}

func (k keeper) exportInstance() component.Callable {
	return component.Func(component.Spec{Name: "instance.export", Summary: "Give an instance's file; sealed secrets stand as ${sealed}, which apply reads as keep.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (Exported, error) {
			in, err := k.instance(ctx, s)
			if err != nil {
				return Exported{}, err
			}
			text, err := yaml.JSONToYAML(in.Document)
			return Exported{Document: string(text)}, err
		})
}

func (k keeper) pauseInstance() component.Callable {
	return k.setStatus("instance.pause", "Pause an instance at its next write; nothing is deleted.", store.Paused)
}

func (k keeper) resumeInstance() component.Callable {
	return k.setStatus("instance.resume", "Let a paused instance go on.", store.Active)
}

func (k keeper) removeInstance() component.Callable {
	return k.setStatus("instance.remove", "Remove an instance from the lists and stop it; nothing of it is deleted in either system.", store.Removed)
}

func (k keeper) setStatus(name, summary string, status store.Status) component.Callable {
	return component.Func(component.Spec{Name: name, Summary: summary, Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (out Instance, err error) {
			err = k.decide(ctx, s, name, "instance "+s.Instance, nil, func(tx store.Tx) error {
				in, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				d, err := parse(in.Document)
				if err != nil {
					return err
				}
				if missing := d.complete(); status == store.Active && missing != "" {
					return component.Errorf(component.InvalidInput, "the configuration of %s is not complete: %s has no answers yet", in.Name, missing)
				}
				in.Status = status
				if in, err = tx.SaveInstance(ctx, in); err != nil {
					return err
				}
				out = shownInstance(in)
				return nil
			})
			return out, err
		})
}

// resyncInstance is for after a restored backup, whose memory is older than both
// systems.
func (k keeper) resyncInstance() component.Callable {
	return component.Func(component.Spec{Name: "instance.resync", Summary: "After a restored backup: let the next cycle fill what is empty, and take nothing for emptied or gone.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (out Instance, err error) {
			err = k.decide(ctx, s, "instance.resync", "instance "+s.Instance, nil, func(tx store.Tx) error {
				in, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				in.Notes = maps.Clone(in.Notes)
				if in.Notes == nil {
					in.Notes = map[string]string{}
				}
				in.Notes[cycle.NoteResync] = "1"
				out = Instance{ID: in.ID, Name: in.Name, Status: string(in.Status), RunAs: in.RunAs, Version: in.Version, Notes: []string{"The next whole cycle takes nothing for emptied or gone."}, NextCommand: "sync cycle"}
				return tx.NoteInstance(ctx, in)
			})
			return out, err
		})
}
