package revio_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestCreatedAssetIsReadBackAsTheServerHoldsIt(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		switches reviotest.Switches
		name     string
	}{
		"the whole record comes back": {reviotest.Switches{}, "ws-014 "},
		"only the id comes back":      {reviotest.Switches{IDOnly: true}, "ws-014 "},
		"only a Location comes back":  {reviotest.Switches{EmptyCreate: true}, "ws-014 "},
		"blanks are trimmed":          {reviotest.Switches{Trim: true}, "ws-014"},
		"text is put in upper case":   {reviotest.Switches{Upper: true}, "WS-014 "},
		"text is cut":                 {reviotest.Switches{Cut: 4}, "ws-0"},
		"names have underscores":      {reviotest.Switches{SnakeCase: true}, "ws-014 "},
		"ids are text":                {reviotest.Switches{TextIDs: true, IDOnly: true}, "ws-014 "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{Switches: row.switches}, nil)
			customer, kind := stock(x)
			a, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind,
				Fields: map[string]string{"name": "ws-014 ", "installDate": "2025-03-01", "ipAddress": " "}, ExternalReference: "itglue:9"})
			require.NoError(t, err)
			require.Equal(t, row.name, a.Fields["name"])
			require.Equal(t, "2025-03-01", a.Fields["installDate"])
			require.Empty(t, a.Fields["ipAddress"])
			require.Contains(t, a.Fields, "ipAddress", "empty is shown")
			require.Equal(t, "itglue:9", a.ExternalReference)
			require.Equal(t, customer, a.CustomerID)
			require.Equal(t, kind, a.TypeID)
			require.NotNil(t, a.CreatedAt)
			require.Equal(t, 1, count(x.Requests(), http.MethodPost))
			require.Len(t, x.Assets(customer), 1)
		})
	}
}

func TestCreateWithALostAnswerIsUnsettledAndOnePost(t *testing.T) {
	t.Parallel()
	for _, kind := range []reviotest.Kind{reviotest.LostAfter, reviotest.Late, reviotest.FailAfter, reviotest.BrokenOff, reviotest.Truncated} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Headers.Idempotency = "Idempotency-Key" })
			customer, assetType := stock(x)
			s := x.session()
			_, err := revio.GetCustomer.Call(t.Context(), s, revio.ByID{ID: customer}) // a connection to reuse
			require.NoError(t, err)
			x.Fail(reviotest.Fault{Kind: kind, Method: http.MethodPost})
			_, err = revio.CreateAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: assetType, Fields: fields("WS-1", "SN1"), ExternalReference: "itglue:9"})
			require.ErrorIs(t, err, component.Unsettled)
			require.ErrorContains(t, err, "before it is sent again")
			require.Equal(t, 1, count(x.Requests(), http.MethodPost))
			x.LandLate()
			found, err := revio.FindAssets.Call(t.Context(), s, revio.FindAssetsInput{CustomerID: customer, ExternalReference: "itglue:9"})
			require.NoError(t, err)
			require.Len(t, found.Items, 1, "it can be found and adopted")
		})
	}
}

func TestCreateThatCannotBeReadBackIsUnsettled(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x)
	x.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 404, Method: http.MethodGet})
	_, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-1", "SN1")})
	require.ErrorIs(t, err, component.Unsettled)
	require.ErrorContains(t, err, "asset 1 was created")
}

func TestNewAssetThatNoRecordCouldTakeIsNotSent(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Fields.Asset.IPAddress = revio.Names{} })
	customer, kind := stock(x)
	for name, in := range map[string]map[string]string{
		"no name": {"serialNumber": "a"}, "a blank name": {"name": " "}, "an unknown field": {"name": "a", "colour": "red"}, "a field without a name there": {"name": "a", "ipAddress": "10.0.0.1"},
	} {
		_, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: in})
		require.ErrorIs(t, err, component.InvalidInput, name)
	}
	_, err := revio.GetAsset.Call(t.Context(), x.session(), revio.ByID{ID: "../customers"})
	require.ErrorIs(t, err, component.InvalidInput)
	require.Empty(t, x.Requests())
}

