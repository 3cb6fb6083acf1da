package revio_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
)

func TestBuiltInProfileIsWholeAndFitsItsOwnSchema(t *testing.T) {
	t.Parallel()
	p := revio.DefaultProfile()
	raw, err := json.Marshal(p)
	require.NoError(t, err)
	require.Empty(t, revio.Component().Profile.Check(raw))
	require.Equal(t, 900.0, p.QuietWindow().Seconds())
	again, err := revio.ReadProfile(raw)
	require.NoError(t, err)
	require.Equal(t, p, again)
}

func TestFewLinesOfAProfileAreMergedOverTheBuiltInOne(t *testing.T) {
	t.Parallel()
	p, err := revio.ReadProfile(json.RawMessage(`{"capabilities":{"externalReference":false},"limits":{"burst":3},"fields":{"asset":{"ipAddress":[]}}}`))
	require.NoError(t, err)
	require.False(t, p.Capabilities.ExternalReference)
	require.True(t, p.Capabilities.CustomerList)
	require.Equal(t, 3, p.Limits.Burst)
	require.Equal(t, 4.0, p.Limits.RatePerSecond)
	require.Empty(t, p.Fields.Asset.IPAddress)
	require.Equal(t, revio.Names{"assetId", "id"}, p.Fields.Asset.ID)
}

func TestProfileNamesEachWrongLine(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ doc, pointer, says string }{
		"an unknown line":          {`{"limits":{"ratePerMinute":1}}`, "/limits/ratePerMinute", "is not a known property"},
		"an unknown verb":          {`{"updateVerb":"POST"}`, "/updateVerb", "must be one of PATCH, PUT"},
		"a path without id":        {`{"paths":{"asset":"/assets"}}`, "/paths/asset", "does not have the form"},
		"an address that is none":  {`{"baseURL":"api.psarev.io"}`, "/baseURL", "is not an address"},
		"a pointer that is none":   {`{"listPointers":["data"]}`, "/listPointers/0", "is not a JSON pointer"},
		"a length of no field":     {`{"maxLength":{"colour":3}}`, "/maxLength/colour", "is not a field of an asset"},
		"an unknown placeholder":   {`{"token":{"fields":{"user":"{{.User}}"}}}`, "/token/fields/user", "placeholder that is not known"},
		"a promise nobody keeps":   {`{"capabilities":{"createCustomer":true}}`, "/capabilities/createCustomer", "must be false"},
		"no name for an id":        {`{"fields":{"asset":{"id":[]}}}`, "/fields/asset/id", "must have at least 1"},
		"a page that is too large": {`{"perPage":501}`, "/perPage", "must be at most 500"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := revio.ReadProfile(json.RawMessage(row.doc))
			require.ErrorIs(t, err, component.InvalidInput)
			require.ErrorContains(t, err, row.pointer+": ")
			require.ErrorContains(t, err, row.says)
		})
	}
}
