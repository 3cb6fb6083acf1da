package itgluetest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// caller speaks raw HTTP to a world.
type caller struct {
	*itgluetest.World
	t   *testing.T
	url string
	key string
}

func call(t *testing.T, o itgluetest.Options) *caller {
	t.Helper()
	w := itgluetest.New(o)
	server := httptest.NewServer(w.Handler("us"))
	t.Cleanup(server.Close)
	return &caller{World: w, t: t, url: server.URL, key: itgluetest.DefaultKey}
}

// do sends a request; query is pairs of names and values.
func (c *caller) do(method, path, body string, query ...string) (int, map[string]any) {
	c.t.Helper()
	q := url.Values{}
	for i := 0; i < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	req, err := http.NewRequest(method, c.url+path+"?"+q.Encode(), strings.NewReader(body))
	require.NoError(c.t, err)
	req.Header.Set("x-api-key", c.key)
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/vnd.api+json; charset=utf-8")
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	var doc map[string]any
	if len(raw) > 0 {
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.UseNumber()
		require.NoError(c.t, d.Decode(&doc), string(raw))
	}
	return resp.StatusCode, doc
}

func (c *caller) get(path string, query ...string) (int, map[string]any) {
	return c.do(http.MethodGet, path, "", query...)
}

func (c *caller) patch(asset, traits string) (int, map[string]any) {
	return c.do(http.MethodPatch, "/flexible_assets/"+asset, `{"data":{"type":"flexible-assets","attributes":{"traits":`+traits+`}}}`)
}

// ids are those of a list.
func ids(doc map[string]any) []string {
	var all []string
	data, _ := doc["data"].([]any)
	for _, d := range data {
		all = append(all, d.(map[string]any)["id"].(string))
	}
	return all
}

func attributes(doc map[string]any) map[string]any {
	return doc["data"].(map[string]any)["attributes"].(map[string]any)
}

// firstProblem is the pointer and the detail of a refusal.
func firstProblem(doc map[string]any) (string, any) {
	e := doc["errors"].([]any)[0].(map[string]any)
	source, _ := e["source"].(map[string]any)
	pointer, _ := source["pointer"].(string)
	return pointer, e["detail"]
}

func (c *caller) office() (organization, typeID, asset string) {
	organization = c.AddOrganization(itgluetest.Organization{Name: "Brightwater Holdings"})
	typeID = c.AddType(itgluetest.Type{Name: "Workstations", Fields: []itgluetest.Field{
		{Name: "Device Name", Required: true, UseForTitle: true}, {Name: "Serial Number"}, {Name: "Room", UseForTitle: true},
		{Name: "OS", Kind: "Select", Default: "Windows 11\nmacOS 15"}, {Name: "RAM (GB)", Kind: "Number"}, {Name: "Encrypted?", Kind: "Checkbox"},
		{Name: "Installed", Kind: "Date"}, {Name: "User", Kind: "Tag", TagType: "Contacts"}, {Name: "Local Admin", Kind: "Password"}, {Name: "Photo", Kind: "Upload"}, {Name: "Part", Kind: "Header"},
	}})
	asset = c.AddAsset(organization, typeID, map[string]any{"device-name": "PC-1", "serial-number": "S1", "ram-gb": 31.8})
	return organization, typeID, asset
}

func TestKeyWorksInItsRegionOnly(t *testing.T) {
	t.Parallel()
	w := itgluetest.New(itgluetest.Options{Region: "eu"})
	for region, want := range map[string]int{"us": 403, "eu": 200, "au": 403} {
		server := httptest.NewServer(w.Handler(region))
		t.Cleanup(server.Close)
		c := &caller{World: w, t: t, url: server.URL, key: itgluetest.DefaultKey}
		status, doc := c.get("/organizations")
		require.Equal(t, want, status, region)
		if want == 403 {
			require.Equal(t, map[string]any{"message": "Forbidden"}, doc)
		}
	}
}

func TestKeysCanBePausedAndRevoked(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	c.SetKey(itgluetest.Key{Value: c.key, Paused: true})
	status, _ := c.get("/organizations")
	require.Equal(t, 403, status)
	c.SetKey(itgluetest.Key{Value: c.key})
	status, _ = c.get("/organizations")
	require.Equal(t, 200, status)
	c.RevokeKey(c.key)
	status, _ = c.get("/organizations")
	require.Equal(t, 403, status)
}

