package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

type replyRow struct {
	bun.BaseModel `bun:"table:replies,alias:rp"`

	Subject     string                      `bun:"subject,pk"`
	Key         string                      `bun:"id,pk"`
	Fingerprint string                      `bun:"fingerprint"`
	Status      int                         `bun:"status"`
	Header      document[map[string]string] `bun:"header"`
	Body        string                      `bun:"body"`
	Created     moment                      `bun:"created"`
}

func (r replyRow) reply() store.Reply {
	return store.Reply{Subject: r.Subject, Key: r.Key, Fingerprint: r.Fingerprint, Status: r.Status, Header: r.Header.V, Body: raw(r.Body), Created: time.Time(r.Created)}
}

// ClaimReply implements [store.Replies].
func (t *tx) ClaimReply(ctx context.Context, r store.Reply, since time.Time) (store.Reply, bool, error) {
	_, err := t.db.NewDelete().Model((*replyRow)(nil)).Where("created < ?", moment(since)).Exec(ctx)
	if err != nil {
		return store.Reply{}, false, t.fault(err)
	}
	row := replyRow{Subject: r.Subject, Key: r.Key, Fingerprint: r.Fingerprint, Status: r.Status, Header: document[map[string]string]{r.Header}, Body: string(r.Body), Created: moment(t.made(r.Created))}
	n, err := t.affected(t.db.NewInsert().Model(&row).On("CONFLICT (subject, id) DO NOTHING").Exec(ctx))
	if err != nil {
		return store.Reply{}, false, err
	}
	var there replyRow
	if err := t.db.NewSelect().Model(&there).Where("subject = ? AND id = ?", r.Subject, r.Key).Scan(ctx); err != nil {
		return store.Reply{}, false, t.found(err, "there is no request %s", r.Key)
	}
	return there.reply(), n == 1, nil
}

// SaveReply implements [store.Replies].
func (t *tx) SaveReply(ctx context.Context, r store.Reply) error {
	n, err := t.affected(t.db.NewUpdate().Model((*replyRow)(nil)).
		Set("status = ?", r.Status).Set("header = ?", document[map[string]string]{r.Header}).Set("body = ?", string(r.Body)).
		Where("subject = ? AND id = ?", r.Subject, r.Key).Exec(ctx))
	if err == nil && n == 0 {
		return t.none("there is no request %s", r.Key)
	}
	return err
}

// ForgetReply implements [store.Replies].
func (t *tx) ForgetReply(ctx context.Context, subject, key string) error {
	_, err := t.db.NewDelete().Model((*replyRow)(nil)).Where("subject = ? AND id = ?", subject, key).Exec(ctx)
	return t.fault(err)
}
