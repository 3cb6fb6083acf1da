package component

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
	check "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Schema is a JSON Schema (2020-12, one tree without references), made from a
// Go type or read from a document, and compiled.
type Schema struct {
	raw      json.RawMessage
	compiled *check.Schema
}

// SchemaOf makes the schema of a Go type: JSON tags name the properties, a
// field without omitempty is required, an unknown property is refused. It
// panics when the type has no schema, which is a fault of its declaration.
func SchemaOf[T any]() *Schema {
	r := jsonschema.Reflector{Anonymous: true, DoNotReference: true, ExpandedStruct: true, Namer: fullName}
	raw, err := json.Marshal(r.ReflectFromType(reflect.TypeFor[T]()))
	if err == nil {
		var s *Schema
		if s, err = ParseSchema(raw); err == nil {
			return s
		}
	}
	panic(fmt.Sprintf("component: no JSON Schema for %s: %v", reflect.TypeFor[T](), err))
}

// fullName keeps types of one name in two packages apart.
func fullName(t reflect.Type) string {
	if t.Name() == "" {
		return ""
	}
	return t.PkgPath() + "." + t.Name()
}

// ParseSchema compiles a schema document.
func ParseSchema(raw json.RawMessage) (*Schema, error) {
	doc, err := check.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	c := check.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mem:///schema.json", doc); err != nil {
		return nil, err
	}
	compiled, err := c.Compile("mem:///schema.json")
	if err != nil {
		return nil, err
	}
	return &Schema{raw: raw, compiled: compiled}, nil
}

// MarshalJSON gives the schema document.
func (s *Schema) MarshalJSON() ([]byte, error) { return s.raw, nil }

// Check says what is wrong with a JSON document, as problems at JSON pointers.
// The problems name no values, as a value may be a secret.
func (s *Schema) Check(doc json.RawMessage) []Problem {
	v, err := check.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		return []Problem{{Message: "is not JSON: " + plainJSONError(err)}}
	}
	err = s.compiled.Validate(v)
	if err == nil {
		return nil
	}
	var ve *check.ValidationError
	if !errors.As(err, &ve) {
		return []Problem{{Message: err.Error()}}
	}
	all := problems(ve) // in no order of its own
	slices.SortFunc(all, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(all)
}

// plainJSONError keeps a decoder's words and drops what they quote.
func plainJSONError(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("syntax error at byte %d", syntax.Offset)
	}
	return "it ends too early or has more after its end"
}

func problems(e *check.ValidationError) []Problem {
	if len(e.Causes) > 0 {
		var all []Problem
		for _, c := range e.Causes {
			all = append(all, problems(c)...)
		}
		return all
	}
	pointer := ""
	for _, part := range e.InstanceLocation {
		pointer += "/" + inPointer(part)
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		all := make([]Problem, len(k.Missing))
		for i, m := range k.Missing {
			all[i] = Problem{Pointer: pointer + "/" + inPointer(m), Message: "is missing"}
		}
		return all
	case *kind.AdditionalProperties:
		all := make([]Problem, len(k.Properties))
		for i, p := range k.Properties {
			all[i] = Problem{Pointer: pointer + "/" + inPointer(p), Message: "is not a known property"}
		}
		return all
	}
	return []Problem{{Pointer: pointer, Message: plainKind(e.ErrorKind)}}
}

// inPointer writes a name as a part of a JSON pointer (RFC 6901).
func inPointer(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// plainKind words a fault without the value that has it.
func plainKind(k check.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return fmt.Sprintf("is %s, and must be %s", k.Got, strings.Join(k.Want, " or "))
	case *kind.Enum:
		return fmt.Sprintf("must be one of %s", plainList(k.Want))
	case *kind.Const:
		return fmt.Sprintf("must be %v", k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("does not have the form %s", k.Want)
	case *kind.Format:
		return fmt.Sprintf("is not a valid %s", k.Want)
	case *kind.MinLength:
		if k.Want == 1 {
			return "must not be empty"
		}
		return fmt.Sprintf("is shorter than %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("is longer than %d characters", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("must have at least %d", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("must have at most %d", k.Want)
	case *kind.UniqueItems:
		return "holds the same item twice"
	case *kind.Minimum:
		want, _ := k.Want.Float64()
		return fmt.Sprintf("must be at least %v", want)
	case *kind.Maximum:
		want, _ := k.Want.Float64()
		return fmt.Sprintf("must be at most %v", want)
	case *kind.ExclusiveMinimum:
		want, _ := k.Want.Float64()
		return fmt.Sprintf("must be more than %v", want)
	}
	return fmt.Sprintf("breaks the rule %q", strings.Join(k.KeywordPath(), "/"))
}

func plainList(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, ", ")
}