func TestBodyOfAnotherMediaTypeIsRefused(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	req, err := http.NewRequest("POST", c.url+"/organizations", strings.NewReader(`{"data":{"type":"organizations","attributes":{"name":"A"}}}`))
	require.NoError(t, err)
	req.Header.Set("x-api-key", c.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 415, resp.StatusCode)
	require.Empty(t, c.Organizations())
}

func TestMalformedBodyIsAServerError(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	for _, body := range []string{`"{}"`, `{}`, `{"data":{}}`, `{"data":{"type":"organizations"}}`, ``} {
		status, _ := c.do("POST", "/organizations", body)
		require.Equal(t, 500, status, body)
	}
}

func TestWindowOfTheRateLimitSlides(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := call(t, itgluetest.Options{Switches: itgluetest.Switches{RateLimit: 3, RetryAfter: "7"}, Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}})
	later := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	for range 3 {
		status, _ := c.get("/organizations")
		require.Equal(t, 200, status)
		later(time.Minute)
	}
	status, doc := c.get("/organizations")
	require.Equal(t, 429, status)
	require.Equal(t, "Too Many Requests", doc["message"])
	later(2*time.Minute + time.Second)
	status, _ = c.get("/organizations")
	require.Equal(t, 200, status)
	status, _ = c.get("/organizations")
	require.Equal(t, 429, status)
}

func TestListOfAssetsDemandsItsType(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, asset := c.office()
	status, _ := c.get("/flexible_assets", "filter[organization-id]", organization)
	require.Equal(t, 400, status)
	status, doc := c.get("/flexible_assets", "filter[flexible-asset-type-id]", typeID)
	require.Equal(t, 200, status)
	require.Equal(t, []string{asset}, ids(doc))
}

func TestFilters(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	a := c.AddOrganization(itgluetest.Organization{Name: "Dunmore & Pike, Ltd."})
	b := c.AddOrganization(itgluetest.Organization{Name: "Brightwater", Primary: true})
	d := c.AddOrganization(itgluetest.Organization{Name: "Kestrel"})
	for filter, want := range map[string][]string{
		"name=Dunmore & Pike\\, Ltd.": {a}, "name=Dunmore & Pike, Ltd.": nil, "name=brightwater": nil, "name=Bright": nil, "name=Brightwater,Kestrel": {b, d},
		"id=" + a + "," + d: {a, d}, "primary=1": {b}, "no_such=1": {a, b, d}, "organization-id=1": {a, b, d},
		"updated_at=*,*": {a, b, d}, "updated_at=2200-01-01T00:00:00Z,*": nil,
	} {
		name, value, _ := strings.Cut(filter, "=")
		_, doc := c.get("/organizations", "filter["+name+"]", value)
		require.Equal(t, want, ids(doc), filter)
	}
}

func TestNestedRoutesIgnoreFilters(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, _ := c.office()
	other := c.AddOrganization(itgluetest.Organization{Name: "B"})
	p := c.AddPassword(itgluetest.Password{OrganizationID: organization, Name: "P"})
	c.AddPassword(itgluetest.Password{OrganizationID: other, Name: "Q"})
	_, doc := c.get("/organizations/"+organization+"/relationships/passwords", "filter[name]", "none")
	require.Equal(t, []string{p}, ids(doc))
	status, _ := c.get("/organizations/"+organization+"/relationships/flexible_assets", "filter[flexible-asset-type-id]", typeID)
	require.Equal(t, 404, status)
}

func TestPages(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	for i := range 60 {
		c.AddOrganization(itgluetest.Organization{Name: fmt.Sprintf("%02d", 59-i)})
	}
	_, doc := c.get("/organizations")
	require.Len(t, ids(doc), 50)
	require.Equal(t, map[string]any{"current-page": json.Number("1"), "next-page": json.Number("2"), "prev-page": nil, "total-pages": json.Number("2"), "total-count": json.Number("60"), "filters": map[string]any{}}, doc["meta"])
	require.Contains(t, doc["links"], "next")
	_, doc = c.get("/organizations", "page[size]", "5000", "sort", "-name")
	require.Len(t, ids(doc), 60)
	require.Equal(t, c.Organizations()[0].ID, ids(doc)[0])
	_, doc = c.get("/organizations", "page[number]", "9")
	require.Empty(t, ids(doc))
	status, _ := c.get("/organizations", "page[size]", "x")
	require.Equal(t, 400, status)
	_, doc = c.get("/organizations", "sort", "no_such", "page[size]", "1")
	require.Equal(t, c.Organizations()[0].ID, ids(doc)[0], "an unlisted sort is ignored")
}

