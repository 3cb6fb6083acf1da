package reconcile

import (
	"fmt"
	"slices"
	"strings"
)

// unlinkedLeft finds, for each left record without a pair, the right record
// that is the same thing, or makes one, or says why neither. What has a serial
// number comes first: a right record that it finds is no candidate by name.
func (d *decision) unlinkedLeft() {
	toCreate := set(d.in.ToCreate)
	var nameless []Record
	for _, l := range d.in.Left.Records {
		if d.linkedLeft[l.ID] {
			continue
		}
		_, serial := d.key(l)
		switch open := d.in.Open[l.ID]; {
		case open != "":
			d.hold(Left, l.ID, l.Name, Undecided, open)
		case d.ignored(Left, l.ID):
			d.hold(Left, l.ID, l.Name, Ignored, "a person said to leave it alone. `assets link` or `assets create` takes that back")
		case l.Archived:
			d.hold(Left, l.ID, l.Name, Archived, "archived in IT Glue, so nothing is made of it in Rev.io")
		case toCreate[l.ID]:
			d.create(l)
		case serial:
			d.candidate(l)
		default:
			nameless = append(nameless, l)
		}
	}
	for _, l := range nameless {
		d.nameless(l)
	}
}

func (d *decision) candidate(l Record) {
	key, _ := d.key(l)
	rights, lefts := d.byKey[Right][key], d.byKey[Left][key]
	elsewhere := d.elsewhere(key, Right)
	switch {
	case len(elsewhere) > 0:
		d.hold(Left, l.ID, l.Name, Elsewhere, fmt.Sprintf("its serial number is also on an asset of %s in Rev.io: a device that moved, or one entered twice. Correct one of them, or use `assets link`, `create` or `ignore`", strings.Join(names(elsewhere), ", ")), ids(elsewhere)...)
	case len(lefts) > 1:
		d.hold(Left, l.ID, l.Name, Ambiguous, fmt.Sprintf("%d IT Glue assets of this organization have its serial number. Correct them, or use `assets link`, `create` or `ignore`", len(lefts)), append(without(lefts, l.ID), rights...)...)
	case len(rights) > 1:
		d.hold(Left, l.ID, l.Name, Ambiguous, fmt.Sprintf("%d Rev.io assets of this customer have its serial number. Use `assets link` to say which one it is", len(rights)), rights...)
	case len(rights) == 1 && d.linkedRight[rights[0]]:
		d.hold(Left, l.ID, l.Name, Ambiguous, "the Rev.io asset with its serial number is linked with another IT Glue asset. Correct one of them, or use `assets link`, `create` or `ignore`", rights...)
	case len(rights) == 1 && d.ignored(Right, rights[0]):
		d.hold(Left, l.ID, l.Name, Ambiguous, "a person said to leave the Rev.io asset with its serial number alone. Use `assets link`, `create` or `ignore`", rights...)
	case len(rights) == 1 && d.unsure(l):
		// held: another candidate may not have been listed
	case len(rights) == 1:
		d.link(l, d.right[rights[0]])
	default:
		if twins := d.elsewhere(key, Left); len(twins) > 0 {
			d.hold(Left, l.ID, l.Name, Elsewhere, fmt.Sprintf("its serial number is also on an asset of %s in IT Glue: a device that moved, or one entered twice. Correct one of them, or use `assets create` or `ignore`", strings.Join(names(twins), ", ")), ids(twins)...)
			return
		}
		d.create(l)
	}
}

// nameless is a left record without a usable serial number.
func (d *decision) nameless(l Record) {
	var same []string
	for _, r := range d.in.Right.Records {
		if !d.linkedRight[r.ID] && sameName(r.Name, l.Name) && r.Type == d.in.Types[l.Type] {
			same = append(same, r.ID)
		}
	}
	for _, id := range same {
		if d.right[id].MadeOf == l.ID {
			d.hold(Left, l.ID, l.Name, SameName, "Rev.io has an asset of the same name and type that carries the mark of this very one: another installation of this sync made it, or this one before its database was replaced. Use `assets link` to go on with it; run one installation only", id)
			return
		}
	}
	if len(same) > 0 {
		d.hold(Left, l.ID, l.Name, SameName, "it has no usable serial number, and Rev.io has an asset of the same name and type. Use `assets link` if it is that one, else `assets create` or `ignore`", same...)
		return
	}
	d.create(l)
}

