package itgluerevio_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// stopped is a way for an asset not to be synced, and its code: of the check
// that it stops at, or of a field.
type stopped struct {
	name string
	code string
	set  setting
	make func(s *stage) (id string) // "right:ID" for a Rev.io asset
}

// partner gives the Rev.io asset that an IT Glue asset is linked with.
func (s *stage) partner(left string) string {
	s.Helper()
	p := s.pairs(store.PairQuery{Left: []string{left}})
	require.Len(s, p, 1)
	return p[0].Right
}

// pc is an asset that is in step, beside another one.
func pc(s *stage) string {
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.accepted(s.Cobalt)
	return id
}

// then is pc, with what happens to it next, and so many cycles.
func then(cycles int, f func(s *stage, id string)) func(*stage) string {
	return func(s *stage) string {
		id := pc(s)
		f(s, id)
		for range cycles {
			_ = s.call("sync.cycle", object{}, nil)
			s.later(time.Hour)
		}
		return id
	}
}

func stops() []stopped {
	refuse := func(method, path string) reviotest.Fault {
		return reviotest.Fault{Kind: reviotest.Refuse, Status: http.StatusUnprocessableEntity, Method: method, Path: path, Times: -1}
	}
	held := func(f func(s *stage) string) func(*stage) string {
		return func(s *stage) string {
			id := f(s)
			s.accepted(s.Cobalt, s.East)
			return id
		}
	}
	return []stopped{
		{name: "nothing stops it", make: pc},
		{name: "the instance is paused", code: "instance", make: then(0, func(s *stage, _ string) { s.must("instance.pause", object{}, nil) })},
		{name: "no cycle has seen it", code: "seen", make: func(s *stage) string { return s.workstation(s.Cobalt, "CDC-1", "CDC0001") }},
		{name: "its link is rejected", code: "link", make: then(0, func(s *stage, _ string) { s.must("links.reject", object{"id": []string{s.Cobalt}}, nil) })},
		{name: "its customer is closed", code: "attention", make: then(1, func(s *stage, _ string) { s.Revio.SetCustomer(s.CobaltC, "status", "Closed") })},
		{name: "two Rev.io assets have its serial number", code: "ambiguous", make: held(func(s *stage) string {
			s.equipment(s.CobaltC, "One", "CDC0001")
			s.equipment(s.CobaltC, "Two", "CDC0001")
			return s.workstation(s.Cobalt, "CDC-1", "CDC0001")
		})},
		{name: "two IT Glue assets have its serial number", code: "ambiguous", make: held(func(s *stage) string {
			s.workstation(s.Cobalt, "CDC-2", "CDC0001")
			return s.workstation(s.Cobalt, "CDC-1", "CDC0001")
		})},
		{name: "its serial number is another customer's", code: "elsewhere", make: held(func(s *stage) string {
			s.equipment(s.EastC, "Lost", "CDC0001")
			return s.workstation(s.Cobalt, "CDC-1", "CDC0001")
		})},
		{name: "no serial number, and one of the same name", code: "same-name", make: held(func(s *stage) string {
			s.equipment(s.CobaltC, "CDC-1", "")
			return s.workstation(s.Cobalt, "CDC-1", "")
		})},
		{name: "no Rev.io type is mapped", code: "no-type", make: func(s *stage) string {
			s.accepted(s.Cobalt)
			s.must("instance.apply", object{"document": s.document(func(d map[string]any) { delete(part(d, "types"), "t"+s.Workstations) })}, nil)
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.cycle()
			return id
		}},
		{name: "archived before it was linked", code: "archived", make: held(func(s *stage) string {
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.ITGlue.ArchiveAsset(id, true)
			return id
		})},
		{name: "archived", code: "archived", make: then(1, func(s *stage, id string) { s.ITGlue.ArchiveAsset(id, true) })},
		{name: "a person said to ignore it", code: "ignored", make: then(1, func(s *stage, id string) { s.must("assets.ignore", object{"id": id}, nil) })},
		{name: "a list that is not complete", code: "incomplete", make: func(s *stage) string {
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.ITGlue.Fail(-1, itgluetest.On(http.MethodGet, "/flexible_assets"), itgluetest.Replaced(`"total-count":1`, `"total-count":2`))
			s.accepted(s.Cobalt)
			return id
		}},
		{name: "not listed once", code: "absent", make: then(1, func(s *stage, id string) { s.Revio.RemoveAsset(s.partner(id)) })},
		{name: "gone in Rev.io", code: "gone", make: then(3, func(s *stage, id string) { s.Revio.RemoveAsset(s.partner(id)) })},
		{name: "gone in IT Glue", code: "gone", make: then(3, func(s *stage, id string) { s.ITGlue.RemoveAsset(id) })},
		{name: "another customer's now", code: "gone", make: then(3, func(s *stage, id string) {
			s.Revio.SetAsset(s.partner(id), "customerId", s.Revio.AddCustomer("Another One"))
		})},
		{name: "another organization's now", code: "moved", make: func(s *stage) string {
			id := pc(s)
			s.accepted(s.Cobalt, s.East)
			s.ITGlue.MoveAsset(id, s.East)
			s.cycle()
			return id
		}},
		{name: "its create got lost", code: "undecided", make: func(s *stage) string {
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "assets"})
			s.accepted(s.Cobalt)
			return id
		}},
		{name: "two that its lost create may have made", code: "undecided", set: setting{profile: noReference}, make: func(s *stage) string {
			id := s.workstation(s.Cobalt, "CDC-1", "")
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "assets"})
			s.accepted(s.Cobalt)
			s.equipment(s.CobaltC, "CDC-1", "")
			s.later(quietWindow + time.Second)
			s.cycle()
			return id
		}},
		{name: "its create was refused", code: "refused", make: held(func(s *stage) string {
			s.Revio.Fail(refuse("POST", "assets"))
			return s.workstation(s.Cobalt, "CDC-1", "CDC0001")
		})},
		{name: "its create was refused three times", code: "parked", make: func(s *stage) string {
			s.Revio.Fail(refuse("POST", "assets"))
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.accepted(s.Cobalt)
			s.hours(4)
			return id
		}},
		{name: "the mass-change guard", code: "guard", make: func(s *stage) string {
			var ids []string
			for i := range 6 {
				ids = append(ids, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC000", i), "ip-address", fmt.Sprint("10.0.0.", i)))
			}
			s.accepted(s.Cobalt)
			for _, id := range ids {
				s.ITGlue.SetTrait(id, "ip-address", nil)
			}
			require.Error(s, s.call("sync.cycle", object{}, nil))
			return ids[0]
		}},
		{name: "the first run waits", code: "guard", set: setting{document: func(d map[string]any) { part(d, "rules")["firstRun"] = "review" }}, make: func(s *stage) string {
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.flow("match-organizations")
			s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
			require.Error(s, s.call("sync.discover-assets", object{}, nil))
			return id
		}},
		{name: "only in Rev.io", code: "only-in-revio", make: func(s *stage) string {
			id := s.equipment(s.CobaltC, "Spare", "SPARE1")
			s.accepted(s.Cobalt)
			return "right:" + id
		}},
		{name: "both sides changed", code: "ipAddress", make: then(1, func(s *stage, id string) {
			s.ITGlue.SetTrait(id, "ip-address", "10.0.0.2")
			s.Revio.SetAsset(s.partner(id), "ipAddress", "10.0.0.3")
		})},
		{name: "changed where it goes one way", code: "name", make: then(1, func(s *stage, id string) { s.Revio.SetAsset(s.partner(id), "name", "Reception") })},
		{name: "no option of a Select", code: "operatingSystem", make: then(1, func(s *stage, id string) { s.Revio.SetAsset(s.partner(id), "operatingSystem", "BeOS") })},
		{name: "a record that holds a file", code: "ipAddress", make: then(1, func(s *stage, id string) {
			s.ITGlue.SetTrait(id, "photo", itgluetest.File{Name: "front.jpg"})
			s.Revio.SetAsset(s.partner(id), "ipAddress", "10.0.0.3")
		})},
		{name: "a placeholder for a serial number", code: "serialNumber", make: then(1, func(s *stage, id string) { s.Revio.SetAsset(s.partner(id), "serialNumber", "To be filled by O.E.M.") })},
		{name: "another one's serial number", code: "serialNumber", make: then(1, func(s *stage, id string) { s.ITGlue.SetTrait(id, "serial-number", "CDC0002") })},
		{name: "a field that was deleted", code: "ipAddress", make: then(1, func(s *stage, _ string) { s.ITGlue.DeleteField(s.ITGlue.FieldID(s.Workstations, "ip-address")) })},
		{name: "a field that Rev.io does not show", code: "ipAddress", make: then(1, func(s *stage, _ string) {
			s.Revio.SetSwitches(func(w *reviotest.Switches) { w.Hide = []string{"ipAddress"} })
		})},
		{name: "a value that is refused", code: "ipAddress", make: then(1, func(s *stage, id string) {
			s.Revio.Fail(refuse("PATCH", "assets"))
			s.ITGlue.SetTrait(id, "ip-address", "999.1.1.1")
		})},
		{name: "a value that was refused three times", code: "ipAddress", make: then(4, func(s *stage, id string) {
			s.Revio.Fail(refuse("PATCH", "assets"))
			s.ITGlue.SetTrait(id, "ip-address", "999.1.1.1")
		})},
		{name: "a value that cannot be read", code: "installDate", make: then(1, func(s *stage, id string) { s.Revio.SetAsset(s.partner(id), "installDate", "some day") })},
	}
}

