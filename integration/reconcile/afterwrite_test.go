package reconcile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

func TestTheBaseMovesToWhatTheReadBackShowed(t *testing.T) {
	t.Parallel()
	type half = reconcile.Half
	x := half{Left: "x", Right: "x", Source: "401"}
	for _, c := range []struct {
		is               string
		half             half
		side             reconcile.Side
		other, want, got string
		after            half
	}{
		{"right took it", x, reconcile.Right, "y", "y", "y", half{Left: "y", Right: "y", Source: "401"}},
		{"left took it", x, reconcile.Left, "z", "z", "z", half{Left: "z", Right: "z", Source: "401"}},
		{"right took the cut value: each half its own", x, reconcile.Right, "longer", "lon", "lon", half{Left: "longer", Right: "lon", Source: "401"}},
		{"right took the empty value", x, reconcile.Right, "", "", "", half{Source: "401"}},
		{"right took what was never in step", half{}, reconcile.Right, "y", "y", "y", half{Left: "y", Right: "y", Source: "401"}},
		{"taken after refusals: they are forgotten", half{Left: "x", Right: "x", Source: "401", Refused: 2, Want: "y"}, reconcile.Right, "y", "y", "y", half{Left: "y", Right: "y", Source: "401"}},
		{"taken after it was parked: no longer parked", half{Left: "x", Right: "x", Source: "401", Parked: "refused"}, reconcile.Right, "y", "y", "y", half{Left: "y", Right: "y", Source: "401"}},

		{"right stayed as it was: refused once", x, reconcile.Right, "y", "y", "x", half{Left: "x", Right: "x", Source: "401", Refused: 1, Want: "y"}},
		{"right made something else of it: that is no edit", x, reconcile.Right, "y", "y", "Y", half{Left: "x", Right: "Y", Source: "401", Refused: 1, Want: "y"}},
		{"left made something else of it: that is no edit", x, reconcile.Left, "z", "z", "Z", half{Left: "Z", Right: "x", Source: "401", Refused: 1, Want: "z"}},
		{"refused again: counted", half{Left: "x", Right: "Y", Source: "401", Refused: 1, Want: "y"}, reconcile.Right, "y", "y", "Y", half{Left: "x", Right: "Y", Source: "401", Refused: 2, Want: "y"}},
		{"another value refused: counted anew", half{Left: "x", Right: "x", Source: "401", Refused: 2, Want: "y"}, reconcile.Right, "q", "q", "x", half{Left: "x", Right: "x", Source: "401", Refused: 1, Want: "q"}},
		{"refused at first contact: still never in step", half{}, reconcile.Right, "y", "y", "", half{Source: "401", First: true, Refused: 1, Want: "y"}},
		{"changed at first contact: still never in step", half{}, reconcile.Right, "y", "y", "Y", half{Right: "Y", Source: "401", First: true, Refused: 1, Want: "y"}},
		{"another source refused: never in step", half{Left: "x", Right: "x", Source: "7", Refused: 2, Want: "y"}, reconcile.Right, "y", "y", "x", half{Right: "x", Source: "401", First: true, Refused: 1, Want: "y"}},
		{"a parked value refused anew: counted, not parked yet", half{Left: "x", Right: "x", Source: "401", Parked: "refused"}, reconcile.Right, "y", "y", "x", half{Left: "x", Right: "x", Source: "401", Refused: 1, Want: "y"}},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.after, reconcile.AfterWrite(c.half, c.side, "401", c.other, c.want, c.got))
		})
	}
}

func refused(l, r string, times int, want string) reconcile.Base {
	return reconcile.Base{"model": {Left: l, Right: r, Source: "401", Refused: times, Want: want}}
}

func first(l, r string, times int, want string) reconcile.Base {
	return reconcile.Base{"model": {Left: l, Right: r, Source: "401", First: true, Refused: times, Want: want}}
}

