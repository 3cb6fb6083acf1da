package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var isolation = map[string]func(*testing.T, world){
	"an instance sees nothing of another one":           isolated,
	"what one instance forgets another one still knows": forgetsItsOwn,
	"two instances may know the same ids":               sameIDs,
}

// writes is one write of every kind to an instance, each under the id "1".
func writes(instance string) map[string]func(context.Context, store.Tx) error {
	return map[string]func(ctx context.Context, tx store.Tx) error{
		"secret": func(ctx context.Context, tx store.Tx) error {
			return tx.Seal(ctx, instance, "1", "secret of "+instance)
		},
		"link": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.SaveLink(ctx, instance, newLink("1", instance, store.Accepted, &store.Party{ID: "c", Name: instance}))
			return err
		},
		"record": func(ctx context.Context, tx store.Tx) error {
			return tx.SaveRecords(ctx, instance, []store.Stored{newRecord(reconcile.Left, "1", "o", "t", instance, "run")})
		},
		"pair": func(ctx context.Context, tx store.Tx) error {
			return tx.SavePair(ctx, instance, reconcile.Pair{Kind: reconcile.Asset, Left: "1", Right: "r", Owner: instance})
		},
		"decision": func(ctx context.Context, tx store.Tx) error {
			return tx.SaveDecision(ctx, instance, store.Decision{Side: reconcile.Left, Record: "1", By: instance})
		},
		"overwrite": func(ctx context.Context, tx store.Tx) error {
			return tx.SaveOverwrite(ctx, instance, store.Overwrite{ID: "1", Side: reconcile.Left, Record: "1", Was: instance})
		},
		"intent": func(ctx context.Context, tx store.Tx) error {
			in := newIntent("1", "op", began)
			in.Run = instance
			return tx.SaveIntent(ctx, instance, in)
		},
		"report": func(ctx context.Context, tx store.Tx) error {
			return tx.SaveReport(ctx, instance, store.Report{Owner: "1", Run: instance})
		},
		"conflict": func(ctx context.Context, tx store.Tx) error {
			return tx.SaveConflict(ctx, instance, store.OpenConflict{ID: "1", Owner: instance})
		},
		"plan": func(ctx context.Context, tx store.Tx) error {
			return tx.SavePlan(ctx, instance, store.SavedPlan{ID: "1", By: instance})
		},
		"password": func(ctx context.Context, tx store.Tx) error {
			_, _, err := tx.SavePasswords(ctx, instance, []string{"o"}, []store.Password{{ID: "1", Organization: "o", Name: instance}}, true)
			return err
		},
		"run": func(ctx context.Context, tx store.Tx) error {
			_, _, err := tx.StartRun(ctx, store.Run{Instance: instance, Flow: instance, Until: began})
			return err
		},
	}
}

// seen is what an instance sees by each way of looking: the instance that each
// thing was made for, or nothing.
func seen(w world, instance string) map[string][]string {
	w.t.Helper()
	out := map[string][]string{}
	ctx := w.t.Context()
	add := func(name, of string, err error) {
		if err != nil {
			require.ErrorIs(w.t, err, store.ErrNotFound, name)
			return
		}
		out[name] = append(out[name], of)
	}
	require.NoError(w.t, w.s.Read(ctx, func(tx store.Tx) error {
		seenOne(ctx, tx, instance, add)
		seenLists(ctx, tx, instance, add)
		return nil
	}))
	return out
}

func seenOne(ctx context.Context, tx store.Tx, instance string, add func(name, of string, err error)) {
	secret, err := tx.Unseal(ctx, instance, "1")
	add("secret", secret, err)
	l, err := tx.Link(ctx, instance, "1")
	add("link", l.Organization.Name, err)
	l, err = tx.LinkOf(ctx, instance, "c")
	add("link of customer", l.Organization.Name, err)
	c, err := tx.Conflict(ctx, instance, "1")
	add("conflict", c.Owner, err)
	p, err := tx.Plan(ctx, instance, "1")
	add("plan", p.By, err)
	pw, err := tx.Password(ctx, instance, "1")
	add("password", pw.Name, err)
	r, err := tx.ActiveRun(ctx, instance)
	add("active run", r.Flow, err)
	all, err := tx.ListRuns(ctx, "", 0)
	for _, any := range all {
		if r, err := tx.Run(ctx, instance, any.ID); err == nil {
			add("run", r.Flow, nil)
		}
	}
	if err != nil {
		add("run", "", err)
	}
}

