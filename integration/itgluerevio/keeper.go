package itgluerevio

import (
	"context"
	"encoding/json"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// keeper holds the store that the pages, flows and operations close over.
type keeper struct {
	store store.Store
	hook  func(point string)
}

// decide carries out what a person decided, in one transaction with its line in
// the audit log.
func (k keeper) decide(ctx context.Context, s *component.Session, action, subject string, detail map[string]string, f func(store.Tx) error) error {
	return k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return audit(ctx, tx, s, action, subject, detail)
	})
}

func audit(ctx context.Context, tx store.Tx, s *component.Session, action, subject string, detail map[string]string) error {
	_, err := tx.Record(ctx, store.Entry{At: s.Clock(), Instance: s.Instance, Actor: s.Actor, Action: action, Subject: subject, Detail: detail})
	return err
}

func (k keeper) read(ctx context.Context, f func(store.Tx) error) error { return k.store.Read(ctx, f) }

// instance gives the session's instance.
func (k keeper) instance(ctx context.Context, s *component.Session) (in store.Instance, err error) {
	if s.Instance == "" {
		return in, component.Errorf(component.InvalidInput, "no instance is named").Then("Say which one with --instance NAME.")
	}
	err = k.read(ctx, func(tx store.Tx) error {
		in, err = tx.Instance(ctx, s.Instance)
		return err
	})
	return in, err
}

// document gives the session's instance's document.
func (k keeper) document(ctx context.Context, s *component.Session) (Document, error) {
	in, err := k.instance(ctx, s)
	if err != nil {
		return Document{}, err
	}
	return parse(in.Document)
}

// newCycle prepares a cycle over the session's instance.
func (k keeper) newCycle(ctx context.Context, s *component.Session) (*cycle.Cycle, error) {
	d, err := k.document(ctx, s)
	if err != nil {
		return nil, err
	}
	return &cycle.Cycle{Store: k.store, Session: s, Instance: s.Instance, Config: d.config(), Hook: k.hook}, nil
}

// trial makes a session that uses a document before it is stored: its settings
// come from there, and its sealed secrets from the instance, if there is one.
func (k keeper) trial(s *component.Session, document map[string]any, in store.Instance) *component.Session {
	t := component.NewSession(s.Host)
	t.Instance, t.Actor, t.Now, t.OnStep = in.ID, s.Actor, s.Now, s.OnStep
	t.Settings = func(ctx context.Context, connection string) (settings json.RawMessage, err error) {
		err = k.read(ctx, func(tx store.Tx) error {
			settings, err = integration.Settings(document, connection, func(name string) (string, error) {
				return unsealed(ctx, tx, in, name)
			})
			return err
		})
		return settings, err
	}
	return t
}
