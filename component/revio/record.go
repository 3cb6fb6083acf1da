package revio

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// record is one record of an answer, with its fields as they came.
type record struct {
	raw    map[string]any
	folded map[string]string // names without case and underscores, to the names that came
}

func newRecord(raw map[string]any) record {
	r := record{raw: raw, folded: make(map[string]string, len(raw))}
	for key := range raw {
		f := fold(key)
		if other, twice := r.folded[f]; !twice || key < other {
			r.folded[f] = key
		}
	}
	return r
}

var joiners = strings.NewReplacer("_", "", "-", "")

// fold makes customerId, CustomerID and customer_id one name.
func fold(name string) string { return joiners.Replace(strings.ToLower(name)) }

// key gives the name under which the record shows a field: one that fits
// exactly first, then one that differs in case or underscores.
func (r record) key(names Names) (string, bool) {
	for _, n := range names {
		if _, ok := r.raw[n]; ok {
			return n, true
		}
	}
	for _, n := range names {
		if key, ok := r.folded[fold(n)]; ok {
			return key, true
		}
	}
	return "", false
}

// wireName is the name to write a field under: the one that the record shows,
// else the profile's first.
func (r record) wireName(names Names) string {
	if key, ok := r.key(names); ok {
		return key
	}
	return names[0]
}

// text gives a field as text: "" for null and blanks. It is not shown when the
// record has no such field, and not plain when it holds a list or an object.
func (r record) text(names Names) (value string, shown, plain bool) {
	key, ok := r.key(names)
	if !ok {
		return "", false, true
	}
	switch v := r.raw[key].(type) {
	case nil:
		return "", true, true
	case string:
		if strings.TrimSpace(v) == "" {
			return "", true, true
		}
		return v, true, true
	case json.Number:
		return v.String(), true, true
	case bool:
		return strconv.FormatBool(v), true, true
	}
	return "", true, false
}

// plain gives a field's text, or nothing.
func (r record) plain(names Names) string {
	v, _, _ := r.text(names)
	return v
}

// optional gives a field's text, or nil where it is not shown.
func (r record) optional(names Names) *string {
	v, shown, plain := r.text(names)
	if !shown || !plain {
		return nil
	}
	return &v
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// id gives an id exactly as it came, whether as a number or as text; "" for
// anything that is none.
func (r record) id(names Names) string {
	v := strings.TrimSpace(r.plain(names))
	if !idForm.MatchString(v) {
		return ""
	}
	return v
}

// instant gives a time; nil where there is none that can be read. A time
// without a zone is UTC, as all times of Rev.io are (CONFIRMED for tickets).
func (r record) instant(names Names) *time.Time {
	v := strings.TrimSpace(r.plain(names))
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, v); err == nil {
			u := t.UTC()
			return &u
		}
	}
	return nil
}

var dateForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$`)

// calendarDate keeps the date of a date-time as it is written, so that no time
// zone can move it by a day. What is no such date stays as it is. 0001-01-01
// is how .NET shows that there is none (ASSUMED to be what it means here).
func calendarDate(v string) string {
	m := dateForm.FindStringSubmatch(strings.TrimSpace(v))
	switch {
	case m == nil:
		return v
	case m[1] == "0001-01-01":
		return ""
	}
	return m[1]
}

// idValue writes an id as a number where it is one (CONFIRMED that ids are).
func idValue(id string) any {
	if n := json.Number(id); len(id) < 19 && (id == "0" || !strings.HasPrefix(id, "0")) {
		if _, err := n.Int64(); err == nil && !strings.HasPrefix(id, "-") {
			return n
		}
	}
	return id
}

// at follows a JSON pointer; nil where it leads nowhere.
func at(v any, pointer string) any {
	if pointer == "" {
		return v
	}
	for _, part := range strings.Split(pointer, "/")[1:] {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
	}
	return v
}

// single finds the record of an answer that carries one: along the list
// pointers and whatever lies on the way to them, the first object with an id.
func (p *Profile) single(body any, ids Names) (record, bool) {
	var tried []string
	for _, pointer := range append(slices.Clone(p.ListPointers), "") {
		for {
			if !slices.Contains(tried, pointer) {
				tried = append(tried, pointer)
				if object, ok := at(body, pointer).(map[string]any); ok {
					if r := newRecord(object); r.id(ids) != "" {
						return r, true
					}
				}
			}
			if pointer == "" {
				break
			}
			pointer = pointer[:strings.LastIndexByte(pointer, '/')]
		}
	}
	return record{}, false
}

// rows finds the list of an answer, and the total that is declared beside it
// or above it; the total is -1 where none is.
func (p *Profile) rows(body any) (rows []any, total int, ok bool) {
	if list, isList := body.([]any); isList {
		return list, -1, true
	}
	for _, pointer := range p.ListPointers {
		if list, isList := at(body, pointer).([]any); isList {
			return list, p.total(body, pointer), true
		}
	}
	return nil, -1, false
}

func (p *Profile) total(body any, pointer string) int {
	for pointer != "" {
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
		object, _ := at(body, pointer).(map[string]any)
		for _, inside := range []any{object, object["meta"], object["paging"], object["pagination"]} {
			if o, ok := inside.(map[string]any); ok {
				if n, err := strconv.Atoi(newRecord(o).plain(Names(p.Totals))); err == nil && n >= 0 {
					return n
				}
			}
		}
	}
	return -1
}
