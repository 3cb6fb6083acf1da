package itglue_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

func TestReadIsSentAgainAfterMostFailures(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]itgluetest.Fault{
		"429": itgluetest.TooManyRequests(""), "500": itgluetest.ServerError(), "504": itgluetest.GatewayTimeout(false),
		"reset": itgluetest.Reset(false), "cut body": itgluetest.CutBody(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, itgluetest.Options{})
			id := s.AddOrganization(itgluetest.Organization{Name: "Brightwater Holdings"})
			s.Fail(2, itgluetest.On("GET", "/organizations/"), fault)
			o, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: id})
			require.NoError(t, err)
			require.Equal(t, "Brightwater Holdings", o.Name)
			require.Equal(t, 3, s.Count("GET", "/organizations/"))
		})
	}
}

func TestReadThatGoesOnFailingIsUnavailable(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]itgluetest.Fault{
		"500": itgluetest.ServerError(), "504": itgluetest.GatewayTimeout(false), "reset": itgluetest.Reset(false),
		"cut body": itgluetest.CutBody(), "truncated": itgluetest.Truncated(), "html": itgluetest.HTMLPage(),
		"empty":   itgluetest.Answer(200, ""),
		"no data": itgluetest.Answer(200, `{"message":"Forbidden"}`), "null data": itgluetest.Answer(200, `{"data":null}`),
		"list": itgluetest.Answer(200, `{"data":[]}`), "errors": itgluetest.Answer(200, `{"errors":[{"title":"odd"}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, itgluetest.Options{})
			id := s.AddOrganization(itgluetest.Organization{Name: "A"})
			s.Fail(-1, itgluetest.On("", "/"), fault)
			_, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: id})
			code(t, component.Unavailable, err)
		})
	}
}

func TestAnswerOfSuccessWithoutDataIsNeverAnEmptyList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"message":"Forbidden"}`, `{}`, `{"data":null}`, `{"data":{}}`, `[]`, `<html>`, ``, `{"errors":[{"status":500}]}`, "\ufeff{}"} {
		s := serve(t, fixed(200, []byte(body)))
		l, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
		code(t, component.Unavailable, err)
		require.False(t, l.Complete, body)
	}
}

func TestSuccessThatListsErrorsIsTheirStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]component.Code{404: component.NotFound, 422: component.InvalidInput, 429: component.RateLimited, 403: component.Forbidden, 503: component.Unavailable} {
		s := start(t, itgluetest.Options{})
		id := s.AddOrganization(itgluetest.Organization{Name: "A"})
		s.Fail(-1, itgluetest.On("GET", "/organizations/"), itgluetest.ErrorsDespiteSuccess(status))
		_, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: id})
		code(t, want, err)
	}
}

// TestWriteIsSentOnceUnlessItCertainlyWasNotCarriedOut counts the requests of a
// create and of a change under every fault.
func TestWriteIsSentOnceUnlessItCertainlyWasNotCarriedOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault itgluetest.Fault
		times int
		want  component.Code
		sent  int
	}{
		"429 once":             {itgluetest.TooManyRequests(""), 1, "", 2},
		"429 always":           {itgluetest.TooManyRequests(""), -1, component.RateLimited, 3},
		"429 for long":         {itgluetest.TooManyRequests("3600"), -1, component.RateLimited, 1},
		"500":                  {itgluetest.ServerError(), 1, component.Unsettled, 1},
		"503":                  {itgluetest.Answer(503, ""), 1, component.Unsettled, 1},
		"504, carried out":     {itgluetest.GatewayTimeout(true), 1, component.Unsettled, 1},
		"504, not carried out": {itgluetest.GatewayTimeout(false), 1, component.Unsettled, 1},
		"504, later":           {itgluetest.LateApply(time.Millisecond), 1, component.Unsettled, 1},
		"reset, carried out":   {itgluetest.Reset(true), 1, component.Unsettled, 1},
		"reset":                {itgluetest.Reset(false), 1, component.Unsettled, 1},
		"answer cut":           {itgluetest.CutBody(), 1, component.Unsettled, 1},
		"answer truncated":     {itgluetest.Truncated(), 1, component.Unsettled, 1},
		"page of a proxy":      {itgluetest.HTMLPage(), 1, component.Unsettled, 1},
		"errors with 200":      {itgluetest.ErrorsDespiteSuccess(422), 1, component.Unsettled, 1},
		"see other":            {itgluetest.RedirectTo("/organizations", 303), 1, component.Unsettled, 1},
		"422":                  {itgluetest.Answer(422, `{"errors":[]}`), 1, component.InvalidInput, 1},
	} {
		for _, method := range []string{"POST", "PATCH"} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				s := start(t, itgluetest.Options{})
				id := s.AddOrganization(itgluetest.Organization{Name: "A"})
				s.Fail(c.times, itgluetest.On(method, "/organizations"), c.fault)
				text := "words"
				var err error
				if method == "POST" {
					_, err = itglue.CreateOrganization.Call(t.Context(), s.session, itglue.CreateOrganizationInput{Name: "B"})
				} else {
					_, err = itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id, Description: &text})
				}
				if c.want == "" {
					require.NoError(t, err)
				} else {
					code(t, c.want, err)
				}
				s.Wait()
				sent := 0
				for _, r := range s.Writes() {
					if r.Fault != "applied late" {
						sent++
					}
				}
				require.Equal(t, c.sent, sent)
			})
		}
	}
}

