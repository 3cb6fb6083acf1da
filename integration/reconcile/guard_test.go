package reconcile_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// change says what became of the i-th of an organization's linked assets: words
// for its left record now, or "gone".
type change func(i int) string

// many is an organization of linked assets, in step but for the change.
func many(linked int, become change) reconcile.Input {
	in := given()
	for i := range linked {
		serial := fmt.Sprintf("serial=SN-%d", i)
		left, right := rec(fmt.Sprintf("L%d", i), serial, "model=old"), rec(fmt.Sprintf("R%d", i), serial, "model=old")
		p := inStep(left, right)
		in.Right.Records = append(in.Right.Records, right)
		switch word := become(i); word {
		case "gone":
			p.Absent = map[reconcile.Side]int{reconcile.Left: 1}
		case "first":
			p.Base = reconcile.Base{}
			in.Left.Records = append(in.Left.Records, rec(left.ID, serial, "model=old", "name=Renamed "+left.ID))
		case "":
			in.Left.Records = append(in.Left.Records, left)
		default:
			in.Left.Records = append(in.Left.Records, rec(left.ID, serial, "model=old", word))
		}
		in.Pairs = append(in.Pairs, p)
	}
	return in
}

// of changes the first n.
func of(n int, word string) change {
	return func(i int) string {
		if i >= n {
			return ""
		}
		return word
	}
}

// each changes the first n, each to a value of its own.
func each(n int, word string) change {
	return func(i int) string {
		if i >= n {
			return ""
		}
		return fmt.Sprintf("%s%d", word, i)
	}
}

func TestTooMuchAtOnceStopsTheOrganization(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		is    string
		in    reconcile.Input
		risk  int
		stops bool
	}{
		{"3 of 10 emptied go on", many(10, of(3, "model=")), 3, false},
		{"4 of 10 emptied stop", many(10, of(4, "model=")), 4, true},
		{"3 of 3 emptied go on", many(3, of(3, "model=")), 3, false},
		{"4 of 4 emptied stop", many(4, of(4, "model=")), 4, true},
		{"20 % emptied go on", many(50, of(10, "model=")), 10, false},
		{"more than 20 % emptied stop", many(50, of(11, "model=")), 11, true},
		{"4 of 19: more than 20 %", many(19, of(4, "model=")), 4, true},
		{"4 of 20: 20 %", many(20, of(4, "model=")), 4, false},
		{"3 of 10 gone go on", many(10, of(3, "gone")), 3, false},
		{"4 of 10 gone stop", many(10, of(4, "gone")), 4, true},
		{"3 of 10 renamed go on", many(10, each(3, "name=New ")), 3, false},
		{"4 of 10 renamed stop", many(10, each(4, "name=New ")), 4, true},
		{"3 of 10 serial numbers rewritten go on", many(10, each(3, "serial=NEW-")), 3, false},
		{"4 of 10 serial numbers rewritten stop", many(10, each(4, "serial=NEW-")), 4, true},
		{"they are added up: 1 emptied, 1 gone, 1 renamed go on", many(10, func(i int) string { return [10]string{"model=", "gone", "name=New"}[i] }), 3, false},
		{"they are added up: 1 emptied, 1 gone, 2 renamed stop", many(10, func(i int) string { return [10]string{"model=", "gone", "name=New", "serial=NEW-1"}[i] }), 4, true},
		{"ordinary rewrites are not counted", many(20, each(20, "model=new ")), 0, false},
		{"names at first contact are not counted", many(20, of(20, "first")), 0, false},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			plan := reconcile.Decide(c.in)
			require.Equal(t, c.stops, len(plan.Guard) > 0, "%v", plan.Guard)
			require.Equal(t, c.risk, plan.Risk)
			require.Equal(t, len(c.in.Pairs), plan.Linked)
		})
	}
}

func TestCreatesAndFillsAreNotCounted(t *testing.T) {
	t.Parallel()
	in := given()
	for i := range 30 {
		in.Left.Records = append(in.Left.Records, rec(fmt.Sprintf("L%d", i), "model=M"))
	}
	plan := reconcile.Decide(in)
	require.Len(t, plan.Ops, 30)
	require.Empty(t, plan.Guard)
	require.Zero(t, plan.Risk)

	in = given()
	for i := range 30 {
		serial := fmt.Sprintf("serial=SN-%d", i)
		in.Left.Records = append(in.Left.Records, rec(fmt.Sprintf("L%d", i), serial, "model=M"))
		in.Right.Records = append(in.Right.Records, rec(fmt.Sprintf("R%d", i), serial))
	}
	plan = reconcile.Decide(in)
	require.Len(t, plan.Ops, 30)
	require.Equal(t, 30, plan.Matched)
	require.Equal(t, 30, plan.Linked)
	require.Empty(t, plan.Guard)
}

