package itgluerevio_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// page gives a page's form, and the text of its JSON.
func (s *stage) page(name string, answers object) (form component.Form, text string) {
	s.Helper()
	var raw json.RawMessage
	if answers == nil {
		answers = object{}
	}
	s.must("pages."+name, object{"answers": answers}, &raw)
	require.NoError(s, json.Unmarshal(raw, &form))
	return form, string(raw)
}

var digitsOnly = regexp.MustCompile(`^[0-9]+$`)

// requireSubset walks a schema: only what stock JSON Forms renders.
func requireSubset(t *testing.T, at string, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			require.NotContains(t, []string{"$ref", "$defs", "definitions", "additionalProperties", "patternProperties", "propertyNames", "unevaluatedProperties", "prefixItems", "if", "dependentSchemas"}, key, at)
			require.NotRegexp(t, digitsOnly, key, at)
			if key == "oneOf" || key == "enum" {
				require.NotEmpty(t, inner, at+"/"+key)
			}
			requireSubset(t, at+"/"+key, inner)
		}
	case []any:
		for i, inner := range v {
			requireSubset(t, fmt.Sprintf("%s/%d", at, i), inner)
		}
	}
}

// requireScopes demands that each control leads to a property.
func requireScopes(t *testing.T, schema map[string]any, element any) {
	t.Helper()
	switch e := element.(type) {
	case map[string]any:
		if e["type"] == "Control" {
			at := any(schema)
			for _, step := range strings.Split(e["scope"].(string), "/")[1:] {
				at = at.(map[string]any)[step]
				require.NotNil(t, at, e["scope"])
			}
		}
		if all, ok := e["elements"].([]any); ok {
			for _, inner := range all {
				requireScopes(t, schema, inner)
			}
		}
	}
}

func TestPagesAreOfTheSubsetThatJSONFormsRenders(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for _, name := range []string{"connections", "asset-types", "fields", "types"} {
		form, _ := s.page(name, nil)
		requireSubset(t, name, form.Schema)
		requireScopes(t, form.Schema, form.UISchema)
		require.Equal(t, "object", form.Schema["type"])
		require.NotEmpty(t, form.Schema["title"])
		require.Empty(t, form.Errors)
		schema, err := component.ParseSchema([]byte(must(t, form.Schema)))
		require.NoError(t, err)
		require.Empty(t, schema.Check([]byte(must(t, form.Data))), "%s: what is stored fits the form", name)
	}
}

func must(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

func TestPagesWithoutAnyChoiceSaySo(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.Revio.RetireAssetType(s.Equipment)
	s.Revio.RetireAssetType(s.License)
	form, text := s.page("types", nil)
	requireSubset(t, "types", form.Schema)
	require.Contains(t, text, "There is no asset type in Rev.io")
	require.Contains(t, form.Errors[0].Message, "gone or inactive")
	form, text = s.page("fields", object{"assetTypes": object{"typeIds": []string{s.Wireless}}})
	requireSubset(t, "fields", form.Schema)
	require.Contains(t, text, "No trait of Wireless fits this field.")
}

func TestOnlyEnabledTypesAreShown(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	_, text := s.page("asset-types", nil)
	for _, name := range []string{"Workstations", "Software Licenses", "Wireless"} {
		require.Contains(t, text, name)
	}
	require.NotContains(t, text, "Retired Inventory")
	s.ITGlue.SetType(s.Workstations, func(t *itgluetest.Type) { t.Disabled = true })
	form, _ := s.page("asset-types", nil)
	require.Equal(t, []any{s.Licenses}, form.Data["typeIds"])
	require.Len(t, form.Errors, 1)
	require.Contains(t, form.Errors[0].Message, "gone or no longer enabled")
}

func TestTraitsAreFilteredByKindAndShowTheirDirection(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	form, text := s.page("fields", nil)
	titles := func(field string) (all []string) {
		at := part(form.Schema, "properties", "t"+s.Workstations, "properties", field)
		for _, c := range at["oneOf"].([]any) {
			all = append(all, c.(map[string]any)["title"].(string))
		}
		return all
	}
	date := titles("installDate")
	require.Len(t, date, 1)
	require.Contains(t, date[0], "Install Date (Date, both ways")
	for _, f := range []string{"serialNumber", "operatingSystem", "ipAddress", "description"} {
		all := strings.Join(titles(f), "\n")
		for _, never := range []string{"Local admin", "Photo"} {
			require.NotContains(t, all, never, f)
		}
	}
	require.Contains(t, strings.Join(titles("description"), "\n"), "Notes (Textbox, both ways while it is plain text, to Rev.io only once it is formatted)")
	require.Contains(t, strings.Join(titles("operatingSystem"), "\n"), "Related logins (Tag (Passwords), to Rev.io only)")
	require.Contains(t, text, "Asset Name syncs automatically")
	require.NotContains(t, part(form.Schema, "properties", "t"+s.Workstations, "properties"), "name")
	require.NotContains(t, part(form.Schema, "properties"), "t"+s.Wireless, "only of selected types")
}

func TestSecretsAreNeverInAPage(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	literal := object{"connections": object{
		"revio":  object{"tenant": "acme.psarev.io", "clientId": "client", "clientSecret": "secret-of-the-client", "production": true},
		"itglue": object{"region": "eu", "apiKey": itgluetest.DefaultKey}}}
	for _, answers := range []object{nil, literal} {
		for _, name := range []string{"connections", "asset-types", "fields", "types"} {
			_, text := s.page(name, answers)
			require.NotContains(t, text, "secret-of-the-client", name)
			require.NotContains(t, text, itgluetest.DefaultKey, name)
		}
		form, _ := s.page("connections", answers)
		require.Equal(t, "${sealed}", part(form.Data, "itglue")["apiKey"])
	}
	require.NotContains(t, s.stored(), "secret-of-the-client")
	require.NotContains(t, s.stored(), itgluetest.DefaultKey)
	var out struct{ Document string }
	s.must("instance.export", object{}, &out)
	require.NotContains(t, out.Document, "secret-of-the-client")
	s.must("instance.apply", object{"document": out.Document}, nil)
	s.cycle()
}

func TestPagesSayInWordsWhatNoLongerWorks(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.cycle() // remembers the fields' names
	s.ITGlue.RenameField(s.ITGlue.FieldID(s.Workstations, "serial-number"), "serial number")
	s.ITGlue.DeleteField(s.ITGlue.FieldID(s.Workstations, "ip-address"))
	form, _ := s.page("fields", nil)
	require.Len(t, form.Errors, 1)
	require.Equal(t, "/t"+s.Workstations+"/ipAddress", form.Errors[0].Pointer)
	require.Contains(t, form.Errors[0].Message, "“IP Address” was deleted in IT Glue")
	require.Contains(t, strings.Join(form.Notes, "\n"), "differs in capitals only")
	requireCode(t, component.InvalidInput, s.call("pages.fields", object{"answers": object{"assetTypes": object{"typeIds": []string{}}}}, nil), "step 2")
	requireCode(t, component.InvalidInput, s.call("pages.types", object{"answers": object{"assetTypes": "all"}}, nil), "form of the pages")
}
