package itgluerevio_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// TestCredentialsThatAreReplacedDuringACycle replaces a key or a secret while a
// cycle runs, whose old one is refused from then on.
func TestCredentialsThatAreReplacedDuringACycle(t *testing.T) {
	t.Parallel()
	const newKey, newSecret = "ITG.the-next-key-of-the-account", "the-next-secret"
	for name, c := range map[string]struct {
		point  string
		rotate func(*stage)
		change func(map[string]any)
		code   component.Code // of the cycle that is cut short; "" when the new one is not needed before the next
	}{
		"IT Glue key, before a write": {"before-update", func(s *stage) {
			s.ITGlue.RevokeKey(itgluetest.DefaultKey)
			s.ITGlue.SetKey(itgluetest.Key{Value: newKey, PasswordAccess: true})
		}, func(d map[string]any) { part(d, "connections", "itglue")["apiKey"] = newKey }, component.Forbidden},
		"IT Glue key, after a write": {"after-update", func(s *stage) {
			s.ITGlue.RevokeKey(itgluetest.DefaultKey)
			s.ITGlue.SetKey(itgluetest.Key{Value: newKey, PasswordAccess: true})
		}, func(d map[string]any) { part(d, "connections", "itglue")["apiKey"] = newKey }, component.Forbidden},
		"IT Glue key, the old one works on": {"before-update", func(s *stage) {
			s.ITGlue.SetKey(itgluetest.Key{Value: newKey, PasswordAccess: true})
		}, func(d map[string]any) { part(d, "connections", "itglue")["apiKey"] = newKey }, ""},
		"Rev.io secret, before a create": {"after-intent", func(s *stage) {
			s.Revio.SetSecret(newSecret)
			s.Revio.RevokeTokens()
		}, func(d map[string]any) { part(d, "connections", "revio")["clientSecret"] = newSecret }, component.Unauthorized},
		"Rev.io secret, after a create": {"after-create", func(s *stage) {
			s.Revio.SetSecret(newSecret)
			s.Revio.RevokeTokens()
		}, func(d map[string]any) { part(d, "connections", "revio")["clientSecret"] = newSecret }, component.Unauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			var ids []string
			for i := range 4 {
				ids = append(ids, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC000", i), "ip-address", fmt.Sprint("10.0.0.", i)))
			}
			s.accepted(s.Cobalt)
			for i, a := range s.Revio.Assets(s.CobaltC) {
				s.Revio.SetAsset(a.ID, "ipAddress", fmt.Sprint("10.0.1.", i))
			}
			for i := range 3 {
				ids = append(ids, s.workstation(s.Cobalt, fmt.Sprint("CDC-NEW-", i), fmt.Sprint("CDC100", i)))
			}
			passed := 0
			s.Hook = func(point string) {
				if point != c.point {
					return
				}
				if passed++; passed == 2 {
					s.Hook = nil
					c.rotate(s)
					s.must("instance.apply", object{"document": s.document(c.change)}, nil)
				}
			}
			s.fresh()
			err := s.call("sync.cycle", object{}, nil)
			if c.code == "" {
				require.NoError(t, err, "the run ends with what it began with")
			} else {
				requireCode(t, c.code, err, "the settings were changed while this run was going on", "the next run works with the new ones")
				require.NotContains(t, err.Error(), newKey)
				require.NotContains(t, err.Error(), newSecret)
			}
			require.Empty(t, s.intents(), "nothing is half done")
			s.cycle()
			require.Equal(t, 7, s.accomplished(), "each write was carried out once")
			require.Len(t, s.Revio.Assets(s.CobaltC), 7)
			require.Empty(t, s.conflicts())
			for _, id := range ids {
				p := s.pairs(store.PairQuery{Left: []string{id}})
				require.Len(t, p, 1)
				require.Equal(t, s.right(p[0].Right, "ipAddress"), s.trait(id, "ip-address"))
			}
			s.settled()
		})
	}
}

// accomplished counts the writes that were carried out since fresh.
func (s *stage) accomplished() int {
	n := 0
	for _, w := range s.Revio.Writes() {
		if w.Status < 300 {
			n++
		}
	}
	for _, w := range s.ITGlue.Writes() {
		if w.Status < 300 {
			n++
		}
	}
	return n
}