func TestAnOwnWriteThatComesBackChangedIsNoChange(t *testing.T) {
	t.Parallel()
	oneWay := model(func(f *reconcile.Field) { f.Direction, f.Conflict = reconcile.ToRight, reconcile.LeftWins })
	mergeEach(t, model(), []merged{
		{"Rev.io changed our y to Y: offered again, no conflict", l("y"), r("Y"), refused("x", "Y", 1, "y"), "right=y"},
		{"IT Glue changed our z to Z: offered again, no conflict", l("Z"), r("z"), refused("Z", "x", 1, "z"), "left=z"},
		{"the same at first contact, right", l("y"), r("Y"), first("", "Y", 1, "y"), "right=y"},
		{"the same at first contact, left", l("Z"), r("z"), first("Z", "", 1, "z"), "left=z"},
		{"it arrives late: in step", l("y"), r("y"), refused("x", "x", 1, "y"), "base=y|y"},
		{"left goes back: in step as before", l("x"), r("x"), refused("x", "x", 1, "y"), "base=x|x"},
		{"left goes back while right holds its own form: asked", l("x"), r("Y"), refused("x", "Y", 1, "y"), "conflict(x|Y)"},
		{"left changes on: that is offered", l("q"), r("Y"), refused("x", "Y", 2, "y"), "right=q"},
		{"a person edits right too: a conflict", l("y"), r("mine"), refused("x", "Y", 1, "y"), "conflict(y|mine)"},
		{"a person edits right after the first contact: a conflict", l("y"), r("mine"), first("", "Y", 1, "y"), "conflict(y|mine) first"},
	})
	mergeEach(t, oneWay, []merged{
		{"a one-way edit that left wins by rule, refused: offered again", l("x"), r("mine"), refused("x", "mine", 1, "x"), "right=x"},
	})
	mergeEach(t, model(func(f *reconcile.Field) { f.Conflict = reconcile.RightWins }), []merged{
		{"by no rule is Rev.io's form of our write carried back", l("y"), r("Y"), refused("x", "Y", 1, "y"), "right=y"},
	})
}

func TestAFieldRefusedThreeTimesIsParkedUntilEitherSideChanges(t *testing.T) {
	t.Parallel()
	parked := reconcile.Base{"model": {Left: "y", Right: "x", Source: "401", Parked: "Model was refused 3 times"}}
	mergeEach(t, model(), []merged{
		{"refused once: offered again", l("y"), r("x"), refused("x", "x", 1, "y"), "right=y"},
		{"refused twice: offered again", l("y"), r("x"), refused("x", "x", 2, "y"), "right=y"},
		{"refused three times: parked", l("y"), r("x"), refused("x", "x", 3, "y"), "base=y|x held:parked"},
		{"refused by left three times: parked", l("x"), r("z"), refused("x", "x", 3, "z"), "base=x|z held:parked"},
		{"refused three times at first contact: parked", l("y"), r("Y"), first("", "Y", 3, "y"), "base=y|Y held:parked"},
		{"another value is offered", l("q"), r("x"), refused("x", "x", 3, "y"), "right=q"},
		{"refused for another field of IT Glue: first contact", l("y"), r(""), reconcile.Base{"model": {Source: "7", Refused: 3, Want: "y"}}, "right=y"},
		{"parked and nothing changes: left alone, with the reason", l("y"), r("x"), parked, "held:parked"},
		{"parked and left changes: offered", l("q"), r("x"), parked, "right=q"},
		{"parked and right changes: left follows", l("y"), r("z"), parked, "left=z"},
		{"parked and both agree: in step", l("y"), r("y"), parked, "base=y|y"},
	})
}

func TestRefusedThreeTimesIsThreeWrites(t *testing.T) {
	t.Parallel()
	for _, base := range []reconcile.Base{none, b("x", "x")} {
		pair, left, right := reconcile.Pair{Kind: reconcile.Asset, Left: "L1", Right: "R1", Base: base}, l("y"), r("")
		if base != nil {
			right = r("x")
		}
		writes := 0
		for range 10 {
			m := reconcile.Merge(pair, left, right, []reconcile.Field{model()}, usable)
			require.Empty(t, m.Conflicts)
			pair.Base = m.Base
			for _, op := range reconcile.Ops(pair, left, right, m) {
				writes++
				right = r("Y")
				pair.Base["model"] = reconcile.AfterWrite(pair.Base["model"], op.Side, "401", op.From["model"], op.Set["model"], "Y")
			}
		}
		require.Equal(t, 3, writes)
		require.NotEmpty(t, pair.Base["model"].Parked)
	}
}
