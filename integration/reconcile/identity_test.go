package reconcile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

func pairs(in reconcile.Input, p ...reconcile.Pair) reconcile.Input {
	in.Pairs = p
	return in
}

func place(side reconcile.Side, record, name string) reconcile.Place {
	return reconcile.Place{Side: side, Record: record, Name: name}
}

func elsewhere(in reconcile.Input, key string, places ...reconcile.Place) reconcile.Input {
	in.Elsewhere = map[string][]reconcile.Place{key: places}
	return in
}

func TestAStoredPairStaysAPair(t *testing.T) {
	t.Parallel()
	l1, r1 := rec("L1", "serial=SN-1"), rec("R1", "serial=SN-1")
	p := inStep(l1, r1)
	decideEach(t, []planned{
		{"nothing changed", pairs(given(l1, r1), p), []string{}},
		{"the left serial number becomes another", pairs(given(rec("L1", "serial=SN-9"), r1), p), []string{"write R1 serialNumber=SN-9"}},
		{"both become different ones", pairs(given(rec("L1", "serial=SN-8"), rec("R1", "serial=SN-9")), p), []string{"held L1.serialNumber conflict"}},
		{"they were never the same", pairs(given(rec("L1", "serial=A"), rec("R1", "serial=B")), inStep(rec("L1", "serial=A"), rec("R1", "serial=B"))), []string{}},
		{"another right asset has its serial number now", pairs(given(l1, rec("R1", "serial="), rec("R2", "serial=SN-1")), inStep(l1, rec("R1"))), []string{"held R2 only-in-revio"}},
		{"a person linked different ones", pairs(given(rec("L1", "serial=A"), rec("R1", "serial=B")), reconcile.Pair{Kind: reconcile.Asset, Left: "L1", Right: "R1", Owner: "org", Origin: reconcile.ByPerson}),
			[]string{"pair L1-R1", "held L1.serialNumber conflict"}},
	})
}

func TestTheSameSerialNumberMakesAPair(t *testing.T) {
	t.Parallel()
	decideEach(t, []planned{
		{"one on each side", given(rec("L1", "serial=SN-1"), rec("R1", "serial=SN-1")), []string{"pair L1-R1"}},
		{"however it is written", given(rec("L1", "serial=sn-1 "), rec("R1", "serial=SN-1")), []string{"pair L1-R1", "held L1.serialNumber conflict"}},
		{"and fills blanks both ways, names from IT Glue", given(rec("L1", "serial=SN-1", "model=X"), rec("R2", "serial=SN-1")),
			[]string{"write R2 model=X", "write R2 name=Server 1", "pair L1-R2"}},
		{"whatever their types are", given(rec("L1", "serial=SN-1", "type=t2"), rec("R1", "serial=SN-1", "type=other")), []string{"pair L1-R1"}},
		{"different ones make none", given(rec("L1", "serial=SN-1"), rec("R1", "serial=SN-2")), []string{"create L1", "held R1 only-in-revio"}},
	})
}

func TestAPlaceholderIsNoSerialNumber(t *testing.T) {
	t.Parallel()
	decideEach(t, []planned{
		{"two placeholders make no pair", given(rec("L1", "serial=To be filled by O.E.M."), rec("R2", "serial=To be filled by O.E.M.")), []string{"create L1", "held R2 only-in-revio"}},
		{"nor do two blanks", given(rec("L1"), rec("R2")), []string{"create L1", "held R2 only-in-revio"}},
		{"two of a side are not ambiguous", given(rec("L1", "serial=N/A"), rec("L2", "serial=N/A")), []string{"create L1", "create L2"}},
		{"elsewhere it says nothing", elsewhere(given(rec("L1", "serial=N/A")), "N/A", place(reconcile.Right, "R9", "Other")), []string{"create L1"}},
	})
}

