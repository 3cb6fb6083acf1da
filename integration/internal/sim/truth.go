package sim

import (
	"encoding/json"
	"fmt"
	"strings"
)

// truth is what people set, and what they took away.
type truth struct {
	sets    []setting
	given   map[string]bool   // marks of values that a person gave up by settling a conflict
	swept   map[string]bool   // marks of values that a request replaced which landed late: no API of the two prevents it
	removed map[string]bool   // records, fields and organizations that a person deleted
	moved   map[string]bool   // records that a person moved
	apart   map[string]bool   // record and field of which a person said that each side keeps its own
	again   map[string]int    // creates that people asked for, by token
	turned  map[string]int    // how often the link of an organization or a customer was reassigned
	crossed map[string]bool   // marks of values that a request of ours carried to the other side
	met     map[string]bool   // marks of values that people set between our write and its read-back: no one can tell them from what the service made of ours
	absent  map[string]bool   // records of which an answer said that they are not there
	people  map[string]bool   // Rev.io assets that people added
	fields  map[string]string // flexible asset type + Rev.io field to field id
}

func newTruth() truth {
	return truth{given: map[string]bool{}, swept: map[string]bool{}, removed: map[string]bool{}, moved: map[string]bool{}, apart: map[string]bool{}, again: map[string]int{}, turned: map[string]int{}, crossed: map[string]bool{}, met: map[string]bool{}, absent: map[string]bool{}, people: map[string]bool{}, fields: map[string]string{}}
}

// setting is one value that a person set. Its mark is a part of it that no
// other value has.
type setting struct {
	n                   int
	side, record, field string
	was, now, mark      string
}

func (s setting) String() string {
	return fmt.Sprintf("#%d %s %s %s: %q → %q", s.n, s.side, s.record, s.field, s.was, s.now)
}

// value gives what a record shows in a field now; ok is false when the record
// or the field is not there.
func (w *World) value(side, record, field string) (text string, ok bool) {
	switch side {
	case "right":
		a, ok := w.revio.Asset(record)
		return a.Fields[field], ok
	case "customer":
		c, ok := w.revio.Customer(record)
		return c.Name, ok
	case "organization":
		o, ok := w.itglue.Organization(record)
		return o.Name, ok
	}
	a, ok := w.itglue.Asset(record)
	if !ok {
		return "", false
	}
	key := w.traitKey(a.TypeID, field)
	if key == "" {
		return "", false
	}
	return traitText(a.Traits[key]), true
}

func traitText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}

// traitKey is the key of a field as it is called now; "" when it was deleted.
func (w *World) traitKey(typeID, field string) string {
	t, ok := w.itglue.Type(typeID)
	if !ok {
		return ""
	}
	id := w.truth.fields[typeID+" "+field]
	for _, f := range t.Fields {
		if f.ID == id {
			return f.Key
		}
	}
	return ""
}

// sets has a person set a value, and remembers it.
func (w *World) sets(side, record, field, value, mark string) {
	was, ok := w.value(side, record, field)
	if !ok {
		return
	}
	switch side {
	case "right":
		w.revio.SetAsset(record, field, value)
	case "customer":
		w.revio.SetCustomer(record, "name", value)
	case "organization":
		w.itglue.RenameOrganization(record, value)
	default:
		a, _ := w.itglue.Asset(record)
		var v any = value
		if value == "" {
			v = nil
		}
		w.itglue.SetTrait(record, w.traitKey(a.TypeID, field), v)
	}
	w.remember(side, record, field, was, value, mark)
}

func (w *World) remember(side, record, field, was, now, mark string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := setting{n: len(w.truth.sets), side: side, record: record, field: field, was: was, now: now, mark: mark}
	w.truth.sets = append(w.truth.sets, s)
	if mark != "" && w.unread[record] {
		w.truth.met[mark] = true
	}
	w.trace.add("  %s", s)
}

// holds reports whether a text holds a mark.
func holds(text, mark string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(mark))
}

// typeOf is the flexible asset type of a record; "" when it is none.
func (w *World) typeOf(record string) string {
	a, _ := w.itglue.Asset(record)
	return a.TypeID
}
