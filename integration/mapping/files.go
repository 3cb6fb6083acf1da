package mapping

import (
	"bytes"
	"encoding/json"
	"strings"
)

// HoldsFiles says in words why a record must not be written in IT Glue: it holds
// values of Upload or Password fields, which a write of the other fields loses
// (CONFIRMED for Upload by public issues, ASSUMED for Password: neither can be
// sent back as it was read). It is "" when the record holds none.
func (m Mapping) HoldsFiles(traits map[string]json.RawMessage) string {
	var holds []string
	known := map[string]bool{}
	for _, f := range m.Type.Fields {
		known[f.Key] = true
		if !holdsValue(traits[f.Key]) {
			continue
		}
		switch f.Kind {
		case Upload:
			holds = append(holds, "a file in “"+f.Name+"”")
		case Password:
			holds = append(holds, "a password in “"+f.Name+"”")
		}
	}
	if unknownUpload(traits, known) {
		holds = append(holds, "a file in a field that its type does not show")
	}
	if len(holds) == 0 {
		return ""
	}
	return "it holds " + strings.Join(holds, " and ") + ", which IT Glue drops when the record is written: it is only read. To write it all the same, name its type in rules.writeTypesWithFiles"
}

// unknownUpload reports whether a trait outside the type's fields looks like a
// file.
func unknownUpload(traits map[string]json.RawMessage, known map[string]bool) bool {
	for key, raw := range traits {
		var v struct {
			Type json.RawMessage `json:"type"`
		}
		if !known[key] && json.Unmarshal(raw, &v) == nil && string(v.Type) == `"Upload"` && holdsValue(raw) {
			return true
		}
	}
	return false
}

// holdsValue reports whether a trait is more than empty: null, blanks, an empty
// list or group, or a group without values hold nothing. What cannot be read
// counts as a value.
func holdsValue(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return false
	}
	switch raw[0] {
	case '"':
		s, err := scalar(raw)
		return err != nil || CanonicalText(s) != ""
	case '[':
		var list []json.RawMessage
		return json.Unmarshal(raw, &list) != nil || len(list) > 0
	case '{':
		var group map[string]json.RawMessage
		if json.Unmarshal(raw, &group) != nil {
			return true
		}
		if values, ok := group["values"]; ok {
			return holdsValue(values)
		}
		return len(group) > 0
	}
	return true
}
