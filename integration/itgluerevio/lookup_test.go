package itgluerevio_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestLostCreateIsNotGivenUpByAListThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{profile: noReference, revio: reviotest.Switches{NoTotal: true, IgnoreFilters: true}})
	for i := range 3 {
		s.equipment(s.CobaltC, fmt.Sprint("OLD-", i), fmt.Sprint("OLD000", i))
	}
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "assets"})
	s.accepted(s.Cobalt)
	require.Len(t, s.intents(), 1)
	s.later(2 * quietWindow)
	s.Revio.SetSwitches(func(w *reviotest.Switches) { w.IgnorePages, w.ClampPerPage = true, 2 })
	s.fresh()
	err := s.call("sync.cycle", object{}, nil)
	require.Zero(t, s.writes(), "%v", err)
	require.Len(t, s.intents(), 1, "a list that does not show it does not say that it was not created: %v", err)
	s.Revio.SetSwitches(func(w *reviotest.Switches) { w.IgnorePages = false })
	r := s.cycle()
	require.Equal(t, []int{1, 0, 0}, []int{r.Adopted, r.Created, s.posts()})
	require.Len(t, s.Revio.Assets(s.CobaltC), 4)
}
