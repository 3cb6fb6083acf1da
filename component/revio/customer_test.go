package revio_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// described is a profile of a tenant whose customers have a description and notes.
func described() *revio.Profile {
	p := revio.DefaultProfile()
	p.Fields.Customer.Description, p.Fields.Customer.Notes = revio.Names{"about"}, revio.Names{"internalNotes"}
	return p
}

func TestCustomerIsReadWithWhatTheProfileNames(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Profile: described()}, nil)
	id, _ := stock(x)
	x.SetCustomer(id, "website", "HTTP://www.Contoso.example/home")
	x.SetCustomer(id, "city", "Ghent")
	x.SetCustomer(id, "phone", "555-0100")
	x.SetCustomer(id, "notes", "calls on Monday")
	x.CloseCustomer(id)
	c, err := revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: id})
	require.NoError(t, err)
	require.NotNil(t, c.ModifiedAt)
	require.Equal(t, "calls on Monday", *c.Notes)
	require.Empty(t, *c.Description)
	require.Equal(t, []string{"Contoso Ltd", "Closed", "contoso.example", "Ghent", "555-0100"}, []string{c.Name, c.Status, c.Domain, c.City, c.Phone})

	x = serve(t, reviotest.Options{}, nil)
	id, _ = stock(x)
	c, err = revio.GetCustomer.Call(t.Context(), x.session(), revio.ByID{ID: id})
	require.NoError(t, err)
	require.Nil(t, c.Description, "the built-in profile names none")
	require.Nil(t, c.Notes)
}

func TestCustomerIsChangedUnlessItChangedMeanwhile(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Profile: described()}, nil)
	id, _ := stock(x)
	c, err := revio.UpdateCustomer.Call(t.Context(), x.session(), revio.UpdateCustomerInput{ID: id,
		Set: map[string]string{"name": "Contoso NV", "description": "a bakery"}, Was: map[string]string{"name": "Contoso Ltd", "description": ""}})
	require.NoError(t, err)
	require.Equal(t, "Contoso NV", c.Name)
	require.Equal(t, "a bakery", *c.Description)
	require.Len(t, x.Writes(), 1)

	x.SetCustomer(id, "name", "Contoso by a person")
	_, err = revio.UpdateCustomer.Call(t.Context(), x.session(), revio.UpdateCustomerInput{ID: id, Set: map[string]string{"name": "Other"}, Was: map[string]string{"name": "Contoso NV"}})
	require.ErrorIs(t, err, component.Conflict)
	require.Len(t, x.Writes(), 1)
}

func TestCustomersFieldThatTheProfileDoesNotNameIsRefused(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, nil)
	id, _ := stock(x)
	for field, value := range map[string]string{"description": "a", "status": "Closed", "name": ""} {
		_, err := revio.UpdateCustomer.Call(t.Context(), x.session(), revio.UpdateCustomerInput{ID: id, Set: map[string]string{field: value}})
		require.ErrorIs(t, err, component.InvalidInput, field)
		require.ErrorContains(t, err, "/set/"+field)
	}
	require.Empty(t, x.Requests())
}

func TestCapabilityThatIsOffIsForbiddenWithoutACall(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{}, func(p *revio.Profile) { p.Capabilities.CustomerList, p.Capabilities.UpdateCustomer = false, false })
	id, _ := stock(x)
	_, err := revio.ListCustomers.Call(t.Context(), x.session(), revio.ListCustomersInput{})
	require.ErrorIs(t, err, component.Forbidden)
	require.ErrorContains(t, err, "capabilities.customerList")
	_, err = revio.UpdateCustomer.Call(t.Context(), x.session(), revio.UpdateCustomerInput{ID: id, Set: map[string]string{"name": "b"}})
	require.ErrorIs(t, err, component.Forbidden)
	require.ErrorContains(t, err, "capabilities.updateCustomer")
	require.Empty(t, x.Requests())
}

func TestRefusedListNamesTheProfileLineToSet(t *testing.T) {
	t.Parallel()
	x := serve(t, reviotest.Options{Switches: reviotest.Switches{NoCustomerList: true, NoAssetTypes: true}}, nil)
	_, err := revio.ListCustomers.Call(t.Context(), x.session(), revio.ListCustomersInput{})
	require.ErrorIs(t, err, component.Forbidden)
	require.ErrorContains(t, err, "paths.customers")
	require.ErrorContains(t, err, "capabilities.customerList")
	_, err = revio.ListAssetTypes.Call(t.Context(), x.session(), component.NoInput{})
	require.ErrorIs(t, err, component.Forbidden)
	require.ErrorContains(t, err, "assetTypesFixed")
}

func TestAssetTypesAreTheTenantsElseTheProfiles(t *testing.T) {
	t.Parallel()
	fixed := func(p *revio.Profile) { p.AssetTypesFixed = []revio.FixedType{{ID: "7", Name: "Fixed"}} }
	x := serve(t, reviotest.Options{}, fixed)
	_, kind := stock(x)
	old := x.AddAssetType("Old")
	x.RetireAssetType(old)
	list, err := revio.ListAssetTypes.Call(t.Context(), x.session(), component.NoInput{})
	require.NoError(t, err)
	require.Equal(t, []revio.AssetType{{ID: kind, Name: "Equipment", Active: true}, {ID: old, Name: "Old", Active: false}}, list.Items)
	require.True(t, list.Complete)

	x = serve(t, reviotest.Options{Switches: reviotest.Switches{NoAssetTypes: true}}, fixed)
	list, err = revio.ListAssetTypes.Call(t.Context(), x.session(), component.NoInput{})
	require.NoError(t, err)
	require.Equal(t, []revio.AssetType{{ID: "7", Name: "Fixed", Active: true}}, list.Items)

	x.Fail(reviotest.Fault{Kind: reviotest.Refuse, Status: 503, Times: -1})
	_, err = revio.ListAssetTypes.Call(t.Context(), x.session(), component.NoInput{})
	require.ErrorIs(t, err, component.Unavailable, "an outage is no reason to use the fixed list")
}
