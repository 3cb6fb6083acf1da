package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// Remembered is what a flexible asset field was when it was last seen, kept by
// its id.
type Remembered struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// FindingKind is what happened to a mapped field.
type FindingKind string

// The findings. Renamed is news, and the field goes on; the others park it.
const (
	Renamed    FindingKind = "renamed"    // it has another name
	Gone       FindingKind = "gone"       // it was deleted
	Retyped    FindingKind = "retyped"    // it has another kind
	Unsuitable FindingKind = "unsuitable" // it cannot be mapped to this Rev.io field
)

// Finding is one thing that a person should know about a mapping.
type Finding struct {
	Type  string      `json:"type"`  // the flexible asset type's id
	Revio string      `json:"revio"` // the Rev.io field
	Kind  FindingKind `json:"kind"`
	Text  string      `json:"text"` // what happened and what to do, in words
}

// Resolve finds the flexible asset fields that were chosen for Rev.io fields, by
// id. A renamed field goes on working and is reported. A field that was deleted,
// that has another kind than when it was last seen, or that does not suit the
// Rev.io field is parked and reported. Remembered may lack a field: that is one
// that was never seen. Mapping and findings are sorted by Rev.io field.
func Resolve(t Type, chosen map[string]string, remembered map[string]Remembered) (Mapping, []Finding) {
	m := Mapping{Type: t}
	var findings []Finding
	taken := map[string]string{}
	for _, revio := range slices.Sorted(maps.Keys(chosen)) {
		id := chosen[revio]
		if id == "" {
			continue
		}
		mapped, found := resolveField(t, revio, id, remembered[id])
		if other, ok := taken[id]; ok && mapped.Parked == "" {
			mapped.Parked = fmt.Sprintf("“%s” serves %s already, and one field cannot hold two values: map another one", mapped.Field.Name, other)
			found = append(found, Finding{Kind: Unsuitable, Text: mapped.Parked + "."})
		}
		if mapped.Parked == "" {
			taken[id] = revio
		}
		m.Fields = append(m.Fields, mapped)
		for _, f := range found {
			findings = append(findings, Finding{Type: t.ID, Revio: revio, Kind: f.Kind, Text: t.Name + ": " + f.Text})
		}
	}
	return m, findings
}

// resolveField finds one chosen field, and what there is to say of it.
func resolveField(t Type, revio, id string, before Remembered) (Mapped, []Finding) {
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.ID == id })
	if i < 0 {
		return parked(Mapped{Revio: revio, Direction: reconcile.ToRight, Field: Field{ID: id, Name: before.Name, Kind: before.Kind}}, Gone,
			fmt.Sprintf("%s was deleted in IT Glue: map another field to %s", called(before.Name, id), revio))
	}
	f := t.Fields[i]
	direction, suits := Suits(f.Kind, revio)
	m := Mapped{Revio: revio, Field: f, Direction: direction}
	switch {
	case before.Kind != "" && before.Kind != f.Kind:
		return parked(m, Retyped, fmt.Sprintf("%s was a %s field and is a %s field now: save the fields page again to go on with it, or map another field to %s", called(f.Name, id), before.Kind, f.Kind, revio))
	case !suits:
		return parked(m, Unsuitable, unsuitable(f, revio))
	case f.Key == "" || shared(t.Fields, f.Key):
		return parked(m, Unsuitable, fmt.Sprintf("the API does not tell %s apart from another field: give it a name of its own in IT Glue", called(f.Name, id)))
	case before.Name != "" && before.Name != f.Name:
		return m, []Finding{{Kind: Renamed, Text: renamed(before.Name, f.Name)}}
	}
	return m, nil
}

func parked(m Mapped, kind FindingKind, why string) (Mapped, []Finding) {
	m.Parked = why
	return m, []Finding{{Kind: kind, Text: why + "."}}
}

func renamed(before, now string) string {
	how := "is now called"
	switch {
	case strings.EqualFold(before, now):
		return fmt.Sprintf("“%s” %s “%s”, which differs in capitals only; the mapping goes on.", before, how, now)
	case CanonicalText(before) == CanonicalText(now):
		return fmt.Sprintf("“%s” %s “%s”, which differs in spaces only; the mapping goes on.", before, how, now)
	}
	return fmt.Sprintf("“%s” %s “%s”; the mapping goes on.", before, how, now)
}

func unsuitable(f Field, revio string) string {
	kinds := suitable(revio)
	if len(kinds) == 0 {
		return fmt.Sprintf("%s is no Rev.io field that can be mapped: skip it", revio)
	}
	why := ""
	switch {
	case revio == reconcile.SerialField && f.Kind == Number:
		why = ", as it would lose leading zeros"
	case f.Kind == Password || f.Kind == Upload || f.Kind == Header:
		why = ", as such fields are never synced"
	}
	return fmt.Sprintf("%s is a %s field, which cannot be mapped to %s%s: map a field of the kind %s", called(f.Name, f.ID), f.Kind, revio, why, alternatives(kinds))
}

// called names a field for people, by its id when no name is known.
func called(name, id string) string {
	if name == "" {
		return "the field with the id " + id
	}
	return "“" + name + "”"
}

func shared(fields []Field, key string) bool {
	seen := 0
	for _, f := range fields {
		if f.Key == key {
			seen++
		}
	}
	return seen > 1
}

func alternatives(kinds []string) string {
	last := len(kinds) - 1
	if last == 0 {
		return kinds[0]
	}
	return strings.Join(kinds[:last], ", ") + " or " + kinds[last]
}
