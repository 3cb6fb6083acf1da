package itglue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonapi"
	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
)

// The models that google/jsonapi reads the fixtures into: the oracle of our own
// reading. They are of the test only; product code reads without them.
type (
	oracleOrganization struct {
		ID          string    `jsonapi:"primary,organizations"`
		Name        string    `jsonapi:"attr,name"`
		ShortName   string    `jsonapi:"attr,short-name"`
		Description *string   `jsonapi:"attr,description"`
		QuickNotes  *string   `jsonapi:"attr,quick-notes"`
		Alert       *string   `jsonapi:"attr,alert"`
		TypeName    string    `jsonapi:"attr,organization-type-name"`
		StatusID    int64     `jsonapi:"attr,organization-status-id"`
		StatusName  string    `jsonapi:"attr,organization-status-name"`
		ParentID    *int64    `jsonapi:"attr,parent-id"`
		Primary     bool      `jsonapi:"attr,primary"`
		PSA         string    `jsonapi:"attr,psa-integration"`
		CreatedAt   time.Time `jsonapi:"attr,created-at,rfc3339"`
		UpdatedAt   time.Time `jsonapi:"attr,updated-at,rfc3339"`
	}
	oracleAsset struct {
		ID               string         `jsonapi:"primary,flexible-assets"`
		OrganizationID   int64          `jsonapi:"attr,organization-id"`
		OrganizationName string         `jsonapi:"attr,organization-name"`
		TypeID           int64          `jsonapi:"attr,flexible-asset-type-id"`
		Name             string         `jsonapi:"attr,name"`
		Traits           map[string]any `jsonapi:"attr,traits"`
		Archived         bool           `jsonapi:"attr,archived"`
		URL              string         `jsonapi:"attr,resource-url"`
		CreatedAt        time.Time      `jsonapi:"attr,created-at,rfc3339"`
		UpdatedAt        time.Time      `jsonapi:"attr,updated-at,rfc3339"`
	}
	oracleField struct {
		ID           string `jsonapi:"primary,flexible-asset-fields"`
		TypeID       int64  `jsonapi:"attr,flexible-asset-type-id"`
		Name         string `jsonapi:"attr,name"`
		Key          string `jsonapi:"attr,name-key"`
		Kind         string `jsonapi:"attr,kind"`
		TagType      string `jsonapi:"attr,tag-type"`
		DefaultValue string `jsonapi:"attr,default-value"`
		Order        int    `jsonapi:"attr,order"`
		Decimals     int    `jsonapi:"attr,decimals"`
		Required     bool   `jsonapi:"attr,required"`
		UseForTitle  bool   `jsonapi:"attr,use-for-title"`
	}
	oracleType struct {
		ID          string         `jsonapi:"primary,flexible-asset-types"`
		Name        string         `jsonapi:"attr,name"`
		Description string         `jsonapi:"attr,description"`
		Icon        string         `jsonapi:"attr,icon"`
		Enabled     bool           `jsonapi:"attr,enabled"`
		Fields      []*oracleField `jsonapi:"relation,flexible-asset-fields"`
	}
	oraclePassword struct {
		ID             string    `jsonapi:"primary,passwords"`
		OrganizationID int64     `jsonapi:"attr,organization-id"`
		Name           string    `jsonapi:"attr,name"`
		Username       string    `jsonapi:"attr,username"`
		URL            string    `jsonapi:"attr,url"`
		Category       string    `jsonapi:"attr,password-category-name"`
		CategoryID     *int64    `jsonapi:"attr,password-category-id"`
		ResourceID     *int64    `jsonapi:"attr,resource-id"`
		ResourceType   string    `jsonapi:"attr,resource-type"`
		ParentURL      string    `jsonapi:"attr,parent-url"`
		CachedType     string    `jsonapi:"attr,cached-resource-type-name"`
		CachedName     string    `jsonapi:"attr,cached-resource-name"`
		OTPEnabled     bool      `jsonapi:"attr,otp-enabled"`
		Archived       bool      `jsonapi:"attr,archived"`
		VaultID        *int64    `jsonapi:"attr,vault-id"`
		PasswordAt     time.Time `jsonapi:"attr,password-updated-at,rfc3339"`
		CreatedAt      time.Time `jsonapi:"attr,created-at,rfc3339"`
		UpdatedAt      time.Time `jsonapi:"attr,updated-at,rfc3339"`
	}
)

