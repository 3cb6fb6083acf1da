package itgluerevio_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/alert"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

// hook is a webhook that keeps the messages it was sent.
type hook struct {
	mu       sync.Mutex
	messages []alert.Message
	status   int
	url      string
}

// listen makes a webhook that the stage's host allows.
func (s *stage) listen() *hook {
	h := &hook{status: http.StatusOK}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var m alert.Message
		_ = json.Unmarshal(body, &m)
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.status == http.StatusOK {
			h.messages = append(h.messages, m)
		}
		w.WriteHeader(h.status)
	}))
	s.Cleanup(server.Close)
	h.url = server.URL + "/hook"
	s.Host.AllowedEndpoints = append(s.Host.AllowedEndpoints, server.URL)
	return h
}

// told gives what was told since the last time, as events with kinds.
func (h *hook) told() (all []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.messages {
		for _, i := range m.Items {
			all = append(all, string(i.Event)+" "+i.Kind)
		}
	}
	h.messages = nil
	return all
}

// watch lets the definition look after the instance, as a serve does.
func (s *stage) watch() {
	s.Helper()
	session, err := s.Runner.Session(s.Context(), instanceName, "service:watch")
	require.NoError(s, err)
	require.NoError(s, itgluerevio.Define(s.Store).Watch(s.Context(), session))
}

func TestPeopleAreToldOfEachKindOfTroubleAndThatItIsOver(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		breaks, heals func(*stage)
	}{
		"failed": {
			func(s *stage) {
				s.ITGlue.Fail(1000, itgluetest.On("GET", "/organizations"), itgluetest.Answer(http.StatusInternalServerError, "{}"))
				require.Error(s, s.call("sync.cycle", object{}, nil))
			},
			func(s *stage) { s.ITGlue.ClearFaults(); s.cycle() },
		},
		"credentials": {
			func(s *stage) {
				s.ITGlue.Fail(1000, itgluetest.On("GET", "/organizations"), itgluetest.Answer(http.StatusForbidden, "{}"))
				require.Error(s, s.call("sync.cycle", object{}, nil))
			},
			func(s *stage) { s.ITGlue.ClearFaults(); s.cycle() },
		},
		"mapping": {
			func(s *stage) {
				s.ITGlue.DeleteField(s.ITGlue.FieldID(s.Workstations, "ip-address"))
				s.cycle()
			},
			func(s *stage) {
				s.must("instance.save", object{"answers": object{"fields": s.answers()["fields"]}}, nil)
				s.must("instance.finish", object{}, nil)
				s.cycle()
			},
		},
		"overdue": {
			func(s *stage) { s.later(4 * time.Hour) },
			func(s *stage) { s.cycle() },
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			h := s.listen()
			s.accepted(s.Cobalt)
			s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			s.cycle()
			s.must("alerts.set", object{"alerts": object{"webhook": object{"url": h.url, "secret": "shared-secret-of-the-hook"}}}, nil)
			s.watch()
			require.Empty(t, h.told())
			c.breaks(s)
			s.watch()
			require.Equal(t, []string{"trouble " + kind}, h.told())
			s.watch()
			require.Empty(t, h.told())
			var cards struct{ Items []itgluerevio.Card }
			s.must("instance.list", object{}, &cards)
			require.Contains(t, []string{"attention", "bad"}, cards.Items[0].Health)
			c.heals(s)
			s.later(alert.Quiet)
			s.watch()
			require.Equal(t, []string{"recovery " + kind}, h.told())
			var out struct{ Items []itgluerevio.Alert }
			s.must("alerts.list", object{}, &out)
			require.Equal(t, kind, out.Items[0].Kind)
			require.NotNil(t, out.Items[0].Ended)
			require.NotContains(t, s.stored(), "shared-secret-of-the-hook")
		})
	}
}

func TestPeopleAreToldWhatTheGuardStopped(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	h := s.listen()
	var ids []string
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		ids = append(ids, s.workstation(s.Cobalt, "CDC-"+n, "CDC000"+n))
	}
	s.accepted(s.Cobalt)
	s.cycle()
	s.must("alerts.set", object{"alerts": object{"webhook": object{"url": h.url}, "kinds": []string{"guard"}}}, nil)
	for _, id := range ids {
		s.ITGlue.SetTrait(id, "serial-number", "")
	}
	requireCode(t, component.NeedsReview, s.call("sync.cycle", object{}, nil))
	s.watch()
	require.Equal(t, []string{"trouble guard"}, h.told())
}

