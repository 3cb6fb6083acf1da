package itglue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/componenttest"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// wire is an IT Glue without a network: it answers what it is told to.
type wire func(*http.Request) (status int, body string)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := w(r)
	header := http.Header{"Content-Type": {"application/vnd.api+json"}}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// once answers the first requests with a status and a body, and any further
// ones with 404, so that no page count makes a walk long.
func once(status int, body string) wire {
	asked := 0
	return func(*http.Request) (int, string) {
		if asked++; asked > 6 {
			return http.StatusNotFound, ""
		}
		return status, body
	}
}

// over makes a session on a wire.
func over(w wire) *component.Session {
	raw, _ := json.Marshal(map[string]string{"region": "us", "apiKey": itgluetest.DefaultKey})
	s := component.NewSession(&component.Host{Transport: w, Profiles: map[string]json.RawMessage{
		"itglue": json.RawMessage(`{"ratePerSecond":100000,"burst":100000,"retries":0,"inFlight":1,"pageSize":10}`)}})
	s.Strict, s.Settings = true, func(context.Context, string) (json.RawMessage, error) { return raw, nil }
	return s
}

// reading are the actions that read, with an input for each.
var reading = []struct {
	action component.Callable
	input  string
}{
	{itglue.ListOrganizations, `{}`},
	{itglue.GetOrganization, `{"id":"1"}`},
	{itglue.ListFlexibleAssetTypes, `{"withFields":true}`},
	{itglue.ListFlexibleAssetFields, `{"typeId":"301"}`},
	{itglue.ListFlexibleAssets, `{"typeId":"301","organizationIds":["7"]}`},
	{itglue.GetFlexibleAsset, `{"id":"1"}`},
	{itglue.ListPasswords, `{"limit":5}`},
	{itglue.GetPassword, `{"id":"1"}`},
	{itglue.RevealPassword, `{"id":"1"}`},
}

// documents are the fixtures and the corpus: what answers look like, and what
// they should not.
func documents(t testing.TB) []string {
	t.Helper()
	all := componenttest.Corpus("json")
	files, err := filepath.Glob("testdata/fixtures/*.json")
	require.NoError(t, err)
	refusals, err := filepath.Glob("testdata/fixtures/errors/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, refusals)
	for _, f := range append(files, refusals...) {
		raw, err := os.ReadFile(f)
		require.NoError(t, err)
		all = append(all, string(raw))
	}
	return all
}

// requireFit demands of an error what every face relies on: a code, words of a
// bounded length that a terminal can show, and no key.
func requireFit(t *testing.T, err error) {
	t.Helper()
	var e *component.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, component.Codes(), e.Code)
	require.NotEqual(t, component.Internal, e.Code, "what IT Glue answers is no defect of ours: %v", err)
	words := err.Error()
	require.Less(t, len(words), 8<<10, "%.300s…", words)
	require.True(t, utf8.ValidString(words), "%q", words)
	require.False(t, strings.ContainsFunc(words, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }), "%q", words)
	require.NotContains(t, words, itgluetest.DefaultKey)
}

var digitsOnly = regexp.MustCompile(`^(0|[1-9][0-9]{0,18})$`)

// FuzzDocument reads any answer of success with every action that reads. What
// comes of it fits the action's schema or is an error fit to be shown; a list
// holds each record once; one that is called complete has as many as it says.
func FuzzDocument(f *testing.F) {
	for _, d := range documents(f) {
		for i := range reading {
			f.Add(uint8(i), []byte(d))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		r := reading[int(which)%len(reading)]
		raw, err := r.action.Invoke(t.Context(), over(once(http.StatusOK, string(body))), json.RawMessage(r.input))
		if err != nil {
			if !errors.Is(err, itglue.ErrForeignRecord) { // a record that was not asked for is a defect of theirs that is to be reported
				requireFit(t, err)
			}
			return
		}
		var out struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
			component.Listing
		}
		require.NoError(t, json.Unmarshal(raw, &out))
		require.Less(t, len(raw), 16*len(body)+4096)
		seen := map[string]bool{}
		for _, item := range out.Items {
			require.Regexp(t, digitsOnly, item.ID)
			require.False(t, seen[item.ID], "%s twice", item.ID)
			seen[item.ID] = true
		}
		if out.Complete {
			require.Equal(t, out.Total, len(out.Items)+len(out.Odd))
		}
	})
}

