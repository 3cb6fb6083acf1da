package reconcile

import (
	"fmt"
	"slices"
	"strings"
)

// near is how close two records' times must be for the newest rule to ask, in
// milliseconds: clocks differ, and IT Glue dates records, not fields.
const near = 5 * 60 * 1000

// A field that goes to and fro so often within this time is left alone: another
// installation, or another tool, writes it too.
const (
	flips   = 3
	flipped = 6 * 60 * 60 * 1000 // milliseconds
)

// refusals is how often a value is offered before its field is parked.
const refusals = 3

// Merged is what becomes of a pair's fields.
type Merged struct {
	Base      Base // the base as far as it moves without a write
	Moved     bool // whether Base differs from the pair's
	Choice    map[string]Choice
	SetLeft   Fields
	SetRight  Fields
	Why       map[string]string // by field, why it is written
	Conflicts []Conflict
	Held      []Held
}

// Merge decides a pair's fields, one by one (see the package comment). Usable
// says whether a serial number is one.
func Merge(pair Pair, left, right Record, fields []Field, usable func(string) bool) Merged {
	m := merge{pair: pair, left: left, right: right, usable: usable}
	m.out.Base, m.out.Choice = cloneMap(pair.Base), cloneMap(pair.Choice)
	m.out.SetLeft, m.out.SetRight, m.out.Why = Fields{}, Fields{}, map[string]string{}
	for _, f := range fields {
		m.field(f)
	}
	return m.out
}

type merge struct {
	pair        Pair
	left, right Record
	usable      func(string) bool
	out         Merged
}

func (m *merge) field(f Field) {
	if why := m.unreadable(f); why != "" {
		m.hold(f, Unreadable, why)
		return
	}
	l, lShown := m.left.Fields[f.Name]
	r, rShown := m.right.Fields[f.Name]
	switch {
	case f.Parked != "":
		m.hold(f, Parked, f.Parked)
		return
	case !lShown || !rShown:
		side := Left
		if lShown {
			side = Right
		}
		m.hold(f, NotShown, fmt.Sprintf("%s does not show %s on this record, so it is left alone", side.Title(), f.Title))
		return
	}
	half, known := m.pair.Base[f.Name]
	if !known || half.Source != f.Source || half.First && half.Refused == 0 {
		m.first(f, l, r, half)
		return
	}
	m.changed(f, l, r, half)
}

func (m *merge) unreadable(f Field) string {
	if why := m.left.Unread[f.Name]; why != "" {
		return why
	}
	return m.right.Unread[f.Name]
}

// first is a field's first contact: nothing is remembered of it.
func (m *merge) first(f Field, l, r string, half Half) {
	switch {
	case f.inStep(l, r):
		m.agree(f, l, r)
	case r == "":
		m.toRight(f, l, r, half, "Rev.io had no value")
	case l == "" && m.oneWay(f) == "":
		m.toLeft(f, l, r, half, "IT Glue had no value")
	case l == "":
		m.agree(f, l, r)
	default:
		m.settle(f, l, r, half, f.First, true)
	}
}

// changed is a field of which it is known what both sides held. A value that
// was refused is offered again, until either side changes or it is parked.
func (m *merge) changed(f Field, l, r string, half Half) {
	lMoved, rMoved := !f.same(l, half.Left), !f.same(r, half.Right)
	still, both := !lMoved && !rMoved, m.oneWay(f) == ""
	rule := f.Conflict
	if half.First {
		rule = f.First
	}
	switch {
	case f.Union && (l == "") != (r == ""):
		m.first(f, l, r, half)
	case still && half.Refused == 0 && half.Parked != "":
		m.hold(f, Parked, half.Parked)
	case still && half.Refused == 0:
		m.note(f, l, r)
	case f.inStep(l, r):
		m.agree(f, l, r)
	case lMoved && !rMoved:
		m.toRight(f, l, r, half, "changed in IT Glue")
	case rMoved && !lMoved && both:
		m.toLeft(f, l, r, half, "changed in Rev.io")
	case still && half.Want == f.fit(l):
		m.toRight(f, l, r, half, "Rev.io did not take it before")
	case still && half.Want == r && both:
		m.toLeft(f, l, r, half, "IT Glue did not take it before")
	default:
		m.settle(f, l, r, half, rule, half.First)
	}
}

