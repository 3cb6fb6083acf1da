package access_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/runner"
)

// silent is an action of the real catalog that only says it was called.
type silent struct{ component.Description }

func (s silent) Describe() component.Description { return s.Description }

func (s silent) Invoke(context.Context, *component.Session, json.RawMessage) (json.RawMessage, error) {
	return json.RawMessage(`{"called":true}`), nil
}

// realCatalog gives every action of the product.
func realCatalog(h *house) *component.Catalog {
	work := runner.New(runner.Options{Store: h.store, Host: &component.Host{}, Definition: itgluerevio.Define(h.store)})
	return component.NewCatalog(append(slices.Clone(work.Catalog().Components()), h.gate.Component())...)
}

// mute puts the real catalog into the house, with actions that do nothing.
func (h *house) mute() []component.Description {
	real := realCatalog(h)
	all := component.Component{Name: "all"}
	for _, d := range real.Describe() {
		all.Actions = append(all.Actions, silent{d})
	}
	h.catalog = component.NewCatalog(all)
	return real.Describe()
}

// rightsOf says which rights a role has, once more and apart from the code.
var rightsOf = map[access.Role]string{
	access.Viewer: "view", access.Operator: "view operate", access.Installer: "view operate configure",
	access.Administrator: "view operate configure administer", access.Revealer: "reveal",
}

func has(roles []access.Role, a component.Access) bool {
	return slices.ContainsFunc(roles, func(r access.Role) bool { return slices.Contains(strings.Fields(rightsOf[r]), string(a)) })
}

// caller is one row of the matrix.
type caller struct {
	name                    string
	acme, rival, everywhere []access.Role
	token                   string // the rights of an API token for acme; "": a session
	stale                   bool   // proved who they are long ago
}

func (c caller) roles(instance string) []access.Role {
	own := map[string][]access.Role{"acme": c.acme, "rival": c.rival, "": nil}[instance]
	return slices.Concat(own, c.everywhere)
}

// want is the status that a caller is to be answered with.
func (c caller) want(d component.Description, instance string) int {
	if d.Scope == component.OnHost {
		instance = ""
	}
	roles := c.roles(instance)
	switch {
	case instance != "" && (len(roles) == 0 || c.token != "" && instance != "acme"):
		return http.StatusNotFound
	case (instance != "" || d.Access != component.View) && !has(roles, d.Access):
		return http.StatusForbidden
	case c.token != "" && (!slices.Contains(strings.Fields(c.token), string(d.Access)) || instance == "" && d.Access != component.View):
		return http.StatusForbidden
	}
	writes := d.Effect == component.Writes
	if c.token != "" && (d.Access == component.Reveal || writes && (d.Access == component.Administer || instance == "" && d.Access == component.View)) {
		return http.StatusForbidden
	}
	if c.stale && c.token == "" && (d.Sensitive || d.Access == component.Reveal || writes && d.Access == component.Administer) {
		return http.StatusForbidden
	}
	return http.StatusOK
}

func callers() []caller {
	var all []caller
	for _, r := range access.Roles() {
		one := []access.Role{r}
		all = append(all,
			caller{name: string(r) + " of acme", acme: one},
			caller{name: string(r) + " of acme, viewer of rival", acme: one, rival: []access.Role{access.Viewer}},
			caller{name: string(r) + " everywhere", everywhere: one},
			caller{name: string(r) + " everywhere, long ago", everywhere: one, stale: true})
	}
	installer := []access.Role{access.Installer}
	return append(all,
		caller{name: "no role"},
		caller{name: "operator and revealer of acme", acme: []access.Role{access.Operator, access.Revealer}},
		caller{name: "token of an administrator", everywhere: []access.Role{access.Administrator, access.Revealer}, token: "view operate configure administer"},
		caller{name: "token that views", everywhere: []access.Role{access.Administrator}, token: "view"},
		caller{name: "token of an installer", acme: installer, rival: installer, token: "view operate"},
	)
}

// enter makes the caller's account and gives a client.
func (c caller) enter(h *house) *browser {
	var grants []access.Grant
	for instance, roles := range map[string][]access.Role{"acme": c.acme, "rival": c.rival, access.Everywhere: c.everywhere} {
		if len(roles) > 0 {
			grants = append(grants, on(instance, roles...))
		}
	}
	b := h.ready(c.name, grants...)
	if c.token != "" {
		b, _ = b.token("acme", strings.Fields(c.token)...)
	}
	return b
}

