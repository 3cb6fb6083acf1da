package itgluerevio_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestWriteOfOneTraitLeavesEveryOtherAsItIs(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	login := s.ITGlue.AddPassword(itgluetest.Password{OrganizationID: s.Cobalt, Name: "Bank", Value: "canary"})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "notes", "<p>A <i>b</i></p><br>", "ram-gb", 16, "related-logins", json.Number(login), "install-date", "2026-02-28")
	s.accepted(s.Cobalt)
	before, _ := s.ITGlue.Asset(id)
	s.Revio.SetAsset(s.only(s.CobaltC).ID, "ipAddress", "10.0.0.2")
	s.cycle()
	after, _ := s.ITGlue.Asset(id)
	require.JSONEq(t, `"10.0.0.2"`, string(after.Traits["ip-address"]))
	delete(before.Traits, "ip-address")
	delete(after.Traits, "ip-address")
	require.Equal(t, before.Traits, after.Traits)
	s.settled()
}

func TestRecordThatHoldsAFileIsNotWrittenAndSaysWhy(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(*stage, string){
		"an upload": func(s *stage, id string) { s.ITGlue.SetTrait(id, "photo", itgluetest.File{Name: "front.jpg"}) },
		"a password": func(s *stage, id string) {
			s.ITGlue.AddPassword(itgluetest.Password{AssetID: id, FieldKey: "local-admin", Name: "Local admin", Value: "canary"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			hold(s, id)
			s.accepted(s.Cobalt)
			right := s.only(s.CobaltC).ID
			s.Revio.SetAsset(right, "ipAddress", "10.0.0.2")
			s.fresh()
			s.cycle()
			require.Zero(t, s.writes())
			require.Contains(t, s.why(id), "not written to IT Glue")
			s.ITGlue.SetTrait(id, "operating-system", "macOS 15")
			s.cycle()
			require.Equal(t, "macOS 15", s.right(right, "operatingSystem"), "the other way goes on")

			s.must("instance.apply", object{"document": s.document(func(d map[string]any) {
				part(d, "rules")["writeTypesWithFiles"] = []any{s.Workstations}
			})}, nil)
			s.cycle()
			require.Equal(t, "10.0.0.2", s.trait(id, "ip-address"), "unless the rules name its type")
			s.settled()
		})
	}
}

func TestEditBetweenPlanAndWriteIsNotOverwritten(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(s *stage, left, right string){
		"in IT Glue, of another field": func(s *stage, left, _ string) { s.ITGlue.SetTrait(left, "operating-system", "macOS 15") },
		"in IT Glue, of the same one":  func(s *stage, left, _ string) { s.ITGlue.SetTrait(left, "ip-address", "10.0.0.3") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.accepted(s.Cobalt)
			right := s.only(s.CobaltC).ID
			s.Revio.SetAsset(right, "ipAddress", "10.0.0.2")
			s.ITGlue.Fail(1, itgluetest.On(http.MethodGet, "/flexible_assets/"+left), itgluetest.Meanwhile(func(*itgluetest.World) { edit(s, left, right) }))
			s.fresh()
			s.cycle()
			if strings.HasSuffix(name, "same one") {
				require.Equal(t, []string{"10.0.0.3", "10.0.0.2"}, []string{s.trait(left, "ip-address"), s.right(right, "ipAddress")}, "both are kept")
				require.Zero(t, s.writes())
				s.cycle()
				require.Len(t, s.conflicts(), 1)
				return
			}
			require.Equal(t, []string{"10.0.0.2", "macOS 15"}, []string{s.trait(left, "ip-address"), s.trait(left, "operating-system")})
			s.cycle()
			require.Equal(t, "macOS 15", s.right(right, "operatingSystem"))
			s.settled()
		})
	}
}

func TestEditInRevioBetweenPlanAndWriteIsNotOverwritten(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.Hook = func(point string) {
		if point == "before-update" {
			s.Hook = nil
			s.Revio.SetAsset(right, "ipAddress", "10.0.0.3")
		}
	}
	s.fresh()
	s.cycle()
	require.Zero(t, s.writes())
	require.Equal(t, "10.0.0.3", s.right(right, "ipAddress"))
	s.cycle()
	c := s.conflicts()
	require.Len(t, c, 1)
	require.Equal(t, []string{"10.0.0.2", "10.0.0.3"}, []string{c[0].ITGlue, c[0].Revio})

	s.must("conflicts.resolve", object{"id": c[0].ID, "take": "itglue"}, nil)
	s.cycle()
	require.Equal(t, "10.0.0.2", s.right(right, "ipAddress"))
	require.Empty(t, s.conflicts())
	s.settled()
	s.read(func(tx store.Tx, id string) error {
		lost, err := tx.ListOverwrites(t.Context(), id, reconcile.Right, right)
		require.Equal(t, "10.0.0.3", lost[0].Was, "what lost can be restored")
		return err
	})
}