var clockTime = regexp.MustCompile(`\d\d:\d\d:\d\d UTC`)

// TestExplainNamesTheFirstCheckThatStopsAnAsset keeps the words of each stop in
// testdata/explain.golden, for people to read.
func TestExplainNamesTheFirstCheckThatStopsAnAsset(t *testing.T) {
	t.Parallel()
	all := stops()
	said := make([]string, len(all))
	t.Run("all", func(t *testing.T) {
		for i, c := range all {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, c.set)
				id, in := c.make(s), object{}
				if in["id"] = id; strings.HasPrefix(id, "right:") {
					in = object{"id": id[6:], "side": "right"}
				}
				var out itgluerevio.Explained
				s.must("assets.explain", in, &out)
				text := fmt.Sprintf("## %s\n%s\n", c.name, out.Verdict)
				var failed []string
				for _, l := range out.Checks {
					if l.State != component.Works {
						failed = append(failed, l.Name)
						text += fmt.Sprintf("  no: %s: %s\n", l.Title, strings.TrimSpace(l.Message+" "+l.Do))
					} else {
						require.Empty(t, failed, "it stops at the first check that fails")
						text += fmt.Sprintf("  yes: %s\n", l.Title)
					}
				}
				if c.code == "" {
					require.Empty(t, failed, text)
				} else {
					require.Contains(t, failed, c.code, text)
				}
				said[i] = clockTime.ReplaceAllString(text, "00:00:00 UTC")
			})
		}
	})
	if !t.Failed() {
		golden(t, "explain.golden", strings.Join(said, "\n"))
	}
}

// TestEveryReasonIsExplained demands a stop for each reason there is.
func TestEveryReasonIsExplained(t *testing.T) {
	t.Parallel()
	for _, r := range []reconcile.Reason{reconcile.Ambiguous, reconcile.Elsewhere, reconcile.SameName, reconcile.OnlyRight, reconcile.Archived, reconcile.Incomplete,
		reconcile.Gone, reconcile.Absent, reconcile.Ignored, reconcile.NoType, reconcile.Moved, reconcile.Undecided, reconcile.Refused, reconcile.Parked} {
		found := false
		for _, c := range stops() {
			found = found || c.code == string(r)
		}
		require.True(t, found, "%s stops a record, and no test shows its words", r)
	}
}
