package reconcile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

const minute = 60 * 1000

func at(rec reconcile.Record, millis int64) reconcile.Record {
	rec.Updated = millis
	return rec
}

func TestARuleSettlesAConflict(t *testing.T) {
	t.Parallel()
	by := func(w reconcile.Winner) reconcile.Field {
		return model(func(f *reconcile.Field) { f.Conflict = w })
	}
	for _, c := range []struct {
		is   string
		rule reconcile.Winner
		l, r reconcile.Record
		want string
	}{
		{"no rule asks", "", l("y"), r("z"), "conflict(y|z)"},
		{"ask asks", reconcile.Ask, l("y"), r("z"), "conflict(y|z)"},
		{"itglue", reconcile.LeftWins, l("y"), r("z"), "right=y"},
		{"revio", reconcile.RightWins, l("y"), r("z"), "left=z"},
		{"newest: left", reconcile.Newest, at(l("y"), 100*minute), at(r("z"), 10*minute), "right=y"},
		{"newest: right", reconcile.Newest, at(l("y"), 10*minute), at(r("z"), 100*minute), "left=z"},
		{"newest: more than 5 minutes", reconcile.Newest, at(l("y"), 10*minute), at(r("z"), 15*minute+1), "left=z"},
		{"newest: 5 minutes apart asks", reconcile.Newest, at(l("y"), 10*minute), at(r("z"), 15*minute), "conflict(y|z)"},
		{"newest: 5 minutes apart the other way asks", reconcile.Newest, at(l("y"), 15*minute), at(r("z"), 10*minute), "conflict(y|z)"},
		{"newest: left's time is not known asks", reconcile.Newest, l("y"), at(r("z"), 100*minute), "conflict(y|z)"},
		{"newest: right's time is not known asks", reconcile.Newest, at(l("y"), 100*minute), r("z"), "conflict(y|z)"},
		{"a rule that is none asks", "coin", l("y"), r("z"), "conflict(y|z)"},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			mergeEach(t, by(c.rule), []merged{{"both changed", c.l, c.r, b("x", "x"), c.want}})
		})
	}
}

func TestARuleForConflictsIsNoneForTheFirstContact(t *testing.T) {
	t.Parallel()
	mergeEach(t, model(func(f *reconcile.Field) { f.Conflict = reconcile.LeftWins }), []merged{
		{"first contact asks", l("y"), r("z"), none, "conflict(y|z) first"},
	})
	mergeEach(t, model(func(f *reconcile.Field) { f.First = reconcile.RightWins }), []merged{
		{"first contact has a winner", l("y"), r("z"), none, "left=z"},
		{"first contact still fills blanks", l("y"), r(""), none, "right=y"},
		{"later conflicts ask", l("y"), r("z"), b("x", "x"), "conflict(y|z)"},
	})
	mergeEach(t, model(func(f *reconcile.Field) { f.First = reconcile.Newest }), []merged{
		{"the newest wins the first contact", at(l("y"), 100*minute), at(r("z"), 10*minute), none, "right=y"},
		{"and asks where it is not clear", l("y"), at(r("z"), 10*minute), none, "conflict(y|z) first"},
	})
}

func TestARuleSettlesAOneWayField(t *testing.T) {
	t.Parallel()
	for rule, want := range map[reconcile.Winner]string{
		reconcile.LeftWins:  "right=x",
		reconcile.RightWins: "base=x|y", // Rev.io keeps its own
		reconcile.Newest:    "conflict(x|y) one-way",
		reconcile.Ask:       "conflict(x|y) one-way",
	} {
		mergeEach(t, model(func(f *reconcile.Field) { f.Direction, f.Conflict = reconcile.ToRight, rule }), []merged{
			{"right edited, rule " + string(rule), at(l("x"), 10*minute), at(r("y"), 100*minute), b("x", "x"), want},
		})
	}
}

