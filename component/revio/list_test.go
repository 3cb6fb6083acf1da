package revio_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// many gives the tenant a customer with n assets, and another with a few.
func many(x *tenant, n int) (customer string) {
	customer, kind := stock(x)
	other := x.AddCustomer("Another")
	for i := range n {
		x.AddAsset(customer, kind, fields(fmt.Sprintf("WS-%03d", i), fmt.Sprintf("SN%03d", i)))
		if i%3 == 0 {
			x.AddAsset(other, kind, fields(fmt.Sprintf("X-%03d", i), fmt.Sprintf("XN%03d", i)))
		}
	}
	return customer
}

func TestListIsWholeHoweverTheTenantPages(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		switches reviotest.Switches
		assets   int
		requests int
	}{
		"a total, a short page":             {reviotest.Switches{}, 25, 3},
		"a total, full pages only":          {reviotest.Switches{}, 20, 3},
		"no total":                          {reviotest.Switches{NoTotal: true}, 25, 4},
		"nothing there":                     {reviotest.Switches{}, 0, 1},
		"nothing there and no total":        {reviotest.Switches{NoTotal: true}, 0, 1},
		"smaller pages than asked for":      {reviotest.Switches{NoTotal: true, ClampPerPage: 7}, 25, 5},
		"smaller pages, and a total":        {reviotest.Switches{ClampPerPage: 7}, 25, 4},
		"the last page again and again":     {reviotest.Switches{NoTotal: true, RepeatLastPage: true}, 25, 5},
		"filters that are ignored":          {reviotest.Switches{IgnoreFilters: true}, 25, 4},
		"ids as text":                       {reviotest.Switches{TextIDs: true}, 25, 3},
		"names with underscores":            {reviotest.Switches{SnakeCase: true}, 25, 3},
		"underscores, text, clamp, filters": {reviotest.Switches{SnakeCase: true, TextIDs: true, ClampPerPage: 9, IgnoreFilters: true, NoTotal: true}, 25, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{Switches: row.switches}, func(p *revio.Profile) { p.PerPage = 10 })
			customer := many(x, row.assets)
			list, err := revio.ListAssets.Call(t.Context(), x.session(), revio.ListAssetsInput{CustomerID: customer})
			require.NoError(t, err)
			require.Len(t, list.Items, row.assets)
			require.True(t, list.Complete, list.Why)
			require.Empty(t, list.Next)
			require.Len(t, x.Requests(), row.requests)
			for _, a := range list.Items {
				require.Equal(t, customer, a.CustomerID)
			}
		})
	}
}

func TestListThatCannotBeTrustedIsNotComplete(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		switches reviotest.Switches
		why      string
	}{
		"pages are ignored":                        {reviotest.Switches{NoTotal: true, IgnorePages: true}, "query.page"},
		"pages are ignored, and the total is more": {reviotest.Switches{IgnorePages: true}, "says there are"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{Switches: row.switches}, func(p *revio.Profile) { p.PerPage = 10 })
			customer := many(x, 25)
			list, err := revio.ListAssets.Call(t.Context(), x.session(), revio.ListAssetsInput{CustomerID: customer})
			require.NoError(t, err)
			require.False(t, list.Complete)
			require.Contains(t, list.Why, row.why)
		})
	}
}

// answers serves fixed bodies by page, whatever is asked for, beside a token.
func answers(t *testing.T, pages ...string) *component.Session {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte(`{"access_token":"t","expires_in":3600}`))
			return
		}
		page := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &page)
		_, _ = w.Write([]byte(pages[min(max(page, 1), len(pages))-1]))
	}))
	t.Cleanup(server.Close)
	doc := fmt.Sprintf(`{"baseURL":%q,"limits":{"ratePerSecond":10000,"retries":0}}`, server.URL)
	s := component.NewSession(&component.Host{AllowedEndpoints: []string{server.URL}, Profiles: map[string]json.RawMessage{"revio": json.RawMessage(doc)}})
	s.Strict = true
	s.Settings = settings(`{"tenant":"acme.psarev.io","clientId":"a","clientSecret":"b","production":true}`)
	return s
}

func TestListThatChangesWhileItIsReadIsNotComplete(t *testing.T) {
	t.Parallel()
	s := answers(t,
		`{"data":{"items":[{"customerId":1,"name":"a"},{"customerId":2,"name":"b"}],"total":3}}`,
		`{"data":{"items":[],"total":2}}`)
	list, err := revio.ListCustomers.Call(t.Context(), s, revio.ListCustomersInput{})
	require.NoError(t, err)
	require.Len(t, list.Items, 2)
	require.False(t, list.Complete)
	require.Contains(t, list.Why, "changed while it was read")
}