func digits(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

func (o oracleOrganization) ours(inList bool) itglue.Organization {
	shown := func(s *string) *string { // the fixtures hold every attribute: null is an empty text
		if s == nil {
			return ptr("")
		}
		return s
	}
	v := itglue.Organization{ID: o.ID, Name: o.Name, ShortName: o.ShortName, Description: shown(o.Description), QuickNotes: shown(o.QuickNotes), Alert: shown(o.Alert),
		TypeName: o.TypeName, StatusID: fmt.Sprint(o.StatusID), StatusName: o.StatusName, ParentID: digits(o.ParentID), Primary: o.Primary, PSAIntegration: o.PSA,
		CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt}
	if inList {
		v.QuickNotes = nil
	}
	return v
}

func (o oraclePassword) ours(linkage, asset string) itglue.Password {
	return itglue.Password{ID: o.ID, OrganizationID: fmt.Sprint(o.OrganizationID), Name: o.Name, Username: o.Username, URL: o.URL, Category: o.Category, CategoryID: digits(o.CategoryID),
		ResourceID: digits(o.ResourceID), ResourceType: o.ResourceType, ParentURL: o.ParentURL, CachedResourceTypeName: o.CachedType, CachedResourceName: o.CachedName,
		OTPEnabled: o.OTPEnabled, Archived: o.Archived, VaultID: digits(o.VaultID), PasswordUpdatedAt: component.Instant(o.PasswordAt), CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
		Linkage: linkage, AssetID: asset}
}

// oracle reads a list with google/jsonapi.
func oracle[T any](t *testing.T, name string) []*T {
	t.Helper()
	all, err := jsonapi.UnmarshalManyPayload(bytes.NewReader(fixture(t, name)), reflect.TypeFor[*T]())
	require.NoError(t, err, name)
	out := make([]*T, len(all))
	for i, v := range all {
		out[i] = v.(*T)
	}
	return out
}

// paging serves fixtures as the pages of a list.
func paging(t *testing.T, names ...string) *stage {
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("page[number]"), &n)
		_, _ = w.Write(fixture(t, names[max(0, n-1)]))
	}))
}

func TestReadingAgreesWithTheLibrarysOnOrganizations(t *testing.T) {
	t.Parallel()
	pages := []string{"organizations.page1.json", "organizations.page2.json", "organizations.page3.json"}
	l, err := itglue.ListOrganizations.Call(t.Context(), paging(t, pages...).session, itglue.ListOrganizationsInput{})
	require.NoError(t, err)
	require.True(t, l.Complete, l.Why)
	var want []itglue.Organization
	for _, p := range pages {
		for _, o := range oracle[oracleOrganization](t, p) {
			want = append(want, o.ours(true))
		}
	}
	require.Equal(t, want, l.Items)
	require.Empty(t, oracle[oracleOrganization](t, "organizations.empty.json"))
	none, err := itglue.ListOrganizations.Call(t.Context(), paging(t, "organizations.empty.json").session, itglue.ListOrganizationsInput{})
	require.NoError(t, err)
	require.True(t, none.Complete)
	require.Empty(t, none.Items)
	var shown oracleOrganization
	require.NoError(t, jsonapi.UnmarshalPayload(bytes.NewReader(fixture(t, "organizations.show.json")), &shown))
	got, err := itglue.GetOrganization.Call(t.Context(), paging(t, "organizations.show.json").session, itglue.GetOrganizationInput{ID: shown.ID})
	require.NoError(t, err)
	require.Equal(t, shown.ours(false), got)
}

func TestReadingAgreesWithTheLibrarysOnFlexibleAssets(t *testing.T) {
	t.Parallel()
	pages := []string{"flexible_assets.page1.json", "flexible_assets.page2.json"}
	l, err := itglue.ListFlexibleAssets.Call(t.Context(), paging(t, pages...).session, itglue.ListFlexibleAssetsInput{TypeID: "4901000000003301"})
	require.NoError(t, err)
	require.True(t, l.Complete, l.Why)
	require.Empty(t, l.Odd)
	want := slices.Concat(oracle[oracleAsset](t, pages[0]), oracle[oracleAsset](t, pages[1]))
	require.Len(t, l.Items, len(want))
	for i, o := range want {
		requireAsset(t, *o, l.Items[i])
	}
	for _, name := range []string{"flexible_assets.show.json", "flexible_assets.show.include-passwords.json", "flexible_assets.create.response.json"} {
		var o oracleAsset
		require.NoError(t, jsonapi.UnmarshalPayload(bytes.NewReader(fixture(t, name)), &o))
		got, err := itglue.GetFlexibleAsset.Call(t.Context(), paging(t, name).session, itglue.GetFlexibleAssetInput{ID: o.ID})
		require.NoError(t, err)
		requireAsset(t, o, got)
	}
}