func TestEveryRoleMayCallWhatItsRightsSayOnEveryInstance(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	rows := callers()
	clients := make([]*browser, len(rows))
	for i, stale := range []bool{true, false} { // who proved it long ago enters first
		for j, c := range rows {
			if c.stale == stale {
				clients[j] = c.enter(h)
			}
		}
		if i == 0 {
			h.clock.pass(access.StepUpWithin + time.Second)
		}
	}
	actions := h.mute()
	require.Greater(t, len(actions), 60)
	seen := map[int]int{}
	for i, c := range rows {
		for _, d := range actions {
			if d.Scope == component.OnHost {
				seen[check(t, c, d, "", clients[i].call(d.Name, nil0))]++
				continue
			}
			for _, instance := range []string{"acme", "rival"} {
				seen[check(t, c, d, instance, clients[i].callOn(instance, d.Name, nil0))]++
			}
		}
		if got := clients[i].send("GET", "/v1/session", nil); c.token == "" {
			require.Equal(t, http.StatusOK, got.status, "%s was signed in all along", c.name)
		}
	}
	for _, d := range actions {
		path := "/v1/instances/acme/actions/" + d.Name
		if d.Scope == component.OnHost {
			path = "/v1/actions/" + d.Name
		}
		require.Equal(t, http.StatusUnauthorized, h.browser().send("POST", path, nil0).status, "%s by nobody", d.Name)
	}
	for _, status := range []int{http.StatusOK, http.StatusForbidden, http.StatusNotFound} {
		require.Greater(t, seen[status], 100, "answers with %d", status)
	}
}

func check(t *testing.T, c caller, d component.Description, instance string, got reply) int {
	t.Helper()
	where := fmt.Sprintf("%s (%s, %s) on %q by %s: %s", d.Name, d.Access, d.Effect, instance, c.name, got.body)
	require.Equal(t, c.want(d, instance), got.status, where)
	if got.status == http.StatusForbidden {
		require.Contains(t, []string{access.CodeNoRight, access.CodeStepUp}, got.code(), where)
	}
	return got.status
}

func TestInstanceOfSomebodyElseIsAnsweredAsOneThatIsNotThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.person("ana", on("acme", access.Installer))
	token, _ := ana.token("*", "view", "operate", "configure")
	scoped, _ := h.ready("admin", everywhere(access.Administrator)).token("acme", "view")
	actions := h.mute()
	for _, b := range []*browser{ana, token, scoped} {
		for _, d := range actions {
			if d.Scope == component.OnHost {
				continue
			}
			ghost := b.callOn("ghost", d.Name, nil0)
			for _, name := range []string{"rival", h.rival} {
				got := b.callOn(name, d.Name, nil0)
				require.Equal(t, http.StatusNotFound, got.status)
				require.Equal(t, ghost.body, strings.ReplaceAll(got.body, name, "ghost"), "the same bytes")
				for member := range ghost.header {
					if member != "Date" && member != "Content-Length" {
						require.Equal(t, ghost.header[member], got.header[member], member)
					}
				}
			}
		}
	}
}

func TestListOfInstancesShowsThoseThatSomebodyMaySee(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.person("ana", on("acme", access.Viewer))
	all := h.person("all", everywhere(access.Viewer))
	h.catalog = realCatalog(h)
	names := func(b *browser) (names []string) {
		var list struct {
			Items []struct{ Name string }
		}
		r := b.call("instance.list", nil0)
		require.Equal(t, http.StatusOK, r.status, r.body)
		require.NoError(t, json.Unmarshal([]byte(r.body), &list))
		for _, in := range list.Items {
			names = append(names, in.Name)
		}
		return names
	}
	require.Equal(t, []string{"acme"}, names(ana))
	require.Equal(t, []string{"acme", "rival"}, names(all))
}

// What needs no more than to be signed in is about one's own account, or is
// narrowed to what one may see: whoever adds such an action must say so here.
func TestActionsOfTheHostForEverybodyAreKnown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var open []string
	for _, d := range realCatalog(h).Describe() {
		if d.Scope == component.OnHost && d.Access == component.View {
			open = append(open, d.Name)
		}
	}
	require.Subset(t, []string{
		"account.show", "account.change-password", "account.begin-second-factor", "account.confirm-second-factor",
		"tokens.list", "tokens.create", "tokens.revoke", "sessions.list", "sessions.revoke", "instance.list", "marketplace.list",
	}, open)
}
