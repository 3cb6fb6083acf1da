package mapping

import (
	"encoding/json"
	"errors"
	"strings"
)

var errTagForm = errors.New("the Tag does not say what it names")

// readTag joins the names of a Tag by commas, in IT Glue's order. The form is
// {"type": …, "values": [{"id": …, "name": …}]} (CONFIRMED: IT Glue API
// reference); a bare list of the values is read as well.
func readTag(raw json.RawMessage) (string, error) {
	var tag struct {
		Values json.RawMessage `json:"values"`
	}
	switch raw[0] {
	case '{':
		if json.Unmarshal(raw, &tag) != nil {
			return "", errTagForm
		}
	case '[':
		tag.Values = raw
	case '"':
		s, err := scalar(raw)
		if err != nil || CanonicalText(s) != "" {
			return "", errTagForm
		}
	default:
		return "", errTagForm
	}
	return joinNames(tag.Values)
}

func joinNames(raw json.RawMessage) (string, error) {
	if len(raw) == 0 {
		return "", nil
	}
	var values []struct {
		Name json.RawMessage `json:"name"`
	}
	if json.Unmarshal(raw, &values) != nil {
		return "", errTagForm
	}
	names := make([]string, 0, len(values))
	for _, v := range values {
		if len(v.Name) == 0 {
			return "", errTagForm
		}
		s, err := scalar(v.Name)
		if err != nil {
			return "", err
		}
		name := CanonicalText(s)
		if name == "" || string(v.Name) == "null" {
			return "", errTagForm
		}
		names = append(names, name)
	}
	return strings.Join(names, ", "), nil
}
