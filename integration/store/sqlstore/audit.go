package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type auditRow struct {
	bun.BaseModel `bun:"table:audit,alias:a"`

	Seq      int64  `bun:"seq,pk"`
	At       moment `bun:"happened"`
	Instance string `bun:"instance"`
	Actor    string `bun:"actor"`
	Action   string `bun:"action"`
	Subject  string `bun:"subject"`
	Detail   string `bun:"detail"`
	Prev     string `bun:"prev"`
	Hash     string `bun:"hash"`
}

// entry shows a row as it is: what someone altered must not keep the others from
// being read.
func (r auditRow) entry() store.Entry {
	var detail map[string]string
	if err := json.Unmarshal([]byte(r.Detail), &detail); err != nil {
		detail = map[string]string{"unreadable": r.Detail}
	}
	return store.Entry{Seq: r.Seq, At: time.Time(r.At), Instance: r.Instance, Actor: r.Actor, Action: r.Action,
		Subject: r.Subject, Detail: detail, Prev: r.Prev, Hash: r.Hash}
}

// headRow is the one row that says where the chain ends. Whoever records an
// entry changes it first, so that two do not end up with one number.
type headRow struct {
	bun.BaseModel `bun:"table:audit_head,alias:h"`

	ID   string `bun:"id,pk"`
	Seq  int64  `bun:"seq"`
	Hash string `bun:"hash"`
}

// digest is the hash of an entry: see the package comment.
func digest(e store.Entry) (string, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return "", err
	}
	delete(fields, "hash")
	if text, err = json.Marshal(fields); err != nil {
		return "", err
	}
	if text, err = jcs.Transform(text); err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(e.Prev), text...))
	return hex.EncodeToString(sum[:]), nil
}

// Record implements [store.Audit].
func (t *tx) Record(ctx context.Context, e store.Entry) (store.Entry, error) {
	var heads []headRow
	err := t.db.NewUpdate().Model((*headRow)(nil)).Set("seq = seq + 1").Where("id = 'head'").Returning("*").Scan(ctx, &heads)
	if err != nil {
		return store.Entry{}, t.fault(err)
	}
	if len(heads) != 1 {
		return store.Entry{}, component.Errorf(component.Internal, "the audit log has lost its head: someone altered the database").
			Then("Run audit verify, and restore a backup.")
	}
	e.Seq, e.Prev, e.At = heads[0].Seq, heads[0].Hash, t.made(e.At)
	e.Instance, e.Actor, e.Action, e.Subject = plain(e.Instance), plain(e.Actor), plain(e.Action), plain(e.Subject)
	if e.Hash, err = digest(e); err != nil {
		return store.Entry{}, component.Errorf(component.Internal, "recording %s: %w", e.Action, err)
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return store.Entry{}, err
	}
	row := auditRow{Seq: e.Seq, At: moment(e.At), Instance: e.Instance, Actor: e.Actor, Action: e.Action, Subject: e.Subject,
		Detail: string(detail), Prev: e.Prev, Hash: e.Hash}
	if _, err := t.db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return store.Entry{}, t.fault(err)
	}
	_, err = t.db.NewUpdate().Model((*headRow)(nil)).Set("hash = ?", e.Hash).Where("id = 'head'").Exec(ctx)
	return e, t.fault(err)
}

// ListAudit implements [store.Audit].
func (t *tx) ListAudit(ctx context.Context, instance string, after int64, limit int) ([]store.Entry, error) {
	var rows []auditRow
	err := t.db.NewSelect().Model(&rows).Where("seq > ?", after).
		ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder { return is(b, "instance", instance) }).
		OrderExpr("seq").Limit(int64(max(limit, 0))).Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	entries := make([]store.Entry, len(rows))
	for i, r := range rows {
		entries[i] = r.entry()
	}
	return entries, nil
}

// FindAudit implements [store.Audit].
func (t *tx) FindAudit(ctx context.Context, instance string, q store.AuditQuery) ([]store.Entry, string, error) {
	var rows []auditRow
	s, err := before(t.db.NewSelect().Model(&rows).OrderExpr("seq DESC"), q.After, q.Limit, "seq")
	if err != nil {
		return nil, "", err
	}
	if !q.Since.IsZero() {
		s = s.Where("happened >= ?", moment(q.Since))
	}
	if !q.Until.IsZero() {
		s = s.Where("happened < ?", moment(q.Until))
	}
	if q.Action != "" {
		s = s.Where("action >= ? AND action < ?", q.Action, q.Action+"\U0010FFFF")
	}
	s = s.ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
		return among(is(is(b, "instance", instance), "actor", q.Actor), "subject", q.Subjects)
	})
	if q.Search != "" {
		part := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(q.Search)) + "%"
		s = s.Where("LOWER(actor || ' ' || action || ' ' || subject || ' ' || detail) LIKE ? ESCAPE '!'", part)
	}
	if err := s.Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, q.Limit, func(r auditRow) []string { return []string{strconv.FormatInt(r.Seq, 10)} })
	entries := make([]store.Entry, len(rows))
	for i, r := range rows {
		entries[i] = r.entry()
	}
	return entries, next, nil
}

// VerifyAudit implements [store.Audit].
func (t *tx) VerifyAudit(ctx context.Context) (bad int64, count int, err error) {
	var last store.Entry
	for {
		entries, err := t.ListAudit(ctx, "", last.Seq, batch)
		if err != nil {
			return 0, count, err
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			count++
			hash, err := digest(e)
			if err != nil {
				return 0, count, component.Errorf(component.Internal, "checking audit entry %d: %w", e.Seq, err)
			}
			if e.Seq != last.Seq+1 || e.Prev != last.Hash || e.Hash != hash {
				return last.Seq + 1, count, nil
			}
			last = e
		}
	}
	var heads []headRow
	if err := t.db.NewSelect().Model(&heads).Where("id = 'head'").Scan(ctx); err != nil {
		return 0, count, t.fault(err)
	}
	if len(heads) != 1 || heads[0].Seq != last.Seq || heads[0].Hash != last.Hash {
		return last.Seq + 1, count, nil
	}
	return 0, count, nil
}
