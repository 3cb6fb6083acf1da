package itglue_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
)

func dial(host *component.Host, settings string) (*itglue.Client, error) {
	return itglue.Connection.Dial(context.Background(), host, json.RawMessage(settings))
}

func TestProfileIsLaidOverTheDefault(t *testing.T) {
	t.Parallel()
	c, err := dial(&component.Host{}, `{"region":"us","apiKey":"ITG.x"}`)
	require.NoError(t, err)
	require.Equal(t, 900*time.Second, c.QuietWindow())
	c, err = dial(&component.Host{Profiles: map[string]json.RawMessage{"itglue": json.RawMessage(`{"quietWindowSeconds":0.5,"assumed":{"organizationLists":false}}`)}}, `{"region":"us","apiKey":"ITG.x"}`)
	require.NoError(t, err)
	require.Equal(t, 500*time.Millisecond, c.QuietWindow())
}

func TestFaultyProfileIsRefused(t *testing.T) {
	t.Parallel()
	for profile, pointer := range map[string]string{
		`{"ratePerSecnd":8}`:                             "/ratePerSecnd",
		`{"ratePerSecond":"8"}`:                          "/ratePerSecond",
		`{"pageSize":1001}`:                              "/pageSize",
		`{"hosts":{"us":"https://evil.example"}}`:        "/hosts/us",
		`{"hosts":{"eu":"https://api.itglue.com@evil"}}`: "/hosts/eu",
		`{"hosts":{"mars":"https://api.itglue.com"}}`:    "/hosts/mars",
		`{"assumed":{"organizationLists":1}}`:            "/assumed/organizationLists",
		`[]`:                                             "", `nonsense`: "",
	} {
		_, err := dial(&component.Host{Profiles: map[string]json.RawMessage{"itglue": json.RawMessage(profile)}}, `{"region":"us","apiKey":"ITG.x"}`)
		e := code(t, component.InvalidInput, err)
		if pointer != "" {
			require.Equal(t, pointer, e.Problems[0].Pointer, profile)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{
		`{}`, `{"region":"us"}`, `{"region":"mars","apiKey":"ITG.x"}`, `{"region":"us","apiKey":""}`, `{"region":"us","apiKey":"  "}`, `{"region":"us","apiKey":"a\nb"}`,
		`{"region":"us","apiKey":"ITG.x","endpoint":"https://evil.example"}`, `{"region":"us","apiKey":"ITG.x","endpoint":"ftp://api.itglue.com"}`,
		`{"region":"us","apiKey":"ITG.x","endpoint":"https://u:p@api.itglue.com"}`, `{"region":"us","apiKey":"ITG.x","extra":1}`,
	} {
		_, err := dial(&component.Host{}, settings)
		code(t, component.InvalidInput, err)
	}
	for _, settings := range []string{
		`{"region":"eu","apiKey":" ITG.x "}`, `{"region":"us","apiKey":"ITG.x","endpoint":"https://api.eu.itglue.com/"}`, `{"region":"us","apiKey":"ITG.x","endpoint":"http://127.0.0.1:9"}`,
	} {
		_, err := dial(&component.Host{AllowedEndpoints: []string{"http://127.0.0.1:9/"}}, settings)
		require.NoError(t, err, settings)
	}
}

func TestEndpointThatIsNotAllowedNamesTheFlag(t *testing.T) {
	t.Parallel()
	_, err := dial(&component.Host{}, `{"region":"us","apiKey":"ITG.x","endpoint":"http://127.0.0.1:9"}`)
	require.Contains(t, code(t, component.InvalidInput, err).Do, "--allow-endpoint http://127.0.0.1:9")
}
