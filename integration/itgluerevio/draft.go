package itgluerevio

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	noteUnfinished = "unfinished" // in an instance's notes: the changed configuration that a person has not finished, as JSON
	draftSecret    = "draft."     // what the names of that configuration's secrets begin with
	shownEnd       = 4            // how much of a long secret's end is shown, so that a person knows which it is
	longSecret     = 16           // as many letters as a secret has whose end is shown
)

// pageNames are the wizard's pages, in order, by the names that their answers
// are stored under.
var pageNames = []struct{ name, title string }{
	{"connections", "Connections"}, {"assetTypes", "Select Flexible Asset Types"}, {"fields", "Map Asset Fields"}, {"types", "Map Asset Types"},
}

// Step is one page of the wizard, and how far it is.
type Step struct {
	Page    string `json:"page" jsonschema_description:"The name that its answers are stored under."`
	Title   string `json:"title"`
	State   string `json:"state" jsonschema:"enum=done,enum=next,enum=open"`
	Message string `json:"message,omitempty" jsonschema_description:"What is missing, in words."`
}

// SecretHint says what is stored of a secret, without the secret.
type SecretHint struct {
	Pointer string `json:"pointer" jsonschema_description:"Where it stands in the answers, such as /connections/itglue/apiKey."`
	Kind    string `json:"kind" jsonschema:"enum=sealed,enum=reference" jsonschema_description:"reference: it is read from the environment or a file at each use."`
	Ends    string `json:"ends,omitempty" jsonschema_description:"The last four letters of a long one."`
}

// Setup is the configuration of an instance as the wizard shows it.
type Setup struct {
	Instance   Instance       `json:"instance"`
	Answers    map[string]any `json:"answers" jsonschema_description:"The answers so far, by page; a stored secret stands as ${sealed}, which keeps it."`
	Secrets    []SecretHint   `json:"secrets"`
	Steps      []Step         `json:"steps"`
	Unfinished bool           `json:"unfinished" jsonschema_description:"Whether there are answers that are not in force yet: finish or discard them."`
}

// DraftInput names a new instance.
type DraftInput struct {
	Name  string `json:"name" jsonschema:"minLength=1,maxLength=100" jsonschema_description:"What it is called here."`
	RunAs string `json:"runAs,omitempty" jsonschema_description:"The service account that unattended runs act as."`
}

// draftInstance makes an instance before its first page is filled in.
func (k keeper) draftInstance() component.Callable {
	return component.Func(host("instance.draft", "Begin a new instance, to be filled in page by page; nothing of it runs before it is finished.", component.Writes, component.Configure),
		func(ctx context.Context, s *component.Session, in DraftInput) (out Setup, err error) {
			raw, err := json.Marshal(map[string]any{"name": in.Name, "runAs": in.RunAs})
			if err != nil {
				return out, err
			}
			err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
				saved, err := tx.SaveInstance(ctx, store.Instance{Name: in.Name, RunAs: in.RunAs, Status: store.Draft, Document: raw})
				if err != nil {
					return err
				}
				named := *s
				named.Instance = saved.ID
				if err := audit(ctx, tx, &named, "instance.draft", "instance "+saved.Name, nil); err != nil {
					return err
				}
				out, err = setup(ctx, tx, saved)
				return err
			})
			return out, err
		})
}

func (k keeper) showInstance() component.Callable {
	return component.Func(component.Spec{Name: "instance.show", Summary: "Show an instance's configuration as the wizard goes on with it.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (out Setup, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				in, err := tx.Instance(ctx, s.Instance)
				if err == nil {
					out, err = setup(ctx, tx, in)
				}
				return err
			})
			return out, err
		})
}

// working is the configuration that the wizard works on: the stored one, or the
// changed one that is not finished.
func working(in store.Instance) []byte {
	return []byte(cmp.Or(in.Notes[noteUnfinished], string(in.Document)))
}

func unfinished(in store.Instance) bool { return in.Notes[noteUnfinished] != "" }

// setup shows an instance's configuration.
func setup(ctx context.Context, tx store.Tx, in store.Instance) (out Setup, err error) {
	out = Setup{Instance: shownInstance(in), Answers: map[string]any{}, Secrets: []SecretHint{}, Unfinished: unfinished(in)}
	document, d, err := answered(working(in), nil)
	if err != nil {
		return out, err
	}
	for _, p := range append(slices.Clone(pageNames), struct{ name, title string }{name: "rules"}) {
		if a, ok := document[p.name]; ok {
			out.Answers[p.name] = a
		}
	}
	missing, before := d.missing(), true
	for _, p := range pageNames {
		step := Step{Page: p.name, Title: p.title, State: "done", Message: missing[p.name]}
		if step.Message != "" || !before && out.Answers[p.name] == nil {
			if step.State = "open"; before {
				step.State, before = "next", false
			}
		}
		out.Steps = append(out.Steps, step)
	}
	out.Secrets, err = secretHints(ctx, tx, in, document)
	return out, err
}

