package itgluerevio_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	check "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
)

// published reads a file of the folder schemas.
func published(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "schemas", filepath.FromSlash(name)))
	require.NoError(t, err)
	return raw
}

func decoded[T any](t *testing.T, raw []byte) (v T) {
	t.Helper()
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

func TestPublishedFormsKeepToWhatJSONFormsRenders(t *testing.T) {
	t.Parallel()
	for _, p := range itgluerevio.Define(nil).Pages {
		form := decoded[component.Form](t, published(t, "forms/"+p.Name+".example.json"))
		require.Empty(t, formFaults(form), p.Name)
		require.Empty(t, form.Errors, p.Name)
	}
}

func TestPublishedFormsAreWhatTheirActionsMayAnswer(t *testing.T) {
	t.Parallel()
	for _, p := range itgluerevio.Define(nil).Pages {
		output, err := component.ParseSchema(published(t, "actions/"+p.Form.Describe().Name+".output.json"))
		require.NoError(t, err)
		require.Empty(t, output.Check(published(t, "forms/"+p.Name+".example.json")), p.Name)
	}
}

func TestDataOfPublishedFormsIsValidByTheirDraft07Schema(t *testing.T) {
	t.Parallel()
	answers := decoded[integration.PageInput](t, published(t, "forms/answers.example.json")).Answers
	for _, p := range itgluerevio.Define(nil).Pages {
		form := decoded[component.Form](t, published(t, "forms/"+p.Name+".example.json"))
		schema := draft07(t, form.Schema)
		require.NoError(t, schema.Validate(plain(t, form.Data)), p.Name)
		require.NoError(t, schema.Validate(plain(t, answers[p.Name])), "the answers of %s", p.Name)
		require.Error(t, schema.Validate(plain(t, map[string]any{firstProperty(form): 3.5})), "%s takes anything", p.Name)
	}
}

func TestPublishedAnswersMakeAnInstance(t *testing.T) {
	t.Parallel()
	raw := published(t, "forms/answers.example.json")
	document := decoded[integration.PageInput](t, raw).Answers
	document["name"] = "example"
	whole, err := json.Marshal(document)
	require.NoError(t, err)
	instance, err := component.ParseSchema(published(t, "instance.json"))
	require.NoError(t, err)
	require.Empty(t, instance.Check(whole))
	for _, p := range itgluerevio.Define(nil).Pages {
		input, err := component.ParseSchema(published(t, "actions/"+p.Form.Describe().Name+".input.json"))
		require.NoError(t, err)
		require.Empty(t, input.Check(raw), p.Name)
	}
}

func TestBuiltInProfilesAreValidByTheirPublishedSchemas(t *testing.T) {
	t.Parallel()
	for _, c := range itgluerevio.Define(nil).Components {
		schema, err := component.ParseSchema(published(t, "profiles/"+c.Name+".json"))
		require.NoError(t, err)
		require.Empty(t, schema.Check(published(t, "profiles/"+c.Name+".default.json")), c.Name)
		require.Empty(t, schema.Check([]byte(`{}`)), "a profile of %s may be a part", c.Name)
		require.NotEmpty(t, schema.Check([]byte(`{"noSuchLine":1}`)), c.Name)
	}
}

// Where there is nothing to choose from, a list without entries would make JSON
// Forms throw.
func TestFormsOfPoorAccountsKeepToItToo(t *testing.T) {
	t.Parallel()
	world := &demo.World{
		ITGlue: itgluetest.New(itgluetest.Options{Region: "eu", Keys: []itgluetest.Key{{Value: demo.APIKey}}}),
		Revio:  reviotest.New(reviotest.Options{Tenant: demo.Tenant, ClientID: demo.ClientID, ClientSecret: demo.ClientSecret}),
	}
	stage, err := demo.Serve(t.Context(), world, t.TempDir(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stage.Close()) })
	form := func(instance, page string) component.Form {
		var form component.Form
		require.NoError(t, stage.Call(t.Context(), instance, "pages."+page, integration.PageInput{Answers: map[string]any{}}, &form), page)
		require.Empty(t, formFaults(plainForm(t, form)), page)
		return form
	}
	apply := func(name string, types ...any) string {
		text, err := stage.Document(func(d map[string]any) {
			d["name"], d["assetTypes"] = name, map[string]any{"typeIds": append([]any{}, types...)}
			delete(d, "fields")
			delete(d, "types")
		})
		require.NoError(t, err)
		require.NoError(t, stage.Call(t.Context(), "", "instance.apply", map[string]any{"document": text}, nil))
		return name
	}
	none := apply("none")
	form(none, "connections")
	require.Contains(t, form(none, "asset-types").Schema["properties"].(map[string]any)["typeIds"], "readOnly")

	bare := world.ITGlue.AddType(itgluetest.Type{Name: "Bare", Fields: []itgluetest.Field{{Name: "Part", Kind: "Header"}, {Name: "Login", Kind: "Password"}}})
	one := apply("one", bare)
	form(one, "asset-types")
	form(one, "fields")
	require.Contains(t, form(one, "types").Schema["properties"].(map[string]any)["t"+bare], "readOnly")
}