func TestConflictOfBothSidesIsHeldAndBlocksNoOtherField(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "notes", "<p>old</p>")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.ITGlue.SetTrait(left, "operating-system", "macOS 15")
	s.Revio.SetAsset(right, "ipAddress", "10.0.0.3")
	s.Revio.SetAsset(right, "installDate", "2026-03-01")
	s.Revio.SetAsset(right, "name", "Reception") // goes one way
	s.cycle()
	require.Len(t, s.conflicts(), 2)
	require.Equal(t, []string{"10.0.0.2", "2026-03-01"}, []string{s.trait(left, "ip-address"), s.trait(left, "install-date")})
	require.Equal(t, []string{"10.0.0.3", "macOS 15", "Reception"}, []string{s.right(right, "ipAddress"), s.right(right, "operatingSystem"), s.right(right, "name")})
	for _, c := range s.conflicts() {
		s.must("conflicts.resolve", object{"id": c.ID, "take": "revio"}, nil)
	}
	s.cycle()
	require.Equal(t, "10.0.0.3", s.trait(left, "ip-address"))
	require.Equal(t, []string{"CDC-1", "Reception"}, []string{s.trait(left, "device-name"), s.right(right, "name")}, "kept there, and not written to IT Glue")
	require.Empty(t, s.conflicts())
	s.settled()
}

func TestEmptiedValuesTravelAfterADirectLook(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]setting{"missing keys": {}, "null": {itglue: itgluetest.Switches{EmptyTraits: "null"}}, "blank": {itglue: itgluetest.Switches{EmptyTraits: "blank"}, revio: reviotest.Switches{EmptyText: true}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, o)
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "install-date", "2026-02-28")
			s.accepted(s.Cobalt)
			right := s.only(s.CobaltC).ID
			s.ITGlue.SetTrait(left, "ip-address", nil)
			s.Revio.SetAsset(right, "installDate", "")
			s.fresh()
			s.cycle()
			require.Positive(t, s.ITGlue.Count(http.MethodGet, "/flexible_assets/"+left), "IT Glue was looked at directly")
			require.Empty(t, s.right(right, "ipAddress"))
			require.Empty(t, s.trait(left, "install-date"))
			require.Equal(t, "CDC0001", s.trait(left, "serial-number"))
			s.settled()
		})
	}
}

func TestValueThatOnlyAListLacksIsNotEmptied(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.ITGlue.Fail(-1, func(r *http.Request) bool { return r.URL.Path == "/flexible_assets" }, itgluetest.Replaced(`"ip-address":"10.0.0.1"`, `"ip-address":""`))
	s.fresh()
	s.cycle()
	require.Zero(t, s.writes())
	require.Equal(t, "10.0.0.1", s.right(right, "ipAddress"))
	s.ITGlue.ClearFaults()
	s.settled()
	require.Empty(t, s.conflicts())
}

func TestFieldThatRevioDoesNotShowIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	s.Revio.SetSwitches(func(w *reviotest.Switches) { w.Hide = []string{"ipAddress"} })
	s.settled()
	require.Equal(t, "10.0.0.1", s.trait(left, "ip-address"))
	require.Contains(t, s.why(left), "Rev.io does not show")
}

