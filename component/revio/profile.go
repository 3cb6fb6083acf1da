package revio

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"github.com/itglue-revio/itglue-revio/component"
)

// Profile is everything that is assumed about a Rev.io tenant's API, as data:
// where it is, what its paths, parameters and fields are called, what it can do
// and how fast it may be asked. The built-in one is profile-default.json; an
// operator replaces it, wholly or a few lines of it, without a new program.
type Profile struct {
	BaseURL         string            `json:"baseURL" jsonschema_description:"Where the API is. CONFIRMED by the vendor's examples."`
	ModuleBase      map[string]string `json:"moduleBase" jsonschema_description:"Other base URLs, by the first segment of a path (the module). Not used in a sandbox."`
	SandboxBaseURL  string            `json:"sandboxBaseURL" jsonschema_description:"Where the API is while Production Mode is off. Empty: nothing is written then."`
	Headers         Headers           `json:"headers"`
	Token           TokenExchange     `json:"token"`
	Paths           Paths             `json:"paths"`
	Query           Query             `json:"query"`
	PerPage         int               `json:"perPage" jsonschema:"minimum=1,maximum=500" jsonschema_description:"Records asked for in one page."`
	UpdateVerb      string            `json:"updateVerb" jsonschema:"enum=PATCH,enum=PUT" jsonschema_description:"PATCH sends what changed; PUT sends the whole record as it was read, with the changes. PUT is taken up by itself after a 405."`
	ListPointers    []string          `json:"listPointers" jsonschema_description:"JSON pointers at which an answer holds its list, tried in order. A single record is looked for along the same pointers."`
	Totals          []string          `json:"totals" jsonschema_description:"Names under which a list says how many records there are. None: lists end with an empty page."`
	Fields          Fields            `json:"fields"`
	AssetTypesFixed []FixedType       `json:"assetTypesFixed" jsonschema_description:"The asset types, for a tenant that does not list them."`
	Capabilities    Capabilities      `json:"capabilities"`
	MaxLength       map[string]int    `json:"maxLength" jsonschema_description:"The most characters that an asset field takes. ASSUMED; a field that is not named has no limit."`
	Limits          Limits            `json:"limits"`
}

// Headers names the headers of a call.
type Headers struct {
	Tenant      string                      `json:"tenant" jsonschema:"minLength=1" jsonschema_description:"Carries the tenant on every call. CONFIRMED."`
	Idempotency string                      `json:"idempotency" jsonschema_description:"Carries a random key on a create. None is documented; nothing relies on it."`
	Extra       map[string]component.Secret `json:"extra" jsonschema_description:"Further headers for every call, such as a gateway's subscription key."`
}

// Paths names where things are; {id} stands for a record's id.
type Paths struct {
	Customers  string `json:"customers" jsonschema:"pattern=^/"`
	Customer   string `json:"customer" jsonschema:"pattern=^/.*[{]id[}]"`
	AssetTypes string `json:"assetTypes" jsonschema:"pattern=^/"`
	Assets     string `json:"assets" jsonschema:"pattern=^/"`
	Asset      string `json:"asset" jsonschema:"pattern=^/.*[{]id[}]"`
}

// Query names the parameters of a list; an empty name is not sent.
type Query struct {
	Page              string `json:"page" jsonschema_description:"Counts from 1. Empty: lists come whole, in one answer."`
	PerPage           string `json:"perPage"`
	CustomerID        string `json:"customerId"`
	SerialNumber      string `json:"serialNumber"`
	ExternalReference string `json:"externalReference"`
	ModifiedSince     string `json:"modifiedSince" jsonschema_description:"Only tried by the check: listings are always whole, as nothing is documented."`
}

// Names are the names that a field has on the wire: the first is written, all
// are read, whatever their case and underscores.
type Names []string

// Fields names the fields of each kind of record.
type Fields struct {
	Asset     AssetNames     `json:"asset"`
	AssetType AssetTypeNames `json:"assetType"`
	Customer  CustomerNames  `json:"customer"`
}

