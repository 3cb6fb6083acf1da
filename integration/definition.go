// Package integration says what an integration is: pages that an installer
// fills in, and flows that run. It knows nothing of IT Glue or Rev.io; the
// runner and the faces know an integration only by its [Definition].
//
// To follow one hourly cycle through the code, read in this order: itgluerevio
// (the definition, on one screen), runner (the tick), cycle (read, decide,
// carry out, settle), mapping, reconcile, store.
package integration

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Definition is an integration: what it connects, what an installer is asked,
// and what runs.
type Definition struct {
	Name        string
	Title       string
	Description string
	Components  []component.Component // the connectors it composes
	Pages       []Page                // the steps of the configuration wizard, in order
	Flows       []Flow
	Operations  []component.Callable // what people do beside it: links, conflicts, runs, …
	// Watch looks after an instance once a minute while a serve runs: what is
	// wrong with it, and who is to be told. It writes nothing to any other system
	// that the integration connects. Nil: nobody looks.
	Watch func(context.Context, *component.Session) error
}

// Page is one step of the configuration wizard. Its answers are stored under
// its name in the instance's document, and every later page is given them.
type Page struct {
	Name  string
	Title string
	Form  component.Callable // In: PageInput, Out: component.Form
}

// PageInput is the input of every page's form.
type PageInput struct {
	Answers map[string]any `json:"answers" jsonschema_description:"The answers of the pages so far, by page name."`
}

// Flow is an action that the runner may also start by itself.
//
// There is no step language: a flow is Go that calls actions. Each call is
// recorded as a step; Uses lists all that it may call, and the session refuses
// the rest.
type Flow struct {
	component.Callable
	Every time.Duration // zero: runs only when asked
	Uses  []component.Callable
	// Unattended is the input of a scheduled run; nil is {}.
	Unattended json.RawMessage
	// Direct flows answer while the caller waits and take no lease: they write
	// nothing that a run could write.
	Direct bool
}

// Describe adds the flow's schedule, and what it may call, to its action.
func (f Flow) Describe() component.Description {
	d := f.Callable.Describe()
	if f.Every > 0 {
		d.Every = f.Every.String()
	}
	d.Uses = f.uses()
	return d
}

// Invoke calls the flow in a session that refuses what Uses does not name.
func (f Flow) Invoke(ctx context.Context, s *component.Session, input json.RawMessage) (json.RawMessage, error) {
	name := f.Callable.Describe().Name
	return f.Callable.Invoke(ctx, s.Within(name, append(f.uses(), name)), input)
}

func (f Flow) uses() []string {
	names := make([]string, len(f.Uses))
	for i, u := range f.Uses {
		names[i] = u.Describe().Name
	}
	slices.Sort(names)
	return names
}

// Catalog gives everything that can be called: the connectors, and one
// component of the definition's own pages, flows and operations. Lead wraps
// each flow before it goes in (the runner's lease); nil leaves them as they are.
func (d Definition) Catalog(lead func(Flow) component.Callable) *component.Catalog {
	own := component.Component{Name: d.Name, Title: d.Title}
	for _, p := range d.Pages {
		own.Actions = append(own.Actions, p.Form)
	}
	for _, f := range d.Flows {
		if lead == nil {
			own.Actions = append(own.Actions, f)
			continue
		}
		own.Actions = append(own.Actions, lead(f))
	}
	own.Actions = append(own.Actions, d.Operations...)
	return component.NewCatalog(append(slices.Clone(d.Components), own)...)
}

// Published is the definition as schemas/ shows it.
type Published struct {
	Name        string          `json:"name"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Connections []string        `json:"connections"`
	Pages       []PublishedPage `json:"pages"`
	Flows       []PublishedFlow `json:"flows"`
	Operations  []string        `json:"operations"`
}

// PublishedPage is a page as schemas/ shows it.
type PublishedPage struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Form  string `json:"form"` // the action
}

// PublishedFlow is a flow as schemas/ shows it.
type PublishedFlow struct {
	Name  string   `json:"name"`
	Every string   `json:"every,omitempty"`
	Uses  []string `json:"uses"`
}

// Publish gives the definition as schemas/ shows it.
func (d Definition) Publish() Published {
	p := Published{Name: d.Name, Title: d.Title, Description: d.Description}
	for _, c := range d.Components {
		p.Connections = append(p.Connections, c.Name)
	}
	for _, page := range d.Pages {
		p.Pages = append(p.Pages, PublishedPage{Name: page.Name, Title: page.Title, Form: page.Form.Describe().Name})
	}
	for _, f := range d.Flows {
		fd := f.Describe()
		p.Flows = append(p.Flows, PublishedFlow{Name: fd.Name, Every: fd.Every, Uses: fd.Uses})
	}
	for _, o := range d.Operations {
		p.Operations = append(p.Operations, o.Describe().Name)
	}
	return p
}
