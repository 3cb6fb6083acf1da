package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// lazyStore opens the store at its first use: the catalog is made before the
// flags that name the database are read, and help makes no database.
type lazyStore struct {
	open func(context.Context) (store.Store, error)

	mu     sync.Mutex
	opened store.Store
}

func (l *lazyStore) get(ctx context.Context) (store.Store, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opened != nil {
		return l.opened, nil
	}
	s, err := l.open(ctx)
	if err == nil {
		l.opened = s
	}
	return s, err
}

// Write implements [store.Store].
func (l *lazyStore) Write(ctx context.Context, fence store.Fence, f func(store.Tx) error) error {
	s, err := l.get(ctx)
	if err != nil {
		return err
	}
	return s.Write(ctx, fence, f)
}

// Read implements [store.Store].
func (l *lazyStore) Read(ctx context.Context, f func(store.Tx) error) error {
	s, err := l.get(ctx)
	if err != nil {
		return err
	}
	return s.Read(ctx, f)
}

// Close implements [store.Store].
func (l *lazyStore) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opened == nil {
		return nil
	}
	s := l.opened
	l.opened = nil
	return s.Close()
}

func (p *program) databasePath() string { return filepath.Join(p.flags.data, "itglue-revio.db") }

func (p *program) openStore(ctx context.Context) (store.Store, error) {
	return sqlstore.OpenSQLite(ctx, p.databasePath(), sqlstore.Options{
		KEKFile: os.Getenv("ITGLUE_REVIO_KEK_FILE"),
		OnKeyMade: func(path string) {
			_, _ = fmt.Fprintf(p.stderr, "The key that seals secrets was made: %s\nKeep a copy apart from backups of the database: without it they hold no secret, with it they hold all.\n", path)
		},
	})
}
