package revio_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/componenttest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestItKeepsTheRulesOfEveryComponent(t *testing.T) {
	t.Parallel()
	const secret = "secret-of-this-test"
	world := reviotest.New(reviotest.Options{ClientSecret: secret})
	server := httptest.NewServer(world)
	t.Cleanup(server.Close)
	customer, kind := world.AddCustomer("Brightwater Holdings"), world.AddAssetType("Equipment")
	asset := world.AddAsset(customer, kind, map[string]string{"name": "SRV-01", "serialNumber": "5CG1234XYZ"})

	var good map[string]any
	require.NoError(t, json.Unmarshal(world.Settings(true), &good))
	wrong := maps.Clone(good)
	wrong["clientSecret"] = "secret-of-another"
	noDomain := maps.Clone(good)
	noDomain["tenant"] = "no domain"

	id := func(id string) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"id":%q}`, id)) }
	ofCustomer := json.RawMessage(fmt.Sprintf(`{"customerId":%q}`, customer))
	componenttest.Run(t, revio.Component(), componenttest.Options{
		Host: func() *component.Host {
			return &component.Host{
				AllowedEndpoints: []string{server.URL},
				Profiles:         map[string]json.RawMessage{"revio": world.ProfileAt(server.URL)},
			}
		},
		Good: good,
		Bad: []componenttest.Settings{
			{Name: "a secret that is none", Settings: wrong, Want: component.Unauthorized},
			{Name: "a tenant that is no domain", Settings: noDomain},
		},
		Inputs: map[string]json.RawMessage{
			"revio.check-connection": nil,
			"revio.list-customers":   nil,
			"revio.get-customer":     id(customer),
			"revio.list-asset-types": nil,
			"revio.list-assets":      ofCustomer,
			"revio.find-assets":      json.RawMessage(fmt.Sprintf(`{"customerId":%q,"serialNumber":"5CG1234XYZ"}`, customer)),
			"revio.get-asset":        id(asset),
		},
		Absent: map[string]json.RawMessage{
			"revio.get-customer": id("999999"),
			"revio.get-asset":    id("999999"),
		},
		Probe:   "revio.list-customers",
		Secrets: []string{secret, "secret-of-another"},
	})
}