func TestTwoCandidatesAreHeldUntilAPersonDecides(t *testing.T) {
	t.Parallel()
	l1, l2, r1, r2 := rec("L1", "serial=SN-1"), rec("L2", "serial=SN-1"), rec("R1", "serial=SN-1"), rec("R2", "serial=SN-1")
	decideEach(t, []planned{
		{"two right ones", given(l1, r1, r2), []string{"held L1 ambiguous with R1,R2", "held R1 only-in-revio", "held R2 only-in-revio"}},
		{"two left ones and none right", given(l1, l2), []string{"held L1 ambiguous with L2", "held L2 ambiguous with L1"}},
		{"two left ones and one right", given(l1, l2, r1), []string{"held L1 ambiguous with L2,R1", "held L2 ambiguous with L1,R1", "held R1 only-in-revio"}},
		{"two and two", given(l1, l2, r1, r2), []string{"held L1 ambiguous with L2,R1,R2", "held L2 ambiguous with L1,R1,R2", "held R1 only-in-revio", "held R2 only-in-revio"}},
		{"the other left one is linked already", pairs(given(l1, l2, r2), inStep(l2, r2)), []string{"held L1 ambiguous with L2,R2"}},
		{"the right one is linked already", pairs(given(l1, rec("L2"), r2), inStep(rec("L2"), r2)), []string{"held L1 ambiguous with R2"}},
		{"a person wants the right one left alone", but(given(l1, r1), func(in *reconcile.Input) { in.Ignored[reconcile.Right] = []string{"R1"} }), []string{"held L1 ambiguous with R1", "held R1 ignored"}},
		{"an archived left twin is no candidate", given(l1, rec("L2", "serial=SN-1", "archived"), r1), []string{"pair L1-R1", "held L2 archived"}},
		{"settled by create", but(given(l1, r1, r2), func(in *reconcile.Input) { in.ToCreate = []string{"L1"} }), []string{"create L1", "held R1 only-in-revio", "held R2 only-in-revio"}},
		{"settled by ignore", but(given(l1, r1, r2), func(in *reconcile.Input) { in.Ignored[reconcile.Left] = []string{"L1"} }), []string{"held L1 ignored", "held R1 only-in-revio", "held R2 only-in-revio"}},
		{"settled by link", pairs(given(l1, r1, r2), inStep(l1, r1)), []string{"held R2 only-in-revio"}},
		{"settled by link, both left ones", pairs(given(l1, l2, r1, r2), inStep(l1, r1), inStep(l2, r2)), []string{}},
	})
}

func TestTheSameSerialNumberUnderAnotherAcceptedCustomerIsHeld(t *testing.T) {
	t.Parallel()
	l1, r1 := rec("L1", "serial=SN-1"), rec("R1", "serial=SN-1")
	right, left := place(reconcile.Right, "R9", "Other customer"), place(reconcile.Left, "L9", "Other organization")
	decideEach(t, []planned{
		{"right, and it would be created", elsewhere(given(l1), "SN-1", right), []string{"held L1 elsewhere with R9"}},
		{"right, and it would be matched", elsewhere(given(l1, r1), "SN-1", right), []string{"held L1 elsewhere with R9", "held R1 only-in-revio"}},
		{"left, and it would be created", elsewhere(given(l1), "SN-1", left), []string{"held L1 elsewhere with L9"}},
		{"left, and it is matched", elsewhere(given(l1, r1), "SN-1", left), []string{"pair L1-R1"}},
		{"a pair is a pair", elsewhere(pairs(given(l1, r1), inStep(l1, r1)), "SN-1", right), []string{}},
		{"settled by create", but(elsewhere(given(l1), "SN-1", right), func(in *reconcile.Input) { in.ToCreate = []string{"L1"} }), []string{"create L1"}},
		{"settled by ignore", but(elsewhere(given(l1), "SN-1", right), func(in *reconcile.Input) { in.Ignored[reconcile.Left] = []string{"L1"} }), []string{"held L1 ignored"}},
	})
	plan := reconcile.Decide(elsewhere(given(l1), "SN-1", right, place(reconcile.Right, "R8", "Another"), place(reconcile.Right, "R7", "Other customer")))
	require.Contains(t, plan.Held[0].Text, "on an asset of Another, Other customer in Rev.io")
	require.Equal(t, []string{"R7", "R8", "R9"}, plan.Held[0].With)
}