func TestEachRuleOfFormsRefusesWhatBreaksIt(t *testing.T) {
	t.Parallel()
	for _, r := range formRules {
		schema := decoded[map[string]any](t, []byte(r.sample))
		var broken []string
		walkSchema("", schema, func(_ string, s map[string]any) {
			if r.breaks(s) != "" {
				broken = append(broken, r.name)
			}
		})
		require.NotEmpty(t, broken, "%s lets %s pass", r.name, r.sample)
	}
}

func TestControlsThatLeadNowhereAndFieldsWithoutControlAreFaults(t *testing.T) {
	t.Parallel()
	form := func(elements ...any) component.Form {
		properties := map[string]any{"name": map[string]any{"type": "string", "title": "Name"}}
		return component.Form{Schema: map[string]any{"type": "object", "title": "Form", "properties": properties},
			UISchema: component.Layout("VerticalLayout", "", elements...)}
	}
	require.Empty(t, formFaults(form(component.Control(nil, "name"))))
	require.NotEmpty(t, formFaults(form(component.Control(nil, "name"), component.Control(nil, "gone"))))
	require.NotEmpty(t, formFaults(form()))
	require.NotEmpty(t, formFaults(form(component.Control(nil, "name"), component.Control(nil, "name"))))
	require.NotEmpty(t, formFaults(form(component.Control(nil, "name"), component.Layout("ListWithDetail", ""))))
	require.NotEmpty(t, formFaults(form(component.Layout("Group", "", component.Control(nil, "name")))))
}

// draft07 compiles a form's schema as JSON Forms' ajv does: it names no draft,
// and is one of draft-07.
func draft07(t *testing.T, schema map[string]any) *check.Schema {
	t.Helper()
	require.NotContains(t, schema, "$schema")
	c := check.NewCompiler()
	c.DefaultDraft(check.Draft7)
	c.AssertFormat()
	require.NoError(t, c.AddResource("mem:///form.json", plain(t, schema)))
	compiled, err := c.Compile("mem:///form.json")
	require.NoError(t, err)
	return compiled
}

// plain gives a value as the validator reads JSON.
func plain(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	doc, err := check.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	return doc
}

// plainForm gives a form as a host reads it: lists as []any.
func plainForm(t *testing.T, f component.Form) component.Form {
	t.Helper()
	raw, err := json.Marshal(f)
	require.NoError(t, err)
	return decoded[component.Form](t, raw)
}

func firstProperty(f component.Form) string {
	properties, _ := f.Schema["properties"].(map[string]any)
	for name := range properties {
		return name
	}
	return ""
}
