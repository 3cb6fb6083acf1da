package itgluerevio_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

var update = flag.Bool("update", false, "write the golden files anew")

// bad is one thing that is wrong, and what is asked for then.
type bad struct {
	name   string
	code   component.Code
	broken func(*stage)         // after the links are accepted and in step
	ask    func(*stage) error   // nil: a cycle
	cure   func(*stage)         // nil: nothing is to be cured
	change func(map[string]any) // of a document that is applied in place of ask
}

// badInput is everything that people and systems are known to get wrong.
func badInput() []bad {
	connection := func(name, setting string, value any) func(map[string]any) {
		return func(d map[string]any) { part(d, "connections", name)[setting] = value }
	}
	onList := func(f itgluetest.Fault) func(*stage) {
		return func(s *stage) { s.ITGlue.Fail(-1, itgluetest.On("GET", "/flexible_assets"), f) }
	}
	clear := func(s *stage) { s.ITGlue.ClearFaults(); s.Revio.ClearFaults() }
	return []bad{
		{name: "IT Glue key that is wrong", code: component.Forbidden, change: connection("itglue", "apiKey", "ITG.not-the-key")},
		{name: "IT Glue region that is wrong", code: component.Forbidden, change: connection("itglue", "region", "us")},
		{name: "IT Glue region that is none", code: component.InvalidInput, change: connection("itglue", "region", "mars")},
		{name: "IT Glue key revoked later", code: component.Forbidden, broken: func(s *stage) { s.ITGlue.RevokeKey(itgluetest.DefaultKey) },
			cure: func(s *stage) { s.ITGlue.SetKey(itgluetest.Key{Value: itgluetest.DefaultKey, PasswordAccess: true}) }},
		{name: "IT Glue blocks the address", code: component.Forbidden, cure: clear,
			broken: func(s *stage) {
				s.ITGlue.Fail(-1, itgluetest.On("", "/"), itgluetest.Answer(403, `{"message":"Forbidden"}`))
			}},
		{name: "IT Glue answers with a page of HTML", code: component.Unavailable, broken: onList(itgluetest.HTMLPage()), cure: clear},
		{name: "IT Glue answers with truncated JSON", code: component.Unavailable, broken: onList(itgluetest.Truncated()), cure: clear},
		{name: "IT Glue answers 200 with errors", code: component.InvalidInput, broken: onList(itgluetest.ErrorsDespiteSuccess(422)), cure: clear},
		{name: "IT Glue is down", code: component.Unavailable, broken: onList(itgluetest.ServerError()), cure: clear},
		{name: "IT Glue is busy", code: component.RateLimited, broken: onList(itgluetest.TooManyRequests("3600")), cure: clear},
		{name: "Rev.io client secret that is wrong", code: component.Unauthorized, change: connection("revio", "clientSecret", "not-the-secret")},
		{name: "Rev.io answers with a login page", code: component.Unavailable, cure: clear,
			broken: func(s *stage) {
				s.Revio.Fail(reviotest.Fault{Kind: reviotest.LoginPage, Method: "GET", Path: "assets", Times: -1})
			}},
		{name: "Rev.io answers with truncated JSON", code: component.Unavailable, cure: clear,
			broken: func(s *stage) {
				s.Revio.Fail(reviotest.Fault{Kind: reviotest.Truncated, Method: "GET", Path: "assets", Times: -1})
			}},
		{name: "Rev.io forbids the customers", code: component.Forbidden, cure: clear,
			broken: func(s *stage) {
				s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 403, Method: "GET", Path: "customers", Times: -1})
			}},
		{name: "Rev.io is busy", code: component.RateLimited, cure: clear,
			broken: func(s *stage) {
				s.Revio.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 429, RetryAfter: "3600", Method: "GET", Path: "assets", Times: -1})
			}},
		{name: "input with an unknown property", code: component.InvalidInput, ask: func(s *stage) error { return s.call("links.accept", object{"ids": []string{"1"}}, nil) }},
		{name: "input of the wrong type", code: component.InvalidInput, ask: func(s *stage) error { return s.call("links.reject", object{"id": "1"}, nil) }},
		{name: "input without what is needed", code: component.InvalidInput, ask: func(s *stage) error { return s.call("conflicts.resolve", object{"id": "1"}, nil) }},
		{name: "a link that is not there", code: component.NotFound, ask: func(s *stage) error { return s.call("links.accept", object{"id": []string{"7"}}, nil) }},
		{name: "a conflict that is not there", code: component.NotFound, ask: func(s *stage) error { return s.call("conflicts.resolve", object{"id": "7", "take": "revio"}, nil) }},
		{name: "a plan that is not there", code: component.NotFound, ask: func(s *stage) error { return s.call("plan.show", object{"id": "7"}, nil) }},
		{name: "a password that is not there", code: component.NotFound, ask: func(s *stage) error {
			return s.call("passwords.reveal", object{"id": "7", "reason": "for ticket 1"}, nil)
		}},
		{name: "an asset that is not there", code: component.NotFound, ask: func(s *stage) error { return s.call("assets.link", object{"id": "7", "revioId": "8"}, nil) }},
		{name: "file that is not YAML", code: component.InvalidInput, ask: func(s *stage) error { return s.call("instance.apply", object{"document": "name: [kestrel"}, nil) }},
		{name: "file that is empty", code: component.InvalidInput, ask: func(s *stage) error { return s.call("instance.apply", object{"document": ""}, nil) }},
		{name: "file with an unknown member", code: component.InvalidInput, change: func(d map[string]any) { d["assettypes"] = object{} }},
		{name: "file that maps a field that is gone", code: component.InvalidInput, change: func(d map[string]any) { mappedFields(d)["ipAddress"] = "4711" }},
		{name: "file that maps an unknown Rev.io field", code: component.InvalidInput, change: func(d map[string]any) { mappedFields(d)["ipaddress"] = mappedFields(d)["ipAddress"] }},
		{name: "file that maps a kind that does not suit", code: component.InvalidInput, change: func(d map[string]any) {
			mappedFields(d)["installDate"] = mappedFields(d)["serialNumber"]
			delete(mappedFields(d), "serialNumber")
		}},
		{name: "file that maps a type that is not selected", code: component.InvalidInput, change: func(d map[string]any) { part(d, "types")["t99"] = "1" }},
		{name: "file that selects a type that is gone", code: component.InvalidInput, change: func(d map[string]any) {
			part(d, "assetTypes")["typeIds"] = append(part(d, "assetTypes")["typeIds"].([]any), "99")
		}},
		{name: "file that names a Rev.io type that is gone", code: component.InvalidInput, change: func(d map[string]any) { part(d, "types")["t"+licensesOf(d)] = "99" }},
		{name: "secret of a variable that is not set", code: component.InvalidInput, change: connection("itglue", "apiKey", "${env:ITGLUE_REVIO_NOT_SET}")},
		{name: "secret of a file that is absent", code: component.InvalidInput, change: connection("revio", "clientSecret", "${file:/nonexistent/revio}")},
		{name: "sealed secret that was never stored", code: component.InvalidInput, change: func(d map[string]any) {
			d["name"] = "another"
			part(d, "connections", "itglue")["apiKey"] = "${sealed}"
		}},
		{name: "endpoint that is not allowed", code: component.InvalidInput, change: connection("itglue", "endpoint", "https://itglue.example.com")},
		{name: "another tenant", code: component.Forbidden, broken: func(s *stage) {
			s.must("instance.apply", object{"offline": true, "document": s.document(connection("revio", "tenant", "other.psarev.io"))}, nil)
		}, cure: func(s *stage) { s.must("instance.apply", object{"document": s.document(nil)}, nil) }},
		{name: "no flexible asset type selected", code: component.InvalidInput, ask: func(s *stage) error {
			return s.call("pages.fields", object{"answers": object{"assetTypes": object{"typeIds": []string{}}}}, nil)
		}},
		{name: "paused instance", code: component.NeedsReview, broken: func(s *stage) { s.must("instance.pause", object{}, nil) },
			cure: func(s *stage) { s.must("instance.resume", object{}, nil) }},
		{name: "unknown action", code: component.NotFound, ask: func(s *stage) error {
			_, err := s.Catalog.Find("sync.everything")
			return err
		}},
	}
}

