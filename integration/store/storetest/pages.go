package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// pages are what the console's lists look for.
var pages = map[string]func(*testing.T, world){
	"links are sorted by score and by decision, page by page":  linkOrders,
	"links are counted, and filtered by what is wrong":         linkCounts,
	"customers are found by name and by the links' state":      customersFound,
	"customers that are no longer listed are forgotten":        customersForgotten,
	"an alert comes back as it was saved":                      alertComesBack,
	"a run that waits is stopped at once, one that works asks": runStops,
	"runs are found newest first, page by page":                runsFound,
	"audit entries are found by who, what and when":            auditFound,
	"records are in one state each":                            recordStates,
	"open conflicts are counted by field":                      conflictsCounted,
}

func linkOrders(t *testing.T, w world) {
	day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for i, score := range []float64{0.5, 1, 0.75, 0.9999, 0} {
		l := newLink(fmt.Sprint(i), fmt.Sprintf("name %d", 9-i), store.Pending, nil)
		if l.Score = score; i < 3 {
			l.Decided = day.Add(time.Duration(i) * time.Hour)
		}
		_, err := w.link(w.acme, l)
		require.NoError(t, err)
	}
	require.Equal(t, []string{"1", "3", "2", "0", "4"}, linksOf(w, store.LinkQuery{Sort: store.LinksByScore, Limit: 2}))
	require.Equal(t, []string{"2", "1", "0", "3", "4"}, linksOf(w, store.LinkQuery{Sort: store.LinksByDecided, Limit: 2}))
	require.Equal(t, []string{"4", "3", "2", "1", "0"}, linksOf(w, store.LinkQuery{Sort: store.LinksByName, Limit: 2}))
	_, err := read(w, func(ctx context.Context, tx store.Tx) (any, error) {
		_, _, err := tx.ListLinks(ctx, w.acme, store.LinkQuery{Sort: "weather"})
		return nil, err
	})
	require.ErrorIs(t, err, component.InvalidInput)
}

func linkCounts(t *testing.T, w world) {
	a := newLink("1", "A", store.Accepted, &store.Party{ID: "c1", Name: "A"})
	b := newLink("2", "B", store.Pending, &store.Party{ID: "c2", Name: "B"})
	b.Organization.Parent, b.Band, b.Attention = "1", "strong", "closed"
	c := newLink("3", "C", store.Pending, nil)
	d := newLink("4", "D", store.Rejected, nil)
	for _, l := range []store.Link{a, b, c, d} {
		_, err := w.link(w.acme, l)
		require.NoError(t, err)
	}
	count := func(instance string) store.LinkCounts {
		return must(w, func(ctx context.Context, tx store.Tx) (store.LinkCounts, error) { return tx.CountLinks(ctx, instance) })
	}
	require.Equal(t, store.LinkCounts{Pending: 2, Accepted: 1, Rejected: 1, Attention: 1, Suggested: 1}, count(w.acme))
	require.Zero(t, count(w.other))
	require.Equal(t, []string{"2"}, linksOf(w, store.LinkQuery{Attention: true}))
	require.Equal(t, []string{"2"}, linksOf(w, store.LinkQuery{Bands: []string{"strong"}}))
	require.Equal(t, []string{"2"}, linksOf(w, store.LinkQuery{Parents: []string{"1"}}))
	require.Equal(t, []string{"1", "2"}, linksOf(w, store.LinkQuery{Customers: []string{"c1", "c2"}}))
	require.Empty(t, linksOf(w, store.LinkQuery{Customers: []string{}}))
	nodes := must(w, func(ctx context.Context, tx store.Tx) ([]store.LinkNode, error) {
		return tx.LinkTree(ctx, w.acme, store.LinkQuery{States: []store.LinkState{store.Pending}})
	})
	require.Equal(t, []store.LinkNode{{ID: "2", Parent: "1", State: store.Pending}, {ID: "3", State: store.Pending}}, nodes)
}

func (w world) customers(instance string, q store.CustomerQuery) []string {
	w.t.Helper()
	found := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.Customer, string, error) {
		q.After = after
		return tx.ListCustomers(ctx, instance, q)
	}, nil)
	return each(found, func(c store.Customer) string { return c.Name })
}