// FuzzRefusal reads any body with any status of failure, to a read and to a
// write. The status alone decides the code, and a write is never certain to
// have failed when the service broke down over it.
func FuzzRefusal(f *testing.F) {
	for i, d := range documents(f) {
		for _, status := range []int{302, 400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 504} {
			f.Add(uint16(status), i%2 == 0, []byte(d))
		}
		f.Add(uint16(422), true, []byte(strings.ReplaceAll(d, "title", itgluetest.DefaultKey)))
	}
	f.Fuzz(func(t *testing.T, status uint16, write bool, body []byte) {
		code := 300 + int(status)%300
		s := over(once(code, string(body)))
		var err error
		if write {
			_, err = itglue.CreateOrganization.Call(t.Context(), s, itglue.CreateOrganizationInput{Name: "Main"})
		} else {
			_, err = itglue.GetOrganization.Call(t.Context(), s, itglue.GetOrganizationInput{ID: "1"})
		}
		require.Error(t, err)
		requireFit(t, err)
		want := component.InvalidInput
		switch {
		case code == 429:
			want = component.RateLimited
		case code == 401:
			want = component.Unauthorized
		case code == 403:
			want = component.Forbidden
		case code == 404:
			want = component.NotFound
		case (code < 400 || code >= 500) && write:
			want = component.Unsettled
		case code < 400 || code >= 500:
			want = component.Unavailable
		}
		require.Equal(t, want, component.CodeOf(err), "%d: %v", code, err)
	})
}

// FuzzIDAndTime reads any id and any time. An id is the digits that came, and a
// time the instant that was meant, or the record is refused.
func FuzzIDAndTime(f *testing.F) {
	for _, d := range append(componenttest.Corpus("dates"), componenttest.Corpus("texts")[:20]...) {
		quoted, _ := json.Marshal(d)
		f.Add([]byte(`"1"`), quoted)
		f.Add(quoted, []byte(`"2024-01-15T10:00:00.000Z"`))
	}
	for _, id := range []string{`1`, `"1"`, `null`, `""`, `9007199254740993`, `"9223372036854775807"`, `9223372036854775808`, `-1`, `"+1"`, `"-0"`, `007`, `"007"`, `1.0`, `1e3`, `"0x1"`, `"1_0"`, `[1]`, `true`, `""1""`} {
		f.Add([]byte(id), []byte(`"2024-01-15T10:00:00Z"`))
	}
	f.Fuzz(func(t *testing.T, id, at []byte) {
		body := fmt.Sprintf(`{"data":[{"id":%s,"type":"organizations","attributes":{"name":"Main","updated-at":%s}}],"meta":{"total-pages":1,"total-count":1}}`, id, at)
		if !json.Valid([]byte(body)) || bytes.ContainsAny(id, "{},:") || bytes.ContainsAny(at, "{}[],") {
			return // not one id and one time
		}
		list, err := itglue.ListOrganizations.Call(t.Context(), over(once(http.StatusOK, body)), itglue.ListOrganizationsInput{})
		require.NoError(t, err)
		require.Equal(t, 1, len(list.Items)+len(list.Odd), "it is read or put aside")
		for _, o := range list.Items {
			require.Regexp(t, digitsOnly, o.ID)
			require.Equal(t, o.ID, strings.Trim(string(bytes.TrimSpace(id)), `"`))
			var text string
			require.NoError(t, json.Unmarshal(at, &text))
			if text == "" {
				require.True(t, o.UpdatedAt.IsZero())
				continue
			}
			want, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			require.True(t, want.Equal(o.UpdatedAt))
			require.Equal(t, time.UTC, o.UpdatedAt.Location())
		}
	})
}