// AssetNames names the fields of an asset. A field without a name is left out.
type AssetNames struct {
	ID                Names `json:"id" jsonschema:"minItems=1"`
	Name              Names `json:"name" jsonschema:"minItems=1"`
	Description       Names `json:"description"`
	SerialNumber      Names `json:"serialNumber"`
	OperatingSystem   Names `json:"operatingSystem"`
	IPAddress         Names `json:"ipAddress"`
	InstallDate       Names `json:"installDate"`
	TypeID            Names `json:"assetTypeId" jsonschema:"minItems=1"`
	TypeName          Names `json:"assetTypeName"`
	CustomerID        Names `json:"customerId" jsonschema:"minItems=1"`
	Status            Names `json:"status"`
	ExternalReference Names `json:"externalReference"`
	Created           Names `json:"created"`
	Modified          Names `json:"modified"`
}

// AssetTypeNames names the fields of an asset type.
type AssetTypeNames struct {
	ID     Names `json:"id" jsonschema:"minItems=1"`
	Name   Names `json:"name" jsonschema:"minItems=1"`
	Active Names `json:"active"`
}

// CustomerNames names the fields of a customer. The default names no
// description and no notes, as no such field is known.
type CustomerNames struct {
	ID          Names `json:"id" jsonschema:"minItems=1"`
	Name        Names `json:"name" jsonschema:"minItems=1"`
	Status      Names `json:"status"`
	Description Names `json:"description" jsonschema_description:"Takes IT Glue's description, where it is named."`
	Notes       Names `json:"notes" jsonschema_description:"Takes IT Glue's quick notes, where it is named."`
	City        Names `json:"city"`
	Website     Names `json:"website"`
	Phone       Names `json:"phone"`
	Modified    Names `json:"modified"`
}

// FixedType is an asset type that the profile itself lists.
type FixedType struct {
	ID   string `json:"id" jsonschema:"minLength=1"`
	Name string `json:"name" jsonschema:"minLength=1"`
}

// Capabilities says what a tenant offers.
type Capabilities struct {
	CustomerList      bool `json:"customerList" jsonschema_description:"Customers can be listed. Some tenants are known to refuse it."`
	UpdateCustomer    bool `json:"updateCustomer" jsonschema_description:"A customer can be changed."`
	ExternalReference bool `json:"externalReference" jsonschema_description:"An asset keeps a reference of ours and shows it again."`
	CreateCustomer    bool `json:"createCustomer" jsonschema_description:"Must be false: no customer is created, as that needs a bill profile."`
	PasswordList      bool `json:"passwordList" jsonschema_description:"Must be false: no endpoint for a password list is known."`
}

// Limits says how fast and how long a tenant may be asked.
type Limits struct {
	RatePerSecond      float64 `json:"ratePerSecond" jsonschema:"exclusiveMinimum=0"`
	Burst              int     `json:"burst" jsonschema:"minimum=1"`
	InFlight           int     `json:"inFlight" jsonschema:"minimum=1,maximum=64"`
	PerDay             int     `json:"perDay" jsonschema:"minimum=0" jsonschema_description:"Calls in a day (UTC) from one process. 0: no limit."`
	TimeoutSeconds     float64 `json:"timeoutSeconds" jsonschema:"exclusiveMinimum=0" jsonschema_description:"For one try of one call, its answer read."`
	Retries            int     `json:"retries" jsonschema:"minimum=0,maximum=10" jsonschema_description:"Further tries of a call that may be sent again."`
	RetryBaseSeconds   float64 `json:"retryBaseSeconds" jsonschema:"minimum=0" jsonschema_description:"The longest wait before the first further try; it doubles with each."`
	RetryMaxSeconds    float64 `json:"retryMaxSeconds" jsonschema:"minimum=0" jsonschema_description:"The longest wait; an answer that asks for more ends the call."`
	QuietWindowSeconds float64 `json:"quietWindowSeconds" jsonschema:"minimum=0" jsonschema_description:"How long after an unclear create it may still appear: nothing is created again before."`
}

// JSONSchemaExtend makes every line optional: a profile is merged over the
// built-in one, so one that names three lines is a whole one.
func (Profile) JSONSchemaExtend(s *jsonschema.Schema) {
	s.Required = nil
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		if p.Value.Properties != nil {
			Profile{}.JSONSchemaExtend(p.Value)
		}
	}
}

//go:embed profile-default.json
var defaultProfile []byte

// profileSchema is the published schema of a profile.
var profileSchema = component.SchemaOf[Profile]()

