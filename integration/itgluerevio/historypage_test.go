package itgluerevio_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

func TestWhoSawWhichPasswordAndWhatToChangeWhenTheyLeave(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	bios := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "BIOS", Username: "admin", Value: "canary"})
	router := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "Router", Value: "canary"})
	s.accepted(s.Cobalt)
	s.later(time.Minute)
	reveal := func(id string) error {
		return s.call("passwords.reveal", object{"id": id, "reason": "for ticket 4711"}, nil)
	}
	s.actor = "user:ana"
	require.NoError(t, reveal(bios))
	require.NoError(t, reveal(bios))
	require.NoError(t, reveal(router))
	s.actor = "user:ben"
	s.ITGlue.Fail(1, itgluetest.On("GET", "/passwords/"+bios), itgluetest.Answer(404, "{}"))
	require.Error(t, reveal(bios))
	list := func(action string, in object) (all []string) {
		var out itgluerevio.AccessList
		s.must(action, in, &out)
		for _, a := range out.Items {
			all = append(all, a.Actor+" "+a.Name+" "+a.Outcome)
			require.Equal(t, "for ticket 4711", a.Reason)
		}
		return all
	}
	require.Equal(t, []string{"user:ben BIOS refused", "user:ana Router shown", "user:ana BIOS shown", "user:ana BIOS shown"}, list("passwords.accesses", object{}))
	require.Equal(t, []string{"user:ana Router shown", "user:ana BIOS shown"}, list("passwords.accesses", object{"actor": "user:ana", "atRisk": true}))
	require.Equal(t, []string{"user:ben BIOS refused"}, list("passwords.my-reveals", object{}))
	require.Len(t, list("passwords.accesses", object{"password": bios}), 3)
	var page itgluerevio.AccessList
	s.must("passwords.accesses", object{"limit": 1}, &page)
	require.NotEmpty(t, page.Next)
	require.Equal(t, []string{"user:ana Router shown", "user:ana BIOS shown", "user:ana BIOS shown"}, list("passwords.accesses", object{"cursor": page.Next}))
	s.later(time.Hour)
	s.ITGlue.SetPassword(bios, func(p *itgluetest.Password) { p.Value = "another" })
	s.cycle()
	require.Equal(t, []string{"user:ana Router shown"}, list("passwords.accesses", object{"actor": "user:ana", "atRisk": true}), "what was changed since is no risk")
	require.NotContains(t, s.stored(), "canary")
}

func TestAuditLogIsSearchedAndExported(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.flow("match-organizations")
	s.actor = "=user:ana"
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	s.actor = "user:ben"
	s.must("links.reject", object{"id": []string{s.Dunmore}}, nil)
	list := func(in object) (all []string) {
		in["newest"] = true
		var out struct{ Items []itgluerevio.AuditEntry }
		s.must("audit.list", in, &out)
		for _, e := range out.Items {
			all = append(all, e.Action)
		}
		return all
	}
	require.Equal(t, []string{"links.reject", "links.accept"}, list(object{"action": "links."}))
	require.Equal(t, []string{"links.reject"}, list(object{"actor": "user:ben"}))
	require.Equal(t, []string{"links.accept"}, list(object{"search": "COBALT"}))
	require.Empty(t, list(object{"search": "%"}), "it is no pattern")
	require.Empty(t, list(object{"until": "2020-01-01T00:00:00Z"}))
	require.Len(t, list(object{"limit": 1}), 1)
	requireCode(t, component.InvalidInput, s.call("audit.list", object{"actor": "user:ben"}, nil), "newest first only")

	var out itgluerevio.AuditExport
	s.must("audit.export", object{"format": "jsonl"}, &out)
	require.True(t, out.Whole)
	lines := strings.Split(strings.TrimSpace(out.Content), "\n")
	require.Len(t, lines, out.Entries)
	var last struct{ Hash, Prev string }
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
	require.Equal(t, out.Head, last.Hash)
	require.NotEmpty(t, last.Prev)
	s.must("audit.export", object{"format": "csv", "action": "links."}, &out)
	require.False(t, out.Whole)
	rows, err := csv.NewReader(strings.NewReader(out.Content)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, "'=user:ana", rows[1][2], "no spreadsheet takes it for a formula")
}

func TestRunsAreListedComparedAndNotStoppedTwice(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.cycle()
	s.cycle()
	var out struct {
		Items []itgluerevio.RunRow
		Next  string
	}
	s.must("runs.list", object{"flow": []string{"sync.cycle"}, "limit": 1}, &out)
	require.Len(t, out.Items, 1)
	second := out.Items[0]
	require.Equal(t, "Sync cycle succeeded", second.Words)
	require.Equal(t, &itgluerevio.RunResult{Same: 1}, second.Result)
	s.must("runs.list", object{"flow": []string{"sync.cycle"}, "limit": 1, "cursor": out.Next}, &out)
	first := out.Items[0]
	require.Equal(t, 1, first.Result.Created)
	require.Contains(t, first.Words, "1 created")
	var both itgluerevio.ComparedRuns
	s.must("runs.compare", object{"a": first.ID, "b": second.ID}, &both)
	require.Contains(t, both.Counts, itgluerevio.ComparedCount{Name: "created", A: 1, Change: -1})
	requireCode(t, component.Conflict, s.call("runs.stop", object{"id": first.ID}, nil), "ended already")
	requireCode(t, component.NotFound, s.call("runs.compare", object{"a": first.ID, "b": "none"}, nil))
	var shown itgluerevio.Run
	s.must("runs.show", object{"id": first.ID}, &shown)
	require.NotEmpty(t, shown.Output)
}
