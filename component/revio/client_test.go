package revio_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// tenant is a simulated tenant that is being served, and a way in.
type tenant struct {
	*reviotest.World
	url  string
	host *component.Host
	log  *bytes.Buffer
}

// serve starts a tenant. Edit, if any, changes the profile that the client
// uses; the tenant keeps its own.
func serve(t *testing.T, o reviotest.Options, edit func(*revio.Profile)) *tenant {
	t.Helper()
	w := reviotest.New(o)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	raw := w.ProfileAt(server.URL)
	if edit != nil {
		var p revio.Profile
		require.NoError(t, json.Unmarshal(raw, &p))
		edit(&p)
		var err error
		raw, err = json.Marshal(p)
		require.NoError(t, err)
	}
	out := &bytes.Buffer{}
	host := &component.Host{
		AllowedEndpoints: []string{server.URL}, Profiles: map[string]json.RawMessage{"revio": raw},
		Log: slog.New(slog.NewTextHandler(&lockedWriter{to: out}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return &tenant{World: w, url: server.URL, host: host, log: out}
}

type lockedWriter struct {
	mu sync.Mutex
	to *bytes.Buffer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

// session opens a session of an instance in Production Mode.
func (x *tenant) session() *component.Session { return x.sessionWith(x.Settings(true)) }

func (x *tenant) sessionWith(document json.RawMessage) *component.Session {
	s := component.NewSession(x.host)
	s.Strict = true
	s.Settings = settings(string(document))
	return s
}

// settings gives one document as the settings of a connection.
func settings(document string) func(context.Context, string) (json.RawMessage, error) {
	return func(context.Context, string) (json.RawMessage, error) { return json.RawMessage(document), nil }
}

// stock gives the tenant a customer, a type and some assets.
func stock(x *tenant, assets ...map[string]string) (customer, kind string) {
	customer, kind = x.AddCustomer("Contoso Ltd"), x.AddAssetType("Equipment")
	for _, fields := range assets {
		x.AddAsset(customer, kind, fields)
	}
	return customer, kind
}

func fields(name, serial string) map[string]string {
	return map[string]string{"name": name, "serialNumber": serial}
}

func count(requests []reviotest.Request, method string) int {
	n := 0
	for _, r := range requests {
		if r.Method == method {
			n++
		}
	}
	return n
}

func TestEveryCallCarriesTheTenantAndABearerToken(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, _ := stock(x, fields("WS-014", "5CD9"))
	_, err := revio.ListAssets.Call(t.Context(), x.session(), revio.ListAssetsInput{CustomerID: customer})
	require.NoError(t, err)
	require.Len(t, x.Requests(), 1)
	require.Equal(t, "acme.psarev.io", x.Requests()[0].Header.Get("X-Revio-Host"))
	require.Contains(t, x.Requests()[0].Header.Get("Authorization"), "Bearer eyJ")
	require.Equal(t, "application/json", x.Requests()[0].Header.Get("Accept"))
}

func TestReadsAreTriedAgainAndWritesAreNot(t *testing.T) {
	t.Parallel()
	kinds := []reviotest.Fault{
		{Kind: reviotest.Refuse, Status: 500}, {Kind: reviotest.Refuse, Status: 503}, {Kind: reviotest.LostBefore},
		{Kind: reviotest.LostAfter}, {Kind: reviotest.FailAfter, Status: 502}, {Kind: reviotest.Truncated}, {Kind: reviotest.BrokenOff},
	}
	for _, f := range kinds {
		t.Run(string(f.Kind)+" "+http.StatusText(f.Status), func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{}, nil)
			customer, kind := stock(x, fields("WS-014", "5CD9"))
			read, write := f, f
			read.Method, write.Method = http.MethodGet, http.MethodPost
			x.Fail(read)
			list, err := revio.ListAssets.Call(t.Context(), x.session(), revio.ListAssetsInput{CustomerID: customer})
			require.NoError(t, err)
			require.Len(t, list.Items, 1)
			require.Len(t, x.Requests(), 2)

			x.ResetRequests()
			x.Fail(write)
			_, err = revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")})
			require.ErrorIs(t, err, component.Unsettled)
			require.Equal(t, 1, count(x.Requests(), http.MethodPost))
		})
	}
}

func TestCreateIsSentAgainOnlyWhereItCertainlyWasNotCarriedOut(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		fault reviotest.Fault
		posts int
		code  component.Code
	}{
		"asked too fast":             {reviotest.Fault{Kind: reviotest.Refuse, Status: 429, RetryAfter: "0"}, 2, ""},
		"a token that was revoked":   {reviotest.Fault{Kind: reviotest.Refuse, Status: 401}, 2, ""},
		"asked too fast, and long":   {reviotest.Fault{Kind: reviotest.Refuse, Status: 429, RetryAfter: "3600"}, 1, component.RateLimited},
		"the quota is used up":       {reviotest.Fault{Kind: reviotest.Refuse, Status: 403, RetryAfter: "0"}, 1, component.RateLimited},
		"no permission":              {reviotest.Fault{Kind: reviotest.Refuse, Status: 403}, 1, component.Forbidden},
		"wrong values":               {reviotest.Fault{Kind: reviotest.Refuse, Status: 422}, 1, component.InvalidInput},
		"a login page":               {reviotest.Fault{Kind: reviotest.LoginPage}, 1, component.Unsettled},
		"no answer at all":           {reviotest.Fault{Kind: reviotest.StallAfter}, 1, component.Unsettled},
		"accepted without an answer": {reviotest.Fault{Kind: reviotest.EmptyAnswer}, 1, component.Unsettled},
		"a redirect":                 {reviotest.Fault{Kind: reviotest.Refuse, Status: 303}, 1, component.Unsettled},
		"accepted, and it says no":   {reviotest.Fault{Kind: reviotest.Refuse, Status: 200, Body: `{"ok":false,"message":"no"}`}, 1, component.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Limits.TimeoutSeconds = 3 })
			customer, kind := stock(x)
			row.fault.Method = http.MethodPost
			x.Fail(row.fault)
			_, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")})
			if row.code == "" {
				require.NoError(t, err)
				require.Len(t, x.Assets(customer), 1)
			} else {
				require.ErrorIs(t, err, row.code)
			}
			require.Equal(t, row.posts, count(x.Requests(), http.MethodPost))
		})
	}
}

