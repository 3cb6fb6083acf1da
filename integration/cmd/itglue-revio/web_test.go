package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
)

// browser calls a server and keeps its cookies.
type browser struct {
	t      *testing.T
	at     string
	client *http.Client
}

func newBrowser(t *testing.T, at string) browser {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return browser{t, at, &http.Client{Jar: jar, Timeout: time.Minute}}
}

// call sends a request and reads the answer into what out points to.
func (b browser) call(method, path string, in, out any) (status int) {
	b.t.Helper()
	raw, err := json.Marshal(in)
	require.NoError(b.t, err)
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.at+path, bytes.NewReader(raw))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/json")
	answer, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	require.NoError(b.t, err)
	if out != nil {
		require.NoError(b.t, json.Unmarshal(body, out), "%s", body)
	}
	return answer.StatusCode
}

// says waits until a program has written what matches, and gives the groups.
func says(t *testing.T, words *buffer, pattern string) []string {
	t.Helper()
	looked := regexp.MustCompile(pattern)
	require.Eventually(t, func() bool { return looked.MatchString(words.String()) }, time.Minute, 10*time.Millisecond, pattern)
	return looked.FindStringSubmatch(words.String())
}

type refused struct {
	Code   string `json:"code"`
	SignIn *struct {
		Setup bool `json:"setup"`
	} `json:"signIn"`
}

func TestFirstAdministratorGetsInByTheLinkThatServePrints(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var stderr buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", filepath.Join(t.TempDir(), "data")}, strings.NewReader(""), io.Discard, &stderr)
	}()
	at := says(t, &stderr, `listening on (http://\S+)`)[1]
	link := says(t, &stderr, `(http://\S+)/setup#token=(\S+)`)
	require.Equal(t, at, link[1])
	b := newBrowser(t, at)
	var no refused
	require.Equal(t, http.StatusUnauthorized, b.call(http.MethodGet, "/v1/session", nil, &no))
	require.True(t, no.SignIn.Setup)
	require.Equal(t, http.StatusUnauthorized, b.call(http.MethodPost, "/v1/actions/instance.list", struct{}{}, &no))
	setup := map[string]string{"token": link[2], "name": "ana", "password": "a long and unlikely phrase 7"}
	var session struct {
		User    struct{ Name string }
		Unready bool
	}
	require.Equal(t, http.StatusOK, b.call(http.MethodPost, "/v1/setup", setup, &session))
	require.Equal(t, "ana", session.User.Name)
	require.True(t, session.Unready, "an administrator sets up a second factor first")
	require.Equal(t, http.StatusForbidden, b.call(http.MethodPost, "/v1/actions/instance.list", struct{}{}, &no))
	require.Equal(t, "second-factor", no.Code)
	require.Equal(t, http.StatusOK, b.call(http.MethodPost, "/v1/actions/account.show", struct{}{}, nil))
	require.Equal(t, http.StatusUnauthorized, newBrowser(t, at).call(http.MethodPost, "/v1/setup", setup, &no), "the link works once")
	stop()
	require.Zero(t, <-ended)
}

func TestServedDocumentIsThePublishedOne(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var stderr buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", filepath.Join(t.TempDir(), "data")}, strings.NewReader(""), io.Discard, &stderr)
	}()
	answer, err := http.Get(says(t, &stderr, `listening on (http://\S+)`)[1] + "/v1/openapi.json")
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	served, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	published, err := os.ReadFile("../../../schemas/openapi.json")
	require.NoError(t, err)
	require.True(t, bytes.Equal(published, served), "run scripts/generate")
	stop()
	require.Zero(t, <-ended)
}

func TestServeThatWouldSendPasswordsInTheClearDoesNotStart(t *testing.T) {
	t.Parallel()
	for args, words := range map[string]string{
		"--address 0.0.0.0:0":                             "--url",
		"--url http://sync.acme.example":                  "unencrypted",
		"--url https://sync.acme.example/path":            "without a path",
		"--embed-origin *":                                "is not the origin",
		"--trusted-proxy everywhere":                      "is not a network",
		"--oidc-issuer http://idp.acme.example":           "https address",
		"--oidc-issuer https://i.example --oidc-groups x": "the groups cannot be read",
	} {
		status, _, stderr := runIn(t.Context(), t, t.TempDir(), append([]string{"serve"}, strings.Fields(args)...)...)
		require.Equal(t, 2, status, args)
		require.Contains(t, stderr, words, args)
	}
}

func TestDemoIsSignedInByItsLinkAndAnEditTravels(t *testing.T) {
	t.Parallel()
	w := demo.NewWorld(demo.Options{Seed: 1, Assets: 200})
	stage, err := demo.Serve(t.Context(), w, t.TempDir(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stage.Close()) })
	document, err := stage.Document(nil)
	require.NoError(t, err)
	require.NoError(t, stage.Call(t.Context(), "", "instance.apply", map[string]any{"document": document}, nil))
	ctx, stop := context.WithCancel(t.Context())
	var words buffer
	ended := make(chan error, 1)
	go func() { ended <- stay(ctx, &words, stage) }()
	link := says(t, &words, `(http://\S+)/sign-in\?token=(\S+)`)
	desk := says(t, &words, `Rev\.io   (http://\S+)`)[1]
	b := newBrowser(t, link[1])
	answer, err := b.client.Get(link[0])
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	var session struct{ Demo bool }
	require.Equal(t, http.StatusOK, b.call(http.MethodGet, "/v1/session", nil, &session))
	require.True(t, session.Demo)

	on := "/v1/instances/kestrel-msp/actions/"
	run := func(flow string) {
		var accepted struct{ Run struct{ ID string } }
		require.Equal(t, http.StatusAccepted, b.call(http.MethodPost, on+flow, struct{}{}, &accepted))
		var shown struct {
			State   string
			Problem any
		}
		require.Eventually(t, func() bool {
			require.Equal(t, http.StatusOK, b.call(http.MethodGet, "/v1/instances/kestrel-msp/runs/"+accepted.Run.ID, nil, &shown))
			return shown.State != "waiting" && shown.State != "queued" && shown.State != "running"
		}, time.Minute, 20*time.Millisecond)
		require.Equal(t, "succeeded", shown.State, fmt.Sprint(shown.Problem))
	}
	run("sync.match-organizations")
	var decided struct{ Items []any }
	require.Equal(t, http.StatusOK, b.call(http.MethodPost, on+"links.accept", map[string]any{"minScore": 0.95}, &decided))
	require.NotEmpty(t, decided.Items)
	run("sync.cycle")
	var list struct {
		Items []struct {
			ID, Side, LinkedWith string
			Reasons              []string
		}
	}
	require.Equal(t, http.StatusOK, b.call(http.MethodPost, on+"assets.list", map[string]any{"state": "linked"}, &list))
	right := ""
	for _, a := range list.Items {
		if left, ok := w.ITGlue.Asset(a.ID); ok && a.Side == "left" && left.TypeID == w.Servers && len(a.Reasons) == 0 {
			right = a.LinkedWith
		}
	}
	require.NotEmpty(t, right)
	edited, err := http.PostForm(desk, url.Values{"kind": {"asset"}, "id": {right}, "key": {"ipAddress"}, "value": {"10.20.30.40"}})
	require.NoError(t, err)
	require.NoError(t, edited.Body.Close())
	run("sync.cycle")
	travelled := false
	for _, a := range w.ITGlue.Assets() {
		travelled = travelled || string(a.Traits["ip-address"]) == `"10.20.30.40"`
	}
	require.True(t, travelled)
	stop()
	require.NoError(t, <-ended)
}
