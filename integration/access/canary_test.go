package access_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Everything that somebody could sign in with is used here, right and wrong, and
// then looked for in the database, the log and the audit log.
func TestWhatOneSignsInWithIsKeptNowhere(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	h := newHouse(t, func(s *access.Site) {
		s.OIDC = &access.OIDC{Issuer: i.url, ClientID: "console", ClientSecret: "client-canary", Groups: msp}
		s.Embed = map[string]string{"sample.operate": "customerId"}
	})
	i.client = h.clock
	canaries := map[string]string{"client secret": "client-canary", "access token": "access-canary", "password": goodPassword, "wrong password": "wrong-canary-password", "password as a name": "canary-in-the-name-field"}
	canaries["first ticket"] = h.firstTicket()
	b := h.browser()
	require.Equal(t, http.StatusOK, setUp(b, canaries["first ticket"], "ana", goodPassword).status)
	canaries["session at set-up"] = b.sessionCookie()
	secret, codes := b.secondFactor()
	canaries["second factor"], canaries["recovery code"], canaries["recovery code without signs"] = secret, codes[0], strings.ReplaceAll(codes[1], "-", "")
	canaries["session with second factor"] = b.sessionCookie()
	h.browser().signIn("ana", "wrong-canary-password", "123456")
	h.browser().signIn("canary-in-the-name-field", goodPassword, "")
	require.Equal(t, http.StatusOK, h.browser().signIn("ana", goodPassword, codes[2]).status)
	invited := b.call("users.create", access.CreateUserInput{Name: "ben", Grants: []access.Grant{on("acme", access.Operator)}})
	canaries["set-up ticket"] = invited.field("token").(string)
	r := b.call("account.change-password", map[string]any{"current": goodPassword, "password": "canary kettles in a changed row"})
	require.Equal(t, http.StatusOK, r.status, r.body)
	canaries["changed password"] = "canary kettles in a changed row"
	token, made := b.token("*", "view", "operate")
	canaries["API token"] = made.Value
	canaries["embed token"] = token.embedToken("acme", "77")
	require.Equal(t, http.StatusOK, h.bearer(canaries["embed token"]).callOn("acme", "sample.operate", map[string]any{"customerId": "77"}).status)
	i.next(anaClaims, nil)
	c := h.browser()
	require.Equal(t, http.StatusSeeOther, c.visit("/v1/oidc/start").status)
	canaries["session of the identity provider"] = c.sessionCookie()
	canaries["state"] = i.asked.Get("state")
	canaries["nonce"] = i.asked.Get("nonce")

	places := map[string]string{"the log": h.log.String()}
	require.NoError(t, h.store.Read(t.Context(), func(tx store.Tx) error {
		entries, err := tx.ListAudit(t.Context(), "", 0, 10_000)
		raw, _ := json.Marshal(entries)
		places["the audit log"] = string(raw)
		return err
	}))
	require.NoError(t, filepath.WalkDir(h.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		places[path] = string(raw)
		return err
	}))
	require.Contains(t, places["the audit log"], "sign-in.failed")
	require.Contains(t, strings.Join(mapped(places), ""), "users.create", "the places are those that are written to")
	for what, canary := range canaries {
		require.Greater(t, len(canary), 8, what)
		for place, text := range places {
			require.NotContains(t, text, canary, "the %s is in %s", what, place)
		}
	}
}

func mapped(m map[string]string) (values []string) {
	for _, v := range m {
		values = append(values, v)
	}
	return values
}
