package revio_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestOneTokenServesManyCallersOfACredential(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, _ := stock(x)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
			require.NoError(t, err)
		})
	}
	all.Wait()
	require.Equal(t, 1, x.TokenRequests())
	require.Len(t, x.Requests(), 20)
}

func TestRevokedTokenIsRenewedOnceForManyCallers(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, _ := stock(x)
	_, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
	require.NoError(t, err)
	x.RevokeTokens()
	x.ResetRequests()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
			require.NoError(t, err)
		})
	}
	all.Wait()
	require.Equal(t, 1, x.TokenRequests())
}

func TestTokenThatIsAboutToEndIsRenewedBeforeItDoes(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		switches  reviotest.Switches
		exchanges int
	}{
		"an hour, from expires_in":         {reviotest.Switches{}, 1},
		"an hour, from the token's exp":    {reviotest.Switches{NoExpiresIn: true}, 1},
		"ten minutes, from nothing at all": {reviotest.Switches{NoExpiresIn: true, OpaqueToken: true}, 1},
		"over already":                     {reviotest.Switches{NoExpiresIn: true, TokenLife: -1}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := serve(t, reviotest.Options{Switches: row.switches}, nil)
			customer, _ := stock(x)
			for range 2 {
				_, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
				if row.exchanges == 1 {
					require.NoError(t, err)
				}
			}
			require.GreaterOrEqual(t, x.TokenRequests(), row.exchanges)
			if row.exchanges == 1 {
				require.Equal(t, 1, x.TokenRequests())
			}
		})
	}
}

func TestAnyWayToGetATokenIsAChangeOfTheProfileOnly(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"client credentials":          `{}`,
		"client credentials, scoped":  `{"token":{"scope":"psa.assets"}}`,
		"client credentials by Basic": `{"token":{"auth":"basic"}}`,
		"JSON client secret":          `{"token":{"preset":"json-client-secret"}}`,
		"API key":                     `{"token":{"preset":"api-key"}}`,
		"fields of one's own":         `{"token":{"url":"/login","encoding":"json","fields":{"user":"{{.ClientID}}","pass":"{{.ClientSecret}}","kind":"svc"},"token":"/result/jwt"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := revio.ReadProfile(json.RawMessage(doc))
			require.NoError(t, err)
			x := serve(t, reviotest.Options{Profile: p, ClientID: "id with space", ClientSecret: "s:cr%t"}, nil)
			customer, _ := stock(x)
			_, err = revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
			require.NoError(t, err)
			require.Equal(t, 1, x.TokenRequests())
		})
	}
}

func TestRefusedCredentialsAreUnauthorizedAndNothingElseIsCalled(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	stock(x)
	s := x.sessionWith(json.RawMessage(`{"tenant":"acme.psarev.io","clientId":"client","clientSecret":"hunter2-wrong","production":true}`))
	_, err := revio.ListCustomers.Call(t.Context(), s, revio.ListCustomersInput{})
	require.ErrorIs(t, err, component.Unauthorized)
	require.NotContains(t, err.Error(), "hunter2-wrong")
	require.Empty(t, x.Requests())
}

func TestSecond401InARowIsUnauthorized(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	customer, _ := stock(x)
	x.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 401, Times: -1})
	_, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: customer})
	require.ErrorIs(t, err, component.Unauthorized)
	require.Len(t, x.Requests(), 2)
	require.Equal(t, 2, x.TokenRequests())
}

// inMemory answers requests by calling the tenant, without a network: a test
// that moves the clock has no other goroutines to wait for.
type inMemory struct{ to http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	out := httptest.NewRecorder()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	m.to.ServeHTTP(out, r)
	return out.Result(), nil
}

func TestTokenIsRenewedAMinuteBeforeItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := reviotest.New(reviotest.Options{})
		customer := w.AddCustomer("Contoso Ltd")
		host := &component.Host{Transport: inMemory{w}}
		read := func() {
			s := component.NewSession(host)
			s.Settings = settings(string(w.Settings(true)))
			_, err := revio.GetCustomer.Call(t.Context(), s, revio.ByID{ID: customer})
			require.NoError(t, err)
		}
		read()
		time.Sleep(58 * time.Minute)
		read()
		require.Equal(t, 1, w.TokenRequests())
		time.Sleep(90 * time.Second)
		read()
		require.Equal(t, 2, w.TokenRequests())
		for _, r := range w.Requests() {
			require.Equal(t, http.StatusOK, r.Status, "no call was made with a token that had ended")
		}
	})
}
