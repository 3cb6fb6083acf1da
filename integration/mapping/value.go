package mapping

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// readTrait reads one trait as IT Glue gives it. Formatted says that it is a
// Textbox whose text is not all that it holds.
func readTrait(kind string, raw json.RawMessage) (value string, formatted bool, err error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return "", false, nil
	}
	if kind == Tag {
		value, err = readTag(raw)
		return value, false, err
	}
	s, err := scalar(raw)
	if err != nil {
		return "", false, err
	}
	if kind == Textbox {
		value, formatted = readTextbox(s)
		return value, formatted, nil
	}
	value, err = fromText(kind, s)
	return value, false, err
}

// fromText reads a value written as text into the canonical form of a kind. The
// canonical form reads as itself.
func fromText(kind, s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errNotText
	}
	s = CanonicalText(s)
	if s == "" {
		return "", nil
	}
	switch kind {
	case Text, Textbox, Select, Tag:
		return s, nil
	case Number:
		return readNumber(s)
	case Percent:
		return readNumber(strings.TrimSpace(strings.TrimSuffix(s, "%")))
	case Date:
		return readDate(s)
	case Checkbox:
		return readCheckbox(s)
	}
	return "", fmt.Errorf("a field of the kind %q is never synced", kind)
}

// writeTrait gives the JSON that IT Glue takes for a value.
func writeTrait(f Field, s string) (json.RawMessage, error) {
	s, err := fromText(f.Kind, s)
	if err != nil {
		return nil, err
	}
	if s == "" {
		if f.Required {
			return nil, errors.New("IT Glue requires one, so it cannot be emptied; fill it in on either side")
		}
		return json.RawMessage("null"), nil
	}
	switch f.Kind {
	case Number, Percent:
		return json.RawMessage(s), nil
	case Checkbox:
		return json.Marshal(s == yes)
	case Select:
		return writeOption(f.Options, s)
	case Textbox:
		return json.Marshal(writeTextbox(s))
	case Tag:
		return nil, errors.New("a Tag is chosen in IT Glue")
	}
	return json.Marshal(s)
}

var errNotText = errors.New("it holds characters that are not valid Unicode; type it again")

// scalar gives the text of a JSON string, number or boolean. A number keeps its
// digits.
func scalar(raw json.RawMessage) (string, error) {
	if !json.Valid(raw) {
		return "", errors.New("it is not valid JSON")
	}
	switch raw[0] {
	case '"':
		if !utf8.Valid(raw) || hasLoneSurrogate(raw) {
			return "", errNotText
		}
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case '{':
		return "", errors.New("it is a group of values where one value was expected")
	case '[':
		return "", errors.New("it is a list where one value was expected")
	}
	return string(raw), nil
}

// hasLoneSurrogate reports whether a JSON string escapes half a character,
// which encoding/json would silently replace.
func hasLoneSurrogate(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		if raw[i] != 'u' {
			continue
		}
		switch u := strings.ToLower(string(raw[i+1 : i+5])); {
		case u >= "dc00" && u <= "dfff":
			return true
		case u >= "d800" && u <= "dbff":
			low := strings.ToLower(string(raw[i+5 : min(i+11, len(raw))]))
			if len(low) < 6 || low < `\udc00` || low > `\udfff` {
				return true
			}
			i += 6
		}
		i += 4
	}
	return false
}

// quoted gives a value for a message, shortened.
func quoted(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return "“" + s + "”"
}

// writeOption finds the option that a canonical value stands for.
func writeOption(options []string, s string) (json.RawMessage, error) {
	var known []string
	for _, o := range options {
		c := CanonicalText(o)
		if c == s {
			return json.Marshal(strings.TrimRight(o, "\r\n"))
		}
		if c != "" {
			known = append(known, c)
		}
	}
	if len(known) == 0 {
		return nil, errors.New("the Select field has no options; add some in IT Glue")
	}
	const most = 10
	if more := len(known) - most; more > 0 {
		known = append(known[:most], fmt.Sprintf("%d more", more))
	}
	return nil, fmt.Errorf("%s is none of its options (%s); add it in IT Glue or choose one of them", quoted(s), strings.Join(known, ", "))
}
