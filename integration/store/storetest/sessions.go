package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

var sessions = map[string]func(*testing.T, world){
	"a session comes back as it was saved":                     sessionComesBack,
	"a session that has ended cannot be brought back":          sessionEnds,
	"sessions are listed for their user while they are of use": sessionList,
	"a session that expired is forgotten":                      sessionExpires,
}

func sessionOf(id string) func(context.Context, store.Tx) (store.Session, error) {
	return func(ctx context.Context, tx store.Tx) (store.Session, error) { return tx.Session(ctx, id) }
}

func (w world) saveSession(s store.Session) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveSession(ctx, s) })
}

func sessionsOf(user string, at time.Time) func(context.Context, store.Tx) ([]store.Session, error) {
	return func(ctx context.Context, tx store.Tx) ([]store.Session, error) { return tx.ListSessions(ctx, user, at) }
}

func sessionComesBack(t *testing.T, w world) {
	in, out := given[store.Session](), want[store.Session]()
	in.Ended, out.Ended = time.Time{}, time.Time{}
	w.saveSession(in)
	require.Equal(t, out, must(w, sessionOf(in.ID)))
	changed := in
	changed.User, changed.Data, changed.Expires = "another", []byte(`{}`), in.Expires.Add(time.Hour)
	changed.Address, changed.Agent, changed.Created = "elsewhere", "another", began
	w.saveSession(changed)
	out.User, out.Data, out.Expires = "another", []byte(`{}`), out.Expires.Add(time.Hour)
	require.Equal(t, out, must(w, sessionOf(in.ID)), "where it began stays")
	w.write(func(ctx context.Context, tx store.Tx) error {
		return tx.SeeSession(ctx, in.ID, out.Seen.Add(time.Minute))
	})
	out.Seen = out.Seen.Add(time.Minute)
	require.Equal(t, out, must(w, sessionOf(in.ID)))
	_, err := read(w, sessionOf("nothing"))
	require.ErrorIs(t, err, store.ErrNotFound)
}

func sessionEnds(t *testing.T, w world) {
	s := store.Session{ID: "s", User: "ana", Data: []byte(`{"a":1}`), Created: began, Seen: began, Expires: began.Add(time.Hour)}
	w.saveSession(s)
	end := func(at time.Time) {
		w.write(func(ctx context.Context, tx store.Tx) error { return tx.EndSession(ctx, "s", at) })
	}
	end(began.Add(time.Minute))
	end(began.Add(2 * time.Minute)) // the earlier end counts
	s.Data = []byte(`{"a":2}`)
	w.saveSession(s)
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SeeSession(ctx, "s", began.Add(time.Hour)) })
	got := must(w, sessionOf("s"))
	require.Equal(t, began.Add(time.Minute).UTC().Truncate(time.Millisecond), got.Ended)
	require.JSONEq(t, `{"a":1}`, string(got.Data))
	require.Equal(t, began.UTC().Truncate(time.Millisecond), got.Seen)
	end(began)
	require.Equal(t, began.UTC().Truncate(time.Millisecond), must(w, sessionOf("s")).Ended)
}

func sessionList(t *testing.T, w world) {
	for i, id := range []string{"a", "b", "c", "d"} {
		w.saveSession(store.Session{ID: id, User: "ana", Data: []byte(`{}`), Seen: began.Add(time.Duration(i) * time.Minute), Expires: began.Add(time.Duration(i) * time.Hour)})
	}
	w.saveSession(store.Session{ID: "e", User: "ben", Data: []byte(`{}`), Seen: began, Expires: began.Add(time.Hour)})
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.EndSession(ctx, "c", began) })
	ids := func(s store.Session) string { return s.ID }
	require.Equal(t, []string{"d", "b"}, each(must(w, sessionsOf("ana", began.Add(time.Minute))), ids))
	require.Equal(t, []string{"e"}, each(must(w, sessionsOf("ben", began.Add(time.Minute))), ids))
	require.Empty(t, must(w, sessionsOf("", began)))
}

func sessionExpires(t *testing.T, w world) {
	w.saveSession(store.Session{ID: "old", User: "ana", Data: []byte(`{}`), Seen: began, Expires: began.Add(time.Hour)})
	w.saveSession(store.Session{ID: "new", User: "ana", Data: []byte(`{}`), Seen: began.Add(2 * time.Hour), Expires: began.Add(3 * time.Hour)})
	_, err := read(w, sessionOf("old"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.Equal(t, "new", must(w, sessionOf("new")).ID)
}
