package serve

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// flagValue is what the flag of a property holds, as JSON wants it.
type flagValue struct {
	kind  string // as property.kind says
	value any    // nil: not given
}

// Set reads what was typed; a list takes commas and may be given again.
func (f *flagValue) Set(text string) error {
	item, isList := strings.CutPrefix(f.kind, "list of ")
	if !isList {
		v, err := scalar(f.kind, text)
		f.value = v
		return err
	}
	cells, err := csv.NewReader(strings.NewReader(text)).Read()
	if err != nil && text != "" {
		return errors.New("it is not a list with commas")
	}
	list, _ := f.value.([]any)
	for _, cell := range cells {
		v, err := scalar(item, cell)
		if err != nil {
			return err
		}
		list = append(list, v)
	}
	f.value = list
	return nil
}

func scalar(kind, text string) (any, error) {
	var v any
	var err error
	switch kind {
	case "boolean":
		v, err = strconv.ParseBool(text)
	case "integer":
		v, err = strconv.ParseInt(text, 10, 64)
	case "number":
		v, err = strconv.ParseFloat(text, 64)
	default:
		return text, nil
	}
	if err != nil {
		return nil, fmt.Errorf("it must be of type %s", kind)
	}
	return v, nil
}

// String is empty until the flag is given: help shows no default of ours, the
// action has its own.
func (f *flagValue) String() string {
	if f.value == nil {
		return ""
	}
	return fmt.Sprint(f.value)
}

// Type is the word for the value in help.
func (f *flagValue) Type() string {
	if f.kind == "boolean" {
		return "bool" // cobra shows no word for it
	}
	if strings.HasPrefix(f.kind, "list of ") {
		return "list"
	}
	return f.kind
}
