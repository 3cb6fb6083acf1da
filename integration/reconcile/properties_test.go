package reconcile_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

func TestTheSecondPlanIsEmpty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(drawInput(t, false))
		w.round()
		require.Empty(t, w.round().Ops, "everything was taken, and nothing changed since")
	})
}

func TestWhateverRightMakesOfAValueNoneIsWrittenMoreThanThreeTimes(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(manglers))
	rapid.Check(t, func(t *rapid.T) {
		before := world{Input: drawInput(t, false)}
		w := newWorld(before.Input)
		w.mangle = manglers[from(t, "right", names...)]
		for range 3 {
			w.round()
		}
		require.Empty(t, w.round().Ops, "three rounds settle everything")
		for what, n := range w.writes {
			require.LessOrEqual(t, n, 3, what)
		}
		for _, p := range w.Pairs {
			if !before.has(reconcile.Left, p.Left) {
				continue
			}
			was := before.record(reconcile.Left, p.Left).Fields
			for f, v := range w.record(reconcile.Left, p.Left).Fields {
				if v != was[f] {
					require.Equal(t, before.record(reconcile.Right, p.Right).Fields[f], v, "left follows what stood right before, never right's form of our own write")
				}
			}
		}
	})
}

func TestEditedSerialNumbersSettleToo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(drawInput(t, true))
		// One serial number can wait for another to be free, at most along all pairs.
		for range len(w.Pairs) + 3 {
			w.round()
		}
		require.Empty(t, w.round().Ops)
	})
}

func TestTheOrderOfWhatIsGivenChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, true)
		again := in
		again.Left.Records = rapid.Permutation(in.Left.Records).Draw(t, "left")
		again.Right.Records = rapid.Permutation(in.Right.Records).Draw(t, "right")
		again.Pairs = rapid.Permutation(in.Pairs).Draw(t, "pairs")
		again.ToCreate = rapid.Permutation(in.ToCreate).Draw(t, "to create")
		require.Equal(t, written(t, reconcile.Decide(in)), written(t, reconcile.Decide(again)))
	})
}

func written(t require.TestingT, v any) string {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// both gives the pair and the two records of an update.
func both(in reconcile.Input, op reconcile.Op) (p reconcile.Pair, l, r reconcile.Record) {
	w := world{Input: in}
	if op.Side == reconcile.Right {
		l, r = w.record(reconcile.Left, op.Source), w.record(reconcile.Right, op.Record)
	} else {
		l, r = w.record(reconcile.Left, op.Record), w.record(reconcile.Right, op.Source)
	}
	i := slices.IndexFunc(in.Pairs, func(p reconcile.Pair) bool { return p.Left == l.ID })
	if i < 0 {
		return reconcile.Pair{Left: l.ID, Right: r.ID}, l, r
	}
	return in.Pairs[i], l, r
}

func TestOnlyWhatBothSidesShowIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, true)
		for _, op := range reconcile.Decide(in).Ops {
			if op.Create() {
				l := (&world{Input: in}).record(reconcile.Left, op.Source)
				for f, v := range op.Set {
					require.NotEmpty(t, v, "a create carries no blanks")
					require.NotEmpty(t, l.Fields[f])
					require.Empty(t, l.Unread[f])
				}
				require.True(t, in.Left.Complete && in.Right.Complete, "nothing is created on doubt")
				continue
			}
			p, l, r := both(in, op)
			require.False(t, l.Archived)
			for f := range op.Set {
				require.Contains(t, l.Fields, f)
				require.Contains(t, r.Fields, f)
				require.Empty(t, l.Unread[f]+r.Unread[f])
				require.NotEqual(t, op.Set[f], op.Was[f], "a write changes something")
			}
			checkBlanks(t, in, p, op)
			if op.Side == reconcile.Left {
				require.Empty(t, l.ReadOnly)
				checkWayBack(t, in, l, op)
			} else {
				require.Empty(t, r.ReadOnly)
			}
		}
	})
}

