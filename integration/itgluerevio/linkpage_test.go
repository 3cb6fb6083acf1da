package itgluerevio_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func (s *stage) listLinks(in object) itgluerevio.LinkList {
	s.Helper()
	var out itgluerevio.LinkList
	s.must("links.list", in, &out)
	return out
}

func linkNames(l itgluerevio.LinkList) (all []string) {
	for _, i := range l.Items {
		all = append(all, fmt.Sprintf("%d %s", i.Depth, i.Organization.Name))
	}
	return all
}

func TestLinksAreListedInTheirHierarchyPageByPage(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	deep := s.ITGlue.AddOrganization(itgluetest.Organization{Name: "Aardvark Pier", ParentID: s.East})
	s.flow("match-organizations")
	want := []string{"0 Brightwater Holdings", "1 Brightwater Marina East", "2 Aardvark Pier", "0 Cobalt Dental Clinic", "0 Dunmore Legal Partners"}
	require.Equal(t, want, linkNames(s.listLinks(object{"sort": "tree"})))
	var all []string
	for in := (object{"sort": "tree", "limit": 2}); ; {
		page := s.listLinks(in)
		all = append(all, linkNames(page)...)
		if page.Next == "" {
			break
		}
		in["cursor"] = page.Next
	}
	require.Equal(t, want, all)
	require.Equal(t, []string{"2 Aardvark Pier"}, linkNames(s.listLinks(object{"sort": "tree", "search": "aard"})), "what is found keeps its place")
	require.Equal(t, []string{"0 Aardvark Pier"}, linkNames(s.listLinks(object{"parent": s.East})))
	requireCode(t, component.InvalidInput, s.call("links.list", object{"sort": "tree", "cursor": "YWJj"}, nil), "not the next")

	child := s.listLinks(object{"search": "Marina"}).Items[0]
	require.Equal(t, s.Bright, child.WaitsFor.ID)
	s.must("links.accept", object{"id": []string{s.Bright}}, nil)
	require.Nil(t, s.listLinks(object{"search": "Marina"}).Items[0].WaitsFor)
	var shown itgluerevio.LinkShown
	s.must("links.show", object{"id": s.East}, &shown)
	require.Equal(t, "Brightwater Holdings", shown.Parent.Name)
	require.Equal(t, deep, shown.Children[0].ID)
}

func TestHierarchyThatIsACircleIsListedOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.ITGlue.SetOrganization(s.Bright, func(o *itgluetest.Organization) { o.ParentID = s.East })
	s.flow("match-organizations")
	require.Len(t, s.listLinks(object{"sort": "tree"}).Items, 4)
}

func TestLinksAreSortedFilteredAndCounted(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.ITGlue.AddOrganization(itgluetest.Organization{Name: "Zzyzx Unknown"})
	s.flow("match-organizations")
	require.Equal(t, "Zzyzx Unknown", s.listLinks(object{"sort": "score"}).Items[4].Organization.Name, "the surest come first")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.must("links.reject", object{"id": []string{s.Dunmore}}, nil)
	require.Equal(t, s.Dunmore, s.listLinks(object{"sort": "decided"}).Items[0].ID)
	require.Equal(t, s.Cobalt, s.listLinks(object{"sort": "decided"}).Items[1].ID)
	s.Revio.SetCustomer(s.CobaltC, "status", "Closed")
	s.flow("match-organizations")
	var n itgluerevio.LinkCounts
	s.must("links.counts", object{}, &n)
	require.Equal(t, itgluerevio.LinkCounts{All: 5, Pending: 3, Suggested: 2, Accepted: 1, Rejected: 1, Attention: 1}, n)
	require.Equal(t, s.Cobalt, s.listLinks(object{"attention": true}).Items[0].ID)
	require.Len(t, s.listLinks(object{"band": []string{"exact", "strong"}}).Items, 4)
}

func TestBulkAcceptSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.flow("match-organizations")
	var out itgluerevio.Decided
	s.must("links.accept", object{"minScore": 0.5, "dryRun": true}, &out)
	require.Equal(t, itgluerevio.DecidedCounts{Links: 4}, out.Counts)
	require.Equal(t, store.Pending, s.link(s.Cobalt).State)
	s.must("links.accept", object{"id": []string{s.East}, "withParents": true}, &out)
	require.Equal(t, itgluerevio.DecidedCounts{Links: 2, Parents: 1}, out.Counts)
	require.Equal(t, s.Bright, out.Items[0].ID, "parents first")
}

func TestDecisionOnAnOlderVersionOfALinkIsRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.flow("match-organizations")
	seen := s.listLinks(object{"search": "Cobalt"}).Items[0].Version
	s.must("links.reject", object{"id": []string{s.Cobalt}, "version": seen}, nil)
	requireCode(t, component.Conflict, s.call("links.accept", object{"id": []string{s.Cobalt}, "version": seen}, nil), "changed by someone else")
	requireCode(t, component.Conflict, s.call("links.reassign", object{"id": s.Cobalt, "customerId": s.Dunmor2, "version": seen}, nil))
	requireCode(t, component.InvalidInput, s.call("links.accept", object{"id": []string{s.Cobalt, s.Bright}, "version": seen}, nil), "of one link")
	require.Equal(t, store.Rejected, s.link(s.Cobalt).State)
}

func TestDecisionOfALinkCanBeTakenBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.flow("match-organizations")
	before := s.link(s.Cobalt)
	for _, decision := range []string{"links.accept", "links.reject"} {
		s.must(decision, object{"id": []string{s.Cobalt}}, nil)
		var out itgluerevio.Decided
		s.must("links.undo", object{"id": []string{s.Cobalt}}, &out)
		require.False(t, out.Items[0].CanUndo)
		now := s.link(s.Cobalt)
		require.Equal(t, before.State, now.State, decision)
		require.Equal(t, before.Customer, now.Customer)
		require.Empty(t, now.Never)
		require.Empty(t, now.DecidedBy)
	}
	requireCode(t, component.Conflict, s.call("links.undo", object{"id": []string{s.Cobalt}}, nil), "no decision")
	require.Contains(t, s.audited(), "links.undo")
	var shown itgluerevio.LinkShown
	s.must("links.show", object{"id": s.Cobalt}, &shown)
	require.Equal(t, []string{"links.undo", "links.reject", "links.undo", "links.accept"}, []string{shown.History[0].Action, shown.History[1].Action, shown.History[2].Action, shown.History[3].Action})
}

func TestReassignmentThatIsTakenBackMatchesTheAssetsAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.equipment(s.CobaltC, "CDC-1", "CDC0001")
	s.accepted(s.Cobalt)
	s.must("links.reassign", object{"id": s.Cobalt, "customerId": s.Dunmor2, "accept": true}, nil)
	s.must("links.undo", object{"id": []string{s.Cobalt}}, nil)
	require.Equal(t, s.CobaltC, s.link(s.Cobalt).Customer.ID)
	require.Empty(t, s.pairs(store.PairQuery{}))
	r := s.flow("discover-assets")
	require.Equal(t, 1, r.Matched)
	require.Len(t, s.Revio.Assets(s.CobaltC), 1, "nothing is made twice")
}

func TestLinkIsShownWithBothSidesLive(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.Revio.SetCustomer(s.CobaltC, "city", "Austin")
	s.flow("match-organizations")
	field := func(out itgluerevio.LinkShown, title string) itgluerevio.LinkField {
		for _, f := range out.Fields {
			if f.Title == title {
				return f
			}
		}
		return itgluerevio.LinkField{}
	}
	var out itgluerevio.LinkShown
	s.fresh()
	s.must("links.show", object{"id": s.Cobalt}, &out)
	require.Empty(t, s.ITGlue.Requests())
	require.True(t, field(out, "Name").Same)
	require.Equal(t, "Austin", field(out, "City").Revio)
	require.Contains(t, out.Reject, "without deleting data")
	s.Revio.SetCustomer(s.CobaltC, "city", "Boston")
	s.must("links.show", object{"id": s.Cobalt, "live": true}, &out)
	require.Equal(t, "Boston", field(out, "City").Revio)
	require.Empty(t, out.Notes)
	s.must("links.show", object{"id": s.Cobalt, "live": true, "customerId": s.Dunmor2}, &out)
	require.Equal(t, "Dunmore Legal Partners", field(out, "Name").Revio)
}

func TestCustomersAreFoundWithTheirLinks(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.Revio.AddCustomer("Quarry Bakery")
	s.flow("match-organizations")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	find := func(in object) (all []string) {
		var out itgluerevio.CustomerList
		s.must("links.search-customers", in, &out)
		for _, c := range out.Items {
			all = append(all, c.Name+" "+c.Link)
		}
		return all
	}
	require.Equal(t, []string{"Cobalt Dental Clinic accepted"}, find(object{"search": "cobalt"}))
	require.Equal(t, []string{"Quarry Bakery none"}, find(object{"search": "quarry", "link": "none"}))
	require.Empty(t, find(object{"search": "cobalt", "link": "none"}))
	require.Equal(t, []string{"Cobalt Dental Clinic accepted"}, find(object{"link": "accepted"}))
	require.Len(t, find(object{}), 5)
}

func TestCustomersPageSaysWhyItCannotBeSynced(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "Admin"})
	bakery := s.Revio.AddCustomer("Quarry Bakery")
	s.flow("match-organizations")
	show := func(id string) (out itgluerevio.CustomerShown) {
		s.must("customers.show", object{"id": id}, &out)
		return out
	}
	pending := show(s.CobaltC)
	require.False(t, pending.Sync.Enabled)
	require.Contains(t, pending.Sync.Why, "review and accept that link first")
	require.Zero(t, pending.Assets.ITGlue)
	s.accepted(s.Cobalt)
	linked := show(s.CobaltC)
	require.True(t, linked.Sync.Enabled)
	require.False(t, linked.Sync.Creates)
	require.NotNil(t, linked.LastSync)
	require.Equal(t, 1, linked.Passwords)
	require.Equal(t, itgluerevio.AssetCount{ITGlue: 1, Revio: 1, Linked: 1}, linked.Assets)
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	require.Contains(t, show(s.CobaltC).Sync.Why, "without deleting data")
	unknown := show(bakery)
	require.True(t, unknown.Sync.Enabled)
	require.True(t, unknown.Sync.Creates)
	s.must("instance.pause", object{}, nil)
	require.Contains(t, show(bakery).Sync.Why, "paused")
}
