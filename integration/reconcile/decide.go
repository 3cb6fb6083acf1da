package reconcile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Input is what is known of one organization and its customer.
type Input struct {
	Organization string // the organization's id
	Customer     string // the customer's id
	Left, Right  Snapshot
	Pairs        []Pair             // of this organization, and of any of these records
	Fields       map[string][]Field // by flexible asset type
	Types        map[string]string  // flexible asset type to the asset type of what is created
	Elsewhere    map[string][]Place // by serial key: records of other accepted links
	Moved        map[string]string  // left records that are another organization's now, with its name
	Ignored      map[Side][]string  // records that a person said to leave alone
	ToCreate     []string           // left records that a person said to create
	Open         map[string]string  // left records with a create under way, with what is known of it
	Refused      map[string]Refusal // left records whose create was refused
	Serial       func(raw string) (key string, usable bool)
	// View gives a right record's fields in the canonical form of a left type's
	// mapping; nil takes them as they are.
	View      func(leftType string, right Record) Record
	Resync    bool // after a restored backup: what is not listed is not counted as absent
	Guard     int  // percent of an organization; 0: 20
	Unguarded bool
}

// Refusal is a create that the other side did not take.
type Refusal struct {
	Op    Op
	Times int // in a row
	Why   string
}

// Place is where a serial number is found beside this organization.
type Place struct {
	Side   Side
	Record string
	Name   string // of the customer or organization
}

// Decide says what a cycle should do with one organization.
func Decide(in Input) Plan {
	d := newDecision(in)
	d.pairs()
	d.unlinkedLeft()
	d.unlinkedRight()
	d.guard()
	d.sort()
	return d.plan
}

type decision struct {
	in          Input
	left, right map[string]Record
	linkedLeft  map[string]bool
	linkedRight map[string]bool
	byKey       map[Side]map[string][]string // serial key to record ids
	moved       map[string]Pair              // by left record: pairs to store
	plan        Plan
	emptied     int
	gone        int
	renamed     int
	same        map[string]int // side, field and value to how many records take it
}

func newDecision(in Input) *decision {
	d := &decision{in: in, plan: Plan{Ops: []Op{}, Pairs: []Pair{}, Conflicts: []Conflict{}, Held: []Held{}}, left: index(in.Left), right: index(in.Right), linkedLeft: map[string]bool{}, linkedRight: map[string]bool{},
		byKey: map[Side]map[string][]string{Left: {}, Right: {}}, moved: map[string]Pair{}, same: map[string]int{}}
	d.in.Left, d.in.Right = d.believe(Left, in.Left), d.believe(Right, in.Right)
	d.in.Left.Records, d.in.Right.Records = sorted(d.left), sorted(d.right)
	for side, s := range map[Side]Snapshot{Left: d.in.Left, Right: d.in.Right} {
		for _, r := range s.Records {
			if key, ok := d.key(r); ok && !r.Archived {
				d.byKey[side][key] = append(d.byKey[side][key], r.ID)
			}
		}
	}
	return d
}

// believe takes an empty listing for an incomplete one where there was
// something before. Where the known records are not there either they are on
// their way to be gone; until they are, nothing is made because of it.
func (d *decision) believe(side Side, s Snapshot) Snapshot {
	if len(s.Records) > 0 || !s.Complete {
		return s
	}
	there := 0
	for _, p := range d.in.Pairs {
		if p.Gone[side] == "" && p.Owner == d.in.Organization && d.in.Moved[p.Left] == "" {
			there++
		}
	}
	if there > 0 {
		s.Complete = false
		s.Why = cmp.Or(s.Why, fmt.Sprintf("%s shows no asset at all, where %d were before; that is not believed. Check that the credentials still see them", side.Title(), there))
	}
	return s
}

func index(s Snapshot) map[string]Record {
	m := make(map[string]Record, len(s.Records))
	for _, r := range s.Records {
		m[r.ID] = r
	}
	return m
}

// sorted gives the records in one order and each of them once, however they
// were listed: the same records give the same plan.
func sorted(records map[string]Record) []Record {
	all := make([]Record, 0, len(records))
	for _, id := range slices.Sorted(maps.Keys(records)) {
		all = append(all, records[id])
	}
	return all
}

func (d *decision) key(r Record) (string, bool) {
	if r.Fields[SerialField] == "" {
		return "", false
	}
	return d.in.Serial(r.Fields[SerialField])
}

func (d *decision) usable(raw string) bool { _, ok := d.in.Serial(raw); return ok }

// pairs goes through what is linked already.
func (d *decision) pairs() {
	for _, p := range d.in.Pairs {
		d.linkedLeft[p.Left], d.linkedRight[p.Right] = true, true
	}
	for _, p := range d.in.Pairs {
		d.pair(p)
	}
}

