// Package storetest is what every store must pass. A store's own tests call
// [Run] and add what only its database can do.
package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Run checks what package store promises of the stores that open makes. Each
// call of open gives an empty one, which the check may use on its own.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	groups := []map[string]func(*testing.T, world){instances, secrets, links, records, pairs, intents, reports, conflicts, plans, passwords, runs, waiting, replies, audit, transactions, isolation, users, sessions, tokens, pages}
	for _, group := range groups {
		for name, check := range group {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t)
				t.Cleanup(func() { require.NoError(t, s.Close()) })
				check(t, world{t: t, s: s, acme: saveInstance(t, s, "acme"), other: saveInstance(t, s, "other")})
			})
		}
	}
}

// world is a store with two instances.
type world struct {
	t     *testing.T
	s     store.Store
	acme  string
	other string
}

func saveInstance(t *testing.T, s store.Store, name string) string {
	t.Helper()
	var saved store.Instance
	require.NoError(t, s.Write(t.Context(), store.Fence{}, func(tx store.Tx) (err error) {
		saved, err = tx.SaveInstance(t.Context(), store.Instance{Name: name, Status: store.Active})
		return err
	}))
	require.NotEmpty(t, saved.ID)
	return saved.ID
}

// write must succeed.
func (w world) write(f func(ctx context.Context, tx store.Tx) error) {
	w.t.Helper()
	require.NoError(w.t, w.try(store.Fence{}, f))
}

// try writes, behind a fence when there is one.
func (w world) try(fence store.Fence, f func(ctx context.Context, tx store.Tx) error) error {
	ctx := w.t.Context()
	return w.s.Write(ctx, fence, func(tx store.Tx) error { return f(ctx, tx) })
}

// read reads one thing.
func read[T any](w world, f func(ctx context.Context, tx store.Tx) (T, error)) (got T, err error) {
	ctx := w.t.Context()
	err = w.s.Read(ctx, func(tx store.Tx) error {
		got, err = f(ctx, tx)
		return err
	})
	return got, err
}

// must is read that succeeds.
func must[T any](w world, f func(ctx context.Context, tx store.Tx) (T, error)) T {
	w.t.Helper()
	got, err := read(w, f)
	require.NoError(w.t, err)
	return got
}

// page is one answer of a list.
type page[T any] struct {
	items []T
	next  string
}

// list reads a list to its end, page by page, and calls between after the first
// page.
func list[T any](w world, f func(ctx context.Context, tx store.Tx, after string) ([]T, string, error), between func()) []T {
	w.t.Helper()
	var all []T
	after := ""
	for {
		p := must(w, func(ctx context.Context, tx store.Tx) (p page[T], err error) {
			p.items, p.next, err = f(ctx, tx, after)
			return p, err
		})
		all = append(all, p.items...)
		if p.next == "" {
			return all
		}
		require.NotEqual(w.t, after, p.next, "the list does not go on")
		after = p.next
		if between != nil {
			between()
			between = nil
		}
	}
}

// names numbers n names: "prefix 00001" and so on.
func names(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s %05d", prefix, i+1)
	}
	return out
}

// each gives what of says of every item.
func each[T, V any](items []T, of func(T) V) []V {
	out := make([]V, len(items))
	for i, item := range items {
		out[i] = of(item)
	}
	return out
}