func TestLongValueIsCutToWhatTheFieldTakes(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{RefuseLong: true}}, nil)
	customer, kind := stock(x)
	long := strings.Repeat("ä", 99) + " bc"
	a, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: map[string]string{"name": long, "serialNumber": long}})
	require.NoError(t, err)
	fitted, cut := revio.DefaultProfile().Fit("name", long)
	require.True(t, cut)
	require.Equal(t, strings.Repeat("ä", 99), fitted)
	require.Equal(t, fitted, a.Fields["name"])

	x.ResetRequests()
	_, err = revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: a.ID, Set: map[string]string{"name": long}})
	require.NoError(t, err)
	require.Empty(t, x.Writes(), "a cut value is no change")
	found, err := revio.FindAssets.Call(t.Context(), x.session(), revio.FindAssetsInput{CustomerID: customer, SerialNumber: long})
	require.NoError(t, err)
	require.Len(t, found.Items, 1)
}

func TestInstallDateNeverShiftsByADay(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{DateTimes: true}}, nil)
	customer, kind := stock(x)
	s := x.session()
	a, err := revio.CreateAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: map[string]string{"name": "a", "installDate": "2025-01-01"}})
	require.NoError(t, err)
	for day := time.Date(2023, 12, 28, 0, 0, 0, 0, time.UTC); day.Year() < 2025; day = day.AddDate(0, 0, 13) {
		want := day.Format(time.DateOnly)
		got, err := revio.UpdateAsset.Call(t.Context(), s, revio.UpdateAssetInput{ID: a.ID, Set: map[string]string{"installDate": want}})
		require.NoError(t, err)
		require.Equal(t, want, got.Fields["installDate"])
		held, _ := x.Asset(a.ID)
		require.Equal(t, want, held.Fields["installDate"])
	}
	for wire, want := range map[string]string{
		"2025-03-01": "2025-03-01", "2025-03-01T23:30:00-08:00": "2025-03-01", "2025-03-01T00:30:00+13:00": "2025-03-01", "2025-03-01 00:00:00": "2025-03-01",
		"0001-01-01T00:00:00": "", "03/01/2025": "03/01/2025",
	} {
		x.SetSwitches(func(s *reviotest.Switches) { s.DateTimes = false })
		x.SetAsset(a.ID, "installDate", wire)
		got, err := revio.GetAsset.Call(t.Context(), s, revio.ByID{ID: a.ID})
		require.NoError(t, err)
		require.Equal(t, want, got.Fields["installDate"])
	}
}

func TestUpdateSendsOnlyWhatDiffersAndNullClears(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x)
	id := x.AddAsset(customer, kind, map[string]string{"name": "a", "serialNumber": "S", "ipAddress": "10.0.0.1"})
	a, err := revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id,
		Set: map[string]string{"name": "a", "ipAddress": "", "description": "", "operatingSystem": "Windows 11"},
		Was: map[string]string{"name": "a", "ipAddress": "10.0.0.1", "description": ""}})
	require.NoError(t, err)
	require.Empty(t, a.Fields["ipAddress"])
	require.Equal(t, "Windows 11", a.Fields["operatingSystem"])
	require.Equal(t, "S", a.Fields["serialNumber"])
	require.Len(t, x.Writes(), 1)
	require.JSONEq(t, `{"ipAddress":null,"operatingSystem":"Windows 11"}`, x.Writes()[0].Body)

	x.ResetRequests()
	_, err = revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id, Set: map[string]string{"operatingSystem": "Windows 11", "description": " "}})
	require.NoError(t, err)
	require.Empty(t, x.Writes())
}

func TestUpdateStopsWhenTheRecordChangedSinceItWasRead(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x)
	id := x.AddAsset(customer, kind, fields("a", "S"))
	x.SetAsset(id, "name", "by a person")
	_, err := revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id, Set: map[string]string{"name": "b"}, Was: map[string]string{"name": "a"}})
	require.ErrorIs(t, err, component.Conflict)
	require.Empty(t, x.Writes())
}