func (w world) saveCustomers(complete bool, names ...string) {
	w.t.Helper()
	var all []store.Customer
	for _, n := range names {
		all = append(all, store.Customer{ID: "c-" + n, Name: n})
	}
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveCustomers(ctx, w.acme, all, complete) })
}

func customersFound(t *testing.T, w world) {
	in, out := given[store.Customer](), want[store.Customer]()
	w.write(func(ctx context.Context, tx store.Tx) error {
		return tx.SaveCustomers(ctx, w.acme, []store.Customer{in}, true)
	})
	got := must(w, func(ctx context.Context, tx store.Tx) (all []store.Customer, err error) {
		all, _, err = tx.ListCustomers(ctx, w.acme, store.CustomerQuery{})
		return all, err
	})
	require.Equal(t, []store.Customer{out}, got)
	w.saveCustomers(true, "Ärzte 100%", "Bakery", "Clinic")
	for i, l := range []store.Link{newLink("1", "A", store.Accepted, &store.Party{ID: "c-Bakery"}), newLink("2", "B", store.Pending, &store.Party{ID: "c-Clinic"})} {
		_, err := w.link(w.acme, l)
		require.NoError(t, err, i)
	}
	require.Equal(t, []string{"Bakery", "Clinic", "Ärzte 100%"}, w.customers(w.acme, store.CustomerQuery{Limit: 1}))
	require.Equal(t, []string{"Ärzte 100%"}, w.customers(w.acme, store.CustomerQuery{Search: "ÄRZTE 100%"}))
	require.Equal(t, []string{"Bakery"}, w.customers(w.acme, store.CustomerQuery{Link: store.Accepted}))
	require.Equal(t, []string{"Clinic", "Ärzte 100%"}, w.customers(w.acme, store.CustomerQuery{Free: true}))
	require.Empty(t, w.customers(w.acme, store.CustomerQuery{IDs: []string{}}))
	require.Empty(t, w.customers(w.other, store.CustomerQuery{}))
}

func customersForgotten(t *testing.T, w world) {
	w.saveCustomers(true, "Acme", "Bakery")
	w.saveCustomers(false, "Clinic")
	require.Len(t, w.customers(w.acme, store.CustomerQuery{}), 3, "a listing that is not complete forgets nothing")
	w.saveCustomers(true, "Bakery")
	require.Equal(t, []string{"Bakery"}, w.customers(w.acme, store.CustomerQuery{}))
}

func alertComesBack(t *testing.T, w world) {
	in, out := given[store.Alert](), want[store.Alert]()
	alerts := func(instance string) []store.Alert {
		return must(w, func(ctx context.Context, tx store.Tx) ([]store.Alert, error) { return tx.ListAlerts(ctx, instance) })
	}
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveAlert(ctx, w.acme, in) })
	require.Equal(t, []store.Alert{out}, alerts(w.acme))
	require.Empty(t, alerts(w.other))
	later := store.Alert{Key: "later", Since: out.Since.Add(time.Hour)}
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveAlert(ctx, w.acme, later) })
	require.Equal(t, "later", alerts(w.acme)[0].Key, "newest first")
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetAlert(ctx, w.acme, in.Key) })
	require.Len(t, alerts(w.acme), 1)
	require.Error(t, w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error { return tx.SaveAlert(ctx, w.acme, store.Alert{}) }))
}

func runStops(t *testing.T, w world) {
	stop := func(id string) (r store.Run, err error) {
		err = w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
			r, err = tx.StopRun(ctx, w.acme, id, "user:ana")
			return err
		})
		return r, err
	}
	queued, _ := w.start(store.Run{Flow: "cycle"})
	stopped, err := stop(queued.ID)
	require.NoError(t, err)
	require.Equal(t, store.Stopped, stopped.State)
	require.Equal(t, "user:ana", stopped.StopBy)
	require.False(t, stopped.Ended.IsZero())
	_, err = stop(queued.ID)
	require.ErrorIs(t, err, component.Conflict)
	next, joined := w.start(store.Run{Flow: "cycle"})
	require.False(t, joined, "it holds nobody up")
	until := time.Now().Add(time.Hour)
	w.write(func(ctx context.Context, tx store.Tx) error {
		_, err := tx.AcquireRun(ctx, next.ID, next.Epoch, "me", until)
		return err
	})
	asked, err := stop(next.ID)
	require.NoError(t, err)
	require.Equal(t, store.Running, asked.State)
	fence := store.Fence{Run: next.ID, Epoch: next.Epoch}
	w.write(func(ctx context.Context, tx store.Tx) error {
		require.ErrorIs(t, tx.RenewRun(ctx, fence, until.Add(time.Hour), "", nil), store.ErrStopped)
		return nil
	})
	require.True(t, must(w, runOf(w.acme, next.ID)).Until.After(until), "the lease is renewed all the same")
	_, err = stop("none")
	require.ErrorIs(t, err, store.ErrNotFound)
}