// settle finds whose value counts where both sides differ, or holds them.
func (m *merge) settle(f Field, l, r string, half Half, rule Winner, first bool) {
	if c, ok := m.pair.Choice[f.Name]; ok {
		if c.Left == l && c.Right == r {
			m.take(f, l, r, half, c.Side, "a person chose it")
			return
		}
		delete(m.out.Choice, f.Name) // it was about other values
		m.out.Moved = true
	}
	switch rule {
	case AsIs:
		m.agree(f, l, r)
		return
	case LeftWins:
		m.take(f, l, r, half, Left, "IT Glue wins by rule")
		return
	case RightWins:
		m.take(f, l, r, half, Right, "Rev.io wins by rule")
		return
	case Newest:
		if side, ok := m.newest(); ok && m.oneWay(f) == "" {
			m.take(f, l, r, half, side, "the newer record wins by rule")
			return
		}
	}
	m.conflict(f, l, r, first)
}

func (m *merge) newest() (Side, bool) {
	l, r := m.left.Updated, m.right.Updated
	if l == 0 || r == 0 || (l-r <= near && r-l <= near) {
		return "", false
	}
	if l > r {
		return Left, true
	}
	return Right, true
}

// take carries one side's value to the other; where it cannot travel, both
// keep their own.
func (m *merge) take(f Field, l, r string, half Half, winner Side, why string) {
	switch {
	case winner == Left:
		m.toRight(f, l, r, half, why)
	case m.oneWay(f) != "":
		m.agree(f, l, r)
	default:
		m.toLeft(f, l, r, half, why)
	}
}

func (m *merge) conflict(f Field, l, r string, first bool) {
	oneWay := m.oneWay(f) != ""
	text := fmt.Sprintf("%s was changed on both sides. Take IT Glue's value or Rev.io's.", f.Title)
	switch {
	case oneWay:
		text = fmt.Sprintf("%s was changed in Rev.io, and cannot be written to IT Glue: %s. Take IT Glue's value, or keep Rev.io's here.", f.Title, m.oneWay(f))
	case first:
		text = fmt.Sprintf("%s differs at the first contact. Take IT Glue's value or Rev.io's.", f.Title)
	}
	m.out.Conflicts = append(m.out.Conflicts, Conflict{Pair: m.pair, Field: f.Name, Left: l, Right: r,
		LeftAt: m.left.Updated, RightAt: m.right.Updated, OneWay: oneWay, First: first, Explanation: text})
	m.hold(f, InConflict, text)
}

func (m *merge) toRight(f Field, l, r string, half Half, why string) {
	if m.worse(f, l, r) || m.parked(f, l, r, half, f.fit(l)) || m.pingPong(f, l, half) {
		return
	}
	if m.right.ReadOnly != "" {
		m.hold(f, ReadOnly, m.right.ReadOnly)
		return
	}
	m.out.SetRight[f.Name], m.out.Why[f.Name] = f.fit(l), why
	m.note(f, l, f.fit(l))
}

func (m *merge) toLeft(f Field, l, r string, half Half, why string) {
	if m.worse(f, r, l) || m.parked(f, l, r, half, r) || m.pingPong(f, r, half) {
		return
	}
	switch {
	case m.left.ReadOnly != "":
		m.hold(f, ReadOnly, fmt.Sprintf("%s changed in Rev.io and is not written to IT Glue: %s", f.Title, m.left.ReadOnly))
	case r != "" && f.Options != nil && !slices.Contains(f.Options, r):
		m.hold(f, NotAnOption, fmt.Sprintf("%q is not an option of %s in IT Glue. Its options are %s. Add the option there, or change the value in Rev.io.", r, f.Title, strings.Join(f.Options, ", ")))
	default:
		m.out.SetLeft[f.Name], m.out.Why[f.Name] = r, why
	}
}

// worse holds a placeholder that would replace a good serial number.
func (m *merge) worse(f Field, value, replaced string) bool {
	if f.Name != SerialField || value == "" || m.usable == nil || m.usable(value) || !m.usable(replaced) {
		return false
	}
	m.hold(f, Placeholder, fmt.Sprintf("%q is no serial number, so the good one on the other side is kept. Correct the serial number.", value))
	return true
}

