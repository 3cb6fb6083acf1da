package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type runRow struct {
	bun.BaseModel `bun:"table:runs,alias:r"`

	ID       string                   `bun:"id,pk"`
	Instance string                   `bun:"instance"`
	Flow     string                   `bun:"flow"`
	Input    string                   `bun:"input"`
	Cause    string                   `bun:"cause"`
	Actor    string                   `bun:"actor"`
	State    store.RunState           `bun:"state"`
	Epoch    int64                    `bun:"epoch"`
	Owner    string                   `bun:"owner"`
	Until    moment                   `bun:"until"`
	Stage    string                   `bun:"stage"`
	Counts   document[map[string]int] `bun:"counts"`
	Again    bool                     `bun:"again"`
	Output   string                   `bun:"output"`
	Error    string                   `bun:"error"`
	Code     string                   `bun:"code"`
	Attempts int                      `bun:"attempts"`
	Created  moment                   `bun:"created"`
	Started  moment                   `bun:"started"`
	Ended    moment                   `bun:"ended"`
	Sequence int64                    `bun:"sequence"`
	Fault    string                   `bun:"fault"`
	StopBy   string                   `bun:"stop_by"`
}

func (r runRow) run() store.Run {
	return store.Run{ID: r.ID, Instance: r.Instance, Flow: r.Flow, Input: raw(r.Input), Cause: r.Cause, Actor: r.Actor,
		State: r.State, Epoch: r.Epoch, Owner: r.Owner, Until: time.Time(r.Until), Stage: r.Stage, Counts: r.Counts.V,
		Again: r.Again, Output: raw(r.Output), Error: r.Error, Code: r.Code, Attempts: r.Attempts,
		Created: time.Time(r.Created), Started: time.Time(r.Started), Ended: time.Time(r.Ended), Sequence: r.Sequence, Fault: raw(r.Fault), StopBy: r.StopBy}
}

// newRunRow makes the row of a run that begins.
func newRunRow(r store.Run) runRow {
	return runRow{ID: r.ID, Instance: r.Instance, Flow: r.Flow, Input: string(r.Input), Cause: r.Cause, Actor: r.Actor,
		State: store.Queued, Epoch: 1, Until: moment(r.Until), Stage: r.Stage, Counts: document[map[string]int]{r.Counts}, Sequence: 1}
}

func runs(rows []runRow) []store.Run {
	out := make([]store.Run, len(rows))
	for i, r := range rows {
		out[i] = r.run()
	}
	return out
}

// active says of a run that it is queued or running. The words are those of the
// index runs_active, so that every database uses it.
const active = "state IN ('queued', 'running')"

// StartRun implements [store.Runs].
func (t *tx) StartRun(ctx context.Context, r store.Run) (store.Run, bool, error) {
	if r.ID == "" {
		id, err := newID()
		if err != nil {
			return store.Run{}, false, err
		}
		r.ID = id
	}
	row := newRunRow(r)
	row.Created = moment(t.made(r.Created))
	// The other run may end between the two statements where transactions run
	// side by side, so both are tried once more.
	for range 2 {
		n, err := t.affected(t.db.NewInsert().Model(&row).On("CONFLICT (instance) WHERE " + active + " DO NOTHING").Exec(ctx))
		if err != nil {
			return store.Run{}, false, err
		}
		if n == 1 {
			started, err := t.Run(ctx, r.Instance, r.ID)
			return started, false, err
		}
		var joined []runRow
		err = t.db.NewUpdate().Model((*runRow)(nil)).Set("again = ?", true).
			Where("instance = ?", r.Instance).Where(active).Returning("*").Scan(ctx, &joined)
		if err != nil {
			return store.Run{}, false, t.fault(err)
		}
		if len(joined) == 1 {
			return joined[0].run(), true, nil
		}
	}
	return store.Run{}, false, component.Errorf(component.Conflict, "a run of the instance %s started and ended at the same time", r.Instance).Then("Try again.")
}

