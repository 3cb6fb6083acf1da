package itgluerevio_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// hours runs so many cycles, an hour apart.
func (s *stage) hours(n int) {
	s.Helper()
	for range n {
		s.cycle()
		s.later(time.Hour)
	}
}

func TestCreateThatIsRefusedThreeTimesIsParked(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(s *stage, id string){
		"until the record changes": func(s *stage, id string) { s.ITGlue.SetTrait(id, "ip-address", "10.0.0.2") },
		"until the mapping changes": func(s *stage, _ string) {
			s.must("instance.apply", object{"document": s.document(func(d map[string]any) {
				part(d, "types")["t"+s.Workstations] = s.License
			})}, nil)
		},
		"until a person asks": func(s *stage, id string) { s.must("assets.create", object{"id": id}, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.flow("match-organizations")
			s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: http.StatusUnprocessableEntity, Body: `{"message":"a location is required"}`, Method: "POST", Path: "assets", Times: -1})
			s.fresh()
			s.hours(6)
			require.Equal(t, 3, s.posts(), "offered three times")
			require.Contains(t, s.why(id), "Rev.io refused 3 times to make it")
			require.Contains(t, s.why(id), "a location is required")
			require.Contains(t, s.why(id), "assets create")

			s.fresh()
			again(s, id)
			s.hours(5)
			require.Equal(t, 3, s.posts(), "it is offered again, and again three times")
			s.Revio.ClearFaults()
			s.fresh()
			s.hours(2)
			require.Zero(t, s.posts(), "and then not, whatever changed there")
			s.must("assets.create", object{"id": id}, nil)
			s.cycle()
			s.only(s.CobaltC)
			s.settled()
			s.read(func(tx store.Tx, instance string) error {
				left, err := tx.ListIntents(t.Context(), instance)
				require.Empty(t, left, "nothing is remembered of a create that went well")
				return err
			})
		})
	}
}

func TestRefusedCreateThatIsBusyOrLinkedByAPersonIsForgotten(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.flow("match-organizations")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	refuse := func(status int) {
		s.Revio.ClearFaults()
		s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: status, RetryAfter: "3600", Method: "POST", Path: "assets", Times: -1})
	}
	refuse(http.StatusUnprocessableEntity)
	s.hours(2)
	refuse(http.StatusTooManyRequests)
	for range 3 {
		requireCode(t, component.RateLimited, s.call("sync.cycle", object{}, nil))
	}
	refuse(http.StatusUnprocessableEntity)
	s.fresh()
	s.hours(2)
	require.Equal(t, 1, s.posts(), "being busy is no refusal: it was the third one")
	right := s.equipment(s.CobaltC, "Entered by hand", "")
	s.hours(1)
	s.must("assets.link", object{"id": id, "revioId": right}, nil)
	s.read(func(tx store.Tx, instance string) error {
		left, err := tx.ListIntents(t.Context(), instance)
		require.Empty(t, left)
		return err
	})
	s.cycle()
	s.only(s.CobaltC)
	s.settled()
}

func TestLastAssetThatIsReallyDeletedComesToRest(t *testing.T) {
	t.Parallel()
	for _, side := range []reconcile.Side{reconcile.Left, reconcile.Right} {
		t.Run(side.Title(), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.accepted(s.Cobalt)
			right := s.only(s.CobaltC).ID
			path := "/flexible_assets/" + left
			count := func() int { return s.ITGlue.Count(http.MethodGet, path) }
			if side == reconcile.Left {
				s.ITGlue.RemoveAsset(left)
			} else {
				s.Revio.RemoveAsset(right)
				count = func() int {
					n := 0
					for _, r := range s.Revio.Requests() {
						if r.Method == http.MethodGet && strings.HasSuffix(r.Path, "/assets/"+right) {
							n++
						}
					}
					return n
				}
			}
			gone := func() string { return s.pairs(store.PairQuery{Left: []string{left}})[0].Gone[side] }
			s.settled()
			require.Empty(t, gone(), "one listing is not enough")
			require.Equal(t, 1, count(), "the known one was asked for directly")
			require.Contains(t, s.why(left), "did not list it")
			s.settled()
			require.Contains(t, gone(), "no longer in "+side.Title())
			s.settled()
			require.Zero(t, count(), "and it is at rest")
			require.Contains(t, s.why(left), "no longer in "+side.Title())

			s.workstation(s.Cobalt, "CDC-2", "CDC0002")
			s.cycle()
			want := 2
			if side == reconcile.Right {
				want = 1
			}
			require.Len(t, s.Revio.Assets(s.CobaltC), want, "what is new is made")
			s.settled()
		})
	}
}

func TestNothingWhereThereWasSomethingIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, side := range []reconcile.Side{reconcile.Left, reconcile.Right} {
		t.Run(side.Title(), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.accepted(s.Cobalt)
			if side == reconcile.Left {
				s.ITGlue.Fail(-1, func(r *http.Request) bool { return r.URL.Path == "/flexible_assets" }, itgluetest.Answer(200, `{"data":[],"meta":{"current-page":1,"next-page":null,"prev-page":null,"total-pages":1,"total-count":0,"filters":{}},"links":{}}`))
			} else {
				s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 200, Body: `[]`, Method: http.MethodGet, Path: "assets", Times: -1, Match: func(r reviotest.Request) bool { return strings.HasSuffix(r.Path, "/assets") }})
				s.workstation(s.Cobalt, "CDC-2", "CDC0002")
			}
			for range 4 {
				s.settled()
				s.later(time.Hour)
			}
			require.Contains(t, s.why(left), "is there when it is asked for directly")
			p := s.pairs(store.PairQuery{Left: []string{left}})[0]
			require.Empty(t, p.Gone)
			require.Empty(t, p.Absent)
			s.ITGlue.ClearFaults()
			s.Revio.ClearFaults()
			s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
			s.cycle()
			require.Equal(t, "10.0.0.2", s.right(p.Right, "ipAddress"))
			s.settled()
		})
	}
}

func TestSerialNumbersThatChangedPlacesAreExplainedAndExchanged(t *testing.T) {
	t.Parallel()
	for _, side := range []reconcile.Side{reconcile.Left, reconcile.Right} {
		t.Run("in "+side.Title(), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			one := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			two := s.workstation(s.Cobalt, "CDC-2", "CDC0002", "ip-address", "10.0.0.2")
			s.accepted(s.Cobalt)
			partner := func(left string) string { return s.pairs(store.PairQuery{Left: []string{left}})[0].Right }
			first, second := partner(one), partner(two)
			if side == reconcile.Left {
				s.ITGlue.SetTrait(one, "serial-number", "CDC0002")
				s.ITGlue.SetTrait(two, "serial-number", "CDC0001")
			} else {
				s.Revio.SetAsset(first, "serialNumber", "CDC0002")
				s.Revio.SetAsset(second, "serialNumber", "CDC0001")
			}
			for range 3 {
				s.settled()
			}
			require.Contains(t, s.why(one), "`assets link --id "+one+" --revio-id "+second+"`")
			require.Contains(t, s.why(two), "`assets link --id "+two+" --revio-id "+first+"`")
			var out itgluerevio.AssetDecided
			s.must("assets.link", object{"id": one, "revioId": second}, &out)
			require.Contains(t, out.Message, "CDC-2, which was linked with that one, is linked with CDC-1 now")
			require.Equal(t, []string{second, first}, []string{partner(one), partner(two)})
			s.cycle()
			require.Len(t, s.Revio.Assets(s.CobaltC), 2, "none is made")
			for _, id := range []string{one, two} {
				require.Equal(t, s.trait(id, "serial-number"), s.right(partner(id), "serialNumber"))
				require.NotContains(t, s.why(id), "serial number")
			}
			for _, c := range s.conflicts() {
				require.Equal(t, "ipAddress", c.Field, "what else differs is asked for")
			}
			s.must("conflicts.resolve", object{"field": "ipAddress", "take": "itglue"}, nil)
			s.cycle()
			require.Empty(t, s.conflicts())
			s.settled()
		})
	}
}

func TestReassigningClosesTheConflictsOfTheOldCustomer(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.Revio.SetAsset(right, "ipAddress", "10.0.0.3")
	s.cycle()
	open := s.conflicts()
	require.Len(t, open, 1)
	s.must("links.reassign", object{"id": s.Cobalt, "customerId": s.Revio.AddCustomer("Another One"), "accept": true}, nil)
	require.Empty(t, s.conflicts())
	require.ErrorIs(t, s.call("conflicts.resolve", object{"id": open[0].ID, "take": "itglue"}, nil), component.Conflict)
	require.Empty(t, s.pairs(store.PairQuery{}), "a forgotten pair stays forgotten")
	s.cycle()
	require.Equal(t, "10.0.0.3", s.right(right, "ipAddress"), "the old customer's is left alone")
	s.settled()
}

func TestNameOfAnOrganizationThatIsRefusedThreeTimesIsParked(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	s.cycle()
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: http.StatusUnprocessableEntity, Method: http.MethodPatch, Path: "customers", Times: -1})
	s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt & Sons")
	s.fresh()
	s.hours(6)
	require.Equal(t, 3, s.writes(), "offered three times")
	require.Contains(t, strings.Join(s.settled().Notes, "\n"), "was refused 3 times")
	s.Revio.ClearFaults()
	s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt and Sons")
	s.cycle()
	c, _ := s.Revio.Customer(s.CobaltC)
	require.Equal(t, "Cobalt and Sons", c.Name)
	s.settled()
}
