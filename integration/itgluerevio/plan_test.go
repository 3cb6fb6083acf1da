package itgluerevio_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

func (s *stage) plan() (p itgluerevio.Plan) {
	s.Helper()
	s.must("plan.create", object{}, &p)
	return p
}

func TestPlanIsCarriedOutAsItWasShown(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt Renamed")
	p := s.plan()
	require.Len(t, p.Links, 1)
	require.Len(t, p.Links[0].Plan.Ops, 1)
	require.Len(t, p.Links[0].Details, 1)
	require.Equal(t, "10.0.0.1", s.right(right, "ipAddress"), "a plan writes nothing")

	var r cycle.Report
	s.must("plan.apply", object{"id": p.ID}, &r)
	require.Equal(t, 2, r.ToRevio)
	require.Equal(t, "10.0.0.2", s.right(right, "ipAddress"))
	customer, _ := s.Revio.Customer(s.CobaltC)
	require.Equal(t, "Cobalt Renamed", customer.Name)
	require.Contains(t, s.audited(), "plan.apply")
	require.ErrorIs(t, s.call("plan.apply", object{"id": p.ID}, nil), component.Conflict, "it is carried out once")
	s.settled()
}

func TestStalePlanIsRefusedAndWritesNothing(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(s *stage, left, right string){
		"the new value moved on":      func(s *stage, left, _ string) { s.ITGlue.SetTrait(left, "ip-address", "10.0.0.3") },
		"the value to replace moved":  func(s *stage, _, right string) { s.Revio.SetAsset(right, "ipAddress", "10.9.9.9") },
		"there is more to write":      func(s *stage, left, _ string) { s.ITGlue.SetTrait(left, "install-date", "2026-05-05") },
		"a detail moved":              func(s *stage, _, _ string) { s.Revio.SetCustomer(s.CobaltC, "name", "Other Name") },
		"the link is rejected":        func(s *stage, _, _ string) { s.must("links.reject", object{"id": []string{s.Cobalt}}, nil) },
		"there is nothing left to do": func(s *stage, left, _ string) { s.ITGlue.SetTrait(left, "ip-address", "10.0.0.1") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.accepted(s.Cobalt)
			right := s.only(s.CobaltC).ID
			s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
			p := s.plan()
			meanwhile(s, left, right)
			s.fresh()
			err := s.call("plan.apply", object{"id": p.ID}, nil)
			require.ErrorIs(t, err, component.Conflict)
			require.ErrorContains(t, err, "stale")
			require.Zero(t, s.writes())
		})
	}
}

func TestGuardedPlanNeedsForceAndIsAudited(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	var left []string
	for i := range 6 {
		left = append(left, s.workstation(s.Cobalt, fmt.Sprintf("CDC-%d", i), fmt.Sprintf("CDC100%d", i), "ip-address", fmt.Sprintf("10.0.0.%d", i+1)))
	}
	s.accepted(s.Cobalt)
	for _, id := range left {
		s.ITGlue.SetTrait(id, "ip-address", nil)
	}
	require.ErrorIs(t, s.call("sync.cycle", object{}, nil), component.NeedsReview)
	p := s.plan()
	require.NotEmpty(t, p.Links[0].Plan.Guard)
	s.fresh()
	require.ErrorIs(t, s.call("plan.apply", object{"id": p.ID}, nil), component.NeedsReview)
	require.Zero(t, s.writes())
	s.must("plan.apply", object{"id": p.ID, "force": true}, nil)
	for _, a := range s.Revio.Assets(s.CobaltC) {
		require.Empty(t, a.Fields["ipAddress"])
	}
	require.Contains(t, s.audited(), "plan.apply")
	s.settled()
}

func TestFirstRunThatWaitsForAPersonIsCarriedOutByItsPlan(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{document: func(d map[string]any) { d["rules"] = map[string]any{"firstRun": "review"} }})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.must("sync.match-organizations", object{}, nil)
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	require.ErrorIs(t, s.call("sync.discover-assets", object{}, nil), component.NeedsReview)
	require.Empty(t, s.Revio.Assets(s.CobaltC))
	p := s.plan()
	s.must("plan.apply", object{"id": p.ID}, nil)
	s.only(s.CobaltC)
	s.settled()
}

func TestReplacedValueIsPutBackAndStays(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	right := s.equipment(s.CobaltC, "reception pc", "CDC0001")
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.accepted(s.Cobalt)
	require.Equal(t, "CDC-1", s.right(right, "name"), "an asset's name is IT Glue's")
	var out itgluerevio.Restored
	s.must("assets.restore", object{"id": right, "field": "name", "dryRun": true}, &out)
	require.Equal(t, "CDC-1", s.right(right, "name"))
	s.must("assets.restore", object{"id": right, "field": "name"}, &out)
	require.Equal(t, "reception pc", out.Now)
	require.Equal(t, "reception pc", s.right(right, "name"))
	s.settled()
	require.Equal(t, "reception pc", s.right(right, "name"), "it is not written over again")

	s.Revio.SetAsset(right, "name", "edited by hand")
	require.ErrorIs(t, s.call("assets.restore", object{"id": right, "field": "name"}, nil), component.Conflict, "a newer edit is not overwritten")
	require.ErrorIs(t, s.call("assets.restore", object{"id": right, "field": "ipAddress"}, nil), component.NotFound)
}

func TestAllConflictsOfAFieldAreSettledByOneDecision(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	var left []string
	for i := range 3 {
		left = append(left, s.workstation(s.Cobalt, fmt.Sprintf("CDC-%d", i), fmt.Sprintf("CDC100%d", i), "ip-address", fmt.Sprintf("10.0.0.%d", i+1)))
	}
	s.accepted(s.Cobalt)
	for i, id := range left {
		s.ITGlue.SetTrait(id, "ip-address", fmt.Sprintf("10.1.0.%d", i))
	}
	for i, a := range s.Revio.Assets(s.CobaltC) {
		s.Revio.SetAsset(a.ID, "ipAddress", fmt.Sprintf("10.2.0.%d", i))
	}
	s.cycle()
	require.Len(t, s.conflicts(), 3)
	var out itgluerevio.Resolved
	s.must("conflicts.resolve", object{"field": "ipAddress", "take": "itglue", "dryRun": true}, &out)
	require.Len(t, out.Items, 3)
	s.cycle()
	require.Len(t, s.conflicts(), 3, "a preview settles nothing")
	s.must("conflicts.resolve", object{"field": "ipAddress", "take": "itglue"}, &out)
	s.cycle()
	require.Empty(t, s.conflicts())
	for _, a := range s.Revio.Assets(s.CobaltC) {
		require.Contains(t, a.Fields["ipAddress"], "10.1.0.")
	}
	require.ErrorIs(t, s.call("conflicts.resolve", object{"take": "itglue"}, nil), component.InvalidInput)
	s.settled()
}
