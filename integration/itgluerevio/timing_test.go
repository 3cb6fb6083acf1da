package itgluerevio_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// TestSyncTiming holds the rows of the help article's table, in its words.
func TestSyncTiming(t *testing.T) {
	t.Parallel()
	for name, scenario := range map[string]func(*testing.T){
		"New organization added in IT Glue":                     newOrganization,
		"Organization updated in IT Glue or Rev.io":             organizationUpdated,
		"Flexible Asset created or updated in IT Glue":          flexibleAsset,
		"Asset updated in Rev.io, including RMM-driven changes": assetUpdated,
		"Password added or removed in IT Glue":                  passwordList,
		"Password value revealed in Rev.io":                     passwordRevealed,
		"Manual sync triggered from settings":                   manualSync,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenario(t)
		})
	}
}

func newOrganization(t *testing.T) {
	s := newStage(t, setting{})
	s.accepted()
	id := s.ITGlue.AddOrganization(itgluetest.Organization{Name: "Ember Pottery Studio"})
	s.Revio.AddCustomer("Ember Pottery Studio")
	s.workstation(id, "EPS-1", "EPS0001")
	s.fresh()
	r := s.cycle()
	require.Equal(t, 1, r.NewLinks)
	l := s.link(id)
	require.Equal(t, store.Pending, l.State)
	require.Equal(t, "Ember Pottery Studio", l.Customer.Name, "with a suggestion")
	require.Zero(t, s.writes())
	for _, q := range s.ITGlue.Requests() {
		if q.Path != "/organizations" {
			require.NotContains(t, q.OrganizationIDs, id, "nothing else of it is read while it is pending")
		}
	}
}

func organizationUpdated(t *testing.T) {
	s := newStage(t, setting{profile: func(p *revio.Profile) {
		p.Fields.Customer.Description, p.Fields.Customer.Notes = revio.Names{"about"}, revio.Names{"remarks"}
	}})
	s.accepted()
	s.cycle()
	s.settled()

	s.ITGlue.SetOrganization(s.Cobalt, func(o *itgluetest.Organization) {
		o.Name, o.Description, o.QuickNotes = "Cobalt Dental Group", "Four chairs", "Gate code is on file"
	})
	s.Revio.SetCustomer(s.Dunmor2, "name", "Dunmore & Daughters Legal")
	s.Revio.SetCustomer(s.Dunmor2, "description", "Two offices")
	s.Revio.SetCustomer(s.Dunmor2, "notes", "Calls after nine")
	s.fresh()
	r := s.cycle()
	c, _ := s.Revio.Customer(s.CobaltC)
	require.Equal(t, "Cobalt Dental Group", c.Name)
	require.Equal(t, "Four chairs", c.Fields["description"])
	require.Equal(t, "Gate code is on file", c.Fields["notes"])
	o, _ := s.ITGlue.Organization(s.Dunmore)
	require.Equal(t, "Dunmore & Daughters Legal", o.Name)
	require.Equal(t, "Two offices", o.Description)
	require.Equal(t, "Calls after nine", o.QuickNotes)
	require.Equal(t, 2, r.Writes())
	require.Equal(t, 2, s.writes(), "one write for each record")
	s.settled()
	require.Equal(t, "Active", o.Status)
}

func TestNameOfAnOrganizationThatAPSAKeepsIsNeverWritten(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.ITGlue.SetOrganization(s.Cobalt, func(o *itgluetest.Organization) { o.PSASynced = true })
	s.accepted()
	s.cycle()
	s.Revio.SetCustomer(s.CobaltC, "name", "Cobalt Smiles")
	s.cycle()
	s.fresh()
	s.cycle()
	o, _ := s.ITGlue.Organization(s.Cobalt)
	require.Equal(t, "Cobalt Dental Clinic", o.Name)
	require.Zero(t, s.writes(), "and it is not tried each hour")
	s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt Dental Practice")
	s.cycle()
	require.Len(t, s.conflicts(), 1, "IT Glue's new name and Rev.io's are shown")
}

