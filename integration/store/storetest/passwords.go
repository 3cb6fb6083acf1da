package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

var passwords = map[string]func(*testing.T, world){
	"a password's entry comes back as it was saved":               passwordComesBack,
	"a complete listing forgets what it does not show":            passwordComplete,
	"an incomplete listing forgets nothing":                       passwordIncomplete,
	"a password that moved is its new organization's":             passwordMoved,
	"passwords are listed by what narrows them, in pages":         passwordList,
	"many passwords are saved and forgotten at once":              passwordMany,
	"a password that is not there is not found":                   passwordMissing,
	"passwords are listed of accepted organizations only":         passwordAccepted,
	"a complete listing that shows nothing empties its own shelf": passwordNone,
}

func passwordOf(instance, id string) func(context.Context, store.Tx) (store.Password, error) {
	return func(ctx context.Context, tx store.Tx) (store.Password, error) { return tx.Password(ctx, instance, id) }
}

func (w world) shelve(organizations []string, complete bool, passwords ...store.Password) (added, removed int) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) (err error) {
		added, removed, err = tx.SavePasswords(ctx, w.acme, organizations, passwords, complete)
		return err
	})
	return added, removed
}

func passwordsOf(w world, q store.PasswordQuery) []string {
	w.t.Helper()
	got := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.Password, string, error) {
		q.After = after
		return tx.ListPasswords(ctx, w.acme, q)
	}, nil)
	return each(got, func(p store.Password) string { return p.ID })
}

func newPassword(id, organization string) store.Password {
	return store.Password{ID: id, Organization: organization, Name: "password " + id}
}

func passwordAccepted(t *testing.T, w world) {
	w.write(func(ctx context.Context, tx store.Tx) error {
		_, err := tx.SaveLink(ctx, w.acme, newLink("o1", "Contoso", store.Accepted, &store.Party{ID: "c1"}))
		require.NoError(t, err)
		_, err = tx.SaveLink(ctx, w.acme, newLink("o2", "Fabrikam", store.Pending, nil))
		require.NoError(t, err)
		_, err = tx.SaveLink(ctx, w.other, newLink("o3", "Contoso", store.Accepted, &store.Party{ID: "c1"}))
		return err
	})
	w.shelve([]string{"o1", "o2", "o3"}, true, newPassword("1", "o1"), newPassword("2", "o2"), newPassword("3", "o3"))
	require.Equal(t, []string{"1"}, passwordsOf(w, store.PasswordQuery{Accepted: true}))
	require.Empty(t, passwordsOf(w, store.PasswordQuery{Accepted: true, Organizations: []string{"o2"}}))
	require.Equal(t, []string{"1", "2", "3"}, passwordsOf(w, store.PasswordQuery{}))
}

func passwordComesBack(t *testing.T, w world) {
	p := given[store.Password]()
	added, removed := w.shelve([]string{p.Organization}, true, p)
	require.Equal(t, []int{1, 0}, []int{added, removed})
	require.Equal(t, want[store.Password](), must(w, passwordOf(w.acme, p.ID)))
	p.Name, p.Asset = "another", ""
	added, removed = w.shelve([]string{p.Organization}, true, p)
	require.Equal(t, []int{0, 0}, []int{added, removed})
	require.Equal(t, "another", must(w, passwordOf(w.acme, p.ID)).Name)
}

func passwordComplete(t *testing.T, w world) {
	w.shelve([]string{"o1", "o2"}, true, newPassword("1", "o1"), newPassword("2", "o1"), newPassword("3", "o2"), newPassword("9", "o3"))
	added, removed := w.shelve([]string{"o1", "o2"}, true, newPassword("2", "o1"), newPassword("4", "o1"))
	require.Equal(t, []int{1, 2}, []int{added, removed})
	require.Equal(t, []string{"2", "4", "9"}, passwordsOf(w, store.PasswordQuery{}))
}

func passwordIncomplete(t *testing.T, w world) {
	w.shelve([]string{"o1"}, true, newPassword("1", "o1"), newPassword("2", "o1"))
	added, removed := w.shelve([]string{"o1"}, false, newPassword("3", "o1"))
	require.Equal(t, []int{1, 0}, []int{added, removed})
	require.Equal(t, []string{"1", "2", "3"}, passwordsOf(w, store.PasswordQuery{}))
}

func passwordMoved(t *testing.T, w world) {
	w.shelve([]string{"o1"}, true, newPassword("1", "o1"))
	added, _ := w.shelve([]string{"o2"}, true, newPassword("1", "o2"))
	require.Zero(t, added)
	_, removed := w.shelve([]string{"o1"}, true)
	require.Zero(t, removed)
	require.Equal(t, []string{"1"}, passwordsOf(w, store.PasswordQuery{Organizations: []string{"o2"}}))
}

func passwordNone(t *testing.T, w world) {
	w.shelve([]string{"o1", "o2"}, true, newPassword("1", "o1"), newPassword("2", "o2"))
	_, removed := w.shelve(nil, true)
	require.Zero(t, removed, "no organization was listed")
	_, removed = w.shelve([]string{"o1"}, true)
	require.Equal(t, 1, removed)
	require.Equal(t, []string{"2"}, passwordsOf(w, store.PasswordQuery{}))
}

func passwordList(t *testing.T, w world) {
	w.shelve([]string{"o1", "o2"}, true,
		store.Password{ID: "1", Organization: "o1", Asset: "a1", Linkage: store.Attached, Name: "Zebra", Username: "root"},
		store.Password{ID: "2", Organization: "o1", Linkage: store.Standalone, Name: "admin_x"},
		store.Password{ID: "3", Organization: "o2", Asset: "a2", Linkage: store.Mentioned, Name: "Admin"},
		store.Password{ID: "4", Organization: "o2", Asset: "a2", Linkage: store.Attached, Name: "domain ADMIN"})
	for name, c := range map[string]struct {
		q    store.PasswordQuery
		want []string
	}{
		"all, by name":           {store.PasswordQuery{}, []string{"3", "2", "4", "1"}},
		"organizations":          {store.PasswordQuery{Organizations: []string{"o1"}}, []string{"2", "1"}},
		"assets":                 {store.PasswordQuery{Assets: []string{"a1", "a2"}}, []string{"3", "4", "1"}},
		"a linkage":              {store.PasswordQuery{Linkage: store.Attached}, []string{"4", "1"}},
		"a part of the name":     {store.PasswordQuery{Search: "ADMIN"}, []string{"3", "2", "4"}},
		"an underscore":          {store.PasswordQuery{Search: "_"}, []string{"2"}},
		"a part of the username": {store.PasswordQuery{Search: "ROO"}, []string{"1"}},
		"an empty list is none":  {store.PasswordQuery{Assets: []string{}}, []string{}},
	} {
		require.Equal(t, c.want, passwordsOf(w, c.q), name)
		c.q.Limit = 1
		require.Equal(t, c.want, passwordsOf(w, c.q), name+", one by one")
	}
}

func passwordMany(t *testing.T, w world) {
	many := each(names("login", 1101), func(name string) store.Password { return newPassword(name, "o1") })
	added, _ := w.shelve([]string{"o1"}, true, many...)
	require.Equal(t, len(many), added)
	added, removed := w.shelve([]string{"o1"}, true, append(many[:1:1], newPassword("new", "o1"), newPassword("new", "o1"))...)
	require.Equal(t, []int{1, len(many) - 1}, []int{added, removed})
}

func passwordMissing(t *testing.T, w world) {
	_, err := read(w, passwordOf(w.acme, "nothing"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorContains(t, err, "nothing")
}
