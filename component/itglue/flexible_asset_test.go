package itglue_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// update changes traits of an asset.
func update(t *testing.T, s *stage, in itglue.UpdateFlexibleAssetInput) (itglue.UpdateFlexibleAssetOutput, error) {
	t.Helper()
	return itglue.UpdateFlexibleAsset.Call(t.Context(), s.session, in)
}

func TestChangeOfOneTraitLeavesEveryOtherAsItWas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ key, value string }{
		"text": {"serial-number", `"5CG9999NEW"`}, "number": {"ram-gb", `64.25`}, "checkbox": {"encrypted", `false`}, "select": {"operating-system", `"macOS 15"`},
		"clear": {"notes", `null`}, "date": {"install-date", `"2026-02-28"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, itgluetest.Options{})
			organization := s.AddOrganization(itgluetest.Organization{Name: "A"})
			id := s.full(organization, s.workstations())
			before, _ := s.Asset(id)
			out, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set(c.key, c.value), UnlessChangedSince: &before.UpdatedAt})
			require.NoError(t, err)
			after, _ := s.Asset(id)
			want := maps.Clone(before.Traits)
			if want[c.key] = json.RawMessage(c.value); c.value == "null" {
				delete(want, c.key)
			}
			require.Equal(t, want, after.Traits)
			require.Equal(t, after.Traits, out.Asset.Traits)
			require.Equal(t, before.Traits, out.Before.Traits)
			require.Len(t, s.Writes(), 1)
		})
	}
}

func TestChangeReadsTheFieldsOnceAndAgainForAKeyItDoesNotKnow(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	organization := s.AddOrganization(itgluetest.Organization{Name: "A"})
	typeID := s.workstations()
	one, two := s.full(organization, typeID), s.full(organization, typeID)
	s.ResetRequests()
	for _, id := range []string{one, two} {
		_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"X"`)})
		require.NoError(t, err)
	}
	require.Equal(t, 1, s.Count("GET", "/flexible_asset_types"))
	s.RenameField(s.FieldID(typeID, "serial-number"), "Service Tag")
	_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: one, Set: set("service-tag", `"Y"`)})
	require.NoError(t, err)
	require.Equal(t, 2, s.Count("GET", "/flexible_asset_types"))
	after, _ := s.Asset(one)
	require.JSONEq(t, `"Y"`, string(after.Traits["service-tag"]))
	require.NotContains(t, after.Traits, "serial-number")
}

func TestAssetThatMovedOnIsNotWritten(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations())
	seen, _ := s.Asset(id)
	s.SetTrait(id, "serial-number", "by a person")
	_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"by us"`), UnlessChangedSince: &seen.UpdatedAt})
	code(t, component.Conflict, err)
	require.Empty(t, s.Writes())
}

func TestAssetWithAnUploadOrAPasswordIsNotWritten(t *testing.T) {
	t.Parallel()
	for name, add := range map[string]func(s *stage, asset string){
		"upload": func(s *stage, asset string) { s.SetTrait(asset, "photo", itgluetest.File{Name: "desk.png"}) },
		"password": func(s *stage, asset string) {
			s.AddPassword(itgluetest.Password{Name: "Local Admin", AssetID: asset, FieldKey: "local-admin", Value: secretValue})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, itgluetest.Options{})
			id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations())
			add(s, id)
			_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"X"`)})
			e := code(t, component.NeedsReview, err)
			require.ErrorIs(t, err, itglue.ErrHoldsFiles)
			require.Contains(t, e.Message, name)
			require.Empty(t, s.Writes())
		})
	}
}

func TestAssetWithAPasswordIsWrittenOnRequestAndKeepsIt(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations())
	s.SetTrait(id, "photo", itgluetest.File{Name: "desk.png"})
	password := s.AddPassword(itgluetest.Password{Name: "Local Admin", AssetID: id, FieldKey: "local-admin", Value: secretValue})
	out, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"X"`), AllowFiles: true})
	require.NoError(t, err)
	require.JSONEq(t, password, string(out.Asset.Traits["local-admin"]))
	require.NotContains(t, out.Asset.Traits, "photo", "lost, as the input says")
	_, kept := s.Password(password)
	require.True(t, kept)
}

func TestTraitsThatAChangeTookAlongAreNoticed(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{Switches: itgluetest.Switches{PasswordTraitLost: true}})
	id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations())
	s.AddPassword(itgluetest.Password{Name: "Local Admin", AssetID: id, FieldKey: "local-admin", Value: secretValue})
	_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"X"`), AllowFiles: true})
	e := code(t, component.Unsettled, err)
	require.ErrorIs(t, err, itglue.ErrTraitsLost)
	require.Contains(t, e.Message, "local-admin")
	require.Contains(t, e.Message, "could not all be put back")
	require.Len(t, s.Writes(), 2, "the old values are put back once, and not for ever")
}

