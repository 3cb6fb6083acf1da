package access

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// record writes a line of the host's into the audit log.
func record(ctx context.Context, tx store.Tx, at time.Time, actor, action, subject string, detail map[string]string) error {
	_, err := tx.Record(ctx, store.Entry{At: at, Actor: actor, Action: action, Subject: subject, Detail: detail})
	return err
}

// from says where a request came from.
func from(ctx context.Context, detail map[string]string) map[string]string {
	v := visitOf(ctx)
	if v == nil {
		return detail
	}
	if detail == nil {
		detail = map[string]string{}
	}
	detail["address"] = v.address
	return detail
}