func TestRenamedTraitGoesOnAndADeletedOneParksItsField(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]setting{"key follows": {}, "key stays": {itglue: itgluetest.Switches{RenameKeepsKey: true}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, o)
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "install-date", "2026-02-28")
			s.accepted(s.Cobalt)
			right := s.only(s.CobaltC).ID
			field := s.ITGlue.FieldID(s.Workstations, "ip-address")
			s.ITGlue.RenameField(field, "Primary IP")
			r := s.settled()
			require.Contains(t, strings.Join(r.Notes, "\n"), "is now called “Primary IP”")
			s.Revio.SetAsset(right, "ipAddress", "10.0.0.2")
			s.cycle()
			key := "primary-ip"
			if o.itglue.RenameKeepsKey {
				key = "ip-address"
			}
			require.Equal(t, "10.0.0.2", s.trait(left, key))
			require.NotContains(t, strings.Join(s.cycle().Notes, "\n"), "is now called", "news is told once")

			s.ITGlue.DeleteField(field)
			s.ITGlue.SetTrait(left, "install-date", "2026-03-01")
			s.fresh()
			r = s.cycle()
			require.Contains(t, strings.Join(r.Notes, "\n"), "was deleted in IT Glue")
			require.Equal(t, "10.0.0.2", s.right(right, "ipAddress"), "it is not emptied")
			require.Equal(t, "2026-03-01", s.right(right, "installDate"), "the others go on")
			require.Contains(t, s.why(left), "was deleted in IT Glue")
			s.settled()
		})
	}
}

func TestRetypedFieldThatNoLongerFitsStaysParked(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	s.ITGlue.SetField(s.ITGlue.FieldID(s.Workstations, "ip-address"), func(f *itgluetest.Field) { f.Kind = "Textbox" })
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.settled()
	require.Contains(t, s.why(left), "was a Text field and is a Textbox field now")
}

func TestRetypedFieldGoesOnOnceAPersonMappedItAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "operating-system", "Windows 11 Pro")
	s.accepted(s.Cobalt)
	s.ITGlue.SetField(s.ITGlue.FieldID(s.Workstations, "operating-system"), func(f *itgluetest.Field) { f.Kind = "Text" })
	s.ITGlue.SetTrait(left, "operating-system", "BeOS")
	s.settled()
	require.Contains(t, s.why(left), "was a Select field and is a Text field now")
	s.must("instance.apply", map[string]any{"document": s.document(nil)}, nil)
	s.cycle()
	require.Equal(t, "BeOS", s.only(s.CobaltC).Fields["operatingSystem"])
	s.settled()
}

func TestGuardStopsOneOrganizationAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	var cobalt []string
	for i := range 6 {
		cobalt = append(cobalt, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC000", i), "ip-address", fmt.Sprint("10.0.0.", i)))
	}
	dunmore := s.workstation(s.Dunmore, "DLP-1", "DLP0001", "ip-address", "10.0.1.1")
	s.accepted(s.Cobalt, s.Dunmore)
	for _, id := range cobalt {
		s.ITGlue.SetTrait(id, "ip-address", nil)
	}
	s.ITGlue.SetTrait(dunmore, "ip-address", "10.0.1.2")
	s.fresh()
	err := s.call("sync.cycle", object{}, nil)
	requireCode(t, component.NeedsReview, err, "Cobalt Dental Clinic", "6 of 6 linked assets")
	require.Equal(t, 4, component.CodeOf(err).ExitStatus())
	require.Equal(t, 1, s.writes())
	require.Equal(t, "10.0.1.2", s.only(s.Dunmor2).Fields["ipAddress"], "the others go on")
	for _, a := range s.Revio.Assets(s.CobaltC) {
		require.NotEmpty(t, a.Fields["ipAddress"])
	}
	for i, id := range cobalt {
		s.ITGlue.SetTrait(id, "ip-address", fmt.Sprint("10.0.9.", i))
	}
	r := s.cycle()
	require.Equal(t, 6, r.ToRevio, "ordinary changes are not counted")
	s.settled()
}

func TestOneNewValueEverywhereStopsForReview(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	var ids []string
	for i := range 12 {
		ids = append(ids, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC00", 10+i), "ip-address", fmt.Sprint("10.0.0.", i)))
	}
	s.accepted(s.Cobalt)
	for _, id := range ids {
		s.ITGlue.SetTrait(id, "ip-address", "127.0.0.1")
	}
	s.fresh()
	requireCode(t, component.NeedsReview, s.call("sync.cycle", object{}, nil), "127.0.0.1")
	require.Zero(t, s.writes())
}

func TestFirstRunWaitsForAPersonWhereTheRulesSaySo(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{document: func(d map[string]any) { part(d, "rules")["firstRun"] = "review" }})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.flow("match-organizations")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.fresh()
	requireCode(t, component.NeedsReview, s.call("sync.discover-assets", object{}, nil), "first run")
	require.Zero(t, s.writes())
}

