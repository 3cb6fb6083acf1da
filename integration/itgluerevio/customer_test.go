package itgluerevio_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// named gives the organizations of a name.
func (s *stage) named(name string) (all []itgluetest.Organization) {
	for _, o := range s.ITGlue.Organizations() {
		if o.Name == name {
			all = append(all, o)
		}
	}
	return all
}

func TestSyncButtonOfALinkedCustomerSyncsItNow(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt, s.Dunmore)
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Dunmore, "DLP-1", "DLP0001")
	s.fresh()
	var p cycle.Pressed
	s.must("sync.customer", object{"customerId": s.CobaltC}, &p)
	require.Equal(t, []any{s.Cobalt, false, 1}, []any{p.Organization, p.Made, p.Report.Created})
	require.Empty(t, s.Revio.Assets(s.Dunmor2), "nothing but this customer's")
	s.requireOnlyAsked([]string{s.Cobalt}, []string{s.CobaltC})
}

func TestSyncButtonOfALikelyCustomerWaitsForReview(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.fresh()
	err := s.call("sync.customer", object{"customerId": s.CobaltC}, nil)
	requireCode(t, component.NeedsReview, err, "looks like the organization Cobalt Dental Clinic", "links accept --id "+s.Cobalt)
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	requireCode(t, component.NeedsReview, s.call("sync.customer", object{"customerId": s.CobaltC}, nil), "was rejected")
	require.Zero(t, s.writes())
	require.Len(t, s.named("Cobalt Dental Clinic"), 1)
	requireCode(t, component.NotFound, s.call("sync.customer", object{"customerId": "99999"}, nil))
	requireCode(t, component.InvalidInput, s.call("sync.customer", object{}, nil), "/customerId")
}

func TestSyncButtonOfANewCustomerMakesItsOrganization(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{document: func(d map[string]any) { d["types"].(map[string]any)["t"+licensesOf(d)] = "2" }})
	customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
	made := s.Revio.AddAsset(customer, s.Equipment, map[string]string{"name": "ZKS-1", "serialNumber": "ZKS0001", "operatingSystem": "macOS 15", "ipAddress": "10.0.0.1", "installDate": "2026-02-01", "description": "by the door"})
	s.equipment(customer, "ZKS-2", "")
	s.Revio.AddAsset(customer, s.License, map[string]string{"name": "Sail Designer", "serialNumber": "SD0001"})
	s.Revio.AddAsset(customer, s.Revio.AddAssetType("Other"), map[string]string{"name": "Kite", "serialNumber": "KITE0001"})
	s.flow("match-organizations")
	s.fresh()
	s.actor = "os:presser"
	var p cycle.Pressed
	s.must("sync.customer", object{"customerId": customer}, &p)
	orgs := s.named("Zephyr Kitesurf School")
	require.Len(t, orgs, 1)
	require.True(t, p.Made)
	l := s.link(orgs[0].ID)
	require.Equal(t, []any{store.Accepted, customer, "os:presser"}, []any{l.State, l.Customer.ID, l.DecidedBy})
	log := s.audited()
	require.Contains(t, log, "links.accept")
	why := strings.Join(p.NotMade, "\n")
	require.Contains(t, why, "ZKS-2: it has no usable serial number")
	require.Contains(t, why, "Kite: no selected flexible asset type is mapped")
	require.Len(t, p.NotMade, 4-p.AssetsMade)

	pair := s.pairs(store.PairQuery{Right: []string{made}})
	require.Len(t, pair, 1)
	left := pair[0].Left
	require.Equal(t, []string{"ZKS-1", "ZKS0001", "macOS 15", "10.0.0.1", "2026-02-01"},
		[]string{s.trait(left, "device-name"), s.trait(left, "serial-number"), s.trait(left, "operating-system"), s.trait(left, "ip-address"), s.trait(left, "install-date")})
	require.Empty(t, s.Revio.Writes(), "Rev.io has it all already")
	s.settled()
	s.must("sync.customer", object{"customerId": customer}, &p)
	require.False(t, p.Made)
	require.Len(t, s.named("Zephyr Kitesurf School"), 1)

	s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
	s.cycle()
	require.Equal(t, "10.0.0.2", s.right(made, "ipAddress"), "from then on it is an asset like any other")
}

// licensesOf gives the second selected type of a document.
func licensesOf(d map[string]any) string {
	return part(d, "assetTypes")["typeIds"].([]any)[1].(string)
}

func TestSyncButtonMakesNoAssetWhereARequiredFieldGetsNoValue(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.ITGlue.AddField(s.Workstations, itgluetest.Field{Name: "Cost centre", Kind: "Text", Required: true})
	customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
	s.equipment(customer, "ZKS-1", "ZKS0001")
	s.flow("match-organizations")
	var p cycle.Pressed
	s.must("sync.customer", object{"customerId": customer}, &p)
	require.Equal(t, 0, p.AssetsMade)
	require.Contains(t, p.NotMade[0], "Cost centre")
	require.Empty(t, s.ITGlue.Assets())
	s.settled()
}

func TestSyncButtonMakesNoAssetOfAnAmbiguousType(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{document: func(d map[string]any) { part(d, "types")["t"+licensesOf(d)] = "1" }})
	customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
	s.equipment(customer, "ZKS-1", "ZKS0001")
	s.flow("match-organizations")
	var p cycle.Pressed
	s.must("sync.customer", object{"customerId": customer}, &p)
	require.Contains(t, p.NotMade[0], "several selected flexible asset types")
	require.Empty(t, s.ITGlue.Assets())
}

