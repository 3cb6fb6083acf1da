package componenttest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/itglue-revio/itglue-revio/component"
)

// The toy is a small component over a small server, made so that each of its
// rules can be broken by itself.

const (
	goodKey = "toy-key-4711"
	badKey  = "toy-key-wrong"
)

type toySettings struct {
	Endpoint string           `json:"endpoint" jsonschema:"minLength=1" jsonschema_description:"Where the toy is."`
	APIKey   component.Secret `json:"apiKey" jsonschema_description:"The key."`
}

type toyItem struct {
	ID string `json:"id" jsonschema_description:"The item's id."`
}

type toyItems struct {
	Items []toyItem `json:"items" jsonschema_description:"All items."`
	component.Listing
}

// fault is a rule that the toy breaks.
type fault string

type toyClient struct {
	host     *component.Host
	settings toySettings
	fault    fault
}

func (c *toyClient) fetch(ctx context.Context, path string, into any) error {
	if c.fault == "loses its context" {
		ctx = context.WithoutCancel(ctx)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.settings.Endpoint+path, nil)
	if err != nil {
		return component.Errorf(component.InvalidInput, "the endpoint is no URL")
	}
	request.Header.Set("X-Key", c.settings.APIKey.Reveal())
	transport := c.host.Transport
	if transport == nil || c.fault == "ignores the transport" {
		transport = http.DefaultTransport
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if c.fault == "tries again when cancelled" && err != nil {
		_, _ = transport.RoundTrip(request.WithContext(context.Background()))
	}
	if err != nil {
		return component.Errorf(component.Unavailable, "the toy does not answer: %w", err).Then("Try later.")
	}
	defer response.Body.Close()
	return c.decode(response, path, into)
}

func (c *toyClient) decode(response *http.Response, path string, into any) error {
	switch {
	case response.StatusCode == http.StatusUnauthorized && c.fault == "mistakes a bad key":
		return component.Errorf(component.Unavailable, "the toy does not answer").Then("Try later.")
	case response.StatusCode == http.StatusUnauthorized && c.fault == "quotes its key":
		return component.Errorf(component.Unauthorized, "the toy refuses %s", c.settings.APIKey.Reveal()).Then("Use another.")
	case response.StatusCode == http.StatusUnauthorized:
		return component.Errorf(component.Unauthorized, "the toy refuses the key").Then("Use another.")
	case response.StatusCode == http.StatusNotFound && c.fault == "gives errors no code":
		return component.Code("out-of-cheese")
	case response.StatusCode == http.StatusNotFound:
		return component.Errorf(component.NotFound, "the toy has no %s", path).Then("Look at the list.")
	}
	raw, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return component.Errorf(component.Unavailable, "the toy answers with what is no JSON").Then("Try later.")
	}
	if c.fault == "logs its key" {
		c.host.Logger().Debug("asked", "key", c.settings.APIKey.Reveal())
	}
	return nil
}

func (c *toyClient) list(ctx context.Context, _ component.NoInput) (toyItems, error) {
	var out toyItems
	err := c.fetch(ctx, "/items", &out.Items)
	if out.Complete = err == nil; err == nil && c.fault == "answers otherwise each time" {
		out.Why = fmt.Sprintf("%p", &out)
	}
	return out, err
}

func (c *toyClient) get(ctx context.Context, in toyItem) (toyItem, error) {
	var out toyItem
	err := c.fetch(ctx, "/items/"+in.ID, &out)
	if err != nil && c.fault == "answers for what is not there" {
		return toyItem{}, nil
	}
	return out, err
}

func toy(f fault) component.Component {
	connection := component.NewConnection("toy", func(_ context.Context, h *component.Host, s toySettings) (*toyClient, error) {
		return &toyClient{host: h, settings: s, fault: f}, nil
	})
	spec := func(name string) component.Spec {
		return component.Spec{Name: name, Summary: "Reads what the toy has.", Effect: component.Reads, Access: component.View}
	}
	listName := "toy.list-items"
	if f == "has a foreign name" {
		listName = "game.list-items"
	}
	c := component.Component{
		Name: "toy", Title: "Toy", Settings: connection.Schema(),
		Actions: []component.Callable{
			component.Method(connection, spec(listName), (*toyClient).list),
			component.Method(connection, spec("toy.get-item"), (*toyClient).get),
		},
	}
	switch f {
	case "shows another schema":
		c.Settings = component.SchemaOf[struct {
			Endpoint string `json:"endpoint"`
			APIKey   string `json:"apiKey"`
			Region   string `json:"region"`
		}]()
	case "has a schema of a list", "takes anything", "gives plain errors":
		c.Actions[1] = odd{c.Actions[1], f}
	}
	return c
}

// odd is an action that keeps to no rule of the kit.
type odd struct {
	component.Callable
	fault fault
}

func (o odd) Describe() component.Description {
	d := o.Callable.Describe()
	if o.fault == "has a schema of a list" {
		d.Output = component.SchemaOf[[]string]()
	}
	return d
}

func (o odd) Invoke(ctx context.Context, s *component.Session, input json.RawMessage) (json.RawMessage, error) {
	out, err := o.Callable.Invoke(ctx, s, input)
	switch {
	case o.fault == "takes anything" && component.CodeOf(err) == component.InvalidInput:
		return json.RawMessage(`{"id":"1"}`), nil
	case o.fault == "gives plain errors" && err != nil:
		return nil, fmt.Errorf("it went wrong")
	}
	return out, err
}

// serveToy is the server that the toy reaches.
func serveToy(t *testing.T) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `[{"id":"1"},{"id":"2"}]`)
	})
	mux.HandleFunc("GET /items/1", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"1"}`) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") != goodKey {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func toyOptions(url string) Options {
	return Options{
		Host: func() *component.Host { return &component.Host{} },
		Good: map[string]any{"endpoint": url, "apiKey": goodKey},
		Bad: []Settings{
			{Name: "a wrong key", Settings: map[string]any{"endpoint": url, "apiKey": badKey}, Want: component.Unauthorized},
			{Name: "an empty endpoint", Settings: map[string]any{"endpoint": "", "apiKey": goodKey}},
		},
		Inputs:  map[string]json.RawMessage{"toy.list-items": nil, "toy.get-item": json.RawMessage(`{"id":"1"}`)},
		Absent:  map[string]json.RawMessage{"toy.get-item": json.RawMessage(`{"id":"9"}`)},
		Secrets: []string{goodKey, badKey},
	}
}