func (d *decision) pair(p Pair) {
	l, lThere := d.left[p.Left]
	r, rThere := d.right[p.Right]
	switch {
	case d.ignored(Left, p.Left):
		d.hold(Left, p.Left, l.Name, Ignored, "a person said to leave it alone. `assets link` or `assets create` takes that back")
	case d.ignored(Right, p.Right):
		d.hold(Right, p.Right, r.Name, Ignored, "a person said to leave it alone. `assets link` takes that back")
	case lThere && rThere:
		if len(p.Absent) > 0 || len(p.Gone) > 0 || p.Owner != d.in.Organization {
			p.Absent, p.Gone, p.Owner = nil, nil, d.in.Organization
			d.moved[p.Left] = p
		}
		if l.Archived {
			d.hold(Left, l.ID, l.Name, Archived, "archived in IT Glue; Rev.io's asset is left as it is, and the sync goes on when it is restored there")
			return
		}
		d.merge(p, l, r)
	case d.in.Moved[p.Left] != "":
		d.hold(Left, p.Left, cmp.Or(r.Name, p.Left), Moved, fmt.Sprintf("now belongs to %s in IT Glue; it is paused and its Rev.io asset stays where it is", d.in.Moved[p.Left]))
	case lThere && p.Owner != d.in.Organization:
		d.hold(Left, l.ID, l.Name, Moved, "came from another organization in IT Glue; its Rev.io asset is another customer's. Move that asset in Rev.io, or link this one with another")
	case rThere && p.Owner != d.in.Organization:
		d.hold(Right, r.ID, r.Name, Moved, "linked with an IT Glue asset of another organization. It is paused until both are here: move that asset in IT Glue, or this one in Rev.io")
	case p.Owner != d.in.Organization:
		// another organization's pair, named only because of its records
	default:
		d.absent(p, lThere, rThere)
	}
}

// absent is a pair of which a listing did not show a record.
func (d *decision) absent(p Pair, lThere, rThere bool) {
	changed := false
	for _, side := range []Side{Left, Right} {
		there, snapshot, id := lThere, d.in.Left, p.Left
		if side == Right {
			there, snapshot, id = rThere, d.in.Right, p.Right
		}
		if there {
			continue
		}
		name := d.left[p.Left].Name + d.right[p.Right].Name
		switch {
		case p.Gone[side] != "":
			d.hold(side, id, name, Gone, p.Gone[side])
		case !snapshot.Complete && !snapshot.Vouched:
			d.hold(side, id, name, Incomplete, d.why(snapshot, side))
		case d.in.Resync:
			d.hold(side, id, name, Absent, fmt.Sprintf("%s does not list it; after a restored backup that is not counted yet", side.Title()))
		default:
			p.Absent = addTo(p.Absent, side)
			changed = true
			if p.Absent[side] >= 2 {
				d.plan.Look = append(d.plan.Look, Look{Side: side, Record: id, Customer: d.in.Customer, Pair: p})
				d.gone++
			}
			d.hold(side, id, name, Absent, fmt.Sprintf("%s did not list it this time. It is paused, and looked at directly before it counts as gone", side.Title()))
		}
	}
	if changed {
		d.moved[p.Left] = p
	}
}

func addTo(m map[Side]int, s Side) map[Side]int {
	n := map[Side]int{s: m[s] + 1}
	if o := m[s.Other()]; o > 0 {
		n[s.Other()] = o
	}
	return n
}

func (d *decision) why(s Snapshot, side Side) string {
	if s.Why != "" {
		return s.Why
	}
	return fmt.Sprintf("the listing of %s did not run to its end, so absence proves nothing", side.Title())
}

// merge decides the fields of a pair whose records are both there.
func (d *decision) merge(p Pair, l, r Record) {
	if d.in.View != nil {
		r = d.in.View(l.Type, r)
	}
	m := Merge(p, l, r, d.in.Fields[l.Type], d.usable)
	d.uniqueSerial(&m, l, r)
	if m.Moved {
		p.Base, p.Choice = m.Base, m.Choice
		d.moved[p.Left] = p
	}
	d.plan.Conflicts = append(d.plan.Conflicts, m.Conflicts...)
	d.plan.Held = append(d.plan.Held, m.Held...)
	if ops := Ops(p, l, r, m); len(ops) > 0 {
		d.plan.Ops = append(d.plan.Ops, ops...)
		for _, op := range ops {
			d.count(p, op)
		}
		return
	}
	d.plan.Steady++
}

// uniqueSerial holds a serial number that another record of the other side has.
func (d *decision) uniqueSerial(m *Merged, l, r Record) {
	for side, set := range map[Side]Fields{Left: m.SetLeft, Right: m.SetRight} {
		key, ok := d.in.Serial(set[SerialField])
		if set[SerialField] == "" || !ok {
			continue
		}
		own := l.ID
		if side == Right {
			own = r.ID
		}
		if others := without(d.byKey[side][key], own); len(others) > 0 {
			delete(set, SerialField)
			m.Held = append(m.Held, Held{Side: Left, Kind: Asset, Record: l.ID, Field: SerialField, Name: l.Name, Code: Ambiguous, With: others,
				Text: fmt.Sprintf("its new serial number is already another asset's in %s, %s. Correct the one that is wrong%s", side.Title(), d.nameOf(side, others[0]), d.swap(l, r, side, others[0]))})
		}
	}
}

