package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

var replies = map[string]func(*testing.T, world){
	"a reply is claimed once and given from then on": replyKept,
	"of many that claim a reply one may":             replyClaimedOnce,
	"an old reply is forgotten":                      replyForgotten,
}

func (w world) claim(r store.Reply, since time.Time) (kept store.Reply, claimed bool) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx store.Tx) (err error) {
		kept, claimed, err = tx.ClaimReply(ctx, r, since)
		return err
	})
	return kept, claimed
}

func replyKept(t *testing.T, w world) {
	in, out := given[store.Reply](), want[store.Reply]()
	asked := store.Reply{Subject: in.Subject, Key: in.Key, Fingerprint: in.Fingerprint, Created: in.Created}
	got, claimed := w.claim(asked, began)
	require.True(t, claimed)
	require.Zero(t, got.Status)
	got, claimed = w.claim(store.Reply{Subject: in.Subject, Key: in.Key, Fingerprint: "other"}, began)
	require.False(t, claimed)
	require.Equal(t, in.Fingerprint, got.Fingerprint, "the first one's")
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveReply(ctx, in) })
	got, claimed = w.claim(asked, began)
	require.False(t, claimed)
	require.Equal(t, out, got)
	_, claimed = w.claim(store.Reply{Subject: "another", Key: in.Key}, began)
	require.True(t, claimed, "keys are each subject's own")
	require.ErrorIs(t, w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
		return tx.SaveReply(ctx, store.Reply{Subject: "nobody", Key: "k"})
	}), store.ErrNotFound)
}

func replyClaimedOnce(t *testing.T, w world) {
	const many = 12
	got := make(chan bool, many)
	var wait sync.WaitGroup
	for range many {
		wait.Go(func() {
			err := w.try(store.Fence{}, func(ctx context.Context, tx store.Tx) error {
				_, claimed, err := tx.ClaimReply(ctx, store.Reply{Subject: "ana", Key: "k", Created: began}, began.Add(-time.Hour))
				got <- claimed
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	close(got)
	count := 0
	for claimed := range got {
		if claimed {
			count++
		}
	}
	require.Equal(t, 1, count)
}

func replyForgotten(t *testing.T, w world) {
	r := store.Reply{Subject: "ana", Key: "k", Created: began}
	_, claimed := w.claim(r, began.Add(-time.Hour))
	require.True(t, claimed)
	r.Created = began.Add(25 * time.Hour)
	_, claimed = w.claim(r, began.Add(time.Hour))
	require.True(t, claimed, "the old one is gone")
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetReply(ctx, "ana", "k") })
	_, claimed = w.claim(r, began)
	require.True(t, claimed)
}