func TestCreateThatCouldNotConnectIsSentAgainAndIsNotUnsettled(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x)
	s := x.session()
	_, err := revio.GetCustomer.Call(t.Context(), s, revio.ByID{ID: customer}) // the token is there
	require.NoError(t, err)
	dials := 0
	x.host.Transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if dials++; dials == 2 { // the first is the token's
			return nil, &net.OpError{Op: "dial", Err: net.UnknownNetworkError("down")}
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
	other := component.Host{AllowedEndpoints: x.host.AllowedEndpoints, Profiles: x.host.Profiles, Transport: x.host.Transport}
	s = component.NewSession(&other)
	s.Settings = settings(string(x.Settings(true)))
	_, err = revio.CreateAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")})
	require.NoError(t, err)
	require.Equal(t, 1, count(x.Requests(), http.MethodPost))
	require.Len(t, x.Assets(customer), 1)
}

func TestUnreachableTenantIsUnavailableForAWriteToo(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x)
	s := x.session()
	_, err := revio.GetCustomer.Call(t.Context(), s, revio.ByID{ID: customer})
	require.NoError(t, err)
	closed := httptest.NewServer(nil)
	closed.Close()
	var p revio.Profile
	require.NoError(t, json.Unmarshal(x.host.Profiles["revio"], &p))
	p.BaseURL, p.Token.URL = closed.URL, x.url+p.Token.URL
	raw, err := json.Marshal(p)
	require.NoError(t, err)
	host := component.Host{AllowedEndpoints: []string{x.url, closed.URL}, Profiles: map[string]json.RawMessage{"revio": raw}}
	s = component.NewSession(&host)
	s.Settings = settings(string(x.Settings(true)))
	_, err = revio.CreateAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")})
	require.ErrorIs(t, err, component.Unavailable)
}

