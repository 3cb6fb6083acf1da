package itgluerevio

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// page makes a page's form of a function that is given the answers so far: the
// session's instance's stored document, with the input's answers over it.
func (k keeper) page(name, summary string, form func(context.Context, *component.Session, pageAnswers) (component.Form, error)) component.Callable {
	return component.Func(component.Spec{Name: "pages." + name, Summary: summary, Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in integration.PageInput) (component.Form, error) {
			a, err := k.answers(ctx, s, in.Answers)
			if err != nil {
				return component.Form{}, err
			}
			return form(ctx, a.session, a)
		})
}

// pageAnswers is what is known when a page is shown.
type pageAnswers struct {
	session    *component.Session
	document   Document
	instance   store.Instance
	remembered map[string]mapping.Remembered
}

func (k keeper) answers(ctx context.Context, s *component.Session, given map[string]any) (a pageAnswers, err error) {
	if s.Instance != "" {
		if a.instance, err = k.instance(ctx, s); err != nil {
			return a, err
		}
	}
	document, d, err := answered(working(a.instance), given)
	if err != nil {
		return a, err
	}
	a.document, a.session, a.remembered = d, k.trial(s, document, a.instance), cycle.Remembered(a.instance)
	return a, nil
}

// answered lays the answers of pages over a stored document.
func answered(stored []byte, given map[string]any) (document map[string]any, d Document, err error) {
	if document, err = integration.ParseDocument(stored); err != nil {
		return nil, d, err
	}
	for page, answer := range given {
		document[page] = answer
	}
	liftRules(document)
	productionOn(document)
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, d, err
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, d, component.Errorf(component.InvalidInput, "the answers do not have the form of the pages").Then("Send each page's data as the form gave it, under the page's name.")
	}
	return document, d, nil
}

// connectionsPage is step 1.
func (k keeper) connectionsPage() component.Callable {
	return k.page("connections", "Step 1 of the wizard: the credentials of both systems.", func(_ context.Context, _ *component.Session, a pageAnswers) (component.Form, error) {
		c := a.document.Connections
		production := c.Revio.Production == nil || *c.Revio.Production
		text := func(title, description string) map[string]any {
			return map[string]any{"type": "string", "title": title, "description": description, "minLength": 1}
		}
		regions := component.Pick("IT Glue Region", "The regional URL of your IT Glue account. A key of another region is refused; the connection test names the right one.", "", []component.Choice{
			{Value: "us", Title: "US (api.itglue.com)"}, {Value: "eu", Title: "EU (api.eu.itglue.com)"}, {Value: "au", Title: "AU (api.au.itglue.com)"}})
		form := component.Form{
			Schema: map[string]any{"type": "object", "title": "Connections", "required": []string{"revio", "itglue"}, "properties": map[string]any{
				"revio": map[string]any{"type": "object", "title": "Rev.io", "required": []string{"tenant", "clientId", "clientSecret"}, "properties": map[string]any{
					"tenant":       text("Rev.io site", "The domain of your Rev.io PSA, such as acme.psarev.io."),
					"clientId":     text("Client ID", "Provided by your Rev.io account team."),
					"clientSecret": text("Client Secret", "Provided by your Rev.io account team."),
					"production":   map[string]any{"type": "boolean", "title": "Production Mode", "description": "Leave it on unless your account team instructs you otherwise. Off: everything is planned, and nothing is written to either side."},
				}},
				"itglue": map[string]any{"type": "object", "title": "IT Glue", "required": []string{"region", "apiKey"}, "properties": map[string]any{
					"region":         regions,
					"apiKey":         text("API Key", "Account > Settings > API Keys in IT Glue, with Password Access enabled."),
					"testPasswordId": map[string]any{"type": "string", "title": "Test password", "description": "Optional: the id of a password made for testing. Asking for its value is an access in IT Glue, so Password Access is tested on no other."},
				}},
			}},
			UISchema: component.Layout("VerticalLayout", "",
				component.Words("Sign in with a dedicated service account, so that audit logs show the integration and not a person."),
				component.Layout("Group", "Rev.io", component.Control(nil, "revio", "tenant"), component.Control(nil, "revio", "clientId"),
					component.Control(map[string]any{"format": "password"}, "revio", "clientSecret"), component.Control(map[string]any{"toggle": true}, "revio", "production")),
				component.Layout("Group", "IT Glue", component.Control(map[string]any{"autocomplete": false}, "itglue", "region"),
					component.Control(map[string]any{"format": "password"}, "itglue", "apiKey"), component.Control(nil, "itglue", "testPasswordId"))),
			Data: map[string]any{
				"revio":  stated(map[string]any{"tenant": c.Revio.Tenant, "clientId": c.Revio.ClientID, "clientSecret": kept(c.Revio.ClientSecret), "production": production}),
				"itglue": stated(map[string]any{"region": c.ITGlue.Region, "apiKey": kept(c.ITGlue.APIKey), "testPasswordId": c.ITGlue.TestPasswordID}),
			},
		}
		return form, nil
	})
}