func requireAsset(t *testing.T, o oracleAsset, got itglue.FlexibleAsset) {
	t.Helper()
	traits := map[string]any{}
	for key, raw := range got.Traits {
		var v any
		require.NoError(t, json.Unmarshal(raw, &v))
		traits[key] = v
	}
	require.Equal(t, o.Traits, traits, "as far as the library's 53 bits go")
	got.Traits = nil
	require.Equal(t, itglue.FlexibleAsset{ID: o.ID, OrganizationID: fmt.Sprint(o.OrganizationID), OrganizationName: o.OrganizationName, TypeID: fmt.Sprint(o.TypeID),
		Name: o.Name, Archived: o.Archived, URL: o.URL, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt}, got)
}

func TestReadingAgreesWithTheLibrarysOnTypesFieldsAndPasswords(t *testing.T) {
	t.Parallel()
	types, err := itglue.ListFlexibleAssetTypes.Call(t.Context(), paging(t, "flexible_asset_types.json").session, itglue.ListFlexibleAssetTypesInput{})
	require.NoError(t, err)
	for i, o := range oracle[oracleType](t, "flexible_asset_types.json") {
		require.Equal(t, itglue.FlexibleAssetType{ID: o.ID, Name: o.Name, Description: o.Description, Icon: o.Icon, Enabled: o.Enabled}, types.Items[i])
	}
	fields, err := itglue.ListFlexibleAssetFields.Call(t.Context(), paging(t, "flexible_asset_fields.json").session, itglue.ListFlexibleAssetFieldsInput{TypeID: "4901000000003301"})
	require.NoError(t, err)
	want := oracle[oracleField](t, "flexible_asset_fields.json")
	require.Len(t, fields.Items, len(want))
	var included oracleType
	require.NoError(t, jsonapi.UnmarshalPayload(bytes.NewReader(fixture(t, "flexible_asset_types.show.include-fields.json")), &included))
	require.Len(t, included.Fields, len(want))
	for i, o := range want {
		got := fields.Items[i]
		require.Equal(t, *o, oracleField{got.ID, 4901000000003301, got.Name, got.Key, got.Kind, got.TagType, strings.Join(got.Options, "\n"), got.Order, got.Decimals, got.Required, got.UseForTitle})
	}
	passwords, err := itglue.ListPasswords.Call(t.Context(), paging(t, "passwords.list.json").session, itglue.ListPasswordsInput{})
	require.NoError(t, err)
	linkages := [][2]string{{"embedded", "4901000000006601"}, {"field", "4901000000006601"}, {"none", ""}, {"other", ""}, {"embedded", "4901000000006604"}, {"embedded", "4901000000006607"}}
	for i, o := range oracle[oraclePassword](t, "passwords.list.json") {
		require.Equal(t, o.ours(linkages[i][0], linkages[i][1]), passwords.Items[i])
	}
	for _, name := range []string{"passwords.show.no-value.json", "passwords.show.null-value.json", "passwords.show.with-value.json"} {
		var o oraclePassword
		require.NoError(t, jsonapi.UnmarshalPayload(bytes.NewReader(fixture(t, name)), &o))
		got, err := itglue.GetPassword.Call(t.Context(), paging(t, name).session, itglue.GetPasswordInput{ID: o.ID})
		require.NoError(t, err)
		require.Equal(t, o.ours(got.Linkage, got.AssetID), got)
	}
}

