package itgluerevio_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestFieldThatIsRefusedThreeTimesIsParkedAndBlocksNoOther(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1", "install-date", "2026-01-01")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: http.StatusUnprocessableEntity, Method: http.MethodPatch, Times: -1,
		Match: func(r reviotest.Request) bool { return strings.Contains(r.Body, "999.1.1.1") }})
	s.ITGlue.SetTrait(left, "ip-address", "999.1.1.1")
	s.ITGlue.SetTrait(left, "install-date", "2026-02-02")
	s.cycle()
	require.Equal(t, "2026-02-02", s.right(right, "installDate"), "the other field goes on")
	require.Contains(t, s.why(left), "Rev.io did not take it")
	s.cycle()
	s.cycle()
	s.cycle()
	require.Contains(t, s.why(left), "was refused 3 times")
	s.fresh()
	s.cycle()
	require.Zero(t, s.writes(), "it is not offered again")

	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.9")
	s.cycle()
	require.Equal(t, "10.0.0.9", s.right(right, "ipAddress"), "a change takes it up again")
	s.settled()
}

func TestAssetThatBelongsToAnotherCustomerNowIsPausedAndNotCreatedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.accepted(s.Cobalt)
	var right string
	for _, a := range s.Revio.Assets(s.CobaltC) {
		if a.Fields["serialNumber"] == "CDC0001" {
			right = a.ID
		}
	}
	elsewhere := s.Revio.AddCustomer("Unlinked Customer")
	s.Revio.SetAsset(right, "customerId", elsewhere)
	for range 3 {
		s.cycle()
	}
	require.Len(t, s.Revio.Assets(s.CobaltC), 1)
	require.Contains(t, s.why(left), "another customer's in Rev.io now")
}
