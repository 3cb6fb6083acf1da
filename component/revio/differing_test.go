package revio_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// differing is a tenant of which every assumption is wrong.
const differing = `{
  "headers": {"tenant": "X-Tenant", "extra": {"Ocp-Apim-Subscription-Key": "the-gateways-key"}},
  "token": {"url": "/auth/login", "encoding": "json", "fields": {"key": "{{.ClientID}}", "pass": "{{.ClientSecret}}"}, "token": "/result/jwt", "expiresIn": ""},
  "paths": {"customers": "/crm/v2/accounts", "customer": "/crm/v2/accounts/{id}/profile", "assetTypes": "/cmdb/kinds", "assets": "/cmdb/items", "asset": "/cmdb/item/{id}"},
  "query": {"page": "pageNumber", "perPage": "pageSize", "customerId": "accountRef", "serialNumber": "sn", "externalReference": "", "modifiedSince": "since"},
  "perPage": 50,
  "updateVerb": "PUT",
  "listPointers": ["/payload/rows"],
  "totals": ["rowCount"],
  "fields": {
    "asset": {"id": ["itemKey"], "name": ["label"], "description": ["remarks"], "serialNumber": ["sn"], "operatingSystem": ["os"], "ipAddress": ["ip"],
      "installDate": ["inService"], "assetTypeId": ["kindKey"], "assetTypeName": ["kindLabel"], "customerId": ["accountKey"], "status": ["state"],
      "externalReference": [], "created": ["addedOn"], "modified": ["touchedOn"]},
    "assetType": {"id": ["kindKey"], "name": ["kindLabel"], "active": ["enabled"]},
    "customer": {"id": ["accountKey"], "name": ["accountLabel"], "status": ["state"], "description": ["remarks"], "notes": ["memo"], "city": ["town"], "website": ["web"], "phone": ["tel"], "modified": ["touchedOn"]}
  },
  "capabilities": {"externalReference": false},
  "maxLength": {"name": 8}
}`

func TestTenantThatDiffersEverywhereIsAChangeOfTheProfileOnly(t *testing.T) {
	t.Parallel()
	p, err := revio.ReadProfile(json.RawMessage(differing))
	require.NoError(t, err)
	x := serve(t, reviotest.Options{Profile: p, Switches: reviotest.Switches{
		PutOnly: true, ClampPerPage: 3, NoTotal: true, IgnoreFilters: true, NoExternalReference: true, SnakeCase: true, TextIDs: true, DateTimes: true,
		EmptyText: true, IDOnly: true, RefuseLong: true,
	}}, nil)
	customer, kind := x.AddCustomer("Contoso Ltd"), x.AddAssetType("Equipment")
	other := x.AddCustomer("Another")
	for i := range 7 {
		x.AddAsset(customer, kind, fields(fmt.Sprintf("WS-%d", i), fmt.Sprintf("SN%d", i)))
		x.AddAsset(other, kind, fields(fmt.Sprintf("WS-%d", i), fmt.Sprintf("SN%d", i)))
	}
	s := x.session()

	customers, err := revio.ListCustomers.Call(t.Context(), s, revio.ListCustomersInput{})
	require.NoError(t, err)
	require.Len(t, customers.Items, 2)
	require.True(t, customers.Complete, customers.Why)
	renamed, err := revio.UpdateCustomer.Call(t.Context(), s, revio.UpdateCustomerInput{ID: customer, Set: map[string]string{"name": "Contoso NV", "notes": "n"}, Was: map[string]string{"name": "Contoso Ltd"}})
	require.NoError(t, err)
	require.Equal(t, "Contoso NV", renamed.Name)
	require.Equal(t, "n", *renamed.Notes)

	types, err := revio.ListAssetTypes.Call(t.Context(), s, component.NoInput{})
	require.NoError(t, err)
	require.Equal(t, []revio.AssetType{{ID: kind, Name: "Equipment", Active: true}}, types.Items)

	list, err := revio.ListAssets.Call(t.Context(), s, revio.ListAssetsInput{CustomerID: customer})
	require.NoError(t, err)
	require.Len(t, list.Items, 7)
	require.True(t, list.Complete, list.Why)
	require.Equal(t, "Equipment", list.Items[0].TypeName)

	made, err := revio.CreateAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: kind, ExternalReference: "itglue:9",
		Fields: map[string]string{"name": "a long name", "serialNumber": "SN9", "installDate": "2025-03-01", "ipAddress": "10.0.0.9"}})
	require.NoError(t, err)
	require.Equal(t, "a long n", made.Fields["name"])
	require.Equal(t, "2025-03-01", made.Fields["installDate"])
	require.Empty(t, made.Fields["description"])

	changed, err := revio.UpdateAsset.Call(t.Context(), s, revio.UpdateAssetInput{ID: made.ID, Set: map[string]string{"ipAddress": "", "operatingSystem": "Windows 11"}, Was: made.Fields})
	require.NoError(t, err)
	require.Equal(t, "SN9", changed.Fields["serialNumber"])
	require.Equal(t, "Windows 11", changed.Fields["operatingSystem"])
	require.Empty(t, changed.Fields["ipAddress"])

	found, err := revio.FindAssets.Call(t.Context(), s, revio.FindAssetsInput{CustomerID: customer, SerialNumber: "sn9"})
	require.NoError(t, err)
	require.Len(t, found.Items, 1)
	again, err := revio.UpsertAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-9", "SN9")})
	require.NoError(t, err)
	require.False(t, again.Created)
	got, err := revio.GetAsset.Call(t.Context(), s, revio.ByID{ID: made.ID})
	require.NoError(t, err)
	require.Equal(t, "WS-9", got.Fields["name"])

	require.Equal(t, 1, count(x.Requests(), http.MethodPost))
	require.Zero(t, count(x.Requests(), http.MethodPatch))
	for _, r := range x.Requests() {
		require.Equal(t, "acme.psarev.io", r.Header.Get("X-Tenant"))
		require.Equal(t, "the-gateways-key", r.Header.Get("Ocp-Apim-Subscription-Key"))
		require.Less(t, r.Status, 400, r.Path)
	}
	report, err := revio.CheckConnection.Call(t.Context(), s, component.NoInput{})
	require.NoError(t, err)
	require.True(t, report.OK)
}

func TestFurtherHeadersAreKeptButNotShown(t *testing.T) {
	t.Parallel()
	p, err := revio.ReadProfile(json.RawMessage(`{"headers":{"extra":{"Ocp-Apim-Subscription-Key":"the-gateways-key"}}}`))
	require.NoError(t, err)
	require.Equal(t, "the-gateways-key", p.Headers.Extra["Ocp-Apim-Subscription-Key"].Reveal())
	shown, err := json.Marshal(p)
	require.NoError(t, err)
	require.NotContains(t, string(shown), "the-gateways-key")
}