func TestPageThatIsRepeatedByMistakeHidesNothing(t *testing.T) {
	t.Parallel()
	one, two := `{"data":[{"customerId":1,"name":"a"}]}`, `{"data":[{"customerId":2,"name":"b"}]}`
	list, err := revio.ListCustomers.Call(t.Context(), answers(t, one, one, two, `{"data":[]}`), revio.ListCustomersInput{})
	require.NoError(t, err)
	require.Len(t, list.Items, 2)
	require.True(t, list.Complete, list.Why)
}

func TestOddRecordIsPutAsideAndTheListIsNotComplete(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]string{
		"no id":         `{"customerName":"b"}`,
		"no name":       `{"customerId":7}`,
		"a broken id":   `{"customerId":7.5,"name":"b"}`,
		"an odd name":   `{"customerId":7,"name":{"first":"b"}}`,
		"no record":     `"b"`,
		"nothing there": `null`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := answers(t, `{"data":[{"customerId":1,"name":"a"},`+row+`]}`, `{"data":[]}`)
			list, err := revio.ListCustomers.Call(t.Context(), s, revio.ListCustomersInput{})
			require.NoError(t, err)
			require.Len(t, list.Items, 1)
			require.Len(t, list.Odd, 1)
			require.False(t, list.Complete)
		})
	}
}

func TestListIsFoundAtAnyOfThePointersAndIdsAreExact(t *testing.T) {
	t.Parallel()
	const row = `{"customerId":9007199254740993123,"name":"a"}`
	for name, body := range map[string]string{
		"data": `{"data":[%s]}`, "items inside": `{"data":{"items":[%s]}}`, "records": `{"data":{"records":[%s]}}`,
		"results": `{"data":{"results":[%s]}}`, "items": `{"items":[%s]}`, "bare": `[%s]`, "byte order mark": "\ufeff" + `{"data":[%s]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := answers(t, fmt.Sprintf(body, row), fmt.Sprintf(body, ""))
			list, err := revio.ListCustomers.Call(t.Context(), s, revio.ListCustomersInput{})
			require.NoError(t, err)
			require.Len(t, list.Items, 1)
			require.Equal(t, "9007199254740993123", list.Items[0].ID)
			require.True(t, list.Complete, list.Why)
		})
	}
}

func TestAnswerThatIsNoListNamesTheProfileLine(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":{"rows":[]}}`, `{}`, `"text"`, ``} {
		_, err := revio.ListCustomers.Call(t.Context(), answers(t, body), revio.ListCustomersInput{})
		require.ErrorIs(t, err, component.Unavailable)
		require.ErrorContains(t, err, "listPointers")
	}
	_, err := revio.ListCustomers.Call(t.Context(), answers(t, `<html>`), revio.ListCustomersInput{})
	require.ErrorIs(t, err, component.Unavailable)
	require.ErrorContains(t, err, "not JSON")
}

func TestListCanBeReadInParts(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]reviotest.Switches{
		"as the contract has it": {}, "no total": {NoTotal: true}, "smaller pages": {ClampPerPage: 3, NoTotal: true}, "the last page again": {RepeatLastPage: true, NoTotal: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{Switches: switches}, nil)
			for i := range 12 {
				x.AddCustomer(fmt.Sprintf("Customer %d", i))
			}
			var names []string
			in := revio.ListCustomersInput{Page: component.Page{Limit: 5}}
			for calls := 0; calls == 0 || in.Cursor != ""; calls++ {
				require.Less(t, calls, 10)
				list, err := revio.ListCustomers.Call(t.Context(), x.session(), in)
				require.NoError(t, err)
				require.LessOrEqual(t, len(list.Items), 5)
				require.False(t, list.Complete, "a part is not the whole")
				for _, c := range list.Items {
					names = append(names, c.Name)
				}
				in.Cursor = list.Next
			}
			require.Len(t, names, 12)
			require.Equal(t, "Customer 11", names[11])
		})
	}
}

func TestCursorThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	for _, cursor := range []string{"x", "1.10.a", "2.0.a", "2.999.a", "2.10"} {
		_, err := revio.ListCustomers.Call(t.Context(), x.session(), revio.ListCustomersInput{Page: component.Page{Cursor: cursor}})
		require.ErrorIs(t, err, component.InvalidInput, cursor)
	}
	require.Empty(t, x.Requests())
}

func TestListWithoutPagesIsOneRequest(t *testing.T) {
	t.Parallel()
	p := revio.DefaultProfile()
	p.Query.Page, p.Query.PerPage = "", ""
	x := serve(t, reviotest.Options{Profile: p, Switches: reviotest.Switches{NoTotal: true}}, nil)
	customer := many(x, 250)
	list, err := revio.ListAssets.Call(t.Context(), x.session(), revio.ListAssetsInput{CustomerID: customer})
	require.NoError(t, err)
	require.Len(t, list.Items, 250)
	require.True(t, list.Complete, list.Why)
	require.Len(t, x.Requests(), 1)
}
