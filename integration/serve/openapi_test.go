package serve_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
)

func TestDocumentHasEveryActionWithTheSchemasThatItChecks(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	got := o.ask("", http.MethodGet, "/v1/openapi.json", "")
	require.Equal(t, http.StatusOK, got.status)
	var doc struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
		Parts   struct {
			Schemas map[string]json.RawMessage `json:"schemas"`
		} `json:"components"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.body), &doc))
	require.Equal(t, "3.1.0", doc.OpenAPI)
	ours := 0
	for _, d := range o.toy.definition().Catalog(nil).Describe() {
		path := "/v1/instances/{instance}/actions/" + d.Name
		if d.Scope == component.OnHost {
			path = "/v1/actions/" + d.Name
		}
		if d.Name == "vendor.reveal" {
			require.NotContains(t, doc.Paths, path, "it is not served")
			continue
		}
		ours++
		require.Contains(t, doc.Paths, path)
		require.Contains(t, string(doc.Paths[path]["post"]), `"#/components/schemas/`+d.Name+`.input"`)
		for part, s := range map[string]*component.Schema{".input": d.Input, ".output": d.Output} {
			require.Equal(t, sorted(t, s), sorted(t, doc.Parts.Schemas[d.Name+part]), d.Name+part)
		}
		_, led := o.toy.definition().Catalog(nil).Find(d.Name)
		require.NoError(t, led)
		require.Equal(t, d.Name == "toy.work", strings.Contains(string(doc.Paths[path]["post"]), `"202"`), d.Name)
		require.Equal(t, d.Effect == component.Writes, strings.Contains(string(doc.Paths[path]["post"]), "IdempotencyKey"), d.Name)
	}
	require.Equal(t, 9, ours)
}

// sorted gives a JSON document with its members sorted, byte for byte.
func sorted(t *testing.T, document any) string {
	t.Helper()
	raw, err := json.Marshal(document)
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v))
	raw, err = json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

func TestEveryReferenceOfTheDocumentLeadsSomewhere(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	var doc map[string]any
	require.NoError(t, json.Unmarshal([]byte(o.ask("", http.MethodGet, "/v1/openapi.json", "").body), &doc))
	parts, _ := doc["components"].(map[string]any)
	found := 0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if to, ok := v["$ref"].(string); ok {
				found++
				kind, name, _ := strings.Cut(strings.TrimPrefix(to, "#/components/"), "/")
				there, _ := parts[kind].(map[string]any)
				require.Contains(t, there, name, to)
			}
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(doc)
	require.Greater(t, found, 50)
}

// What is answered fits what the document says: each status with a body is
// checked against its schema.
func TestAnswersFitTheDocument(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	var doc struct {
		Parts struct {
			Schemas map[string]json.RawMessage `json:"schemas"`
		} `json:"components"`
	}
	require.NoError(t, json.Unmarshal([]byte(o.ask("", http.MethodGet, "/v1/openapi.json", "").body), &doc))
	fits := func(part string, got said) {
		t.Helper()
		schema, err := component.ParseSchema(doc.Parts.Schemas[part])
		require.NoError(t, err)
		require.Empty(t, schema.Check(json.RawMessage(got.body)), got.body)
	}
	for _, c := range problems {
		fits("Problem", o.ask(c.who, c.method, c.path, c.body, c.headers...))
	}
	fits("RunAccepted", o.post("operator", "toy.work", `{}`))
	_, location := o.asked(`{"fail":"forbidden"}`)
	fits("Run", o.ask("viewer", http.MethodGet, location, ""))
	require.Eventually(t, func() bool { return o.shown(location).State == "failed" }, patience, pace)
	fits("Run", o.ask("viewer", http.MethodGet, location, ""))
	fits("notes.put.output", o.post("operator", "notes.put", `{"id":"7"}`))
	fits("Health", o.ask("", http.MethodGet, "/healthz", ""))
}