func runsFound(t *testing.T, w world) {
	var ids []string
	for i := range 5 {
		flow := []string{"cycle", "match"}[i%2]
		r, _ := w.start(store.Run{Flow: flow, Created: time.UnixMilli(int64(1000 * (i / 2)))})
		ids = append(ids, r.ID)
		w.write(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.StopRun(ctx, w.acme, r.ID, "user:ana")
			return err
		})
	}
	find := func(q store.RunQuery) []string {
		found := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.Run, string, error) {
			q.After = after
			return tx.FindRuns(ctx, w.acme, q)
		}, nil)
		return each(found, func(r store.Run) string { return r.ID })
	}
	slices.Reverse(ids)
	require.Equal(t, ids, find(store.RunQuery{}))
	require.Equal(t, ids, find(store.RunQuery{Limit: 2}), "also where two were made at the same time")
	require.Equal(t, []string{ids[1], ids[3]}, find(store.RunQuery{Flows: []string{"match"}, Limit: 1}))
	require.Empty(t, find(store.RunQuery{States: []store.RunState{store.Failed}}))
}

func auditFound(t *testing.T, w world) {
	day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for i, e := range []store.Entry{
		{Actor: "user:ana", Action: "links.accept", Subject: "link 1", Detail: map[string]string{"organization": "Cobalt 100%"}},
		{Actor: "user:ben", Action: "links.reject", Subject: "link 2"},
		{Actor: "user:ana", Action: "linksx", Subject: "link 1"},
		{Actor: "user:ana", Action: "passwords.reveal.shown", Subject: "password 7"},
	} {
		e.Instance, e.At = w.acme, day.Add(time.Duration(i)*time.Hour)
		w.write(func(ctx context.Context, tx store.Tx) error { _, err := tx.Record(ctx, e); return err })
	}
	find := func(q store.AuditQuery) []string {
		found := list(w, func(ctx context.Context, tx store.Tx, after string) ([]store.Entry, string, error) {
			q.After = after
			return tx.FindAudit(ctx, w.acme, q)
		}, nil)
		return each(found, func(e store.Entry) string { return e.Action })
	}
	require.Equal(t, []string{"passwords.reveal.shown", "linksx", "links.reject", "links.accept"}, find(store.AuditQuery{Limit: 1}))
	require.Equal(t, []string{"links.reject", "links.accept"}, find(store.AuditQuery{Action: "links."}))
	require.Equal(t, []string{"links.reject"}, find(store.AuditQuery{Actor: "user:ben"}))
	require.Equal(t, []string{"linksx", "links.accept"}, find(store.AuditQuery{Subjects: []string{"link 1"}}))
	require.Equal(t, []string{"links.accept"}, find(store.AuditQuery{Search: "cobalt 100%"}))
	require.Equal(t, []string{"linksx", "links.reject"}, find(store.AuditQuery{Since: day.Add(time.Hour), Until: day.Add(3 * time.Hour)}))
}

