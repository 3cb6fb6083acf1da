package sqlstore

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// recordRow is a record as one side showed it. The body leaves the run out, so
// that two runs that see the same thing have the same body.
type recordRow struct {
	bun.BaseModel `bun:"table:records,alias:rec"`

	Instance string                 `bun:"instance,pk"`
	Side     reconcile.Side         `bun:"side,pk"`
	ID       string                 `bun:"id,pk"`
	Owner    string                 `bun:"owner"`
	Type     string                 `bun:"type"`
	SortKey  string                 `bun:"sort_key"`
	Run      string                 `bun:"run"`
	Body     document[store.Stored] `bun:"body"`
}

func newRecordRow(instance string, s store.Stored) recordRow {
	r := recordRow{Instance: instance, Side: s.Side, ID: s.ID, Owner: s.Owner, Type: s.Type, SortKey: fold(s.Name), Run: s.Run}
	s.Run = ""
	r.Body.V = s
	return r
}

// SaveRecords implements [store.Records].
func (t *tx) SaveRecords(ctx context.Context, instance string, records []store.Stored) error {
	rows := make([]recordRow, len(records))
	for i, s := range records {
		rows[i] = newRecordRow(instance, s)
	}
	rows = last(rows, func(r recordRow) string { return string(r.Side) + "\n" + r.ID })
	for part := range slices.Chunk(rows, batch) {
		_, err := t.db.NewInsert().Model(&part).On("CONFLICT (instance, side, id) DO UPDATE").
			Where("rec.body <> EXCLUDED.body").Exec(ctx)
		if err != nil {
			return t.fault(err)
		}
		if err := t.seen(ctx, instance, part); err != nil {
			return err
		}
	}
	return nil
}

// seen notes which run saw the rows that are as they were.
func (t *tx) seen(ctx context.Context, instance string, rows []recordRow) error {
	type sight struct {
		side reconcile.Side
		run  string
	}
	ids := map[sight][]string{}
	for _, r := range rows {
		s := sight{r.Side, r.Run}
		ids[s] = append(ids[s], r.ID)
	}
	for s, ids := range ids {
		_, err := t.db.NewUpdate().Model((*recordRow)(nil)).Set("run = ?", s.run).
			Where("instance = ? AND side = ? AND id IN (?) AND run <> ?", instance, s.side, bun.List(ids), s.run).Exec(ctx)
		if err != nil {
			return t.fault(err)
		}
	}
	return nil
}

// ListRecords implements [store.Records].
func (t *tx) ListRecords(ctx context.Context, instance string, q store.RecordQuery) ([]store.Stored, string, error) {
	var rows []recordRow
	s, err := paged(t.db.NewSelect().Model(&rows), q.After, q.Limit, "sort_key", "side", "id")
	if err != nil {
		return nil, "", err
	}
	if err := s.ApplyQueryBuilder(narrow(instance, q)).Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, q.Limit, func(r recordRow) []string { return []string{r.SortKey, string(r.Side), r.ID} })
	records := make([]store.Stored, len(rows))
	for i, r := range rows {
		records[i] = r.Body.V
		records[i].Run = r.Run
	}
	return records, next, nil
}

// DeleteRecords implements [store.Records].
func (t *tx) DeleteRecords(ctx context.Context, instance string, q store.RecordQuery) error {
	if q.After != "" || q.Limit != 0 {
		return component.Errorf(component.Internal, "records are forgotten by what they are, not by page")
	}
	_, err := t.db.NewDelete().Model((*recordRow)(nil)).ApplyQueryBuilder(narrow(instance, q)).Exec(ctx)
	return t.fault(err)
}

// CountRecords implements [store.Records].
func (t *tx) CountRecords(ctx context.Context, instance string, q store.RecordQuery) (map[string]int, error) {
	var rows []struct {
		Type    string `bun:"type"`
		Records int    `bun:"records"`
	}
	err := t.db.NewSelect().Model((*recordRow)(nil)).Column("type").ColumnExpr("COUNT(*) AS records").
		ApplyQueryBuilder(narrow(instance, q)).Group("type").Scan(ctx, &rows)
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.Type] = r.Records
	}
	return counts, t.fault(err)
}