// DefaultProfile gives a copy of the built-in profile.
func DefaultProfile() *Profile {
	p, err := ReadProfile(nil)
	if err != nil {
		panic(fmt.Sprintf("revio: the built-in profile is not valid: %v", err))
	}
	return p
}

// ReadProfile merges a profile document, whole or in part, over the built-in
// profile: objects line by line, lists and values as a whole. Nothing and null
// give the built-in one. Errors are [component.InvalidInput] and name each
// wrong line as a JSON pointer.
func ReadProfile(doc json.RawMessage) (*Profile, error) {
	var merged map[string]any
	if err := json.Unmarshal(defaultProfile, &merged); err != nil {
		return nil, component.Errorf(component.Internal, "the built-in Rev.io profile is not JSON: %w", err)
	}
	if doc = bytes.TrimSpace(doc); len(doc) > 0 && string(doc) != "null" {
		if ps := profileSchema.Check(doc); ps != nil {
			return nil, invalidProfile(ps)
		}
		var over map[string]any
		if err := json.Unmarshal(doc, &over); err != nil {
			return nil, invalidProfile([]component.Problem{{Message: "is not a JSON object"}})
		}
		if token, ok := over["token"].(map[string]any); ok && token["preset"] != nil && token["url"] == nil {
			token["url"] = "" // another preset has another address
		}
		overlay(merged, over)
	}
	raw, err := json.Marshal(merged)
	if err != nil {
		return nil, component.Errorf(component.Internal, "the Rev.io profile cannot be encoded: %w", err)
	}
	p := &Profile{}
	if err := json.Unmarshal(raw, p); err != nil {
		return nil, invalidProfile([]component.Problem{{Message: "does not fit the profile's form"}})
	}
	p.Token.fill()
	if ps := p.problems(); len(ps) > 0 {
		return nil, invalidProfile(ps)
	}
	return p, nil
}

func invalidProfile(ps []component.Problem) error {
	return &component.Error{Code: component.InvalidInput, Message: "the Rev.io profile is not valid:", Problems: ps,
		Do: "Correct these lines of the file given with --revio-profile; `schema revio-profile` describes them all."}
}

// overlay copies what over holds into base.
func overlay(base, over map[string]any) {
	for k, v := range over {
		from, isObject := v.(map[string]any)
		if into, ok := base[k].(map[string]any); ok && isObject {
			overlay(into, from)
			continue
		}
		base[k] = v
	}
}

// problems says what the schema cannot.
func (p *Profile) problems() []component.Problem {
	var ps []component.Problem
	wrong := func(pointer, format string, args ...any) {
		ps = append(ps, component.Problem{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	for _, u := range p.urls() {
		if _, err := parseBase(u.value); err != nil {
			wrong(u.pointer, "%v", err)
		}
	}
	if p.Capabilities.CreateCustomer {
		wrong("/capabilities/createCustomer", "must be false: no customer is created in Rev.io")
	}
	if p.Capabilities.PasswordList {
		wrong("/capabilities/passwordList", "must be false: no password list is sent to Rev.io")
	}
	for i, pointer := range p.ListPointers {
		if pointer != "" && !strings.HasPrefix(pointer, "/") {
			wrong(fmt.Sprintf("/listPointers/%d", i), "is not a JSON pointer: it must start with /")
		}
	}
	for field := range p.MaxLength {
		if field != "externalReference" && !slices.Contains(assetFields, field) {
			wrong("/maxLength/"+field, "is not a field of an asset; those are %s", strings.Join(assetFields, ", "))
		}
	}
	return append(ps, p.Token.problems()...)
}

// Fit cuts a value to what the profile says that the asset field takes, and
// says whether it had to. Lengths count characters. Compare with the fitted
// value, or a cut one is written again every time.
func (p *Profile) Fit(field, value string) (fitted string, cut bool) {
	most := p.MaxLength[field]
	runes := []rune(value)
	if most <= 0 || len(runes) <= most {
		return value, false
	}
	return strings.TrimRight(string(runes[:most]), " \t\r\n"), true
}

// QuietWindow is how long after an unclear create it may still appear.
func (p *Profile) QuietWindow() time.Duration { return seconds(p.Limits.QuietWindowSeconds) }

// seconds makes a duration of a profile's number.
func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
