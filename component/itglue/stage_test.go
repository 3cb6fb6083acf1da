package itglue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// fast is a profile that does not wait.
const fast = `{"ratePerSecond":100000,"burst":100000,"timeoutSeconds":5,"retries":2,"retryWaitSeconds":0.001,"longestWaitSeconds":0.01}`

// secretValue is a password's value that must never show.
const secretValue = "canary-Xy7#never-shown"

// stage is a simulated account and a session that is connected to it.
type stage struct {
	*itgluetest.World
	t       *testing.T
	url     string
	host    *component.Host
	session *component.Session
	log     *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// start begins a stage. At its end no secret may be in the log.
func start(t *testing.T, o itgluetest.Options) *stage {
	t.Helper()
	world := itgluetest.New(o)
	t.Cleanup(world.Wait)
	s := serve(t, world.Handler(region(o)))
	s.World = world
	return s
}

func region(o itgluetest.Options) string {
	if o.Region == "" {
		return "us"
	}
	return o.Region
}

// serve begins a stage on any handler.
func serve(t *testing.T, h http.Handler) *stage {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s := &stage{t: t, url: server.URL, log: &safeBuffer{}}
	s.host = &component.Host{
		AllowedEndpoints: []string{server.URL},
		Profiles:         map[string]json.RawMessage{"itglue": json.RawMessage(fast)},
		Log:              slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	s.session = s.open(itgluetest.DefaultKey, nil)
	t.Cleanup(func() {
		require.NotContains(t, s.log.String(), itgluetest.DefaultKey)
		require.NotContains(t, s.log.String(), secretValue)
	})
	return s
}

// open makes a session with a key and more settings.
func (s *stage) open(key string, more map[string]string) *component.Session {
	settings := map[string]string{"region": "us", "apiKey": key, "endpoint": s.url}
	for name, value := range more {
		settings[name] = value
		if value == "" {
			delete(settings, name)
		}
	}
	raw, err := json.Marshal(settings)
	require.NoError(s.t, err)
	session := component.NewSession(s.host)
	session.Strict = true
	session.Settings = func(context.Context, string) (json.RawMessage, error) { return raw, nil }
	return session
}

// profile lays a document over the fast profile, for sessions opened from now
// on.
func (s *stage) profile(over string) *stage {
	var merged, top map[string]json.RawMessage
	require.NoError(s.t, json.Unmarshal([]byte(fast), &merged))
	require.NoError(s.t, json.Unmarshal([]byte(over), &top))
	for k, v := range top {
		merged[k] = v
	}
	raw, err := json.Marshal(merged)
	require.NoError(s.t, err)
	s.host.Profiles["itglue"] = raw
	s.session = s.open(itgluetest.DefaultKey, nil)
	return s
}

// workstations is the type with a field of every kind.
func (s *stage) workstations() string {
	return s.AddType(itgluetest.Type{Name: "Workstations", Fields: []itgluetest.Field{
		{Name: "Device Name", Required: true, UseForTitle: true},
		{Name: "Serial Number"},
		{Name: "Hardware", Kind: "Header"},
		{Name: "Operating System", Kind: "Select", Default: "Windows 11\nmacOS 15"},
		{Name: "Install Date", Kind: "Date"},
		{Name: "RAM (GB)", Kind: "Number", Decimals: 1},
		{Name: "Disk Used", Kind: "Percent"},
		{Name: "Encrypted?", Kind: "Checkbox"},
		{Name: "Notes", Kind: "Textbox"},
		{Name: "Local Admin", Kind: "Password"},
		{Name: "Photo", Kind: "Upload"},
		{Name: "Primary User", Kind: "Tag", TagType: "Contacts"},
		{Name: "Related Logins", Kind: "Tag", TagType: "Passwords"},
	}})
}

// full adds an asset with a value in every field that can be kept.
func (s *stage) full(organization, typeID string) string {
	ana := s.AddResource("Contacts", organization, "Ana Ruiz", map[string]any{"title": "Controller"})
	lars := s.AddResource("Contacts", organization, "Lars Vik", nil)
	bios := s.AddPassword(itgluetest.Password{OrganizationID: organization, Name: "BIOS", Value: secretValue})
	return s.AddAsset(organization, typeID, map[string]any{
		"device-name": "BWH-LT-014", "serial-number": "5CG2217QXK", "operating-system": "Windows 11", "install-date": "2024-01-15",
		"ram-gb": 31.8, "disk-used": 62, "encrypted": true, "notes": "<div>Call <b>before</b> remoting in.</div>",
		"primary-user": []string{ana, lars}, "related-logins": bios,
	})
}

// code asserts what an error is, and that it tells no secret.
func code(t *testing.T, want component.Code, err error) *component.Error {
	t.Helper()
	require.Error(t, err)
	require.ErrorIs(t, err, want, err.Error())
	require.NotContains(t, err.Error(), itgluetest.DefaultKey)
	require.NotContains(t, err.Error(), secretValue)
	var e *component.Error
	require.ErrorAs(t, err, &e)
	require.False(t, strings.HasSuffix(e.Message, "."), "the message %q ends with a full stop", e.Message)
	return e
}

func set(pairs ...string) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = json.RawMessage(pairs[i+1])
	}
	return m
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/fixtures/" + name)
	require.NoError(t, err)
	return raw
}

// fixed serves the same body to every request.
func fixed(status int, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.api+json")
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
}

func list(t *testing.T, s *stage, in itglue.ListFlexibleAssetsInput) itglue.FlexibleAssetList {
	t.Helper()
	l, err := itglue.ListFlexibleAssets.Call(t.Context(), s.session, in)
	require.NoError(t, err)
	return l
}

func contextFor(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}