func flexibleAsset(t *testing.T) {
	s := newStage(t, setting{})
	s.accepted()
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "operating-system", "macOS 15", "ip-address", "10.0.0.7", "install-date", "2026-02-28", "notes", "<p>At the <b>desk</b></p>")
	license := s.ITGlue.AddAsset(s.Cobalt, s.Licenses, map[string]any{"product": "Sail Designer", "purchase-date": "2025-12-31"})
	r := s.cycle()
	require.Equal(t, 2, r.Created)
	byName := map[string]map[string]string{}
	for _, a := range s.Revio.Assets(s.CobaltC) {
		byName[a.Fields["name"]] = a.Fields
		require.Equal(t, map[string]string{"CDC-1": s.Equipment, "Sail Designer": s.License}[a.Fields["name"]], a.TypeID)
	}
	got := byName["CDC-1"]
	require.Equal(t, []string{"CDC0001", "macOS 15", "10.0.0.7", "2026-02-28", "At the desk"},
		[]string{got["serialNumber"], got["operatingSystem"], got["ipAddress"], got["installDate"], got["description"]})
	require.Equal(t, "2025-12-31", byName["Sail Designer"]["installDate"])
	s.settled()

	s.ITGlue.SetTrait(id, "device-name", "CDC-RECEPTION")
	s.ITGlue.SetTrait(id, "ip-address", "10.0.0.8")
	s.ITGlue.SetTrait(id, "operating-system", "Windows 11 Pro")
	s.ITGlue.SetTrait(license, "purchase-date", "2026-01-02")
	s.fresh()
	r = s.cycle()
	require.Equal(t, 2, r.ToRevio)
	require.Len(t, s.Revio.Writes(), 2)
	require.Empty(t, s.ITGlue.Writes())
	for _, a := range s.Revio.Assets(s.CobaltC) {
		if a.TypeID == s.License {
			require.Equal(t, "2026-01-02", a.Fields["installDate"])
			continue
		}
		require.Equal(t, []string{"CDC-RECEPTION", "10.0.0.8", "Windows 11 Pro"}, []string{a.Fields["name"], a.Fields["ipAddress"], a.Fields["operatingSystem"]})
	}
	s.settled()
}

func assetUpdated(t *testing.T) {
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.7", "operating-system", "macOS 15", "install-date", "2026-02-28")
	s.accepted()
	right := s.only(s.CobaltC).ID
	s.Revio.SetAsset(right, "ipAddress", "10.9.9.9")
	s.Revio.SetAsset(right, "operatingSystem", "Windows 11 Pro")
	s.Revio.SetAsset(right, "installDate", "2026-03-01")
	s.Revio.SetAsset(right, "rmmAgent", "online") // a field of the tenant's own
	s.fresh()
	r := s.cycle()
	require.Equal(t, 1, r.ToITGlue)
	require.Equal(t, []string{"10.9.9.9", "Windows 11 Pro", "2026-03-01"}, []string{s.trait(id, "ip-address"), s.trait(id, "operating-system"), s.trait(id, "install-date")})
	require.Len(t, s.ITGlue.Writes(), 1)
	require.Empty(t, s.Revio.Writes(), "the own write is no change of IT Glue's")
	require.Equal(t, "online", s.right(right, "rmmAgent"))
	s.settled()

	s.Revio.SetAsset(right, "operatingSystem", "BeOS")
	s.fresh()
	s.cycle()
	require.Zero(t, s.writes())
	require.Contains(t, s.why(id), "is not an option")
}

func passwordList(t *testing.T) {
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	other := s.ITGlue.AddAsset(s.Cobalt, s.Wireless, map[string]any{"ssid": "guests"})
	s.accepted()
	first := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "BIOS", Username: "setup", URL: "https://cdc-1.invalid", Category: "Hardware", Value: "canary-bios", Notes: "canary-notes"})
	field := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, FieldKey: "local-admin", Name: "Local admin", Value: "canary-field"})
	alone := s.ITGlue.AddPassword(itgluetest.Password{OrganizationID: s.Cobalt, Name: "Bank", Username: "teller", Value: "canary-alone"})
	s.ITGlue.AddPassword(itgluetest.Password{AssetID: other, Name: "Guest WiFi", Value: "canary-wifi"})
	r := s.cycle()
	require.Equal(t, cycle.PasswordCounts{Attached: 2, Standalone: 1, Dropped: 1, Added: 3}, r.Passwords)
	listed := map[string]itgluerevio.Password{}
	for _, p := range s.passwords() {
		listed[p.ID] = p
	}
	require.Len(t, listed, 3)
	require.Equal(t, []string{"BIOS", "setup", "https://cdc-1.invalid", "Hardware", asset, "attached"},
		[]string{listed[first].Name, listed[first].Username, listed[first].URL, listed[first].Category, listed[first].Asset, listed[first].Linkage})
	require.Equal(t, asset, listed[field].Asset)
	require.Equal(t, "standalone", listed[alone].Linkage)
	require.Contains(t, listed[alone].Note, "embed it")
	require.Empty(t, listed[alone].Username)

	s.ITGlue.RemovePassword(first)
	r = s.cycle()
	require.Equal(t, 1, r.Passwords.Removed)
	require.Len(t, s.passwords(), 2)
	for _, q := range s.ITGlue.Requests() {
		require.False(t, q.PasswordShown, "no list asks for a value")
	}
	require.NotContains(t, s.stored(), "canary")
	require.NotContains(t, s.stored(), "Guest WiFi", "of an unselected type nothing is kept")
}

