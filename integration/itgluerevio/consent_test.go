package itgluerevio_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// requireOnlyAsked demands that assets and passwords were asked for of these
// organizations and customers alone, and that nothing else was written.
func (s *stage) requireOnlyAsked(organizations, customers []string) {
	s.Helper()
	for _, q := range s.ITGlue.Requests() {
		private := strings.HasPrefix(q.Path, "/flexible_assets") || strings.HasPrefix(q.Path, "/passwords")
		if private {
			asked := strings.Split(q.Query.Get("filter[organization-id]")+q.Query.Get("filter[organization_id]"), ",")
			require.NotContains(s, asked, "", "%s names whose it wants: %v", q.Path, q.Query)
			require.Subset(s, organizations, asked, q.Path)
		}
		if private || q.Write {
			require.Subset(s, organizations, q.OrganizationIDs, q.Path)
		}
	}
	for _, q := range s.Revio.Requests() {
		if q.Write || strings.Contains(q.Path, "assets") {
			require.Contains(s, customers, q.CustomerID, "%s %s %v", q.Method, q.Path, q.Query)
		}
	}
}

func TestBeforeALinkIsAcceptedNothingOfItIsReadOrWritten(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for i, o := range []string{s.Bright, s.East, s.Cobalt, s.Dunmore} {
		a := s.workstation(o, "WS", "SERIAL000"+string(rune('1'+i)))
		s.ITGlue.AddPassword(itgluetest.Password{AssetID: a, Name: "BIOS", Value: "canary"})
	}
	s.equipment(s.CobaltC, "WS", "SERIAL0009")
	for _, flow := range []string{"match-organizations", "cycle", "discover-assets", "cycle"} {
		s.flow(flow)
	}
	s.must("plan.create", object{}, nil)
	s.requireOnlyAsked(nil, nil)
	require.Zero(t, s.writes())
	require.NotContains(t, s.stored(), "SERIAL000")

	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.fresh()
	s.flow("discover-assets")
	s.cycle()
	s.requireOnlyAsked([]string{s.Cobalt}, []string{s.CobaltC})
	require.Len(t, s.Revio.Assets(s.CobaltC), 2)
	require.NotContains(t, s.stored(), "SERIAL0001")
}

func TestRejectPausesAndAcceptGoesOn(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.ITGlue.AddPassword(itgluetest.Password{AssetID: id, Name: "BIOS", Value: "canary"})
	s.accepted(s.Cobalt)
	right, base := s.only(s.CobaltC), s.pairs(store.PairQuery{})
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	s.ITGlue.SetTrait(id, "ip-address", "10.0.0.2")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.Revio.SetAsset(right.ID, "operatingSystem", "macOS 15")
	s.fresh()
	s.cycle()
	s.flow("discover-assets")
	require.Zero(t, s.writes())
	s.requireOnlyAsked(nil, nil)
	require.Equal(t, base, s.pairs(store.PairQuery{}), "what was known is kept")
	require.Empty(t, s.passwords())

	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 2, "no duplicate, and the new one was made")
	require.Equal(t, "10.0.0.2", s.right(right.ID, "ipAddress"), "nothing was reverted")
	require.Equal(t, "macOS 15", s.trait(id, "operating-system"))
	require.Len(t, s.passwords(), 1)
	s.settled()
}

func TestRejectDuringACycleStopsItBeforeTheNextWrite(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for _, n := range []string{"1", "2", "3"} {
		s.workstation(s.Cobalt, "CDC-"+n, "CDC000"+n)
	}
	s.flow("match-organizations")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.Hook = func(point string) {
		if point == "after-settle" {
			s.Hook = nil
			s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
		}
	}
	s.fresh()
	r := s.cycle()
	require.Equal(t, 1, r.Created)
	require.Equal(t, 1, s.writes())
	require.Equal(t, store.Rejected, s.link(s.Cobalt).State, "the running cycle does not take it back")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 3)
	s.settled()
}

