package itgluerevio_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// formRule is one rule of the part of draft-07 that stock JSON Forms 3.8 with
// material renderers shows whole, measured case by case. Breaks says what is
// wrong with one schema of the tree; sample is a schema that breaks the rule.
type formRule struct {
	name   string
	breaks func(s map[string]any) string
	sample string
}

var formRules = []formRule{
	{"a type is one that has a renderer", breaksType, `{"type":"null"}`},
	{"a schema that takes anything is not shown", breaksType, `{"type":"object","title":"Form","properties":{"any":{}}}`},
	{"another draft makes the whole form throw", breaksKeywords, `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object"}`},
	{"a reference at the root has no renderer", breaksKeywords, `{"type":"object","$ref":"#/$defs/a"}`},
	{"anyOf with const throws", breaksKeywords, `{"type":"string","anyOf":[{"const":"a"}]}`},
	{"allOf, if and dependentRequired are not shown or not checked", breaksKeywords, `{"type":"object","allOf":[]}`},
	{"a map is not shown", breaksKeywords, `{"type":"object","additionalProperties":{"type":"string"}}`},
	{"additionalProperties:false gives errors that nobody can mend", breaksKeywords, `{"type":"object","additionalProperties":false}`},
	{"patternProperties are not shown", breaksKeywords, `{"type":"object","patternProperties":{}}`},
	{"an enum has no titles", breaksKeywords, `{"type":"string","enum":["a"]}`},
	{"a const is not shown", breaksKeywords, `{"type":"string","const":"a"}`},
	{"writeOnly hides nothing", breaksKeywords, `{"type":"string","writeOnly":true}`},
	{"a keyword of another type is not looked at", breaksKeywords, `{"type":"string","minItems":1}`},
	{"format password is shown as plain text", breaksFormat, `{"type":"string","format":"password"}`},
	{"an object without properties shows nothing", breaksObject, `{"type":"object"}`},
	{"what is required is a property", breaksObject, `{"type":"object","properties":{"a":{"type":"string"}},"required":["b"]}`},
	{"a numeric name makes a sparse list", breaksNames, `{"type":"object","properties":{"101":{"type":"string"}}}`},
	{"a name with a dot is written as nested objects", breaksNames, `{"type":"object","properties":{"a.b":{"type":"string"}}}`},
	{"a property without title is shown by its name", breaksTitles, `{"type":"object","properties":{"t101":{"type":"string"}}}`},
	{"an empty pick list makes the whole form throw", breaksPick, `{"type":"string","oneOf":[]}`},
	{"a choice is a const and a title", breaksPick, `{"type":"string","oneOf":[{"const":"a"}]}`},
	{"alternatives of types are shown as tabs", breaksPick, `{"type":"string","oneOf":[{"type":"string"},{"type":"null"}]}`},
	{"a choice has the type of its field", breaksPick, `{"type":"string","oneOf":[{"const":1,"title":"One"}]}`},
	{"a choice is given once", breaksPick, `{"type":"string","oneOf":[{"const":"a","title":"A"},{"const":"a","title":"B"}]}`},
	{"a set that may repeat is shown as a table", breaksArray, `{"type":"array","items":{"type":"string","oneOf":[{"const":"a","title":"A"}]}}`},
	{"a list of free texts has no check boxes", breaksArray, `{"type":"array","uniqueItems":true,"items":{"type":"string"}}`},
	{"a list without items is not shown", breaksArray, `{"type":"array","uniqueItems":true}`},
}

var (
	everywhere = []string{"type", "title", "description", "default", "readOnly", "examples"}
	numeric    = []string{"oneOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
	keywords   = map[string][]string{
		"object":  {"properties", "required"},
		"array":   {"items", "uniqueItems", "minItems", "maxItems"},
		"string":  {"oneOf", "minLength", "maxLength", "pattern", "format"},
		"integer": numeric,
		"number":  numeric,
		"boolean": {},
	}
	shownFormats = []string{"date", "date-time", "time", "uri", "ipv4", "email"}
	propertyName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
)

// typeOf is a schema's type, without the null that may stand beside it.
func typeOf(s map[string]any) string {
	if two, ok := s["type"].([]any); ok && len(two) == 2 && two[1] == "null" {
		name, _ := two[0].(string)
		return name
	}
	name, _ := s["type"].(string)
	return name
}

func breaksType(s map[string]any) string {
	if _, ok := keywords[typeOf(s)]; !ok {
		return fmt.Sprintf("the type %v has no renderer", s["type"])
	}
	return ""
}

func breaksKeywords(s map[string]any) string {
	for _, word := range slices.Sorted(maps.Keys(s)) {
		if !slices.Contains(everywhere, word) && !slices.Contains(keywords[typeOf(s)], word) {
			return word + " is not for " + typeOf(s)
		}
	}
	return ""
}

func breaksFormat(s map[string]any) string {
	if f, ok := s["format"]; ok && !slices.Contains(shownFormats, fmt.Sprint(f)) {
		return fmt.Sprintf("the format %v is not shown", f)
	}
	return ""
}

func propertiesOf(s map[string]any) map[string]any {
	properties, _ := s["properties"].(map[string]any)
	return properties
}

func breaksObject(s map[string]any) string {
	if typeOf(s) != "object" {
		return ""
	}
	if len(propertiesOf(s)) == 0 {
		return "it has no properties"
	}
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := propertiesOf(s)[fmt.Sprint(name)]; !ok {
			return fmt.Sprintf("%v is required and no property", name)
		}
	}
	return ""
}