func recordStates(t *testing.T, w world) {
	held := func(side reconcile.Side, id, field string, code reconcile.Reason) reconcile.Held {
		return reconcile.Held{Side: side, Kind: reconcile.Asset, Record: id, Field: field, Code: code}
	}
	_, err := w.link(w.acme, newLink("o1", "A", store.Accepted, &store.Party{ID: "c1"}))
	require.NoError(t, err)
	_, err = w.link(w.acme, newLink("o2", "B", store.Pending, &store.Party{ID: "c2"}))
	require.NoError(t, err)
	var records []store.Stored
	for _, r := range [][3]string{{"left", "linked", "o1"}, {"left", "held", "o1"}, {"left", "waiting", "o1"}, {"left", "elsewhere", "o2"}, {"right", "linked", "c1"}, {"right", "partner", "c1"}, {"right", "only", "c1"}} {
		records = append(records, store.Stored{Side: reconcile.Side(r[0]), Record: reconcile.Record{ID: r[1], Owner: r[2], Type: "t", Name: r[0] + " " + r[1]}})
	}
	w.write(func(ctx context.Context, tx store.Tx) error {
		if err := tx.SaveRecords(ctx, w.acme, records); err != nil {
			return err
		}
		for left, right := range map[string]string{"linked": "linked", "held": "partner"} {
			if err := tx.SavePair(ctx, w.acme, reconcile.Pair{Kind: reconcile.Asset, Left: left, Right: right, Owner: "o1"}); err != nil {
				return err
			}
		}
		return tx.SaveReport(ctx, w.acme, store.Report{Owner: "o1", Held: []reconcile.Held{
			held(reconcile.Left, "held", "", reconcile.Absent), held(reconcile.Right, "only", "", reconcile.OnlyRight), held(reconcile.Left, "linked", "name", reconcile.Cut)}})
	})
	in := func(state store.AssetState) (names []string, n int) {
		q := store.RecordQuery{Accepted: true, State: state}
		found := must(w, func(ctx context.Context, tx store.Tx) (all []store.Stored, err error) {
			all, _, err = tx.ListRecords(ctx, w.acme, q)
			return all, err
		})
		counts := must(w, func(ctx context.Context, tx store.Tx) (map[string]int, error) { return tx.CountRecords(ctx, w.acme, q) })
		return each(found, func(s store.Stored) string { return s.Name }), counts["t"]
	}
	for state, want := range map[store.AssetState][]string{
		store.LinkedAsset: {"left linked", "right linked"}, store.HeldAsset: {"left held", "right partner"},
		store.OnlyRightAsset: {"right only"}, store.WaitingAsset: {"left waiting"},
	} {
		names, n := in(state)
		require.Equal(t, want, names, state)
		require.Equal(t, len(want), n, state)
	}
	once := must(w, func(ctx context.Context, tx store.Tx) (all []store.Stored, err error) {
		all, _, err = tx.ListRecords(ctx, w.acme, store.RecordQuery{Accepted: true, Once: true})
		return all, err
	})
	require.Equal(t, []string{"left held", "left linked", "left waiting", "right only"}, each(once, func(s store.Stored) string { return s.Name }), "a pair is one asset")
	w.write(func(ctx context.Context, tx store.Tx) error {
		return tx.DeleteRecords(ctx, w.acme, store.RecordQuery{IDs: []string{"held"}})
	})
	once = must(w, func(ctx context.Context, tx store.Tx) (all []store.Stored, err error) {
		all, _, err = tx.ListRecords(ctx, w.acme, store.RecordQuery{State: store.HeldAsset, Once: true})
		return all, err
	})
	require.Equal(t, []string{"right partner"}, each(once, func(s store.Stored) string { return s.Name }), "of a pair whose IT Glue record is gone, Rev.io's stands for it")
	w.write(func(ctx context.Context, tx store.Tx) error {
		return tx.SaveReport(ctx, w.acme, store.Report{Owner: "o1"})
	})
	names, _ := in(store.HeldAsset)
	require.Empty(t, names, "the next report replaces what is held")
}

func conflictsCounted(t *testing.T, w world) {
	w.write(func(ctx context.Context, tx store.Tx) error {
		for i, field := range []string{"name", "name", "ipAddress", "name"} {
			c := store.OpenConflict{ID: fmt.Sprint(i), Conflict: reconcile.Conflict{Field: field}, Owner: "o1"}
			if i == 3 {
				c.Settled = time.Now()
			}
			if err := tx.SaveConflict(ctx, w.acme, c); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(t, map[string]int{"name": 2, "ipAddress": 1}, must(w, func(ctx context.Context, tx store.Tx) (map[string]int, error) { return tx.CountConflicts(ctx, w.acme) }))
}
