package reconcile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// incomplete says that the listings of these sides did not run to their end.
func incomplete(in reconcile.Input, sides ...reconcile.Side) reconcile.Input {
	for _, s := range sides {
		if s == reconcile.Left {
			in.Left.Complete = false
		} else {
			in.Right.Complete = false
		}
	}
	return in
}

// seen is a pair of which complete listings did not show a record so often.
func seen(p reconcile.Pair, side reconcile.Side, absent int) reconcile.Pair {
	p.Absent = map[reconcile.Side]int{side: absent}
	return p
}

func gone(p reconcile.Pair, side reconcile.Side) reconcile.Pair {
	p.Gone = map[reconcile.Side]string{side: "no longer there"}
	return p
}

func owned(p reconcile.Pair, by string) reconcile.Pair {
	p.Owner = by
	return p
}

func TestAListingThatDidNotRunToItsEndProvesNoAbsence(t *testing.T) {
	t.Parallel()
	l1, l2, r1, r2 := rec("L1"), rec("L2"), rec("R1"), rec("R2")
	two := pairs(given(), inStep(l1, r1), inStep(l2, r2))
	show := func(records ...reconcile.Record) reconcile.Input { return pairs(given(records...), two.Pairs...) }
	decideEach(t, []planned{
		{"left: not absent", incomplete(show(l1, r1, r2), reconcile.Left), []string{"held L2 incomplete"}},
		{"right: not absent", incomplete(show(l1, l2, r1), reconcile.Right), []string{"held R2 incomplete"}},
		{"both: not absent", incomplete(show(l1, r1), reconcile.Left, reconcile.Right), []string{"held L2 incomplete", "held R2 incomplete"}},
		{"absent before: not counted on", incomplete(pairs(given(l1, r1, r2), inStep(l1, r1), seen(inStep(l2, r2), reconcile.Left, 1)), reconcile.Left), []string{"held L2 incomplete"}},
		{"what is shown is written all the same", incomplete(pairs(given(rec("L1", "model=M"), r1), inStep(l1, r1)), reconcile.Left, reconcile.Right), []string{"write R1 model=M"}},
		{"left: nothing is created", incomplete(given(rec("L1", "serial=SN-1")), reconcile.Left), []string{"held L1 incomplete"}},
		{"right: nothing is created", incomplete(given(rec("L1", "serial=SN-1")), reconcile.Right), []string{"held L1 incomplete"}},
		{"not even what a person said to create", incomplete(but(given(l1), func(in *reconcile.Input) { in.ToCreate = []string{"L1"} }), reconcile.Right), []string{"held L1 incomplete"}},
		{"nor what has no serial number", incomplete(given(l1), reconcile.Right), []string{"held L1 incomplete"}},
		{"right: a second candidate may not be listed", incomplete(given(rec("L1", "serial=SN-1"), rec("R1", "serial=SN-1")), reconcile.Right), []string{"held L1 incomplete", "held R1 only-in-revio"}},
		{"left: a second candidate may not be listed", incomplete(given(rec("L1", "serial=SN-1"), rec("R1", "serial=SN-1")), reconcile.Left), []string{"held L1 incomplete", "held R1 only-in-revio"}},
	})
	in := incomplete(show(l1, r1, r2), reconcile.Left)
	require.Contains(t, reconcile.Decide(in).Held[0].Text, "the listing of IT Glue did not run to its end")
	require.Equal(t, "Server 2", reconcile.Decide(in).Held[0].Name, "it is named after the one that is there")
	for _, side := range []reconcile.Side{reconcile.Left, reconcile.Right} {
		require.Contains(t, reconcile.Decide(incomplete(given(l1), side)).Held[0].Text, "the listing of "+side.Title()+" did not run to its end")
	}
	in.Left.Why = "IT Glue counts 7 and listed 6"
	require.Equal(t, in.Left.Why, reconcile.Decide(in).Held[0].Text)
}

func TestNothingWhereThereWasSomethingIsNotBelieved(t *testing.T) {
	t.Parallel()
	l1, r1, p := rec("L1"), rec("R1"), inStep(rec("L1"), rec("R1"))
	decideEach(t, []planned{
		{"left shows nothing", pairs(given(r1), p), []string{"held L1 incomplete"}},
		{"right shows nothing", pairs(given(l1), p), []string{"held R1 incomplete"}},
		{"right shows nothing: nothing is created", pairs(given(l1, rec("L2", "serial=SN-2")), p), []string{"held L2 incomplete", "held R1 incomplete"}},
		{"neither shows anything", pairs(given(), p), []string{"held L1 incomplete", "held R1 incomplete"}},
		{"what was there is known to be gone: believed", pairs(given(l1, rec("L2")), gone(p, reconcile.Right)), []string{"create L2", "held R1 gone"}},
		{"what was there is another organization's now: believed", but(pairs(given(r1), p), func(in *reconcile.Input) { in.Moved["L1"] = "Acme West" }), []string{"held L1 moved"}},
		{"there never was anything: believed", given(l1), []string{"create L1"}},
	})
	require.Contains(t, reconcile.Decide(pairs(given(r1), p)).Held[0].Text, "IT Glue shows no asset at all, where 1 were before; that is not believed")
}

