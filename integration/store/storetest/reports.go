package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

var reports = map[string]func(*testing.T, world){
	"an organization's last report replaces the one before": reportReplaced,
}

func reportsOf(instance string, owners []string) func(context.Context, store.Tx) ([]store.Report, error) {
	return func(ctx context.Context, tx store.Tx) ([]store.Report, error) {
		return tx.ListReports(ctx, instance, owners)
	}
}

func (w world) report(r store.Report) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveReport(ctx, w.acme, r) })
}

func reportReplaced(t *testing.T, w world) {
	w.report(given[store.Report]())
	r := want[store.Report]()
	require.Equal(t, []store.Report{r}, must(w, reportsOf(w.acme, nil)))
	r.Held, r.Plan = nil, nil
	w.report(r)
	w.report(store.Report{Owner: "A", At: began.Truncate(time.Millisecond).UTC()})
	require.Equal(t, []store.Report{r}, must(w, reportsOf(w.acme, []string{r.Owner})))
	require.Len(t, must(w, reportsOf(w.acme, nil)), 2)
	require.Equal(t, "A", must(w, reportsOf(w.acme, nil))[0].Owner)
	require.Empty(t, must(w, reportsOf(w.acme, []string{})))
}