// TestWhereTheLibrarysReaderCannotGo names each document that google/jsonapi
// v1.0.0 misreads, which is why reading is our own.
func TestWhereTheLibrarysReaderCannotGo(t *testing.T) {
	t.Parallel()
	one := func(attributes string) string {
		return `{"data":[{"id":"7","type":"organizations","attributes":{"name":"A","created-at":"2026-01-01T00:00:00Z","updated-at":"2026-01-01T00:00:00Z"` + attributes + `}}],"meta":{"total-pages":1,"total-count":1}}`
	}
	read := func(body string) ([]any, error) {
		return jsonapi.UnmarshalManyPayload(strings.NewReader(body), reflect.TypeFor[*oracleOrganization]())
	}
	ours := func(t *testing.T, body string) (itglue.OrganizationList, error) {
		return itglue.ListOrganizations.Call(t.Context(), serve(t, fixed(200, []byte(body))).session, itglue.ListOrganizationsInput{})
	}
	t.Run("an error body is an empty list to it", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{string(fixture(t, "errors/403.bad-key-or-wrong-region.json")), string(fixture(t, "errors/500.internal.json")), `{}`} {
			got, err := read(body)
			require.NoError(t, err)
			require.Empty(t, got)
			_, err = ours(t, body)
			require.Error(t, err)
		}
	})
	t.Run("the reference's own form of parent-id fails it", func(t *testing.T) {
		t.Parallel()
		require.Error(t, jsonapi.UnmarshalPayload(bytes.NewReader(fixture(t, "organizations.show.docs-form.json")), &oracleOrganization{}))
		o, err := itglue.GetOrganization.Call(t.Context(), paging(t, "organizations.show.docs-form.json").session, itglue.GetOrganizationInput{ID: "4901000000000102"})
		require.NoError(t, err)
		require.Equal(t, "4901000000000101", o.ParentID)
	})
	t.Run("it rounds ids beyond 53 bits", func(t *testing.T) {
		t.Parallel()
		body := one(`,"parent-id":9007199254740993`)
		got, err := read(body)
		require.NoError(t, err)
		require.Equal(t, "9007199254740992", digits(got[0].(*oracleOrganization).ParentID))
		l, err := ours(t, body)
		require.NoError(t, err)
		require.Equal(t, "9007199254740993", l.Items[0].ParentID)
	})
	t.Run("one odd record fails the page to it", func(t *testing.T) {
		t.Parallel()
		body := strings.Replace(one(``), `"data":[`, `"data":[{"id":"8","type":"organizations","attributes":{"name":5}},`, 1)
		_, err := read(body)
		require.Error(t, err)
		l, err := ours(t, body)
		require.NoError(t, err)
		require.Len(t, l.Items, 1)
		require.Equal(t, "8", l.Odd[0].ID)
	})
	t.Run("it knows no error whose status is a number", func(t *testing.T) {
		t.Parallel()
		var payload jsonapi.ErrorsPayload
		require.Error(t, json.Unmarshal(fixture(t, "errors/422.required-trait-blank.json"), &payload))
	})
	t.Run("traits that are a list fail it", func(t *testing.T) {
		t.Parallel()
		body := strings.Replace(string(fixture(t, "flexible_assets.create.response.json")), `"traits": {`, `"traits": [], "x": {`, 1)
		require.Error(t, jsonapi.UnmarshalPayload(strings.NewReader(body), &oracleAsset{}))
		a, err := itglue.GetFlexibleAsset.Call(t.Context(), serve(t, fixed(200, []byte(body))).session, itglue.GetFlexibleAssetInput{ID: "4901000000006608"})
		require.NoError(t, err)
		require.Empty(t, a.Traits)
	})
}