// changeable is the type of the asset that FuzzKeptTrait changes: one field of
// each kind.
func changeable() (types string, kinds []string) {
	kinds = []string{"Text", "Textbox", "Select", "Number", "Percent", "Date", "Checkbox", "Tag", "Upload", "Password", "Header", "Unknown"}
	var fields []string
	for i, k := range append(slices.Clone(kinds), "Text") {
		key := strings.ToLower(k)
		if i == len(kinds) {
			key = "ours"
		}
		fields = append(fields, fmt.Sprintf(`{"id":"%d","type":"flexible-asset-fields","attributes":{"flexible-asset-type-id":301,"name":%q,"name-key":%q,"kind":%q,"order":%d}}`, 400+i, key, key, k, i))
	}
	return fmt.Sprintf(`{"data":[%s],"meta":{"total-pages":1,"total-count":%d}}`, strings.Join(fields, ","), len(fields)), kinds
}

// FuzzKeptTrait changes one trait of an asset that holds another of any kind
// and value. Either nothing is written, or the request is a document that holds
// the other trait as it was.
func FuzzKeptTrait(f *testing.F) {
	fields, kinds := changeable()
	for i, raw := range append(componenttest.Corpus("json"), `5`, `"x"`, `[1,2]`, `[null]`, `[null,5]`, `["+5"]`, `["007"]`, `{"type":"Contacts","values":[{"id":5,"name":"Ana"}]}`, `{"values":[]}`, `{"values":[{"id":"-3"}]}`, `1e400`, `"\ud800"`, `0.10`) {
		f.Add(uint8(i), []byte(raw))
		f.Add(uint8(7), []byte(raw))
	}
	f.Fuzz(func(t *testing.T, kind uint8, value []byte) {
		if !json.Valid(value) {
			return
		}
		key := strings.ToLower(kinds[int(kind)%len(kinds)])
		asset := func(ours string) string {
			return fmt.Sprintf(`{"data":{"id":"1","type":"flexible-assets","attributes":{"organization-id":7,"flexible-asset-type-id":301,"name":"x","traits":{"ours":%q,%q:%s}}}}`, ours, key, value)
		}
		var patched []byte
		s := over(func(r *http.Request) (int, string) {
			switch {
			case r.Method == http.MethodPatch:
				patched, _ = io.ReadAll(r.Body)
				return http.StatusOK, asset("new")
			case strings.Contains(r.URL.Path, "flexible_asset_fields"):
				return http.StatusOK, fields
			}
			return http.StatusOK, asset("old")
		})
		_, err := itglue.UpdateFlexibleAsset.Call(t.Context(), s, itglue.UpdateFlexibleAssetInput{ID: "1", Set: set("ours", `"new"`)})
		if err != nil {
			requireFit(t, err)
			require.Nil(t, patched, "%v", err)
			return
		}
		var sent struct {
			Data struct {
				Attributes struct{ Traits map[string]json.RawMessage }
			}
		}
		require.NoError(t, json.Unmarshal(patched, &sent), "%s", patched)
		require.JSONEq(t, `"new"`, string(sent.Data.Attributes.Traits["ours"]))
		back, was := sent.Data.Attributes.Traits[key], compact(t, value)
		switch {
		case back == nil:
			require.Contains(t, []string{`null`, `[]`, `{}`, `{"values":[]}`}, nothing(was), "%s was left out, which deletes it", was)
		case key == "tag":
			require.Regexp(t, `^\[[0-9]+(,[0-9]+)*\]$`, string(back))
		default:
			require.Equal(t, was, compact(t, back))
		}
	})
}

// nothing gives the one form of a value without content, and any other as it
// is.
func nothing(was string) string {
	var s string
	if json.Unmarshal([]byte(was), &s) == nil && strings.TrimSpace(s) == "" {
		return `null`
	}
	var group struct{ Values *[]any }
	if json.Unmarshal([]byte(was), &group) == nil && group.Values != nil && len(*group.Values) == 0 {
		return `{"values":[]}`
	}
	return was
}

func compact(t *testing.T, raw []byte) string {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}
