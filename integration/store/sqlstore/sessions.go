package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

type sessionRow struct {
	bun.BaseModel `bun:"table:sessions,alias:ses"`

	ID      string `bun:"id,pk"`
	User    string `bun:"user_id"`
	Data    string `bun:"data"`
	Address string `bun:"address"`
	Agent   string `bun:"agent"`
	Created moment `bun:"created"`
	Seen    moment `bun:"seen"`
	Expires moment `bun:"expires"`
	Ended   moment `bun:"ended"`
}

func (r sessionRow) session() store.Session {
	return store.Session{ID: r.ID, User: r.User, Data: raw(r.Data), Address: r.Address, Agent: r.Agent, Created: time.Time(r.Created),
		Seen: time.Time(r.Seen), Expires: time.Time(r.Expires), Ended: time.Time(r.Ended)}
}

// Session implements [store.Sessions].
func (t *tx) Session(ctx context.Context, id string) (store.Session, error) {
	var row sessionRow
	if err := t.db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx); err != nil {
		return store.Session{}, t.found(err, "there is no such session")
	}
	return row.session(), nil
}

// SaveSession implements [store.Sessions].
func (t *tx) SaveSession(ctx context.Context, s store.Session) error {
	if _, err := t.db.NewDelete().Model((*sessionRow)(nil)).Where("expires < ?", moment(s.Seen)).Exec(ctx); err != nil {
		return t.fault(err)
	}
	row := sessionRow{ID: s.ID, User: s.User, Data: string(s.Data), Address: plain(s.Address), Agent: plain(s.Agent), Created: moment(t.made(s.Created)),
		Seen: moment(s.Seen), Expires: moment(s.Expires), Ended: moment(s.Ended)}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").
		Set("user_id = EXCLUDED.user_id").Set("data = EXCLUDED.data").Set("expires = EXCLUDED.expires").
		Where("ses.ended = 0").Exec(ctx)
	return t.fault(err)
}

// SeeSession implements [store.Sessions].
func (t *tx) SeeSession(ctx context.Context, id string, at time.Time) error {
	_, err := t.db.NewUpdate().Model((*sessionRow)(nil)).Set("seen = ?", moment(at)).Where("id = ? AND ended = 0", id).Exec(ctx)
	return t.fault(err)
}

// EndSession implements [store.Sessions].
func (t *tx) EndSession(ctx context.Context, id string, at time.Time) error {
	_, err := t.db.NewUpdate().Model((*sessionRow)(nil)).Set("ended = ?", moment(at)).
		Where("id = ? AND (ended = 0 OR ended > ?)", id, moment(at)).Exec(ctx)
	return t.fault(err)
}

// ListSessions implements [store.Sessions].
func (t *tx) ListSessions(ctx context.Context, user string, at time.Time) ([]store.Session, error) {
	var rows []sessionRow
	err := t.db.NewSelect().Model(&rows).Where("user_id = ? AND ended = 0 AND expires > ?", user, moment(at)).OrderExpr("seen DESC, id").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	sessions := make([]store.Session, len(rows))
	for i, r := range rows {
		sessions[i] = r.session()
	}
	return sessions, nil
}
