package reconcile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// merged is a row of a table of fields.
type merged struct {
	is   string
	l, r reconcile.Record
	b    reconcile.Base
	want string
}

func mergeEach(t *testing.T, f reconcile.Field, rows []merged) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.is, func(t *testing.T) {
			t.Parallel()
			pair := reconcile.Pair{Kind: reconcile.Asset, Left: "L1", Right: "R1", Base: row.b}
			require.Equal(t, row.want, said(reconcile.Merge(pair, row.l, row.r, []reconcile.Field{f}, usable)))
		})
	}
}

func TestAFieldIsDecidedFromBothSidesAndTheBase(t *testing.T) {
	t.Parallel()
	mergeEach(t, model(), []merged{
		{"nothing changed", l("x"), r("x"), b("x", "x"), "-"},
		{"nothing changed, all empty", l(""), r(""), b("", ""), "-"},
		{"nothing changed, each with its own value", l("x"), r("y"), b("x", "y"), "-"},
		{"left changed: right follows", l("y"), r("x"), b("x", "x"), "right=y"},
		{"right changed: left follows", l("x"), r("y"), b("x", "x"), "left=y"},
		{"both changed to the same: the base follows", l("y"), r("y"), b("x", "x"), "base=y|y"},
		{"both changed differently: a conflict", l("y"), r("z"), b("x", "x"), "conflict(y|z)"},
		{"left changed to what right had anyway", l("y"), r("y"), b("x", "y"), "base=y|y"},
		{"left changed where each had its own: right follows", l("z"), r("y"), b("x", "y"), "right=z"},

		{"left emptied, right unchanged: right is emptied", l(""), r("x"), b("x", "x"), "right="},
		{"right emptied, left unchanged: left is emptied", l("x"), r(""), b("x", "x"), "left="},
		{"left emptied, right changed: a conflict", l(""), r("y"), b("x", "x"), "conflict(|y)"},
		{"right emptied, left changed: a conflict", l("y"), r(""), b("x", "x"), "conflict(y|)"},
		{"both emptied: the base follows", l(""), r(""), b("x", "x"), "base=|"},
		{"left filled: right follows", l("y"), r(""), b("", ""), "right=y"},
		{"right filled: left follows", l(""), r("y"), b("", ""), "left=y"},

		{"left is not shown: left alone", l(notShown), r("y"), b("x", "x"), "held:not-shown"},
		{"right is not shown: left alone", l("y"), r(notShown), b("x", "x"), "held:not-shown"},
		{"neither is shown: left alone", l(notShown), r(notShown), b("x", "x"), "held:not-shown"},
		{"left cannot be read: left alone", l(unread), r("y"), b("x", "x"), "held:unreadable"},
		{"right cannot be read: left alone", l("y"), r(unread), b("x", "x"), "held:unreadable"},
		{"right cannot be read and nothing is remembered: left alone", l("y"), r(unread), none, "held:unreadable"},
	})
}

func TestFirstContactFillsBlanksAndOverwritesNothing(t *testing.T) {
	t.Parallel()
	mergeEach(t, model(), []merged{
		{"equal: in step", l("y"), r("y"), none, "base=y|y"},
		{"both empty: in step", l(""), r(""), none, "base=|"},
		{"right has none: filled", l("y"), r(""), none, "right=y"},
		{"left has none: filled", l(""), r("z"), none, "left=z"},
		{"both have one: a conflict", l("y"), r("z"), none, "conflict(y|z) first"},
		{"right is not shown: not filled", l("y"), r(notShown), none, "held:not-shown"},
		{"left is not shown: not filled", l(notShown), r("z"), none, "held:not-shown"},
	})
	t.Run("another flexible asset field id is first contact for that field", func(t *testing.T) {
		t.Parallel()
		mergeEach(t, model(func(f *reconcile.Field) { f.Source = "999" }), []merged{
			{"its empty trait does not empty right", l(""), r("x"), b("x", "x"), "left=x"},
			{"its value does not overwrite right", l("y"), r("x"), b("x", "x"), "conflict(y|x) first"},
			{"equal: the base is that field's now", l("x"), r("x"), b("x", "x"), "base=x|x"},
		})
	})
}

func TestAnOrganizationsTwoNamesAreTakenAsTheyAre(t *testing.T) {
	t.Parallel()
	mergeEach(t, model(func(f *reconcile.Field) { f.First = reconcile.AsIs }), []merged{
		{"first contact: both keep theirs", l("Acme"), r("ACME Inc."), none, "base=Acme|ACME Inc."},
		{"afterwards they stay apart", l("Acme"), r("ACME Inc."), b("Acme", "ACME Inc."), "-"},
		{"one renamed: the other follows", l("Acme Group"), r("ACME Inc."), b("Acme", "ACME Inc."), "right=Acme Group"},
		{"both renamed: a conflict", l("Acme Group"), r("Acme Ltd"), b("Acme", "ACME Inc."), "conflict(Acme Group|Acme Ltd)"},
	})
}

func TestAnAssetsNameIsITGlues(t *testing.T) {
	t.Parallel()
	name := model(func(f *reconcile.Field) { f.Direction, f.First = reconcile.ToRight, reconcile.LeftWins })
	mergeEach(t, name, []merged{
		{"first contact: IT Glue's", l("DC01"), r("Old server"), none, "right=DC01"},
		{"renamed in IT Glue: right follows", l("DC02"), r("DC01"), b("DC01", "DC01"), "right=DC02"},
		{"renamed in Rev.io: a conflict with two answers", l("DC01"), r("Mine"), b("DC01", "DC01"), "conflict(DC01|Mine) one-way"},
	})
}