// The conditions of a record that look at other tables. Each is worded so that
// the database looks one row up by its key and never goes through a table for
// every record. The few that are in a state are looked for among those held; what
// a record is not is asked of the record.
const (
	ofAccepted = `((rec.side = 'left' AND EXISTS (SELECT 1 FROM links AS l WHERE l.instance = rec.instance AND l.id = rec.owner AND l.state = 'accepted')) OR
		(rec.side = 'right' AND EXISTS (SELECT 1 FROM links AS l WHERE l.instance = rec.instance AND l.customer = rec.owner AND l.customer <> '' AND l.state = 'accepted')))`
	isOnlyRight = `(rec.side, rec.id) IN (SELECT h.side, h.record FROM held AS h WHERE h.instance = ?0 AND h.code = 'only-in-revio')`
	isHeld      = `(rec.side, rec.id) IN (SELECT h.side, h.record FROM held AS h WHERE h.instance = ?0 AND h.code <> 'only-in-revio'
		UNION SELECT 'left', pa.left_id FROM held AS h CROSS JOIN pairs AS pa WHERE h.instance = ?0 AND h.side = 'right' AND pa.instance = ?0 AND pa.kind = 'asset' AND pa.right_id = h.record AND pa.right_id <> ''
		UNION SELECT 'right', pa.right_id FROM held AS h CROSS JOIN pairs AS pa WHERE h.instance = ?0 AND h.side = 'left' AND pa.instance = ?0 AND pa.kind = 'asset' AND pa.left_id = h.record AND pa.right_id <> '')`
	notOnlyRight = `NOT EXISTS (SELECT 1 FROM held AS h WHERE h.instance = rec.instance AND h.side = rec.side AND h.record = rec.id AND h.code = 'only-in-revio')`
	notHeld      = `NOT EXISTS (SELECT 1 FROM held AS h WHERE h.instance = rec.instance AND h.side = rec.side AND h.record = rec.id AND h.code <> 'only-in-revio') AND
		NOT (rec.side = 'left' AND EXISTS (SELECT 1 FROM pairs AS pa WHERE pa.instance = rec.instance AND pa.kind = 'asset' AND pa.left_id = rec.id AND
			EXISTS (SELECT 1 FROM held AS h WHERE h.instance = pa.instance AND h.side = 'right' AND h.record = pa.right_id))) AND
		NOT (rec.side = 'right' AND EXISTS (SELECT 1 FROM pairs AS pa WHERE pa.instance = rec.instance AND pa.kind = 'asset' AND pa.right_id = rec.id AND pa.right_id <> '' AND
			EXISTS (SELECT 1 FROM held AS h WHERE h.instance = pa.instance AND h.side = 'left' AND h.record = pa.left_id)))`
	isPaired = `((rec.side = 'left' AND EXISTS (SELECT 1 FROM pairs AS pa WHERE pa.instance = rec.instance AND pa.kind = 'asset' AND pa.left_id = rec.id)) OR
		(rec.side = 'right' AND EXISTS (SELECT 1 FROM pairs AS pa WHERE pa.instance = rec.instance AND pa.kind = 'asset' AND pa.right_id = rec.id AND pa.right_id <> '')))`
)

// isSecond is Rev.io's record of a pair both of whose records are kept.
const isSecond = `(rec.side = 'right' AND EXISTS (SELECT 1 FROM pairs AS pa WHERE pa.instance = rec.instance AND pa.kind = 'asset' AND pa.right_id = rec.id AND pa.right_id <> '' AND
	EXISTS (SELECT 1 FROM records AS first WHERE first.instance = pa.instance AND first.side = 'left' AND first.id = pa.left_id)))`

// inState are the states of an asset; each record is in one.
var inState = map[store.AssetState]string{
	store.HeldAsset:      isHeld,
	store.LinkedAsset:    notHeld + " AND " + isPaired,
	store.OnlyRightAsset: notHeld + " AND NOT " + isPaired + " AND " + isOnlyRight,
	store.WaitingAsset:   "NOT " + isPaired + " AND " + notOnlyRight + " AND " + notHeld,
}

func narrow(instance string, q store.RecordQuery) func(bun.QueryBuilder) bun.QueryBuilder {
	return func(b bun.QueryBuilder) bun.QueryBuilder {
		b = is(b.Where("instance = ?", instance), "side", q.Side)
		b = among(among(among(b, "owner", q.Owners), "type", q.Types), "id", q.IDs)
		if q.NotRun != "" {
			b = b.Where("run <> ?", q.NotRun)
		}
		if q.Accepted {
			b = b.Where(ofAccepted)
		}
		if q.State != "" {
			b = b.Where("rec.instance = ?0 AND "+inState[q.State], instance)
		}
		if q.Once {
			b = b.Where("NOT " + isSecond)
		}
		return like(b, "sort_key", q.Search)
	}
}