func TestOneNewValueOnManyAssetsStopsTheOrganization(t *testing.T) {
	t.Parallel()
	fill := many(20, of(11, "model=same"))
	for i := range fill.Pairs {
		fill.Right.Records[i].Fields["model"] = ""
		fill.Pairs[i].Base["model"] = reconcile.Half{Source: "401"}
	}
	for _, c := range []struct {
		is    string
		in    reconcile.Input
		stops bool
	}{
		{"10 of 10 go on", many(10, of(10, "model=same")), false},
		{"11 of 11 stop", many(11, of(11, "model=same")), true},
		{"10 of 20 go on", many(20, of(10, "model=same")), false},
		{"11 of 20 stop", many(20, of(11, "model=same")), true},
		{"50 % of 30 go on", many(30, of(15, "model=same")), false},
		{"more than 50 % of 30 stop", many(30, of(16, "model=same")), true},
		{"different values go on", many(30, each(30, "model=")), false},
		{"filled where there was none goes on", fill, false},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			plan := reconcile.Decide(c.in)
			require.Equal(t, c.stops, len(plan.Guard) > 0, "%v", plan.Guard)
		})
	}
	plan := reconcile.Decide(many(11, of(11, "model=same")))
	require.Equal(t, []string{`model would become "same" on 11 of 11 linked assets in Rev.io; the same value on more than 10 at once waits for a person`}, plan.Guard)
	require.Len(t, plan.Ops, 11, "the plan is there to look at")
}

func TestTheGuardIsASetting(t *testing.T) {
	t.Parallel()
	strict, loose := many(50, of(6, "model=")), many(50, of(20, "model="))
	strict.Guard, loose.Guard = 10, 40
	require.NotEmpty(t, reconcile.Decide(strict).Guard)
	require.Empty(t, reconcile.Decide(loose).Guard)
	loose.Guard = 39
	require.NotEmpty(t, reconcile.Decide(loose).Guard)
	loose.Unguarded = true
	plan := reconcile.Decide(loose)
	require.Empty(t, plan.Guard)
	require.Equal(t, 20, plan.Risk, "the instance's guard counts it all the same")
}

func TestANameRefusedAtFirstContactIsNotCountedWhenItIsOfferedAgain(t *testing.T) {
	t.Parallel()
	in := many(10, of(10, "first"))
	for i, p := range in.Pairs {
		shown := "MANGLED " + p.Right
		in.Right.Records[i].Fields[reconcile.NameField] = shown
		in.Pairs[i].Base[reconcile.NameField] = reconcile.AfterWrite(reconcile.Half{}, reconcile.Right, "", "Renamed "+p.Left, "Renamed "+p.Left, shown)
	}
	plan := reconcile.Decide(in)
	require.Len(t, plan.Ops, 10)
	require.Empty(t, plan.Guard)
}

func TestAPlanIsSortedAndCounted(t *testing.T) {
	t.Parallel()
	in := given(rec("L3"), rec("L1", "serial=SN-1", "model=M"), rec("L2", "serial=SN-2"), rec("R2", "serial=SN-2", "model=M"), rec("R1", "serial=SN-1"), rec("L4", "serial=SN-4"), rec("R4", "serial=SN-4"))
	plan := reconcile.Decide(in)
	var ids []string
	for _, o := range plan.Ops {
		ids = append(ids, o.ID)
	}
	require.Equal(t, []string{"update:left:asset:L2", "update:right:asset:R1", "create:right:asset:L3"}, ids)
	require.Equal(t, 3, plan.Matched)
	require.Equal(t, 3, plan.Linked)
	require.Equal(t, 1, plan.Steady)
	require.Equal(t, reconcile.Op{ID: "update:right:asset:R1", Side: reconcile.Right, Kind: reconcile.Asset, Record: "R1", Owner: "customer", Type: "asset type", Source: "L1", Name: "Server 1",
		Set: reconcile.Fields{"model": "M"}, Was: reconcile.Fields{"model": ""}, From: reconcile.Fields{"model": "M"}, Why: map[string]string{"model": "Rev.io had no value"}}, plan.Ops[1])
}
