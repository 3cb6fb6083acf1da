package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type instanceRow struct {
	bun.BaseModel `bun:"table:instances,alias:i"`

	ID       string                      `bun:"id,pk"`
	Name     string                      `bun:"name"`
	Status   store.Status                `bun:"status"`
	RunAs    string                      `bun:"run_as"`
	Document string                      `bun:"document"`
	Version  int64                       `bun:"version"`
	Bound    document[map[string]string] `bun:"bound"`
	Notes    document[map[string]string] `bun:"notes"`
	NextDue  moment                      `bun:"next_due"`
	Created  moment                      `bun:"created"`
	Updated  moment                      `bun:"updated"`
}

func (r instanceRow) instance() store.Instance {
	return store.Instance{ID: r.ID, Name: r.Name, Status: r.Status, RunAs: r.RunAs, Document: raw(r.Document), Version: r.Version,
		Bound: r.Bound.V, Notes: r.Notes.V, NextDue: time.Time(r.NextDue), Created: time.Time(r.Created), Updated: time.Time(r.Updated)}
}

func instances(rows []instanceRow) []store.Instance {
	out := make([]store.Instance, len(rows))
	for i, r := range rows {
		out[i] = r.instance()
	}
	return out
}

// Instance implements [store.Instances].
func (t *tx) Instance(ctx context.Context, idOrName string) (store.Instance, error) {
	var row instanceRow
	err := t.db.NewSelect().Model(&row).Where("id = ?", idOrName).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.db.NewSelect().Model(&row).Where("name = ? AND status <> ?", idOrName, store.Removed).Scan(ctx)
	}
	if err != nil {
		return store.Instance{}, t.found(err, "there is no instance %s", idOrName)
	}
	return row.instance(), nil
}

// ListInstances implements [store.Instances].
func (t *tx) ListInstances(ctx context.Context) ([]store.Instance, error) {
	var rows []instanceRow
	err := t.db.NewSelect().Model(&rows).Where("status <> ?", store.Removed).OrderExpr("name, id").Scan(ctx)
	return instances(rows), t.fault(err)
}

// SaveInstance implements [store.Instances].
func (t *tx) SaveInstance(ctx context.Context, in store.Instance) (store.Instance, error) {
	if in.ID == "" {
		id, err := newID()
		if err != nil {
			return store.Instance{}, err
		}
		in.ID = id
	}
	if err := t.free(ctx, in); err != nil {
		return store.Instance{}, err
	}
	row := instanceRow{ID: in.ID, Name: in.Name, Status: in.Status, RunAs: in.RunAs, Document: string(in.Document), Version: in.Version + 1,
		Bound: document[map[string]string]{in.Bound}, Notes: document[map[string]string]{in.Notes},
		NextDue: moment(in.NextDue), Created: moment(t.made(in.Created)), Updated: moment(t.store.now())}
	write := t.db.NewUpdate().Model(&row).ExcludeColumn("created").Where("id = ? AND version = ?", in.ID, in.Version).Exec
	if in.Version == 0 {
		write = t.db.NewInsert().Model(&row).On("CONFLICT (id) DO NOTHING").Exec
	}
	n, err := t.affected(write(ctx))
	if err != nil {
		return store.Instance{}, err
	}
	saved, err := t.Instance(ctx, in.ID)
	if err == nil && n == 0 {
		return store.Instance{}, changed("the instance %s", saved.Name)
	}
	return saved, err
}

// free fails when the name is another instance's.
func (t *tx) free(ctx context.Context, in store.Instance) error {
	if in.Status == store.Removed {
		return nil
	}
	taken, err := t.db.NewSelect().Model((*instanceRow)(nil)).
		Where("name = ? AND status <> ? AND id <> ?", in.Name, store.Removed, in.ID).Exists(ctx)
	if err != nil || !taken {
		return t.fault(err)
	}
	return component.Errorf(component.Conflict, "there is another instance named %s", in.Name).Then("Choose another name.")
}

// changed says that what is being saved is not what was read.
func changed(what string, args ...any) error {
	return component.Errorf(component.Conflict, what+" was changed by someone else since you read it", args...).
		Then("Read it again, then decide anew.")
}

// NoteInstance implements [store.Instances].
func (t *tx) NoteInstance(ctx context.Context, in store.Instance) error {
	n, err := t.affected(t.db.NewUpdate().Model((*instanceRow)(nil)).
		Set("bound = ?", document[map[string]string]{in.Bound}).Set("notes = ?", document[map[string]string]{in.Notes}).
		Set("next_due = ?", moment(in.NextDue)).Where("id = ?", in.ID).Exec(ctx))
	if err == nil && n == 0 {
		_, err = t.Instance(ctx, in.ID)
	}
	return err
}

// DueInstances implements [store.Instances].
func (t *tx) DueInstances(ctx context.Context, at time.Time, limit int) ([]store.Instance, error) {
	var rows []instanceRow
	running := t.db.NewSelect().Model((*runRow)(nil)).ColumnExpr("1").Where("r.instance = i.id").Where("r." + active)
	err := t.db.NewSelect().Model(&rows).Where("status = 'active'").Where("next_due <= ?", moment(at)).
		Where("NOT EXISTS (?)", running).OrderExpr("next_due, id").Limit(int64(max(limit, 0))).Scan(ctx)
	return instances(rows), t.fault(err)
}