func TestTimeoutOfAWriteIsUnsettledAndNotSentAgain(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{}).profile(`{"timeoutSeconds":0.05}`)
	s.Fail(-1, itgluetest.On("POST", "/"), itgluetest.Stall(time.Minute))
	_, err := itglue.CreateOrganization.Call(t.Context(), s.session, itglue.CreateOrganizationInput{Name: "B"})
	code(t, component.Unsettled, err)
	require.Len(t, s.Writes(), 1)
	require.Len(t, s.Organizations(), 1, "the simulator carried it out before it stalled")
}

func TestConnectionThatWasNeverMadeIsUnavailable(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	s.host.AllowedEndpoints = append(s.host.AllowedEndpoints, closed.URL)
	session := s.open(itgluetest.DefaultKey, map[string]string{"endpoint": closed.URL})
	_, err := itglue.CreateOrganization.Call(t.Context(), session, itglue.CreateOrganizationInput{Name: "B"})
	code(t, component.Unavailable, err)
}

func TestUntrustedCertificateIsNotTriedTwice(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	server.Config.ErrorLog = nil
	t.Cleanup(server.Close)
	s := start(t, itgluetest.Options{})
	s.host.AllowedEndpoints = append(s.host.AllowedEndpoints, server.URL)
	session := s.open(itgluetest.DefaultKey, map[string]string{"endpoint": server.URL})
	_, err := itglue.CreateOrganization.Call(t.Context(), session, itglue.CreateOrganizationInput{Name: "B"})
	e := code(t, component.Unavailable, err)
	require.Contains(t, e.Message, "certificate")
	require.Zero(t, calls.Load())
}

func TestKeyDoesNotFollowARedirectToAnotherHost(t *testing.T) {
	t.Parallel()
	var stolen atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stolen.Add(1)
		_, _ = w.Write([]byte(`{"data":[]}`))
	}))
	t.Cleanup(thief.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := start(t, itgluetest.Options{})
		s.Fail(-1, itgluetest.On("", "/"), itgluetest.RedirectTo(thief.URL+"/organizations", status))
		_, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
		code(t, component.Unavailable, err)
		_, err = itglue.CreateOrganization.Call(t.Context(), s.session, itglue.CreateOrganizationInput{Name: "B"})
		code(t, component.Unsettled, err)
	}
	require.Zero(t, stolen.Load())
}

func TestRedirectWithinTheHostIsFollowedByReads(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.AddOrganization(itgluetest.Organization{Name: "A"})
	other := s.AddOrganization(itgluetest.Organization{Name: "B"})
	s.Fail(1, itgluetest.On("GET", "/organizations/"+id), itgluetest.RedirectTo("/organizations/"+id+"?again=1", 307))
	o, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: id})
	require.NoError(t, err)
	require.Equal(t, "A", o.Name)
	s.Fail(1, itgluetest.On("GET", "/organizations/"+id), itgluetest.RedirectTo("/organizations/"+other, 307))
	_, err = itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: id})
	code(t, component.Internal, err)
	require.ErrorIs(t, err, itglue.ErrForeignRecord)
}

func TestAnswerLargerThanTheLimitIsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		block := []byte(strings.Repeat(" ", 1<<20))
		for range 33 {
			_, _ = w.Write(block)
		}
	}))
	_, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: "1"})
	e := code(t, component.Unavailable, err)
	require.Contains(t, e.Message, "32 MiB")
}