// kept shows a secret that is stored, or referred to, and no literal one.
func kept(secret string) string {
	if secret == "" || strings.HasPrefix(secret, "${") {
		return secret
	}
	return integration.Sealed
}

// stated leaves out what has no answer yet.
func stated(m map[string]any) map[string]any {
	for name, v := range m {
		if v == "" {
			delete(m, name)
		}
	}
	return m
}

// assetTypesPage is step 2. Only enabled types are shown.
func (k keeper) assetTypesPage() component.Callable {
	return k.page("asset-types", "Step 2 of the wizard: which flexible asset types to sync.", func(ctx context.Context, s *component.Session, a pageAnswers) (component.Form, error) {
		types, err := enabledTypes(ctx, s)
		if err != nil {
			return component.Form{}, err
		}
		var choices []component.Choice
		for _, t := range types {
			choices = append(choices, component.Choice{Value: t.ID, Title: t.Name})
		}
		chosen, errs := []any{}, []component.Problem(nil)
		for _, id := range a.document.AssetTypes.TypeIDs {
			if !slices.ContainsFunc(types, func(t itglue.FlexibleAssetType) bool { return t.ID == id }) {
				errs = append(errs, component.Problem{Pointer: "/typeIds", Message: fmt.Sprintf("the type %s, selected before, is gone or no longer enabled in IT Glue", id)})
				continue
			}
			chosen = append(chosen, id)
		}
		return component.Form{
			Schema: map[string]any{"type": "object", "title": "Select Flexible Asset Types", "required": []string{"typeIds"}, "properties": map[string]any{
				"typeIds": component.PickMany("Flexible Asset Types", "Any type not selected here is invisible to the integration, including any passwords attached to assets of that type.",
					"There is no enabled flexible asset type in IT Glue. Make one there first.", 1, choices)}},
			UISchema: component.Layout("VerticalLayout", "", component.Control(nil, "typeIds")),
			Data:     map[string]any{"typeIds": chosen},
			Errors:   errs,
			Notes:    []string{"Only enabled types are shown."},
		}, nil
	})
}