func TestFieldThatTheRecordDoesNotShowStopsNothing(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{Hide: []string{"ipAddress", "description"}}}, nil)
	customer, kind := stock(x)
	id := x.AddAsset(customer, kind, fields("a", "S"))
	a, err := revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id, Set: map[string]string{"name": "b"}, Was: map[string]string{"name": "a", "ipAddress": "10.0.0.1"}})
	require.NoError(t, err)
	require.Equal(t, "b", a.Fields["name"])
	require.NotContains(t, a.Fields, "ipAddress")
	require.Contains(t, a.Fields, "operatingSystem")
}

func TestVersionOfTheRecordGuardsTheUpdate(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{ETags: true}}, nil)
	customer, kind := stock(x)
	id := x.AddAsset(customer, kind, fields("a", "S"))
	_, err := revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id, Set: map[string]string{"name": "b"}})
	require.NoError(t, err)
	require.Equal(t, `"v0"`, x.Writes()[0].Header.Get("If-Match"))

	x.Fail(reviotest.Fault{Method: http.MethodPatch, Meanwhile: func() { x.SetAsset(id, "ipAddress", "10.9.9.9") }})
	_, err = revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id, Set: map[string]string{"name": "c"}})
	require.ErrorIs(t, err, component.Conflict)
}

func TestTenantWithoutPatchGetsTheWholeRecordAndRemembersIt(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{PutOnly: true}}, nil)
	customer, kind := stock(x)
	id := x.AddAsset(customer, kind, map[string]string{"name": "a", "serialNumber": "S", "rackUnit": "12"})
	x.SetAsset(id, "externalReference", "itglue:9")
	for i, name := range []string{"b", "c"} {
		x.ResetRequests()
		_, err := revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id, Set: map[string]string{"name": name}})
		require.NoError(t, err)
		require.Equal(t, 1-i, count(x.Requests(), http.MethodPatch), "it is tried once a credential")
		require.Equal(t, 1, count(x.Requests(), http.MethodPut))
	}
	a, _ := x.Asset(id)
	require.Equal(t, map[string]string{"name": "c", "serialNumber": "S", "rackUnit": "12", "description": "", "operatingSystem": "", "ipAddress": "", "installDate": ""}, a.Fields)
	require.Equal(t, "itglue:9", a.ExternalReference)
}

func TestRecordThatIsGoneIsNotFound(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x)
	id := x.AddAsset(customer, kind, fields("a", "S"))
	x.RemoveAsset(id)
	_, err := revio.GetAsset.Call(t.Context(), x.session(), revio.ByID{ID: id})
	require.ErrorIs(t, err, component.NotFound)
	x.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 410})
	_, err = revio.GetAsset.Call(t.Context(), x.session(), revio.ByID{ID: id})
	require.ErrorIs(t, err, component.NotFound)
	_, err = revio.UpdateAsset.Call(t.Context(), x.session(), revio.UpdateAssetInput{ID: id, Set: map[string]string{"name": "b"}})
	require.ErrorIs(t, err, component.NotFound)
	require.Empty(t, x.Writes())
}

func TestAnswerWithAnotherRecordIsRefused(t *testing.T) {
	t.Parallel()
	_, err := revio.GetAsset.Call(t.Context(), answers(t, `{"data":{"assetId":8,"customerId":1,"name":"a"}}`), revio.ByID{ID: "7"})
	require.ErrorIs(t, err, component.Unavailable)
	require.ErrorContains(t, err, "record 8")
}

func TestAssetsAreFoundHoweverFiltersBehave(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]reviotest.Switches{
		"exactly": {}, "ignored": {IgnoreFilters: true}, "contains": {ContainsFilters: true}, "with case": {ExactFilters: true},
		"ignored, in small pages": {IgnoreFilters: true, ClampPerPage: 2, NoTotal: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{Switches: switches}, nil)
			customer, kind := stock(x, fields("WS-1", "abc123"), fields("WS-2", "ABC1234"), fields("WS-3", ""))
			x.AddAsset(x.AddCustomer("Another"), kind, fields("WS-1", "ABC123"))
			found, err := revio.FindAssets.Call(t.Context(), x.session(), revio.FindAssetsInput{CustomerID: customer, SerialNumber: " ABC123"})
			require.NoError(t, err)
			require.Len(t, found.Items, 1)
			require.Equal(t, "WS-1", found.Items[0].Fields["name"])
			require.True(t, found.Complete, found.Why)
			found, err = revio.FindAssets.Call(t.Context(), x.session(), revio.FindAssetsInput{CustomerID: customer, SerialNumber: "none"})
			require.NoError(t, err)
			require.Empty(t, found.Items)
			require.True(t, found.Complete, found.Why)
			found, err = revio.FindAssets.Call(t.Context(), x.session(), revio.FindAssetsInput{CustomerID: customer, Name: "ws-3 "})
			require.NoError(t, err)
			require.Len(t, found.Items, 1)
		})
	}
}

