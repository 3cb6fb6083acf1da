package itgluerevio_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestChangeDuringAListingCreatesNothing(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(*stage){
		"a field is renamed": func(s *stage) { s.ITGlue.RenameField(s.ITGlue.FieldID(s.Workstations, "ip-address"), "IP") },
		"a field is added":   func(s *stage) { s.ITGlue.AddField(s.Workstations, itgluetest.Field{Name: "Room"}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			s.accepted(s.Cobalt)
			s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.ITGlue.Fail(1, itgluetest.On(http.MethodGet, "/flexible_assets"), itgluetest.Meanwhile(func(*itgluetest.World) { meanwhile(s) }))
			s.fresh()
			s.cycle()
			require.Zero(t, s.writes())
			s.cycle()
			s.only(s.CobaltC)
			s.settled()
		})
	}
}

func TestWrongTotalCountCreatesNothing(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]itgluetest.Fault{
		"one more than shown": itgluetest.Replaced(`"total-count":1`, `"total-count":2`),
		"no meta":             itgluetest.Replaced(`"meta"`, `"betameta"`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			s.accepted(s.Cobalt)
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.ITGlue.Fail(-1, itgluetest.On(http.MethodGet, "/flexible_assets"), f)
			s.fresh()
			r := s.cycle()
			require.Zero(t, s.writes())
			require.Contains(t, strings.Join(r.Notes, "\n"), "not complete")
			require.Contains(t, s.why(id), "not complete")
			s.ITGlue.ClearFaults()
			s.cycle()
			s.only(s.CobaltC)
		})
	}
}

func TestRevioListThatDoesNotEndCreatesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{revio: reviotest.Switches{NoTotal: true}})
	s.accepted(s.Cobalt)
	for i := range 3 {
		s.equipment(s.CobaltC, fmt.Sprint("OLD-", i), fmt.Sprint("OLD000", i))
	}
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.Revio.SetSwitches(func(w *reviotest.Switches) { w.IgnorePages, w.ClampPerPage = true, 2 })
	s.fresh()
	err := s.call("sync.cycle", object{}, nil)
	require.Zero(t, s.writes(), "%v", err)
	s.Revio.SetSwitches(func(w *reviotest.Switches) { w.IgnorePages = false })
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 4)
	s.settled()
}

func TestArchivedAssetIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]setting{"listed": {}, "hidden": {itglue: itgluetest.Switches{HideArchived: true}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, o)
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.workstation(s.Cobalt, "CDC-2", "CDC0002")
			s.accepted(s.Cobalt)
			right := s.pairs(store.PairQuery{Left: []string{left}})[0].Right
			s.ITGlue.ArchiveAsset(left, true)
			s.Revio.SetAsset(right, "ipAddress", "10.0.0.2")
			for range 4 {
				s.settled()
			}
			require.Equal(t, "10.0.0.1", s.trait(left, "ip-address"))
			require.Contains(t, s.why(left), map[string]string{"listed": "archived in IT Glue", "hidden": "did not list it"}[name])
			s.ITGlue.ArchiveAsset(left, false)
			s.cycle()
			require.Equal(t, "10.0.0.2", s.trait(left, "ip-address"), "it goes on when it is restored")
			s.settled()
		})
	}
}

func TestArchivedAssetIsNotCreated(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.ITGlue.ArchiveAsset(id, true)
	s.accepted(s.Cobalt)
	require.Empty(t, s.Revio.Assets(s.CobaltC))
}

func TestAssetIsGoneAfterTwoCompleteListingsAndADirectLook(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.accepted(s.Cobalt)
	right := s.pairs(store.PairQuery{Left: []string{left}})[0].Right
	kept, _ := s.Revio.Asset(right)
	s.ITGlue.RemoveAsset(left)
	gone := func() string { return s.pairs(store.PairQuery{Left: []string{left}})[0].Gone[reconcile.Left] }
	s.settled()
	require.Empty(t, gone(), "one listing is not enough")
	require.Zero(t, s.ITGlue.Count(http.MethodGet, "/flexible_assets/"+left))
	s.settled()
	require.Equal(t, 1, s.ITGlue.Count(http.MethodGet, "/flexible_assets/"+left), "looked at directly")
	require.Contains(t, gone(), "no longer in IT Glue")
	s.settled()
	require.Zero(t, s.ITGlue.Count(http.MethodGet, "/flexible_assets/"+left), "and not again and again")
	now, _ := s.Revio.Asset(right)
	require.Equal(t, kept, now)
	s.workstation(s.Cobalt, "CDC-3", "CDC0003")
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 3)
	s.settled()
}

func TestAssetThatIsGoneInRevioIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.accepted(s.Cobalt)
	s.Revio.RemoveAsset(s.pairs(store.PairQuery{Left: []string{left}})[0].Right)
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.9")
	for range 4 {
		s.settled()
	}
	require.Len(t, s.Revio.Assets(s.CobaltC), 1)
	require.Contains(t, s.why(left), "no longer in Rev.io")
}

func TestAssetThatMovedToAnotherOrganizationIsPaused(t *testing.T) {
	t.Parallel()
	for name, accepted := range map[string]bool{"accepted": true, "pending": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.workstation(s.Cobalt, "CDC-2", "CDC0002")
			if accepted {
				s.accepted(s.Cobalt, s.Dunmore)
			} else {
				s.accepted(s.Cobalt)
			}
			right := s.pairs(store.PairQuery{Left: []string{left}})[0].Right
			s.ITGlue.MoveAsset(left, s.Dunmore)
			s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
			for range 4 {
				s.settled()
			}
			p := s.pairs(store.PairQuery{Left: []string{left}})
			require.Len(t, p, 1, "it keeps its link")
			require.Empty(t, p[0].Gone, "it is not gone")
			require.Equal(t, "10.0.0.1", s.right(right, "ipAddress"))
			require.Empty(t, s.Revio.Assets(s.Dunmor2), "and it is not made a second time")
			s.ITGlue.MoveAsset(left, s.Cobalt)
			s.cycle()
			require.Equal(t, "10.0.0.2", s.right(right, "ipAddress"))
			s.settled()
		})
	}
}

func TestDeselectedTypeIsForgottenAndItsPairsRest(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	var ids []string
	for i := range 6 { // more than the guard lets be gone
		ids = append(ids, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC000", i)))
	}
	s.ITGlue.AddAsset(s.Cobalt, s.Licenses, map[string]any{"product": "Sail Designer"})
	s.ITGlue.AddPassword(itgluetest.Password{AssetID: ids[0], Name: "BIOS", Value: "canary"})
	s.accepted(s.Cobalt)
	require.Len(t, s.passwords(), 1)
	s.must("instance.apply", object{"document": s.document(func(d map[string]any) {
		part(d, "assetTypes")["typeIds"] = []any{s.Licenses}
		delete(part(d, "fields"), "t"+s.Workstations)
		delete(part(d, "types"), "t"+s.Workstations)
	})}, nil)
	s.read(func(tx store.Tx, instance string) error {
		left, _, err := tx.ListRecords(t.Context(), instance, store.RecordQuery{Side: reconcile.Left, Types: []string{s.Workstations}})
		require.Empty(t, left, "its rows are deleted")
		return err
	})
	require.Empty(t, s.passwords(), "and its passwords, before any cycle")
	for range 3 {
		r := s.settled()
		require.Equal(t, []int{0, 0}, []int{r.Held, r.OnlyInRevio})
		for _, q := range s.ITGlue.Requests() {
			require.NotEqual(t, s.Workstations, q.Query.Get("filter[flexible-asset-type-id]"))
			require.NotRegexp(t, "^/flexible_assets/", q.Path, "nothing of it is fetched")
		}
	}
	require.Empty(t, s.passwords())
	require.Len(t, s.Revio.Assets(s.CobaltC), 7, "what was made in Rev.io stays")

	s.ITGlue.SetTrait(ids[0], "ip-address", "10.0.0.9")
	s.must("instance.apply", object{"document": s.document(nil)}, nil)
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 7, "selected again, it goes on where it was")
	require.Equal(t, "10.0.0.9", s.right(s.pairs(store.PairQuery{Left: ids[:1]})[0].Right, "ipAddress"))
	s.settled()
}

func TestTypeThatIsDisabledInITGlueRests(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	var ids []string
	for i := range 6 {
		ids = append(ids, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC000", i)))
	}
	s.ITGlue.AddAsset(s.Cobalt, s.Licenses, map[string]any{"product": "Sail Designer"})
	s.accepted(s.Cobalt)
	s.ITGlue.SetType(s.Workstations, func(t *itgluetest.Type) { t.Disabled = true })
	for range 3 {
		r := s.settled()
		require.Contains(t, strings.Join(r.Notes, "\n"), "no longer enabled")
	}
	s.ITGlue.SetType(s.Workstations, func(t *itgluetest.Type) { t.Disabled = false })
	s.ITGlue.SetTrait(ids[0], "ip-address", "10.0.0.9")
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 7)
	require.Equal(t, "10.0.0.9", s.right(s.pairs(store.PairQuery{Left: ids[:1]})[0].Right, "ipAddress"))
	s.settled()
}
