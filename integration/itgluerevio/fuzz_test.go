package itgluerevio

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/componenttest"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration"
)

const wholeFile = `name: acme-msp
runAs: itglue-sync@acme
connections:
  revio:  {tenant: acme.psarev.io, clientId: acme-itglue, clientSecret: "${file:/run/secrets/revio}", production: true}
  itglue: {region: us, apiKey: "${env:ITGLUE_API_KEY}"}
assetTypes: {typeIds: ["301", "302"]}
fields:
  t301: {serialNumber: "401", installDate: "405"}
  rules: {firstWinner: itglue, fields: {serialNumber: newest}}
types: {t301: "1", t302: "2", rules: {firstRun: review}}
rules: {writeTypesWithFiles: ["301"], inactiveStatuses: [Inactive], guard: {organization: 20, instance: 10}}
`

// canaryKey stands for a literal secret in a file that is read.
const canaryKey = "canary-ITG-7f3a"

// instanceFiles are a whole file, and what becomes of it by slips of the pen.
func instanceFiles() []string {
	files := append(componenttest.Corpus("json"), wholeFile, "", "---\n---\n", "a: &a [*a]", "name: *x", "? {a: b}\n: c", "name: !!binary x", "name: !!float .nan", "<<: {name: x}",
		`{"name":"x","connections":{"revio":{"tenant":"t","clientId":"c","clientSecret":"s"},"itglue":{"region":"us","apiKey":"k"}},"rules":{"guard":{"organization":1.0,"instance":1e1}}}`,
		"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n")
	for _, change := range [][2]string{
		{"name: acme-msp", "name: acme-msp\nname: twice"}, {"name: acme-msp", "name: 5"}, {"name: acme-msp", "NAME: x"}, {"acme-msp", strings.Repeat("x", 101)}, {"runAs:", "runas:"}, {", production: true", ""}, {"production: true", "production: false"}, {"production: true", "production: null"},
		{"region: us", "region: norway"}, {`"${env:ITGLUE_API_KEY}"`, canaryKey}, {`"${env:ITGLUE_API_KEY}"`, "*" + canaryKey}, {`"${env:ITGLUE_API_KEY}"`, "[" + canaryKey + "]"},
		{`"${env:ITGLUE_API_KEY}"`, canaryKey + ": x"}, {`"${env:ITGLUE_API_KEY}"`, "!" + canaryKey + " x"}, {`"${env:ITGLUE_API_KEY}"`, "{" + canaryKey + ": 1, " + canaryKey + ": 2}"}, {`"${env:ITGLUE_API_KEY}"`, `"\x ` + canaryKey},
		{`["301", "302"]`, `["301", "301"]`}, {`["301", "302"]`, `[301]`}, {"t301: {", "x301: {"}, {"organization: 20", "organization: 101"}, {"organization: 20", "organization: 1.0"}, {"organization: 20", "organization: 0x14"},
		{"  t301", "\tt301"}, {"rules: {writeTypes", "rules: 5 #"}, {"newest", "latest"},
	} {
		files = append(files, strings.Replace(wholeFile, change[0], change[1], 1))
	}
	for _, text := range componenttest.Corpus("texts") {
		quoted, err := json.Marshal(text)
		if err == nil {
			files = append(files, strings.Replace(wholeFile, "acme-msp", string(quoted), 1))
		}
	}
	return files
}

// FuzzInstanceFile reads any file as an instance's. It is refused as invalid
// input, in words that hold no secret of it; or it is a document that fits the
// schema, that reads as itself again, and whose secrets are all taken out.
func FuzzInstanceFile(f *testing.F) {
	for _, text := range instanceFiles() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fields, d, err := readDocument(text)
		if err != nil {
			require.Equal(t, component.InvalidInput, component.CodeOf(err), "%v", err)
			require.Less(t, len(err.Error()), 4096+4*len(text))
			require.NotContains(t, err.Error(), canaryKey)
			return
		}
		require.NotEmpty(t, d.Name)
		require.NotNil(t, d.Connections.Revio.Production, "Production Mode is on unless the file says false, and is always said from then on")
		sealed := map[string]string{}
		require.NoError(t, integration.SealSecrets(fields, []component.Component{itglue.Component(), revio.Component()}, func(name, secret string) error {
			sealed[name] = secret
			return nil
		}))
		raw, err := json.Marshal(fields)
		require.NoError(t, err)
		for _, secret := range sealed {
			if len(secret) > 12 && strings.Count(text, secret) == 1 {
				require.NotContains(t, string(raw), secret)
			}
		}
		again, same, err := readDocument(string(raw))
		require.NoError(t, err, "%s", raw)
		require.Equal(t, fields, again)
		d.Connections, same.Connections = Connections{}, Connections{}
		require.Equal(t, d, same)
		_ = d.complete()
		require.ElementsMatch(t, slices.Collect(maps.Keys(d.Types)), prefixed(slices.Collect(maps.Keys(d.config().Types))))
	})
}

func prefixed(ids []string) []string {
	for i, id := range ids {
		ids[i] = "t" + id
	}
	return ids
}

// FuzzPageAnswers reads any answers of the wizard's pages over a stored
// document: they make a document, or are refused as invalid input.
func FuzzPageAnswers(f *testing.F) {
	for _, raw := range componenttest.Corpus("json") {
		f.Add([]byte(raw))
	}
	for _, raw := range []string{`{"connections":{"revio":{"tenant":"t"}}}`, `{"connections":5}`, `{"assetTypes":{"typeIds":["301"]},"fields":{"rules":{"firstWinner":"itglue"}},"rules":null}`,
		`{"rules":[],"types":{"rules":{"firstRun":"review"}}}`, `{"types":{"rules":{"guard":{"organization":1.5}}}}`, `{"fields":{"rules":5},"types":null}`, `{"name":{}}`} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var given map[string]any
		if json.Unmarshal(raw, &given) != nil {
			return // the schema of the pages lets objects through only
		}
		document, d, err := answered([]byte(`{"name":"acme-msp","rules":{"firstWinner":"ask"}}`), given)
		if err != nil {
			require.Equal(t, component.InvalidInput, component.CodeOf(err), "%v", err)
			return
		}
		again, same, err := answered(nil, document)
		require.NoError(t, err)
		require.Equal(t, document, again)
		require.Equal(t, d, same)
	})
}
