package reconcile_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// cases is how many cases each property is tried on, unless the command says so.
const cases = "5000"

func TestMain(m *testing.M) {
	flag.Parse()
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": cases, "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); !given[name] && err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// The rows of the tables are written in a short form: l and r are the two
// records of a pair with one field, b is what is remembered of it.

const (
	notShown = "\x00 not shown"
	unread   = "\x00 unread"
)

// model is the field of l, r and b.
func model(change ...func(*reconcile.Field)) reconcile.Field {
	f := reconcile.Field{Name: "model", Title: "Model", Source: "401", Direction: reconcile.BothWays}
	for _, c := range change {
		c(&f)
	}
	return f
}

func l(v string) reconcile.Record { return one("L1", v) }
func r(v string) reconcile.Record { return one("R1", v) }

func one(id, v string) reconcile.Record {
	rec := reconcile.Record{ID: id, Name: "Server 1", Fields: reconcile.Fields{"model": v}}
	switch v {
	case notShown:
		rec.Fields = reconcile.Fields{}
	case unread:
		rec.Unread = map[string]string{"model": "its value is no text"}
	}
	return rec
}

func b(l, r string) reconcile.Base {
	return reconcile.Base{"model": {Left: l, Right: r, Source: "401"}}
}

var none reconcile.Base

// serial reads serial numbers as simply as these tests need it.
func serial(raw string) (key string, usable bool) {
	key = strings.ToUpper(strings.TrimSpace(raw))
	return key, key != "" && key != "N/A" && key != "TO BE FILLED BY O.E.M."
}

func usable(raw string) bool { _, ok := serial(raw); return ok }

// said puts what a merge does in one line: what is written, what conflicts, to
// what the base moves, and what is held.
func said(m reconcile.Merged) string {
	var words []string
	for _, f := range slices.Sorted(maps.Keys(m.SetLeft)) {
		words = append(words, "left="+m.SetLeft[f])
	}
	for _, f := range slices.Sorted(maps.Keys(m.SetRight)) {
		words = append(words, "right="+m.SetRight[f])
	}
	for _, c := range m.Conflicts {
		word := fmt.Sprintf("conflict(%s|%s)", c.Left, c.Right)
		if c.OneWay {
			word += " one-way"
		}
		if c.First {
			word += " first"
		}
		words = append(words, word)
	}
	if m.Moved {
		for _, f := range slices.Sorted(maps.Keys(m.Base)) {
			words = append(words, fmt.Sprintf("base=%s|%s", m.Base[f].Left, m.Base[f].Right))
		}
	}
	for _, h := range m.Held {
		if h.Code != reconcile.InConflict {
			words = append(words, "held:"+string(h.Code))
		}
	}
	return cmp.Or(strings.Join(words, " "), "-")
}

// The records of the tables of plans have these fields. What a row does not
// name is empty, and the name is that of its number: L1 and R1 are "Server 1".

var mapped = []reconcile.Field{
	{Name: reconcile.NameField, Title: "Asset Name", Direction: reconcile.ToRight, First: reconcile.LeftWins},
	{Name: reconcile.SerialField, Title: "Serial Number", Source: "400", Direction: reconcile.BothWays},
	{Name: "model", Title: "Model", Source: "401", Direction: reconcile.BothWays},
}

// rec makes a record of "L1" or "R1", with "field=value" for its fields and
// single words for what else can be said of it.
func rec(id string, words ...string) reconcile.Record {
	rec := reconcile.Record{ID: id, Owner: "org", Type: "t1", Fields: reconcile.Fields{reconcile.NameField: "Server " + id[1:], reconcile.SerialField: "", "model": ""}}
	if id[0] == 'R' {
		rec.Owner, rec.Type = "customer", "asset type"
	}
	for _, w := range words {
		name, value, isField := strings.Cut(w, "=")
		switch {
		case isField && name == "serial":
			rec.Fields[reconcile.SerialField] = value
		case isField && name == "type":
			rec.Type = value
		case isField:
			rec.Fields[name] = value
		case w == "archived":
			rec.Archived = true
		}
	}
	rec.Name = rec.Fields[reconcile.NameField]
	return rec
}

// inStep is the pair of two records that hold what they held when last in step.
func inStep(l, r reconcile.Record) reconcile.Pair {
	p := reconcile.Pair{Kind: reconcile.Asset, Left: l.ID, Right: r.ID, Owner: "org", Origin: reconcile.BySerial, Base: reconcile.Base{}}
	for _, f := range mapped {
		p.Base[f.Name] = reconcile.Half{Left: l.Fields[f.Name], Right: r.Fields[f.Name], Source: f.Source}
	}
	return p
}

// given is an input of two complete listings of the given records.
func given(records ...reconcile.Record) reconcile.Input {
	in := reconcile.Input{Organization: "org", Customer: "customer", Serial: serial,
		Left: reconcile.Snapshot{Complete: true}, Right: reconcile.Snapshot{Complete: true},
		Fields: map[string][]reconcile.Field{"t1": mapped, "t2": mapped}, Types: map[string]string{"t1": "asset type"},
		Elsewhere: map[string][]reconcile.Place{}, Moved: map[string]string{}, Ignored: map[reconcile.Side][]string{}, Open: map[string]string{}}
	for _, r := range records {
		if r.ID[0] == 'L' {
			in.Left.Records = append(in.Left.Records, r)
		} else {
			in.Right.Records = append(in.Right.Records, r)
		}
	}
	return in
}

// but changes an input.
func but(in reconcile.Input, change func(*reconcile.Input)) reconcile.Input {
	change(&in)
	return in
}

// lines puts a plan in words, one line for each thing that it does or holds.
func lines(p reconcile.Plan) []string {
	all := []string{}
	for _, o := range p.Ops {
		if o.Create() {
			all = append(all, "create "+o.Source)
			continue
		}
		for _, f := range slices.Sorted(maps.Keys(o.Set)) {
			all = append(all, fmt.Sprintf("write %s %s=%s", o.Record, f, o.Set[f]))
		}
	}
	for _, pair := range p.Pairs {
		line := fmt.Sprintf("pair %s-%s", pair.Left, pair.Right)
		for _, side := range slices.Sorted(maps.Keys(pair.Absent)) {
			line += fmt.Sprintf(" absent %s %d", side, pair.Absent[side])
		}
		all = append(all, line)
	}
	for _, look := range p.Look {
		all = append(all, "look "+look.Record)
	}
	for _, h := range p.Held {
		line := fmt.Sprintf("held %s %s", h.Record, h.Code)
		if h.Field != "" {
			line = fmt.Sprintf("held %s.%s %s", h.Record, h.Field, h.Code)
		} else if len(h.With) > 0 {
			line += " with " + strings.Join(h.With, ",")
		}
		all = append(all, line)
	}
	for range p.Guard {
		all = append(all, "guard")
	}
	return all
}

// planned is a row of a table of plans.
type planned struct {
	is   string
	in   reconcile.Input
	want []string
}

func decideEach(t *testing.T, rows []planned) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.is, func(t *testing.T) {
			t.Parallel()
			got := lines(reconcile.Decide(row.in))
			if !slices.Equal(got, row.want) {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), strings.Join(row.want, "; "))
			}
		})
	}
}