// TestRequestsAreTheDocumentsOfTheFixtures compares what is sent with the
// requests that are known to work.
func TestRequestsAreTheDocumentsOfTheFixtures(t *testing.T) {
	t.Parallel()
	var sent []byte
	answer := "organizations.show.json"
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "flexible_asset_fields"):
			_, _ = w.Write(fixture(t, "flexible_asset_fields.json"))
			return
		case r.Method != http.MethodGet:
			b := new(bytes.Buffer)
			_, _ = b.ReadFrom(r.Body)
			sent = b.Bytes()
		}
		_, _ = w.Write(fixture(t, answer))
	}))
	_, err := itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: "4901000000000102", Description: ptr("Rev.io account 20417"), QuickNotes: ptr("Linked to Rev.io")})
	require.NoError(t, err)
	require.JSONEq(t, string(fixture(t, "organizations.patch.request.json")), string(sent))

	answer = "flexible_assets.create.response.json"
	_, err = itglue.CreateFlexibleAsset.Call(t.Context(), s.session, itglue.CreateFlexibleAssetInput{OrganizationID: "4901000000000101", TypeID: "4901000000003301", Traits: set(
		"device-name", `"BWH-LT-016"`, "serial-number", `"5CG2217QXP"`, "install-date", `"2026-03-05"`, "primary-user", `[4901000000005501]`, "licenses", `[4901000000006602]`)})
	require.NoError(t, err)
	require.JSONEq(t, string(fixture(t, "flexible_assets.create.request.json")), string(sent))

	answer = "flexible_assets.show.json"
	_, err = itglue.UpdateFlexibleAsset.Call(t.Context(), s.session, itglue.UpdateFlexibleAssetInput{ID: "4901000000006601", Set: set("ip-address", `"10.20.4.99"`), AllowFiles: true})
	require.NoError(t, err)
	var got, want struct {
		Data struct {
			Attributes struct{ Traits map[string]any }
		}
	}
	require.NoError(t, json.Unmarshal(sent, &got))
	require.NoError(t, json.Unmarshal(fixture(t, "flexible_assets.patch-full-traits.request.json"), &want))
	want.Data.Attributes.Traits["local-admin"] = 4901000000007703.0
	require.Equal(t, want, got)
}

// TestOddFormsArePutAsideOneByOne gives a list with one record of each odd form
// among good ones.
func TestOddFormsArePutAsideOneByOne(t *testing.T) {
	t.Parallel()
	organization := func(id, attributes string) string {
		return `{"id":` + id + `,"type":"organizations","attributes":{"name":"A"` + attributes + `}}`
	}
	odd := map[string]string{
		`[]`: "", `7`: "", `null`: "", `{"id":"x","type":"organizations","attributes":{}}`: "",
		`{"type":"organizations","attributes":{"name":"A"}}`:          "",
		`{"id":1.5,"type":"organizations","attributes":{"name":"A"}}`: "",
		`{"id":"21","type":"passwords","attributes":{"name":"A"}}`:    "21",
		`{"id":"22","type":"organizations"}`:                          "22",
		`{"id":"23","type":"organizations","attributes":[]}`:          "23",
		`{"id":"24","type":7,"attributes":{"name":"A"}}`:              "24",
		organization(`"25"`, `,"created-at":5`):                       "25",
		organization(`"26"`, `,"created-at":"yesterday"`):             "26",
		organization(`"27"`, `,"parent-id":"none"`):                   "27",
		organization(`"28"`, `,"description":{"html":"<b>"}`):         "28",
		organization(`"29"`, `,"primary":"perhaps"`):                  "29",
		organization(`"30"`, `,"parent-id":4901000000000101.5`):       "30",
	}
	fine := []string{organization(`1`, ``), organization(`"2"`, `,"created-at":"","parent-id":"","psa-integration":{"on":true}`), organization(`"3"`, `,"psa-integration":null,"created-at":null`), organization(`"4"`, `,"updated-at":"2026-03-01T10:00:00+02:00"`)}
	for form, id := range odd {
		records := strings.Join(append([]string{form}, fine...), ",")
		s := serve(t, fixed(200, []byte(fmt.Sprintf(`{"data":[%s],"meta":{"total-pages":1,"total-count":%d}}`, records, len(fine)+1))))
		l, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
		require.NoError(t, err, form)
		require.Len(t, l.Items, len(fine), form)
		require.Len(t, l.Odd, 1, form)
		require.Equal(t, id, l.Odd[0].ID, form)
		require.NotEmpty(t, l.Odd[0].Reason)
		require.Equal(t, id != "", l.Complete, "a record without an id cannot be counted: %s", form)
	}
}

func TestMetaThatCannotBeReadIsNoMeta(t *testing.T) {
	t.Parallel()
	for _, meta := range []string{`{"total-pages":"1","total-count":1}`, `[]`, `null`, `{"total-pages":1}`, `{"total-count":1}`} {
		s := serve(t, fixed(200, []byte(`{"data":[{"id":"1","type":"organizations","attributes":{"name":"A"}}],"meta":`+meta+`}`)))
		l, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
		require.NoError(t, err, meta)
		require.Len(t, l.Items, 1, meta)
		require.False(t, l.Complete, meta)
	}
}
