package itgluerevio_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// elsewhere is the same two systems with another installation: its own database
// and its own runner.
func (s *stage) elsewhere() *stage {
	other := *s
	other.Path, other.Hook = filepath.Join(s.TempDir(), "data.db"), nil
	other.open()
	other.must("instance.apply", object{"document": s.document(nil)}, nil)
	return &other
}

func TestTwoInstancesOfOneAccountAreTold(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	require.NotContains(t, strings.Join(s.cycle().Notes, "\n"), "the same Rev.io tenant")
	s.must("instance.apply", object{"document": s.document(func(d map[string]any) { d["name"] = "kestrel-2" })}, nil)
	session, err := s.Runner.Session(t.Context(), "kestrel-2", s.actor)
	require.NoError(t, err)
	_, err = s.Catalog.Invoke(t.Context(), session, "sync.match-organizations", []byte(`{}`))
	require.NoError(t, err)
	const words = "kestrel-2 works on the same IT Glue account and the same Rev.io tenant acme.psarev.io"
	require.Contains(t, strings.Join(s.cycle().Notes, "\n"), words)
	var r component.CheckReport
	s.must("doctor", object{}, &r)
	require.False(t, r.OK)
	require.Contains(t, wrong(r), words)

	session, err = s.Runner.Session(t.Context(), "kestrel-2", s.actor)
	require.NoError(t, err)
	_, err = s.Catalog.Invoke(t.Context(), session, "instance.pause", []byte(`{}`))
	require.NoError(t, err)
	require.NotContains(t, strings.Join(s.cycle().Notes, "\n"), "the same Rev.io tenant")
}

func TestTwoInstallationsOfOneAccountDoubleNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	numbered := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	nameless := s.workstation(s.Cobalt, "CDC-2", "", "ip-address", "10.0.0.2")
	s.accepted(s.Cobalt)
	o := s.elsewhere()
	require.Equal(t, 1, o.accepted(s.Cobalt).Matched, "by its serial number")
	require.Len(t, s.Revio.Assets(s.CobaltC), 2)
	require.Contains(t, o.why(nameless), "another installation of this sync made it")
	o.must("assets.link", object{"id": nameless, "revioId": s.pairs(store.PairQuery{Left: []string{nameless}})[0].Right}, nil)
	right := s.pairs(store.PairQuery{Left: []string{numbered}})[0].Right
	for i, edit := range []func(string){
		func(v string) { s.ITGlue.SetTrait(numbered, "ip-address", v) },
		func(v string) { s.Revio.SetAsset(right, "ipAddress", v) },
		func(v string) { s.ITGlue.SetTrait(nameless, "ip-address", v) },
	} {
		s.fresh()
		edit([]string{"10.0.9.1", "10.0.9.2", "10.0.9.3"}[i])
		for _, runner := range []*stage{s, o, s, o} {
			var r cycle.Report
			runner.must("sync.cycle", object{}, &r)
		}
		require.Equal(t, 1, s.writes(), "one of the two writes it, the other sees that it is in step")
	}
	require.Empty(t, s.conflicts())
	require.Empty(t, o.conflicts())
	s.settled()
	o.settled()
}