func TestQuickNotesAreCutInLists(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	id := c.AddOrganization(itgluetest.Organization{Name: "A", QuickNotes: strings.Repeat("ü", 300)})
	_, doc := c.get("/organizations")
	notes := doc["data"].([]any)[0].(map[string]any)["attributes"].(map[string]any)["quick-notes"].(string)
	require.Equal(t, strings.Repeat("ü", 250), notes)
	_, doc = c.get("/organizations/" + id)
	require.Len(t, []rune(attributes(doc)["quick-notes"].(string)), 300)
}

func TestChangeDeletesTraitsThatItLeavesOut(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	_, _, asset := c.office()
	status, _ := c.patch(asset, `{"device-name":"PC-1"}`)
	require.Equal(t, 200, status)
	a, _ := c.Asset(asset)
	require.Equal(t, map[string]json.RawMessage{"device-name": json.RawMessage(`"PC-1"`)}, a.Traits)
	status, _ = c.do("PATCH", "/flexible_assets/"+asset, `{"data":{"type":"flexible_assets","attributes":{"archived":true}}}`)
	require.Equal(t, 200, status)
	a, _ = c.Asset(asset)
	require.True(t, a.Archived)
	require.Len(t, a.Traits, 1, "without the member traits they stay")
	status, doc := c.patch(asset, `{}`)
	require.Equal(t, 422, status)
	pointer, detail := firstProblem(doc)
	require.Equal(t, "/data/attributes/flexible-asset-traits.device-name", pointer)
	require.Equal(t, []any{"can't be blank"}, detail)
}

func TestChangeDeletesThePasswordOfAFieldThatItLeavesOut(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	_, _, asset := c.office()
	field := c.AddPassword(itgluetest.Password{Name: "Local Admin", AssetID: asset, FieldKey: "local-admin", Value: "v"})
	embedded := c.AddPassword(itgluetest.Password{Name: "BIOS", AssetID: asset, Value: "v"})
	status, _ := c.patch(asset, `{"device-name":"PC-1","local-admin":`+field+`}`)
	require.Equal(t, 200, status)
	_, there := c.Password(field)
	require.True(t, there)
	_, _ = c.patch(asset, `{"device-name":"PC-1"}`)
	_, there = c.Password(field)
	require.False(t, there)
	_, there = c.Password(embedded)
	require.True(t, there)
}

func TestTraitsAreCheckedByKind(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, asset := c.office()
	ana := c.AddResource("Contacts", organization, "Ana", nil)
	for trait, want := range map[string]int{
		`"serial-number":"x"`: 200, `"serial-number":5`: 422, `"os":"macOS 15"`: 200, `"os":"BeOS"`: 422, `"ram-gb":16`: 200, `"ram-gb":"16"`: 422,
		`"encrypted":false`: 200, `"encrypted":"yes"`: 422, `"installed":"2026-02-28"`: 200, `"installed":"28/02/2026"`: 422,
		`"user":[` + ana + `]`: 200, `"user":` + ana: 200, `"user":[5]`: 422, `"user":{"type":"Contacts","values":[{"id":` + ana + `}]}`: 422,
		`"photo":{"content":"aGk=","file_name":"x.png"}`: 200, `"photo":{"content":"!","file_name":"x.png"}`: 422, `"photo":{"type":"Upload","values":[{"id":1}]}`: 422,
		`"local-admin":5`: 422, `"part":"x"`: 422, `"no-such":"x"`: 422, `"Serial Number":"x"`: 422, `"serial-number":null`: 200,
	} {
		before, _ := c.Asset(asset)
		status, doc := c.patch(asset, `{"device-name":"PC-1",`+trait+`}`)
		require.Equal(t, want, status, "%s: %v", trait, doc)
		if want == 422 {
			after, _ := c.Asset(asset)
			require.Equal(t, before, after)
		}
	}
	_, doc := c.patch(asset, `{"device-name":"PC-1","user":[`+ana+`]}`)
	user := attributes(doc)["traits"].(map[string]any)["user"].(map[string]any)
	require.Equal(t, "Contacts", user["type"])
	require.Equal(t, json.Number(ana), user["values"].([]any)[0].(map[string]any)["id"], "ids in, objects out")
	c.SetTrait(asset, "photo", itgluetest.File{Name: "desk.png"})
	_ = typeID
}