// fieldsPage is step 3: one tab for each selected type.
func (k keeper) fieldsPage() component.Callable {
	return k.page("fields", "Step 3 of the wizard: which trait field goes to which Rev.io field.", func(ctx context.Context, s *component.Session, a pageAnswers) (component.Form, error) {
		types, err := selectedTypes(ctx, s, a.document)
		if err != nil {
			return component.Form{}, err
		}
		fields, err := mappable(ctx, s)
		if err != nil {
			return component.Form{}, err
		}
		form := component.Form{Schema: map[string]any{"type": "object", "title": "Map Asset Fields"}, Data: map[string]any{},
			Notes: []string{"Asset Name syncs automatically using IT Glue's built-in field. Leave any field unmapped to skip it.",
				"Serial Number in IT Glue is a trait, not a built-in field: make sure that it exists on the type if you want it to sync."}}
		properties, tabs := map[string]any{}, []any{}
		for _, t := range types {
			key := "t" + t.ID
			answers := a.document.Fields[key]
			schema, controls := typeFields(t, fields)
			properties[key] = schema
			tabs = append(tabs, component.Layout("Category", t.Name, append([]any{component.Words("Asset Name syncs automatically.")}, controls...)...))
			data, problems, notes := mappedData(t, answers, a.remembered)
			form.Data[key] = data
			form.Errors, form.Notes = append(form.Errors, problems...), append(form.Notes, notes...)
		}
		schema, tab := ruleFields(fields)
		properties["rules"], form.Data["rules"] = schema, ruleData(a.document.Rules, fields)
		form.Schema["properties"] = properties
		form.UISchema = component.Layout("Categorization", "", append(tabs, tab)...)
		return form, nil
	})
}

// ruleFields is the tab of step 3 about values that differ. Its answers are kept
// under rules.
func ruleFields(fields []string) (schema map[string]any, tab any) {
	winners := []component.Choice{{Value: "ask", Title: "Ask a person"}, {Value: "itglue", Title: "IT Glue's value"}, {Value: "revio", Title: "Rev.io's value"}}
	changed := append(slices.Clone(winners), component.Choice{Value: "newest", Title: "The newer record's value"})
	properties, controls := map[string]any{}, []any{component.Control(map[string]any{"autocomplete": false}, "rules", "firstWinner")}
	for _, f := range fields {
		properties[f] = component.Pick(revio.FieldTitle(f), "", "", changed)
		controls = append(controls, component.Control(map[string]any{"autocomplete": false}, "rules", "fields", f))
	}
	schema = map[string]any{"type": "object", "title": "Values that differ", "properties": map[string]any{
		"firstWinner": component.Pick("The first time, where both sides have a value", "Empty values are filled either way.", "", winners),
		"fields":      map[string]any{"type": "object", "title": "Where both sides changed a field", "properties": properties},
	}}
	return schema, component.Layout("Category", "Values that differ", controls...)
}

func ruleData(r Rules, fields []string) map[string]any {
	perField := map[string]any{}
	for _, f := range fields {
		perField[f] = cmp.Or(r.Fields[f], "ask")
	}
	return map[string]any{"firstWinner": cmp.Or(r.FirstWinner, "ask"), "fields": perField}
}

// typeFields is the schema and the controls of one type's mapping.
func typeFields(t mapping.Type, fields []string) (schema map[string]any, controls []any) {
	properties := map[string]any{}
	for _, f := range fields {
		var choices []component.Choice
		for _, trait := range t.Fields {
			if _, ok := mapping.Suits(trait.Kind, f); ok {
				choices = append(choices, component.Choice{Value: trait.ID, Title: fmt.Sprintf("%s (%s)", trait.Name, mapping.Describe(trait))})
			}
		}
		properties[f] = component.Pick(revio.FieldTitle(f), "", "No trait of "+t.Name+" fits this field.", choices)
		controls = append(controls, component.Control(map[string]any{"autocomplete": false}, "t"+t.ID, f))
	}
	return map[string]any{"type": "object", "title": t.Name, "properties": properties}, controls
}

// mappedData gives the stored mapping of a type, and says in words what of it
// no longer works.
func mappedData(t mapping.Type, answers map[string]string, remembered map[string]mapping.Remembered) (map[string]any, []component.Problem, []string) {
	data := map[string]any{}
	for f, id := range answers {
		data[f] = id
	}
	_, findings := mapping.Resolve(t, answers, remembered)
	var problems []component.Problem
	var notes []string
	for _, f := range findings {
		if f.Kind == mapping.Renamed {
			notes = append(notes, f.Text)
			continue
		}
		problems = append(problems, component.Problem{Pointer: "/t" + t.ID + "/" + f.Revio, Message: f.Text})
	}
	return data, problems, notes
}