func TestWithoutASerialNumberAnAssetIsHeldOrCreatedOnce(t *testing.T) {
	t.Parallel()
	l1, r1 := rec("L1"), rec("R1")
	decideEach(t, []planned{
		{"nothing like it: created", given(l1), []string{"create L1"}},
		{"created before: the stored pair", pairs(given(l1, r1), inStep(l1, r1)), []string{}},
		{"same name and type: held", given(l1, r1), []string{"held L1 same-name with R1", "held R1 only-in-revio"}},
		{"case and blanks make no other name", given(l1, rec("R1", "name= SERVER  1")), []string{"held L1 same-name with R1", "held R1 only-in-revio"}},
		{"whatever right's serial number is", given(l1, rec("R1", "serial=SN-1")), []string{"held L1 same-name with R1", "held R1 only-in-revio"}},
		{"same name, another type: created", given(l1, rec("R1", "type=license")), []string{"create L1", "held R1 only-in-revio"}},
		{"another name: created", given(l1, rec("R2")), []string{"create L1", "held R2 only-in-revio"}},
		{"the one of the same name is linked: created", pairs(given(l1, rec("L2"), rec("R1")), inStep(rec("L2"), rec("R1", "name=Server 2"))),
			[]string{"create L1", "held L2.name conflict"}},
		{"the one of the same name is found by serial number, listed before", given(rec("L0", "serial=SN-1", "name=Server 1"), l1, rec("R1", "serial=SN-1")), []string{"create L1", "pair L0-R1"}},
		{"the one of the same name is found by serial number, listed after", given(l1, rec("L2", "serial=SN-1", "name=Server 1"), rec("R1", "serial=SN-1")), []string{"create L1", "pair L2-R1"}},
		{"settled by create", but(given(l1, r1), func(in *reconcile.Input) { in.ToCreate = []string{"L1"} }), []string{"create L1", "held R1 only-in-revio"}},
		{"settled by ignore", but(given(l1, r1), func(in *reconcile.Input) { in.Ignored[reconcile.Left] = []string{"L1"} }), []string{"held L1 ignored", "held R1 only-in-revio"}},
	})
}

func TestACreateCarriesWhatIsShown(t *testing.T) {
	t.Parallel()
	l1 := rec("L1", "serial=SN-1", "model=longer", "notes=secret", "owner=")
	l1.Unread = map[string]string{"ip": "three values in one field"}
	l1.Fields["ip"] = "?"
	in := given(l1)
	in.Fields["t1"] = append([]reconcile.Field{{Name: "notes", Parked: "no longer in IT Glue"}, {Name: "ip"}, {Name: "owner"}, {Name: "unknown"}}, in.Fields["t1"]...)
	in.Fields["t1"][len(in.Fields["t1"])-1].Fit = cut
	plan := reconcile.Decide(in)
	require.Equal(t, []reconcile.Op{{ID: "create:right:asset:L1", Side: reconcile.Right, Kind: reconcile.Asset, Owner: "customer", Home: "org", Type: "asset type", Source: "L1", Name: "Server 1",
		Set:  reconcile.Fields{"name": "Server 1", "serialNumber": "SN-1", "model": "lon"},
		From: reconcile.Fields{"name": "Server 1", "serialNumber": "SN-1", "model": "longer"}}}, plan.Ops)
	require.True(t, plan.Ops[0].Create())
}

func TestACreateUnderWayIsNotSentAgain(t *testing.T) {
	t.Parallel()
	open := func(in *reconcile.Input) { in.Open["L1"] = "its outcome got lost" }
	decideEach(t, []planned{
		{"nothing like it right", but(given(rec("L1", "serial=SN-1")), open), []string{"held L1 undecided"}},
		{"without a serial number", but(given(rec("L1")), open), []string{"held L1 undecided"}},
		{"it stands right by now: the cycle adopts it", but(given(rec("L1", "serial=SN-1"), rec("R1", "serial=SN-1")), open), []string{"held L1 undecided", "held R1 only-in-revio"}},
		{"a person said to create it", but(given(rec("L1")), func(in *reconcile.Input) { open(in); in.ToCreate = []string{"L1"} }), []string{"held L1 undecided"}},
		{"others go on", but(given(rec("L1"), rec("L2")), open), []string{"create L2", "held L1 undecided"}},
	})
}

func TestAnAssetOfATypeThatIsNotMappedIsNotCreated(t *testing.T) {
	t.Parallel()
	decideEach(t, []planned{
		{"with a serial number", given(rec("L1", "type=t2", "serial=SN-1")), []string{"held L1 no-type"}},
		{"without one", given(rec("L1", "type=t2")), []string{"held L1 no-type"}},
		{"matched all the same", given(rec("L1", "type=t2", "serial=SN-1"), rec("R1", "serial=SN-1")), []string{"pair L1-R1"}},
	})
}

