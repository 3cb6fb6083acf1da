package itgluerevio_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestFirstContactFollowsTheRule(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]struct {
		left, right string
		conflicts   int
	}{
		"":       {"10.0.0.1", "10.0.0.2", 1},
		"ask":    {"10.0.0.1", "10.0.0.2", 1},
		"itglue": {"10.0.0.1", "10.0.0.1", 0},
		"revio":  {"10.0.0.2", "10.0.0.2", 0},
	} {
		t.Run("firstWinner "+rule, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{document: func(d map[string]any) {
				if rule != "" {
					part(d, "rules")["firstWinner"] = rule
				}
			}})
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "operating-system", "macOS 15")
			right := s.equipment(s.CobaltC, "reception", "cdc-0001")
			s.Revio.SetAsset(right, "ipAddress", "10.0.0.2")
			s.Revio.SetAsset(right, "installDate", "2026-03-01")
			s.accepted(s.Cobalt)
			require.Equal(t, []string{want.left, want.right}, []string{s.trait(left, "ip-address"), s.right(right, "ipAddress")})
			require.Equal(t, []string{"macOS 15", "2026-03-01"}, []string{s.right(right, "operatingSystem"), s.trait(left, "install-date")}, "blanks are filled both ways")
			require.Equal(t, "CDC-1", s.right(right, "name"), "an asset's name is IT Glue's")
			require.Equal(t, "cdc-0001", s.right(right, "serialNumber"), "the same number, written in another way, is left as it is")
			require.Len(t, s.conflicts(), want.conflicts)
			s.settled()
		})
	}
}

func TestEachFieldFollowsItsOwnRule(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{document: func(d map[string]any) {
		rules := part(d, "rules", "fields")
		rules["ipAddress"], rules["operatingSystem"], rules["installDate"] = "itglue", "revio", "ask"
	}})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "operating-system", "macOS 15", "install-date", "2026-01-01")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	for key, v := range map[string]string{"ip-address": "10.0.0.2", "operating-system": "Windows 11 Pro", "install-date": "2026-02-02"} {
		s.ITGlue.SetTrait(left, key, v)
	}
	for field, v := range map[string]string{"ipAddress": "10.0.0.3", "operatingSystem": "Windows Server 2022", "installDate": "2026-03-03"} {
		s.Revio.SetAsset(right, field, v)
	}
	s.cycle()
	require.Equal(t, []string{"10.0.0.2", "10.0.0.2"}, []string{s.trait(left, "ip-address"), s.right(right, "ipAddress")})
	require.Equal(t, []string{"Windows Server 2022", "Windows Server 2022"}, []string{s.trait(left, "operating-system"), s.right(right, "operatingSystem")})
	require.Equal(t, []string{"2026-02-02", "2026-03-03"}, []string{s.trait(left, "install-date"), s.right(right, "installDate")})
	c := s.conflicts()
	require.Len(t, c, 1)
	require.Equal(t, "installDate", c[0].Field)
	s.settled()
}

func TestAssetOfWhichBothSidesMovedGoesOnThere(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.workstation(s.East, "BME-1", "BME0001")
	s.accepted(s.Cobalt, s.East)
	right := s.partner(left)
	s.ITGlue.MoveAsset(left, s.East)
	s.Revio.SetAsset(right, "customerId", s.EastC)
	s.cycle()
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.cycle()
	require.Equal(t, "10.0.0.2", s.right(right, "ipAddress"))
	require.Equal(t, right, s.partner(left), "it keeps its link")
	require.Len(t, s.Revio.Assets(s.EastC), 2)
	s.settled()
}

// TestRecordsThatMoveBetweenPagesAreNeitherMissedNorDoubled lets a person add or
// remove a record while its list is read, so that the others move to other pages.
func TestRecordsThatMoveBetweenPagesAreNeitherMissedNorDoubled(t *testing.T) {
	t.Parallel()
	small := func(p *revio.Profile) { p.PerPage = 2 }
	for name, shift := range map[string]func(s *stage, ids []string, hit func()){
		"removed in IT Glue": func(s *stage, ids []string, hit func()) {
			s.ITGlue.Fail(1, pageTwo, itgluetest.Meanwhile(func(*itgluetest.World) { s.ITGlue.RemoveAsset(ids[0]); hit() }))
		},
		"added in IT Glue": func(s *stage, _ []string, hit func()) {
			s.ITGlue.Fail(1, pageTwo, itgluetest.Meanwhile(func(*itgluetest.World) { s.workstation(s.Cobalt, "CDC-NEW", "CDC9999"); hit() }))
		},
		"removed in Rev.io": func(s *stage, ids []string, hit func()) {
			right := s.partner(ids[0])
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.Slow, Method: http.MethodGet, Path: "/assets", Match: revioPageTwo, Meanwhile: func() { s.Revio.RemoveAsset(right); hit() }})
		},
		"added in Rev.io": func(s *stage, _ []string, hit func()) {
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.Slow, Method: http.MethodGet, Path: "/assets", Match: revioPageTwo, Meanwhile: func() { s.equipment(s.CobaltC, "AAA", "AAA0001"); hit() }})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{pageSize: 2, profile: small})
			var ids []string
			for i := range 7 {
				ids = append(ids, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC000", i), "ip-address", fmt.Sprint("10.0.0.", i)))
			}
			s.accepted(s.Cobalt)
			for i, id := range ids {
				s.ITGlue.SetTrait(id, "ip-address", fmt.Sprint("10.0.1.", i))
			}
			rights := map[string]string{}
			for _, id := range ids {
				rights[id] = s.partner(id)
			}
			hits := 0
			shift(s, ids, func() { hits++ })
			for range 4 {
				s.cycle()
			}
			require.Equal(t, 1, hits)
			for i, id := range ids {
				p := s.pairs(store.PairQuery{Left: []string{id}})
				require.Len(t, p, 1)
				require.Equal(t, rights[id], p[0].Right)
				if i > 0 {
					require.Empty(t, p[0].Gone, "none of the others counts as gone")
					require.Empty(t, p[0].Absent)
					require.Equal(t, fmt.Sprint("10.0.1.", i), s.right(p[0].Right, "ipAddress"), "and no edit is missed")
				}
			}
			serials := map[string]int{}
			for _, a := range s.Revio.Assets(s.CobaltC) {
				serials[a.Fields["serialNumber"]]++
			}
			for serial, n := range serials {
				require.Equal(t, 1, n, serial)
			}
			s.settled()
		})
	}
}

func pageTwo(r *http.Request) bool {
	return r.URL.Path == "/flexible_assets" && r.URL.Query().Get("page[number]") == "2"
}

func revioPageTwo(r reviotest.Request) bool { return r.Query.Get("page") == "2" }
