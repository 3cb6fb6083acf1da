package component_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// What stands between "begin" and "end" is shown in README.md, byte for byte.

// begin action
type Install struct {
	Date string `json:"date" jsonschema:"format=date" jsonschema_description:"When the asset was installed."`
}

type Age struct {
	Years int `json:"years"`
}

var AssetAge = component.Func(component.Spec{Name: "asset.age", Summary: "Say how old an asset is.", Effect: component.Reads, Access: component.View, Scope: component.OnHost}, func(_ context.Context, s *component.Session, in Install) (Age, error) {
	installed, err := time.Parse(time.DateOnly, in.Date)
	return Age{Years: int(s.Clock().Sub(installed).Hours() / 24 / 365.25)}, err
})

// end action

func ExampleFunc() {
	ctx, s := context.Background(), component.NewSession(&component.Host{})
	s.Now = func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }

	// begin action-called
	age, err := AssetAge.Call(ctx, s, Install{Date: "2021-03-01"}) // from Go, with types
	fmt.Println(age.Years, err)

	raw, err := AssetAge.Invoke(ctx, s, json.RawMessage(`{"date": "2021-03-01"}`)) // from any face, with JSON
	fmt.Println(string(raw), err)

	_, err = AssetAge.Invoke(ctx, s, json.RawMessage(`{"date": "last spring", "colour": "red"}`))
	fmt.Println(component.CodeOf(err))
	fmt.Println(err)
	// end action-called

	// Output:
	// 5 <nil>
	// {"years":5} <nil>
	// invalid-input
	// the input of asset.age is not valid:
	//   /colour: is not a known property
	//   /date: is not a valid date
}

func ExampleCatalog() {
	ctx, s := context.Background(), component.NewSession(&component.Host{})

	// begin catalog
	catalog := component.NewCatalog(itglue.Component(), component.Component{Name: "asset", Title: "Assets", Actions: []component.Callable{AssetAge}})
	for _, d := range catalog.Describe()[:2] {
		fmt.Printf("%s (%s, %s): %s\n", d.Name, d.Effect, d.Access, d.Summary)
	}
	_, err := catalog.Invoke(ctx, s, "organizations", nil)
	fmt.Println(err)
	// end catalog

	// Output:
	// asset.age (reads, view): Say how old an asset is.
	// itglue.check-connection (reads, configure): Check the connection to IT Glue line by line, and say what to do about each fault.
	// there is no action "organizations". Did you mean itglue.list-organizations?
}

func ExampleConnection_simulator() {
	ctx := context.Background()

	// begin simulator
	world := itgluetest.New(itgluetest.Options{Switches: itgluetest.Switches{EmptyTraits: "null"}})
	world.AddOrganization(itgluetest.Organization{Name: "Brightwater Holdings"})
	server := httptest.NewServer(world.Handler("us"))
	defer server.Close()

	s := component.NewSession(&component.Host{AllowedEndpoints: []string{server.URL}})
	s.Settings = func(context.Context, string) (json.RawMessage, error) {
		return json.Marshal(map[string]any{"region": "us", "apiKey": itgluetest.DefaultKey, "endpoint": server.URL})
	}
	list, err := itglue.ListOrganizations.Call(ctx, s, itglue.ListOrganizationsInput{})
	fmt.Println(list.Items[0].Name, list.Complete, err)

	world.Fail(1, itgluetest.On("GET", "/organizations"), itgluetest.TooManyRequests("3600")) // a fault: wait an hour
	_, err = itglue.ListOrganizations.Call(ctx, s, itglue.ListOrganizationsInput{})
	fmt.Println(component.CodeOf(err), len(world.Requests()), "requests")
	// end simulator

	// Output:
	// Brightwater Holdings true <nil>
	// rate-limited 2 requests
}

func ExampleErrorf() {
	// begin error
	err := error(component.Errorf(component.NotFound, "there is no asset 77 in Rev.io").Then("Look at `assets list`."))
	fmt.Println(err)
	fmt.Println(errors.Is(err, component.NotFound), component.CodeOf(err).ExitStatus(), component.CodeOf(err).HTTPStatus())
	// end error

	// Output:
	// there is no asset 77 in Rev.io. Look at `assets list`.
	// true 1 404
}

func ExampleSecret() {
	// begin secret
	var settings struct {
		Key component.Secret `json:"key"`
	}
	err := json.Unmarshal([]byte(`{"key": "hunter2"}`), &settings)
	encoded, _ := json.Marshal(settings)
	fmt.Printf("%v %+v %s %t %v\n", settings, settings.Key, encoded, settings.Key.Reveal() == "hunter2", err)
	// end secret

	// Output:
	// {[secret]} [secret] {"key":"[secret]"} true <nil>
}

func ExampleForm() {
	// begin form
	choices := []component.Choice{{Value: "1", Title: "Equipment"}, {Value: "2", Title: "License"}}
	form := component.Form{
		Schema: map[string]any{"type": "object", "title": "Map Asset Types", "properties": map[string]any{
			"t301": component.Pick("Workstations", "", "There is no asset type in Rev.io.", choices),
			"t302": component.Pick("Servers", "", "There is no asset type in Rev.io.", nil), // read-only, and says why
		}},
		UISchema: component.Layout("VerticalLayout", "", component.Control(nil, "t301"), component.Control(nil, "t302")),
		Data:     map[string]any{"t301": "1"},
	}
	// end form
	raw, err := json.Marshal(form.Schema["properties"])
	fmt.Println(string(raw), err)

	// Output:
	// {"t301":{"oneOf":[{"const":"1","title":"Equipment"},{"const":"2","title":"License"}],"title":"Workstations","type":"string"},"t302":{"description":"There is no asset type in Rev.io.","readOnly":true,"title":"Servers","type":"string"}} <nil>
}