// missing says of each page what it lacks.
func (d Document) missing() map[string]string {
	missing := map[string]string{}
	r, i := d.Connections.Revio, d.Connections.ITGlue
	switch {
	case r.Tenant == "" || r.ClientID == "" || r.ClientSecret == "":
		missing["connections"] = "Rev.io's site, Client ID and Client Secret are needed."
	case i.APIKey == "" || i.Region == "":
		missing["connections"] = "IT Glue's API Key and region are needed."
	}
	if len(d.AssetTypes.TypeIDs) == 0 {
		missing["assetTypes"] = "No flexible asset type is selected."
	}
	open := 0
	for _, id := range d.AssetTypes.TypeIDs {
		if d.Types["t"+id] == "" {
			open++
		}
	}
	if open > 0 {
		missing["types"] = counted(open, "selected type has", "selected types have") + " no Rev.io Asset Type yet."
	}
	return missing
}

// secretHints says of each secret of a document what is stored.
func secretHints(ctx context.Context, tx store.Tx, in store.Instance, document map[string]any) ([]SecretHint, error) {
	hints := []SecretHint{}
	connections, _ := document["connections"].(map[string]any)
	for _, c := range (keeper{}).components() {
		settings, _ := connections[c.Name].(map[string]any)
		for _, name := range integration.SecretSettings(c.Settings) {
			value, _ := settings[name].(string)
			hint := SecretHint{Pointer: "/connections/" + c.Name + "/" + name, Kind: "reference"}
			if value == "" {
				continue
			}
			if value == integration.Sealed {
				hint.Kind = "sealed"
				secret, err := unsealed(ctx, tx, in, integration.SealedName(c.Name, name))
				if err != nil {
					continue // it is not there: the step says that it is missing once it is used
				}
				if len(secret) >= longSecret {
					hint.Ends = secret[len(secret)-shownEnd:]
				}
			}
			hints = append(hints, hint)
		}
	}
	return hints, nil
}

// unsealed opens a secret of the configuration that the wizard works on.
func unsealed(ctx context.Context, tx store.Tx, in store.Instance, name string) (string, error) {
	if unfinished(in) {
		if secret, err := tx.Unseal(ctx, in.ID, draftSecret+name); err == nil {
			return secret, nil
		}
	}
	return tx.Unseal(ctx, in.ID, name)
}

// SaveInput is answers of some pages.
type SaveInput struct {
	Answers map[string]any `json:"answers" jsonschema_description:"The answers of the pages that changed, by page name: connections, assetTypes, fields, types."`
	RunAs   *string        `json:"runAs,omitempty" jsonschema_description:"The service account that unattended runs act as."`
	Version int64          `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"The version that the answers were made on: another one is a conflict. 0: whatever it is."`
}

// saveInstance keeps the answers of a page. Of a draft they are its document;
// of an instance that runs they wait until they are finished.
func (k keeper) saveInstance() component.Callable {
	return component.Func(component.Spec{Name: "instance.save", Summary: "Keep the answers of the wizard's pages; what runs goes on as it is until they are finished.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in SaveInput) (out Setup, err error) {
			for page := range in.Answers {
				if !slices.ContainsFunc(pageNames, func(p struct{ name, title string }) bool { return p.name == page }) {
					return out, &component.Error{Code: component.InvalidInput, Message: "the answers are not those of the wizard's pages:", Problems: []component.Problem{{Pointer: "/answers/" + page, Message: "is no page"}}}
				}
			}
			err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
				inst, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				if err := sameVersion(inst, in.Version); err != nil {
					return err
				}
				inst, err = k.keepAnswers(ctx, tx, s, inst, in)
				if err == nil {
					out, err = setup(ctx, tx, inst)
				}
				return err
			})
			return out, err
		})
}

// sameVersion refuses what was decided on an older version.
func sameVersion(in store.Instance, version int64) error {
	if version == 0 || version == in.Version {
		return nil
	}
	return component.Errorf(component.Conflict, "the configuration of %s was changed by someone else since you read it", in.Name).Then("Read it again, then decide anew.")
}

