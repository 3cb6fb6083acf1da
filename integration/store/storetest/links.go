package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var links = map[string]func(*testing.T, world){
	"a link comes back as it was saved":                       linkComesBack,
	"of two decisions on one read the second is refused":      linkVersion,
	"a customer is accepted for one organization only":        linkCustomer,
	"links are listed by state, id and part of either name":   linkList,
	"a search takes percent and underscore for what they are": linkSearch,
	"pages of links go on where they ended, whatever comes":   linkPages,
	"a next that is none of ours is refused":                  linkBadCursor,
	"a link that is not there is not found":                   linkMissing,
}

func linkOf(instance, id string) func(context.Context, store.Tx) (store.Link, error) {
	return func(ctx context.Context, tx store.Tx) (store.Link, error) { return tx.Link(ctx, instance, id) }
}

// link saves a link and gives what was answered.
func (w world) link(instance string, l store.Link) (saved store.Link, err error) {
	err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) (err error) {
		saved, err = tx.SaveLink(ctx, instance, l)
		return err
	})
	return saved, err
}

func newLink(id, name string, state store.LinkState, customer *store.Party) store.Link {
	return store.Link{ID: id, Organization: store.Party{ID: id, Name: name}, State: state, Customer: customer}
}

func linksOf(w world, q store.LinkQuery) []string {
	w.t.Helper()
	found := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.Link, string, error) {
		q.After = after
		return tx.ListLinks(ctx, w.acme, q)
	}, nil)
	return each(found, func(l store.Link) string { return l.ID })
}

func linkComesBack(t *testing.T, w world) {
	in, out := given[store.Link](), want[store.Link]()
	in.Version, out.Version = 0, 1
	saved, err := w.link(w.acme, in)
	require.NoError(t, err)
	require.Equal(t, out, saved)
	require.Equal(t, out, must(w, linkOf(w.acme, in.ID)))
	bare := store.Link{ID: "bare"}
	saved, err = w.link(w.acme, bare)
	require.NoError(t, err)
	bare.Version = 1
	require.Equal(t, bare, saved)
	require.Equal(t, bare, must(w, linkOf(w.acme, "bare")))
}

func linkVersion(t *testing.T, w world) {
	first, err := w.link(w.acme, newLink("1", "Contoso", store.Pending, nil))
	require.NoError(t, err)
	second := first
	first.State, second.State = store.Accepted, store.Rejected
	_, err = w.link(w.acme, first)
	require.NoError(t, err)
	_, err = w.link(w.acme, second)
	require.ErrorIs(t, err, component.Conflict)
	require.ErrorContains(t, err, "the link of Contoso was changed by someone else since you read it")
	_, err = w.link(w.acme, newLink("1", "Contoso", store.Pending, nil))
	require.ErrorIs(t, err, component.Conflict, "it is not a new one")
	_, err = w.link(w.acme, store.Link{ID: "none", Version: 4})
	require.ErrorIs(t, err, store.ErrNotFound)
	got := must(w, linkOf(w.acme, "1"))
	require.Equal(t, store.Accepted, got.State)
	require.Equal(t, int64(2), got.Version)
}

func linkCustomer(t *testing.T, w world) {
	customer := &store.Party{ID: "c", Name: "Contoso Ltd"}
	holder, err := w.link(w.acme, newLink("1", "Contoso", store.Accepted, customer))
	require.NoError(t, err)
	asked, err := w.link(w.acme, newLink("2", "Contoso East", store.Pending, customer))
	require.NoError(t, err, "many may ask for it")
	asked.State = store.Accepted
	_, err = w.link(w.acme, asked)
	require.ErrorIs(t, err, component.Conflict)
	require.ErrorContains(t, err, "the customer Contoso Ltd is linked to the organization Contoso already")
	_, err = w.link(w.other, newLink("2", "Contoso East", store.Accepted, customer))
	require.NoError(t, err, "another instance has links of its own")
	of := func(ctx context.Context, tx store.Tx) (store.Link, error) { return tx.LinkOf(ctx, w.acme, "c") }
	require.Equal(t, "1", must(w, of).ID)
	holder.State = store.Rejected
	holder, err = w.link(w.acme, holder)
	require.NoError(t, err)
	_, err = read(w, of)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = w.link(w.acme, asked)
	require.NoError(t, err)
	require.Equal(t, "2", must(w, of).ID)
	holder.State, holder.Customer = store.Accepted, nil
	_, err = w.link(w.acme, holder)
	require.NoError(t, err, "no customer is nobody's")
}

