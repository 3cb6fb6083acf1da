package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var tokens = map[string]func(*testing.T, world){
	"a token comes back as it was saved":                tokenComesBack,
	"tokens are listed newest first":                    tokenList,
	"a token belongs to a user that is there":           tokenOfNobody,
	"a ticket works once":                               ticketOnce,
	"a newer ticket takes the place of an older one":    ticketReplaced,
	"a token or ticket that nobody could find is wrong": tokenNameless,
}

func tokenOf(id string) func(context.Context, store.Tx) (store.Token, error) {
	return func(ctx context.Context, tx store.Tx) (store.Token, error) { return tx.Token(ctx, id) }
}

func tokensOf(user string) func(context.Context, store.Tx) ([]store.Token, error) {
	return func(ctx context.Context, tx store.Tx) ([]store.Token, error) { return tx.ListTokens(ctx, user) }
}

func (w world) saveToken(k store.Token) (saved store.Token, err error) {
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
		saved, err = tx.SaveToken(ctx, k)
		return err
	})
	return saved, err
}

func tokenComesBack(t *testing.T, w world) {
	in, out := given[store.Token](), want[store.Token]()
	owner := w.user("owner")
	in.User, out.User = owner.ID, owner.ID
	saved, err := w.saveToken(in)
	require.NoError(t, err)
	require.Equal(t, out, saved)
	require.Equal(t, out, must(w, tokenOf(in.ID)))
	require.Equal(t, out, must(w, func(ctx context.Context, tx store.Tx) (store.Token, error) { return tx.TokenOf(ctx, in.Digest) }))
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.UseToken(ctx, in.ID, out.Used.Add(time.Hour)) })
	out.Used = out.Used.Add(time.Hour)
	require.Equal(t, out, must(w, tokenOf(in.ID)))
	_, err = read(w, tokenOf("nothing"))
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = read(w, func(ctx context.Context, tx store.Tx) (store.Token, error) { return tx.TokenOf(ctx, "nothing") })
	require.ErrorIs(t, err, store.ErrNotFound)
}

func tokenList(t *testing.T, w world) {
	ana, ben := w.user("ana"), w.user("ben")
	for i, owner := range []store.User{ana, ben, ana} {
		_, err := w.saveToken(store.Token{Digest: names("digest", 3)[i], Name: names("token", 3)[i], User: owner.ID, Created: began.Add(time.Duration(i) * time.Hour)})
		require.NoError(t, err)
	}
	name := func(k store.Token) string { return k.Name }
	require.Equal(t, []string{"token 00003", "token 00001"}, each(must(w, tokensOf(ana.ID)), name))
	require.Equal(t, []string{"token 00003", "token 00002", "token 00001"}, each(must(w, tokensOf("")), name))
}

func tokenOfNobody(t *testing.T, w world) {
	_, err := w.saveToken(store.Token{Digest: "d", User: "nobody"})
	require.ErrorIs(t, err, component.NotFound)
}

func ticketOf(digest string) func(context.Context, store.Tx) (store.Ticket, error) {
	return func(ctx context.Context, tx store.Tx) (store.Ticket, error) { return tx.Ticket(ctx, digest) }
}

func (w world) saveTicket(k store.Ticket) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveTicket(ctx, k, began) })
}

func (w world) take(digest string) (k store.Ticket, err error) {
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
		k, err = tx.TakeTicket(ctx, digest)
		return err
	})
	return k, err
}

func ticketOnce(t *testing.T, w world) {
	w.saveTicket(given[store.Ticket]())
	k := want[store.Ticket]()
	require.Equal(t, k, must(w, ticketOf(k.Digest)))
	taken, err := w.take(k.Digest)
	require.NoError(t, err)
	require.Equal(t, k, taken)
	_, err = w.take(k.Digest)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = read(w, ticketOf(k.Digest))
	require.ErrorIs(t, err, store.ErrNotFound)
}

func ticketReplaced(t *testing.T, w world) {
	later := began.Add(time.Hour)
	w.saveTicket(store.Ticket{Digest: "a", Kind: "set-up", User: "ana", Expires: later})
	w.saveTicket(store.Ticket{Digest: "b", Kind: "sign-in", User: "ana", Expires: later})
	w.saveTicket(store.Ticket{Digest: "c", Kind: "set-up", User: "ben", Expires: began.Add(-time.Hour)})
	w.saveTicket(store.Ticket{Digest: "d", Kind: "set-up", User: "ana", Expires: later})
	for digest, there := range map[string]bool{"a": false, "b": true, "c": false, "d": true} {
		_, err := read(w, ticketOf(digest))
		require.Equal(t, there, err == nil, digest)
	}
}

func tokenNameless(t *testing.T, w world) {
	_, err := w.saveToken(store.Token{User: w.user("ana").ID})
	require.ErrorIs(t, err, component.Internal)
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.SaveTicket(ctx, store.Ticket{}, began) })
	require.ErrorIs(t, err, component.Internal)
}
