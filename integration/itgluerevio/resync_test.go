package itgluerevio_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAfterARestoredBackupNothingCountsAsEmptiedOrGone(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	other := s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.accepted(s.Cobalt)
	right := ""
	for _, a := range s.Revio.Assets(s.CobaltC) {
		if a.Fields["serialNumber"] == "CDC0001" {
			right = a.ID
		}
	}
	s.must("instance.resync", object{}, nil)
	s.ITGlue.SetTrait(left, "ip-address", nil)
	s.ITGlue.RemoveAsset(other)
	s.cycle()
	require.Equal(t, "10.0.0.1", s.right(right, "ipAddress"), "it is not emptied")
	require.Equal(t, "10.0.0.1", s.trait(left, "ip-address"), "what is empty is filled")
	require.Contains(t, s.why(other), "after a restored backup")
	s.ITGlue.SetTrait(left, "ip-address", nil)
	s.cycle()
	require.Empty(t, s.right(right, "ipAddress"), "from the next cycle on empty is a value again")
}

func TestValueThatGoesToAndFroIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	right := s.only(s.CobaltC).ID
	value := []string{"10.0.0.2", "10.0.0.1"}
	for i := range 7 { // another installation writes Rev.io back, again and again
		s.Revio.SetAsset(right, "ipAddress", value[i%2])
		s.later(30 * time.Minute)
		s.cycle()
	}
	require.Contains(t, s.why(left), "went to and fro")
	s.fresh()
	s.cycle()
	require.Zero(t, s.writes())
	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.77")
	s.Revio.SetAsset(right, "ipAddress", s.trait(left, "ip-address"))
	s.cycle()
	require.Equal(t, "10.0.0.77", s.right(right, "ipAddress"), "a new value is taken")
	s.settled()
}
