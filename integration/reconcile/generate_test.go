package reconcile_test

import (
	"fmt"
	"maps"
	"strings"

	"pgregory.net/rapid"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// few is a small alphabet, so that values meet.
var few = []string{"", "", "a", "A", "b", "longer", "longest", "N/A"}

var serials = []string{"", "N/A", "SN-1", "SN-2", "SN-3", "SN-4", "SN-5"}

func seldom(t *rapid.T, label string) bool { return rapid.IntRange(0, 9).Draw(t, label) == 0 }

func from[V any](t *rapid.T, label string, values ...V) V {
	return rapid.SampledFrom(values).Draw(t, label)
}

// drawFields gives the mapping of a type: a name, a serial number and two
// fields under any rules.
func drawFields(t *rapid.T) []reconcile.Field {
	fields := []reconcile.Field{mapped[0], mapped[1]}
	fields[0].Conflict = from(t, "name rule", reconcile.Ask, reconcile.LeftWins)
	for i, name := range []string{"model", "notes"} {
		f := reconcile.Field{Name: name, Title: name, Source: fmt.Sprint(401 + i)}
		f.Direction = from(t, "direction", reconcile.BothWays, reconcile.BothWays, reconcile.ToRight)
		f.Conflict = from(t, "conflict", reconcile.Ask, reconcile.LeftWins, reconcile.RightWins, reconcile.Newest)
		f.First = from(t, "first", reconcile.Ask, reconcile.LeftWins, reconcile.RightWins, reconcile.Newest, reconcile.AsIs)
		switch from(t, "limits", "", "", "", "fit", "options", "parked") {
		case "fit":
			f.Fit = cut
		case "options":
			f.Options = []string{"a", "b"}
		case "parked":
			f.Parked = "its field is no longer in IT Glue"
		}
		fields = append(fields, f)
	}
	return fields
}

// drawRecord gives a record with the given fields, or with any.
func drawRecord(t *rapid.T, id string, fields reconcile.Fields) reconcile.Record {
	r := rec(id)
	r.Fields["notes"] = ""
	if fields == nil {
		fields = reconcile.Fields{reconcile.NameField: from(t, "name", "Server", "Router", "Switch"), reconcile.SerialField: from(t, "serial", serials...), "model": from(t, "model", few...), "notes": from(t, "notes", few...)}
	}
	maps.Copy(r.Fields, fields)
	r.Name = r.Fields[reconcile.NameField]
	return r
}

// perturb edits a record as a person or a fault would.
func perturb(t *rapid.T, r reconcile.Record, serialToo bool) reconcile.Record {
	r.Fields = maps.Clone(r.Fields)
	for _, f := range []string{reconcile.NameField, reconcile.SerialField, "model", "notes"} {
		if f == reconcile.SerialField && !serialToo {
			continue
		}
		switch what := rapid.IntRange(0, 15).Draw(t, "edit "+f); {
		case what < 4 && f == reconcile.SerialField:
			r.Fields[f] = from(t, "new serial", serials...)
		case what < 4:
			r.Fields[f] = from(t, "new value", append(few, rapid.String().Draw(t, "any"))...)
		case what == 4 && f != reconcile.SerialField:
			delete(r.Fields, f)
		case what == 5 && f != reconcile.SerialField:
			r.Unread = map[string]string{f: "its value could not be read"}
		case what == 6 && r.ID[0] == 'L':
			r.OneWay = map[string]string{f: "it holds formatted text"}
		}
	}
	if seldom(t, "read only") {
		r.ReadOnly = "it holds files"
	}
	r.Archived = r.ID[0] == 'L' && seldom(t, "archived")
	r.Updated = from[int64](t, "updated", 0, 10*minute, 12*minute, 60*minute)
	r.Name = r.Fields[reconcile.NameField]
	return r
}

// drawInput gives an organization whose pairs were in step, and were then
// edited on the left and on the right, with records that stand on one side
// only. Serial numbers of linked records change only where serialsToo says so.
func drawInput(t *rapid.T, serialsToo bool) reconcile.Input {
	in := given()
	fields := drawFields(t)
	in.Fields = map[string][]reconcile.Field{"t1": fields, "t2": fields[:2]}
	n := rapid.IntRange(0, 4).Draw(t, "pairs")
	for i := range n {
		l := drawRecord(t, fmt.Sprintf("L%d", i), nil)
		r := drawRecord(t, fmt.Sprintf("R%d", i), l.Fields)
		in.Pairs = append(in.Pairs, drawPair(t, l, r, fields))
		if !seldom(t, "left is absent") {
			in.Left.Records = append(in.Left.Records, perturb(t, l, serialsToo))
		}
		if !seldom(t, "right is absent") {
			in.Right.Records = append(in.Right.Records, perturb(t, r, serialsToo))
		}
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "only left") {
		l := perturb(t, drawRecord(t, fmt.Sprintf("L%d", 10+i), nil), true)
		l.Type = from(t, "type", "t1", "t1", "t2")
		in.Left.Records = append(in.Left.Records, l)
		drawDecision(t, &in, l)
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "only right") {
		in.Right.Records = append(in.Right.Records, perturb(t, drawRecord(t, fmt.Sprintf("R%d", 10+i), nil), true))
	}
	in.Left.Complete, in.Right.Complete = !seldom(t, "left incomplete"), !seldom(t, "right incomplete")
	return in
}

func drawPair(t *rapid.T, l, r reconcile.Record, fields []reconcile.Field) reconcile.Pair {
	p := inStep(l, r)
	for _, f := range fields {
		p.Base[f.Name] = reconcile.Half{Left: l.Fields[f.Name], Right: r.Fields[f.Name], Source: f.Source}
		switch rapid.IntRange(0, 15).Draw(t, "base "+f.Name) {
		case 0, 1, 2:
			delete(p.Base, f.Name)
		case 3:
			p.Base[f.Name] = reconcile.Half{Left: "x", Right: "x", Source: "another field"}
		case 4:
			p.Base[f.Name] = reconcile.AfterWrite(p.Base[f.Name], from(t, "refused by", reconcile.Left, reconcile.Right), f.Source, "a", "a", from(t, "shown", few...))
		case 5:
			p.Choice = map[string]reconcile.Choice{f.Name: {Side: from(t, "choice", reconcile.Left, reconcile.Right), Left: from(t, "chosen left", few...), Right: from(t, "chosen right", few...)}}
		}
	}
	if seldom(t, "absent before") {
		p = seen(p, from(t, "absent side", reconcile.Left, reconcile.Right), 1)
	}
	return p
}

func drawDecision(t *rapid.T, in *reconcile.Input, l reconcile.Record) {
	key, _ := serial(l.Fields[reconcile.SerialField])
	switch rapid.IntRange(0, 15).Draw(t, "decision") {
	case 0:
		in.Ignored[reconcile.Left] = append(in.Ignored[reconcile.Left], l.ID)
	case 1:
		in.ToCreate = append(in.ToCreate, l.ID)
	case 2:
		in.Open[l.ID] = "its outcome got lost"
	case 3:
		in.Elsewhere[key] = append(in.Elsewhere[key], place(from(t, "place", reconcile.Left, reconcile.Right), "R99", "Another customer"))
	}
}

// manglers are what a system may make of what it is given.
var manglers = map[string]func(string) string{
	"trims":      strings.TrimSpace,
	"upper case": strings.ToUpper,
	"cuts":       func(v string) string { return string([]rune(v)[:min(len([]rune(v)), 2)]) },
	"refuses":    func(string) string { return "as it was" },
	"drops":      func(string) string { return "" },
}
