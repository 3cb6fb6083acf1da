package itgluerevio_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestRejectWhileARefusedWriteIsOfferedFieldByFieldStopsIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "install-date", "2026-01-01")
	s.accepted(s.Cobalt)
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: http.StatusUnprocessableEntity, Method: http.MethodPatch, Times: -1,
		Match: func(r reviotest.Request) bool { return strings.Contains(r.Body, "10.0.0.2") }})
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.ITGlue.SetTrait(left, "install-date", "2026-02-02")
	s.Hook = func(point string) {
		if point == "after-update" {
			s.Hook = nil
			s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
		}
	}
	s.fresh()
	s.cycle()
	require.Equal(t, 1, s.writes(), "the one that was under way")
}

func TestRejectWhileARecordIsPlannedAgainStopsItsWrite(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "install-date", "2026-01-01")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.Revio.SetAsset(right, "ipAddress", "10.0.0.2")
	s.Hook = func(point string) {
		switch point {
		case "before-update": // the write will find it changed
			s.ITGlue.SetTrait(left, "install-date", "2026-02-02")
		case "after-update":
			s.Hook = nil
			s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
		}
	}
	s.fresh()
	s.cycle()
	require.Zero(t, s.writes())
}

func TestEditBeforeALostCreateIsAdoptedIsNotOverwritten(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "install-date", "2026-01-01")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: http.MethodPost, Path: "assets"})
	s.accepted(s.Cobalt)
	s.cycle()
	right := s.only(s.CobaltC).ID
	s.Revio.SetAsset(right, "ipAddress", "10.0.0.9")
	s.later(quietWindow + time.Minute)
	require.Equal(t, 1, s.cycle().Adopted)
	require.Equal(t, "10.0.0.9", s.right(right, "ipAddress"))
	c := s.conflicts()
	require.Len(t, c, 1)
	require.Equal(t, []string{"10.0.0.1", "10.0.0.9"}, []string{c[0].ITGlue, c[0].Revio})
	s.ITGlue.SetTrait(left, "install-date", "2026-02-02")
	s.cycle()
	require.Equal(t, "2026-02-02", s.right(right, "installDate"), "what both agreed on goes on")
}

func TestLostCreateIsFoundThoughRevioClockIsBehind(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{revioAhead: -24 * time.Hour, profile: func(p *revio.Profile) { p.Capabilities.ExternalReference = false }})
	s.workstation(s.Cobalt, "CDC-1", "")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: http.MethodPost, Path: "assets"})
	s.accepted(s.Cobalt)
	s.cycle()
	s.only(s.CobaltC)
	s.later(quietWindow + time.Minute)
	require.Equal(t, 1, s.cycle().Adopted)
	require.Empty(t, s.intents())
	s.only(s.CobaltC)
	s.settled()
}

func TestLostCreateWaitsWhereNothingIsShownAnyMore(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.accepted(s.Cobalt)
	known := s.only(s.CobaltC).ID
	lost := s.workstation(s.Cobalt, "CDC-2", "")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostBefore, Method: http.MethodPost, Path: "assets"})
	s.cycle()
	s.Revio.RemoveAsset(known) // or the right to see it was taken away: a look cannot tell
	s.later(quietWindow + time.Minute)
	s.cycle()
	require.Len(t, s.intents(), 1, "nothing shows that it was not carried out")
	require.Empty(t, s.Revio.Assets(s.CobaltC))

	s.must("assets.create", object{"id": lost}, nil)
	s.cycle()
	require.Empty(t, s.intents(), "a person said so")
}