// checkBlanks: only a blank that replaced a remembered value travels, or one
// that a rule or a person preferred.
func checkBlanks(t *rapid.T, in reconcile.Input, p reconcile.Pair, op reconcile.Op) {
	for f, v := range op.Set {
		if v != "" {
			continue
		}
		require.Empty(t, op.From[f], "the other side shows it empty")
		half, known := p.Base[f]
		require.True(t, known && half.Source == field(in, "t1", f).Source && !half.First, "%s was in step before", f)
	}
}

func checkWayBack(t *rapid.T, in reconcile.Input, l reconcile.Record, op reconcile.Op) {
	for name, v := range op.Set {
		f := field(in, l.Type, name)
		require.Equal(t, reconcile.BothWays, f.Direction)
		require.Empty(t, l.OneWay[name])
		require.Empty(t, f.Parked)
		if f.Options != nil && v != "" {
			require.Contains(t, f.Options, v)
		}
	}
}

func field(in reconcile.Input, leftType, name string) reconcile.Field {
	for _, f := range in.Fields[leftType] {
		if f.Name == name {
			return f
		}
	}
	panic(fmt.Sprintf("%s has no field %s", leftType, name))
}

func TestTheBaseOfAFieldThatIsWrittenMovesAfterwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, true)
		plan := reconcile.Decide(in)
		moved := map[string]reconcile.Pair{}
		for _, p := range plan.Pairs {
			require.NotContains(t, moved, p.Left, "a pair is stored once")
			moved[p.Left] = p
		}
		for _, op := range plan.Ops {
			if op.Create() {
				continue
			}
			before, l, _ := both(in, op)
			after, ok := moved[l.ID]
			if !ok {
				continue
			}
			for f := range op.Set {
				half, known := after.Base[f]
				was, knownBefore := before.Base[f]
				require.Equal(t, knownBefore, known)
				require.Equal(t, was, half)
			}
		}
	})
}

func TestEachRecordIsCreatedAndLinkedOnceAtMost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(drawInput(t, true))
		created := map[string]bool{}
		for range 3 {
			for _, op := range w.round().Ops {
				if op.Create() {
					require.False(t, created[op.Source], "created once")
					require.NotContains(t, w.Open, op.Source, "never with a create under way")
					created[op.Source] = true
				}
			}
			lefts, rights := map[string]bool{}, map[string]bool{}
			for _, p := range w.Pairs {
				require.False(t, lefts[p.Left] || rights[p.Right], "%s-%s", p.Left, p.Right)
				lefts[p.Left], rights[p.Right] = true, true
			}
		}
	})
}

func TestWhatBothSidesChangedIsWrittenOnlyByRuleOrChoice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, true)
		for _, op := range reconcile.Decide(in).Ops {
			if op.Create() {
				continue
			}
			p, l, r := both(in, op)
			for name := range op.Set {
				f, half, lv, rv := field(in, l.Type, name), p.Base[name], l.Fields[name], r.Fields[name]
				known := half != (reconcile.Half{}) && half.Source == f.Source && !half.First
				rule := f.Conflict
				if !known {
					rule = f.First
				}
				free := known && (lv == half.Left || rv == half.Right) || !known && (lv == "" || rv == "" || half.First && half.Source == f.Source && half.Refused > 0)
				ruled := rule == reconcile.LeftWins || rule == reconcile.RightWins || rule == reconcile.Newest && l.Updated != 0 && r.Updated != 0
				c, chosen := p.Choice[name]
				require.True(t, free || ruled || chosen && c.Left == lv && c.Right == rv, "%s: %q and %q, of %+v", name, lv, rv, half)
			}
		}
	})
}