// mappedFields gives the mapping of a document's first type.
func mappedFields(d map[string]any) map[string]any {
	return part(d, "fields", "t"+part(d, "assetTypes")["typeIds"].([]any)[0].(string))
}

// TestBadInputSaysWhatToDoAndWritesNothing runs all of it, and keeps what is
// said in testdata/messages.golden, for people to read.
func TestBadInputSaysWhatToDoAndWritesNothing(t *testing.T) {
	t.Parallel()
	all := badInput()
	said := make([]string, len(all))
	t.Run("all", func(t *testing.T) {
		for i, b := range all {
			t.Run(b.name, func(t *testing.T) {
				t.Parallel()
				said[i] = b.run(t)
			})
		}
	})
	path := filepath.Join("testdata", "messages.golden")
	got := strings.Join(said, "\n")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "if the new words are better, run this test with -update")
}

var loopback = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// run breaks a world that is in step, asks, and gives what was said.
func (b bad) run(t *testing.T) string {
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	s.ITGlue.SetTrait(id, "ip-address", "10.0.0.2") // something to write
	if b.broken != nil {
		b.broken(s)
	}
	s.fresh()
	var before struct{ Document string }
	s.must("instance.export", object{}, &before)
	ask := b.ask
	switch {
	case b.change != nil:
		document := s.document(b.change)
		ask = func(s *stage) error { return s.call("instance.apply", object{"document": document}, nil) }
	case ask == nil:
		ask = func(s *stage) error { return s.call("sync.cycle", object{}, nil) }
	}
	err := ask(s)
	requireCode(t, b.code, err)
	require.Zero(t, s.writes(), "nothing was written")
	var after struct{ Document string }
	s.must("instance.export", object{}, &after)
	require.Equal(t, before, after, "nothing was changed")
	text := err.Error()
	for _, secret := range []string{itgluetest.DefaultKey, "secret-of-the-client", "not-the-key", "not-the-secret", "<!doctype"} {
		require.NotContains(t, text, secret)
	}
	if b.cure != nil {
		b.cure(s)
	}
	s.cycle()
	require.Equal(t, "10.0.0.2", s.only(s.CobaltC).Fields["ipAddress"], "afterwards it goes on")
	s.settled()
	return fmt.Sprintf("## %s\nexit %d, HTTP %d, %s\n%s\n", b.name, b.code.ExitStatus(), b.code.HTTPStatus(), b.code, loopback.ReplaceAllString(text, "http://loopback"))
}