func TestProductionModeOffWritesNothingToEitherSide(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{document: func(d map[string]any) { part(d, "connections", "revio")["production"] = false }})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Dunmore, "DLP-1", "DLP0001", "ip-address", "10.0.0.1")
	right := s.equipment(s.Dunmor2, "DLP-1", "DLP0001")
	s.Revio.SetAsset(right, "operatingSystem", "macOS 15")
	s.Revio.SetCustomer(s.CobaltC, "name", "Cobalt Dental")
	s.accepted()
	r := s.cycle()
	require.Zero(t, s.writes())
	require.Positive(t, r.Planned)
	require.Zero(t, r.Writes())
	require.Contains(t, strings.Join(r.Notes, "\n"), "Production Mode is off")
	requireCode(t, component.NeedsReview, s.call("sync.customer", object{"customerId": s.Revio.AddCustomer("Zephyr Kitesurf School")}, nil), "Production Mode")
	require.Zero(t, s.writes())
	s.must("instance.apply", object{"document": s.document(nil)}, nil)
	s.cycle()
	s.only(s.CobaltC)
	require.Equal(t, "10.0.0.1", s.right(right, "ipAddress"))
	s.settled()
}

func TestPlanWritesNothingAndSaysWhatACycleDoes(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.fresh()
	var plan, shown itgluerevio.Plan
	s.must("plan.create", object{}, &plan)
	require.Zero(t, s.writes())
	require.Len(t, plan.Links, 1)
	require.Len(t, plan.Links[0].Plan.Ops, 2)
	require.Equal(t, 2, plan.Report.Planned)
	s.must("plan.show", object{"id": plan.ID}, &shown)
	require.Equal(t, plan.Links[0].Plan.Ops, shown.Links[0].Plan.Ops)
	var r cycle.Report
	s.must("sync.cycle", object{}, &r)
	require.Equal(t, 2, s.writes(), "the cycle does what the plan said")
	s.settled()
}

func TestFieldThatIsRefusedThreeTimesIsParked(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "operating-system", "macOS 15")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.Revio.SetSwitches(func(w *reviotest.Switches) { w.Cut = 8 }) // shorter than the profile says
	s.ITGlue.SetTrait(left, "operating-system", "Windows 11 Pro")
	s.fresh()
	for range 6 {
		s.cycle()
		s.later(time.Hour)
	}
	require.Equal(t, 3, s.writes(), "offered three times")
	require.Contains(t, s.why(left), "refused 3 times")
	require.Equal(t, "Windows 11 Pro", s.trait(left, "operating-system"), "what Rev.io made of it is no edit")
	s.Revio.SetSwitches(func(w *reviotest.Switches) { w.Cut = 0 })
	s.ITGlue.SetTrait(left, "operating-system", "Windows Server 2022")
	s.cycle()
	require.Equal(t, "Windows Server 2022", s.right(right, "operatingSystem"))
	s.settled()
}

func TestSerialNumberOfTwoCandidatesIsHeldUntilAPersonDecides(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	first, second := s.equipment(s.CobaltC, "One", "CDC0001"), s.equipment(s.CobaltC, "Two", "cdc-0001")
	elsewhere := s.workstation(s.Dunmore, "DLP-1", "DLP0001")
	s.equipment(s.EastC, "Lost", "DLP0001")
	s.fresh()
	s.accepted()
	require.Zero(t, s.posts())
	require.Contains(t, s.why(id), "2 Rev.io assets of this customer have its serial number")
	require.Contains(t, s.why(elsewhere), "Brightwater Marina East")
	s.must("assets.link", object{"id": id, "revioId": second}, nil)
	s.must("assets.create", object{"id": elsewhere}, nil)
	s.cycle()
	require.Equal(t, second, s.pairs(store.PairQuery{Left: []string{id}})[0].Right)
	require.Equal(t, "One", s.right(first, "name"), "the other one is left alone")
	s.only(s.Dunmor2)
	s.settled()
}

func TestIgnoredAssetIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "")
	s.equipment(s.CobaltC, "cdc-1 ", "")
	s.accepted(s.Cobalt)
	require.Contains(t, s.why(id), "same name and type")
	s.must("assets.ignore", object{"id": id}, nil)
	s.settled()
	require.Contains(t, s.why(id), "a person said to leave it alone")
	s.must("assets.create", object{"id": id}, nil)
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 2)
	s.settled()
}