func TestPauseDuringACycleStopsItBeforeTheNextWrite(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.Hook = func(point string) {
		if point == "after-settle" {
			s.Hook = nil
			s.must("instance.pause", object{}, nil)
		}
	}
	s.accepted(s.Cobalt)
	require.Len(t, s.Revio.Assets(s.CobaltC), 1)
	requireCode(t, component.NeedsReview, s.call("sync.cycle", object{}, nil), "paused", "instance resume")
	s.must("instance.resume", object{}, nil)
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 2)
	s.settled()
}

func TestDiscoveryLooksAtNewlyAcceptedLinksOnly(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Dunmore, "DLP-1", "DLP0001")
	s.must("links.accept", object{"id": []string{s.Dunmore}}, nil)
	s.fresh()
	r := s.flow("discover-assets")
	require.Equal(t, []int{1, 1}, []int{r.Accepted, r.Discovered})
	s.requireOnlyAsked([]string{s.Dunmore}, []string{s.Dunmor2})
	require.Empty(t, s.Revio.Assets(s.CobaltC), "that is the cycle's")
}

func TestReassignLeavesTheOldCustomersAssetsThere(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.accepted(s.Cobalt)
	old, known := s.only(s.CobaltC), s.pairs(store.PairQuery{})
	there := s.equipment(s.Dunmor2, "CDC-1", "CDC0001")
	s.fresh()
	var out itgluerevio.Reassigned
	s.must("links.reassign", object{"id": s.Cobalt, "customerId": s.Dunmor2, "dryRun": true}, &out)
	require.Equal(t, 1, out.Forgotten)
	require.True(t, out.DryRun)
	require.Equal(t, s.CobaltC, s.link(s.Cobalt).Customer.ID, "a dry run changes nothing")
	require.Equal(t, known, s.pairs(store.PairQuery{}))

	s.must("links.reassign", object{"id": s.Cobalt, "customerId": s.Dunmor2}, &out)
	require.Contains(t, out.Notes[0], "stay with Cobalt Dental Clinic")
	require.Empty(t, s.pairs(store.PairQuery{}))
	s.flow("discover-assets")
	p := s.pairs(store.PairQuery{Left: []string{id}})
	require.Len(t, p, 1)
	require.Equal(t, there, p[0].Right, "found by its serial number under the new customer")
	still, _ := s.Revio.Asset(old.ID)
	require.Equal(t, old, still, "what was made on the old customer stays as it was")
	require.Contains(t, s.audited(), "links.reassign")
	s.settled()
}

func TestAcceptByScoreTakesOnlyTheSurePendingOnes(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.ITGlue.AddOrganization(itgluetest.Organization{Name: "Vesper Choral Society"})
	s.Revio.AddCustomer("Copperline Plumbing")
	s.flow("match-organizations")
	s.must("links.reject", object{"id": []string{s.Dunmore}}, nil)
	requireCode(t, component.InvalidInput, s.call("links.accept", object{}, nil), "no link is named")
	var out itgluerevio.Decided
	s.must("links.accept", object{"minScore": 0.95, "dryRun": true}, &out)
	require.Len(t, out.Items, 3)
	require.Equal(t, store.Pending, s.link(s.Cobalt).State)
	s.must("links.accept", object{"minScore": 0.95}, &out)
	require.Len(t, out.Items, 3)
	require.Equal(t, "sync discover-assets", out.NextCommand)
	require.Equal(t, store.Accepted, s.link(s.Cobalt).State)
	require.Equal(t, store.Rejected, s.link(s.Dunmore).State, "what a person rejected stays so")
}

func TestAcceptWithParents(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.flow("match-organizations")
	var out itgluerevio.Decided
	s.must("links.accept", object{"id": []string{s.East}, "withParents": true}, &out)
	require.Len(t, out.Items, 2)
	require.Equal(t, []string{s.Bright, s.East}, []string{out.Items[0].ID, out.Items[1].ID}, "parents first")
}