func (d *decision) nameOf(side Side, id string) string {
	records := d.left
	if side == Right {
		records = d.right
	}
	return cmp.Or(records[id].Name, id)
}

// swap says how to exchange the partners of two assets whose serial numbers
// changed places: each would wait for the other for ever.
func (d *decision) swap(l, r Record, side Side, other string) string {
	for _, p := range d.in.Pairs {
		if p.On(side) != other {
			continue
		}
		theirs, ok := d.key(d.left[p.Left])
		mine, too := d.key(r)
		if side == Left {
			theirs, ok = d.key(d.right[p.Right])
			mine, too = d.key(l)
		}
		if ok && too && theirs == mine {
			return fmt.Sprintf("; or, if the serial numbers of %s and %s changed places because the devices did, exchange what they are linked with: `assets link --id %s --revio-id %s`", l.Name, d.nameOf(Left, p.Left), l.ID, p.Right)
		}
	}
	return ""
}

// Ops gives the writes that a merge asks for: at most one for each side.
func Ops(p Pair, l, r Record, m Merged) []Op {
	var ops []Op
	if len(m.SetLeft) > 0 {
		ops = append(ops, update(Left, p.Kind, l, r, m.SetLeft, m.Why))
	}
	if len(m.SetRight) > 0 {
		ops = append(ops, update(Right, p.Kind, r, l, m.SetRight, m.Why))
	}
	return ops
}

func update(side Side, kind Kind, to, from Record, set Fields, why map[string]string) Op {
	op := Op{ID: fmt.Sprintf("update:%s:%s:%s", side, kind, to.ID), Side: side, Kind: kind, Record: to.ID, Owner: to.Owner, Type: to.Type,
		Source: from.ID, Name: cmp.Or(from.Name, to.Name), Set: set, Was: Fields{}, From: Fields{}, Why: map[string]string{}}
	for f := range set {
		op.Was[f], op.From[f], op.Why[f] = to.Fields[f], from.Fields[f], why[f]
	}
	return op
}

// count adds what the guard counts of an op.
func (d *decision) count(p Pair, op Op) {
	for f, v := range op.Set {
		half, known := p.Base[f]
		switch {
		case v == "" && op.Was[f] != "":
			d.emptied++
		case known && !half.First && op.Was[f] != "" && (f == NameField || f == SerialField):
			d.renamed++
		}
		if v != "" && op.Was[f] != "" {
			d.same[string(op.Side)+"\x00"+f+"\x00"+v]++
		}
	}
}

// guard stops an organization in which too much would change at once.
func (d *decision) guard() {
	percent := d.in.Guard
	if percent == 0 {
		percent = 20
	}
	linked := len(d.linkedLeft)
	if n, most := d.emptied+d.gone+d.renamed, max(3, linked*percent/100); n > most {
		d.plan.Guard = append(d.plan.Guard, fmt.Sprintf("%d of %d linked assets would have values emptied (%d), be gone (%d) or get another name or serial number (%d); more than %d at once waits for a person", n, linked, d.emptied, d.gone, d.renamed, most))
	}
	most := max(10, linked*50/100)
	for key, n := range d.same {
		if n > most {
			parts := strings.Split(key, "\x00")
			d.plan.Guard = append(d.plan.Guard, fmt.Sprintf("%s would become %q on %d of %d linked assets in %s; the same value on more than %d at once waits for a person", parts[1], parts[2], n, linked, Side(parts[0]).Title(), most))
		}
	}
	slices.Sort(d.plan.Guard)
	if d.in.Unguarded {
		d.plan.Guard = nil
	}
	d.plan.Risk = d.emptied + d.gone + d.renamed
	d.plan.Linked = linked
}

func (d *decision) sort() {
	for _, left := range slices.Sorted(maps.Keys(d.moved)) {
		d.plan.Pairs = append(d.plan.Pairs, d.moved[left])
	}
	rank := func(o Op) int {
		switch {
		case o.Create():
			return 2
		case o.Side == Right:
			return 1
		}
		return 0
	}
	slices.SortFunc(d.plan.Ops, func(a, b Op) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(d.plan.Conflicts, func(a, b Conflict) int {
		return cmp.Or(cmp.Compare(a.Pair.Left, b.Pair.Left), cmp.Compare(a.Field, b.Field))
	})
	slices.SortFunc(d.plan.Held, func(a, b Held) int {
		return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Text, b.Text))
	})
	slices.SortFunc(d.plan.Look, func(a, b Look) int { return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(a.Record, b.Record)) })
}

func (d *decision) ignored(side Side, id string) bool {
	return slices.Contains(d.in.Ignored[side], id)
}

func (d *decision) hold(side Side, id, name string, code Reason, text string, with ...string) {
	d.plan.Held = append(d.plan.Held, Held{Side: side, Kind: Asset, Record: id, Name: name, Code: code, Text: text, With: with})
}

func without(ids []string, own string) []string {
	var others []string
	for _, id := range ids {
		if id != own {
			others = append(others, id)
		}
	}
	return others
}
