package itgluerevio

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// AssetField is one field of an asset on both sides.
type AssetField struct {
	Field   string     `json:"field"`
	Title   string     `json:"title"`
	ITGlue  *string    `json:"itglue" jsonschema:"nullable" jsonschema_description:"What IT Glue last showed; null when it did not show the field."`
	Revio   *string    `json:"revio" jsonschema:"nullable" jsonschema_description:"What Rev.io last showed; null when it did not show the field."`
	Synced  *string    `json:"synced" jsonschema:"nullable" jsonschema_description:"What both held when they were last in step; null before the first time."`
	Action  string     `json:"action" jsonschema:"enum=none,enum=to-revio,enum=to-itglue,enum=conflict,enum=held" jsonschema_description:"What the next cycle does."`
	Why     string     `json:"why,omitempty" jsonschema_description:"Why it is held or in conflict, in words."`
	At      *time.Time `json:"at,omitempty" jsonschema_description:"When the sync last wrote it."`
	Was     string     `json:"was,omitempty" jsonschema_description:"What that write replaced; assets restore puts it back."`
	Written string     `json:"written,omitempty" jsonschema:"enum=left,enum=right" jsonschema_description:"The side that was written."`
	Actor   string     `json:"actor,omitempty" jsonschema_description:"Who the run that wrote it acted as."`
}

// AssetShown is an asset with its fields and why it is as it is.
type AssetShown struct {
	Asset
	Type       string       `json:"type" jsonschema_description:"The type on its own side, by id."`
	ITGlueAt   *time.Time   `json:"itglueAt,omitempty" jsonschema_description:"When IT Glue's record last changed."`
	RevioAt    *time.Time   `json:"revioAt,omitempty" jsonschema_description:"When Rev.io's record last changed."`
	Table      []AssetField `json:"table"`
	Candidates []Asset      `json:"candidates" jsonschema_description:"Records of the other side that it may be, where that is held."`
	Explained  Explained    `json:"explained" jsonschema_description:"Why it is not syncing: the checks in order."`
	Passwords  int          `json:"passwords" jsonschema_description:"Passwords attached to it."`
}

func (k keeper) showAsset() component.Callable {
	return component.Func(component.Spec{Name: "assets.show", Summary: "Show an asset: each field on both sides, what the next cycle does, and why it is not syncing.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ByID) (out AssetShown, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				out, err = assetShown(ctx, tx, s.Instance, reconcile.Side(cmp.Or(in.Side, "left")), in.ID)
				return err
			})
			return out, err
		})
}

func assetShown(ctx context.Context, tx store.Tx, instance string, side reconcile.Side, id string) (AssetShown, error) {
	out := AssetShown{Table: []AssetField{}, Candidates: []Asset{}}
	r, err := record(ctx, tx, instance, side, id)
	if err != nil {
		return out, err
	}
	v, err := viewOf(ctx, tx, instance, []store.Stored{r})
	if err != nil {
		return out, err
	}
	shown, ok := v.shown(r)
	if !ok {
		return out, component.Errorf(component.NotFound, "the link of the asset %s is not accepted, so that nothing of it is shown", id).Then("Accept its link with `links accept`.")
	}
	out.Asset, out.Type = shown, r.Type
	if out.Explained, err = explain(ctx, tx, instance, side, id); err != nil {
		return out, err
	}
	both := map[reconcile.Side]store.Stored{side: r}
	if shown.LinkedWith != "" {
		others, _, err := tx.ListRecords(ctx, instance, store.RecordQuery{Side: side.Other(), IDs: []string{shown.LinkedWith}})
		if err != nil {
			return out, err
		}
		if len(others) > 0 {
			both[side.Other()] = others[0]
		}
	}
	out.ITGlueAt, out.RevioAt = changedAt(both[reconcile.Left]), changedAt(both[reconcile.Right])
	if out.Table, err = assetTable(ctx, tx, instance, both, v.reasons); err != nil {
		return out, err
	}
	if out.Candidates, err = candidates(ctx, tx, instance, v.held(string(side), id), side); err != nil {
		return out, err
	}
	if left := both[reconcile.Left].ID; left != "" {
		passwords, _, err := tx.ListPasswords(ctx, instance, store.PasswordQuery{Assets: []string{left}})
		if err != nil {
			return out, err
		}
		out.Passwords = len(passwords)
	}
	return out, nil
}

func changedAt(r store.Stored) *time.Time {
	if r.Updated == 0 {
		return nil
	}
	return component.Instant(time.UnixMilli(r.Updated))
}