// TestRefusalsAreToldApart keeps what a run and doctor say of credentials,
// permissions, regions and outages in testdata/refusals.golden, for people to
// read: no two of them say the same.
func TestRefusalsAreToldApart(t *testing.T) {
	t.Parallel()
	forbid := func(prefix string) func(*stage) {
		return func(s *stage) {
			s.ITGlue.Fail(-1, itgluetest.On("GET", prefix), itgluetest.Answer(403, `{"message":"Forbidden"}`))
		}
	}
	refuse := func(status int, path string) func(*stage) {
		return func(s *stage) {
			s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: status, Method: "GET", Path: path, Times: -1})
		}
	}
	cases := []struct {
		name   string
		code   component.Code // of the run
		broken func(*stage)
	}{
		{"IT Glue: the key is revoked, or the address not allowed", component.Forbidden, func(s *stage) { s.ITGlue.RevokeKey(itgluetest.DefaultKey) }},
		{"IT Glue: the region is another one", component.Forbidden, func(s *stage) {
			s.must("instance.apply", object{"offline": true, "document": s.document(func(d map[string]any) { part(d, "connections", "itglue")["region"] = "us" })}, nil)
		}},
		{"IT Glue: the permission for flexible assets is gone", component.Forbidden, forbid("/flexible_assets")},
		{"IT Glue: the permission for passwords is gone", component.Forbidden, forbid("/passwords")},
		{"IT Glue: outage", component.Unavailable, func(s *stage) { s.ITGlue.Fail(-1, itgluetest.On("", "/"), itgluetest.ServerError()) }},
		{"IT Glue: out of reach", component.Unavailable, func(s *stage) { s.ITGlue.Fail(-1, itgluetest.On("", "/"), itgluetest.Reset(false)) }},
		{"IT Glue: shows no organization", component.Forbidden, func(s *stage) {
			s.ITGlue.Fail(-1, itgluetest.On("GET", "/organizations"), itgluetest.Answer(200, `{"data":[],"meta":{"current-page":1,"next-page":null,"prev-page":null,"total-pages":0,"total-count":0},"links":{}}`))
		}},
		{"Rev.io: the secret is another one", component.Unauthorized, func(s *stage) { s.Revio.SetSecret("another"); s.Revio.RevokeTokens() }},
		{"Rev.io: the permission for assets is gone", component.Forbidden, refuse(403, "/assets")},
		{"Rev.io: outage", component.Unavailable, refuse(503, "/")},
	}
	said := make([]string, len(cases))
	t.Run("all", func(t *testing.T) {
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, setting{})
				id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
				s.accepted(s.Cobalt)
				s.cycle()
				known := s.pairs(store.PairQuery{})
				c.broken(s)
				s.fresh()
				err := s.call("sync.cycle", object{}, nil)
				requireCode(t, c.code, err)
				require.Zero(t, s.writes())
				require.Equal(t, known, s.pairs(store.PairQuery{}), "nothing is taken for gone")
				require.NotContains(t, s.why(id), "no longer")
				var r component.CheckReport
				s.must("doctor", object{}, &r)
				var cards struct{ Items []itgluerevio.Card }
				s.must("instance.list", object{}, &cards)
				var shown itgluerevio.Run
				s.must("runs.show", object{"id": cards.Items[0].LastRun.ID}, &shown)
				require.Equal(t, component.FaultOf(err), *shown.Fault)
				said[i] = fmt.Sprintf("## %s\nrun: %s: %s\ndoctor: %s\ncard: %s\n", c.name, c.code, unplaced(err.Error()), unplaced(wrong(r)), unplaced(cards.Items[0].Words))
			})
		}
	})
	if t.Failed() {
		return
	}
	words := map[string]bool{}
	for i, text := range said {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		for _, line := range []string{lines[1], lines[len(lines)-1]} {
			require.False(t, words[line], "%s is told apart: %s", cases[i].name, line)
			words[line] = true
		}
	}
	golden(t, "refusals.golden", strings.Join(said, "\n"))
}

// wrong gives the lines of doctor that are not as they should be.
func wrong(r component.CheckReport) string {
	var lines []string
	for _, c := range r.Checks {
		if c.State == component.Failed || c.State == component.Missing && !strings.HasPrefix(c.Name, "serial.") {
			lines = append(lines, strings.TrimSpace(c.Title+": "+c.Message+" "+c.Do))
		}
	}
	if len(lines) == 0 {
		return "nothing is wrong"
	}
	return strings.Join(lines, "\n  ")
}

func unplaced(text string) string { return loopback.ReplaceAllString(text, "http://loopback") }

// golden compares a text with a file of testdata, which -update writes anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "if the new words are better, run this test with -update")
}