func TestDoctorNamesTheRightRegion(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	var r component.CheckReport
	s.must("doctor", object{}, &r)
	require.True(t, r.OK, "%+v", r.Checks)
	s.must("doctor", object{"answers": object{"connections": object{
		"revio":  object{"tenant": "acme.psarev.io", "clientId": "client", "clientSecret": "secret-of-the-client"},
		"itglue": object{"region": "au", "apiKey": itgluetest.DefaultKey}}}}, &r)
	require.False(t, r.OK)
	i := slices.IndexFunc(r.Checks, func(c component.Check) bool {
		return c.State == component.Failed && strings.HasPrefix(c.Name, "itglue.")
	})
	require.GreaterOrEqual(t, i, 0)
	require.Contains(t, r.Checks[i].Message+" "+r.Checks[i].Do, "Choose the region EU", "%+v", r.Checks[i])
}

func TestUnclearCreateIsNotLookedUpInAnotherTenant(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "assets"})
	s.accepted(s.Cobalt)
	s.later(quietWindow + time.Second)
	s.must("instance.apply", object{"offline": true, "document": s.document(func(d map[string]any) {
		part(d, "connections", "revio")["tenant"] = "other.psarev.io"
	})}, nil)
	s.fresh()
	for _, flow := range []string{"sync.cycle", "sync.match-organizations", "sync.discover-assets", "plan.create"} {
		requireCode(t, component.Forbidden, s.call(flow, object{}, nil), "bound to the Rev.io tenant acme.psarev.io")
	}
	requireCode(t, component.Forbidden, s.call("sync.customer", object{"customerId": s.CobaltC}, nil), "bound to")
	require.Empty(t, s.Revio.Requests(), "nothing is asked of the other tenant")
	require.Len(t, s.intents(), 1)
	s.must("instance.apply", object{"document": s.document(nil)}, nil)
	require.Equal(t, 1, s.cycle().Adopted)
	s.only(s.CobaltC)
}

func TestKeyOfAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	for name, populate := range map[string]func(*itgluetest.World){
		"with other organizations": func(w *itgluetest.World) {
			w.AddOrganization(itgluetest.Organization{ID: "77", Name: "Cobalt Dental Clinic"})
		},
		"without any": func(*itgluetest.World) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := itgluetest.New(itgluetest.Options{Region: "eu"})
			populate(other)
			var swap http.Handler
			s := newStage(t, setting{regions: func(s *stage, regions map[string]string) {
				own := s.ITGlue.Handler("eu")
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if swap != nil {
						swap.ServeHTTP(w, r)
						return
					}
					own.ServeHTTP(w, r)
				}))
				s.Cleanup(server.Close)
				regions["eu"] = server.URL
			}})
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.accepted(s.Cobalt)
			known := s.link(s.Cobalt)
			swap = other.Handler("eu")
			s.fresh()
			err := s.call("sync.cycle", object{}, nil)
			requireCode(t, component.Forbidden, err)
			require.Contains(t, err.Error(), map[string]string{"with other organizations": "another account", "without any": "not believed"}[name])
			require.Zero(t, s.writes()+len(other.Writes()))
			require.Equal(t, known, s.link(s.Cobalt))
			var links itgluerevio.LinkList
			s.must("links.list", object{}, &links)
			require.Len(t, links.Items, 4)
			swap = nil
			s.ITGlue.SetTrait(id, "ip-address", "10.0.0.2")
			s.cycle()
			require.Equal(t, "10.0.0.2", s.only(s.CobaltC).Fields["ipAddress"])
		})
	}
}
