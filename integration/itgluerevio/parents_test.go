package itgluerevio_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

func TestParentsComeFirstWhateverTheirNames(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	for child, parent := range map[string]string{s.Bright: s.Dunmore, s.Cobalt: s.East} {
		s.ITGlue.SetOrganization(child, func(o *itgluetest.Organization) { o.ParentID = parent })
	}
	for o, n := range map[string]string{s.Bright: "B", s.Cobalt: "C", s.Dunmore: "D", s.East: "E"} {
		s.workstation(o, n+"-1", "SER000"+n)
	}
	s.accepted()
	var customers []string
	for _, w := range s.Revio.Writes() {
		customers = append(customers, w.CustomerID)
	}
	require.Equal(t, []string{s.Dunmor2, s.BrightC, s.EastC, s.CobaltC}, customers)
}
