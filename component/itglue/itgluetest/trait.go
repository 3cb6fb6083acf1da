package itgluetest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// File is the value of an Upload field.
type File struct {
	ID   string `json:"id"` // "" for the next one
	Name string `json:"name"`
}

// A stored value is: of a Tag, a JSON list of ids; of an Upload, a File; of a
// Password, the password's id; of anything else, the trait itself.

// resource is something outside of this simulator that a Tag can point at.
type resource struct {
	id, kind, organization, name string
	extra                        map[string]any
}

// AddResource adds something for Tag fields to point at: a contact, a location,
// a configuration. Kind is a tag type such as "Contacts"; extra is what its
// value shows beside id, name and organization.
func (w *World) AddResource(kind, organizationID, name string, extra map[string]any) string {
	defer w.lock()()
	r := &resource{id: w.id("resource", ""), kind: kind, organization: organizationID, name: name, extra: extra}
	w.resources.add(r.id, r)
	return r.id
}

// storedFrom turns a value that a test gives into the stored form.
func (w *World) storedFrom(f Field, value any) json.RawMessage {
	switch v := value.(type) {
	case File:
		v.ID = w.id("file", v.ID)
		return encode(v)
	case string:
		if f.Kind == "Tag" || f.Kind == "Password" {
			value = json.Number(v)
		}
	case []string:
		ids := make([]json.Number, len(v))
		for i, id := range v {
			ids[i] = json.Number(id)
		}
		value = ids
	}
	raw := json.RawMessage(encode(value))
	if f.Kind == "Tag" && !bytes.HasPrefix(raw, []byte("[")) {
		raw = json.RawMessage("[" + string(raw) + "]")
	}
	return raw
}

// traits prints the values of an asset by key.
func (w *World) traits(a *asset) map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	for _, f := range w.types.byID[a.typeID].Fields {
		v, ok := a.values[f.ID]
		switch {
		case ok:
			all[f.Key] = w.printTrait(f, v)
		case f.Kind == "Header":
		case w.switches.EmptyTraits == "null":
			all[f.Key] = json.RawMessage("null")
		case w.switches.EmptyTraits == "blank":
			all[f.Key] = json.RawMessage(`""`)
		}
	}
	return all
}

func (w *World) printTrait(f Field, v json.RawMessage) json.RawMessage {
	switch f.Kind {
	case "Tag":
		values := []object{}
		for _, id := range storedIDs(v) {
			if o := w.tagTarget(f, id); o != nil {
				values = append(values, o)
			}
		}
		kind, _, _ := strings.Cut(f.TagType, ":")
		if kind == "FlexibleAssetType" {
			kind = "FlexibleAssetTypes"
		}
		return encode(object{"type": kind, "values": values})
	case "Upload":
		var file File
		_ = json.Unmarshal(v, &file) // our own form
		return encode(object{"type": "Upload", "values": []object{{"id": mustNumber(file.ID), "name": file.Name, "url": fmt.Sprintf("https://%s.itglue.com/attachments/%s", w.subdomain, file.ID)}}})
	case "Number", "Percent":
		if w.switches.NumbersAsStrings {
			return encode(string(v))
		}
	case "Date":
		var day string
		if w.switches.DateTimes && json.Unmarshal(v, &day) == nil && len(day) == len(time.DateOnly) {
			return encode(day + "T00:00:00.000Z")
		}
	}
	return v
}

func storedIDs(v json.RawMessage) []string {
	var ids []json.Number
	_ = json.Unmarshal(v, &ids) // our own form
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = id.String()
	}
	return all
}

// tagTarget prints what a Tag points at; nil when that is gone.
func (w *World) tagTarget(f Field, id string) object {
	base := fmt.Sprintf("https://%s.itglue.com/", w.subdomain)
	kind, _, _ := strings.Cut(f.TagType, ":")
	switch kind {
	case "FlexibleAssetType":
		if a, ok := w.assets.byID[id]; ok {
			return object{"resource-url": w.recordURL(a), "id": mustNumber(id), "name": w.title(a)}
		}
	case "Passwords":
		if p, ok := w.passwords.byID[id]; ok {
			return object{"resource-url": base + p.OrganizationID + "/passwords/" + id, "id": mustNumber(id), "name": p.Name, "category": orNull(p.Category), "username": orNull(p.Username), "organization-name": w.organizations.byID[p.OrganizationID].Name}
		}
	case "Organizations":
		if o, ok := w.organizations.byID[id]; ok {
			return object{"resource-url": base + id, "id": mustNumber(id), "name": o.Name}
		}
	default:
		if r, ok := w.resources.byID[id]; ok && r.kind == f.TagType {
			o := object{"resource-url": base + r.organization + "/" + KeyOf(r.kind) + "/" + id, "id": mustNumber(id), "name": r.name}
			if owner, ok := w.organizations.byID[r.organization]; ok {
				o["organization-name"] = owner.Name
			}
			maps.Copy(o, r.extra)
			return o
		}
	}
	return nil
}

