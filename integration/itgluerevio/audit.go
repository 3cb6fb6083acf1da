package itgluerevio

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	Seq     int64             `json:"seq"`
	At      time.Time         `json:"at"`
	Actor   string            `json:"actor"`
	Action  string            `json:"action"`
	Subject string            `json:"subject"`
	Detail  map[string]string `json:"detail,omitempty"`
	Hash    string            `json:"hash"`
}

func (k keeper) listAudit() component.Callable {
	type list struct {
		Items []AuditEntry `json:"items"`
	}
	return component.Func(component.Spec{Name: "audit.list", Summary: "List who decided and revealed what, oldest first.", Effect: component.Reads, Access: component.Administer},
		func(ctx context.Context, s *component.Session, in struct {
			After int64 `json:"after,omitempty" jsonschema_description:"Only what comes after this number."`
			Limit int   `json:"limit,omitempty" jsonschema:"minimum=0,maximum=10000"`
		}) (list, error) {
			out := list{Items: []AuditEntry{}}
			err := k.read(ctx, func(tx store.Tx) error {
				entries, err := tx.ListAudit(ctx, s.Instance, in.After, in.Limit)
				for _, e := range entries {
					out.Items = append(out.Items, AuditEntry{Seq: e.Seq, At: e.At, Actor: e.Actor, Action: e.Action, Subject: e.Subject, Detail: e.Detail, Hash: e.Hash})
				}
				return err
			})
			return out, err
		})
}

func (k keeper) verifyAudit() component.Callable {
	type verdict struct {
		OK      bool   `json:"ok"`
		Entries int    `json:"entries"`
		Message string `json:"message"`
	}
	return component.Func(host("audit.verify", "Walk the audit log's hash chain and say whether anything was changed, dropped or reordered.", component.Reads, component.Administer),
		func(ctx context.Context, _ *component.Session, _ component.NoInput) (out verdict, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				bad, count, err := tx.VerifyAudit(ctx)
				out = verdict{OK: bad == 0, Entries: count, Message: "the chain is whole"}
				if err == nil && bad != 0 {
					return component.Errorf(component.Internal, "the audit log was changed: entry %d does not follow from the one before it", bad).
						Then("Keep a copy of the database, and compare it with the last export.")
				}
				return err
			})
			return out, err
		})
}
