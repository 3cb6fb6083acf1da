package itglue

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"github.com/itglue-revio/itglue-revio/component"
)

// Profile is what an operator may change of how IT Glue is spoken to. The
// default is built in (profile-default.json); Host.Profiles["itglue"] is a full
// or a partial document that is laid over it.
type Profile struct {
	Hosts              Hosts   `json:"hosts" jsonschema_description:"The base URL of each region. CONFIRMED by the API reference."`
	RatePerSecond      float64 `json:"ratePerSecond" jsonschema:"minimum=0.1,maximum=100000" jsonschema_description:"Requests a second for one API key, all flows together. IT Glue allows 3000 in 5 minutes (CONFIRMED), which is 10."`
	Burst              int     `json:"burst" jsonschema:"minimum=1,maximum=100000" jsonschema_description:"How many requests may go at once after a pause."`
	RevealShare        float64 `json:"revealShare" jsonschema:"minimum=0.01,maximum=0.9" jsonschema_description:"The share of ratePerSecond that is kept for revealing passwords."`
	InFlight           int     `json:"inFlight" jsonschema:"minimum=1,maximum=64" jsonschema_description:"How many requests of one API key run side by side."`
	PageSize           int     `json:"pageSize" jsonschema:"minimum=1,maximum=1000" jsonschema_description:"Records a page, at first. Halved for a resource that times out."`
	TimeoutSeconds     float64 `json:"timeoutSeconds" jsonschema:"minimum=0.01,maximum=600" jsonschema_description:"How long one request may take."`
	Retries            int     `json:"retries" jsonschema:"minimum=0,maximum=20" jsonschema_description:"How often a request is sent again where that is safe."`
	RetryWaitSeconds   float64 `json:"retryWaitSeconds" jsonschema:"minimum=0.001,maximum=60" jsonschema_description:"The wait before the first repetition; it doubles from one to the next."`
	LongestWaitSeconds float64 `json:"longestWaitSeconds" jsonschema:"minimum=0.001,maximum=600" jsonschema_description:"The longest wait before a repetition. When IT Glue asks for a longer one, the call fails as rate-limited."`
	QuietWindowSeconds float64 `json:"quietWindowSeconds" jsonschema:"minimum=0,maximum=86400" jsonschema_description:"How long after a create with an unclear outcome it may still appear. No second create is sent before."`
	Assumed            Assumed `json:"assumed" jsonschema_description:"What IT Glue does not document, as this component assumes it."`
}

// JSONSchemaExtend makes every line optional, as a document is laid over the
// default: one that names three lines is a whole one.
func (Profile) JSONSchemaExtend(s *jsonschema.Schema) {
	s.Required = nil
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		if p.Value.Properties != nil {
			Profile{}.JSONSchemaExtend(p.Value)
		}
	}
}

// Hosts are the base URLs of the three regions.
type Hosts struct {
	US string `json:"us" jsonschema:"minLength=1"`
	EU string `json:"eu" jsonschema:"minLength=1"`
	AU string `json:"au" jsonschema:"minLength=1"`
}

// Assumed is what the client has to know and IT Glue does not document.
type Assumed struct {
	OrganizationLists bool     `json:"organizationLists" jsonschema_description:"A filter by organization takes several ids, separated by commas, for flexible assets and passwords too. Found wrong, it is turned off by itself."`
	FieldsIncluded    bool     `json:"fieldsIncluded" jsonschema_description:"The list of flexible asset types can include the fields of each."`
	EmbeddedTypes     []string `json:"embeddedTypes" jsonschema_description:"What resource-type says of a password embedded in a flexible asset: lower case, without spaces, hyphens, underscores and plural s."`
	FieldTypes        []string `json:"fieldTypes" jsonschema_description:"What resource-type says of a password that is a field of a flexible asset, in the same form."`
	SyncedFromPSA     []string `json:"syncedFromPSA" jsonschema_description:"What psa-integration says of an organization that a PSA keeps, and whose name IT Glue does not let us change."`
}

//go:embed profile-default.json
var defaultProfile []byte

var vendorHosts = []string{"https://api.itglue.com", "https://api.eu.itglue.com", "https://api.au.itglue.com"}

var regionNames = map[string]string{"us": "US", "eu": "EU", "au": "AU"}

func (h Hosts) of(region string) string {
	switch region {
	case "eu":
		return h.EU
	case "au":
		return h.AU
	}
	return h.US
}

func (p Profile) timeout() time.Duration     { return seconds(p.TimeoutSeconds) }
func (p Profile) quietWindow() time.Duration { return seconds(p.QuietWindowSeconds) }
func (p Profile) longestWait() time.Duration { return seconds(p.LongestWaitSeconds) }

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

var profileSchema = component.SchemaOf[Profile]()

// loadProfile lays the host's profile over the default, and checks the whole.
func loadProfile(host *component.Host) (Profile, error) {
	var p Profile
	raw := json.RawMessage(defaultProfile)
	if own := host.Profiles["itglue"]; len(bytes.TrimSpace(own)) > 0 {
		merged, err := laidOver(defaultProfile, own)
		if err != nil {
			return p, component.Errorf(component.InvalidInput, "the IT Glue profile is not a JSON object").Then("`schema itglue-profile` shows its form.")
		}
		raw = merged
	}
	if ps := profileSchema.Check(raw); ps != nil {
		return p, &component.Error{Code: component.InvalidInput, Message: "the IT Glue profile is not valid:", Problems: ps}
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, component.Errorf(component.InvalidInput, "the IT Glue profile does not fit its schema")
	}
	for _, region := range []string{"us", "eu", "au"} {
		if base := p.Hosts.of(region); !allowed(host, base) {
			return p, &component.Error{Code: component.InvalidInput, Message: "the IT Glue profile is not valid:",
				Problems: []component.Problem{{Pointer: "/hosts/" + region, Message: "is not one of IT Glue's hosts, and not allowed on this host"}},
				Do:       "The operator allows it with --allow-endpoint " + base + "."}
		}
	}
	return p, nil
}

// laidOver gives the default document with the members of another in place of
// its own; objects are merged, everything else is replaced.
func laidOver(under, over json.RawMessage) (json.RawMessage, error) {
	var base, top map[string]json.RawMessage
	if err := json.Unmarshal(over, &top); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(under, &base); err != nil || base == nil {
		return over, nil
	}
	for name, value := range top {
		if isObject(value) && isObject(base[name]) {
			merged, err := laidOver(base[name], value)
			if err != nil {
				return nil, err
			}
			value = merged
		}
		base[name] = value
	}
	return json.Marshal(base)
}

func isObject(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) }

// allowed reports whether the key may be sent to a base URL: one of IT Glue's
// own, or one that the operator named.
func allowed(host *component.Host, base string) bool {
	same := func(other string) bool { return normalURL(other) == normalURL(base) && normalURL(base) != "" }
	return slices.ContainsFunc(vendorHosts, same) || slices.ContainsFunc(host.AllowedEndpoints, same)
}

func vendors(base string) bool {
	return slices.ContainsFunc(vendorHosts, func(v string) bool { return v == normalURL(base) })
}

// normalURL is a base URL in one spelling, or "" when it is none.
func normalURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return strings.ToLower(u.Scheme+"://"+u.Host) + strings.TrimRight(u.Path, "/")
}