func breaksNames(s map[string]any) string {
	for name := range propertiesOf(s) {
		if !propertyName.MatchString(name) {
			return name + " cannot be the name of a property"
		}
	}
	return ""
}

func breaksTitles(s map[string]any) string {
	for name, p := range propertiesOf(s) {
		if property, _ := p.(map[string]any); property["title"] == nil || property["title"] == "" {
			return name + " has no title"
		}
	}
	return ""
}

func breaksPick(s map[string]any) string {
	raw, ok := s["oneOf"]
	if !ok {
		return ""
	}
	choices, _ := raw.([]any)
	if len(choices) == 0 {
		return "there is nothing to choose from"
	}
	seen := map[any]bool{}
	for _, c := range choices {
		choice, _ := c.(map[string]any)
		value, title := choice["const"], choice["title"]
		if text, _ := title.(string); len(choice) != 2 || value == nil || text == "" {
			return "a choice is not a const and a title"
		}
		if _, text := value.(string); text != (typeOf(s) == "string") {
			return fmt.Sprintf("the choice %v is not %s", value, typeOf(s))
		}
		if seen[value] {
			return fmt.Sprintf("the choice %v is given twice", value)
		}
		seen[value] = true
	}
	return ""
}

// breaksArray allows sets of choices, which are check boxes, and lists of flat
// objects, which are tables.
func breaksArray(s map[string]any) string {
	if typeOf(s) != "array" {
		return ""
	}
	items, _ := s["items"].(map[string]any)
	if items == nil {
		return "it does not say what its items are"
	}
	if typeOf(items) == "object" {
		for name, p := range propertiesOf(items) {
			if property, _ := p.(map[string]any); slices.Contains([]string{"object", "array"}, typeOf(property)) {
				return name + " is not flat"
			}
		}
		return ""
	}
	if s["uniqueItems"] != true || items["oneOf"] == nil {
		return "it is no set of choices"
	}
	return ""
}

// walkSchema visits a schema and all below it that have a value in the data.
func walkSchema(at string, s map[string]any, visit func(at string, s map[string]any)) {
	visit(at, s)
	for _, name := range slices.Sorted(maps.Keys(propertiesOf(s))) {
		property, _ := propertiesOf(s)[name].(map[string]any)
		walkSchema(at+"/properties/"+name, property, visit)
	}
	if items, ok := s["items"].(map[string]any); ok {
		walkSchema(at+"/items", items, visit)
	}
}

// formFaults says what of a form stock JSON Forms would not show, or not as it
// is meant; nothing for a sound one.
func formFaults(f component.Form) []string {
	var faults []string
	var fields []string // those that need a control
	walkSchema("#", f.Schema, func(at string, s map[string]any) {
		for _, r := range formRules {
			if wrong := r.breaks(s); wrong != "" && !slices.Contains(faults, at+": "+wrong) {
				faults = append(faults, at+": "+wrong)
			}
		}
		if typeOf(s) != "object" && !strings.Contains(at, "/items") {
			fields = append(fields, at)
		}
	})
	controls := map[string]int{}
	faults = append(faults, layoutFaults(f.UISchema, controls)...)
	for _, field := range fields {
		if controls[field] != 1 {
			faults = append(faults, fmt.Sprintf("%s has %d controls", field, controls[field]))
		}
		delete(controls, field)
	}
	for _, scope := range slices.Sorted(maps.Keys(controls)) {
		faults = append(faults, "the control of "+scope+" leads to no field")
	}
	return faults
}

// layouts are the elements with a renderer that hold others, and what each may
// hold; nothing: anything.
var layouts = map[string]string{"VerticalLayout": "", "HorizontalLayout": "", "Group": "", "Category": "", "Categorization": "Category"}

// layoutFaults looks at one element of a uiSchema and all in it, and counts the
// controls of each scope.
func layoutFaults(element map[string]any, controls map[string]int) []string {
	kind, _ := element["type"].(string)
	switch kind {
	case "Control":
		controls[fmt.Sprint(element["scope"])]++
		return nil
	case "Label":
		if element["text"] == nil || element["text"] == "" {
			return []string{"a Label says nothing"}
		}
		return nil
	}
	only, ok := layouts[kind]
	if !ok {
		return []string{"the element " + kind + " is not shown whole"}
	}
	var faults []string
	if label, _ := element["label"].(string); label == "" && (kind == "Group" || kind == "Category") {
		faults = append(faults, "a "+kind+" has no label")
	}
	inner, _ := element["elements"].([]any)
	for _, e := range inner {
		child, _ := e.(map[string]any)
		if only != "" && child["type"] != only {
			faults = append(faults, fmt.Sprintf("a %s holds a %v", kind, child["type"]))
		}
		faults = append(faults, layoutFaults(child, controls)...)
	}
	return faults
}
