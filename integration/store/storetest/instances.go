package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var instances = map[string]func(*testing.T, world){
	"an instance comes back as it was saved":           instanceComesBack,
	"an instance is found by id and by name":           instanceIsFound,
	"of two saves of one read the second is refused":   instanceVersion,
	"two instances cannot have one name":               instanceName,
	"a removed instance is found by its id only":       instanceRemoved,
	"notes change without a new version":               instanceNotes,
	"due are the active ones that have no active run":  instanceDue,
	"what is not there is not found, with its name":    instanceMissing,
	"a new instance may bring its id, but only once":   instanceWithID,
	"a version of an instance that is not there fails": instanceVersionOfNone,
}

func instanceOf(idOrName string) func(context.Context, store.Tx) (store.Instance, error) {
	return func(ctx context.Context, tx store.Tx) (store.Instance, error) { return tx.Instance(ctx, idOrName) }
}

// save saves an instance and gives what was answered.
func (w world) save(in store.Instance) (saved store.Instance, err error) {
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
		saved, err = tx.SaveInstance(ctx, in)
		return err
	})
	return saved, err
}

func instanceComesBack(t *testing.T, w world) {
	in, out := given[store.Instance](), want[store.Instance]()
	in.Version = 0
	saved, err := w.save(in)
	require.NoError(t, err)
	got := must(w, instanceOf(in.ID))
	require.Equal(t, saved, got)
	require.False(t, got.Updated.IsZero())
	require.Equal(t, int64(1), got.Version)
	out.Version, out.Updated = got.Version, got.Updated
	require.Equal(t, out, got)
	in.Version, in.Name, in.Notes = got.Version, "renamed", nil
	_, err = w.save(in)
	require.NoError(t, err)
	again := must(w, instanceOf(in.ID))
	require.Equal(t, int64(2), again.Version)
	require.Equal(t, "renamed", again.Name)
	require.Equal(t, out.Created, again.Created)
	require.Empty(t, again.Notes)
}

func instanceIsFound(t *testing.T, w world) {
	require.Equal(t, "acme", must(w, instanceOf(w.acme)).Name)
	require.Equal(t, w.acme, must(w, instanceOf("acme")).ID)
	tricky, err := w.save(store.Instance{Name: w.acme}) // named like another one's id
	require.NoError(t, err)
	require.Equal(t, "acme", must(w, instanceOf(w.acme)).Name, "the id goes first")
	listed := must(w, func(ctx context.Context, tx store.Tx) ([]store.Instance, error) { return tx.ListInstances(ctx) })
	require.Equal(t, []string{tricky.ID, w.acme, w.other}, each(listed, func(i store.Instance) string { return i.ID }))
}

func instanceVersion(t *testing.T, w world) {
	first := must(w, instanceOf(w.acme))
	second := first
	first.RunAs, second.RunAs = "first", "second"
	_, err := w.save(first)
	require.NoError(t, err)
	_, err = w.save(second)
	require.ErrorIs(t, err, component.Conflict)
	require.ErrorContains(t, err, "acme was changed by someone else since you read it")
	require.Equal(t, "first", must(w, instanceOf(w.acme)).RunAs)
}

func instanceName(t *testing.T, w world) {
	_, err := w.save(store.Instance{Name: "acme"})
	require.ErrorIs(t, err, component.Conflict)
	require.ErrorContains(t, err, "acme")
	other := must(w, instanceOf(w.other))
	other.Name = "acme"
	_, err = w.save(other)
	require.ErrorIs(t, err, component.Conflict)
}

func instanceRemoved(t *testing.T, w world) {
	in := must(w, instanceOf("acme"))
	in.Status = store.Removed
	_, err := w.save(in)
	require.NoError(t, err)
	_, err = read(w, instanceOf("acme"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.Equal(t, store.Removed, must(w, instanceOf(w.acme)).Status)
	listed := must(w, func(ctx context.Context, tx store.Tx) ([]store.Instance, error) { return tx.ListInstances(ctx) })
	require.Equal(t, []string{"other"}, each(listed, func(i store.Instance) string { return i.Name }))
	fresh, err := w.save(store.Instance{Name: "acme"})
	require.NoError(t, err, "the name is free again")
	require.Equal(t, fresh.ID, must(w, instanceOf("acme")).ID)
}

func instanceNotes(t *testing.T, w world) {
	before := must(w, instanceOf(w.acme))
	note := store.Instance{ID: w.acme, Name: "not this", Notes: map[string]string{"lists": "off"}, Bound: map[string]string{"itglue": "7"}, NextDue: began}
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.NoteInstance(ctx, note) })
	after := must(w, instanceOf(w.acme))
	require.Equal(t, note.Notes, after.Notes)
	require.Equal(t, note.Bound, after.Bound)
	require.Equal(t, began.UnixMilli(), after.NextDue.UnixMilli())
	require.Equal(t, before.Version, after.Version)
	require.Equal(t, "acme", after.Name)
	err := w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
		return tx.NoteInstance(ctx, store.Instance{ID: "nobody"})
	})
	require.ErrorIs(t, err, store.ErrNotFound)
}

func instanceDue(t *testing.T, w world) {
	at := began
	for i, in := range []store.Instance{
		{Name: "late", Status: store.Active, NextDue: at.Add(-2 * time.Hour)},
		{Name: "now", Status: store.Active, NextDue: at},
		{Name: "later", Status: store.Active, NextDue: at.Add(time.Second)},
		{Name: "paused", Status: store.Paused, NextDue: at.Add(-time.Hour)},
		{Name: "draft", Status: store.Draft, NextDue: at.Add(-time.Hour)},
		{Name: "busy", Status: store.Active, NextDue: at.Add(-time.Hour)},
	} {
		saved, err := w.save(in)
		require.NoError(t, err, i)
		if in.Name == "busy" {
			w.write(func(ctx context.Context, tx store.Tx) error {
				_, _, err := tx.StartRun(ctx, store.Run{Instance: saved.ID, Until: at})
				return err
			})
		}
	}
	for _, id := range []string{w.acme, w.other} {
		w.write(func(ctx context.Context, tx store.Tx) error {
			return tx.NoteInstance(ctx, store.Instance{ID: id, NextDue: at.Add(time.Hour)})
		})
	}
	due := func(limit int) []string {
		got := must(w, func(ctx context.Context, tx store.Tx) ([]store.Instance, error) {
			return tx.DueInstances(ctx, at, limit)
		})
		return each(got, func(i store.Instance) string { return i.Name })
	}
	require.Equal(t, []string{"late", "now"}, due(0))
	require.Equal(t, []string{"late"}, due(1))
}

func instanceMissing(t *testing.T, w world) {
	_, err := read(w, instanceOf("nobody"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorIs(t, err, component.NotFound)
	require.ErrorContains(t, err, "nobody")
}

func instanceWithID(t *testing.T, w world) {
	saved, err := w.save(store.Instance{ID: "mine", Name: "mine"})
	require.NoError(t, err)
	require.Equal(t, "mine", saved.ID)
	_, err = w.save(store.Instance{ID: "mine", Name: "mine too"})
	require.ErrorIs(t, err, component.Conflict)
}

func instanceVersionOfNone(t *testing.T, w world) {
	_, err := w.save(store.Instance{ID: "nobody", Name: "nobody", Version: 3})
	require.ErrorIs(t, err, store.ErrNotFound)
}
