package serve_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/serve"
)

func TestActionIsCalledWithItsInputAndAnswersWithItsOutput(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for _, instance := range []string{"acme", o.acme} {
		got := o.ask("operator", http.MethodPost, "/v1/instances/"+instance+"/actions/notes.put", `{"id":"7","text":"`+instance+`"}`)
		require.Equal(t, http.StatusOK, got.status, got.body)
		require.Equal(t, "no-store", got.header.Get("Cache-Control"))
		require.Contains(t, got.body, instance)
	}
	require.JSONEq(t, fmt.Sprintf(`{"id":"7","text":%q,"version":2}`, o.acme), o.post("viewer", "notes.get", `{"id":"7"}`).body)
	require.JSONEq(t, `{"items":["acme","rival"]}`, o.ask("admin", http.MethodPost, "/v1/actions/instance.list", "").body, "no body is {}")
	require.JSONEq(t, `{"items":["acme"]}`, o.ask("viewer", http.MethodPost, "/v1/actions/instance.list", "{}").body)
	require.JSONEq(t, `{"id":"","text":"hunter2","version":0}`, o.post("admin", "secrets.reveal", "").body)
}

// problems is every way for a request to fail before or in an action, in the
// order of the golden file.
var problems = []struct {
	name, who, method, path, body string
	headers                       []string
}{
	{"not signed in", "", "POST", "/v1/instances/acme/actions/notes.get", `{"id":"7"}`, nil},
	{"unknown instance", "viewer", "POST", "/v1/instances/none/actions/notes.get", `{"id":"7"}`, nil},
	{"unseen instance", "viewer", "POST", "/v1/instances/rival/actions/notes.get", `{"id":"7"}`, nil},
	{"unknown action", "viewer", "POST", "/v1/instances/acme/actions/notes.got", `{}`, nil},
	{"host's action on an instance", "admin", "POST", "/v1/instances/acme/actions/instance.list", `{}`, nil},
	{"instance's action on the host", "admin", "POST", "/v1/actions/notes.get", `{"id":"7"}`, nil},
	{"connection's sensitive action", "admin", "POST", "/v1/instances/acme/actions/vendor.reveal", `{}`, nil},
	{"missing right", "viewer", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7"}`, nil},
	{"missing right on the host", "operator", "POST", "/v1/actions/host.put", `{"id":"7"}`, nil},
	{"no fresh sign-in", "stale", "POST", "/v1/instances/acme/actions/secrets.reveal", `{}`, nil},
	{"token that reveals", "token", "POST", "/v1/instances/acme/actions/secrets.reveal", `{}`, nil},
	{"unknown and missing members", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"txet":1,"a/b":2}`, nil},
	{"no JSON", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":`, nil},
	{"not said to be JSON", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7"}`, []string{"Content-Type: text/plain"}},
	{"too large", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"` + strings.Repeat("7", 1<<20) + `"}`, nil},
	{"not found", "viewer", "POST", "/v1/instances/acme/actions/notes.get", `{"id":"7"}`, nil},
	{"needs review", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7","text":"fail needs-review"}`, nil},
	{"refused by the other system", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7","text":"fail forbidden"}`, nil},
	{"unsettled", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7","text":"fail unsettled"}`, nil},
	{"unavailable", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7","text":"fail unavailable"}`, nil},
	{"defect", "viewer", "POST", "/v1/instances/acme/actions/notes.panic", `{}`, nil},
	{"If-Match where there is no version", "operator", "POST", "/v1/instances/acme/actions/toy.work", `{}`, []string{`If-Match: "1"`}},
	{"If-Match of another version", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7"}`, []string{`If-Match: "3"`}},
	{"If-Match that is none of ours", "operator", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7"}`, []string{`If-Match: "abc"`}},
	{"unknown run", "viewer", "GET", "/v1/instances/acme/runs/none", ``, nil},
	{"another site", "admin", "POST", "/v1/instances/acme/actions/notes.put", `{"id":"7"}`, []string{"Sec-Fetch-Site: cross-site"}},
	{"no such address", "admin", "GET", "/v1/nothing", ``, nil},
}

func TestProblemsLookLikeThis(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	id := regexp.MustCompile(`"requestId": "([\w-]{16})"`)
	var b strings.Builder
	for _, c := range problems {
		got := o.ask(c.who, c.method, c.path, c.body, c.headers...)
		p := got.problem(t)
		require.Equal(t, got.header.Get("X-Request-Id"), p.RequestID)
		fmt.Fprintf(&b, "# %s\n%s\n\n", c.name, id.ReplaceAllString(pretty(t, got.body), `"requestId": "…"`))
	}
	golden(t, "problems", b.String())
}

func TestInstanceOfAnotherTenantLooksLikeOneThatIsNot(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	unnamed := func(got said) string {
		p := got.problem(t)
		require.Equal(t, http.StatusNotFound, p.Status)
		p.RequestID, p.Detail = "", strings.NewReplacer("rival", "X", o.rival, "X", "none", "X").Replace(p.Detail)
		return fmt.Sprintf("%+v", p)
	}
	for _, path := range []string{"/actions/notes.get", "/actions/notes.put", "/actions/no.such", "/actions/secrets.reveal"} {
		want := unnamed(o.ask("viewer", http.MethodPost, "/v1/instances/none"+path, `{"id":"7"}`))
		for _, unseen := range []string{"rival", o.rival} {
			require.Equal(t, want, unnamed(o.ask("viewer", http.MethodPost, "/v1/instances/"+unseen+path, `{"id":"7"}`)), path)
		}
	}
	for _, path := range []string{"/runs/1", "/runs/1/events"} {
		require.Equal(t, unnamed(o.ask("viewer", http.MethodGet, "/v1/instances/none"+path, "")), unnamed(o.ask("viewer", http.MethodGet, "/v1/instances/rival"+path, "")))
	}
	require.Zero(t, o.toy.calls.Load())
}

func TestWriteHappensOnlyAtTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	first := o.post("operator", "notes.put", `{"id":"7","text":"a"}`)
	require.Equal(t, `"1"`, first.header.Get("ETag"))
	read := o.post("viewer", "notes.get", `{"id":"7"}`)
	require.Equal(t, `"1"`, read.header.Get("ETag"))
	second := o.post("operator", "notes.put", `{"id":"7","text":"b"}`, "If-Match: "+read.header.Get("ETag"))
	require.Equal(t, http.StatusOK, second.status)
	late := o.post("operator", "notes.put", `{"id":"7","text":"c"}`, "If-Match: "+read.header.Get("ETag")).problem(t)
	require.Equal(t, http.StatusPreconditionFailed, late.Status)
	require.Equal(t, "conflict", late.Code)
	require.Contains(t, o.post("viewer", "notes.get", `{"id":"7"}`).body, `"b"`)
	require.Equal(t, http.StatusConflict, o.post("operator", "notes.put", `{"id":"7","version":1}`).status, "without the header it is a conflict of the action")
	require.Equal(t, http.StatusOK, o.post("operator", "notes.put", `{"id":"7"}`, "If-Match: *").status)
}

func TestEveryAnswerHasTheHeadersThatProtectIt(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/links", "/static/app-1.js", "/v1/openapi.json", "/v1/nothing", "/v1/session", "/sign-in"} {
		got := o.ask("", http.MethodGet, path, "")
		require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "no-referrer", got.header.Get("Referrer-Policy"), path)
		require.Equal(t, "DENY", got.header.Get("X-Frame-Options"), path)
		require.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.Contains(t, got.header.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		id := got.header.Get("X-Request-Id")
		require.False(t, seen[id])
		seen[id] = true
	}
}

func TestBreachesOfThePolicyAreCounted(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for range 3 {
		got := o.ask("", http.MethodPost, "/v1/csp-report", `{"csp-report":{"violated-directive":"script-src","blocked-uri":"https://evil.example/?secret"}}`, "Content-Type: application/csp-report")
		require.Equal(t, http.StatusNoContent, got.status)
	}
	require.EqualValues(t, 3, o.face.CSPReports())
	require.JSONEq(t, `{"reports":3}`, o.ask("viewer", http.MethodGet, "/v1/csp-report", "").body)
	require.Equal(t, http.StatusUnauthorized, o.ask("", http.MethodGet, "/v1/csp-report", "").status)
	require.Equal(t, http.StatusRequestEntityTooLarge, o.ask("", http.MethodPost, "/v1/csp-report", strings.Repeat("x", 65<<10)).status)
}

func TestOptionsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	require.NotNil(t, o.face)
	for _, origin := range []string{"", "*", "https://a.example/path", "https://a.example; script-src *", "javascript:alert(1)", "https://*.example"} {
		_, err := serve.NewFace(serve.FaceOptions{Definition: o.toy.definition(), Catalog: o.toy.definition().Catalog(nil), EmbedOrigins: []string{origin}, Subject: o.subject})
		require.Error(t, err, origin)
	}
}