// TestErrorAnswers reads every error body that is known, as the answer to a
// read and to a write.
func TestErrorAnswers(t *testing.T) {
	t.Parallel()
	want := map[string]struct {
		status      int
		read, write component.Code
		pointer     string
		words       string
	}{
		"400.missing-type-filter.json":      {400, component.InvalidInput, component.InvalidInput, "", "Missing parameter"},
		"401.unauthorized-resource.json":    {401, component.Unauthorized, component.Unauthorized, "", ""},
		"403.bad-key-or-wrong-region.json":  {403, component.Forbidden, component.Forbidden, "", ""},
		"404.not-found.json":                {404, component.NotFound, component.NotFound, "", ""},
		"422.invalid-trait-keys.json":       {422, component.InvalidInput, component.InvalidInput, "/traits", "invalid trait keys"},
		"422.must-exist.json":               {422, component.InvalidInput, component.InvalidInput, "/organization", "must exist"},
		"422.psa-synced-organization.json":  {422, component.InvalidInput, component.InvalidInput, "/name", "Externally synced"},
		"422.required-trait-blank.json":     {422, component.InvalidInput, component.InvalidInput, "/traits/serial-number", "can't be blank"},
		"422.string-status-bulk-route.json": {422, component.InvalidInput, component.InvalidInput, "", "bulk action not allowed"},
		"422.title-only.json":               {422, component.InvalidInput, component.InvalidInput, "/organizationId", "Valid organization_id"},
		"429.too-many-requests.json":        {429, component.RateLimited, component.RateLimited, "", ""},
		"500.internal.json":                 {500, component.Unavailable, component.Unsettled, "", ""},
		"504.gateway-timeout.json":          {504, component.Unavailable, component.Unsettled, "", ""},
	}
	files, err := os.ReadDir("testdata/fixtures/errors")
	require.NoError(t, err)
	require.Len(t, files, len(want))
	for name, c := range want {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fixed(c.status, fixture(t, "errors/"+name)))
			_, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: "1"})
			code(t, c.read, err)
			_, err = itglue.CreateFlexibleAsset.Call(t.Context(), s.session, itglue.CreateFlexibleAssetInput{OrganizationID: "1", TypeID: "2", Traits: set("a", "1")})
			e := code(t, c.write, err)
			if c.words != "" {
				require.Len(t, e.Problems, 1)
				require.Equal(t, c.pointer, e.Problems[0].Pointer)
				require.Contains(t, e.Problems[0].Message, c.words)
			}
		})
	}
}

func TestRefusalWithoutReasonOrWithAnEchoedKeyIsWordedSafely(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(422, []byte(`{"errors":[{"detail":"key `+itgluetest.DefaultKey+` \u0000 is odd"},{"status":422},{"detail":"`+strings.Repeat("x", 5000)+`"}]}`)))
	_, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: "1"})
	e := code(t, component.InvalidInput, err)
	require.Equal(t, "key [secret] is odd", e.Problems[0].Message)
	require.Equal(t, "was refused without a reason", e.Problems[1].Message)
	require.Less(t, len(e.Problems[2].Message), 200)
}

func TestForbiddenNamesItsThreeCausesAndTheAddressToAllow(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	s.host.EgressAddresses = []string{"198.51.100.7"}
	_, err := itglue.ListOrganizations.Call(t.Context(), s.open("ITG.other", nil), itglue.ListOrganizationsInput{})
	e := code(t, component.Forbidden, err)
	for _, cause := range []string{"key is wrong", "another region", "allow-list"} {
		require.Contains(t, e.Message, cause)
	}
	require.Contains(t, e.Do, "198.51.100.7")
	require.Contains(t, e.Do, "3.132.205.204")
}

func TestUnauthorizedRecordDoesNotAccuseTheKey(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.AddOrganization(itgluetest.Organization{Name: "A"})
	s.Fail(1, itgluetest.On("GET", "/organizations/"), itgluetest.Answer(401, string(fixture(t, "errors/401.unauthorized-resource.json"))))
	_, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: id})
	code(t, component.Forbidden, err)
	require.ErrorIs(t, err, itglue.ErrThisRecordOnly)
	require.Equal(t, 2, len(s.Requests()), "one request, and one that shows the key works")
}

func TestRetryAfterIsReadAndHanded(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{"120": 2 * time.Minute, "": time.Minute, "soon": time.Minute, "-5": time.Minute, "99999999999": 24 * time.Hour, "604800": 24 * time.Hour} {
		s := start(t, itgluetest.Options{})
		s.Fail(-1, itgluetest.On("", "/"), itgluetest.TooManyRequests(header))
		_, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
		require.Equal(t, want, code(t, component.RateLimited, err).RetryAfter, header)
	}
}