func TestARecordIsGoneOnlyAfterTwoCompleteListingsAndALook(t *testing.T) {
	t.Parallel()
	l1, l2, r1, r2 := rec("L1"), rec("L2"), rec("R1"), rec("R2")
	one, two := inStep(l1, r1), inStep(l2, r2)
	noL2, noR2 := given(l1, r1, r2), given(l1, l2, r1)
	neither := given(l1, r1)
	decideEach(t, []planned{
		{"left: not listed once", pairs(noL2, one, two), []string{"pair L2-R2 absent left 1", "held L2 absent"}},
		{"left: not listed twice: a look", pairs(noL2, one, seen(two, reconcile.Left, 1)), []string{"pair L2-R2 absent left 2", "look L2", "held L2 absent"}},
		{"left: gone after the look: shown and kept", pairs(noL2, one, gone(two, reconcile.Left)), []string{"held L2 gone"}},
		{"right: not listed once", pairs(noR2, one, two), []string{"pair L2-R2 absent right 1", "held R2 absent"}},
		{"right: not listed twice: a look", pairs(noR2, one, seen(two, reconcile.Right, 1)), []string{"pair L2-R2 absent right 2", "look R2", "held R2 absent"}},
		{"right: gone: not created again", pairs(noR2, one, gone(two, reconcile.Right)), []string{"held R2 gone"}},
		{"both: not listed once", pairs(neither, one, two), []string{"pair L2-R2 absent left 1 absent right 1", "held L2 absent", "held R2 absent"}},
		{"the other side's count is kept", pairs(noL2, one, seen(two, reconcile.Right, 1)), []string{"pair L2-R2 absent left 1 absent right 1", "held L2 absent"}},
		{"left gone, right not listed", pairs(neither, one, gone(two, reconcile.Left)), []string{"pair L2-R2 absent right 1", "held L2 gone", "held R2 absent"}},
		{"listed again after once: counted anew", pairs(given(l1, l2, r1, r2), one, seen(two, reconcile.Left, 1)), []string{"pair L2-R2"}},
		{"gone and back: it goes on", pairs(given(l1, rec("L2", "model=M"), r1, r2), one, gone(two, reconcile.Left)), []string{"write R2 model=M", "pair L2-R2"}},
		{"an absent one is not written", pairs(given(rec("L1", "model=M"), rec("L2", "model=M"), r1), one, two), []string{"write R1 model=M", "pair L2-R2 absent right 1", "held R2 absent"}},
	})
}

func TestAPairOfWhichBothAreBackIsStoredOnceWithAllThatMoved(t *testing.T) {
	t.Parallel()
	l1, r1 := rec("L1", "model=new"), rec("R1", "model=new")
	p := seen(inStep(rec("L1", "model=old"), rec("R1", "model=old")), reconcile.Left, 1)
	plan := reconcile.Decide(pairs(given(l1, r1), p))
	require.Len(t, plan.Pairs, 1)
	require.Empty(t, plan.Pairs[0].Absent)
	require.Equal(t, "new", plan.Pairs[0].Base["model"].Left)
}

func TestARecordThatMovedBetweenOrganizationsIsPausedAndNotCreatedAnew(t *testing.T) {
	t.Parallel()
	l1, l2, r1, r2 := rec("L1"), rec("L2"), rec("R1"), rec("R2")
	theirs := owned(inStep(l1, r1), "other")
	moved := func(in *reconcile.Input) { in.Moved["L1"] = "Acme West" }
	decideEach(t, []planned{
		{"left: it is another organization's now", but(pairs(given(l2, r1, r2), inStep(l1, r1), inStep(l2, r2)), moved), []string{"held L1 moved"}},
		{"left: it came from another organization", pairs(given(l1), theirs), []string{"held L1 moved"}},
		{"right: it came from another customer", pairs(given(r1), theirs), []string{"held R1 moved"}},
		{"right: it came from another customer, whatever was counted", pairs(given(r1), seen(theirs, reconcile.Left, 1)), []string{"held R1 moved"}},
		{"both came: the pair is this organization's now", pairs(given(l1, r1), theirs), []string{"pair L1-R1"}},
		{"both came and changed: it goes on", pairs(given(rec("L1", "model=M"), r1), theirs), []string{"write R1 model=M", "pair L1-R1"}},
		{"a pair of which neither is here is none of ours", pairs(given(), theirs), []string{}},
		{"what another organization's pair holds is linked", pairs(given(l2, r1, rec("L3", "name=Server 1")), theirs), []string{"create L2", "create L3", "held R1 moved"}},
	})
	came := reconcile.Decide(pairs(given(l1, r1), theirs)).Pairs
	require.Len(t, came, 1)
	require.Equal(t, "org", came[0].Owner)
	require.Contains(t, reconcile.Decide(but(pairs(given(r1), inStep(l1, r1)), moved)).Held[0].Text, "now belongs to Acme West in IT Glue")
}

func TestAnArchivedAssetIsLeftAsItIsUntilItIsRestored(t *testing.T) {
	t.Parallel()
	old, r1 := rec("L1", "serial=SN-1", "model=old"), rec("R1", "serial=SN-1", "model=old")
	away := rec("L1", "serial=SN-1", "model=new", "archived")
	p := inStep(old, r1)
	decideEach(t, []planned{
		{"linked: not written", pairs(given(away, r1), p), []string{"held L1 archived"}},
		{"linked, and right edited: not written", pairs(given(away, rec("R1", "serial=SN-1", "model=edited")), p), []string{"held L1 archived"}},
		{"linked, and right gone: said so", pairs(given(away, rec("R2")), gone(p, reconcile.Right)), []string{"held R1 gone", "held R2 only-in-revio"}},
		{"restored: it goes on", pairs(given(rec("L1", "serial=SN-1", "model=new"), r1), p), []string{"write R1 model=new"}},
		{"not linked: nothing is made of it", given(away), []string{"held L1 archived"}},
		{"not linked: not matched", given(away, r1), []string{"held L1 archived", "held R1 only-in-revio"}},
	})
}
