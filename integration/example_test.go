package integration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration"
)

// What stands between "begin" and "end" is shown in component/README.md, byte
// for byte.

// begin flow
type Customer struct {
	CustomerID string `json:"customerId" jsonschema:"minLength=1"`
}

var Namesakes = integration.Flow{
	Callable: component.Func(component.Spec{
		Name: "report.namesakes", Summary: "List the IT Glue organizations that are called like a Rev.io customer.",
		Effect: component.Reads, Access: component.Operate,
	}, func(ctx context.Context, s *component.Session, in Customer) (itglue.OrganizationList, error) {
		customer, err := revio.GetCustomer.Call(ctx, s, revio.ByID{ID: in.CustomerID})
		if err != nil {
			return itglue.OrganizationList{}, err
		}
		return itglue.ListOrganizations.Call(ctx, s, itglue.ListOrganizationsInput{Name: customer.Name})
	}),
	Uses: []component.Callable{revio.GetCustomer, itglue.ListOrganizations},
}

// end flow

func ExampleFlow() {
	ctx, s, customer, end := connected()
	defer end()

	// begin flow-called
	definition := integration.Definition{
		Name: "reports", Title: "Reports",
		Components: []component.Component{itglue.Component(), revio.Component()},
		Flows:      []integration.Flow{Namesakes},
	}
	s.OnStep = func(step component.Step) { fmt.Println("called", step.Action) }
	raw, err := definition.Catalog(nil).Invoke(ctx, s, "report.namesakes", json.RawMessage(`{"customerId": "`+customer+`"}`))
	// end flow-called
	var list itglue.OrganizationList
	fmt.Println(json.Unmarshal(raw, &list), err, len(list.Items), list.Items[0].Name)

	// Output:
	// called revio.get-customer
	// called itglue.list-organizations
	// called report.namesakes
	// <nil> <nil> 1 Brightwater Holdings
}

func ExampleFlow_uses() {
	ctx, s, customer, end := connected()
	defer end()

	// begin flow-refused
	careless := Namesakes
	careless.Uses = []component.Callable{revio.GetCustomer}
	_, err := careless.Invoke(ctx, s, json.RawMessage(`{"customerId": "`+customer+`"}`))
	fmt.Println(err)
	// end flow-refused

	// Output:
	// the flow report.namesakes called itglue.list-organizations, which it does not name in Uses. Add it to the flow's Uses.
}

// connected gives a session on both simulators, which hold one namesake.
func connected() (ctx context.Context, s *component.Session, customer string, end func()) {
	left, right := itgluetest.New(itgluetest.Options{}), reviotest.New(reviotest.Options{})
	left.AddOrganization(itgluetest.Organization{Name: "Brightwater Holdings"})
	left.AddOrganization(itgluetest.Organization{Name: "Northwind Dental"})
	customer = right.AddCustomer("Brightwater Holdings")
	leftServer, rightServer := httptest.NewServer(left.Handler("us")), httptest.NewServer(right)
	s = component.NewSession(&component.Host{
		AllowedEndpoints: []string{leftServer.URL, rightServer.URL},
		Profiles:         map[string]json.RawMessage{"revio": right.ProfileAt(rightServer.URL)},
	})
	s.Settings = func(_ context.Context, connection string) (json.RawMessage, error) {
		if connection == "revio" {
			return right.Settings(true), nil
		}
		return json.Marshal(map[string]any{"region": "us", "apiKey": itgluetest.DefaultKey, "endpoint": leftServer.URL})
	}
	return context.Background(), s, customer, func() {
		leftServer.Close()
		rightServer.Close()
	}
}