// parked parks a value that was refused too often.
func (m *merge) parked(f Field, l, r string, half Half, want string) bool {
	if half.Refused < refusals || half.Want != want || half.Source != f.Source {
		return false
	}
	why := fmt.Sprintf("%s was refused %d times and is left alone until it changes on either side", f.Title, half.Refused)
	m.out.Base[f.Name] = Half{Left: l, Right: r, Source: f.Source, Parked: why}
	m.out.Moved = true
	m.hold(f, Parked, why)
	return true
}

// pingPong holds a value that would go back once more to what was there before
// the last write.
func (m *merge) pingPong(f Field, value string, half Half) bool {
	latest := max(m.left.Updated, m.right.Updated)
	if half.Flips < flips || value != half.Before || half.Source != f.Source || latest-half.At > flipped {
		return false
	}
	m.hold(f, PingPong, fmt.Sprintf("%s went to and fro %d times within hours, so it is left alone for now. Another installation of this sync, or another tool, writes it too: stop one of them", f.Title, half.Flips))
	return true
}

// agree moves the base to what both sides hold now.
func (m *merge) agree(f Field, l, r string) {
	half := Half{Left: l, Right: r, Source: f.Source}
	_, chosen := m.out.Choice[f.Name]
	if known, ok := m.pair.Base[f.Name]; !ok || known != half || chosen {
		m.out.Base[f.Name] = half
		delete(m.out.Choice, f.Name)
		m.out.Moved = true
	}
	m.note(f, l, r)
}

// note tells of a value that one side cannot hold as the other does.
func (m *merge) note(f Field, l, r string) {
	switch {
	case l != r && f.fit(l) == r:
		m.hold(f, Cut, fmt.Sprintf("%s is longer than Rev.io holds; Rev.io has its beginning", f.Title))
	case l == "" && r != "" && m.oneWay(f) != "":
		m.hold(f, OneWayOnly, fmt.Sprintf("Rev.io holds a %s that IT Glue lacks; it cannot be written there, as %s", f.Title, m.oneWay(f)))
	}
}

func (m *merge) hold(f Field, code Reason, text string) {
	m.out.Held = append(m.out.Held, Held{Side: Left, Kind: m.pair.Kind, Record: m.left.ID, Field: f.Name, Name: m.left.Name, Code: code, Text: text, With: []string{m.right.ID}})
}

// oneWay says why the field cannot be written to the left, or "".
func (m *merge) oneWay(f Field) string {
	if why := m.left.OneWay[f.Name]; why != "" {
		return why
	}
	if f.Direction == ToRight {
		return "it goes from IT Glue to Rev.io only"
	}
	return ""
}

func (f Field) fit(value string) string {
	if f.Fit == nil {
		return value
	}
	return f.Fit(value)
}

// inStep reports whether right holds what it can of left's value.
func (f Field) inStep(l, r string) bool { return f.same(l, r) || f.same(f.fit(l), r) }

func (f Field) same(a, b string) bool {
	return a == b || f.Same != nil && f.Same(a, b)
}

// AfterWrite is a field's half after a write to side: other is what the other
// side holds, want what was written, got what the read-back showed. A written
// side that shows anything else did not take the value; what it shows is no
// edit of anyone, so the other side still is the one that changed.
func AfterWrite(half Half, side Side, source, other, want, got string) Half {
	if got == want {
		left, right := other, got
		if side == Left {
			left, right = got, other
		}
		return Half{Left: left, Right: right, Source: source}
	}
	if half.Source != source || half == (Half{}) {
		half = Half{Source: source, First: true}
	}
	if half.Want != want {
		half.Refused = 0
	}
	half.Refused, half.Want, half.Parked = half.Refused+1, want, ""
	if side == Left {
		half.Left = got
	} else {
		half.Right = got
	}
	return half
}

// Turned adds to a half that was just written what the one before it says of
// values that go to and fro: a write that puts back what was there before the
// last one is a flip, if it comes soon after it. At is the time of the write by
// the written side's clock, in epoch milliseconds.
func (h Half) Turned(before Half, at int64) Half {
	if h.First || h.Refused > 0 || before.First || before.Source != h.Source {
		return h
	}
	h.Before, h.At = before.Left, at
	if before.At > 0 && h.Left == before.Before && at-before.At <= flipped {
		h.Flips = before.Flips + 1
	}
	return h
}

func cloneMap[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}
