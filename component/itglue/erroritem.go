package itglue

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errorItem is one member of an answer's errors. IT Glue prints status as a
// number or a word, and detail as a string, a list or not at all (CONFIRMED).
type errorItem struct {
	Status json.RawMessage `json:"status"`
	Title  string          `json:"title"`
	Detail json.RawMessage `json:"detail"`
	Source struct {
		Pointer   string `json:"pointer"`
		Parameter string `json:"parameter"`
	} `json:"source"`
}

func errorItems(body []byte) []errorItem {
	var doc struct {
		Errors []errorItem `json:"errors"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return nil
	}
	return doc.Errors
}

func (e errorItem) status() int {
	n, err := strconv.Atoi(strings.Trim(string(e.Status), `" `))
	if err != nil {
		return 0
	}
	return n
}

func (e errorItem) words() string {
	var one string
	if json.Unmarshal(e.Detail, &one) == nil && one != "" {
		return one
	}
	var many []string
	if json.Unmarshal(e.Detail, &many) == nil && len(many) > 0 {
		return strings.Join(many, ", ")
	}
	return e.Title
}

// pointer translates the place of a fault in IT Glue's document to one in the
// action's input.
func (e errorItem) pointer(member string) string {
	p := strings.TrimPrefix(e.Source.Pointer, "/")
	p, found := strings.CutPrefix(p, "data/attributes/")
	if !found {
		return ""
	}
	if member != "" {
		if p == "traits" {
			return "/" + member
		}
		if key, found := strings.CutPrefix(p, "flexible-asset-traits."); found {
			return "/" + member + "/" + key
		}
	}
	return "/" + camel(p)
}

// camel turns organization-id and organization_id into organizationId.
func camel(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' })
	for i := 1; i < len(parts); i++ {
		first, size := utf8.DecodeRuneInString(parts[i])
		parts[i] = string(unicode.ToUpper(first)) + parts[i][size:]
	}
	return strings.Join(parts, "")
}
