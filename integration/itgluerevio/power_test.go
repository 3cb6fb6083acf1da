package itgluerevio_test

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// commits gives where each commit in a write-ahead log of SQLite ends. A frame is
// a header of 24 bytes and a page; a commit's last one says how large the
// database is then.
func commits(t testing.TB, wal []byte) (ends []int) {
	t.Helper()
	require.Greater(t, len(wal), 32, "the log was not emptied")
	page := int(binary.BigEndian.Uint32(wal[8:]))
	for at := 32; at+24+page <= len(wal) && string(wal[at+8:at+16]) == string(wal[16:24]); at += 24 + page {
		if binary.BigEndian.Uint32(wal[at+4:]) > 0 {
			ends = append(ends, at+24+page)
		}
	}
	return ends
}

// restarted gives the stage with the database as it lay on the disk, of whose log
// the last commits were never written, and half of the next one was.
func (s *stage) restarted(lost int) *stage {
	s.Helper()
	db, err := os.ReadFile(s.Path)
	require.NoError(s, err)
	wal, err := os.ReadFile(s.Path + "-wal")
	require.NoError(s, err)
	ends := commits(s.T, wal)
	require.Greater(s, len(ends), lost)
	end := ends[len(ends)-1-lost]
	wal = append(wal[:end:end], wal[end-2000:end]...) // torn
	other := *s
	other.Path, other.Hook = filepath.Join(s.TempDir(), "data.db"), nil
	require.NoError(s, os.WriteFile(other.Path, db, 0o600))
	require.NoError(s, os.WriteFile(other.Path+"-wal", wal, 0o600))
	kek, err := os.ReadFile(filepath.Join(filepath.Dir(s.Path), "kek"))
	require.NoError(s, err)
	require.NoError(s, os.WriteFile(filepath.Join(filepath.Dir(other.Path), "kek"), kek, 0o600))
	other.open()
	return &other
}

// TestPowerThatFailsDoublesNothing ends the process between a create and its
// settling, and loses commits: none that were synced, which is what SQLite
// promises with synchronous=FULL; and, of a disk that lies about it, more and
// more of them.
func TestPowerThatFailsDoublesNothing(t *testing.T) {
	t.Parallel()
	for tenant, profile := range map[string]func(*revio.Profile){"with references": nil, "without references": noReference} {
		for lost := range 7 { // the eighth takes the start of the run back
			t.Run(fmt.Sprintf("%d commits lost, %s", lost, tenant), func(t *testing.T) {
				t.Parallel()
				s := newStage(t, setting{profile: profile})
				ids := []string{s.workstation(s.Cobalt, "CDC-1", "CDC0001"), s.workstation(s.Cobalt, "CDC-2", ""), s.workstation(s.Cobalt, "CDC-3", "CDC0003")}
				s.flow("match-organizations")
				s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
				s.killed("sync.discover-assets", object{}, "after-create", 1)
				require.Len(t, s.Revio.Assets(s.CobaltC), 2)
				s = s.restarted(lost)
				s.requireWhole()
				if lost == 0 {
					require.Len(t, s.intents(), 1, "it was on the disk before the request left")
				}
				s.cycle()
				s.later(quietWindow + time.Second)
				s.cycle()
				s.cycle()
				require.Len(t, s.Revio.Assets(s.CobaltC), 3, "each is there once")
				require.Empty(t, s.intents())
				for _, id := range ids {
					if len(s.pairs(store.PairQuery{Left: []string{id}})) == 0 {
						require.NotZero(t, lost, "nothing that was synced is lost")
						require.Contains(t, s.why(id), "same name and type", "a person is asked")
					}
				}
				s.settled()
				s.requireWhole()
			})
		}
	}
}

// TestIntentIsStoredBeforeItsRequestLeaves looks at the disk while each create
// arrives.
func TestIntentIsStoredBeforeItsRequestLeaves(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	var seen []string
	look := func() {
		on := s.restarted(0)
		for _, i := range on.intents() {
			seen = append(seen, string(i.Op.Side)+" "+string(i.Op.Kind))
		}
	}
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: http.MethodPost, Path: "/assets", Meanwhile: look})
	s.accepted(s.Cobalt)
	require.Equal(t, []string{string(reconcile.Right) + " asset"}, seen)
	s.later(quietWindow + time.Second)
	s.cycle()

	seen = nil
	customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
	s.equipment(customer, "ZKS-1", "ZKS0001")
	s.ITGlue.Fail(2, func(r *http.Request) bool { return r.Method == http.MethodPost }, itgluetest.Meanwhile(func(*itgluetest.World) { look() }))
	s.must("sync.customer", object{"customerId": customer}, nil)
	require.Equal(t, []string{string(reconcile.Left) + " organization", string(reconcile.Left) + " asset"}, seen)
}