func TestAFieldOfOneWayIsNeverWrittenBack(t *testing.T) {
	t.Parallel()
	rows := []merged{
		{"left changed: right follows", l("y"), r("x"), b("x", "x"), "right=y"},
		{"left emptied: right is emptied", l(""), r("x"), b("x", "x"), "right="},
		{"right changed: a conflict with two answers", l("x"), r("y"), b("x", "x"), "conflict(x|y) one-way"},
		{"right emptied: a conflict with two answers", l("x"), r(""), b("x", "x"), "conflict(x|) one-way"},
		{"both changed: a conflict with two answers", l("y"), r("z"), b("x", "x"), "conflict(y|z) one-way"},
		{"first contact fills right", l("y"), r(""), none, "right=y"},
		{"first contact cannot fill left, which is said", l(""), r("z"), none, "base=|z held:one-way"},
		{"and said again in every cycle", l(""), r("z"), b("", "z"), "held:one-way"},
	}
	t.Run("by its mapping", func(t *testing.T) {
		t.Parallel()
		mergeEach(t, model(func(f *reconcile.Field) { f.Direction = reconcile.ToRight }), rows)
	})
	t.Run("by the record: a Textbox with markup", func(t *testing.T) {
		t.Parallel()
		for i := range rows {
			rows[i].l.OneWay = map[string]string{"model": "it holds formatted text"}
		}
		mergeEach(t, model(), rows)
	})
	t.Run("another record of the same field goes both ways", func(t *testing.T) {
		t.Parallel()
		mergeEach(t, model(), []merged{{"right changed: left follows", l("x"), r("y"), b("x", "x"), "left=y"}})
	})
}

func TestAOneWayConflictBlocksNoOtherField(t *testing.T) {
	t.Parallel()
	fields := []reconcile.Field{model(func(f *reconcile.Field) { f.Direction = reconcile.ToRight }),
		{Name: "notes", Title: "Notes", Direction: reconcile.BothWays}, {Name: "ip", Title: "IP", Direction: reconcile.BothWays}}
	left, right := l("x"), r("edited")
	left.Fields["notes"], left.Fields["ip"] = "new", "10.0.0.1"
	right.Fields["notes"], right.Fields["ip"] = "old", "10.0.0.2"
	base := b("x", "x")
	base["notes"], base["ip"] = reconcile.Half{Left: "old", Right: "old"}, reconcile.Half{Left: "10.0.0.1", Right: "10.0.0.1"}
	m := reconcile.Merge(reconcile.Pair{Kind: reconcile.Asset, Left: "L1", Right: "R1", Base: base}, left, right, fields, usable)
	require.Equal(t, "left=10.0.0.2 right=new conflict(x|edited) one-way", said(m))
}

func TestWhatASelectDoesNotOfferIsHeldWithItsOptions(t *testing.T) {
	t.Parallel()
	f := model(func(f *reconcile.Field) { f.Options = []string{"Dell", "HP"} })
	mergeEach(t, f, []merged{
		{"an option travels", l("Dell"), r("HP"), b("Dell", "Dell"), "left=HP"},
		{"no option is held", l("Dell"), r("Acer"), b("Dell", "Dell"), "held:not-an-option"},
		{"no option is held at first contact", l(""), r("Acer"), none, "held:not-an-option"},
		{"emptied travels", l("Dell"), r(""), b("Dell", "Dell"), "left="},
		{"right takes anything", l("Old option"), r("Dell"), b("Dell", "Dell"), "right=Old option"},
	})
	m := reconcile.Merge(reconcile.Pair{Base: b("Dell", "Dell")}, l("Dell"), r("Acer"), []reconcile.Field{f}, usable)
	require.Equal(t, `"Acer" is not an option of Model in IT Glue. Its options are Dell, HP. Add the option there, or change the value in Rev.io.`, m.Held[0].Text)
	empty := reconcile.Merge(reconcile.Pair{Base: b("Dell", "Dell")}, l("Dell"), r("Acer"), []reconcile.Field{model(func(f *reconcile.Field) { f.Options = []string{} })}, usable)
	require.Equal(t, "held:not-an-option", said(empty), "a Select without options takes no value")
}

func TestAReadOnlyRecordIsNotWrittenAndStillRead(t *testing.T) {
	t.Parallel()
	files := l("x")
	files.ReadOnly = "it holds files"
	newer := l("y")
	newer.ReadOnly = "it holds files"
	closed := r("x")
	closed.ReadOnly = "it is closed"
	mergeEach(t, model(), []merged{
		{"left holds files, right changed: held", files, r("y"), b("x", "x"), "held:read-only"},
		{"left holds files and changed: right follows", newer, r("x"), b("x", "x"), "right=y"},
		{"right may not be written: held", l("y"), closed, b("x", "x"), "held:read-only"},
		{"both changed: still a conflict", newer, r("z"), b("x", "x"), "conflict(y|z)"},
	})
}

func TestAFieldThatItsMappingParksIsLeftAlone(t *testing.T) {
	t.Parallel()
	mergeEach(t, model(func(f *reconcile.Field) { f.Parked = "the field was deleted in IT Glue" }), []merged{
		{"left changed", l("y"), r("x"), b("x", "x"), "held:parked"},
		{"right changed", l("x"), r("y"), b("x", "x"), "held:parked"},
		{"not shown: the reason is the mapping's", l(notShown), r("x"), b("x", "x"), "held:parked"},
		{"first contact", l("y"), r(""), none, "held:parked"},
	})
}
