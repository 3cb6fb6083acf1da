package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/itglue-revio/itglue-revio/component"
)

// answer prints what an action answered with: data on stdout, words on stderr.
func (c *cli) answer(d component.Description, in *input, raw json.RawMessage) error {
	v, err := parse(raw)
	if err != nil {
		return component.Errorf(component.Internal, "the answer of %s cannot be read: %w", d.Name, err)
	}
	o, _ := v.(object)
	switch {
	case c.json:
		var b bytes.Buffer
		if err = json.Indent(&b, raw, "", "  "); err == nil {
			_, err = fmt.Fprintln(c.Stdout, b.String())
		}
	default:
		_, err = io.WriteString(c.Stdout, human(o, document(d.Output)))
		c.words(in, o)
	}
	if err != nil {
		return component.Errorf(component.Internal, "the answer of %s could not be written: %w", d.Name, err)
	}
	return c.attention(o)
}

// document names the member of an answer that is a document by itself, such as
// YAML; "" for none.
func document(schema *component.Schema) string {
	var s struct {
		Properties map[string]property `json:"properties"`
	}
	raw, _ := schema.MarshalJSON()
	_ = json.Unmarshal(raw, &s)
	for name, p := range s.Properties {
		if p.ContentMediaType != "" {
			return name
		}
	}
	return ""
}

// human words an answer for people: a document as it is, a list as a table,
// anything else as lines of its members.
func human(o object, document string) string {
	if text, ok := o.get(document).(string); ok {
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return text
	}
	if items, ok := o.get("items").([]any); ok {
		return table(items)
	}
	return lines(o)
}

// told are the members that are words for the person: they go to stderr.
var told = []string{"next", "nextCommand"}

// words says on stderr what stands beside a list, and what to do next.
func (c *cli) words(in *input, o object) {
	if items, ok := o.get("items").([]any); ok {
		if len(items) == 0 {
			c.say("nothing to list")
		}
		for _, m := range o {
			if text, ok := inline(m.value); ok && text != "" && m.key != "items" && !slices.Contains(told, m.key) && !isCount(m.key) {
				c.say("%s: %s", words(m.key), text)
			}
		}
		if next, ok := o.get("next").(string); ok && next != "" {
			c.say("there is more: go on with --%s %s", in.cursor(), next)
		}
	}
	if next, ok := o.get("nextCommand").(string); ok && next != "" {
		c.say("next: %s", next)
	}
}

// cursor is the flag that takes the next of an earlier answer.
func (in *input) cursor() string {
	for _, p := range in.properties {
		if p.name == "after" {
			return "after"
		}
	}
	return "cursor"
}

// counts are the members that count what waits for a person.
var counts = []struct{ key, one, many string }{
	{"attention", "thing needs attention", "things need attention"},
	{"conflicts", "conflict is open", "conflicts are open"},
	{"held", "record is held", "records are held"},
}

func isCount(key string) bool {
	return slices.ContainsFunc(counts, func(c struct{ key, one, many string }) bool { return c.key == key })
}

// attention counts on stderr what waits for a person, and fails on it when told.
func (c *cli) attention(o object) error {
	var parts []string
	for _, k := range counts {
		if n := o.count(k.key); n > 0 {
			parts = append(parts, counted(n, k.one, k.many))
		}
	}
	if len(parts) > 0 {
		c.say("%s", strings.Join(parts, ", "))
	}
	if n := o.count("attention"); n > 0 && c.failOnAttention {
		return component.Errorf(component.NeedsReview, "%s (--fail-on-attention)", counted(n, "thing needs attention", "things need attention"))
	}
	if ok, says := o.get("ok").(bool); says && !ok {
		return errNotOK
	}
	return nil
}

// errNotOK ends a command whose answer says ok: false with status 1, without
// another word: the answer has said what is wrong.
var errNotOK = errors.New("the answer says that something is wrong")

func (c *cli) say(format string, args ...any) { _, _ = fmt.Fprintf(c.Stderr, format+"\n", args...) }

