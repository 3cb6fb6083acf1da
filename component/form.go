package component

// Form is a JSON Forms document: what a configuration page answers with. Its
// first three members are the shape of a Prismatic jsonForm data source
// ({schema, uiSchema, data}); the schema is the draft-07 subset that stock JSON
// Forms renders.
type Form struct {
	Schema   map[string]any `json:"schema"`
	UISchema map[string]any `json:"uiSchema"`
	Data     map[string]any `json:"data"`
	Errors   []Problem      `json:"errors,omitempty" jsonschema_description:"What is wrong with the data, at JSON pointers into it, in words."`
	Notes    []string       `json:"notes,omitempty" jsonschema_description:"What a person should know before going on, in words."`
}

// Choice is one entry of a picklist.
type Choice struct {
	Value string
	Title string
}

// Pick is the schema of a string chosen from a list. Without choices it is a
// read-only field that says so, as an empty list makes JSON Forms throw.
func Pick(title, description, none string, choices []Choice) map[string]any {
	s := map[string]any{"type": "string", "title": title}
	if description != "" {
		s["description"] = description
	}
	if len(choices) == 0 {
		s["readOnly"] = true
		s["description"] = none
		return s
	}
	s["oneOf"] = options(choices)
	return s
}

// PickMany is the schema of a set of strings chosen from a list (a group of
// checkboxes).
func PickMany(title, description, none string, least int, choices []Choice) map[string]any {
	if len(choices) == 0 {
		return Pick(title, description, none, nil)
	}
	return map[string]any{
		"type": "array", "title": title, "description": description, "uniqueItems": true, "minItems": least,
		"items": map[string]any{"type": "string", "oneOf": options(choices)},
	}
}

func options(choices []Choice) []any {
	all := make([]any, len(choices))
	for i, c := range choices {
		all[i] = map[string]any{"const": c.Value, "title": c.Title}
	}
	return all
}

// Control is a uiSchema element for the property at a path of names.
func Control(options map[string]any, path ...string) map[string]any {
	scope := "#"
	for _, p := range path {
		scope += "/properties/" + p
	}
	c := map[string]any{"type": "Control", "scope": scope}
	if options != nil {
		c["options"] = options
	}
	return c
}

// Layout is a uiSchema element that holds others: "VerticalLayout", "Group",
// "Categorization", "Category". Label may be empty.
func Layout(kind, label string, elements ...any) map[string]any {
	l := map[string]any{"type": kind, "elements": elements}
	if label != "" {
		l["label"] = label
	}
	return l
}

// Words is a uiSchema element that shows text.
func Words(text string) map[string]any { return map[string]any{"type": "Label", "text": text} }
