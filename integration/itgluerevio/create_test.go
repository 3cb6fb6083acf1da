package itgluerevio_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// noReference is a tenant that keeps no reference of ours.
func noReference(p *revio.Profile) {
	p.Capabilities.ExternalReference = false
	p.Fields.Asset.ExternalReference, p.Query.ExternalReference = revio.Names{}, ""
}

// posts counts the creates that were sent to Rev.io.
func (s *stage) posts() int {
	n := 0
	for _, w := range s.Revio.Writes() {
		if w.Method == "POST" {
			n++
		}
	}
	return n
}

func TestUnclearCreateMakesExactlyOneAsset(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  reviotest.Fault
		landed bool // the first request was carried out
	}{
		"answer lost":                  {reviotest.Fault{Kind: reviotest.LostAfter}, true},
		"504 after it was carried out": {reviotest.Fault{Kind: reviotest.FailAfter, Status: 504}, true},
		"500 after it was carried out": {reviotest.Fault{Kind: reviotest.FailAfter, Status: 500}, true},
		"504 and not carried out":      {reviotest.Fault{Kind: reviotest.Refuse, Status: 504}, false},
		"connection lost before":       {reviotest.Fault{Kind: reviotest.LostBefore}, false},
		"answer cannot be decoded":     {reviotest.Fault{Kind: reviotest.Truncated}, true},
		"answer broken off":            {reviotest.Fault{Kind: reviotest.BrokenOff}, true},
		"login page in its place":      {reviotest.Fault{Kind: reviotest.LoginPage}, false},
		"empty answer":                 {reviotest.Fault{Kind: reviotest.EmptyAnswer}, true},
	} {
		for tenant, profile := range map[string]func(*revio.Profile){"with references": nil, "without references": noReference} {
			t.Run(name+", "+tenant, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, setting{profile: profile})
				id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
				c.fault.Method, c.fault.Path = "POST", "assets"
				s.Revio.Fail(c.fault)
				r := s.accepted(s.Cobalt)
				require.Zero(t, r.Created)
				require.Len(t, s.intents(), 1, "it is written down that its outcome is not known")
				require.Contains(t, s.why(id), "not sent again before")
				s.fresh()
				s.later(quietWindow / 2)
				s.cycle()
				require.Zero(t, s.writes(), "before the quiet window ends nothing is sent again")
				s.later(quietWindow)
				r = s.cycle()
				s.only(s.CobaltC)
				require.Empty(t, s.intents())
				if c.landed {
					require.Equal(t, []int{1, 0, 0}, []int{r.Adopted, r.Created, s.posts()})
				} else {
					require.Equal(t, []int{0, 1, 1}, []int{r.Adopted, r.Created, s.posts()})
				}
				s.settled()
			})
		}
	}
}

func TestCreateThatLandsLateWithinTheQuietWindowIsAdopted(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.Late, Method: "POST", Path: "assets"})
	s.accepted(s.Cobalt)
	s.cycle()
	s.later(quietWindow - time.Minute)
	require.Empty(t, s.Revio.Assets(s.CobaltC))
	s.Revio.LandLate()
	s.later(2 * time.Minute)
	s.fresh()
	r := s.cycle()
	require.Equal(t, []int{1, 0}, []int{r.Adopted, s.posts()})
	s.only(s.CobaltC)
	s.settled()
}

func TestRefusedCreateIsNotOwed(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"busy": 429, "refused": 422} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.flow("match-organizations")
			s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: status, Method: "POST", Path: "assets", Times: -1})
			err := s.call("sync.discover-assets", object{}, nil)
			require.Equal(t, status == 429, err != nil)
			require.Empty(t, s.intents(), "certainly not carried out")
			if status == 422 {
				require.Contains(t, s.why(id), "Rev.io did not take it")
			}
			s.Revio.ClearFaults()
			s.cycle()
			s.only(s.CobaltC)
			s.settled()
		})
	}
}

func TestRequestThatIsCarriedOutTwiceIsShownToAPerson(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.Twice, Method: "POST", Path: "assets"})
	s.accepted(s.Cobalt)
	require.Len(t, s.Revio.Assets(s.CobaltC), 2, "the tenant's doing")
	r := s.settled()
	require.Equal(t, 1, r.OnlyInRevio)
}

