package revio_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/componenttest"
	"github.com/itglue-revio/itglue-revio/component/revio"
)

// wire is a tenant without a network: it answers what it is told to.
type wire func(*http.Request) (status int, body string)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := w(r)
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

const (
	wireSecret = "canary-of-the-client-secret"
	wireToken  = "canary-of-the-token"
)

// granted answers the exchange of a token, and everything else by w.
func granted(w wire) wire {
	return func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/oauth/token") {
			return http.StatusOK, fmt.Sprintf(`{"access_token":%q,"expires_in":3600}`, wireToken)
		}
		return w(r)
	}
}

// once answers the first requests with a status and a body, and any further
// ones with an empty list.
func once(status int, body string) wire {
	asked := 0
	return func(*http.Request) (int, string) {
		if asked++; asked > 6 {
			return http.StatusOK, `{"data":[]}`
		}
		return status, body
	}
}

// over makes a session on a wire.
func over(w wire) *component.Session {
	raw := json.RawMessage(fmt.Sprintf(`{"tenant":"acme.psarev.io","clientId":"client","clientSecret":%q,"production":true}`, wireSecret))
	s := component.NewSession(&component.Host{Transport: w, Profiles: map[string]json.RawMessage{
		"revio": json.RawMessage(`{"limits":{"ratePerSecond":100000,"burst":100000,"retries":0}}`)}})
	s.Strict = true
	s.Settings = func(context.Context, string) (json.RawMessage, error) { return raw, nil }
	return s
}

// reading are the actions that read, with an input for each.
var reading = []struct {
	action component.Callable
	input  string
}{
	{revio.ListCustomers, `{}`},
	{revio.GetCustomer, `{"id":"1015"}`},
	{revio.ListAssetTypes, `{}`},
	{revio.ListAssets, `{"customerId":"1015"}`},
	{revio.ListAssets, `{"customerId":"1015","limit":2}`},
	{revio.FindAssets, `{"customerId":"1015","serialNumber":"5CG2217QXM"}`},
	{revio.GetAsset, `{"id":"77"}`},
}

// requireFit demands of an error what every face relies on: a code, words of a
// bounded length that a terminal can show, and no secret.
func requireFit(t *testing.T, err error) {
	t.Helper()
	var e *component.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, component.Codes(), e.Code)
	require.NotEqual(t, component.Internal, e.Code, "what Rev.io answers is no defect of ours: %v", err)
	words := err.Error()
	require.Less(t, len(words), 8<<10, "%.300s…", words)
	require.True(t, utf8.ValidString(words), "%q", words)
	require.False(t, strings.ContainsFunc(words, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }), "%q", words)
	require.NotContains(t, words, wireSecret)
	require.NotContains(t, words, wireToken)
}

var idOnly = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// FuzzAnswer reads any answer of success with every action that reads. What
// comes of it fits the action's schema or is an error fit to be shown; a list
// holds each record once; one that is called complete has no odd record.
func FuzzAnswer(f *testing.F) {
	for _, d := range componenttest.Corpus("json") {
		for i := range reading {
			f.Add(uint8(i), []byte(d))
		}
	}
	f.Add(uint8(0), []byte(`{"data":[{"customerId":1015,"customerName":"Acme","website":"http://[::1%25eth0]:80/x","modifiedDate":"2024-01-15 10:00:00"}],"meta":{"total":1}}`))
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		r := reading[int(which)%len(reading)]
		raw, err := r.action.Invoke(t.Context(), over(granted(once(http.StatusOK, string(body)))), json.RawMessage(r.input))
		if err != nil {
			requireFit(t, err)
			return
		}
		var out struct {
			ID    string `json:"id"`
			Items []struct {
				ID         string `json:"id"`
				CustomerID string `json:"customerId"`
			} `json:"items"`
			component.Listing
		}
		require.NoError(t, json.Unmarshal(raw, &out))
		require.Less(t, len(raw), 64*len(body)+4096)
		seen := map[string]bool{}
		for _, item := range out.Items {
			require.Regexp(t, idOnly, item.ID)
			require.False(t, seen[item.ID], "%s twice", item.ID)
			seen[item.ID] = true
			if item.CustomerID != "" {
				require.Equal(t, "1015", item.CustomerID, "another customer's record was let through")
			}
		}
		if out.Complete {
			require.Empty(t, out.Odd)
			require.Empty(t, out.Next)
		}
	})
}