// lines words an object as one line a member; what is larger follows under its
// name, indented.
func lines(o object) string {
	var short, long strings.Builder
	w := tabwriter.NewWriter(&short, 0, 0, 2, ' ', 0)
	for _, m := range o {
		if slices.Contains(told, m.key) {
			continue
		}
		text, fits := inline(m.value)
		if list, ok := m.value.([]any); ok && holdsObjects(list) {
			fits = false
		}
		switch {
		case fits && text == "":
		case fits && !strings.Contains(text, "\n"):
			_, _ = fmt.Fprintf(w, "%s:\t%s\n", words(m.key), text)
		case fits:
			fmt.Fprintf(&long, "\n%s:\n%s", words(m.key), indent(text+"\n"))
		default:
			fmt.Fprintf(&long, "\n%s:\n%s", words(m.key), indent(block(m.value)))
		}
	}
	_ = w.Flush()
	return strings.TrimPrefix(short.String()+long.String(), "\n")
}

// block words what needs more room than a line.
func block(v any) string {
	switch v := v.(type) {
	case object:
		return lines(v)
	case []any:
		return table(v)
	}
	return ""
}

func holdsObjects(list []any) bool {
	return slices.ContainsFunc(list, func(v any) bool { _, is := v.(object); return is })
}

// table words a list: checks with their signs, objects in columns of what fits
// in a cell, anything else one a line.
func table(items []any) string {
	if isChecks(items) {
		return checks(items)
	}
	columns := columnsOf(items)
	if len(columns) == 0 {
		return plainItems(items)
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = strings.ToUpper(words(c))
	}
	_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
	for _, item := range items {
		o, _ := item.(object)
		for i, c := range columns {
			text, _ := inline(o.get(c))
			row[i] = strings.Join(strings.Fields(text), " ")
		}
		_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush()
	return trimmed(b.String())
}

// columnsOf gives the members that fit in a cell in every item and are not empty
// in all, in the order in which they stand.
func columnsOf(items []any) []string {
	var order []string
	wide, filled := map[string]bool{}, map[string]bool{}
	for _, item := range items {
		o, _ := item.(object)
		at := 0 // a member that only later items have goes after the one before it
		for _, m := range o {
			if i := slices.Index(order, m.key); i >= 0 {
				at = i + 1
			} else {
				order = slices.Insert(order, at, m.key)
				at++
			}
			text, ok := inline(m.value)
			if list, isList := m.value.([]any); isList && holdsObjects(list) {
				ok = false
			}
			wide[m.key] = wide[m.key] || !ok
			filled[m.key] = filled[m.key] || text != ""
		}
	}
	return slices.DeleteFunc(order, func(key string) bool { return wide[key] || !filled[key] })
}

func plainItems(items []any) string {
	var b strings.Builder
	for _, item := range items {
		if text, ok := inline(item); ok {
			b.WriteString(text + "\n")
		} else {
			b.WriteString(block(item))
		}
	}
	return b.String()
}

// isChecks says whether a list holds what a check found ([component.Check]).
func isChecks(items []any) bool {
	for _, item := range items {
		o, _ := item.(object)
		for _, key := range []string{"title", "state", "message"} {
			if _, ok := o.get(key).(string); !ok {
				return false
			}
		}
	}
	return len(items) > 0
}

func checks(items []any) string {
	var b strings.Builder
	for _, item := range items {
		o, _ := item.(object)
		sign := "✖"
		switch component.State(fmt.Sprint(o.get("state"))) {
		case component.Works:
			sign = "✔"
		case component.NotTested:
			sign = "–"
		case component.Missing, component.Differs:
			sign = "!"
		}
		fmt.Fprintf(&b, "%s %s: %s\n", sign, o.get("title"), o.get("message"))
		if do, ok := o.get("do").(string); ok && do != "" {
			fmt.Fprintf(&b, "  → %s\n", do)
		}
	}
	return b.String()
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// trimmed takes the blanks from the ends of lines.
func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}