func TestNameIsComputedAndTimesMove(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	_, _, asset := c.office()
	before, _ := c.Asset(asset)
	status, doc := c.do("PATCH", "/flexible_assets/"+asset, `{"data":{"type":"flexible-assets","attributes":{"name":"mine","traits":{"device-name":"PC-9","room":"12"}}}}`)
	require.Equal(t, 200, status)
	require.Equal(t, "PC-9 12", attributes(doc)["name"])
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`, attributes(doc)["updated-at"])
	after, _ := c.Asset(asset)
	require.True(t, after.UpdatedAt.After(before.UpdatedAt))
	require.Equal(t, before.CreatedAt, after.CreatedAt)
}

func TestBulkRoutes(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, asset := c.office()
	one := `{"type":"flexible-assets","attributes":{"flexible-asset-type-id":` + typeID + `,"organization-id":` + organization + `,"traits":{"device-name":"N"}}}`
	status, doc := c.do("POST", "/flexible_assets", `{"data":[`+one+`]}`)
	require.Equal(t, 422, status)
	require.Equal(t, "unprocessable_entity", doc["errors"].([]any)[0].(map[string]any)["status"])
	status, doc = c.do("POST", "/organizations/"+organization+"/relationships/flexible_assets", `{"data":[`+one+`,`+one+`]}`)
	require.Equal(t, 201, status)
	require.Len(t, ids(doc), 2)
	status, _ = c.do("PATCH", "/flexible_assets", `{"data":[{"type":"flexible-assets","attributes":{"id":`+asset+`,"archived":true}}]}`)
	require.Equal(t, 200, status)
	a, _ := c.Asset(asset)
	require.True(t, a.Archived)
	status, _ = c.do("PATCH", "/organizations", `{"data":[{"type":"organizations","attributes":{"id":`+organization+`,"description":"d"}}]}`)
	require.Equal(t, 200, status)
	o, _ := c.Organization(organization)
	require.Equal(t, "d", o.Description)
}

func TestCreateChecksWhatItRefersTo(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, _ := c.office()
	status, doc := c.do("POST", "/flexible_assets", `{"data":{"type":"flexible-assets","attributes":{"organization_id":5,"flexible_asset_type_id":`+typeID+`,"traits":{"device-name":"N"}}}}`)
	require.Equal(t, 422, status)
	require.Equal(t, "Valid organization_id is required", doc["errors"].([]any)[0].(map[string]any)["title"])
	status, _ = c.do("POST", "/flexible_assets", `{"data":{"type":"flexible-assets","attributes":{"organization_id":`+organization+`,"flexible_asset_type_id":"`+typeID+`","traits":{"device-name":"N"}}}}`)
	require.Equal(t, 201, status)
	status, _ = c.do("POST", "/organizations", `{"data":{"type":"organizations","attributes":{"description":"d"}}}`)
	require.Equal(t, 422, status)
	status, _ = c.do("DELETE", "/flexible_assets/1", ``)
	require.Equal(t, 404, status, "nothing is deleted through this simulator")
}

func TestOrganizationOfAPSATakesThreeAttributesOnly(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	id := c.AddOrganization(itgluetest.Organization{Name: "A", PSASynced: true})
	status, _ := c.do("PATCH", "/organizations/"+id, `{"data":{"type":"organizations","attributes":{"name":"B","description":"d"}}}`)
	require.Equal(t, 422, status)
	o, _ := c.Organization(id)
	require.Empty(t, o.Description)
	status, _ = c.do("PATCH", "/organizations/"+id, `{"data":{"type":"organizations","attributes":{"alert":"a","description":"d","quick_notes":"q"}}}`)
	require.Equal(t, 200, status)
	c2 := c.AddOrganization(itgluetest.Organization{Name: "C"})
	status, _ = c.do("PATCH", "/organizations/"+c2, `{"data":{"type":"organizations","attributes":{"parent-id":`+id+`}}}`)
	require.Equal(t, 200, status)
	o, _ = c.Organization(c2)
	require.Empty(t, o.ParentID, "a parent cannot be given")
}

func TestPasswordsShowTheirValueUnlessToldNotTo(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	_, _, asset := c.office()
	id := c.AddPassword(itgluetest.Password{Name: "P", AssetID: asset, Value: "v"})
	field := c.AddPassword(itgluetest.Password{Name: "F", AssetID: asset, FieldKey: "local-admin", Value: "v"})
	_, doc := c.get("/passwords", "show_password", "true")
	for _, d := range doc["data"].([]any) {
		require.NotContains(t, d.(map[string]any)["attributes"], "password")
	}
	_, doc = c.get("/passwords/" + id)
	require.Equal(t, "v", attributes(doc)["password"])
	require.Equal(t, json.Number(asset), attributes(doc)["resource-id"])
	require.Equal(t, "flexible-assets", attributes(doc)["resource-type"])
	_, doc = c.get("/passwords/"+id, "show_password", "false")
	require.NotContains(t, attributes(doc), "password")
	_, doc = c.get("/passwords/"+field, "show_password", "false")
	require.NotEqual(t, json.Number(asset), attributes(doc)["resource-id"])
	require.True(t, strings.HasSuffix(attributes(doc)["parent-url"].(string), "/records/"+asset))
	c.SetKey(itgluetest.Key{Value: c.key})
	_, doc = c.get("/passwords/" + id)
	require.NotContains(t, attributes(doc), "password")
	shown := 0
	for _, r := range c.Requests() {
		if r.PasswordShown {
			shown++
		}
	}
	require.Equal(t, 1, shown)
}

func TestRenamedFieldMovesItsValuesAndDeletedOneTakesThemAlong(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	_, typeID, asset := c.office()
	field := c.FieldID(typeID, "serial-number")
	c.RenameField(field, "Service Tag #")
	a, _ := c.Asset(asset)
	require.JSONEq(t, `"S1"`, string(a.Traits["service-tag"]))
	require.NotContains(t, a.Traits, "serial-number")
	c.DeleteField(field)
	a, _ = c.Asset(asset)
	require.NotContains(t, a.Traits, "service-tag")
	c.SetSwitches(func(s *itgluetest.Switches) { s.RenameKeepsKey = true })
	c.RenameField(c.FieldID(typeID, "ram-gb"), "Memory")
	require.NotEmpty(t, c.FieldID(typeID, "ram-gb"))
}

func TestRequestsTellWhatWasReadAndWritten(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, asset := c.office()
	_, _ = c.get("/flexible_assets", "filter[flexible-asset-type-id]", typeID)
	_, _ = c.patch(asset, `{"device-name":"X"}`)
	_, _ = c.patch(asset, `{"no-such":"X"}`)
	all := c.Requests()
	require.Len(t, all, 3)
	require.Equal(t, []string{organization}, all[0].OrganizationIDs)
	require.Equal(t, []string{asset}, all[0].Records)
	require.Equal(t, []bool{false, true, true}, []bool{all[0].Write, all[1].Write, all[2].Write})
	require.Equal(t, []bool{false, true, false}, []bool{all[0].Applied, all[1].Applied, all[2].Applied})
	require.Equal(t, 422, all[2].Status)
	require.Len(t, c.Writes(), 2)
	c.ResetRequests()
	require.Empty(t, c.Requests())
}

func TestFaultsCarryOutOrNotAsTheySay(t *testing.T) {
	t.Parallel()
	create := `{"data":{"type":"organizations","attributes":{"name":"N"}}}`
	for name, f := range map[string]struct {
		fault itgluetest.Fault
		made  int
		late  int
	}{
		"504": {itgluetest.GatewayTimeout(false), 0, 0}, "504, carried out": {itgluetest.GatewayTimeout(true), 1, 1},
		"late": {itgluetest.LateApply(50 * time.Millisecond), 0, 1}, "429": {itgluetest.TooManyRequests("1"), 0, 0}, "500": {itgluetest.ServerError(), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := call(t, itgluetest.Options{})
			c.Fail(1, itgluetest.On("POST", "/organizations"), f.fault)
			status, _ := c.do("POST", "/organizations", create)
			require.GreaterOrEqual(t, status, 400)
			if f.late == f.made {
				require.Len(t, c.Organizations(), f.made)
			}
			c.Wait()
			require.Len(t, c.Organizations(), f.late)
			status, _ = c.do("POST", "/organizations", create)
			require.Equal(t, 201, status, "once only")
		})
	}
}

func TestOwnCreateAppearsInListsWithDelay(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{Switches: itgluetest.Switches{ListingDelay: time.Hour}})
	_, doc := c.do("POST", "/organizations", `{"data":{"type":"organizations","attributes":{"name":"N"}}}`)
	id := doc["data"].(map[string]any)["id"].(string)
	_, doc = c.get("/organizations")
	require.Empty(t, ids(doc))
	status, _ := c.get("/organizations/" + id)
	require.Equal(t, 200, status)
	c.SetNow(func() time.Time { return time.Now().Add(2 * time.Hour) })
	_, doc = c.get("/organizations")
	require.Equal(t, []string{id}, ids(doc))
}

func TestIncludedPasswordsAndFields(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	_, typeID, asset := c.office()
	embedded := c.AddPassword(itgluetest.Password{Name: "P", AssetID: asset, Value: "v"})
	field := c.AddPassword(itgluetest.Password{Name: "F", AssetID: asset, FieldKey: "local-admin", Value: "v"})
	for _, path := range []string{"/flexible_assets", "/flexible_assets/" + asset} {
		_, doc := c.get(path, "filter[flexible-asset-type-id]", typeID, "include", "passwords")
		require.Equal(t, []string{embedded, field}, ids(map[string]any{"data": doc["included"]}), path)
	}
	_, doc := c.get("/flexible_asset_types/"+typeID, "include", "flexible_asset_fields")
	require.Len(t, doc["included"], 11)
	_, doc = c.get("/flexible_asset_types/" + typeID)
	require.NotContains(t, doc, "included")
	_, doc = c.get("/flexible_asset_types/" + typeID + "/relationships/flexible_asset_fields")
	require.Len(t, ids(doc), 11)
	status, _ := c.get("/flexible_asset_fields/" + ids(doc)[0])
	require.Equal(t, 200, status)
	_, doc = c.get("/organization_statuses", "sort", "name")
	require.Len(t, ids(doc), 3)
}

// TestShapesAreThoseOfTheFixtures compares the members of what is served with
// those of the records that the documentation and real answers gave.
func TestShapesAreThoseOfTheFixtures(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, asset := c.office()
	c.SetTrait(asset, "photo", itgluetest.File{Name: "x.png"})
	c.SetTrait(asset, "user", c.AddResource("Contacts", organization, "Ana", nil))
	c.AddPassword(itgluetest.Password{Name: "P", AssetID: asset, Value: "v"})
	for path, name := range map[string]string{
		"/organizations":        "organizations.page1.json",
		"/flexible_asset_types": "flexible_asset_types.json",
		"/flexible_asset_types/" + typeID + "/relationships/flexible_asset_fields": "flexible_asset_fields.json",
		"/flexible_assets":       "flexible_assets.page1.json",
		"/passwords":             "passwords.list.json",
		"/organization_statuses": "organization_statuses.json",
		"/organization_types":    "organization_types.json",
	} {
		_, served := c.get(path, "filter[flexible-asset-type-id]", typeID)
		raw, err := os.ReadFile("../testdata/fixtures/" + name)
		require.NoError(t, err)
		var known map[string]any
		require.NoError(t, json.Unmarshal(raw, &known))
		require.ElementsMatch(t, keys(known), keys(served), path)
		require.ElementsMatch(t, keys(known["meta"]), keys(served["meta"]), path)
		a, b := known["data"].([]any)[0].(map[string]any), served["data"].([]any)[0].(map[string]any)
		require.ElementsMatch(t, keys(a), keys(b), path)
		require.ElementsMatch(t, keys(a["attributes"]), keys(b["attributes"]), path)
		require.Equal(t, a["type"], b["type"])
	}
	_, doc := c.get("/flexible_assets/" + asset)
	traits := attributes(doc)["traits"].(map[string]any)
	require.ElementsMatch(t, []string{"id", "name", "url"}, keys(traits["photo"].(map[string]any)["values"].([]any)[0]))
	require.ElementsMatch(t, []string{"id", "name", "resource-url", "organization-name"}, keys(traits["user"].(map[string]any)["values"].([]any)[0]))
}

func keys(v any) []string {
	m, _ := v.(map[string]any)
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

func TestWorldBearsManyCallersAtOnce(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{Switches: itgluetest.Switches{RateLimit: -1}})
	_, typeID, asset := c.office()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 10 {
				_, _ = c.get("/flexible_assets", "filter[flexible-asset-type-id]", typeID)
				_, _ = c.patch(asset, fmt.Sprintf(`{"device-name":"%d"}`, i))
				c.SetTrait(asset, "serial-number", "by hand")
				c.Assets()
			}
		})
	}
	wg.Wait()
	require.Len(t, c.Requests(), 160)
	require.Len(t, c.Writes(), 80)
}
