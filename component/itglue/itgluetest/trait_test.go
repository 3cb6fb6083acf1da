package itgluetest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/stretchr/testify/require"
)

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