func seenLists(ctx context.Context, tx store.Tx, instance string, add func(name, of string, err error)) {
	many(add, "links", func(l store.Link) string { return l.Organization.Name })(first(tx.ListLinks(ctx, instance, store.LinkQuery{})))
	many(add, "records", func(s store.Stored) string { return s.Name })(first(tx.ListRecords(ctx, instance, store.RecordQuery{})))
	many(add, "pairs", func(p reconcile.Pair) string { return p.Owner })(tx.ListPairs(ctx, instance, store.PairQuery{}))
	many(add, "decisions", func(d store.Decision) string { return d.By })(tx.ListDecisions(ctx, instance, reconcile.Left, nil))
	many(add, "overwrites", func(o store.Overwrite) string { return o.Was })(tx.ListOverwrites(ctx, instance, reconcile.Left, "1"))
	many(add, "intents", func(in store.Intent) string { return in.Run })(tx.ListIntents(ctx, instance))
	many(add, "reports", func(r store.Report) string { return r.Run })(tx.ListReports(ctx, instance, nil))
	many(add, "conflicts", func(c store.OpenConflict) string { return c.Owner })(first(tx.ListConflicts(ctx, instance, store.ConflictQuery{})))
	many(add, "plans", func(p store.SavedPlan) string { return p.By })(tx.ListPlans(ctx, instance))
	many(add, "passwords", func(p store.Password) string { return p.Name })(first(tx.ListPasswords(ctx, instance, store.PasswordQuery{})))
	many(add, "runs", func(r store.Run) string { return r.Flow })(tx.ListRuns(ctx, instance, 0))
	many(add, "audit", func(e store.Entry) string { return e.Actor })(tx.ListAudit(ctx, instance, 0, 0))
}

func first[T any](items []T, _ string, err error) ([]T, error) { return items, err }

func many[T any](add func(name, of string, err error), name string, of func(T) string) func([]T, error) {
	return func(items []T, err error) {
		if err != nil {
			add(name, "", err)
		}
		for _, item := range items {
			add(name, of(item), nil)
		}
	}
}

// full is what an instance sees once writes were made for it.
func full(instance string) map[string][]string {
	out := map[string][]string{"secret": {"secret of " + instance}}
	for _, name := range []string{"link", "link of customer", "conflict", "plan", "password", "active run", "run", "links", "records", "pairs",
		"decisions", "overwrites", "intents", "reports", "conflicts", "plans", "passwords", "runs", "audit"} {
		out[name] = []string{instance}
	}
	return out
}

func (w world) fill(instance string) {
	w.t.Helper()
	for _, save := range writes(instance) {
		w.write(save)
	}
	w.record(store.Entry{Instance: instance, Actor: instance})
}

func isolated(t *testing.T, w world) {
	require.Empty(t, seen(w, w.acme))
	w.fill(w.acme)
	require.Equal(t, full(w.acme), seen(w, w.acme))
	require.Empty(t, seen(w, w.other))
}

func sameIDs(t *testing.T, w world) {
	w.fill(w.acme)
	w.fill(w.other)
	require.Equal(t, full(w.acme), seen(w, w.acme))
	require.Equal(t, full(w.other), seen(w, w.other))
}

func forgetsItsOwn(t *testing.T, w world) {
	w.fill(w.acme)
	w.fill(w.other)
	w.write(func(ctx context.Context, tx store.Tx) error {
		require.NoError(t, tx.Seal(ctx, w.acme, "1", ""))
		require.NoError(t, tx.DeleteRecords(ctx, w.acme, store.RecordQuery{}))
		require.NoError(t, tx.ForgetPair(ctx, w.acme, reconcile.Asset, "1"))
		require.NoError(t, tx.ForgetDecision(ctx, w.acme, reconcile.Left, "1"))
		require.NoError(t, tx.SettleIntent(ctx, w.acme, "1"))
		_, removed, err := tx.SavePasswords(ctx, w.acme, []string{"o"}, nil, true)
		require.Equal(t, 1, removed)
		return err
	})
	left := full(w.acme)
	for _, name := range []string{"secret", "records", "pairs", "decisions", "intents", "password", "passwords"} {
		delete(left, name)
	}
	require.Equal(t, left, seen(w, w.acme))
	require.Equal(t, full(w.other), seen(w, w.other))
}
