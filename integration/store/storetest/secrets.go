package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const secretName = "connections.revio.clientSecret"

var secrets = map[string]func(*testing.T, world){
	"a sealed secret opens for its instance and name only": secretOpens,
	"a secret that is sealed again or emptied is replaced": secretReplaced,
	"a secret belongs to an instance that is there":        secretOfNobody,
	"a secret of the host opens for the host only":         secretOfTheHost,
}

func (w world) seal(instance, name, secret string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.Seal(ctx, instance, name, secret) })
}

func unsealed(instance, name string) func(context.Context, store.Tx) (string, error) {
	return func(ctx context.Context, tx store.Tx) (string, error) { return tx.Unseal(ctx, instance, name) }
}

func secretOpens(t *testing.T, w world) {
	w.seal(w.acme, secretName, "s3cret ü?'")
	w.seal(w.acme, "another", "different")
	require.Equal(t, "s3cret ü?'", must(w, unsealed(w.acme, secretName)))
	require.Equal(t, "different", must(w, unsealed(w.acme, "another")))
	_, err := read(w, unsealed(w.other, secretName))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorContains(t, err, secretName)
	w.seal(w.other, secretName, "theirs")
	require.Equal(t, "theirs", must(w, unsealed(w.other, secretName)))
	require.Equal(t, "s3cret ü?'", must(w, unsealed(w.acme, secretName)))
}

func secretReplaced(t *testing.T, w world) {
	w.seal(w.acme, secretName, "old")
	w.seal(w.acme, secretName, "new")
	require.Equal(t, "new", must(w, unsealed(w.acme, secretName)))
	w.seal(w.acme, secretName, "")
	_, err := read(w, unsealed(w.acme, secretName))
	require.ErrorIs(t, err, store.ErrNotFound)
	w.seal(w.acme, secretName, "") // nothing there: nothing to do
}

func secretOfNobody(t *testing.T, w world) {
	err := w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.Seal(ctx, "nobody", secretName, "x") })
	require.ErrorIs(t, err, component.NotFound)
}

func secretOfTheHost(t *testing.T, w world) {
	w.seal("", secretName, "the host's")
	w.seal(w.acme, secretName, "acme's")
	require.Equal(t, "the host's", must(w, unsealed("", secretName)))
	require.Equal(t, "acme's", must(w, unsealed(w.acme, secretName)))
	_, err := read(w, unsealed(w.other, secretName))
	require.ErrorIs(t, err, store.ErrNotFound)
	w.seal("", secretName, "")
	_, err = read(w, unsealed("", secretName))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.Equal(t, "acme's", must(w, unsealed(w.acme, secretName)))
}
