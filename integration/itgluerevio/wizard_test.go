package itgluerevio_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// answers gives the answers of the wizard's pages that lead to the stage's own
// instance.
func (s *stage) answers() object {
	id := func(key string) string { return s.ITGlue.FieldID(s.Workstations, key) }
	return object{
		"connections": object{
			"revio":  object{"tenant": "acme.psarev.io", "clientId": "client", "clientSecret": "secret-of-the-client", "production": true},
			"itglue": object{"region": "eu", "apiKey": itgluetest.DefaultKey}},
		"assetTypes": object{"typeIds": []string{s.Workstations}},
		"fields":     object{"t" + s.Workstations: object{"serialNumber": id("serial-number")}},
		"types":      object{"t" + s.Workstations: s.Equipment},
	}
}

func steps(s itgluerevio.Setup) (all []string) {
	for _, step := range s.Steps {
		all = append(all, step.State)
	}
	return all
}

func TestDraftIsFilledInPageByPageAndMatchesOrganizationsOnceItIsFinished(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{bare: true})
	var setup itgluerevio.Setup
	s.must("instance.draft", object{"name": instanceName}, &setup)
	require.Equal(t, "draft", setup.Instance.Status)
	require.Equal(t, []string{"next", "open", "open", "open"}, steps(setup))
	requireCode(t, component.Conflict, s.call("instance.draft", object{"name": instanceName}, nil), "another instance")
	requireCode(t, component.NeedsReview, s.call("sync.cycle", object{}, nil), "not complete")

	answers := s.answers()
	s.must("instance.save", object{"answers": object{"connections": answers["connections"]}, "runAs": "itglue-sync@kestrel"}, &setup)
	require.Equal(t, []string{"done", "next", "open", "open"}, steps(setup))
	require.Equal(t, "itglue-sync@kestrel", setup.Instance.RunAs)
	require.Equal(t, "${sealed}", part(setup.Answers, "connections", "itglue")["apiKey"])
	require.Contains(t, setup.Secrets, itgluerevio.SecretHint{Pointer: "/connections/revio/clientSecret", Kind: "sealed", Ends: "ient"})
	require.NotContains(t, s.stored(), itgluetest.DefaultKey)

	form, _ := s.page("asset-types", nil) // the next page works on what is saved
	require.NotEmpty(t, form.Schema)
	s.must("instance.save", object{"answers": object{"assetTypes": answers["assetTypes"], "fields": answers["fields"]}}, nil)
	err := s.call("instance.finish", object{}, nil)
	requireCode(t, component.InvalidInput, err, "/types", "1 selected type has no Rev.io Asset Type yet")

	s.must("instance.save", object{"answers": object{"types": answers["types"]}}, &setup)
	require.Equal(t, []string{"done", "done", "done", "done"}, steps(setup))
	requireCode(t, component.Conflict, s.call("instance.finish", object{"version": setup.Instance.Version - 1}, nil), "changed by someone else")
	var finished itgluerevio.Instance
	s.must("instance.finish", object{"version": setup.Instance.Version}, &finished)
	require.Equal(t, "active", finished.Status)
	s.read(func(tx store.Tx, id string) error {
		in, err := tx.Instance(t.Context(), id)
		require.Equal(t, "sync.match-organizations", in.Notes["wants"], "what a serve starts by itself")
		return err
	})
	s.accepted(s.Cobalt)
}

func TestChangedAnswersOfAnInstanceThatRunsWaitUntilTheyAreFinished(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.cycle()
	var setup itgluerevio.Setup
	wrong := object{"region": "us", "apiKey": "another-key-that-is-wrong"}
	revio := object{"tenant": "acme.psarev.io", "clientId": "client", "clientSecret": "${sealed}", "production": true}
	s.must("instance.save", object{"answers": object{"connections": object{"revio": revio, "itglue": wrong}, "assetTypes": object{"typeIds": []string{s.Licenses}}}}, &setup)
	require.True(t, setup.Unfinished)
	require.NotContains(t, s.stored(), "another-key-that-is-wrong")
	require.NotContains(t, part(setup.Answers, "types"), "t"+s.Workstations, "what is no longer selected is not mapped")
	s.settled()
	var checked itgluerevio.ConnectionsChecked
	s.must("connections.check", object{}, &checked)
	require.Equal(t, "no", checked.Ready, "the pages work on the changed answers")
	requireCode(t, component.Forbidden, s.call("instance.finish", object{}, nil))

	s.must("instance.discard", object{}, &setup)
	require.False(t, setup.Unfinished)
	require.Equal(t, "eu", part(setup.Answers, "connections", "itglue")["region"])
	s.must("connections.check", object{}, &checked)
	require.Equal(t, "yes", checked.Ready)

	right := object{"region": "eu", "apiKey": itgluetest.DefaultKey}
	s.must("instance.save", object{"answers": object{"connections": object{"revio": revio, "itglue": right}, "assetTypes": object{"typeIds": []string{s.Licenses}}}}, nil)
	s.must("instance.finish", object{}, nil)
	s.must("instance.show", object{}, &setup)
	require.False(t, setup.Unfinished)
	require.Equal(t, object{"typeIds": []any{s.Licenses}}, setup.Answers["assetTypes"])
	require.NotContains(t, s.stored(), itgluetest.DefaultKey)
	s.cycle()
}

func TestAnswersOfNoPageAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	requireCode(t, component.InvalidInput, s.call("instance.save", object{"answers": object{"alerts": object{}}}, nil), "/answers/alerts")
	requireCode(t, component.InvalidInput, s.call("instance.save", object{"answers": object{"types": "all"}}, nil), "form of the pages")
	requireCode(t, component.Conflict, s.call("instance.save", object{"answers": object{}, "version": 77}, nil))
}

func TestConnectionTestNamesEachFaultWithARemedy(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	check := func(change func(connections object)) map[string]itgluerevio.ConnectionCheck {
		answers := s.answers()
		change(answers["connections"].(object))
		var out itgluerevio.ConnectionsChecked
		s.must("connections.check", object{"answers": object{"connections": answers["connections"]}}, &out)
		byName := map[string]itgluerevio.ConnectionCheck{"ready": {Result: out.Ready}}
		for _, c := range out.Checks {
			byName[c.Name] = c
		}
		return byName
	}
	lines := check(func(object) {})
	for _, name := range []string{"itglue.host", "itglue.key", "itglue.region", "itglue.types", "revio.token", "revio.paths.customers", "revio.paths.assetTypes"} {
		require.Equal(t, "pass", lines[name].Result, "%s: %s", name, lines[name].Message)
		require.False(t, lines[name].Detail, name)
	}
	require.Equal(t, "untested", lines["itglue.password-access"].Result)
	require.NotEqual(t, "no", lines["ready"].Result)
	require.Contains(t, lines["itglue.egress"].Message, "source IP")

	lines = check(func(c object) { part(c, "itglue")["region"] = "us" })
	require.Equal(t, "no", lines["ready"].Result)
	require.Equal(t, "fail", lines["itglue.region"].Result)
	require.Contains(t, lines["itglue.region"].Message, "belongs to EU")
	require.Equal(t, map[string]string{"/connections/itglue/region": "eu"}, lines["itglue.region"].Fix.Set)

	lines = check(func(c object) { part(c, "revio")["clientSecret"] = "wrong" })
	require.Equal(t, "fail", lines["revio.token"].Result)
	require.NotEmpty(t, lines["revio.token"].Do)

	lines = check(func(c object) { delete(part(c, "itglue"), "apiKey") })
	require.Equal(t, "fail", lines["itglue.settings"].Result)
	require.Equal(t, "pass", lines["revio.token"].Result, "one side does not wait for the other")
}

func TestListBeforeTheWizardTicksItself(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{bare: true})
	s.must("instance.draft", object{"name": instanceName}, nil)
	states := func(answers object) map[string]string {
		var out itgluerevio.Preconditions
		s.must("before-you-begin", object{"answers": answers}, &out)
		require.Contains(t, out.Note, "service account")
		all := map[string]string{}
		for _, i := range out.Items {
			require.NotEmpty(t, i.Text)
			all[i.Name] = i.State
		}
		return all
	}
	s.fresh()
	empty := states(object{})
	require.Empty(t, s.ITGlue.Requests(), "nothing is asked without credentials")
	require.Equal(t, map[string]string{"types": "unknown", "passwords": "unknown", "key": "unknown", "region": "unknown", "allowlist": "unknown", "credentials": "unknown", "asset-types": "unknown", "service-account": "open"}, empty)
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.ITGlue.AddPassword(itgluetest.Password{OrganizationID: s.Cobalt, Name: "Admin", AssetID: asset})
	answers := s.answers()
	answers["runAs"] = "itglue-sync@kestrel"
	require.Equal(t, map[string]string{"types": "done", "passwords": "done", "key": "unknown", "region": "done", "allowlist": "done", "credentials": "done", "asset-types": "done", "service-account": "done"}, states(answers))
}

