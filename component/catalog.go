package component

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Component is a named set of actions, as a rule over one connection.
type Component struct {
	Name     string  // "itglue"
	Title    string  // "IT Glue"
	Settings *Schema // of its connection; nil without one
	Profile  *Schema // of the profile that an operator may replace; nil without one
	Actions  []Callable
}

// Catalog finds actions by name. It is built once, in main.
type Catalog struct {
	components []Component
	byName     map[string]Callable
	names      []string
}

// NewCatalog makes a catalog. It panics when two actions have one name.
func NewCatalog(components ...Component) *Catalog {
	c := &Catalog{components: components, byName: map[string]Callable{}}
	for _, comp := range components {
		for _, a := range comp.Actions {
			name := a.Describe().Name
			if _, twice := c.byName[name]; twice {
				panic(fmt.Sprintf("component: two actions are named %s", name))
			}
			c.byName[name] = a
			c.names = append(c.names, name)
		}
	}
	slices.Sort(c.names)
	return c
}

// Components gives what the catalog was made of.
func (c *Catalog) Components() []Component { return c.components }

// Describe gives every action, by name.
func (c *Catalog) Describe() []Description {
	all := make([]Description, len(c.names))
	for i, n := range c.names {
		all[i] = c.byName[n].Describe()
	}
	return all
}

// Find gives the action of a name.
func (c *Catalog) Find(name string) (Callable, error) {
	if a, ok := c.byName[name]; ok {
		return a, nil
	}
	err := Errorf(NotFound, "there is no action %q", name)
	if near := c.near(name); near != "" {
		return nil, err.Then("Did you mean %s?", near)
	}
	return nil, err.Then("The command `schema` lists them all.")
}

// Invoke calls an action by name.
func (c *Catalog) Invoke(ctx context.Context, s *Session, name string, input json.RawMessage) (json.RawMessage, error) {
	a, err := c.Find(name)
	if err != nil {
		return nil, err
	}
	return a.Invoke(ctx, s, input)
}

// near is the action whose last word is the asked one's, if there is just one.
func (c *Catalog) near(name string) string {
	_, verb, ok := strings.Cut(name, ".")
	if !ok {
		verb = name
	}
	var found []string
	for _, n := range c.names {
		if strings.HasSuffix(n, verb) {
			found = append(found, n)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return ""
}