func TestRunsAtTheSameTimeMakeOneAsset(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for _, n := range []string{"1", "2", "3"} {
		s.workstation(s.Cobalt, "CDC-"+n, "CDC000"+n)
	}
	s.flow("match-organizations")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i, flow := range []string{"sync.cycle", "sync.discover-assets", "sync.cycle", "sync.discover-assets"} {
		wg.Go(func() {
			session, err := s.Runner.Session(context.Background(), instanceName, "os:ana")
			if err == nil {
				_, err = s.Catalog.Invoke(context.Background(), session, flow, json.RawMessage(`{}`))
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Len(t, s.Revio.Assets(s.CobaltC), 3)
	require.Equal(t, 3, s.posts())
	s.settled()
}

func TestAdoption(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile func(*revio.Profile)
		serial  string
		change  func(*stage, reviotest.Asset) // of what the lost create made
		adopted int
	}{
		"by reference, though a person renamed it": {nil, "CDC0001", func(s *stage, a reviotest.Asset) { s.Revio.SetAsset(a.ID, "name", "Reception PC") }, 1},
		"by serial number":                         {noReference, "CDC0001", nil, 1},
		"by name, type and time":                   {noReference, "", nil, 1},
		"by name of one with a placeholder":        {noReference, "To be filled by O.E.M.", nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{profile: c.profile})
			id := s.workstation(s.Cobalt, "CDC-1", c.serial)
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "assets"})
			s.accepted(s.Cobalt)
			made := s.only(s.CobaltC)
			if c.change != nil {
				c.change(s, made)
			}
			s.later(quietWindow + time.Second)
			r := s.cycle()
			require.Equal(t, c.adopted, r.Adopted)
			p := s.pairs(store.PairQuery{Left: []string{id}})
			require.Len(t, p, 1)
			require.Equal(t, []string{made.ID, string(reconcile.ByAdopted)}, []string{p[0].Right, string(p[0].Origin)})
			s.cycle()
			s.only(s.CobaltC)
			s.settled()
		})
	}
}

func TestAnOlderAssetOfTheSameNameIsNotAdopted(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{profile: noReference})
	id := s.workstation(s.Cobalt, "CDC-1", "")
	old := s.equipment(s.CobaltC, "Spare", "")
	s.later(time.Hour)
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostBefore, Method: "POST", Path: "assets"})
	s.accepted(s.Cobalt)
	s.Revio.SetAsset(old, "name", "CDC-1") // a person renames one that was there before
	s.later(quietWindow + time.Second)
	r := s.cycle()
	require.Zero(t, r.Adopted)
	require.Contains(t, s.why(id), "`assets create` if it is none", "a person decides")
	s.must("assets.create", object{"id": id}, nil)
	s.cycle()
	require.Len(t, s.Revio.Assets(s.CobaltC), 2)
	s.settled()
}

func TestTwoThatCouldBeItWaitForAPerson(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{profile: noReference})
	id := s.workstation(s.Cobalt, "CDC-1", "")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "assets"})
	s.accepted(s.Cobalt)
	made := s.only(s.CobaltC).ID
	s.equipment(s.CobaltC, "CDC-1", "") // a technician makes one by hand
	s.later(quietWindow + time.Second)
	s.fresh()
	r := s.cycle()
	require.Zero(t, s.writes())
	require.Zero(t, r.Adopted)
	require.Contains(t, s.why(id), "assets link")
	s.cycle()
	require.Zero(t, s.writes(), "and it stays so")
	s.must("assets.link", object{"id": id, "revioId": made}, nil)
	require.Empty(t, s.intents())
	s.cycle()
	p := s.pairs(store.PairQuery{Left: []string{id}})
	require.Len(t, p, 1)
	require.Equal(t, made, p[0].Right)
	require.Len(t, s.Revio.Assets(s.CobaltC), 2)
	s.settled()
}

func TestAssetThatIsOutOfSightRightAfterItsCreateIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{revio: reviotest.Switches{ListDelay: 3 * time.Hour}, profile: func(p *revio.Profile) { p.Capabilities.ExternalReference = false }})
	s.workstation(s.Cobalt, "CDC-1", "")
	hidden := true
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: http.StatusNotFound, Method: http.MethodGet, Times: -1,
		Match: func(r reviotest.Request) bool { return hidden && strings.Contains(r.Path, "/assets/") }})
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	for range 3 {
		s.later(quietWindow + time.Minute)
		s.cycle()
		s.only(s.CobaltC)
	}
	s.Revio.SetAsset(right, "name", "CDC-1 (renamed meanwhile)")
	hidden = false
	s.later(3 * time.Hour)
	require.Equal(t, 1, s.cycle().Adopted)
	s.only(s.CobaltC)
}

func TestNewAssetThatListsShowLateIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{revio: reviotest.Switches{ListDelay: 3 * time.Hour}})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.accepted(s.Cobalt)
	for range 5 {
		s.settled()
		s.later(time.Hour)
	}
	s.only(s.CobaltC)
}

func TestUnclearCreateOfARejectedLinkIsNotLookedUpAndOfAReassignedOneIsVoid(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.must("sync.match-organizations", object{}, nil)
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "/assets"})
	s.flow("discover-assets")
	require.Len(t, s.intents(), 1)
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	s.later(time.Hour)
	s.fresh()
	s.cycle()
	s.requireOnlyAsked(nil, nil)
	require.Len(t, s.intents(), 1, "it waits")

	other := s.Revio.AddCustomer("Another One")
	s.must("links.reassign", object{"id": s.Cobalt, "customerId": other, "accept": true}, nil)
	s.cycle()
	require.Empty(t, s.intents())
	s.only(other)
	require.Len(t, s.Revio.Assets(s.CobaltC), 1, "what was made on the old customer stays there")
}