// assetTable puts the fields of both sides side by side.
func assetTable(ctx context.Context, tx store.Tx, instance string, both map[reconcile.Side]store.Stored, reasons map[string][]reconcile.Held) ([]AssetField, error) {
	left, right := both[reconcile.Left], both[reconcile.Right]
	var base reconcile.Base
	if left.ID != "" {
		pairs, err := tx.ListPairs(ctx, instance, store.PairQuery{Kind: reconcile.Asset, Left: []string{left.ID}})
		if err != nil {
			return nil, err
		}
		if len(pairs) > 0 {
			base = pairs[0].Base
		}
	}
	written, err := lastWrites(ctx, tx, instance, both)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, r := range both {
		for name := range r.Fields {
			names[name] = true
		}
	}
	table := []AssetField{}
	for _, name := range slices.SortedFunc(maps.Keys(names), byField) {
		f := AssetField{Field: name, Title: revio.FieldTitle(name), ITGlue: valueOf(left, name), Revio: valueOf(right, name)}
		if half, ok := base[name]; ok && !half.First {
			f.Synced = &half.Left
		}
		f.Action, f.Why = nextAction(f, base, heldField(both, reasons, name), left.ID != "" && right.ID != "")
		if w, ok := written[name]; ok {
			f.At, f.Was, f.Written = component.Instant(w.At), w.Was, string(w.Side)
			if run, err := tx.Run(ctx, instance, w.Run); err == nil {
				f.Actor = run.Actor
			}
		}
		table = append(table, f)
	}
	return table, nil
}

// byField sorts fields as forms show them: the name first.
func byField(a, b string) int {
	rank := func(f string) int {
		return slices.Index([]string{"name", "description", "serialNumber", "operatingSystem", "ipAddress", "installDate"}, f)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
}

func valueOf(r store.Stored, name string) *string {
	if v, ok := r.Fields[name]; ok {
		return &v
	}
	return nil
}

// heldField gives what holds a field of either record.
func heldField(both map[reconcile.Side]store.Stored, reasons map[string][]reconcile.Held, name string) *reconcile.Held {
	for side, r := range both {
		for _, h := range reasons[string(side)+r.ID] {
			if h.Field == name {
				return &h
			}
		}
	}
	return nil
}

// nextAction says what the next cycle does with a field, as far as what is
// stored tells.
func nextAction(f AssetField, base reconcile.Base, held *reconcile.Held, linked bool) (action, why string) {
	half, known := base[f.Field]
	switch {
	case held != nil && held.Code == reconcile.InConflict:
		return "conflict", held.Text
	case held != nil:
		return "held", held.Text
	case !linked || f.ITGlue == nil || f.Revio == nil || *f.ITGlue == *f.Revio:
		return "none", ""
	case !known:
		return "none", "the next cycle compares them for the first time"
	case *f.ITGlue != half.Left && *f.Revio == half.Right:
		return "to-revio", ""
	case *f.Revio != half.Right && *f.ITGlue == half.Left:
		return "to-itglue", ""
	case *f.Revio != half.Right:
		return "conflict", "both sides changed since they were last in step"
	}
	return "none", ""
}

// lastWrites gives the newest value that the sync replaced in each field.
func lastWrites(ctx context.Context, tx store.Tx, instance string, both map[reconcile.Side]store.Stored) (map[string]store.Overwrite, error) {
	newest := map[string]store.Overwrite{}
	for side, r := range both {
		if r.ID == "" {
			continue
		}
		all, err := tx.ListOverwrites(ctx, instance, side, r.ID)
		if err != nil {
			return nil, err
		}
		for _, o := range all {
			if before, ok := newest[o.Field]; o.Kind == reconcile.Asset && (!ok || o.At.After(before.At)) {
				newest[o.Field] = o
			}
		}
	}
	return newest, nil
}

// candidates gives the records that a held one may be.
func candidates(ctx context.Context, tx store.Tx, instance string, held []reconcile.Held, side reconcile.Side) ([]Asset, error) {
	out := []Asset{}
	var ids []string
	for _, h := range held {
		if h.Field == "" {
			ids = append(ids, h.With...)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	records, _, err := tx.ListRecords(ctx, instance, store.RecordQuery{Side: side.Other(), IDs: ids})
	if err != nil {
		return out, err
	}
	v, err := viewOf(ctx, tx, instance, records)
	if err != nil {
		return out, err
	}
	for _, r := range records {
		if a, ok := v.shown(r); ok {
			out = append(out, a)
		}
	}
	return out, nil
}
