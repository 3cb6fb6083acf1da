package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var users = map[string]func(*testing.T, world){
	"a user comes back as it was saved":                     userComesBack,
	"a user is found by id, by name in any case, by person": userIsFound,
	"of two saves of one user the second is refused":        userVersion,
	"two users have neither one name nor one person":        userTaken,
	"a removed user keeps the name and is not listed":       userRemoved,
	"users are listed by name, page by page":                userPages,
}

func userOf(idOrName string) func(context.Context, store.Tx) (store.User, error) {
	return func(ctx context.Context, tx store.Tx) (store.User, error) { return tx.User(ctx, idOrName) }
}

func (w world) saveUser(u store.User) (saved store.User, err error) {
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
		saved, err = tx.SaveUser(ctx, u)
		return err
	})
	return saved, err
}

// user makes a user.
func (w world) user(name string) store.User {
	w.t.Helper()
	u, err := w.saveUser(store.User{Name: name})
	require.NoError(w.t, err)
	require.NotEmpty(w.t, u.ID)
	return u
}

func userComesBack(t *testing.T, w world) {
	in, out := given[store.User](), want[store.User]()
	in.Version, out.Version = 0, 1
	saved, err := w.saveUser(in)
	require.NoError(t, err)
	require.Equal(t, out, saved)
	require.Equal(t, out, must(w, userOf(in.ID)))
	saved.Password, saved.Grants = "another", nil
	_, err = w.saveUser(saved)
	require.NoError(t, err)
	saved.Version = 2
	require.Equal(t, saved, must(w, userOf(in.ID)))
}

func userIsFound(t *testing.T, w world) {
	u, err := w.saveUser(store.User{Name: "Änne@Acme", Issuer: "https://id.example", Sub: "7"})
	require.NoError(t, err)
	require.Equal(t, u, must(w, userOf(u.ID)))
	require.Equal(t, u, must(w, userOf("änne@acme")))
	of := func(issuer, sub string) func(context.Context, store.Tx) (store.User, error) {
		return func(ctx context.Context, tx store.Tx) (store.User, error) { return tx.UserOf(ctx, issuer, sub) }
	}
	require.Equal(t, u, must(w, of("https://id.example", "7")))
	w.user("local")
	for _, missing := range []func(context.Context, store.Tx) (store.User, error){
		userOf("nobody"), of("https://id.example", "8"), of("https://other.example", "7"), of("", ""),
	} {
		_, err := read(w, missing)
		require.ErrorIs(t, err, store.ErrNotFound)
	}
}

func userVersion(t *testing.T, w world) {
	u := w.user("ana")
	u.Display = "Ana"
	_, err := w.saveUser(u)
	require.NoError(t, err)
	u.Display = "Anna"
	_, err = w.saveUser(u)
	require.ErrorIs(t, err, component.Conflict)
	require.ErrorContains(t, err, "ana")
	require.Equal(t, "Ana", must(w, userOf("ana")).Display)
	_, err = w.saveUser(store.User{ID: "none", Name: "none", Version: 3})
	require.ErrorIs(t, err, store.ErrNotFound)
}

func userTaken(t *testing.T, w world) {
	_, err := w.saveUser(store.User{Name: "Ana", Issuer: "https://id.example", Sub: "7"})
	require.NoError(t, err)
	_, err = w.saveUser(store.User{Name: "aNA"})
	require.ErrorIs(t, err, component.Conflict)
	_, err = w.saveUser(store.User{Name: "ben", Issuer: "https://id.example", Sub: "7"})
	require.ErrorIs(t, err, component.Conflict)
	_, err = w.saveUser(store.User{Name: "ben", Issuer: "https://id.example", Sub: "8"})
	require.NoError(t, err)
}

func userRemoved(t *testing.T, w world) {
	u := w.user("ana")
	u.Removed = began
	_, err := w.saveUser(u)
	require.NoError(t, err)
	require.False(t, must(w, userOf("ana")).Removed.IsZero())
	_, err = w.saveUser(store.User{Name: "ana"})
	require.ErrorIs(t, err, component.Conflict)
	require.Empty(t, list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.User, string, error) {
		return tx.ListUsers(ctx, after, 10)
	}, nil))
}

func userPages(t *testing.T, w world) {
	all := names("user", 7)
	for _, i := range []int{3, 0, 6, 1, 5, 2, 4} {
		w.user(all[i])
	}
	got := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.User, string, error) {
		return tx.ListUsers(ctx, after, 3)
	}, func() { w.user("a first one, too late for its page") })
	require.Equal(t, all, each(got, func(u store.User) string { return u.Name }))
}