func TestInterruptedWriteIsUnsettledOnlyOnceItWasSent(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, kind := stock(x)
	in := revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")}
	before, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := revio.CreateAsset.Call(before, x.session(), in)
	require.ErrorIs(t, err, component.Unavailable)
	require.Empty(t, x.Requests())

	during, cancel := context.WithCancel(t.Context())
	x.Fail(reviotest.Fault{Kind: reviotest.StallAfter, Method: http.MethodPost, Meanwhile: cancel})
	_, err = revio.CreateAsset.Call(during, x.session(), in)
	require.ErrorIs(t, err, component.Unsettled)
}

func TestGatewayQuotaIsRateLimitedWithTheTimeToWait(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, _ := stock(x)
	x.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 403, RetryAfter: "3600"})
	_, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
	require.ErrorIs(t, err, component.RateLimited)
	var e *component.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, 3600.0, e.RetryAfter.Seconds())
	require.Len(t, x.Requests(), 1)
}

func TestDaysBudgetHoldsCallsBackBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Limits.PerDay = 3 })
	customer, kind := stock(x)
	for range 2 { // and one for the token
		_, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
		require.NoError(t, err)
	}
	_, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")})
	require.ErrorIs(t, err, component.RateLimited)
	require.Len(t, x.Requests(), 2)
}

func TestRedirectToAnotherHostIsNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(other.Close)
	x := serve(t, reviotest.Options{}, nil)
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.Redirect(w, r, other.URL, http.StatusFound)
			return
		}
		x.ServeHTTP(w, r)
	}))
	t.Cleanup(away.Close)
	host := component.Host{AllowedEndpoints: []string{away.URL}, Profiles: map[string]json.RawMessage{"revio": x.ProfileAt(away.URL)}}
	s := component.NewSession(&host)
	s.Settings = settings(string(x.Settings(true)))
	_, err := revio.GetCustomer.Call(t.Context(), s, revio.ByID{ID: "1001"})
	require.ErrorIs(t, err, component.Forbidden)
	require.Zero(t, elsewhere)
}

func TestSecretsAreInNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-of-the-tenant"
	x := serve(t, reviotest.Options{ClientSecret: secret}, nil)
	customer, kind := stock(x)
	echo := `{"error":{"message":"bad request by s3cret-of-the-tenant with eyJhbGciOi.eyJleHAiOj.c2ln"}}`
	for _, f := range []reviotest.Fault{
		{Kind: reviotest.Refuse, Status: 400, Body: echo}, {Kind: reviotest.Refuse, Status: 401, Body: echo, Times: 2}, {Kind: reviotest.FailAfter, Status: 500, Body: echo},
		{Kind: reviotest.Refuse, Status: 400, Body: echo, Path: "oauth"}, {Kind: reviotest.LostAfter},
	} {
		x.RevokeTokens()
		x.Fail(f)
		_, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")})
		if err == nil { // the exchange's fault met a token that was still held
			continue
		}
		require.NotContains(t, err.Error(), secret)
		require.NotContains(t, err.Error(), "eyJ")
		x.ClearFaults()
	}
	require.Contains(t, x.log.String(), "/psac/api/v1/assets")
	require.NotContains(t, x.log.String(), secret)
	require.NotContains(t, x.log.String(), "eyJ")
}

func TestRefusalKeepsTheWordsAndTheRequestId(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"message": `{"message":"too long"}`, "error": `{"error":"too long"}`, "error inside": `{"error":{"message":"too long"}}`,
		"errors": `{"errors":[{"message":"too long"}]}`, "problem details": `{"title":"too long","status":422}`, "billing": `{"ok":false,"data":{"message":"too long"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{}, nil)
			customer, kind := stock(x)
			x.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 422, Body: body})
			_, err := revio.CreateAsset.Call(t.Context(), x.session(), revio.CreateAssetInput{CustomerID: customer, TypeID: kind, Fields: fields("WS-015", "5CDA")})
			require.ErrorIs(t, err, component.InvalidInput)
			require.ErrorContains(t, err, "too long")
			require.ErrorContains(t, err, "req-of-the-tenant")
			require.ErrorContains(t, err, "422")
		})
	}
}

func TestAnswerWithoutEndIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	_, err := revio.ListCustomers.Call(t.Context(), answers(t, `{"data":["`+strings.Repeat("a", 33<<20)+`"]}`), revio.ListCustomersInput{})
	require.ErrorIs(t, err, component.Unavailable)
	require.ErrorContains(t, err, "32 MiB")
}