func TestWhatAPersonSaidToLeaveAloneIsLeftAlone(t *testing.T) {
	t.Parallel()
	l1, r1 := rec("L1", "serial=SN-1", "model=new"), rec("R1", "serial=SN-1", "model=old")
	p := inStep(rec("L1", "serial=SN-1", "model=old"), r1)
	ignore := func(side reconcile.Side, id string) func(*reconcile.Input) {
		return func(in *reconcile.Input) { in.Ignored[side] = []string{id} }
	}
	decideEach(t, []planned{
		{"a left one without a pair", but(given(l1, r1), ignore(reconcile.Left, "L1")), []string{"held L1 ignored", "held R1 only-in-revio"}},
		{"a right one without a pair", but(given(rec("R1")), ignore(reconcile.Right, "R1")), []string{"held R1 ignored"}},
		{"the left one of a pair", but(pairs(given(l1, r1), p), ignore(reconcile.Left, "L1")), []string{"held L1 ignored"}},
		{"the right one of a pair", but(pairs(given(l1, r1), p), ignore(reconcile.Right, "R1")), []string{"held R1 ignored"}},
		{"no longer: the pair goes on", pairs(given(l1, r1), p), []string{"write R1 model=new"}},
	})
}

func TestANewSerialNumberThatAnotherAssetHoldsIsNotWritten(t *testing.T) {
	t.Parallel()
	l1, r1 := rec("L1", "serial=SN-1", "model=M"), rec("R1", "serial=SN-1", "model=M")
	p := inStep(l1, r1)
	taken := rec("L1", "serial=SN-2", "model=N")
	decideEach(t, []planned{
		{"an unlinked right asset has it", pairs(given(taken, r1, rec("R2", "serial=SN-2")), p), []string{"write R1 model=N", "held L1.serialNumber ambiguous", "held R2 only-in-revio"}},
		{"a linked right asset has it", pairs(given(taken, rec("L3"), r1, rec("R3", "serial=SN-2")), p, inStep(rec("L3"), rec("R3", "serial=SN-2"))), []string{"write R1 model=N", "held L1.serialNumber ambiguous"}},
		{"another left asset has it", pairs(given(l1, rec("L2", "serial=SN-2"), rec("R1", "serial=SN-2", "model=M"), rec("R9")), p, inStep(rec("L2", "serial=SN-2"), rec("R9", "name=Server 2"))),
			[]string{"held L1.serialNumber ambiguous", "held L2.name conflict"}},
		{"it has it itself, written in another way: right follows", pairs(given(rec("L1", "serial=sn-1", "model=M"), r1), p), []string{"write R1 serialNumber=sn-1"}},
		{"it has it itself, written in another way: left follows", pairs(given(l1, rec("R1", "serial=sn-1", "model=M")), p), []string{"write L1 serialNumber=sn-1"}},
		{"nobody has it", pairs(given(taken, r1), p), []string{"write R1 model=N", "write R1 serialNumber=SN-2"}},
		{"a placeholder that another has, too", pairs(given(rec("L1", "serial=N/A"), rec("R1"), rec("R2", "serial=N/A")), inStep(rec("L1"), rec("R1"))), []string{"write R1 serialNumber=N/A", "held R2 only-in-revio"}},
	})
	plan := reconcile.Decide(pairs(given(taken, r1, rec("R2", "serial=SN-2")), p))
	require.Equal(t, []string{"R2"}, plan.Held[0].With)
}

func TestARightRecordIsReadInTheFormOfItsPartnersType(t *testing.T) {
	t.Parallel()
	l1, r1 := rec("L1", "serial=SN-1", "model=yes"), rec("R1", "serial=SN-1", "model=true")
	in := pairs(given(l1, r1), inStep(l1, rec("R1", "serial=SN-1", "model=yes")))
	in.View = func(leftType string, right reconcile.Record) reconcile.Record {
		require.Equal(t, "t1", leftType)
		seen := rec(right.ID, "serial=SN-1", "model=yes")
		return seen
	}
	require.Empty(t, lines(reconcile.Decide(in)))
}