func TestLostAnswerOfTheSyncButtonMakesNoSecondOrganization(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  itgluetest.Fault
		landed int
	}{
		"carried out":     {itgluetest.GatewayTimeout(true), 1},
		"reset, made":     {itgluetest.Reset(true), 1},
		"not carried out": {itgluetest.GatewayTimeout(false), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
			s.equipment(customer, "ZKS-1", "ZKS0001")
			s.flow("match-organizations")
			s.ITGlue.Fail(1, itgluetest.On("POST", "/organizations"), c.fault)
			requireCode(t, component.Unsettled, s.call("sync.customer", object{"customerId": customer}, nil))
			require.Len(t, s.named("Zephyr Kitesurf School"), c.landed)
			err := s.call("sync.customer", object{"customerId": customer}, nil)
			require.Error(t, err, "before the quiet window ends nothing is made")
			require.Len(t, s.named("Zephyr Kitesurf School"), c.landed)
			s.later(quietWindow + time.Second)
			if name == "reset, made" {
				s.cycle() // the hour comes before the person does
			}
			s.must("sync.customer", object{"customerId": customer}, nil)
			require.Len(t, s.ITGlue.Assets(), 1, "its assets are made by the second press")
			orgs := s.named("Zephyr Kitesurf School")
			require.Len(t, orgs, 1)
			require.Equal(t, store.Accepted, s.link(orgs[0].ID).State)
			require.Empty(t, s.intents())
			s.settled()
		})
	}
}

func TestSyncButtonOfAPausedLinkSaysWhy(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.accepted(s.Cobalt)
	s.ITGlue.SetOrganization(s.Cobalt, func(o *itgluetest.Organization) { o.Status = "Inactive" })
	s.fresh()
	requireCode(t, component.NeedsReview, s.call("sync.customer", object{"customerId": s.CobaltC}, nil), "paused", "Inactive")
	require.Zero(t, s.writes())
}

func TestLostAnswerOfAnAssetThatTheSyncButtonMakes(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]itgluetest.Fault{"carried out": itgluetest.GatewayTimeout(true), "not carried out": itgluetest.GatewayTimeout(false)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
			right := s.equipment(customer, "ZKS-1", "ZKS0001")
			s.flow("match-organizations")
			s.ITGlue.Fail(1, itgluetest.On("POST", "/flexible_assets"), f)
			var p cycle.Pressed
			s.must("sync.customer", object{"customerId": customer}, &p)
			require.Len(t, p.NotMade, 1)
			s.later(quietWindow + time.Second)
			s.cycle()
			s.must("sync.customer", object{"customerId": customer}, nil)
			require.Len(t, s.ITGlue.Assets(), 1, "made once, by the first press or the second")
			require.Len(t, s.Revio.Assets(customer), 1)
			require.Empty(t, s.intents())
			s.settled()
			require.Len(t, s.pairs(store.PairQuery{Right: []string{right}}), 1)
			raw, err := json.Marshal(p)
			require.NoError(t, err)
			require.NotContains(t, string(raw), "null")
		})
	}
}

func TestUnclearAssetOfTheSyncButtonIsNotLinkedAcrossCustomers(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
	right := s.equipment(customer, "ZKS-1", "ZKS0001")
	s.flow("match-organizations")
	s.ITGlue.Fail(1, itgluetest.On("POST", "/flexible_assets"), itgluetest.GatewayTimeout(true))
	s.must("sync.customer", object{"customerId": customer}, nil)
	require.Len(t, s.intents(), 1)
	made := s.ITGlue.Assets()[0].OrganizationID
	s.must("links.reassign", object{"id": made, "customerId": s.Revio.AddCustomer("Another One"), "accept": true}, nil)
	s.later(quietWindow + time.Second)
	s.cycle()
	require.Empty(t, s.intents())
	require.Empty(t, s.pairs(store.PairQuery{Right: []string{right}}))
}

func TestRejectWhileTheSyncButtonMakesAssetsStopsTheNext(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
	s.equipment(customer, "ZKS-1", "ZKS0001")
	s.equipment(customer, "ZKS-2", "ZKS0002")
	s.flow("match-organizations")
	rejected := false
	s.Hook = func(point string) {
		if made := s.ITGlue.Assets(); point == "after-create" && len(made) == 1 && !rejected {
			rejected = true
			s.must("links.reject", object{"id": []string{made[0].OrganizationID}}, nil)
		}
	}
	require.NotPanics(t, func() { _ = s.call("sync.customer", object{"customerId": customer}, nil) })
	require.True(t, rejected)
	require.Len(t, s.ITGlue.Assets(), 1)
}

func TestSyncButtonMakesNoSecondOrganizationOfANameThatWentToAnother(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
	s.flow("match-organizations")
	var p cycle.Pressed
	s.must("sync.customer", object{"customerId": customer}, &p)
	s.must("links.reassign", object{"id": p.Organization, "customerId": s.Revio.AddCustomer("Another One")}, nil)
	requireCode(t, component.NeedsReview, s.call("sync.customer", object{"customerId": customer}, nil), "Another One", "links reassign")
}
