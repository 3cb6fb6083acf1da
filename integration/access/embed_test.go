package access_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// embedded opens a house that may be embedded, and gives an API token of who
// embeds it.
func embedded(t *testing.T) (*house, *browser) {
	t.Helper()
	h := newHouse(t, func(s *access.Site) {
		s.Embed = map[string]string{"sample.operate": "customerId", "sample.view": "customerId", "sample.configure": "customerId"}
	})
	token, _ := h.person("host", on("acme", access.Operator), on("rival", access.Operator)).token("*", "view", "operate")
	return h, token
}

func (b *browser) embedToken(instance, customer string) string {
	b.h.t.Helper()
	r := b.callOn(instance, "embed.create-token", map[string]any{"customerId": customer})
	require.Equal(b.h.t, http.StatusOK, r.status, r.body)
	return r.field("token").(string)
}

func TestEmbedTokenIsForOneCustomerOfOneInstance(t *testing.T) {
	t.Parallel()
	h, host := embedded(t)
	b := h.bearer(host.embedToken("acme", "77"))
	mine, other := map[string]any{"customerId": "77"}, map[string]any{"customerId": "78"}
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.operate", mine).status)
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.view", mine).status)
	for name, r := range map[string]reply{
		"another customer":       b.callOn("acme", "sample.operate", other),
		"no customer":            b.callOn("acme", "sample.operate", nil0),
		"more than to operate":   b.callOn("acme", "sample.configure", mine),
		"an action not bound":    b.callOn("acme", "sample.audit", mine),
		"another embed token":    b.callOn("acme", "embed.create-token", mine),
		"an account's own":       b.call("account.show", nil0),
		"a token for later":      b.call("tokens.create", map[string]any{"name": "t", "instance": "acme", "accesses": []string{"view"}}),
		"a customer said twice":  b.send("POST", "/v1/instances/acme/actions/sample.operate", json.RawMessage(`{"customerId":"77","customerId":"78"}`)),
		"a customer in capitals": b.send("POST", "/v1/instances/acme/actions/sample.operate", json.RawMessage(`{"CustomerID":"77"}`)),
	} {
		require.Equal(t, http.StatusForbidden, r.status, name)
	}
	require.Equal(t, http.StatusNotFound, b.callOn("rival", "sample.operate", mine).status)
	require.Contains(t, strings.Join(h.audit(), "\n"), "token:nightly of user:host embed.create-token customer 77")
}

func TestEmbedTokenEndsAfterTenMinutesOrWithItsOwner(t *testing.T) {
	t.Parallel()
	h, host := embedded(t)
	mine := map[string]any{"customerId": "77"}
	require.Equal(t, http.StatusUnprocessableEntity, host.callOn("acme", "embed.create-token", map[string]any{"customerId": "77", "minutes": 11}).status)
	b := h.bearer(host.embedToken("acme", "77"))
	h.clock.pass(9 * time.Minute)
	require.Equal(t, http.StatusOK, b.callOn("acme", "sample.operate", mine).status)
	h.clock.pass(time.Minute + time.Second)
	require.Equal(t, http.StatusUnauthorized, b.callOn("acme", "sample.operate", mine).status)
	b = h.bearer(host.embedToken("acme", "77"))
	less := []access.Grant{on("acme", access.Viewer)}
	h.operate("users.update", access.UpdateUserInput{ID: "host", Grants: &less}, nil)
	require.Equal(t, http.StatusForbidden, b.callOn("acme", "sample.operate", mine).status)
	h.operate("users.remove", access.UserInput{ID: "host"}, nil)
	require.Equal(t, http.StatusUnauthorized, b.callOn("acme", "sample.view", mine).status)
}

func TestServerThatIsEmbeddedNowhereMakesNoEmbedToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token, _ := h.person("host", on("acme", access.Operator)).token("acme", "operate")
	require.Equal(t, http.StatusForbidden, token.callOn("acme", "embed.create-token", map[string]any{"customerId": "77"}).status)
}

// forge signs claims as an embed token.
func forge(t *testing.T, key jose.SigningKey, kind string, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType(jose.ContentType(kind)))
	require.NoError(t, err)
	raw, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(raw)
	require.NoError(t, err)
	text, err := signed.CompactSerialize()
	require.NoError(t, err)
	return text
}

func TestEmbedTokenIsTakenOnlyAsWeSignIt(t *testing.T) {
	t.Parallel()
	h, host := embedded(t)
	token := host.embedToken("acme", "77")
	parts := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(raw, &claims))
	seed := ""
	require.NoError(t, h.store.Read(t.Context(), func(tx store.Tx) error {
		seed, err = tx.Unseal(t.Context(), "", "embed.ed25519")
		return err
	}))
	rawSeed, err := base64.StdEncoding.DecodeString(seed)
	require.NoError(t, err)
	ours := jose.SigningKey{Algorithm: jose.EdDSA, Key: ed25519.NewKeyFromSeed(rawSeed)}
	_, another, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	const kind = "itglue-revio-embed+jwt"
	with := func(member string, value any) map[string]any {
		c := maps.Clone(claims)
		c[member] = value
		if value == nil {
			delete(c, member)
		}
		return c
	}
	now := h.clock.now().Unix()
	for name, forged := range map[string]string{
		"another key":       forge(t, jose.SigningKey{Algorithm: jose.EdDSA, Key: another}, kind, claims),
		"a shared secret":   forge(t, jose.SigningKey{Algorithm: jose.HS256, Key: []byte(ours.Key.(ed25519.PrivateKey).Public().(ed25519.PublicKey))}, kind, claims),
		"another kind":      forge(t, ours, "JWT", claims),
		"another audience":  forge(t, ours, kind, with("aud", "https://other.example/embed")),
		"another issuer":    forge(t, ours, kind, with("iss", "https://other.example")),
		"no end":            forge(t, ours, kind, with("exp", nil)),
		"a life too long":   forge(t, ours, kind, with("exp", now+3600)),
		"a later beginning": forge(t, ours, kind, with("iat", now+3600)),
		"no beginning":      forge(t, ours, kind, with("iat", nil)),
		"no customer":       forge(t, ours, kind, with("customer", "")),
		"no instance":       forge(t, ours, kind, with("instance", nil)),
		"nobody":            forge(t, ours, kind, with("sub", "nobody")),
		"no signature":      parts[0] + "." + parts[1] + ".",
		"algorithm none":    base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"`+kind+`"}`)) + "." + parts[1] + ".",
	} {
		r := h.bearer(forged).callOn("acme", "sample.view", map[string]any{"customerId": "77"})
		require.Equal(t, http.StatusUnauthorized, r.status, name)
	}
	require.Equal(t, http.StatusOK, h.bearer(forge(t, ours, kind, claims)).callOn("acme", "sample.view", map[string]any{"customerId": "77"}).status)
}
