package component_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/componenttest"
)

// begin connector
// Settings is what a person fills in.
type Settings struct {
	Address string           `json:"address" jsonschema:"title=Address,minLength=1" jsonschema_description:"Where the warranty service is."`
	Key     component.Secret `json:"key" jsonschema:"title=Key,minLength=1" jsonschema_description:"From your account's page."`
}

// Client calls the service.
type Client struct {
	settings Settings
	http     *http.Client
}

// Connection makes a client of settings. It calls nothing yet.
var Connection = component.NewConnection[Settings, *Client]("warranty", func(_ context.Context, host *component.Host, s Settings) (*Client, error) {
	if !slices.Contains(host.AllowedEndpoints, s.Address) {
		return nil, component.Errorf(component.InvalidInput, "the address %s is not allowed on this host", s.Address).
			Then("The operator allows it with --allow-endpoint %s.", s.Address)
	}
	return &Client{settings: s, http: &http.Client{Transport: host.Transport, Timeout: 30 * time.Second}}, nil
})

// GetWarranty reads one warranty.
var GetWarranty = component.Method(Connection, component.Spec{
	Name: "warranty.get-warranty", Summary: "Read the warranty of one serial number.", Effect: component.Reads, Access: component.View,
}, (*Client).GetWarranty)

// BySerial names an asset.
type BySerial struct {
	SerialNumber string `json:"serialNumber" jsonschema:"minLength=1"`
}

// Warranty is how long the vendor repairs an asset.
type Warranty struct {
	SerialNumber string `json:"serialNumber"`
	Ends         string `json:"ends" jsonschema:"format=date"`
}

// GetWarranty reads one warranty. An absent one is component.NotFound.
func (c *Client) GetWarranty(ctx context.Context, in BySerial) (w Warranty, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.settings.Address+"/warranties/"+url.PathEscape(in.SerialNumber), nil)
	if err != nil {
		return w, component.Errorf(component.InvalidInput, "the address of the warranty service is not a URL")
	}
	req.Header.Set("X-Key", c.settings.Key.Reveal())
	res, err := c.http.Do(req)
	if err != nil { // nothing was written, so it may be asked again
		return w, &component.Error{Code: component.Unavailable, Message: "the warranty service does not answer", Do: "Try again later.", Err: err}
	}
	defer res.Body.Close()
	switch res.StatusCode { // looked at before the body
	case http.StatusOK:
		if err := json.NewDecoder(res.Body).Decode(&w); err != nil {
			return w, &component.Error{Code: component.Unavailable, Message: "the warranty service answers with what is no warranty", Do: "Try again later.", Err: err}
		}
		return w, nil
	case http.StatusUnauthorized:
		return w, component.Errorf(component.Unauthorized, "the warranty service refuses the key").Then("Copy it again from your account's page.")
	case http.StatusNotFound:
		return w, component.Errorf(component.NotFound, "the warranty service knows no asset %s", in.SerialNumber)
	}
	return w, component.Errorf(component.Unavailable, "the warranty service answers with status %d", res.StatusCode).Then("Try again later.")
}

// Component is the service with all its actions.
func Component() component.Component {
	return component.Component{Name: "warranty", Title: "Warranties", Settings: Connection.Schema(), Actions: []component.Callable{GetWarranty}}
}

// end connector

// serveWarranties is the service, simulated.
func serveWarranties() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("X-Key") != "good-key":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path != "/warranties/5CG1234XYZ":
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = fmt.Fprint(w, `{"serialNumber":"5CG1234XYZ","ends":"2027-02-28"}`)
		}
	}))
}

func ExampleMethod() {
	server := serveWarranties()
	defer server.Close()
	s := component.NewSession(&component.Host{AllowedEndpoints: []string{server.URL}})
	s.Settings = func(context.Context, string) (json.RawMessage, error) {
		return json.Marshal(map[string]any{"address": server.URL, "key": "good-key"})
	}
	w, err := GetWarranty.Call(context.Background(), s, BySerial{SerialNumber: "5CG1234XYZ"})
	fmt.Println(w.Ends, err)
	_, err = GetWarranty.Call(context.Background(), s, BySerial{SerialNumber: "unknown"})
	fmt.Println(component.CodeOf(err), "-", err)
	// Output:
	// 2027-02-28 <nil>
	// not-found - the warranty service knows no asset unknown
}

// begin componenttest
func TestItKeepsTheRulesOfEveryComponent(t *testing.T) {
	t.Parallel()
	server := serveWarranties()
	t.Cleanup(server.Close)
	settings := func(key string) map[string]any { return map[string]any{"address": server.URL, "key": key} }
	componenttest.Run(t, Component(), componenttest.Options{
		Host:    func() *component.Host { return &component.Host{AllowedEndpoints: []string{server.URL}} },
		Good:    settings("good-key"),
		Bad:     []componenttest.Settings{{Name: "a revoked key", Settings: settings("revoked-key"), Want: component.Unauthorized}},
		Inputs:  map[string]json.RawMessage{"warranty.get-warranty": json.RawMessage(`{"serialNumber": "5CG1234XYZ"}`)},
		Absent:  map[string]json.RawMessage{"warranty.get-warranty": json.RawMessage(`{"serialNumber": "unknown"}`)},
		Secrets: []string{"good-key", "revoked-key"},
	})
}

// end componenttest