// typesPage is step 4.
func (k keeper) typesPage() component.Callable {
	return k.page("types", "Step 4 of the wizard: which Rev.io asset type is used when an asset is created.", func(ctx context.Context, s *component.Session, a pageAnswers) (component.Form, error) {
		types, err := selectedTypes(ctx, s, a.document)
		if err != nil {
			return component.Form{}, err
		}
		list, err := revio.ListAssetTypes.Call(ctx, s, component.NoInput{})
		if err != nil {
			return component.Form{}, err
		}
		var choices []component.Choice
		for _, t := range list.Items {
			if t.Active {
				choices = append(choices, component.Choice{Value: t.ID, Title: t.Name})
			}
		}
		form := component.Form{Schema: map[string]any{"type": "object", "title": "Map Asset Types"}, Data: map[string]any{}}
		properties, required, controls := map[string]any{}, []string{}, []any{}
		for _, t := range types {
			key := "t" + t.ID
			required = append(required, key)
			properties[key] = component.Pick(t.Name, "The Rev.io Asset Type that is used when a new asset is created on the Rev.io side.", "There is no asset type in Rev.io. Configure one there first.", choices)
			controls = append(controls, component.Control(map[string]any{"autocomplete": false}, key))
			chosen := a.document.Types[key]
			if chosen == "" {
				continue
			}
			form.Data[key] = chosen
			if !slices.ContainsFunc(choices, func(c component.Choice) bool { return c.Value == chosen }) {
				form.Errors = append(form.Errors, component.Problem{Pointer: "/" + key, Message: fmt.Sprintf("the Rev.io asset type %s, chosen for %s before, is gone or inactive", chosen, t.Name)})
			}
		}
		properties["rules"] = map[string]any{"type": "object", "title": "The first run", "properties": map[string]any{
			"firstRun": component.Pick("When an organization's assets are matched for the first time", "", "", []component.Choice{{Value: "write", Title: "Write at once"}, {Value: "review", Title: "Plan only, and wait for a person"}})}}
		controls = append(controls, component.Control(map[string]any{"format": "radio"}, "rules", "firstRun"))
		form.Data["rules"] = map[string]any{"firstRun": cmp.Or(a.document.Rules.FirstRun, "write")}
		form.Schema["properties"], form.Schema["required"] = properties, required
		form.UISchema = component.Layout("VerticalLayout", "", controls...)
		return form, nil
	})
}

func enabledTypes(ctx context.Context, s *component.Session) ([]itglue.FlexibleAssetType, error) {
	list, err := itglue.ListFlexibleAssetTypes.Call(ctx, s, itglue.ListFlexibleAssetTypesInput{EnabledOnly: true, WithFields: true})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list.Items, func(a, b itglue.FlexibleAssetType) int { return strings.Compare(a.Name, b.Name) })
	return list.Items, nil
}

// selectedTypes gives the types that step 2 selected and that are still there.
func selectedTypes(ctx context.Context, s *component.Session, d Document) ([]mapping.Type, error) {
	all, err := enabledTypes(ctx, s)
	if err != nil {
		return nil, err
	}
	var types []mapping.Type
	for _, t := range all {
		if slices.Contains(d.AssetTypes.TypeIDs, t.ID) {
			types = append(types, cycle.MappingType(t))
		}
	}
	if len(types) == 0 {
		return nil, component.Errorf(component.InvalidInput, "no flexible asset type is selected").Then("Go back to step 2 and select at least one.")
	}
	return types, nil
}

// mappable gives the Rev.io fields that can be mapped on this tenant.
func mappable(ctx context.Context, s *component.Session) ([]string, error) {
	c, err := revio.Connection.Open(ctx, s)
	if err != nil {
		return nil, err
	}
	return c.MappableFields(), nil
}