func passwordRevealed(t *testing.T) {
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	second := s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	id := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "BIOS", Username: "setup", Value: "canary-first"})
	alone := s.ITGlue.AddPassword(itgluetest.Password{OrganizationID: s.Cobalt, Name: "Bank", Value: "canary-alone"})
	s.accepted()
	reveal := func(id string) (out itgluerevio.RevealOutput, err error) {
		err = s.call("passwords.reveal", object{"id": id, "reason": "for ticket 4711"}, &out)
		return out, err
	}
	out, err := reveal(id)
	require.NoError(t, err)
	require.Equal(t, itgluerevio.RevealOutput{ID: id, Name: "BIOS", Username: "setup", Value: "canary-first"}, out)
	s.ITGlue.SetPassword(id, func(p *itgluetest.Password) { p.Value = "canary-second" })
	out, err = reveal(id)
	require.NoError(t, err)
	require.Equal(t, "canary-second", out.Value, "live, without a cycle")

	log := s.audited()
	require.Equal(t, []string{"passwords.reveal.asked", "passwords.reveal.shown", "passwords.reveal.asked", "passwords.reveal.shown"}, log[len(log)-4:])
	s.fresh()
	_, err = reveal(alone)
	requireCode(t, component.Forbidden, err, "not attached", "Embed it")
	requireCode(t, component.InvalidInput, s.call("passwords.reveal", object{"id": id, "reason": "no"}, nil), "/reason")
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	_, err = reveal(id)
	requireCode(t, component.Forbidden, err, "rejected")
	require.Empty(t, s.passwords(), "a rejected link hides its passwords")
	require.Empty(t, s.ITGlue.Requests(), "what is refused is not asked for")

	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.ITGlue.SetPassword(id, func(p *itgluetest.Password) { p.AssetID = second })
	_, err = reveal(id)
	requireCode(t, component.Conflict, err, "belongs to something else")
	log = s.audited()
	require.Equal(t, "passwords.reveal.refused", log[len(log)-1])
	s.ITGlue.SetPassword(id, func(p *itgluetest.Password) { p.AssetID = asset })
	require.NotContains(t, s.stored(), "canary")
}

func TestOneMayBeShownTenPasswordsAMinute(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	id := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "BIOS", Value: "canary"})
	s.accepted()
	in := object{"id": id, "reason": "for ticket 4711"}
	for range 10 {
		s.must("passwords.reveal", in, nil)
	}
	requireCode(t, component.RateLimited, s.call("passwords.reveal", in, nil), "10 a minute")
	s.actor = "os:ben"
	s.must("passwords.reveal", in, nil)
	s.actor = "os:ana"
	s.later(time.Minute)
	s.must("passwords.reveal", in, nil)
}

func manualSync(t *testing.T) {
	s := newStage(t, setting{})
	s.accepted()
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	var due time.Time
	s.read(func(tx store.Tx, id string) error {
		in, err := tx.Instance(t.Context(), id)
		due = in.NextDue
		return err
	})
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 1, "no wait for the next hour")
	s.workstation(s.Dunmore, "DLP-1", "DLP0001")
	var pressed cycle.Pressed
	s.must("sync.customer", object{"customerId": s.Dunmor2}, &pressed)
	require.Len(t, s.Revio.Assets(s.Dunmor2), 1)
	require.Equal(t, 1, pressed.Report.Created)
	s.read(func(tx store.Tx, id string) error {
		in, err := tx.Instance(t.Context(), id)
		require.Equal(t, due, in.NextDue, "the hourly cycle stays where it is")
		runs, err2 := tx.ListRuns(t.Context(), id, 2)
		for _, r := range runs {
			require.Equal(t, []string{"manual", "os:ana", "succeeded"}, []string{r.Cause, r.Actor, string(r.State)}, fmt.Sprint(r))
			require.True(t, json.Valid(r.Output))
		}
		require.NoError(t, err2)
		return err
	})
}
