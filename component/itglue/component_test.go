package itglue_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/componenttest"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

func TestItKeepsTheRulesOfEveryComponent(t *testing.T) {
	t.Parallel()
	const value = "correct horse battery staple"
	world := itgluetest.New(itgluetest.Options{})
	server := httptest.NewServer(world.Handler("us"))
	t.Cleanup(server.Close)
	organization := world.AddOrganization(itgluetest.Organization{Name: "Brightwater Holdings"})
	kind := world.AddType(itgluetest.Type{Name: "Servers", Fields: []itgluetest.Field{{Name: "Name", UseForTitle: true}, {Name: "Serial Number"}}})
	asset := world.AddAsset(organization, kind, map[string]any{"name": "SRV-01", "serial-number": "5CG1234XYZ"})
	password := world.AddPassword(itgluetest.Password{Name: "root", AssetID: asset, Value: value})

	settings := func(key, endpoint string) map[string]any {
		return map[string]any{"region": "us", "apiKey": key, "endpoint": endpoint}
	}
	id := func(id string) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"id":%q}`, id)) }
	componenttest.Run(t, itglue.Component(), componenttest.Options{
		Host: func() *component.Host { return &component.Host{AllowedEndpoints: []string{server.URL}} },
		Good: settings(itgluetest.DefaultKey, server.URL),
		Bad: []componenttest.Settings{
			{Name: "a key that is none", Settings: settings("ITG.revoked", server.URL), Want: component.Forbidden},
			{Name: "an endpoint that is not allowed", Settings: settings(itgluetest.DefaultKey, "http://127.0.0.1:1")},
		},
		Inputs: map[string]json.RawMessage{
			"itglue.check-connection":           nil,
			"itglue.list-organizations":         nil,
			"itglue.get-organization":           id(organization),
			"itglue.list-flexible-asset-types":  nil,
			"itglue.list-flexible-asset-fields": json.RawMessage(fmt.Sprintf(`{"typeId":%q}`, kind)),
			"itglue.list-flexible-assets":       json.RawMessage(fmt.Sprintf(`{"typeId":%q}`, kind)),
			"itglue.get-flexible-asset":         id(asset),
			"itglue.list-passwords":             nil,
			"itglue.get-password":               id(password),
		},
		Absent: map[string]json.RawMessage{
			"itglue.get-organization":   id("999999"),
			"itglue.get-flexible-asset": id("999999"),
			"itglue.get-password":       id("999999"),
			"itglue.reveal-password":    id("999999"),
		},
		Probe:   "itglue.list-organizations",
		Secrets: []string{itgluetest.DefaultKey, "ITG.revoked", value},
	})
}
