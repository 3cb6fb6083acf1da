package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
)

//go:embed readme.tmpl
var readmeText string

var readmeTemplate = template.Must(template.New("README.md").Funcs(template.FuncMap{
	"cell":  func(s string) string { return strings.ReplaceAll(s, "|", `\|`) },
	"codes": component.Codes,
	"every": every,
	"count": func(n int, noun string) string {
		if n != 1 {
			noun += "s"
		}
		return fmt.Sprint(n, " ", noun)
	},
}).Parse(readmeText))

// every shortens a duration as Go prints it: 1h0m0s is 1h.
func every(d string) string {
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(d, zero) {
			d = d[:len(d)-2]
		}
	}
	return d
}

// group is the actions of one component.
type group struct {
	Title   string
	Name    string
	Actions []component.Description
}

// readme makes the index that a person reads.
func readme(definition integration.Definition, catalog *component.Catalog) []byte {
	shown := struct {
		Definition integration.Published
		Summaries  map[string]string
		Groups     []group
		Profiles   []component.Component
		Total      int
	}{Definition: definition.Publish(), Summaries: map[string]string{}}
	by := map[string]component.Description{}
	for _, d := range catalog.Describe() {
		by[d.Name], shown.Summaries[d.Name] = d, d.Summary
		shown.Total++
	}
	for _, c := range catalog.Components() {
		g := group{Title: c.Title, Name: c.Name}
		for _, a := range c.Actions {
			g.Actions = append(g.Actions, by[a.Describe().Name])
		}
		shown.Groups = append(shown.Groups, g)
		if c.Profile != nil {
			shown.Profiles = append(shown.Profiles, c)
		}
	}
	var b bytes.Buffer
	if err := readmeTemplate.Execute(&b, shown); err != nil {
		panic(fmt.Sprintf("generate: the template of the index: %v", err)) // a fault of the template, not of data
	}
	return b.Bytes()
}