func TestParentsAreProcessedBeforeTheirChildren(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.ITGlue.SetOrganization(s.Cobalt, func(o *itgluetest.Organization) { o.ParentID = s.East })
	for o, n := range map[string]string{s.Cobalt: "C", s.East: "E", s.Bright: "B"} {
		s.workstation(o, n+"-1", "SER000"+n)
	}
	s.accepted()
	var customers []string
	for _, w := range s.Revio.Writes() {
		customers = append(customers, w.CustomerID)
	}
	require.Equal(t, []string{s.BrightC, s.EastC, s.CobaltC}, customers)
}

func TestTwoOrganizationsCannotBeAcceptedForOneCustomer(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	err := s.call("links.reassign", object{"id": s.Dunmore, "customerId": s.CobaltC, "accept": true}, nil)
	requireCode(t, component.Conflict, err, "Cobalt Dental Clinic")
	require.Equal(t, store.Pending, s.link(s.Dunmore).State)
	require.Equal(t, s.Dunmor2, s.link(s.Dunmore).Customer.ID)
	s.must("links.reassign", object{"id": s.Dunmore, "customerId": s.CobaltC}, nil)
	requireCode(t, component.Conflict, s.call("links.accept", object{"id": []string{s.Dunmore}}, nil), "Cobalt Dental Clinic")
	require.NotEqual(t, store.Accepted, s.link(s.Dunmore).State)
}

func TestLinkWithoutASuggestionAsksForACustomer(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.ITGlue.AddOrganization(itgluetest.Organization{Name: "Vesper Choral Society"})
	s.flow("match-organizations")
	require.Nil(t, s.link(id).Customer)
	requireCode(t, component.InvalidInput, s.call("links.accept", object{"id": []string{id}}, nil), "no customer", "links reassign")
	requireCode(t, component.NotFound, s.call("links.reassign", object{"id": id, "customerId": "99999"}, nil))
	requireCode(t, component.NotFound, s.call("links.accept", object{"id": []string{"12345"}}, nil))
}

func TestCustomerThatAPersonChoseForAPendingLinkStays(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.ITGlue.AddOrganization(itgluetest.Organization{Name: "Vesper Choral Society"})
	customer := s.Revio.AddCustomer("Copperline Plumbing")
	s.flow("match-organizations")
	s.must("links.reassign", object{"id": id, "customerId": customer}, nil)
	s.cycle()
	require.Equal(t, store.Pending, s.link(id).State)
	require.Equal(t, customer, s.link(id).Customer.ID)
	require.Contains(t, s.link(id).Reasons[0].Text, "chosen by os:ana")
}

func TestRejectedSuggestionIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.flow("match-organizations")
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	s.cycle()
	l := s.link(s.Cobalt)
	require.Equal(t, store.Rejected, l.State)
	require.Equal(t, s.CobaltC, l.Customer.ID, "it can be taken back")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	require.Empty(t, s.link(s.Cobalt).Never)
}

func TestInactiveOrganizationAndClosedCustomerPauseTheirLink(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	right := s.workstation(s.Dunmore, "DLP-1", "DLP0001", "ip-address", "10.0.0.1")
	s.accepted()
	s.ITGlue.SetOrganization(s.Cobalt, func(o *itgluetest.Organization) { o.Status = "Inactive" })
	s.Revio.CloseCustomer(s.Dunmor2)
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.ITGlue.SetTrait(right, "ip-address", "10.0.0.2")
	s.settled()
	require.Contains(t, s.link(s.Cobalt).Attention, "Inactive")
	require.Contains(t, s.link(s.Dunmore).Attention, "Closed")
	s.ITGlue.SetOrganization(s.Cobalt, func(o *itgluetest.Organization) { o.Status = "Active" })
	s.Revio.SetCustomer(s.Dunmor2, "status", "Open")
	r := s.cycle()
	require.Equal(t, 2, r.ToRevio)
	s.settled()
}