func TestNoInputBreaksTheDecision(t *testing.T) {
	t.Parallel()
	id := rapid.SampledFrom([]string{"", "1", "2", "3"})
	word := rapid.OneOf(rapid.SampledFrom([]string{"", reconcile.NameField, reconcile.SerialField, "model", "SN-1", "ask", "newest", "as-is", "left", "right"}), rapid.String())
	words := rapid.MapOfN(word, word, 0, 3)
	record := rapid.Custom(func(t *rapid.T) reconcile.Record {
		return reconcile.Record{ID: id.Draw(t, "id"), Owner: id.Draw(t, "owner"), Type: id.Draw(t, "type"), Name: word.Draw(t, "name"), Fields: words.Draw(t, "fields"), Unread: words.Draw(t, "unread"),
			OneWay: words.Draw(t, "one way"), Updated: rapid.Int64().Draw(t, "updated"), Archived: seldom(t, "archived"), ReadOnly: from(t, "read only", "", "", "files")}
	})
	half := rapid.Custom(func(t *rapid.T) reconcile.Half {
		return reconcile.Half{Left: word.Draw(t, "l"), Right: word.Draw(t, "r"), Source: id.Draw(t, "source"), First: rapid.Bool().Draw(t, "first"), Refused: rapid.IntRange(-1, 5).Draw(t, "refused"), Want: word.Draw(t, "want"), Parked: word.Draw(t, "parked")}
	})
	pair := rapid.Custom(func(t *rapid.T) reconcile.Pair {
		return reconcile.Pair{Kind: reconcile.Asset, Left: id.Draw(t, "left"), Right: id.Draw(t, "right"), Owner: id.Draw(t, "owner"), Base: rapid.MapOfN(word, half, 0, 3).Draw(t, "base"),
			Absent: rapid.MapOf(rapid.Just(reconcile.Left), rapid.Int()).Draw(t, "absent"), Gone: rapid.MapOf(rapid.Just(reconcile.Right), word).Draw(t, "gone")}
	})
	mapping := rapid.Custom(func(t *rapid.T) reconcile.Field {
		return reconcile.Field{Name: word.Draw(t, "name"), Source: id.Draw(t, "source"), Direction: reconcile.Direction(word.Draw(t, "direction")), Options: rapid.SliceOfN(word, 0, 2).Draw(t, "options"),
			Conflict: reconcile.Winner(word.Draw(t, "conflict")), First: reconcile.Winner(word.Draw(t, "first"))}
	})
	rapid.Check(t, func(t *rapid.T) {
		snapshot := func(label string) reconcile.Snapshot {
			return reconcile.Snapshot{Records: rapid.SliceOfN(record, 0, 4).Draw(t, label), Complete: rapid.Bool().Draw(t, "complete")}
		}
		in := reconcile.Input{Organization: id.Draw(t, "organization"), Customer: id.Draw(t, "customer"), Left: snapshot("left"), Right: snapshot("right"), Serial: serial,
			Pairs: rapid.SliceOfN(pair, 0, 4).Draw(t, "pairs"), Fields: rapid.MapOfN(id, rapid.SliceOfN(mapping, 0, 4), 0, 3).Draw(t, "fields"), Types: rapid.MapOfN(id, id, 0, 3).Draw(t, "types"),
			Moved: rapid.MapOfN(id, word, 0, 1).Draw(t, "moved"), ToCreate: rapid.SliceOfN(id, 0, 2).Draw(t, "to create"), Open: rapid.MapOfN(id, word, 0, 1).Draw(t, "open"), Guard: rapid.IntRange(-5, 200).Draw(t, "guard")}
		before := written(t, []any{in.Left, in.Right, in.Pairs, in.Moved, in.Open, in.ToCreate})
		plan := reconcile.Decide(in)
		require.Equal(t, before, written(t, []any{in.Left, in.Right, in.Pairs, in.Moved, in.Open, in.ToCreate}), "what is given is not touched")
		ids := map[string]bool{}
		for _, op := range plan.Ops {
			require.False(t, op.Create() && op.Source != "" && ids[op.ID], "created once: %s", op.ID)
			ids[op.ID] = true
		}
	})
}
