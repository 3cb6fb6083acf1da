package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type ticketRow struct {
	bun.BaseModel `bun:"table:tickets,alias:tic"`

	Digest  string `bun:"digest,pk"`
	Kind    string `bun:"kind"`
	User    string `bun:"user_id"`
	Expires moment `bun:"expires"`
}

func (r ticketRow) ticket() store.Ticket {
	return store.Ticket{Digest: r.Digest, Kind: r.Kind, User: r.User, Expires: time.Time(r.Expires)}
}

const noTicket = "there is no such ticket, or it was used"

// Ticket implements [store.Tickets].
func (t *tx) Ticket(ctx context.Context, digest string) (store.Ticket, error) {
	var row ticketRow
	if err := t.db.NewSelect().Model(&row).Where("digest = ?", digest).Scan(ctx); err != nil {
		return store.Ticket{}, t.found(err, noTicket)
	}
	return row.ticket(), nil
}

// SaveTicket implements [store.Tickets].
func (t *tx) SaveTicket(ctx context.Context, k store.Ticket, now time.Time) error {
	if k.Digest == "" {
		return component.Errorf(component.Internal, "a ticket without a digest could not be found")
	}
	_, err := t.db.NewDelete().Model((*ticketRow)(nil)).Where("(kind = ? AND user_id = ?) OR expires < ?", k.Kind, k.User, moment(now)).Exec(ctx)
	if err != nil {
		return t.fault(err)
	}
	row := ticketRow{Digest: k.Digest, Kind: k.Kind, User: k.User, Expires: moment(k.Expires)}
	_, err = t.db.NewInsert().Model(&row).Exec(ctx)
	return t.fault(err)
}

// TakeTicket implements [store.Tickets].
func (t *tx) TakeTicket(ctx context.Context, digest string) (store.Ticket, error) {
	var row ticketRow
	err := t.db.NewDelete().Model(&row).Where("digest = ?", digest).Returning("*").Scan(ctx)
	if err != nil {
		return store.Ticket{}, t.found(err, noTicket)
	}
	return row.ticket(), nil
}