// sameName compares names without regard to case and blanks.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

func (d *decision) link(l, r Record) {
	d.linkedLeft[l.ID], d.linkedRight[r.ID] = true, true
	p := Pair{Kind: Asset, Left: l.ID, Right: r.ID, Owner: d.in.Organization, Origin: BySerial, Base: Base{}}
	d.plan.Matched++
	d.moved[p.Left] = p
	d.merge(p, l, r)
}

func (d *decision) create(l Record) {
	if d.in.Types[l.Type] == "" {
		d.hold(Left, l.ID, l.Name, NoType, "no Rev.io asset type is mapped for its type. Fill in step 4 of the wizard")
		return
	}
	if d.unsure(l) {
		return
	}
	op := Op{ID: "create:right:asset:" + l.ID, Side: Right, Kind: Asset, Owner: d.in.Customer, Home: d.in.Organization, Type: d.in.Types[l.Type], Source: l.ID, Name: l.Name, Set: Fields{}, From: Fields{}}
	for _, f := range d.in.Fields[l.Type] {
		v, shown := l.Fields[f.Name]
		if f.Parked != "" || !shown || v == "" || l.Unread[f.Name] != "" {
			continue
		}
		op.Set[f.Name], op.From[f.Name] = f.fit(v), v
	}
	if r := d.in.Refused[l.ID]; r.Times >= refusals && r.Op.Makes(op) {
		d.hold(Left, l.ID, l.Name, Parked, fmt.Sprintf("Rev.io refused %d times to make it: %s. It is not offered again until it, or its mapping, changes, or `assets create` says so", r.Times, r.Why))
		return
	}
	d.plan.Ops = append(d.plan.Ops, op)
}

// unsure holds a record while a listing is incomplete: what it does not show may
// be the same thing, or a second candidate for it.
func (d *decision) unsure(l Record) bool {
	switch {
	case !d.in.Right.Complete:
		d.hold(Left, l.ID, l.Name, Incomplete, d.why(d.in.Right, Right))
	case !d.in.Left.Complete:
		d.hold(Left, l.ID, l.Name, Incomplete, d.why(d.in.Left, Left))
	default:
		return false
	}
	return true
}

// unlinkedRight says what stands in Rev.io only.
func (d *decision) unlinkedRight() {
	named := map[string]bool{}
	for _, h := range d.plan.Held {
		for _, id := range h.With {
			named[id] = true
		}
	}
	for _, r := range d.in.Right.Records {
		if d.linkedRight[r.ID] {
			continue
		}
		if d.ignored(Right, r.ID) {
			d.hold(Right, r.ID, r.Name, Ignored, "a person said to leave it alone")
			continue
		}
		text := "nothing in IT Glue stands for it; the sync makes no IT Glue records by itself"
		if named[r.ID] {
			text = "it may be what an IT Glue asset stands for, which is held until a person decides"
		}
		d.hold(Right, r.ID, r.Name, OnlyRight, text)
	}
}

func (d *decision) elsewhere(key string, side Side) []Place {
	var places []Place
	for _, p := range d.in.Elsewhere[key] {
		if p.Side == side {
			places = append(places, p)
		}
	}
	return places
}

func names(places []Place) []string {
	var all []string
	for _, p := range places {
		if !slices.Contains(all, p.Name) {
			all = append(all, p.Name)
		}
	}
	slices.Sort(all)
	return all
}

func ids(places []Place) []string {
	all := make([]string, len(places))
	for i, p := range places {
		all[i] = p.Record
	}
	slices.Sort(all)
	return all
}

func set(ids []string) map[string]bool {
	m := make(map[string]bool, len(ids))
	for _, id := range ids {
		m[id] = true
	}
	return m
}
