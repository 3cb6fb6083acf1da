package serve_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/serve"
)

func TestEveryPageIsTheConsoleWithANonceOfItsOwn(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	nonces := map[string]bool{}
	for _, path := range []string{"/", "/index.html", "/links", "/assets/17", "/instances/acme/setup/2", "/sign-in", "/static", "/embed/customers/7"} {
		got := o.ask("", http.MethodGet, path, "")
		require.Equal(t, http.StatusOK, got.status, path)
		require.Equal(t, "no-store", got.header.Get("Cache-Control"))
		m := regexp.MustCompile(`name="csp-nonce" content="([\w-]{24})"`).FindStringSubmatch(got.body)
		require.NotNil(t, m, got.body)
		require.Equal(t, "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"+m[1]+"'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "+
			"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri /v1/csp-report", got.header.Get("Content-Security-Policy"))
		require.False(t, nonces[m[1]])
		nonces[m[1]] = true
	}
	for _, path := range []string{"/static/gone-2.js", "/robots.txt"} {
		require.Equal(t, http.StatusNotFound, o.ask("", http.MethodGet, path, "").status, path)
	}
	require.Equal(t, http.StatusNotFound, o.ask("", http.MethodPost, "/links", "{}").status)
}

func TestFilesOfTheConsoleAreSentOnceAndSmall(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	plain := o.ask("", http.MethodGet, "/static/app-1.js", "")
	require.Equal(t, "text/javascript; charset=utf-8", plain.header.Get("Content-Type"))
	require.Equal(t, "public, max-age=31536000, immutable", plain.header.Get("Cache-Control"))
	require.Greater(t, len(plain.body), 4000)
	small := o.ask("", http.MethodGet, "/static/app-1.js", "", "Accept-Encoding: gzip, br")
	require.Equal(t, "gzip", small.header.Get("Content-Encoding"))
	require.Less(t, len(small.body), 400)
	require.Equal(t, "Accept-Encoding", small.header.Get("Vary"))
	icon := o.ask("", http.MethodGet, "/favicon.svg", "")
	require.Equal(t, "no-cache", icon.header.Get("Cache-Control"))
	require.Equal(t, "image/svg+xml", icon.header.Get("Content-Type"))
	require.Equal(t, http.StatusNotModified, o.ask("", http.MethodGet, "/favicon.svg", "", "If-None-Match: "+icon.header.Get("ETag")).status)
}

func TestOnlyEmbeddedPagesAreShownInFramesOfTheSitesThatAreNamed(t *testing.T) {
	t.Parallel()
	o := open(t, func(f *serve.FaceOptions) {
		f.EmbedOrigins = []string{"https://acme.psarev.io", "http://127.0.0.1:9000"}
	})
	embedded := o.ask("", http.MethodGet, "/embed/customers/7", "")
	require.Contains(t, embedded.header.Get("Content-Security-Policy"), "frame-ancestors https://acme.psarev.io http://127.0.0.1:9000;")
	require.Empty(t, embedded.header.Get("X-Frame-Options"))
	for _, path := range []string{"/", "/customers/7", "/embedded", "/embed/../links"} {
		got := o.ask("", http.MethodGet, path, "")
		if got.status == http.StatusOK {
			require.Contains(t, got.header.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
			require.Equal(t, "DENY", got.header.Get("X-Frame-Options"), path)
		}
	}
}

func TestBrowsersOfAServerWithTLSUseNothingElseFromThenOn(t *testing.T) {
	t.Parallel()
	o := open(t, func(f *serve.FaceOptions) { f.HTTPS = true })
	require.Equal(t, "max-age=31536000", o.ask("", http.MethodGet, "/", "").header.Get("Strict-Transport-Security"))
	require.Empty(t, open(t, nil).ask("", http.MethodGet, "/", "").header.Get("Strict-Transport-Security"))
}

func TestProgramWithoutTheConsoleSaysSoOnItsFrontPage(t *testing.T) {
	t.Parallel()
	o := open(t, func(f *serve.FaceOptions) { f.Pages, f.Without = nil, []byte("<h1>built without its console</h1>") })
	front := o.ask("", http.MethodGet, "/", "")
	require.Equal(t, http.StatusOK, front.status)
	require.True(t, strings.HasPrefix(front.header.Get("Content-Type"), "text/html"))
	require.Contains(t, front.body, "without its console")
	other := o.ask("", http.MethodGet, "/links", "")
	require.Equal(t, http.StatusNotFound, other.status)
	require.Contains(t, other.body, "without its console")
	require.Equal(t, http.StatusOK, o.post("operator", "notes.put", `{"id":"7"}`).status)
}