func TestFlowsShareOneBudgetAndRevealsKeepAShare(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{}).profile(`{"ratePerSecond":0.1,"burst":4}`)
	organization := s.AddOrganization(itgluetest.Organization{Name: "A"})
	id := s.AddPassword(itgluetest.Password{OrganizationID: organization, Name: "P", Value: secretValue})
	for i := range 4 {
		_, err := itglue.GetOrganization.Call(t.Context(), s.open(itgluetest.DefaultKey, nil), itglue.GetOrganizationInput{ID: organization})
		require.NoError(t, err, i)
	}
	ctx, cancel := contextFor(t, 100*time.Millisecond)
	defer cancel()
	_, err := itglue.GetOrganization.Call(ctx, s.open(itgluetest.DefaultKey, nil), itglue.GetOrganizationInput{ID: organization})
	code(t, component.RateLimited, err)
	ctx, cancel = contextFor(t, 5*time.Second) // far less than another request would have to wait
	defer cancel()
	out, err := itglue.RevealPassword.Call(ctx, s.open(itgluetest.DefaultKey, nil), itglue.RevealPasswordInput{ID: id})
	require.NoError(t, err)
	require.Equal(t, secretValue, out.Value)
	require.Len(t, s.Requests(), 5)
}

func TestInterruptedReadSaysSo(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	s.Fail(-1, itgluetest.On("", "/"), itgluetest.Stall(time.Minute))
	ctx, cancel := contextFor(t, 50*time.Millisecond)
	defer cancel()
	_, err := itglue.ListOrganizations.Call(ctx, s.session, itglue.ListOrganizationsInput{})
	code(t, component.Unavailable, err)
	_, err = itglue.CreateOrganization.Call(ctx, s.session, itglue.CreateOrganizationInput{Name: "B"})
	code(t, component.Unavailable, err)
	require.Empty(t, s.Writes(), "a call that ended before it was sent is not sent")
}

func TestRequestsCarryTheKeyAndTheMediaType(t *testing.T) {
	t.Parallel()
	var got []http.Header
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Clone())
		w.WriteHeader(201)
		_, _ = w.Write(fixture(t, "flexible_assets.create.response.json"))
	}))
	_, err := itglue.CreateFlexibleAsset.Call(t.Context(), s.session, itglue.CreateFlexibleAssetInput{OrganizationID: "4901000000000101", TypeID: "4901000000003301", Traits: set("device-name", `"x"`)})
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "application/vnd.api+json", got[0].Get("Content-Type"))
	require.Equal(t, itgluetest.DefaultKey, got[0].Get("x-api-key"))
	require.Empty(t, got[0].Get("Authorization"))
	require.Empty(t, got[0].Get("Idempotency-Key"))
}

func TestActionsAreDescribedAndTheirSchemasAreKept(t *testing.T) {
	t.Parallel()
	c := itglue.Component()
	require.Len(t, c.Actions, 14)
	catalog := component.NewCatalog(c)
	for _, d := range catalog.Describe() {
		require.Equal(t, "itglue", d.Connection, d.Name)
		require.Equal(t, d.Name == "itglue.reveal-password", d.Sensitive, d.Name)
		require.NotContains(t, d.Name, "delete")
	}
	s := start(t, itgluetest.Options{})
	s.AddOrganization(itgluetest.Organization{Name: "A"})
	raw, err := catalog.Invoke(t.Context(), s.session, "itglue.list-organizations", json.RawMessage(`{"limit":1}`))
	require.NoError(t, err)
	require.Contains(t, string(raw), `"name":"A"`)
	_, err = catalog.Invoke(t.Context(), s.session, "itglue.get-organization", json.RawMessage(`{"id":"1/../2"}`))
	code(t, component.InvalidInput, err)
}

func TestTransportIsGivenNoMeansToSendAWriteTwice(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	writes := 0
	s.host.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet {
			writes++
			if r.GetBody != nil || r.Header.Get("Idempotency-Key") != "" || r.Header.Get("X-Idempotency-Key") != "" {
				t.Error("with these Go's own transport repeats a write")
			}
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	_, err := itglue.CreateOrganization.Call(t.Context(), s.open(itgluetest.DefaultKey, nil), itglue.CreateOrganizationInput{Name: "B"})
	require.NoError(t, err)
	require.Equal(t, 1, writes)
}