// AcquireRun implements [store.Runs].
func (t *tx) AcquireRun(ctx context.Context, id string, epoch int64, owner string, until time.Time) (store.Run, error) {
	var rows []runRow
	err := t.db.NewUpdate().Model((*runRow)(nil)).
		Set("state = ?", store.Running).Set("owner = ?", owner).Set("until = ?", moment(until)).
		Set("started = ?", moment(t.store.now())).Set("attempts = attempts + 1").Set("sequence = sequence + 1").
		Where("id = ? AND epoch = ? AND state = ?", id, epoch, store.Queued).Returning("*").Scan(ctx, &rows)
	if err != nil {
		return store.Run{}, t.fault(err)
	}
	if len(rows) == 0 {
		return store.Run{}, fenced(store.Fence{Run: id, Epoch: epoch})
	}
	return rows[0].run(), nil
}

// RenewRun implements [store.Runs].
func (t *tx) RenewRun(ctx context.Context, f store.Fence, until time.Time, stage string, counts map[string]int) error {
	q := t.db.NewUpdate().Model((*runRow)(nil)).Set("until = ?", moment(until))
	if err := t.settle(ctx, f, progress(q, stage, counts)); err != nil {
		return err
	}
	stop, err := t.db.NewSelect().Model((*runRow)(nil)).Where("id = ? AND stop_by <> ''", f.Run).Exists(ctx)
	if err == nil && stop {
		return store.ErrStopped
	}
	return t.fault(err)
}

// progress says how far a run is, where there is something to say.
func progress(q *bun.UpdateQuery, stage string, counts map[string]int) *bun.UpdateQuery {
	if stage != "" {
		q = q.Set("stage = ?", stage)
	}
	if counts != nil {
		q = q.Set("counts = ?", document[map[string]int]{counts})
	}
	if stage != "" || counts != nil {
		q = q.Set("sequence = sequence + 1")
	}
	return q
}

// settle changes a run that is running at its fence.
func (t *tx) settle(ctx context.Context, f store.Fence, q *bun.UpdateQuery) error {
	n, err := t.affected(q.Where("id = ? AND epoch = ? AND state = ?", f.Run, f.Epoch, store.Running).Exec(ctx))
	if err == nil && n == 0 {
		return fenced(f)
	}
	return err
}

// RequeueRun implements [store.Runs].
func (t *tx) RequeueRun(ctx context.Context, f store.Fence, until time.Time, code, message string) error {
	return t.settle(ctx, f, t.db.NewUpdate().Model((*runRow)(nil)).
		Set("state = ?", store.Queued).Set("owner = ''").Set("until = ?", moment(until)).Set("sequence = sequence + 1").
		Set("code = ?", code).Set("error = ?", message))
}

// FinishRun implements [store.Runs].
func (t *tx) FinishRun(ctx context.Context, f store.Fence, r store.Run) error {
	if r.State != store.Succeeded && r.State != store.Failed && r.State != store.Stopped {
		return component.Errorf(component.Internal, "run %s cannot end as %q", f.Run, r.State)
	}
	q := t.db.NewUpdate().Model((*runRow)(nil)).
		Set("state = ?", r.State).Set("owner = ''").Set("until = 0").Set("ended = ?", moment(t.made(r.Ended))).
		Set("output = ?", string(r.Output)).Set("error = ?", r.Error).Set("code = ?", r.Code).
		Set("fault = ?", string(r.Fault))
	if r.Stage == "" && r.Counts == nil {
		q = q.Set("sequence = sequence + 1")
	}
	return t.settle(ctx, f, progress(q, r.Stage, r.Counts))
}