// words is a stored value as text.
func (w *World) words(f Field, v json.RawMessage) string {
	if f.Kind == "Tag" {
		var names []string
		for _, id := range storedIDs(v) {
			if o := w.tagTarget(f, id); o != nil {
				names = append(names, fmt.Sprint(o["name"]))
			}
		}
		return strings.Join(names, ", ")
	}
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// readTraits reads the traits of a request into the stored form. They are all
// that the asset then holds.
func (q request) readTraits(t *Type, old *asset, raw json.RawMessage) (map[string]json.RawMessage, reply, bool) {
	given := map[string]json.RawMessage{}
	if len(raw) > 0 && json.Unmarshal(raw, &given) != nil {
		return nil, serverError(), false
	}
	values := map[string]json.RawMessage{}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		f, ok := t.fieldByKey(key)
		if !ok || f.Kind == "Header" {
			return nil, unprocessable("data/attributes/traits", "Request contains invalid trait keys"), false
		}
		if string(given[key]) == "null" {
			continue
		}
		stored, refusal := q.readTrait(f, old, given[key])
		if refusal != "" {
			return nil, unprocessable("/data/attributes/flexible-asset-traits."+key, []string{refusal}), false
		}
		if stored != nil {
			values[f.ID] = stored
		}
	}
	for _, f := range t.Fields {
		if v, ok := values[f.ID]; f.Required && (!ok || strings.TrimSpace(q.words(f, v)) == "") {
			return nil, unprocessable("/data/attributes/flexible-asset-traits."+f.Key, []string{"can't be blank"}), false
		}
	}
	return values, reply{}, true
}

// readTrait reads one trait of a request, or says why it is refused.
func (q request) readTrait(f Field, old *asset, raw json.RawMessage) (json.RawMessage, string) {
	var text string
	isText := json.Unmarshal(raw, &text) == nil
	switch f.Kind {
	case "Text", "Textbox":
		return refuseUnless(isText, raw, "is not a text")
	case "Select":
		known := text == "" || q.switches.SelectTakesAnything || slices.Contains(strings.Split(f.Default, "\n"), text)
		return refuseUnless(isText && known, raw, "is not included in the list")
	case "Date":
		if day, isTime := strings.CutSuffix(text, "T00:00:00.000Z"); isTime && q.switches.DateTimes {
			text, raw = day, json.RawMessage(encode(day))
		}
		_, err := time.Parse(time.DateOnly, text)
		return refuseUnless(isText && (err == nil || text == ""), raw, "is not a valid date")
	case "Number", "Percent":
		_, err := strconv.ParseFloat(string(raw), 64)
		return refuseUnless(err == nil, raw, "is not a number")
	case "Checkbox":
		return refuseUnless(string(raw) == "true" || string(raw) == "false", raw, "is not true or false")
	case "Tag":
		return q.readTag(f, raw)
	case "Upload":
		return q.readUpload(raw)
	case "Password":
		return q.readPasswordTrait(f, old, raw)
	}
	return nil, "is of an unknown kind"
}

func refuseUnless(fine bool, raw json.RawMessage, refusal string) (json.RawMessage, string) {
	if !fine {
		return nil, refusal
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return encode(text), "" // whatever escapes it came with
	}
	return raw, ""
}

// readTag takes an id or a list of ids. The form in which a Tag is read is
// refused.
func (q request) readTag(f Field, raw json.RawMessage) (json.RawMessage, string) {
	var ids []json.Number
	var one json.Number
	switch {
	case json.Unmarshal(raw, &ids) == nil:
	case json.Unmarshal(raw, &one) == nil:
		ids = []json.Number{one}
	default:
		return nil, "is invalid"
	}
	for _, id := range ids {
		if _, err := strconv.ParseInt(id.String(), 10, 64); err != nil || q.tagTarget(f, id.String()) == nil {
			return nil, "must exist"
		}
	}
	if len(ids) == 0 {
		return nil, ""
	}
	return encode(ids), ""
}

// readUpload takes a file's content. A file that is there already cannot be
// named.
func (q request) readUpload(raw json.RawMessage) (json.RawMessage, string) {
	var upload struct {
		Content  string `json:"content"`
		FileName string `json:"file_name"`
	}
	content, err := []byte(nil), json.Unmarshal(raw, &upload)
	if err == nil {
		content, err = base64.StdEncoding.Strict().DecodeString(upload.Content)
	}
	if err != nil || len(content) == 0 || upload.FileName == "" {
		return nil, "is invalid"
	}
	return encode(File{ID: q.id("file", ""), Name: upload.FileName}), ""
}

// readPasswordTrait takes the id of the password that the field holds already.
func (q request) readPasswordTrait(f Field, old *asset, raw json.RawMessage) (json.RawMessage, string) {
	if old == nil || string(bytes.TrimSpace(old.values[f.ID])) != string(bytes.TrimSpace(raw)) {
		return nil, "is invalid"
	}
	if q.switches.PasswordTraitLost {
		return nil, ""
	}
	return raw, ""
}