func TestSettingsOfAlertsAreTestedBeforeTheyAreStored(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	h := s.listen()
	requireCode(t, component.InvalidInput, s.call("alerts.test", object{}, nil), "nobody is named")
	s.must("alerts.test", object{"alerts": object{"webhook": object{"url": h.url}}}, nil)
	require.Equal(t, []string{"test test"}, h.told())
	h.status = http.StatusGone
	requireCode(t, component.Unavailable, s.call("alerts.test", object{"alerts": object{"webhook": object{"url": h.url}}}, nil), "answered 410")
	var shown itgluerevio.ShownAlerts
	s.must("alerts.show", object{}, &shown)
	require.Nil(t, shown.Alerts.Webhook)
	require.Len(t, shown.Kinds, 5)
	s.must("alerts.set", object{"alerts": object{"webhook": object{"url": h.url, "secret": "shared-secret-of-the-hook"}}}, &shown)
	require.Equal(t, "${sealed}", shown.Alerts.Webhook.Secret)
	requireCode(t, component.Conflict, s.call("alerts.set", object{"alerts": object{}, "version": shown.Version - 1}, nil))
	requireCode(t, component.InvalidInput, s.call("alerts.set", object{"alerts": object{"kinds": []string{"weather"}}}, nil))
	var exported struct{ Document string }
	s.must("instance.export", object{}, &exported)
	require.Contains(t, exported.Document, "${sealed}")
	require.NotContains(t, exported.Document, "shared-secret-of-the-hook")
	s.must("instance.apply", object{"document": exported.Document}, nil)
	h.status = http.StatusOK
	s.must("alerts.test", object{}, nil)
	require.Len(t, h.told(), 1)
}

func TestOfAnInstanceThatAPersonPausedNothingIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	h := s.listen()
	s.must("alerts.set", object{"alerts": object{"webhook": object{"url": h.url}}}, nil)
	s.must("instance.pause", object{}, nil)
	s.later(100 * time.Hour)
	s.watch()
	require.Empty(t, h.told())
}

func TestOverviewShowsWhatWaitsForAPerson(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	tile := func(o itgluerevio.Overview, name string) itgluerevio.Tile {
		for _, one := range o.Tiles {
			if one.Name == name {
				return one
			}
		}
		return itgluerevio.Tile{}
	}
	var o itgluerevio.Overview
	s.must("instance.overview", object{}, &o)
	require.Equal(t, "unknown", tile(o, "last-run").State)
	s.flow("match-organizations")
	s.must("instance.overview", object{}, &o)
	require.Equal(t, itgluerevio.Tile{Name: "links", Title: "Links pending", State: "attention", Words: "4 links wait for you; no data of them flows.", Count: 4}, tile(o, "links"))
	require.Equal(t, "good", tile(o, "connections").State)
	require.Equal(t, "attention", o.Health)
	s.must("links.accept", object{"minScore": 0.5}, nil)
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.cycle()
	s.ITGlue.RenameField(s.ITGlue.FieldID(s.Workstations, "serial-number"), "serial number")
	s.cycle()
	o = itgluerevio.Overview{}
	s.must("instance.overview", object{}, &o)
	require.Equal(t, "good", o.Health, o.Words)
	require.Equal(t, "attention", tile(o, "mapping").State, "it was only renamed, and goes on")
	require.Equal(t, "run", o.Timeline[0].Kind)
	var titles []string
	for _, e := range o.Timeline {
		titles = append(titles, e.Title)
	}
	require.Contains(t, titles, "Accepted the link of Cobalt Dental Clinic", "names, no ids")
	require.Equal(t, 4, o.Links.Accepted)
	s.ITGlue.DeleteField(s.ITGlue.FieldID(s.Workstations, "serial-number"))
	s.cycle()
	s.must("instance.overview", object{}, &o)
	require.Equal(t, "bad", tile(o, "mapping").State)
	require.Equal(t, "mapping", o.Alerts[0].Kind)
	var offers struct{ Items []itgluerevio.Offer }
	s.must("marketplace.list", object{}, &offers)
	require.Equal(t, "needs-attention", offers.Items[0].Status)
}