func linkList(t *testing.T, w world) {
	for _, l := range []store.Link{
		newLink("1", "Zeta", store.Pending, &store.Party{ID: "c1", Name: "MÜLLER & Sons"}),
		newLink("2", "alpha", store.Accepted, &store.Party{ID: "c2", Name: "Alphabet"}),
		newLink("3", "Beta", store.Rejected, nil),
		newLink("4", "beta", store.Pending, nil),
	} {
		_, err := w.link(w.acme, l)
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		q    store.LinkQuery
		want []string
	}{
		"all, by name":                 {store.LinkQuery{}, []string{"2", "3", "4", "1"}},
		"a state":                      {store.LinkQuery{States: []store.LinkState{store.Pending}}, []string{"4", "1"}},
		"two states":                   {store.LinkQuery{States: []store.LinkState{store.Accepted, store.Rejected}}, []string{"2", "3"}},
		"ids":                          {store.LinkQuery{IDs: []string{"1", "3", "none"}}, []string{"3", "1"}},
		"an empty list of ids is none": {store.LinkQuery{IDs: []string{}}, []string{}},
		"a part of an organization":    {store.LinkQuery{Search: "BET"}, []string{"2", "3", "4"}},
		"a part of a customer":         {store.LinkQuery{Search: "müller"}, []string{"1"}},
		"state and search":             {store.LinkQuery{Search: "beta", States: []store.LinkState{store.Rejected}}, []string{"3"}},
	} {
		require.Equal(t, c.want, linksOf(w, c.q), name)
		c.q.Limit = 1
		require.Equal(t, c.want, linksOf(w, c.q), name+", one by one")
	}
}

func linkSearch(t *testing.T, w world) {
	for id, name := range map[string]string{"1": "100% Web", "2": "100 Web", "3": "a_b", "4": "axb", "5": "wow! it's", "6": `back\slash`} {
		_, err := w.link(w.acme, newLink(id, name, store.Pending, nil))
		require.NoError(t, err)
	}
	for search, want := range map[string][]string{"100%": {"1"}, "A_B": {"3"}, "!": {"5"}, "it's": {"5"}, `\`: {"6"}, "%": {"1"}, "?": {}} {
		require.Equal(t, want, linksOf(w, store.LinkQuery{Search: search}), search)
	}
}

func linkPages(t *testing.T, w world) {
	put := func(name string) {
		_, err := w.link(w.acme, newLink("id of "+name, name, store.Pending, nil))
		require.NoError(t, err)
	}
	all := names("org", 7)
	for _, name := range all {
		put(name)
	}
	got := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.Link, string, error) {
		return tx.ListLinks(ctx, w.acme, store.LinkQuery{After: after, Limit: 2})
	}, func() { put("aaa comes before"); put("zzz comes after") })
	require.Equal(t, append(all, "zzz comes after"), each(got, func(l store.Link) string { return l.Organization.Name }))
}

func linkBadCursor(t *testing.T, w world) {
	for _, after := range []string{"nonsense", "!!", "W10", "WzEsMl0"} { // also [] and [1,2]
		_, err := read(w, func(ctx context.Context, tx store.Tx) ([]store.Link, error) {
			l, _, err := tx.ListLinks(ctx, w.acme, store.LinkQuery{After: after})
			return l, err
		})
		require.ErrorIs(t, err, component.InvalidInput, after)
	}
}

func linkMissing(t *testing.T, w world) {
	_, err := read(w, linkOf(w.acme, "nothing"))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorContains(t, err, "nothing")
	_, err = w.link("nobody", newLink("1", "Contoso", store.Pending, nil))
	require.ErrorIs(t, err, component.NotFound, "there is no such instance")
}