func TestTheChoiceOfAPersonCountsForTheTwoValuesTheySaw(t *testing.T) {
	t.Parallel()
	type row struct {
		is     string
		l, r   reconcile.Record
		b      reconcile.Base
		choice reconcile.Choice
		f      reconcile.Field
		want   string
		kept   bool // the choice is still there afterwards
	}
	left, right := reconcile.Choice{Side: reconcile.Left, Left: "y", Right: "z"}, reconcile.Choice{Side: reconcile.Right, Left: "y", Right: "z"}
	oneWay := model(func(f *reconcile.Field) { f.Direction = reconcile.ToRight })
	ruled := model(func(f *reconcile.Field) { f.Conflict = reconcile.RightWins })
	for _, c := range []row{
		{"left chosen", l("y"), r("z"), b("x", "x"), left, model(), "right=y", true},
		{"right chosen", l("y"), r("z"), b("x", "x"), right, model(), "left=z", true},
		{"chosen at first contact", l("y"), r("z"), none, right, model(), "left=z", true},
		{"a choice goes before a rule", l("y"), r("z"), b("x", "x"), left, ruled, "right=y", true},
		{"left holds something else: void", l("q"), r("z"), b("x", "x"), left, model(), "conflict(q|z) base=x|x", false},
		{"right holds something else: void", l("y"), r("q"), b("x", "x"), right, model(), "conflict(y|q) base=x|x", false},
		{"one way, left chosen", l("y"), r("z"), b("y", "y"), left, oneWay, "right=y", true},
		{"one way, right chosen: both keep theirs", l("y"), r("z"), b("y", "y"), right, oneWay, "base=y|z", false},
		{"the sides agree meanwhile: settled", l("z"), r("z"), b("x", "x"), left, model(), "base=z|z", false},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			p := reconcile.Pair{Kind: reconcile.Asset, Left: "L1", Right: "R1", Base: c.b, Choice: map[string]reconcile.Choice{"model": c.choice}}
			m := reconcile.Merge(p, c.l, c.r, []reconcile.Field{c.f}, usable)
			require.Equal(t, c.want, said(m))
			require.Equal(t, c.kept, m.Choice["model"] == c.choice)
			require.Len(t, p.Choice, 1, "the pair that was given is not touched")
		})
	}
}

func TestWhatRevioCannotHoldWholeIsCutOnceAndNoted(t *testing.T) {
	t.Parallel()
	f := model(func(f *reconcile.Field) { f.Fit = cut })
	mergeEach(t, f, []merged{
		{"written cut", l("longer"), r("x"), b("x", "x"), "right=lon held:cut"},
		{"created or filled cut", l("longer"), r(""), none, "right=lon held:cut"},
		{"cut values agree at first contact", l("longer"), r("lon"), none, "base=longer|lon held:cut"},
		{"cut values are in step, and never written again", l("longer"), r("lon"), b("longer", "lon"), "held:cut"},
		{"changed behind the cut: only the base follows", l("longest"), r("lon"), b("longer", "lon"), "base=longest|lon held:cut"},
		{"changed in Rev.io: left follows", l("longer"), r("new"), b("longer", "lon"), "left=new"},
		{"Rev.io holds more than was thought: equal is equal", l("longer"), r("longer"), none, "base=longer|longer"},
		{"Rev.io took more than was thought: in step", l("longer"), r("longer"), b("x", "x"), "base=longer|longer"},
		{"short values are not noted", l("abc"), r("abc"), b("abc", "abc"), "-"},
	})
}

func cut(v string) string { return v[:min(len(v), 3)] }

func TestAGoodSerialNumberIsNeverReplacedByAPlaceholder(t *testing.T) {
	t.Parallel()
	f := model(func(f *reconcile.Field) { f.Name = reconcile.SerialField })
	as := func(rec reconcile.Record) reconcile.Record {
		rec.Fields = reconcile.Fields{reconcile.SerialField: rec.Fields["model"]}
		return rec
	}
	base := func(l, r string) reconcile.Base {
		return reconcile.Base{reconcile.SerialField: {Left: l, Right: r, Source: "401"}}
	}
	mergeEach(t, f, []merged{
		{"left became a placeholder", as(l("To be filled by O.E.M.")), as(r("SN-1")), base("SN-1", "SN-1"), "held:placeholder"},
		{"right became a placeholder", as(l("SN-1")), as(r("N/A")), base("SN-1", "SN-1"), "held:placeholder"},
		{"a placeholder replaces a placeholder", as(l("N/A")), as(r("To be filled by O.E.M.")), base("N/A", "N/A"), "left=To be filled by O.E.M."},
		{"a good one replaces a placeholder", as(l("SN-1")), as(r("N/A")), base("N/A", "N/A"), "right=SN-1"},
		{"a good one replaces a good one", as(l("SN-2")), as(r("SN-1")), base("SN-1", "SN-1"), "right=SN-2"},
		{"emptied is emptied", as(l("")), as(r("SN-1")), base("SN-1", "SN-1"), "right="},
		{"a placeholder fills a blank", as(l("N/A")), as(r("")), none, "right=N/A"},
	})
	f.Conflict = reconcile.RightWins
	mergeEach(t, f, []merged{{"not even by rule", as(l("SN-2")), as(r("N/A")), base("SN-1", "SN-1"), "held:placeholder"}})
}
