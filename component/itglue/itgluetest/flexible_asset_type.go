package itgluetest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Type is a flexible asset type.
type Type struct {
	ID          string // "" for the next one
	Name        string
	Description string
	Icon        string
	Disabled    bool
	Fields      []Field
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Field is a field of a flexible asset type.
type Field struct {
	ID          string // "" for the next one
	TypeID      string
	Name        string
	Key         string // "" is made of the name
	Kind        string // "" is Text
	Hint        string
	Default     string // of a Select field: its options, one a line
	TagType     string // of a Tag field: "Contacts", "FlexibleAssetType: 301", …
	Order       int    // 0 is the next
	Decimals    int
	Required    bool
	UseForTitle bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

var notInKey = regexp.MustCompile(`[^a-z0-9]+`)

// KeyOf is the key that a field's name gives: lower case, runs of other
// characters to one hyphen (ASSUMED).
func KeyOf(name string) string {
	return strings.Trim(notInKey.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// AddType adds a flexible asset type with its fields, and gives its id.
func (w *World) AddType(t Type) string {
	defer w.lock()()
	fields := t.Fields
	t.ID, t.Fields = w.id("flexible asset type", t.ID), nil
	t.CreatedAt = w.stamp()
	t.UpdatedAt = t.CreatedAt
	w.types.add(t.ID, &t)
	for _, f := range fields {
		w.addField(&t, f)
	}
	return t.ID
}

// AddField adds a field to a type, and gives its id.
func (w *World) AddField(typeID string, f Field) string {
	defer w.lock()()
	return w.addField(w.types.must(typeID), f)
}

func (w *World) addField(t *Type, f Field) string {
	f.ID, f.TypeID = w.id("field", f.ID), t.ID
	f.Kind, f.Key = or(f.Kind, "Text"), or(f.Key, KeyOf(f.Name))
	f.Order = or(f.Order, len(t.Fields)+1)
	f.CreatedAt = w.stamp()
	f.UpdatedAt = f.CreatedAt
	t.Fields = append(t.Fields, f)
	t.UpdatedAt = f.CreatedAt
	return f.ID
}

// SetType changes a type, as a person would; its fields are changed by
// [World.SetField].
func (w *World) SetType(id string, change func(*Type)) {
	defer w.lock()()
	t := w.types.must(id)
	change(t)
	t.UpdatedAt = w.stamp()
}

// SetField changes a field, as a person would.
func (w *World) SetField(id string, change func(*Field)) {
	defer w.lock()()
	t, i := w.field(id)
	change(&t.Fields[i])
	t.Fields[i].UpdatedAt = w.stamp()
	t.UpdatedAt = t.Fields[i].UpdatedAt
}

// RenameField gives a field another name; its key and the traits follow, unless
// a switch says otherwise.
func (w *World) RenameField(id, name string) {
	w.SetField(id, func(f *Field) {
		f.Name = name
		if !w.switches.RenameKeepsKey {
			f.Key = KeyOf(name)
		}
	})
}

// DeleteField deletes a field and its values.
func (w *World) DeleteField(id string) {
	defer w.lock()()
	t, i := w.field(id)
	t.Fields = slices.Delete(t.Fields, i, i+1)
	t.UpdatedAt = w.stamp()
	for _, a := range w.assets.all() {
		delete(a.values, id)
		w.dropFieldPasswords(a)
	}
}

// Type gives a type as it is now.
func (w *World) Type(id string) (Type, bool) {
	defer w.lock()()
	t, ok := w.types.byID[id]
	if !ok {
		return Type{}, false
	}
	c := *t
	c.Fields = slices.Clone(t.Fields)
	return c, true
}

// FieldID gives the id of the field with a key.
func (w *World) FieldID(typeID, key string) string {
	defer w.lock()()
	f, ok := w.types.must(typeID).fieldByKey(key)
	if !ok {
		panic("itgluetest: there is no field " + key)
	}
	return f.ID
}

func (t *Type) fieldByKey(key string) (Field, bool) {
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return t.Fields[i], true
}

func (w *World) field(id string) (*Type, int) {
	for _, t := range w.types.all() {
		if i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.ID == id }); i >= 0 {
			return t, i
		}
	}
	panic("itgluetest: there is no field " + id)
}

func (q request) listTypes() reply {
	withFields := q.asks("flexible_asset_fields")
	var rows []row
	for _, t := range q.types.all() {
		rows = append(rows, row{id: t.ID,
			values: map[string]string{"id": t.ID, "name": t.Name, "icon": t.Icon, "enabled": strconv.FormatBool(!t.Disabled), "created_at": printed(t.CreatedAt), "updated_at": printed(t.UpdatedAt)},
			print:  func() object { return printType(t, withFields && !q.switches.IncludeIgnored) },
		})
	}
	l := list{path: "/flexible_asset_types", filters: []string{"id", "name", "icon", "enabled"}, sorts: []string{"id", "name", "created_at", "updated_at"}}
	if withFields {
		l.included = func(page []row) []object {
			all := []object{}
			for _, r := range page {
				all = append(all, printFields(q.types.byID[r.id])...)
			}
			return all
		}
	}
	return q.page(l, rows)
}

func (q request) showType(id string) reply {
	t, ok := q.types.byID[id]
	if !ok {
		return notFound()
	}
	withFields := q.asks("flexible_asset_fields")
	var included []object
	if withFields {
		included = printFields(t)
	}
	return show(200, printType(t, withFields), touched{id: id}, included)
}

func (q request) listFields(typeID string) reply {
	t, ok := q.types.byID[typeID]
	if !ok {
		return notFound()
	}
	var rows []row
	for _, f := range t.Fields {
		rows = append(rows, row{id: f.ID,
			values: map[string]string{"id": f.ID, "created_at": printed(f.CreatedAt), "updated_at": printed(f.UpdatedAt)},
			print:  func() object { return printField(f) },
		})
	}
	return q.page(list{path: "/flexible_asset_types/" + typeID + "/relationships/flexible_asset_fields", sorts: []string{"created_at", "updated_at"}}, rows)
}

func (q request) showField(id string) reply {
	for _, t := range q.types.all() {
		for _, f := range t.Fields {
			if f.ID == id {
				return show(200, printField(f), touched{id: id}, nil)
			}
		}
	}
	return notFound()
}

func printType(t *Type, withFields bool) object {
	relationships := object{}
	if withFields {
		var ids []string
		for _, f := range t.Fields {
			ids = append(ids, f.ID)
		}
		relationships["flexible-asset-fields"] = identifiers("flexible-asset-fields", ids)
	}
	return object{"id": t.ID, "type": "flexible-asset-types", "relationships": relationships, "attributes": object{
		"name": t.Name, "description": orNull(t.Description), "created-at": printed(t.CreatedAt), "updated-at": printed(t.UpdatedAt),
		"icon": orNull(t.Icon), "show-in-menu": true, "enabled": !t.Disabled,
	}}
}

func printFields(t *Type) []object {
	all := make([]object, len(t.Fields))
	for i, f := range t.Fields {
		all[i] = printField(f)
	}
	return all
}

func printField(f Field) object {
	return object{"id": f.ID, "type": "flexible-asset-fields",
		"relationships": object{"flexible-asset-type": object{"data": object{"id": f.TypeID, "type": "flexible-asset-types"}}},
		"attributes": object{
			"flexible-asset-type-id": mustNumber(f.TypeID), "order": f.Order, "name": f.Name, "kind": f.Kind, "hint": orNull(f.Hint),
			"decimals": f.Decimals, "default-value": orNull(f.Default), "tag-type": orNull(f.TagType), "required": f.Required,
			"use-for-title": f.UseForTitle, "expiration": false, "show-in-list": true, "name-key": f.Key,
			"created-at": printed(f.CreatedAt), "updated-at": printed(f.UpdatedAt),
		}}
}
