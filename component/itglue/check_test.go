package itglue_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// lines are the checks of a report by name.
func lines(t *testing.T, session *component.Session) (map[string]component.Check, bool) {
	t.Helper()
	r, err := itglue.CheckConnection.Call(t.Context(), session, component.NoInput{})
	require.NoError(t, err)
	all := map[string]component.Check{}
	for _, c := range r.Checks {
		require.NotEmpty(t, c.Title)
		require.NotEmpty(t, c.Message)
		require.NotContains(t, c.Message+c.Do, itgluetest.DefaultKey)
		require.NotContains(t, c.Message+c.Do, secretValue)
		all[c.Name] = c
	}
	require.Len(t, all, 7)
	return all, r.OK
}

func TestCheckOfAConnectionThatWorks(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	s.crowd(3, 1)
	c, ok := lines(t, s.session)
	require.True(t, ok)
	for _, name := range []string{"host", "key", "types", "filters", "clock"} {
		require.Equal(t, component.Works, c[name].State, name)
	}
	require.Equal(t, component.NotTested, c["password-access"].State)
	for _, r := range s.Requests() {
		require.NotContains(t, r.Path, "passwords", "asking for a value is an access")
	}
	require.Empty(t, s.Writes())
}

func TestCheckNamesTheRegionThatAKeyBelongsTo(t *testing.T) {
	t.Parallel()
	world := itgluetest.New(itgluetest.Options{Region: "eu"})
	urls := map[string]string{}
	host := &component.Host{EgressAddresses: []string{"198.51.100.7"}}
	for _, region := range []string{"us", "eu", "au"} {
		server := httptest.NewServer(world.Handler(region))
		t.Cleanup(server.Close)
		urls[region] = server.URL
		host.AllowedEndpoints = append(host.AllowedEndpoints, server.URL)
	}
	hosts, err := json.Marshal(urls)
	require.NoError(t, err)
	host.Profiles = map[string]json.RawMessage{"itglue": json.RawMessage(`{"hosts":` + string(hosts) + `,"retries":0}`)}
	s := &stage{World: world, t: t, host: host}
	none := map[string]string{"endpoint": ""}

	c, ok := lines(t, s.open(itgluetest.DefaultKey, none))
	require.False(t, ok)
	require.Equal(t, component.Failed, c["region"].State)
	require.Equal(t, "This key belongs to EU; you chose US.", c["region"].Message)
	require.Equal(t, component.NotTested, c["types"].State)
	require.LessOrEqual(t, len(world.Requests()), 3)

	world.ResetRequests()
	c, ok = lines(t, s.open("ITG.wrong", none))
	require.False(t, ok)
	require.Equal(t, component.Failed, c["key"].State)
	require.Contains(t, c["key"].Message, "allow-list")
	require.Contains(t, c["key"].Do, "198.51.100.7")
	require.Contains(t, c["key"].Do, "Prismatic")
	require.Len(t, world.Requests(), 3, "each region once")
}

func TestKeyForAnEndpointIsNotShownToTheVendor(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	s.host.Transport = onlyHost(t, s.url)
	c, ok := lines(t, s.open("ITG.wrong", nil))
	require.False(t, ok)
	require.Equal(t, component.Failed, c["key"].State)
	require.Equal(t, component.NotTested, c["region"].State)
	require.Contains(t, c["key"].Message, "another region")
}

// onlyHost fails the test when a request goes anywhere else.
func onlyHost(t *testing.T, url string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if got := "http://" + r.URL.Host; got != url {
			t.Errorf("a request went to %s", got)
			return nil, fmt.Errorf("not allowed")
		}
		return http.DefaultTransport.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options itgluetest.Options
		arrange func(*stage)
		line    string
		state   component.State
		ok      bool
	}{
		"paused key":        {itgluetest.Options{}, func(s *stage) { s.SetKey(itgluetest.Key{Value: itgluetest.DefaultKey, Paused: true}) }, "key", component.Failed, false},
		"paused key as 401": {itgluetest.Options{Switches: itgluetest.Switches{PausedKeyStatus: 401}}, func(s *stage) { s.SetKey(itgluetest.Key{Value: itgluetest.DefaultKey, Paused: true}) }, "key", component.Failed, false},
		"no types":          {itgluetest.Options{}, func(s *stage) { s.AddOrganization(itgluetest.Organization{Name: "B"}) }, "types", component.Missing, false},
		"lists ignored":     {itgluetest.Options{Switches: itgluetest.Switches{CommaLists: "ignored"}}, func(s *stage) { s.crowd(4, 1) }, "filters", component.Differs, true},
		"lists literal":     {itgluetest.Options{Switches: itgluetest.Switches{CommaLists: "literal"}}, func(s *stage) { s.crowd(4, 1) }, "filters", component.Differs, true},
		"filters refused":   {itgluetest.Options{Switches: itgluetest.Switches{UnknownFilterRefused: true}}, func(s *stage) { s.crowd(4, 1) }, "filters", component.Works, true},
		"one organization":  {itgluetest.Options{}, func(s *stage) { s.crowd(1, 1) }, "filters", component.NotTested, true},
		"page of a proxy":   {itgluetest.Options{}, func(s *stage) { s.Fail(-1, itgluetest.On("", "/"), itgluetest.HTMLPage()) }, "host", component.Failed, false},
		"wrong clock": {itgluetest.Options{}, func(s *stage) {
			s.crowd(2, 1)
			s.host.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				resp, err := http.DefaultTransport.RoundTrip(r)
				if err == nil {
					resp.Header.Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
				}
				return resp, err
			})
			s.session = s.open(itgluetest.DefaultKey, nil)
		}, "clock", component.Differs, true},
		"no date": {itgluetest.Options{}, func(s *stage) {
			s.crowd(2, 1)
			s.host.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				resp, err := http.DefaultTransport.RoundTrip(r)
				if err == nil {
					resp.Header.Del("Date")
				}
				return resp, err
			})
			s.session = s.open(itgluetest.DefaultKey, nil)
		}, "clock", component.NotTested, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, c.options)
			c.arrange(s)
			got, ok := lines(t, s.session)
			require.Equal(t, c.state, got[c.line].State, got[c.line].Message)
			require.Equal(t, c.ok, ok)
			if c.state == component.Failed || c.state == component.Missing || c.state == component.Differs {
				require.NotEmpty(t, got[c.line].Do)
			}
		})
	}
}

func TestCheckOfPasswordAccessAsksForTheNamedPasswordOnly(t *testing.T) {
	t.Parallel()
	for _, access := range []bool{true, false} {
		s := start(t, itgluetest.Options{Keys: []itgluetest.Key{{Value: itgluetest.DefaultKey, PasswordAccess: access}}})
		_, ids := s.logins()
		s.AddOrganization(itgluetest.Organization{Name: "B"})
		c, ok := lines(t, s.open(itgluetest.DefaultKey, map[string]string{"testPasswordId": ids["none"]}))
		require.Equal(t, access, ok)
		require.Equal(t, access, c["password-access"].State == component.Works)
		for _, r := range s.Requests() {
			if r.Query.Get("show_password") == "true" {
				require.Equal(t, "/passwords/"+ids["none"], r.Path)
			}
		}
	}
}

func TestListsThatTheCheckFindsWantingAreTurnedOff(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{Switches: itgluetest.Switches{CommaLists: "literal"}})
	ids, typeID := s.crowd(4, 1)
	lines(t, s.session)
	s.ResetRequests()
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids})
	require.Len(t, l.Items, 4)
	require.Len(t, s.Requests(), 4)
}
