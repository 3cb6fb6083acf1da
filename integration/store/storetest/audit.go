package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

var audit = map[string]func(*testing.T, world){
	"an entry comes back as it was recorded, and hangs on the one before": auditChain,
	"entries are listed by instance, after a number, up to a limit":       auditList,
	"what was rolled back leaves no hole in the chain":                    auditRollback,
	"many writers make one chain":                                         auditMany,
}

func (w world) record(entries ...store.Entry) []store.Entry {
	w.t.Helper()
	var out []store.Entry
	w.write(func(ctx context.Context, tx store.Tx) error {
		out = nil
		for _, e := range entries {
			recorded, err := tx.Record(ctx, e)
			if err != nil {
				return err
			}
			out = append(out, recorded)
		}
		return nil
	})
	return out
}

func auditOf(instance string, after int64, limit int) func(context.Context, store.Tx) ([]store.Entry, error) {
	return func(ctx context.Context, tx store.Tx) ([]store.Entry, error) {
		return tx.ListAudit(ctx, instance, after, limit)
	}
}

// verdict is what VerifyAudit answers.
type verdict struct {
	bad   int64
	count int
}

func verified(ctx context.Context, tx store.Tx) (v verdict, err error) {
	v.bad, v.count, err = tx.VerifyAudit(ctx)
	return v, err
}

func auditChain(t *testing.T, w world) {
	require.Equal(t, verdict{0, 0}, must(w, verified))
	got := w.record(given[store.Entry](), store.Entry{Action: "links.accept"})
	require.Equal(t, got, must(w, auditOf("", 0, 0)))
	first := want[store.Entry]()
	first.Seq, first.Prev, first.Hash = 1, "", got[0].Hash
	require.Equal(t, first, got[0])
	require.Len(t, got[0].Hash, 64)
	require.Equal(t, int64(2), got[1].Seq)
	require.Equal(t, got[0].Hash, got[1].Prev)
	require.NotEqual(t, got[0].Hash, got[1].Hash)
	require.False(t, got[1].At.IsZero())
	require.Equal(t, verdict{0, 2}, must(w, verified))
}

func auditList(t *testing.T, w world) {
	for range 3 {
		w.record(store.Entry{Instance: w.acme}, store.Entry{Instance: w.other}, store.Entry{})
	}
	seqs := func(instance string, after int64, limit int) []int64 {
		return each(must(w, auditOf(instance, after, limit)), func(e store.Entry) int64 { return e.Seq })
	}
	require.Equal(t, []int64{1, 4, 7}, seqs(w.acme, 0, 0))
	require.Equal(t, []int64{5, 8}, seqs(w.other, 2, 0))
	require.Equal(t, []int64{4}, seqs(w.acme, 1, 1))
	require.Equal(t, []int64{8, 9}, seqs("", 7, 5))
}

func auditRollback(t *testing.T, w world) {
	w.record(store.Entry{Action: "first"})
	failure := errors.New("changed my mind")
	err := w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Record(ctx, store.Entry{Action: "undone"})
		return errors.Join(err, failure)
	})
	require.ErrorIs(t, err, failure)
	w.record(store.Entry{Action: "second"})
	got := must(w, auditOf("", 0, 0))
	require.Equal(t, []string{"first", "second"}, each(got, func(e store.Entry) string { return e.Action }))
	require.Equal(t, verdict{0, 2}, must(w, verified))
}

func auditMany(t *testing.T, w world) {
	var wait sync.WaitGroup
	for writer := range 6 {
		wait.Go(func() {
			for i := range 10 {
				err := w.s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
					_, err := tx.Record(t.Context(), store.Entry{Actor: strconv.Itoa(writer), Subject: strconv.Itoa(i)})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	require.Equal(t, verdict{0, 60}, must(w, verified))
}
