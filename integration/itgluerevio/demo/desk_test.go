package demo_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
)

// deskOf serves a desk and gives how to look at it and how to edit there.
func deskOf(t *testing.T, h http.Handler) (look func(search string) string, edit func(kind, id, key, value string) int) {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	look = func(search string) string {
		answer, err := http.Get(server.URL + "/?search=" + url.QueryEscape(search))
		require.NoError(t, err)
		defer func() { _ = answer.Body.Close() }()
		page, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, answer.StatusCode)
		require.Contains(t, answer.Header.Get("Content-Security-Policy"), "default-src 'none'")
		return string(page)
	}
	edit = func(kind, id, key, value string) int {
		answer, err := http.PostForm(server.URL+"/", url.Values{"kind": {kind}, "id": {id}, "key": {key}, "value": {value}})
		require.NoError(t, err)
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	return look, edit
}

func TestRecordsOfBothSimulatorsAreFoundAndEdited(t *testing.T) {
	t.Parallel()
	w := demo.NewWorld(demo.Options{Seed: 1, Assets: 40})
	asset := w.ITGlue.Assets()[0]
	typ, _ := w.ITGlue.Type(asset.TypeID)
	field := typ.Fields[1]
	look, edit := deskOf(t, w.DeskOfITGlue())
	require.Contains(t, look(""), "the first 40 are shown")
	require.NotContains(t, look(asset.Name), "Saved.")
	require.Equal(t, http.StatusOK, edit("asset", asset.ID, field.Key, "X-1 & <b>"))
	require.Contains(t, look("x-1"), "X-1 &amp; &lt;b&gt;")
	require.Equal(t, http.StatusOK, edit("type", typ.ID, field.ID, "Serial"))
	renamed, _ := w.ITGlue.Asset(asset.ID)
	require.Equal(t, `"X-1 \u0026 \u003cb\u003e"`, strings.NewReplacer("&", `\u0026`, "<", `\u003c`, ">", `\u003e`).Replace(string(renamed.Traits[itgluetest.KeyOf("Serial")])))
	require.Equal(t, http.StatusOK, edit("organization", asset.OrganizationID, "name", "<script>alert(1)</script>"))
	require.NotContains(t, look(""), "<script>")

	other := w.Revio.Assets("")[0]
	look, edit = deskOf(t, w.DeskOfRevio())
	require.Equal(t, http.StatusOK, edit("asset", other.ID, "operatingSystem", "Windows 12"))
	require.Contains(t, look("windows 12"), "Save Operating System of")
	require.Equal(t, http.StatusOK, edit("customer", other.CustomerID, "name", "Renamed"))
	customer, _ := w.Revio.Customer(other.CustomerID)
	require.Equal(t, "Renamed", customer.Name)
	for _, no := range [][3]string{{"asset", "none", "name"}, {"asset", other.ID, "typeId"}, {"customer", other.ID, "name"}} {
		require.Equal(t, http.StatusNotFound, edit(no[0], no[1], no[2], "x"), no)
	}
}

func TestOtherSitesCannotEditWhatIsSimulated(t *testing.T) {
	t.Parallel()
	w := demo.NewWorld(demo.Options{Seed: 1, Assets: 10})
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("kind=customer&id=1001&key=name&value=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer := httptest.NewRecorder()
	w.DeskOfRevio().ServeHTTP(answer, r)
	require.Equal(t, http.StatusForbidden, answer.Code)
}
