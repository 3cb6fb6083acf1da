package revio_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// check runs the check, and gives its lines by name.
func check(t *testing.T, x *tenant, document json.RawMessage) (component.CheckReport, map[string]component.Check) {
	t.Helper()
	report, err := revio.CheckConnection.Call(t.Context(), x.sessionWith(document), component.NoInput{})
	require.NoError(t, err)
	lines := map[string]component.Check{}
	for _, c := range report.Checks {
		require.NotContains(t, lines, c.Name)
		require.NotEmpty(t, c.Message, c.Name)
		if c.State != component.Works && c.State != component.NotTested {
			require.NotEmpty(t, c.Do, c.Name)
		}
		lines[c.Name] = c
	}
	for _, r := range x.Writes() { // an exchange of a token at the wrong place looks like one
		require.GreaterOrEqual(t, r.Status, 400, "it only reads")
	}
	return report, lines
}

func populate(x *tenant) {
	for i := range 3 {
		customer, kind := stock(x)
		x.AddAsset(customer, kind, map[string]string{"name": fmt.Sprintf("WS-%d", i), "serialNumber": fmt.Sprintf("SN%d", i)})
	}
}

func TestCheckFindsNothingWrongWithATenantLikeTheProfile(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	populate(x)
	report, lines := check(t, x, x.Settings(true))
	require.True(t, report.OK)
	for name, c := range lines {
		want := component.Works
		switch name {
		case "fields.customer.description", "fields.customer.notes":
			want = component.NotTested
		}
		if name == "fields.customer.city" || name == "fields.customer.website" {
			want = c.State // shown or not: the sync does without
		}
		require.Equal(t, want, c.State, "%s: %s", name, c.Message)
	}
	require.Contains(t, lines, "fields.asset.serialNumber")
	require.Contains(t, lines, "query.externalReference")
}

func TestCheckNamesTheProfileLineThatDiffers(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		switches reviotest.Switches
		edit     func(*revio.Profile)
		line     string
		state    component.State
		ok       bool
	}{
		"customers cannot be listed":       {reviotest.Switches{NoCustomerList: true}, nil, "paths.customers", component.Missing, false},
		"the profile says that they can't": {reviotest.Switches{}, func(p *revio.Profile) { p.Capabilities.CustomerList = false }, "paths.customers", component.Missing, false},
		"asset types cannot be listed":     {reviotest.Switches{NoAssetTypes: true}, nil, "paths.assetTypes", component.Missing, false},
		"asset types are the profile's": {reviotest.Switches{NoAssetTypes: true}, func(p *revio.Profile) { p.AssetTypesFixed = []revio.FixedType{{ID: "1", Name: "Equipment"}} },
			"paths.assetTypes", component.Works, true},
		"assets are elsewhere":        {reviotest.Switches{}, func(p *revio.Profile) { p.Paths.Assets = "/psac/api/v2/assets" }, "paths.assets", component.Missing, false},
		"one asset is elsewhere":      {reviotest.Switches{}, func(p *revio.Profile) { p.Paths.Asset = "/psac/api/v2/assets/{id}" }, "paths.asset", component.Missing, false},
		"pages are ignored":           {reviotest.Switches{IgnorePages: true}, nil, "query.page", component.Differs, false},
		"pages are smaller":           {reviotest.Switches{ClampPerPage: 2}, nil, "query.page", component.Works, true},
		"there are no pages":          {reviotest.Switches{}, func(p *revio.Profile) { p.Query.Page = "" }, "query.page", component.NotTested, true},
		"the size of pages is fixed":  {reviotest.Switches{}, func(p *revio.Profile) { p.Query.PerPage = "size" }, "query.perPage", component.Differs, true},
		"filters are ignored":         {reviotest.Switches{IgnoreFilters: true}, nil, "query.customerId", component.Differs, true},
		"a serial has another name":   {reviotest.Switches{}, func(p *revio.Profile) { p.Query.SerialNumber = "sn" }, "query.serialNumber", component.Differs, true},
		"no reference is kept":        {reviotest.Switches{NoExternalReference: true}, nil, "fields.asset.externalReference", component.Missing, true},
		"a field has another name":    {reviotest.Switches{}, func(p *revio.Profile) { p.Fields.Asset.IPAddress = revio.Names{"ip"} }, "fields.asset.ipAddress", component.Missing, true},
		"a needed field has another":  {reviotest.Switches{}, func(p *revio.Profile) { p.Fields.Asset.Name = revio.Names{"label"} }, "fields.asset.name", component.Missing, false},
		"assets do not say whose":     {reviotest.Switches{}, func(p *revio.Profile) { p.Fields.Asset.CustomerID = revio.Names{"owner"} }, "paths.assets", component.Differs, false},
		"changes can be asked for":    {reviotest.Switches{IgnoreFilters: true}, func(p *revio.Profile) { p.Query.ModifiedSince = "since" }, "query.modifiedSince", component.Differs, true},
		"tokens are elsewhere":        {reviotest.Switches{}, func(p *revio.Profile) { p.Token.URL = "/login" }, "token", component.Missing, false},
		"the token has another place": {reviotest.Switches{}, func(p *revio.Profile) { p.Token.Token = "/jwt" }, "token", component.Missing, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{Switches: row.switches}, row.edit)
			populate(x)
			report, lines := check(t, x, x.Settings(true))
			require.Equal(t, row.state, lines[row.line].State, lines[row.line].Message)
			require.Equal(t, row.ok, report.OK)
			if row.state == component.Missing || row.state == component.Differs {
				require.Contains(t, lines[row.line].Do, "profile line")
			}
		})
	}
}

func TestCheckOffersTheNamesThatTheRecordShows(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Fields.Asset.IPAddress = revio.Names{"ip"} })
	populate(x)
	_, lines := check(t, x, x.Settings(true))
	require.Contains(t, lines["fields.asset.ipAddress"].Do, "Names not used yet: ipAddress.")
}

func TestCheckOfRefusedCredentialsSaysSoAndTriesNothingElse(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	report, lines := check(t, x, json.RawMessage(`{"tenant":"acme.psarev.io","clientId":"client","clientSecret":"wrong","production":true}`))
	require.False(t, report.OK)
	require.Equal(t, component.Failed, lines["token"].State)
	require.Len(t, lines, 3)
	require.Empty(t, x.Requests())
	_, lines = check(t, x, json.RawMessage(`{"tenant":"other.psarev.io","clientId":"client","clientSecret":"secret-of-the-client","production":true}`))
	require.Contains(t, lines["token"].Message, "404")
}

func TestCheckSaysWhatProductionModeMeans(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	populate(x)
	report, lines := check(t, x, x.Settings(false))
	require.True(t, report.OK, "plans are made all the same")
	require.Equal(t, component.Differs, lines["production"].State)
	require.Contains(t, lines["production"].Message, "nothing is written")
}

func TestCheckOfAnEmptyTenantSaysWhatCouldNotBeTried(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	report, lines := check(t, x, x.Settings(true))
	require.False(t, report.OK)
	require.Equal(t, component.Missing, lines["paths.assetTypes"].State)
	require.Equal(t, component.NotTested, lines["paths.assets"].State)
	require.Equal(t, component.NotTested, lines["query.serialNumber"].State)
}
