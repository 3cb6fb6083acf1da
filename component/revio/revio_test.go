package revio_test

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestHostsBesideTheVendorsMustBeAllowed(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		doc     string
		allowed []string
		ok      bool
	}{
		"the built-in profile":      {`{}`, nil, true},
		"another host of Rev.io":    {`{"baseURL":"https://apim.psarev.io"}`, nil, true},
		"Rev.io without TLS":        {`{"baseURL":"http://api.psarev.io"}`, nil, false},
		"a host that looks like it": {`{"baseURL":"https://api.psarev.io.example"}`, nil, false},
		"a token from elsewhere":    {`{"token":{"url":"https://login.example/token"}}`, nil, false},
		"a sandbox elsewhere":       {`{"sandboxBaseURL":"https://sandbox.example"}`, nil, false},
		"an allowed host":           {`{"baseURL":"https://psa.example/rest"}`, []string{"https://psa.example"}, true},
		"an allowed host, no TLS":   {`{"baseURL":"http://psa.example"}`, []string{"https://psa.example"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := &component.Host{AllowedEndpoints: row.allowed, Profiles: map[string]json.RawMessage{"revio": json.RawMessage(row.doc)}}
			_, err := revio.Connection.Dial(t.Context(), host, json.RawMessage(`{"tenant":"acme.psarev.io","clientId":"a","clientSecret":"b","production":true}`))
			if row.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, component.InvalidInput)
			require.ErrorContains(t, err, "--allow-endpoint")
		})
	}
}

func TestTenantIsADomain(t *testing.T) {
	t.Parallel()
	for tenant, ok := range map[string]bool{"acme.psarev.io": true, "https://acme.psarev.io/": true, " acme.psarev.io ": true, "acme psarev": false, "a/b": false, "x\\r\\ny": false} {
		_, err := revio.Connection.Dial(t.Context(), &component.Host{}, json.RawMessage(`{"tenant":"`+tenant+`","clientId":"a","clientSecret":"b","production":true}`))
		if ok {
			require.NoError(t, err, tenant)
		} else {
			require.ErrorIs(t, err, component.InvalidInput, tenant)
		}
	}
}

func TestProductionModeOffSendsNoWrite(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x, fields("WS-014", "5CD9"))
	s := x.sessionWith(x.Settings(false))
	for name, write := range map[string]func() error{
		"create": func() error {
			_, err := revio.CreateAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("a", "b")})
			return err
		},
		"update": func() error {
			_, err := revio.UpdateAsset.Call(t.Context(), s, revio.UpdateAssetInput{ID: "1", Set: map[string]string{"name": "b"}})
			return err
		},
		"upsert": func() error {
			_, err := revio.UpsertAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("a", "b")})
			return err
		},
		"update customer": func() error {
			_, err := revio.UpdateCustomer.Call(t.Context(), s, revio.UpdateCustomerInput{ID: customer, Set: map[string]string{"name": "b"}})
			return err
		},
	} {
		err := write()
		require.ErrorIs(t, err, component.NeedsReview, name)
		require.ErrorContains(t, err, "Production Mode is off", name)
	}
	require.Empty(t, x.Requests())
	_, err := revio.ListAssets.Call(t.Context(), s, revio.ListAssetsInput{CustomerID: customer})
	require.NoError(t, err)
}

func TestProductionModeOffGoesToTheSandboxWhereThereIsOne(t *testing.T) {
	t.Parallel()
	sandbox := reviotest.New(reviotest.Options{})
	server := httptest.NewServer(sandbox)
	t.Cleanup(server.Close)
	x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.SandboxBaseURL = server.URL })
	x.host.AllowedEndpoints = append(x.host.AllowedEndpoints, server.URL)
	customer, kind := sandbox.AddCustomer("Contoso Ltd"), sandbox.AddAssetType("Equipment")
	client, err := revio.Connection.Dial(t.Context(), x.host, x.Settings(false))
	require.NoError(t, err)
	require.True(t, client.CanWrite())
	_, err = revio.CreateAsset.Call(t.Context(), x.sessionWith(x.Settings(false)), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("a", "b")})
	require.NoError(t, err)
	require.Len(t, sandbox.Assets(customer), 1)
	require.Empty(t, x.Requests())
	require.Zero(t, x.TokenRequests())
}
