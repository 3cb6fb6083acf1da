package reconcile_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// world is both sides in memory, what is remembered of them, and what right
// makes of a value that is written to it.
type world struct {
	reconcile.Input
	mangle func(string) string
	writes map[string]int // by record and field
	made   int
}

func newWorld(in reconcile.Input) *world {
	in.Unguarded = true
	return &world{Input: in, mangle: func(v string) string { return v }, writes: map[string]int{}}
}

// round decides once and carries the plan out.
func (w *world) round() reconcile.Plan {
	plan := reconcile.Decide(w.Input)
	for _, p := range plan.Pairs {
		w.save(p)
	}
	for _, look := range plan.Look {
		p := look.Pair
		p.Gone = maps.Clone(p.Gone)
		if p.Gone == nil {
			p.Gone = map[reconcile.Side]string{}
		}
		p.Gone[look.Side] = "no longer there"
		w.save(p)
	}
	for _, op := range plan.Ops {
		if op.Create() {
			w.create(op)
		} else {
			w.update(op)
		}
	}
	return plan
}

func (w *world) create(op reconcile.Op) {
	w.made++
	r := rec(fmt.Sprintf("R%d", 1000+w.made), "type="+op.Type)
	for _, f := range w.Fields[w.record(reconcile.Left, op.Source).Type] {
		r.Fields[f.Name] = ""
	}
	p := reconcile.Pair{Kind: op.Kind, Left: op.Source, Right: r.ID, Owner: op.Home, Origin: reconcile.ByCreate, Base: reconcile.Base{}}
	for f, v := range op.Set {
		r.Fields[f] = w.mangle(v)
		p.Base[f] = reconcile.AfterWrite(reconcile.Half{}, reconcile.Right, w.source(op.Source, f), op.From[f], v, r.Fields[f])
	}
	r.Name = r.Fields[reconcile.NameField]
	w.Right.Records = append(slices.Clone(w.Right.Records), r)
	w.Pairs = append(slices.Clone(w.Pairs), p)
}

func (w *world) update(op reconcile.Op) {
	left := op.Record
	if op.Side == reconcile.Right {
		left = op.Source
	}
	p := w.Pairs[slices.IndexFunc(w.Pairs, func(p reconcile.Pair) bool { return p.Left == left })]
	p.Base, p.Choice = maps.Clone(p.Base), maps.Clone(p.Choice)
	if p.Base == nil {
		p.Base = reconcile.Base{}
	}
	r := w.record(op.Side, op.Record)
	r.Fields = maps.Clone(r.Fields)
	for f, v := range op.Set {
		w.writes[op.Record+" "+f]++
		r.Fields[f] = v
		if op.Side == reconcile.Right {
			r.Fields[f] = w.mangle(v)
		}
		p.Base[f] = reconcile.AfterWrite(p.Base[f], op.Side, w.source(left, f), op.From[f], v, r.Fields[f])
		delete(p.Choice, f)
	}
	r.Name = r.Fields[reconcile.NameField]
	w.put(op.Side, r)
	w.save(p)
}

func (w *world) side(s reconcile.Side) *reconcile.Snapshot {
	if s == reconcile.Left {
		return &w.Left
	}
	return &w.Right
}

func (w *world) record(s reconcile.Side, id string) reconcile.Record {
	all := w.side(s).Records
	return all[slices.IndexFunc(all, func(r reconcile.Record) bool { return r.ID == id })]
}

func (w *world) has(s reconcile.Side, id string) bool {
	return slices.ContainsFunc(w.side(s).Records, func(r reconcile.Record) bool { return r.ID == id })
}

func (w *world) put(s reconcile.Side, r reconcile.Record) {
	all := slices.Clone(w.side(s).Records)
	all[slices.IndexFunc(all, func(o reconcile.Record) bool { return o.ID == r.ID })] = r
	w.side(s).Records = all
}

func (w *world) save(p reconcile.Pair) {
	all := slices.Clone(w.Pairs)
	if i := slices.IndexFunc(all, func(o reconcile.Pair) bool { return o.Left == p.Left }); i >= 0 {
		all[i] = p
	} else {
		all = append(all, p)
	}
	w.Pairs = all
}

func (w *world) source(left, field string) string {
	for _, f := range w.Fields[w.record(reconcile.Left, left).Type] {
		if f.Name == field {
			return f.Source
		}
	}
	return ""
}