func (k keeper) keepAnswers(ctx context.Context, tx store.Tx, s *component.Session, in store.Instance, given SaveInput) (store.Instance, error) {
	document, d, err := answered(working(in), given.Answers)
	if err != nil {
		return in, err
	}
	if given.RunAs != nil {
		document["runAs"] = *given.RunAs
	}
	dropDeselected(document, d.AssetTypes.TypeIDs)
	prefix := ""
	if in.Status != store.Draft {
		prefix = draftSecret
	}
	sealed := map[string]string{}
	err = integration.SealSecrets(document, k.components(), func(name, secret string) error {
		sealed[name] = "sealed"
		return tx.Seal(ctx, in.ID, prefix+name, secret)
	})
	if err != nil {
		return in, err
	}
	raw, err := json.Marshal(document)
	if err != nil {
		return in, err
	}
	if len(sealed) > 0 { // who entered credentials is known; other answers are known once they are finished
		if err := audit(ctx, tx, s, "instance.save", "instance "+in.Name, sealed); err != nil {
			return in, err
		}
	}
	if in.Status == store.Draft {
		in.Document = raw
		if given.RunAs != nil {
			in.RunAs = *given.RunAs
		}
		return tx.SaveInstance(ctx, in)
	}
	in.Notes = maps.Clone(in.Notes)
	if in.Notes == nil {
		in.Notes = map[string]string{}
	}
	in.Notes[noteUnfinished] = string(raw)
	return in, tx.NoteInstance(ctx, in)
}

// dropDeselected takes the answers of types out that are no longer selected.
func dropDeselected(document map[string]any, selected []string) {
	for _, page := range []string{"fields", "types"} {
		answers, _ := document[page].(map[string]any)
		for t := range answers {
			if !slices.Contains(selected, strings.TrimPrefix(t, "t")) {
				delete(answers, t)
			}
		}
	}
}

// discardInstance forgets the answers that are not finished.
func (k keeper) discardInstance() component.Callable {
	return component.Func(component.Spec{Name: "instance.discard", Summary: "Forget the answers that were not finished; what runs stays as it is.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (out Setup, err error) {
			err = k.decide(ctx, s, "instance.discard", "instance "+s.Instance, nil, func(tx store.Tx) error {
				in, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				if in, err = k.forgetUnfinished(ctx, tx, in); err == nil {
					out, err = setup(ctx, tx, in)
				}
				return err
			})
			return out, err
		})
}

func (k keeper) forgetUnfinished(ctx context.Context, tx store.Tx, in store.Instance) (store.Instance, error) {
	if !unfinished(in) {
		return in, nil
	}
	for _, c := range k.components() {
		for _, name := range integration.SecretSettings(c.Settings) {
			if err := tx.Seal(ctx, in.ID, draftSecret+integration.SealedName(c.Name, name), ""); err != nil {
				return in, err
			}
		}
	}
	in.Notes = maps.Clone(in.Notes)
	delete(in.Notes, noteUnfinished)
	return in, tx.NoteInstance(ctx, in)
}

// FinishInput says on which version the pages were finished.
type FinishInput struct {
	Version int64 `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"The version that the person saw: another one is a conflict. 0: whatever it is."`
}

// finishInstance puts the answers into force. A new instance starts to match
// organizations then.
func (k keeper) finishInstance() component.Callable {
	return component.Func(component.Spec{Name: "instance.finish", Summary: "Put the wizard's answers into force, once both systems have what they name; a new instance then matches its organizations.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in FinishInput) (Instance, error) {
			inst, err := k.instance(ctx, s)
			if err != nil {
				return Instance{}, err
			}
			if err := sameVersion(inst, in.Version); err != nil {
				return Instance{}, err
			}
			fields, d, err := k.finished(ctx, inst)
			if err != nil {
				return Instance{}, err
			}
			if err := k.tryDocument(ctx, s, fields, d, inst, false); err != nil {
				return Instance{}, err
			}
			return k.saveDocument(ctx, s, fields, d, inst)
		})
}

// finished gives the configuration that the wizard worked on, with its new
// secrets as they were typed, checked for completeness.
func (k keeper) finished(ctx context.Context, in store.Instance) (fields map[string]any, d Document, err error) {
	fields, d, err = answered(working(in), nil)
	if err != nil {
		return nil, d, err
	}
	if missing := d.missing(); len(missing) > 0 {
		var ps []component.Problem
		for _, p := range pageNames {
			if missing[p.name] != "" {
				ps = append(ps, component.Problem{Pointer: "/" + p.name, Message: missing[p.name]})
			}
		}
		return nil, d, &component.Error{Code: component.InvalidInput, Message: "the wizard is not finished:", Problems: ps, Do: "Fill in what is missing. What you entered is kept."}
	}
	err = k.read(ctx, func(tx store.Tx) error {
		connections, _ := fields["connections"].(map[string]any)
		for _, c := range k.components() {
			settings, _ := connections[c.Name].(map[string]any)
			for _, name := range integration.SecretSettings(c.Settings) {
				secret, err := tx.Unseal(ctx, in.ID, draftSecret+integration.SealedName(c.Name, name))
				if err == nil && settings[name] == integration.Sealed && unfinished(in) {
					settings[name] = secret
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, d, err
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil, d, err
	}
	if ps := documentSchema.Check(raw); ps != nil {
		return nil, d, &component.Error{Code: component.InvalidInput, Message: "the answers are not valid:", Problems: ps, Do: "Correct them. What you entered is kept."}
	}
	return fields, d, d.check()
}