func TestTypesAreCountedWithThePasswordsThatStayInvisible(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for _, name := range []string{"CDC-1", "CDC-2"} {
		asset := s.workstation(s.Cobalt, name, "")
		s.ITGlue.AddPassword(itgluetest.Password{OrganizationID: s.Cobalt, Name: name, AssetID: asset})
	}
	wireless := s.ITGlue.AddAsset(s.Cobalt, s.Wireless, object{"ssid": "Guests"})
	s.ITGlue.AddPassword(itgluetest.Password{OrganizationID: s.Cobalt, Name: "Guests", AssetID: wireless})
	s.ITGlue.AddPassword(itgluetest.Password{OrganizationID: s.Cobalt, Name: "Vault"})
	s.fresh()
	var out itgluerevio.TypeCounts
	s.must("preview.asset-types", object{}, &out)
	counts := map[string]itgluerevio.TypeCount{}
	for _, c := range out.Items {
		counts[c.Name] = c
	}
	require.Equal(t, 2, counts["Workstations"].Assets)
	require.Equal(t, 2, counts["Workstations"].Passwords)
	require.True(t, counts["Workstations"].Selected)
	require.Empty(t, counts["Workstations"].Invisible)
	require.NotNil(t, counts["Workstations"].LastChange)
	require.Equal(t, "1 password stays invisible", counts["Wireless"].Invisible)
	require.Equal(t, "1 password stays invisible with the types that are not selected.", out.Invisible)
	require.Equal(t, 1, out.Standalone)
	for _, seen := range []string{"CDC-1", "Guests", "Vault"} {
		require.NotContains(t, s.stored(), seen, "nothing of it is stored")
	}
	lists := 0
	for _, r := range s.ITGlue.Requests() {
		require.Equal(t, http.MethodGet, r.Method)
		if strings.HasPrefix(r.Path, "/flexible_assets") {
			lists++
		}
	}
	require.Equal(t, 3, lists, "one page a type")
	s.must("preview.asset-types", object{"typeIds": []string{s.Wireless}}, &out)
	require.Len(t, out.Items, 1)
}

func TestMappingIsPreviewedWithFillRatesSamplesAndSuggestions(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for i, serial := range []string{"A-1", "A-2", "", "A-4"} {
		s.workstation(s.Cobalt, "CDC-"+string(rune('1'+i)), serial, "notes", "<p>Front <b>desk</b></p>")
	}
	field := func(out itgluerevio.FieldPreviews, name string) itgluerevio.FieldPreview {
		for _, f := range out.Fields {
			if f.Field == name {
				return f
			}
		}
		require.Fail(t, "no field", name)
		return itgluerevio.FieldPreview{}
	}
	var out itgluerevio.FieldPreviews
	s.must("preview.fields", object{"typeId": s.Workstations}, &out)
	require.Equal(t, 4, out.Looked)
	serial := field(out, "serialNumber")
	require.Equal(t, 0.75, serial.Filled)
	require.Equal(t, 1.0, serial.Reads)
	require.Len(t, serial.Samples, 3)
	require.Equal(t, serial.Samples[0].Raw, serial.Samples[0].Value)
	description := field(out, "description").Samples[0]
	require.Equal(t, "Front desk", description.Value)
	require.Contains(t, description.Raw, "<b>")
	require.Contains(t, description.Problem, "not written back")
	require.Empty(t, out.Suggestions, "everything is mapped")
	require.Contains(t, out.ReadOnly, "only read in IT Glue")

	s.must("preview.fields", object{"typeId": s.Workstations, "answers": object{"fields": object{}}}, &out)
	suggested := map[string]string{}
	for _, g := range out.Suggestions {
		suggested[g.Field] = g.Trait
		require.NotEmpty(t, g.Reason)
	}
	require.Equal(t, map[string]string{"serialNumber": "Serial Number", "operatingSystem": "Operating System", "ipAddress": "IP Address", "installDate": "Install Date", "description": "Notes"}, suggested)
	require.Empty(t, field(out, "serialNumber").Samples, "nothing is mapped")
	for _, seen := range []string{"CDC-1", "A-1", "desk"} {
		require.NotContains(t, s.stored(), seen, "nothing of it is stored")
	}
	requireCode(t, component.InvalidInput, s.call("preview.fields", object{"typeId": s.Wireless}, nil), "not selected")
}

func TestFinishSaysHowManyAssetsMayBeCreated(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for _, name := range []string{"CDC-1", "CDC-2", "CDC-3"} {
		s.workstation(s.Cobalt, name, "")
	}
	s.ITGlue.AddAsset(s.Cobalt, s.Licenses, object{"product": "Office"})
	var out itgluerevio.CreatePreviews
	s.must("preview.types", object{}, &out)
	require.Equal(t, "will create up to 3 Equipment, 1 License", out.Words)
	s.must("preview.types", object{"answers": object{"types": object{}}}, &out)
	require.Empty(t, out.Words)
	for _, i := range out.Items {
		require.NotEmpty(t, i.SuggestedWhy, i.Type)
	}
}
