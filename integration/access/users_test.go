package access_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/access"
)

func TestActionsOfAccountsAreFitForEveryFace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, d := range h.catalog.Describe() {
		raw, err := json.Marshal(d.Input)
		require.NoError(t, err)
		require.Contains(t, string(raw), `"additionalProperties":false`, d.Name)
		require.True(t, strings.HasSuffix(d.Summary, "."), d.Name)
	}
	create, err := h.catalog.Find("users.create")
	require.NoError(t, err)
	for grants, valid := range map[string]bool{
		`[{"instance":"*","roles":["administrator","revealer"]}]`: true,
		`[{"instance":"*","roles":["root"]}]`:                     false,
		`[{"instance":"*","roles":[]}]`:                           false,
		`[{"instance":"","roles":["viewer"]}]`:                    false,
	} {
		require.Equal(t, valid, create.Describe().Input.Check(json.RawMessage(`{"name":"ana","grants":`+grants+`}`)) == nil, grants)
	}
}

func TestAdministratorMakesChangesAndRemovesAccounts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.ready("ana", everywhere(access.Administrator))
	made := b.call("users.create", access.CreateUserInput{Name: "ben", Display: "Ben", Grants: []access.Grant{on("acme", access.Viewer), on(h.acme, access.Operator)}})
	require.Equal(t, http.StatusOK, made.status, made.body)
	require.Equal(t, http.StatusConflict, b.call("users.create", access.CreateUserInput{Name: "BEN"}).status)
	require.Equal(t, http.StatusNotFound, b.call("users.create", access.CreateUserInput{Name: "cid", Grants: []access.Grant{on("nowhere", access.Viewer)}}).status)
	require.Equal(t, http.StatusUnprocessableEntity, b.call("users.create", access.CreateUserInput{Name: " ben"}).status)
	var list access.UserList
	require.NoError(t, json.Unmarshal([]byte(b.call("users.list", nil0).body), &list))
	require.Len(t, list.Items, 2)
	require.Equal(t, []access.Grant{on("acme", access.Operator, access.Viewer)}, list.Items[1].Grants)
	require.Equal(t, "nothing yet", list.Items[1].SignsInWith)
	var page access.UserList
	require.NoError(t, json.Unmarshal([]byte(b.call("users.list", access.ListInput{Limit: 1}).body), &page))
	require.NotEmpty(t, page.Next)
	name := "Benjamin"
	require.Equal(t, http.StatusOK, b.call("users.update", access.UpdateUserInput{ID: "ben", Display: &name}).status)
	require.Equal(t, http.StatusOK, b.call("users.remove", access.UserInput{ID: "ben"}).status)
	require.Equal(t, http.StatusConflict, b.call("users.create", access.CreateUserInput{Name: "ben"}).status, "the audit log names people by their names")
	lines := strings.Join(h.audit(), "\n")
	for _, line := range []string{"os:root users.create user ana", "user:ana users.create user ben", "user:ana users.update user ben", "user:ana users.remove user ben"} {
		require.Contains(t, lines, line)
	}
}

func TestLastAdministratorStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.ready("ana", everywhere(access.Administrator))
	h.operate("users.create", access.CreateUserInput{Name: "robot", Service: true, Grants: []access.Grant{everywhere(access.Administrator)}}, nil)
	less := []access.Grant{everywhere(access.Viewer)}
	require.Contains(t, b.call("users.update", access.UpdateUserInput{ID: "ana", Grants: &less}).body, "the last administrator")
	require.Contains(t, b.call("users.remove", access.UserInput{ID: "ana"}).body, "the last administrator")
	h.operate("users.create", access.CreateUserInput{Name: "ben", Grants: []access.Grant{everywhere(access.Administrator)}}, nil)
	require.Equal(t, http.StatusOK, b.call("users.remove", access.UserInput{ID: "ana"}).status)
}

func TestWizardOffersServiceAccountToPersonalOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.person("ana", on("acme", access.Installer))
	shown := b.call("account.show", nil0)
	require.Equal(t, true, shown.field("personal"))
	require.Contains(t, shown.field("note"), "dedicated service account")
	for _, made := range []bool{true, false} {
		r := b.callOn("acme", "account.make-service", nil0)
		require.Equal(t, http.StatusOK, r.status, r.body)
		require.Equal(t, "itglue-sync@acme", r.field("runAs"))
		require.Equal(t, made, r.field("made"))
	}
	require.Equal(t, http.StatusConflict, b.callOn("acme", "account.make-service", map[string]any{"name": "ana"}).status)
	require.Equal(t, http.StatusNotFound, b.callOn("rival", "account.make-service", nil0).status)
	require.Equal(t, http.StatusUnauthorized, h.browser().signIn("itglue-sync@acme", goodPassword, "").status)
	require.Equal(t, http.StatusNotFound, b.call("tokens.create", map[string]any{"name": "t", "user": "itglue-sync@acme", "instance": "acme", "accesses": []string{"operate"}}).status,
		"who installs acts for no other account")
	require.Equal(t, access.CodeNoRight, h.person("ben", on("acme", access.Operator)).callOn("acme", "account.make-service", nil0).code())
}

func TestCommandLineHasNoAccountOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := component.NewSession(&component.Host{})
	s.Actor = "os:root"
	for _, action := range []string{"account.show", "account.begin-second-factor", "sessions.list"} {
		_, err := h.catalog.Invoke(t.Context(), s, action, nil)
		require.ErrorIs(t, err, component.InvalidInput, action)
		require.ErrorContains(t, err, "the command line has no account of its own")
	}
	h.person("ana", on("acme", access.Viewer))
	var list access.SessionList
	h.operate("sessions.list", access.SessionsInput{User: "ana"}, &list)
	require.Len(t, list.Items, 1)
}
