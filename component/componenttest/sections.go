package componenttest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// schemas: every schema compiles, is an object's, and says what its
// properties are.
func (s *suite) schemas(r reporter) {
	r.Helper()
	all := map[string]*component.Schema{}
	for name, a := range s.actions {
		d := a.Describe()
		all["the input of "+name], all["the output of "+name] = d.Input, d.Output
	}
	if s.component.Settings != nil {
		all["the settings"] = s.component.Settings
	}
	if s.component.Profile != nil {
		all["the profile"] = s.component.Profile
	}
	for _, what := range slices.Sorted(maps.Keys(all)) {
		s.schema(r, what, all[what])
	}
}

func (s *suite) schema(r reporter, what string, schema *component.Schema) {
	r.Helper()
	if schema == nil {
		r.Errorf("%s has no schema", what)
		return
	}
	raw, err := schema.MarshalJSON()
	if err == nil {
		_, err = component.ParseSchema(raw)
	}
	if err != nil {
		r.Errorf("the schema of %s does not compile: %v", what, err)
		return
	}
	var doc struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(raw, &doc) != nil || doc.Type != "object" {
		r.Errorf("the schema of %s is not an object's", what)
	}
	known := properties(schema)
	var bare []string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if known[name]["description"] == nil && known[name]["title"] == nil {
			bare = append(bare, name)
		}
	}
	if len(bare) > 0 {
		r.Logf("%s: no description of %s", what, strings.Join(bare, ", "))
	}
}

// names: an action is named after its component, and says what it does.
func (s *suite) names(r reporter) {
	r.Helper()
	if s.component.Name == "" || s.component.Title == "" {
		r.Errorf("the component needs a name and a title")
	}
	if len(s.actions) != len(s.component.Actions) {
		r.Errorf("two actions have one name")
	}
	rights := []component.Access{component.View, component.Operate, component.Configure, component.Reveal, component.Administer}
	for _, name := range s.actionNames() {
		d := s.actions[name].Describe()
		if !strings.HasPrefix(name, s.component.Name+".") {
			r.Errorf("%s does not begin with %s.", name, s.component.Name)
		}
		if !strings.HasSuffix(d.Summary, ".") {
			r.Errorf("the summary of %s is no sentence: %q", name, d.Summary)
		}
		if d.Effect != component.Reads && d.Effect != component.Writes {
			r.Errorf("%s has the effect %q, which there is not", name, d.Effect)
		}
		if !slices.Contains(rights, d.Access) {
			r.Errorf("%s asks for the right %q, which there is not", name, d.Access)
		}
	}
}

// goodSettings: with them every reading action answers.
func (s *suite) goodSettings(r reporter) {
	r.Helper()
	if s.component.Settings != nil {
		raw, err := json.Marshal(s.options.Good)
		if err != nil {
			r.Errorf("the good settings cannot be encoded: %v", err)
			return
		}
		for _, p := range s.component.Settings.Check(raw) {
			r.Errorf("the schema refuses the good settings at %s: %s", p.Pointer, p.Message)
		}
	}
	for _, name := range s.readable() {
		if c := s.read(name); c.err != nil {
			r.Errorf("%s does not answer with good settings: %v", name, c.err)
		}
	}
}

// badSettings: what is missing, mistyped or unknown is refused as invalid
// input, at its place; the others end with the code they should.
func (s *suite) badSettings(r reporter) {
	r.Helper()
	probe := s.probe()
	if probe == nil {
		r.Errorf("there is no action to try settings with: give Inputs, or a Probe")
		return
	}
	name := probe.Describe().Name
	for _, bad := range append(s.spoiled(), s.options.Bad...) {
		want := bad.Want
		if want == "" {
			want = component.InvalidInput
		}
		c := s.invoke(context.Background(), name, bad.Settings, s.options.Inputs[name], nil)
		switch {
		case c.err == nil:
			r.Errorf("%s: %s answers, and should end with %s", bad.Name, name, want)
		case component.CodeOf(c.err) != want:
			r.Errorf("%s: %s ends with %s, and should with %s: %s", bad.Name, name, component.CodeOf(c.err), want, brief(c.err))
		}
	}
}

// spoiled makes bad settings of good ones.
func (s *suite) spoiled() []Settings {
	if s.component.Settings == nil {
		return nil
	}
	var required struct {
		Required []string `json:"required"`
	}
	if raw, err := s.component.Settings.MarshalJSON(); err != nil || json.Unmarshal(raw, &required) != nil {
		return nil
	}
	all := []Settings{{Name: "an unknown setting", Settings: with(s.options.Good, unknown, true)}}
	for _, name := range required.Required {
		less := maps.Clone(s.options.Good)
		delete(less, name)
		all = append(all, Settings{Name: "no " + name, Settings: less})
	}
	for _, name := range slices.Sorted(maps.Keys(properties(s.component.Settings))) {
		all = append(all, Settings{Name: name + " of the wrong type", Settings: with(s.options.Good, name, []any{1})})
	}
	return all
}

func with(settings map[string]any, name string, value any) map[string]any {
	more := maps.Clone(settings)
	if more == nil {
		more = map[string]any{}
	}
	more[name] = value
	return more
}

// unknown is a property that no schema names.
const unknown = "noSuchProperty"

// repeatable: a list asked for twice is the same list.
func (s *suite) repeatable(r reporter) {
	r.Helper()
	for _, name := range s.readable() {
		if !lists(s.actions[name]) {
			continue
		}
		first, second := s.read(name), s.read(name)
		if first.err != nil || second.err != nil {
			r.Errorf("%s does not answer: %v", name, errors.Join(first.err, second.err))
		} else if string(first.output) != string(second.output) {
			r.Errorf("%s gives two answers:\n%s\n%s", name, first.output, second.output)
		}
	}
}

// badInput: every action refuses an unknown property, at its place, and what
// is no object.
func (s *suite) badInput(r reporter) {
	r.Helper()
	for _, name := range s.actionNames() {
		if s.options.Bypass[name] != "" {
			continue
		}
		for what, input := range s.spoiledInputs(name) {
			c := s.invoke(context.Background(), name, s.options.Good, input, nil)
			var e *component.Error
			if !errors.As(c.err, &e) || e.Code != component.InvalidInput {
				r.Errorf("%s does not refuse %s as invalid input: %v", name, what, c.err)
				continue
			}
			at := func(p component.Problem) bool { return p.Pointer == "/"+unknown }
			if what == "an unknown property" && !slices.ContainsFunc(e.Problems, at) {
				r.Errorf("%s refuses %s, and does not say where: %s", name, what, brief(c.err))
			}
		}
	}
}

func (s *suite) spoiledInputs(name string) map[string]json.RawMessage {
	input := map[string]json.RawMessage{}
	for _, known := range []json.RawMessage{s.options.Absent[name], s.options.Inputs[name]} {
		if json.Unmarshal(known, &input) == nil {
			break
		}
	}
	input[unknown] = json.RawMessage("true")
	more, err := json.Marshal(input)
	if err != nil {
		more = json.RawMessage(`{"` + unknown + `": true}`)
	}
	return map[string]json.RawMessage{
		"an unknown property": more,
		"a list":              json.RawMessage("[]"),
		"half a document":     json.RawMessage(`{"a":`),
	}
}