func TestNothingToFindByIsRefused(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Capabilities.ExternalReference = false })
	for _, in := range []revio.FindAssetsInput{{CustomerID: "1"}, {CustomerID: "1", SerialNumber: " "}, {CustomerID: "1", ExternalReference: "itglue:9"}} {
		_, err := revio.FindAssets.Call(t.Context(), x.session(), in)
		require.ErrorIs(t, err, component.InvalidInput)
	}
	require.Empty(t, x.Requests())
}

func TestUpsertChangesTheOneAssetThatIsMeantOrCreatesIt(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x, fields("WS-1", "abc123"), fields("WS-2", "twice"), fields("WS-3", "TWICE"))
	upsert := func(name, serial, reference string) (revio.UpsertResult, error) {
		return revio.UpsertAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields(name, serial), ExternalReference: reference})
	}
	got, err := upsert("WS-1 new", "ABC123", "itglue:1")
	require.NoError(t, err)
	require.False(t, got.Created)
	require.Equal(t, "1", got.ID)
	require.Equal(t, "WS-1 new", got.Fields["name"])

	_, err = upsert("WS-2", "twice", "")
	require.ErrorIs(t, err, component.NeedsReview)
	require.ErrorContains(t, err, "2, 3")

	got, err = upsert("WS-9", "new", "itglue:9")
	require.NoError(t, err)
	require.True(t, got.Created)
	again, err := upsert("WS-9 moved", "other", "itglue:9")
	require.NoError(t, err)
	require.False(t, again.Created)
	require.Equal(t, got.ID, again.ID)
	require.Equal(t, 1, count(x.Requests(), http.MethodPost))

	_, err = upsert("WS-10", "", "")
	require.ErrorIs(t, err, component.InvalidInput)
}

func TestUpsertDoesNotBelieveNothingOfAListThatIsNotComplete(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{IgnorePages: true, NoTotal: true}}, func(p *revio.Profile) { p.PerPage = 2 })
	customer, kind := stock(x, fields("WS-1", "1"), fields("WS-2", "2"), fields("WS-3", "3"))
	x.SetSwitches(func(s *reviotest.Switches) { s.IgnoreFilters = true })
	_, err := revio.UpsertAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-3", "3")})
	require.ErrorIs(t, err, component.NeedsReview)
	require.Empty(t, x.Writes())
}

func TestReferenceIsSentOnlyWhereTheTenantKeepsOne(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{NoExternalReference: true}}, func(p *revio.Profile) { p.Capabilities.ExternalReference = false })
	customer, kind := stock(x)
	a, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("a", "S"), ExternalReference: "itglue:9"})
	require.NoError(t, err)
	require.Empty(t, a.ExternalReference)
	require.JSONEq(t, `{"customerId":1001,"assetTypeId":1,"name":"a","serialNumber":"S"}`, x.Writes()[0].Body)
}

func TestMappableFieldsAreThoseThatTheProfileNames(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Fields.Asset.OperatingSystem = revio.Names{} })
	client, err := revio.Connection.Dial(t.Context(), x.host, x.Settings(true))
	require.NoError(t, err)
	require.Equal(t, []string{"description", "serialNumber", "ipAddress", "installDate"}, client.MappableFields())
	require.Equal(t, "Serial Number", revio.FieldTitle("serialNumber"))
	require.Equal(t, 15*time.Minute, client.QuietWindow())
}
