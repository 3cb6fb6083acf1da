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
