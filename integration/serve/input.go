package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/component"
)

// reserved are the flags that every command has: a property of such a name is
// reached with --input.
var reserved = []string{"input", "json", "fail-on-attention", "stdout", "help"}

// property is one member of an action's input, as its schema says.
type property struct {
	name     string
	flag     string // its flag; "" when it comes with --input only
	required bool

	Type             any       `json:"type"`
	Description      string    `json:"description"`
	Enum             []any     `json:"enum"`
	Default          any       `json:"default"`
	ContentMediaType string    `json:"contentMediaType"`
	Items            *property `json:"items"`
}

// kind is what the property's flag holds; "" for what is nested.
func (p property) kind() string {
	switch t, _ := p.Type.(string); t {
	case "string", "integer", "number", "boolean":
		return t
	case "array":
		if p.Items != nil {
			if item := p.Items.kind(); item == "string" || item == "integer" || item == "number" {
				return "list of " + item
			}
		}
	}
	return ""
}

// describe is the text of the property's flag.
func (p property) describe() string {
	text := strings.TrimSuffix(p.Description, ".")
	if text == "" {
		text = words(p.name)
	}
	enum := p.Enum
	if p.Items != nil {
		enum = append(enum, p.Items.Enum...)
	}
	if len(enum) > 0 {
		text += " (one of: " + strings.Join(plain(enum), ", ") + ")"
	}
	if p.Default != nil {
		text += fmt.Sprintf(" (default %v)", p.Default)
	}
	if p.required {
		text += " (required)"
	}
	return text
}

func plain(values []any) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = fmt.Sprint(v)
	}
	return all
}

// input makes an action's input of flags, arguments and --input.
type input struct {
	description component.Description
	properties  []property
	id, file    string // the properties that may be given as arguments; "" for none
	many        bool   // id takes any number
}

func newInput(d component.Description) *input {
	var schema struct {
		Properties map[string]property `json:"properties"`
		Required   []string            `json:"required"`
	}
	raw, _ := d.Input.MarshalJSON()
	if err := json.Unmarshal(raw, &schema); err != nil {
		panic(fmt.Sprintf("serve: the input schema of %s cannot be read: %v", d.Name, err))
	}
	in := &input{description: d}
	for name, p := range schema.Properties {
		p.name, p.required = name, slices.Contains(schema.Required, name)
		if flag := hyphenated(name); p.kind() != "" && !slices.Contains(reserved, flag) {
			p.flag = flag
		}
		if p.ContentMediaType != "" && p.kind() == "string" {
			in.file = name
		}
		if many := p.kind() == "list of string"; name == "id" && (many || p.required && p.kind() == "string") {
			in.id, in.many = name, many
		}
		in.properties = append(in.properties, p)
	}
	slices.SortFunc(in.properties, func(a, b property) int { return strings.Compare(a.name, b.name) })
	return in
}

// nested gives the properties that come with --input only.
func (in *input) nested() []property {
	return slices.DeleteFunc(slices.Clone(in.properties), func(p property) bool { return p.flag != "" })
}

// usage names the arguments.
func (in *input) usage() (text string) {
	if in.many {
		text += " [ID]..."
	} else if in.id != "" {
		text += " [ID]"
	}
	if in.file != "" {
		text += " [FILE|-]"
	}
	return text
}

func (in *input) args(cmd *cobra.Command, args []string) error {
	if most := strings.Count(in.usage(), "["); len(args) > most && !in.many {
		return component.Errorf(component.InvalidInput, "%s does not take the argument %q", in.description.Name, args[most]).
			Then("See `%s --help`.", cmd.CommandPath())
	}
	return nil
}

// flags declares the action's flags.
func (in *input) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	for _, p := range in.properties {
		if p.flag == "" {
			continue
		}
		flag := f.VarPF(&flagValue{kind: p.kind()}, p.flag, "", p.describe())
		if p.kind() == "boolean" {
			flag.NoOptDefVal = "true"
		}
		if len(p.Enum) > 0 {
			_ = cmd.RegisterFlagCompletionFunc(p.flag, cobra.FixedCompletions(plain(p.Enum), cobra.ShellCompDirectiveNoFileComp))
		}
	}
	if len(in.properties) > 0 {
		f.String("input", "", "the whole input as `JSON`, @FILE, or - for stdin; flags override it")
	}
}

// read makes the input, and checks it so that faults are worded for people who
// typed flags.
func (in *input) read(cmd *cobra.Command, args []string) (json.RawMessage, error) {
	given := map[string]any{}
	if f := cmd.Flags().Lookup("input"); f != nil && f.Changed {
		raw, err := content(cmd, f.Value.String())
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		if err := decoder.Decode(&given); err != nil || decoder.More() {
			return nil, component.Errorf(component.InvalidInput, "--input is not one JSON object").
				Then("Give it as JSON, @FILE, or - for stdin; `schema %s` shows its form.", in.description.Name)
		}
	}
	for _, p := range in.properties {
		if f := cmd.Flags().Lookup(p.flag); p.flag != "" && f.Changed {
			given[p.name] = f.Value.(*flagValue).value
		}
	}
	switch {
	case len(args) == 0:
	case in.many:
		given[in.id], args = args, nil
	case in.id != "" && (in.file == "" || len(args) > 1):
		given[in.id], args = args[0], args[1:]
	}
	if in.file != "" && len(args) > 0 {
		raw, err := content(cmd, "@"+args[0])
		if err != nil {
			return nil, err
		}
		given[in.file] = string(raw)
	}
	raw, err := json.Marshal(given)
	if err != nil {
		return nil, component.Errorf(component.Internal, "the input cannot be encoded: %w", err)
	}
	if ps := in.description.Input.Check(raw); ps != nil {
		return nil, in.refuse(cmd, ps)
	}
	return raw, nil
}

// refuse words the faults of the input, with flags for pointers.
func (in *input) refuse(cmd *cobra.Command, ps []component.Problem) error {
	for i, p := range ps {
		name, rest, _ := strings.Cut(strings.TrimPrefix(p.Pointer, "/"), "/")
		for _, known := range in.properties {
			if known.name == name && known.flag != "" && rest == "" {
				ps[i].Pointer = "--" + known.flag
			}
		}
	}
	return &component.Error{
		Code: component.InvalidInput, Message: "the input of " + in.description.Name + " is not valid:", Problems: ps,
		Do: "See `" + cmd.CommandPath() + " --help`.",
	}
}

// content gives what is meant by JSON, @FILE or -.
func content(cmd *cobra.Command, source string) (raw []byte, err error) {
	path, isFile := strings.CutPrefix(source, "@")
	switch {
	case source == "-" || isFile && path == "-":
		raw, err = io.ReadAll(cmd.InOrStdin())
	case isFile:
		raw, err = os.ReadFile(path)
	default:
		return []byte(source), nil
	}
	if err != nil {
		return nil, component.Errorf(component.InvalidInput, "cannot read %s: %w", strings.TrimPrefix(source, "@"), err).
			Then("Name a file that this user may read, or - for stdin.")
	}
	return raw, nil
}

// hyphenated turns customerId into customer-id.
func hyphenated(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, l := range letters {
		if i > 0 && unicode.IsUpper(l) && (!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(l))
	}
	return b.String()
}

// words turns customerId into customer id.
func words(name string) string { return strings.ReplaceAll(hyphenated(name), "-", " ") }
