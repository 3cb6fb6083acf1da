package itglue

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
)

// The kinds of fields (CONFIRMED by the reference).
const (
	KindText     = "Text"
	KindTextbox  = "Textbox"
	KindSelect   = "Select"
	KindNumber   = "Number"
	KindPercent  = "Percent"
	KindDate     = "Date"
	KindCheckbox = "Checkbox"
	KindTag      = "Tag"
	KindUpload   = "Upload"
	KindPassword = "Password"
	KindHeader   = "Header"
)

// keepable are the kinds whose value can be sent back as it was read, a Tag's
// as its ids.
var keepable = []string{KindText, KindTextbox, KindSelect, KindNumber, KindPercent, KindDate, KindCheckbox, KindTag}

// blank reports whether a trait holds nothing: null, "", blanks, or a Tag
// without values.
func blank(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	if !present(raw) || bytes.Equal(raw, []byte("[]")) || bytes.Equal(raw, []byte("{}")) {
		return true
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s) == ""
	}
	ids, err := tagged(raw)
	return err == nil && len(ids) == 0
}

// tagged gives the ids of a Tag's value: {"type", "values": [{"id"}]} as it is
// read, a list of ids or one id as it is written (CONFIRMED).
func tagged(raw json.RawMessage) ([]string, error) {
	type target struct {
		ID id `json:"id"`
	}
	var read struct {
		Values *[]target `json:"values"`
	}
	if isObject(raw) {
		if json.Unmarshal(raw, &read) != nil || read.Values == nil {
			return nil, errors.New("a tag is in an unexpected form")
		}
		ids := make([]string, len(*read.Values))
		for i, v := range *read.Values {
			if ids[i] = string(v.ID); v.ID == "" {
				return nil, errors.New("a tag names no id")
			}
		}
		return ids, nil
	}
	var written []id
	if json.Unmarshal(raw, &written) != nil {
		var one id
		if json.Unmarshal(raw, &one) != nil || one == "" {
			return nil, errors.New("a tag is in an unexpected form")
		}
		written = []id{one}
	}
	ids := make([]string, len(written))
	for i, v := range written {
		if ids[i] = string(v); v == "" {
			return nil, errors.New("a tag names no id")
		}
	}
	return ids, nil
}

// sentBack is the form in which a trait that was read is written again. IT Glue
// refuses a Tag in the form it prints it in (CONFIRMED by reports).
func sentBack(kind string, raw json.RawMessage) (json.RawMessage, error) {
	if kind != KindTag {
		return raw, nil
	}
	ids, err := tagged(raw)
	if err != nil {
		return nil, err
	}
	return json.RawMessage("[" + strings.Join(ids, ",") + "]"), nil
}

// sameTrait reports whether a trait is what it was: a Tag has the same ids in
// any order, a number the same value however printed, and a text the same words
// whatever its line ends.
func sameTrait(kind string, a, b json.RawMessage) bool {
	if blank(a) || blank(b) {
		return blank(a) && blank(b)
	}
	if kind == KindTag {
		left, err := tagged(a)
		right, err2 := tagged(b)
		slices.Sort(left)
		slices.Sort(right)
		return err == nil && err2 == nil && slices.Equal(left, right)
	}
	return plainTrait(a) == plainTrait(b)
}

func plainTrait(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	} else {
		s = string(bytes.TrimSpace(raw))
	}
	if n, ok := new(big.Rat).SetString(s); ok && len(s) < 64 && !strings.ContainsAny(s, "/eExXpP_") {
		return n.RatString()
	}
	var compact bytes.Buffer
	if isObject(raw) && json.Compact(&compact, raw) == nil {
		return compact.String()
	}
	return s
}
