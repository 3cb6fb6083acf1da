package demo_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
)

func TestJourneyHoldsEveryPromise(t *testing.T) {
	t.Parallel()
	stage, err := demo.Serve(t.Context(), demo.NewWorld(demo.Options{Seed: 1}), t.TempDir(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stage.Close()) })
	var words strings.Builder
	report, err := (&demo.Journey{Stage: stage, Words: &words}).Run(t.Context())
	if os.Getenv("SHOW") != "" {
		t.Log(words.String())
	}
	require.NoError(t, err, words.String())
	require.True(t, report.OK)
	require.Len(t, report.Steps, 11)
	require.GreaterOrEqual(t, report.Organizations, 60)
	require.GreaterOrEqual(t, report.Assets, 1200)
	require.GreaterOrEqual(t, report.Passwords, 400)
}

// TestJourneyOnATenantThatDiffersWhereverItMay runs the whole demo on a Rev.io
// tenant with another list pointer, other field names, clamped pages, no total,
// no external reference, PUT only and filters that are ignored.
func TestJourneyOnATenantThatDiffersWhereverItMay(t *testing.T) {
	t.Parallel()
	p := revio.DefaultProfile()
	p.Token.Preset = "json-client-secret"
	p.Paths = revio.Paths{Customers: "/crm/v2/clients", Customer: "/crm/v2/clients/{id}", AssetTypes: "/inv/v2/kinds", Assets: "/inv/v2/devices", Asset: "/inv/v2/devices/{id}"}
	p.ListPointers = []string{"/payload/rows"}
	p.PerPage, p.UpdateVerb = 500, "PUT"
	p.Capabilities.ExternalReference = false
	p.Fields.Asset.ID, p.Fields.Asset.Name, p.Fields.Asset.SerialNumber = revio.Names{"key"}, revio.Names{"label"}, revio.Names{"sn"}
	p.Fields.Asset.OperatingSystem, p.Fields.Asset.InstallDate = revio.Names{"os"}, revio.Names{"installedOn"}
	p.Fields.Customer.ID, p.Fields.Customer.Name = revio.Names{"clientKey"}, revio.Names{"title"}
	p.Fields.Customer.Notes = revio.Names{"memo"}
	world := demo.NewWorld(demo.Options{Seed: 2, Assets: 480, Profile: p, Switches: reviotest.Switches{ClampPerPage: 250, NoTotal: true, IgnoreFilters: true, PutOnly: true, NoExternalReference: true, TextIDs: true, DateTimes: true, IDOnly: true, EmptyText: true}})
	stage, err := demo.Serve(t.Context(), world, t.TempDir(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stage.Close()) })
	var words strings.Builder
	report, err := (&demo.Journey{Stage: stage, Words: &words}).Run(t.Context())
	require.NoError(t, err, words.String())
	require.True(t, report.OK)
}