// FuzzRefusal reads any body with any status of failure, to a read and to a
// write. The status alone decides the code, and a write is never certain to
// have failed when the service broke down over it.
func FuzzRefusal(f *testing.F) {
	for i, d := range componenttest.Corpus("json") {
		for _, status := range []uint16{302, 400, 401, 403, 404, 405, 408, 409, 413, 422, 423, 429, 500, 503} {
			f.Add(status, i%2 == 0, []byte(d))
		}
	}
	for _, text := range append(componenttest.Corpus("texts"), wireSecret, "Bearer "+wireToken, "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.x") {
		quoted, _ := json.Marshal(map[string]any{"message": text, "traceId": text})
		f.Add(uint16(422), false, quoted)
	}
	f.Fuzz(func(t *testing.T, status uint16, write bool, body []byte) {
		code := 300 + int(status)%300
		s := over(granted(func(*http.Request) (int, string) { return code, string(body) }))
		var err error
		if write {
			_, err = revio.CreateAsset.Call(t.Context(), s, revio.CreateAssetInput{CustomerID: "1015", TypeID: "1", Fields: map[string]string{"name": "BWH-LT-014"}})
		} else {
			_, err = revio.GetAsset.Call(t.Context(), s, revio.ByID{ID: "77"})
		}
		require.Error(t, err)
		requireFit(t, err)
		broke := code < 400 || code >= 500 || code == 408
		switch got := component.CodeOf(err); {
		case broke && write:
			require.Equal(t, component.Unsettled, got, "%d: %v", code, err)
		case broke:
			require.Equal(t, component.Unavailable, got, "%d: %v", code, err)
		default:
			require.NotContains(t, []component.Code{component.Unsettled, component.Unavailable}, got, "%d: %v", code, err)
		}
	})
}

// FuzzToken reads any answer of the exchange of a token, whose words may be a
// token with any payload. A call is made with the token that was given, in a
// header that carries nothing else, or not at all.
func FuzzToken(f *testing.F) {
	for _, d := range componenttest.Corpus("json") {
		f.Add(uint16(200), []byte(d), []byte(`{"exp":1767225600}`))
		f.Add(uint16(401), []byte(d), []byte(`{}`))
	}
	for _, exp := range []string{`{"exp":-1}`, `{"exp":1e400}`, `{"exp":"x"}`, `{"exp":9223372036854775807}`, `{"exp":null}`, `[]`, `"`, "\xff"} {
		f.Add(uint16(200), []byte(`JWT`), []byte(exp))
	}
	f.Fuzz(func(t *testing.T, status uint16, body, payload []byte) {
		if string(body) == "JWT" {
			body = fmt.Appendf(nil, `{"access_token":"eyJhbGciOiJub25lIn0.%s.x"}`, base64.RawURLEncoding.EncodeToString(payload))
		}
		calls, exchanges := 0, 0
		s := over(func(r *http.Request) (int, string) {
			if strings.HasSuffix(r.URL.Path, "/oauth/token") {
				exchanges++
				return 200 + int(status)%400, string(body)
			}
			calls++
			require.Len(t, r.Header["Authorization"], 1)
			require.Regexp(t, `^Bearer [\x21-\x7e]+$`, r.Header.Get("Authorization"))
			return http.StatusOK, `{"data":{"id":1015,"customerName":"Acme"}}`
		})
		_, err := revio.GetCustomer.Call(t.Context(), s, revio.ByID{ID: "1015"})
		require.LessOrEqual(t, exchanges, 2)
		if err != nil {
			requireFit(t, err)
			require.Zero(t, calls)
			return
		}
		require.Equal(t, 1, calls)
	})
}

// FuzzField reads any value in a field of an asset. It is the text that came,
// nothing, or a record put aside; an install date is the date as it is written,
// and a time is one that the text says.
func FuzzField(f *testing.F) {
	for _, kind := range []string{"texts", "dates", "serials"} {
		for _, v := range componenttest.Corpus(kind) {
			quoted, err := json.Marshal(v)
			require.NoError(f, err)
			f.Add(quoted)
		}
	}
	for _, v := range []string{`null`, `5`, `1.50`, `1e400`, `true`, `[]`, `{}`, `"\ud800"`} {
		f.Add([]byte(v))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if !json.Valid(value) {
			return
		}
		body := fmt.Sprintf(`{"data":[{"id":77,"customerId":1015,"assetTypeId":1,"name":"x","serialNumber":%s,"installDate":%s,"modifiedDate":%s}]}`, value, value, value)
		asked := 0
		list, err := revio.ListAssets.Call(t.Context(), over(granted(func(*http.Request) (int, string) {
			if asked++; asked > 1 {
				return http.StatusOK, `{"data":[]}`
			}
			return http.StatusOK, body
		})), revio.ListAssetsInput{CustomerID: "1015"})
		require.NoError(t, err)
		require.Equal(t, 1, len(list.Items)+len(list.Odd), "it is read or put aside")
		if len(list.Items) == 0 {
			return
		}
		a := list.Items[0]
		serial, date := a.Fields["serialNumber"], a.Fields["installDate"]
		var text string
		if json.Unmarshal(value, &text) == nil && strings.TrimSpace(text) != "" {
			require.Equal(t, text, serial)
		}
		require.LessOrEqual(t, len(date), len(serial))
		require.True(t, date == "" || strings.Contains(serial, date), "%q became %q", serial, date)
		if a.ModifiedAt != nil {
			require.Equal(t, time.UTC, a.ModifiedAt.Location())
			require.Contains(t, serial, "-", "a bare number is no time")
		}
	})
}