func TestTraitsThatAChangeTookAlongArePutBack(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations())
	before, _ := s.Asset(id)
	s.Fail(1, itgluetest.On("PATCH", "/"), itgluetest.Replaced(`"disk-used":62,`, ``))
	_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"X"`, "photo2", `1`)})
	code(t, component.InvalidInput, err)
	require.Empty(t, s.Writes())
	_, err = update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"X"`)})
	e := code(t, component.Unsettled, err)
	require.ErrorIs(t, err, itglue.ErrTraitsLost)
	require.Contains(t, e.Message, "disk-used; the old values were put back")
	after, _ := s.Asset(id)
	require.Equal(t, before.Traits, after.Traits)
	require.Len(t, s.Writes(), 2)
}

func TestWhatCannotBeSetOrKeptIsNotWritten(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	typeID := s.workstations()
	id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), typeID)
	for key, value := range map[string]string{"no-such-field": `"x"`, "hardware": `"x"`, "photo": `"x"`, "local-admin": `1`} {
		_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set(key, value)})
		e := code(t, component.InvalidInput, err)
		require.Equal(t, "/set/"+key, e.Problems[0].Pointer)
	}
	_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set()})
	code(t, component.InvalidInput, err)
	s.SetField(s.FieldID(typeID, "notes"), func(f *itgluetest.Field) { f.Kind = "Hologram" })
	s.session = s.open(itgluetest.DefaultKey, nil) // a run reads the fields of a type once
	_, err = update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"x"`)})
	code(t, component.NeedsReview, err)
	require.ErrorIs(t, err, itglue.ErrCannotKeep)
	require.Empty(t, s.Writes())
}

func TestTagInAnUnknownFormIsNotWritten(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations())
	s.Fail(-1, itgluetest.On("GET", "/flexible_assets/"), itgluetest.Replaced(`"values":[{`, `"valuez":[{`))
	_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("serial-number", `"x"`)})
	code(t, component.NeedsReview, err)
	require.Empty(t, s.Writes())
}

func TestAssetIsNeverWrittenWithoutAnyTrait(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, err := itglue.CreateFlexibleAsset.Call(t.Context(), s.session, itglue.CreateFlexibleAssetInput{OrganizationID: "1", TypeID: "2", Traits: set()})
	code(t, component.InvalidInput, err)
	require.Empty(t, s.Requests())
}

func TestRefusedTraitIsNamedInTheInputsWords(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.full(s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations())
	_, err := update(t, s, itglue.UpdateFlexibleAssetInput{ID: id, Set: set("device-name", `null`)})
	e := code(t, component.InvalidInput, err)
	require.Equal(t, []component.Problem{{Pointer: "/set/device-name", Message: "can't be blank"}}, e.Problems)
	before, _ := s.Asset(id)
	require.Contains(t, before.Traits, "device-name")
}

func TestNewAssetHoldsWhatWasGiven(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, 200} {
		s := start(t, itgluetest.Options{Switches: itgluetest.Switches{CreateStatus: status}})
		organization, typeID := s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations()
		ana := s.AddResource("Contacts", organization, "Ana Ruiz", nil)
		a, err := itglue.CreateFlexibleAsset.Call(t.Context(), s.session, itglue.CreateFlexibleAssetInput{OrganizationID: organization, TypeID: typeID,
			Traits: set("device-name", `"PC"`, "ram-gb", `16`, "primary-user", `[`+ana+`]`)})
		require.NoError(t, err)
		require.Equal(t, "PC", a.Name)
		held, found := s.Asset(a.ID)
		require.True(t, found)
		require.Equal(t, held.Traits, a.Traits)
		got, err := itglue.GetFlexibleAsset.Call(t.Context(), s.session, itglue.GetFlexibleAssetInput{ID: a.ID})
		require.NoError(t, err)
		require.Equal(t, a, got)
	}
}

func TestCreateThatTheServiceRefusesSaysWhy(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	organization, typeID := s.AddOrganization(itgluetest.Organization{Name: "A"}), s.workstations()
	for pointer, in := range map[string]itglue.CreateFlexibleAssetInput{
		"/organizationId":     {OrganizationID: "5", TypeID: typeID, Traits: set("device-name", `"PC"`)},
		"/flexibleAssetType":  {OrganizationID: organization, TypeID: "5", Traits: set("device-name", `"PC"`)},
		"/traits":             {OrganizationID: organization, TypeID: typeID, Traits: set("device-nam", `"PC"`)},
		"/traits/device-name": {OrganizationID: organization, TypeID: typeID, Traits: set("serial-number", `"PC"`)},
	} {
		_, err := itglue.CreateFlexibleAsset.Call(t.Context(), s.session, in)
		require.Equal(t, pointer, code(t, component.InvalidInput, err).Problems[0].Pointer)
	}
	require.Empty(t, s.Assets())
}

func TestArchivedAssetsAreListedWithTheFlagUnlessFiltered(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, typeID := s.crowd(1, 3)
	s.ArchiveAsset(s.Assets()[0].ID, true)
	for archived, want := range map[*bool]int{nil: 3, ptr(true): 1, ptr(false): 2} {
		l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, Archived: archived})
		require.Len(t, l.Items, want)
		require.True(t, l.Complete)
	}
}

func TestTraitsPrintedAsAListAreEmptyAndMissingOnesAreOdd(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	typeID := s.AddType(itgluetest.Type{Name: "T", Fields: []itgluetest.Field{{Name: "N"}}})
	s.AddAsset(s.AddOrganization(itgluetest.Organization{Name: "A"}), typeID, nil)
	s.Fail(1, itgluetest.On("", "/"), itgluetest.TraitsAsList())
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.Empty(t, l.Odd)
	require.Empty(t, l.Items[0].Traits)
	require.NotNil(t, l.Items[0].Traits)
	s.Fail(1, itgluetest.On("", "/"), itgluetest.Replaced(`"traits":{}`, `"traits":null`))
	require.Len(t, list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID}).Odd, 1)
}

func TestTypesComeWithTheirFieldsInOneCall(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	s.workstations()
	s.AddType(itgluetest.Type{Name: "Fax Machines", Disabled: true, Fields: []itgluetest.Field{{Name: "N"}}})
	l, err := itglue.ListFlexibleAssetTypes.Call(t.Context(), s.session, itglue.ListFlexibleAssetTypesInput{EnabledOnly: true, WithFields: true})
	require.NoError(t, err)
	require.Len(t, s.Requests(), 1)
	require.Len(t, l.Items, 1)
	require.True(t, l.Complete)
	fields := l.Items[0].Fields
	require.Len(t, fields, 13)
	require.Equal(t, itglue.FlexibleAssetField{ID: fields[3].ID, TypeID: l.Items[0].ID, Name: "Operating System", Key: "operating-system", Kind: "Select", Order: 4, Options: []string{"Windows 11", "macOS 15"}}, fields[3])
	alone, err := itglue.ListFlexibleAssetFields.Call(t.Context(), s.session, itglue.ListFlexibleAssetFieldsInput{TypeID: l.Items[0].ID})
	require.NoError(t, err)
	require.Equal(t, fields, alone.Items)
}

func TestFieldsThatDoNotComeAlongAreReadByThemselves(t *testing.T) {
	t.Parallel()
	for name, arrange := range map[string]func(*stage){
		"include ignored": func(s *stage) { s.SetSwitches(func(w *itgluetest.Switches) { w.IncludeIgnored = true }) },
		"turned off":      func(s *stage) { s.profile(`{"assumed":{"fieldsIncluded":false}}`) },
		"one field is odd": func(s *stage) {
			s.Fail(1, itgluetest.On("", "/flexible_asset_types"), itgluetest.Replaced(`"name":"Serial Number"`, `"name":5`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, itgluetest.Options{})
			s.workstations()
			s.AddType(itgluetest.Type{Name: "Licenses", Fields: []itgluetest.Field{{Name: "N"}}})
			arrange(s)
			l, err := itglue.ListFlexibleAssetTypes.Call(t.Context(), s.session, itglue.ListFlexibleAssetTypesInput{WithFields: true})
			require.NoError(t, err)
			require.Len(t, l.Items[0].Fields, 13)
			require.Len(t, l.Items[1].Fields, 1)
			require.Greater(t, len(s.Requests()), 1)
		})
	}
}

func TestEnabledIsReadOfEitherAttribute(t *testing.T) {
	t.Parallel()
	for attributes, want := range map[string]bool{`"enabled":true`: true, `"enabled":false,"show-in-menu":true`: false, `"show-in-menu":false`: false, `"show-in-menu":true`: true, `"icon":null`: true} {
		s := serve(t, fixed(http.StatusOK, []byte(`{"data":[{"id":"1","type":"flexible_asset_types","attributes":{"name":"T",`+attributes+`}}],"meta":{"total-pages":1,"total-count":1}}`)))
		l, err := itglue.ListFlexibleAssetTypes.Call(t.Context(), s.session, itglue.ListFlexibleAssetTypesInput{})
		require.NoError(t, err)
		require.Equal(t, want, l.Items[0].Enabled, attributes)
		l, err = itglue.ListFlexibleAssetTypes.Call(t.Context(), s.session, itglue.ListFlexibleAssetTypesInput{EnabledOnly: true})
		require.NoError(t, err)
		require.Equal(t, want, len(l.Items) == 1, attributes)
	}
}
