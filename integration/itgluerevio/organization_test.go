package itgluerevio_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestOrganizationThatIsItsOwnAncestorIsReportedAndSynced(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.ITGlue.SetOrganization(s.Bright, func(o *itgluetest.Organization) { o.ParentID = s.East })
	s.ITGlue.SetOrganization(s.Cobalt, func(o *itgluetest.Organization) { o.ParentID = "4711" }) // one that is not listed
	s.workstation(s.Bright, "BH-1", "BH0001")
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	r := s.flow("match-organizations")
	require.Contains(t, strings.Join(r.Notes, "\n"), "its own ancestor")
	s.must("links.accept", object{"id": []string{s.East, s.Cobalt}, "withParents": true}, nil)
	require.Equal(t, store.Accepted, s.link(s.Bright).State)
	s.cycle()
	s.only(s.BrightC)
	s.only(s.CobaltC)
	s.settled()
}

func TestOrganizationThatIsNoLongerListedPausesItsLink(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.accepted()
	s.ITGlue.RemoveOrganization(s.Cobalt)
	for range 3 {
		s.settled()
	}
	require.Contains(t, s.link(s.Cobalt).Attention, "no longer lists")
	require.Len(t, s.pairs(store.PairQuery{Owners: []string{s.Cobalt}}), 1, "nothing is forgotten")
	s.only(s.CobaltC)
}

func TestTwoNamesAreTakenAsTheyAreAtFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.Revio.SetCustomer(s.CobaltC, "name", "Cobalt Dental Clinic LLC")
	s.accepted()
	s.settled()
	require.Empty(t, s.conflicts())
	s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt Smiles")
	s.Revio.SetCustomer(s.CobaltC, "name", "Cobalt Teeth")
	s.settled()
	c := s.conflicts()
	require.Len(t, c, 1)
	s.must("conflicts.resolve", object{"id": c[0].ID, "take": "revio"}, nil)
	s.cycle()
	o, _ := s.ITGlue.Organization(s.Cobalt)
	require.Equal(t, "Cobalt Teeth", o.Name)
	require.Empty(t, s.conflicts())
	s.settled()
}

func TestOrganizationThatIsEditedBetweenPlanAndWriteIsNotOverwritten(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*stage){
		"in IT Glue": func(s *stage) { s.ITGlue.RenameOrganization(s.Cobalt, "Edited meanwhile") },
		"in Rev.io":  func(s *stage) { s.Revio.SetCustomer(s.CobaltC, "name", "Edited meanwhile") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			s.accepted()
			if name == "in Rev.io" {
				s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt Smiles")
			} else {
				s.Revio.SetCustomer(s.CobaltC, "name", "Cobalt Smiles")
			}
			s.Hook = func(point string) {
				if point == "before-detail" {
					s.Hook = nil
					edit(s)
				}
			}
			s.fresh()
			r := s.cycle()
			require.Zero(t, s.writes())
			require.Contains(t, strings.Join(r.Notes, "\n"), "being edited")
			s.cycle()
			require.Len(t, s.conflicts(), 1, "both values are kept")
			require.Zero(t, s.writes())
		})
	}
}

func TestCustomerThatMayNotBeChangedIsSaidSo(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{profile: func(p *revio.Profile) { p.Capabilities.UpdateCustomer = false }})
	s.accepted()
	s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt Smiles")
	r := s.settled()
	require.Contains(t, strings.Join(r.Notes, "\n"), "capabilities.updateCustomer")
	s.Revio.SetCustomer(s.Dunmor2, "name", "Dunmore & Daughters")
	s.cycle()
	o, _ := s.ITGlue.Organization(s.Dunmore)
	require.Equal(t, "Dunmore & Daughters", o.Name, "the other way goes on")
}

func TestGuardOfTheWholeInstanceCountsOverOrganizations(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{document: func(d map[string]any) { part(d, "rules", "guard")["organization"] = 100 }})
	organizations := []string{s.Bright, s.East, s.Cobalt}
	var ids []string
	for i := range 24 {
		ids = append(ids, s.workstation(organizations[i%3], fmt.Sprint("PC-", i), fmt.Sprint("SER00", 10+i), "ip-address", fmt.Sprint("10.0.0.", i)))
	}
	s.workstation(s.Dunmore, "DLP-1", "DLP0001")
	s.accepted()
	for _, id := range ids {
		s.ITGlue.SetTrait(id, "ip-address", nil)
	}
	s.workstation(s.Dunmore, "DLP-2", "DLP0002")
	s.fresh()
	requireCode(t, component.NeedsReview, s.call("sync.cycle", object{}, nil), "3 organizations were stopped", "over all organizations 24 of 25")
	require.Equal(t, 1, s.writes(), "the one without any risk goes on")
	require.Len(t, s.Revio.Assets(s.Dunmor2), 2)
}