// TakeOverRuns implements [store.Runs].
func (t *tx) TakeOverRuns(ctx context.Context, at, until time.Time, dead func(owner string) bool) ([]store.Run, error) {
	var owners []string
	err := t.db.NewSelect().Model((*runRow)(nil)).Distinct().Column("owner").
		Where(active).Where("owner <> ''").Scan(ctx, &owners)
	if err != nil {
		return nil, t.fault(err)
	}
	owners = slices.DeleteFunc(owners, func(owner string) bool { return dead == nil || !dead(owner) })
	var rows []runRow
	err = t.db.NewUpdate().Model((*runRow)(nil)).
		Set("epoch = epoch + 1").Set("sequence = sequence + 1").Set("state = ?", store.Queued).Set("owner = ''").Set("until = ?", moment(until)).
		Where(active).Where("until < ? OR owner IN (?)", moment(at), bun.List(owners)).Returning("*").Scan(ctx, &rows)
	if err != nil {
		return nil, t.fault(err)
	}
	slices.SortFunc(rows, func(a, b runRow) int {
		return cmp.Or(time.Time(a.Created).Compare(time.Time(b.Created)), cmp.Compare(a.ID, b.ID))
	})
	return runs(rows), nil
}

// Run implements [store.Runs].
func (t *tx) Run(ctx context.Context, instance, id string) (store.Run, error) {
	var row runRow
	q := t.db.NewSelect().Model(&row).Where("id = ?", id)
	if instance != "" {
		q = q.Where("instance = ?", instance)
	}
	if err := q.Scan(ctx); err != nil {
		return store.Run{}, t.found(err, "there is no run %s (see `runs list`)", id)
	}
	return row.run(), nil
}

// ListRuns implements [store.Runs].
func (t *tx) ListRuns(ctx context.Context, instance string, limit int) ([]store.Run, error) {
	var rows []runRow
	q := t.db.NewSelect().Model(&rows).OrderExpr("created DESC, id DESC").Limit(int64(max(limit, 0)))
	if instance != "" {
		q = q.Where("instance = ?", instance)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, t.fault(err)
	}
	return runs(rows), nil
}

// shortOutput is how long an output may be that a list of runs shows.
const shortOutput = 16 << 10

// FindRuns implements [store.Runs].
func (t *tx) FindRuns(ctx context.Context, instance string, q store.RunQuery) ([]store.Run, string, error) {
	var rows []runRow
	s := t.db.NewSelect().Model(&rows).ExcludeColumn("input", "output").
		ColumnExpr("CASE WHEN LENGTH(output) <= ? THEN output ELSE '' END AS output", shortOutput).OrderExpr("created DESC, id DESC")
	s, err := before(s, q.After, q.Limit, "created", "id")
	if err != nil {
		return nil, "", err
	}
	s = s.Where("instance = ?", instance).ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
		return among(among(b, "flow", q.Flows), "state", q.States)
	})
	if err := s.Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, q.Limit, func(r runRow) []string { return []string{strconv.FormatInt(r.Created.millis(), 10), r.ID} })
	return runs(rows), next, nil
}

// StopRun implements [store.Runs].
func (t *tx) StopRun(ctx context.Context, instance, id, by string) (store.Run, error) {
	r, err := t.Run(ctx, instance, id)
	if err != nil {
		return r, err
	}
	q := t.db.NewUpdate().Model((*runRow)(nil)).Set("stop_by = ?", by).Set("sequence = sequence + 1")
	if r.State == store.Queued || r.State == store.Waiting {
		q = q.Set("state = ?", store.Stopped).Set("owner = ''").Set("until = 0").Set("ended = ?", moment(t.made(time.Time{}))).
			Set("error = ?", "it was stopped by "+by+" before it began").Set("code = ''")
	}
	n, err := t.affected(q.Where("id = ? AND state = ?", id, r.State).Where("state IN (?)", bun.List([]store.RunState{store.Waiting, store.Queued, store.Running})).Exec(ctx))
	if err == nil && n == 0 {
		return r, component.Errorf(component.Conflict, "the run %s has ended already", id)
	}
	if err != nil {
		return r, err
	}
	return t.Run(ctx, instance, id)
}

// ActiveRun implements [store.Runs].
func (t *tx) ActiveRun(ctx context.Context, instance string) (store.Run, error) {
	var row runRow
	err := t.db.NewSelect().Model(&row).Where("instance = ?", instance).Where(active).Scan(ctx)
	if err != nil {
		return store.Run{}, t.found(err, "no run of the instance %s is queued or running", instance)
	}
	return row.run(), nil
}
