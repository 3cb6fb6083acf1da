package itgluerevio

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// Document is the configuration of an instance: what the wizard saves, what
// `instance apply` takes and what `instance export` gives. The answers of each
// page stand under the page's name.
type Document struct {
	Name        string                       `json:"name" jsonschema:"minLength=1,maxLength=100" jsonschema_description:"The instance's name."`
	RunAs       string                       `json:"runAs,omitempty" jsonschema_description:"The service account that unattended runs act as."`
	Connections Connections                  `json:"connections"`
	AssetTypes  AssetTypes                   `json:"assetTypes,omitempty"`
	Fields      map[string]map[string]string `json:"fields,omitempty" jsonschema_description:"By t and flexible asset type id: Rev.io field to flexible asset field id. An absent field is skipped."`
	Types       map[string]string            `json:"types,omitempty" jsonschema_description:"By t and flexible asset type id: the Rev.io asset type of what is created."`
	Rules       Rules                        `json:"rules,omitempty"`
	Alerts      Alerts                       `json:"alerts,omitempty" jsonschema_description:"Who is told what is wrong."`
}

// Connections are the answers of page 1. Secrets are written as ${env:NAME} or
// ${file:PATH}, literally (they are sealed then), or as ${sealed} to keep what
// is stored.
type Connections struct {
	Revio  RevioConnection  `json:"revio"`
	ITGlue ITGlueConnection `json:"itglue"`
}

// RevioConnection is how Rev.io is reached.
type RevioConnection struct {
	Tenant       string `json:"tenant" jsonschema:"minLength=1" jsonschema_description:"The domain of the tenant's PSA site, such as acme.psarev.io."`
	ClientID     string `json:"clientId" jsonschema:"minLength=1"`
	ClientSecret string `json:"clientSecret" jsonschema:"minLength=1"`
	Production   *bool  `json:"production,omitempty" jsonschema_description:"Production Mode; on unless it says false."`
}

// ITGlueConnection is how IT Glue is reached.
type ITGlueConnection struct {
	Region         string `json:"region" jsonschema:"enum=us,enum=eu,enum=au"`
	APIKey         string `json:"apiKey" jsonschema:"minLength=1"`
	Endpoint       string `json:"endpoint,omitempty" jsonschema_description:"Another address than the region's; the operator must allow it with --allow-endpoint."`
	TestPasswordID string `json:"testPasswordId,omitempty" jsonschema_description:"A password on which doctor may test Password Access. Asking for it is an access in IT Glue."`
}

// AssetTypes are the answers of page 2.
type AssetTypes struct {
	TypeIDs []string `json:"typeIds" jsonschema:"uniqueItems=true" jsonschema_description:"The flexible asset types to sync; any other is invisible."`
}

// Rules are optional; the zero value is the default.
type Rules struct {
	FirstWinner         string            `json:"firstWinner,omitempty" jsonschema:"enum=ask,enum=itglue,enum=revio" jsonschema_description:"Whose value counts where both sides differ at first contact."`
	FirstRun            string            `json:"firstRun,omitempty" jsonschema:"enum=write,enum=review" jsonschema_description:"Whether discovery writes, or ends in a plan to look at."`
	Fields              map[string]string `json:"fields,omitempty" jsonschema_description:"By Rev.io field: ask, itglue, revio or newest, where both sides changed."`
	WriteTypesWithFiles []string          `json:"writeTypesWithFiles,omitempty" jsonschema_description:"Flexible asset types whose records are written although they hold files, which IT Glue then loses."`
	TaggedPasswords     bool              `json:"taggedPasswords,omitempty" jsonschema_description:"Whether passwords that are only tagged on an asset are listed too."`
	InactiveStatuses    []string          `json:"inactiveStatuses,omitempty" jsonschema_description:"Organization statuses that count as inactive."`
	Guard               Guard             `json:"guard,omitempty"`
}

// Guard is how much may be emptied, gone or renamed at once, in percent.
type Guard struct {
	Organization int `json:"organization,omitempty" jsonschema:"minimum=0,maximum=100"`
	Instance     int `json:"instance,omitempty" jsonschema:"minimum=0,maximum=100"`
}

var documentSchema = component.SchemaOf[Document]()

// DocumentSchema is the schema of an instance's document.
func DocumentSchema() *component.Schema { return documentSchema }

// readDocument reads an instance file (YAML or JSON), checked against the schema.
func readDocument(text string) (map[string]any, Document, error) {
	raw, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return nil, Document{}, component.Errorf(component.InvalidInput, "the instance file is not YAML: %s", yamlFault(err.Error()))
	}
	var fields map[string]any
	if json.Unmarshal(raw, &fields) == nil {
		liftRules(fields)
		productionOn(fields)
		if raw, err = json.Marshal(fields); err != nil {
			return nil, Document{}, err
		}
	}
	if ps := documentSchema.Check(raw); ps != nil {
		return nil, Document{}, &component.Error{Code: component.InvalidInput, Message: "the instance file is not valid:", Problems: ps, Do: "Nothing was changed. `schema instance` shows what it may hold."}
	}
	d, err := parse(raw)
	if err == nil {
		err = d.check()
	}
	return fields, d, err
}

// liftRules moves the rules that steps 3 and 4 ask for from those pages'
// answers to where the document keeps them.
func liftRules(document map[string]any) {
	for _, page := range []string{"fields", "types"} {
		answers, _ := document[page].(map[string]any)
		asked, ok := answers["rules"].(map[string]any)
		if !ok {
			continue
		}
		delete(answers, "rules")
		rules, _ := document["rules"].(map[string]any)
		if rules == nil {
			rules = map[string]any{}
			document["rules"] = rules
		}
		for name, v := range asked {
			rules[name] = v
		}
	}
}

// productionOn says that Production Mode is on, where a document says nothing.
func productionOn(document map[string]any) {
	connections, _ := document["connections"].(map[string]any)
	if settings, ok := connections["revio"].(map[string]any); ok && settings["production"] == nil {
		settings["production"] = true
	}
}

// yamlFault words what is wrong with a file, without what stands in it: a
// secret that is not in quotes may be what YAML stumbles over.
func yamlFault(said string) string {
	line := yamlLine.FindString(said)
	switch {
	case strings.Contains(said, "unknown anchor"):
		return "a value that begins with * must stand in quotes"
	case strings.Contains(said, "already set"):
		return line + ": a name stands there twice"
	}
	said, _, _ = strings.Cut(said, "\n")
	return yamlQuoted.ReplaceAllStringFunc(said, func(quoted string) string {
		if len(quoted) == len("','") {
			return quoted
		}
		return "…"
	})
}

var (
	yamlLine   = regexp.MustCompile(`line \d+`)
	yamlQuoted = regexp.MustCompile("'[^']*'|\"[^\"]*\"|`[^`]*`")
)

func parse(raw []byte) (d Document, err error) {
	if len(raw) == 0 {
		return d, nil
	}
	if err = json.Unmarshal(raw, &d); err != nil {
		return d, component.Errorf(component.Internal, "the stored configuration cannot be read: %w", err)
	}
	return d, nil
}

// check says what the schema cannot.
func (d Document) check() error {
	var ps []component.Problem
	for t := range d.Fields {
		if !slices.Contains(d.AssetTypes.TypeIDs, strings.TrimPrefix(t, "t")) || !strings.HasPrefix(t, "t") {
			ps = append(ps, component.Problem{Pointer: "/fields/" + t, Message: "is not t and the id of a selected flexible asset type"})
		}
	}
	for t := range d.Types {
		if !slices.Contains(d.AssetTypes.TypeIDs, strings.TrimPrefix(t, "t")) || !strings.HasPrefix(t, "t") {
			ps = append(ps, component.Problem{Pointer: "/types/" + t, Message: "is not t and the id of a selected flexible asset type"})
		}
	}
	for f, w := range d.Rules.Fields {
		if !slices.Contains([]string{"ask", "itglue", "revio", "newest"}, w) {
			ps = append(ps, component.Problem{Pointer: "/rules/fields/" + f, Message: "must be one of ask, itglue, revio, newest"})
		}
	}
	if ps == nil {
		return nil
	}
	slices.SortFunc(ps, func(a, b component.Problem) int { return strings.Compare(a.Pointer, b.Pointer) })
	return &component.Error{Code: component.InvalidInput, Message: "the instance file is not valid:", Problems: ps, Do: "Nothing was changed."}
}

// complete says which page lacks its answers, or "".
func (d Document) complete() string {
	switch {
	case d.Connections.ITGlue.APIKey == "" || d.Connections.Revio.ClientSecret == "":
		return "step 1, Connections"
	case len(d.AssetTypes.TypeIDs) == 0:
		return "step 2, Select Flexible Asset Types"
	}
	for _, id := range d.AssetTypes.TypeIDs {
		if d.Types["t"+id] == "" {
			return "step 4, Map Asset Types"
		}
	}
	return ""
}

// config gives the document as a cycle needs it.
func (d Document) config() cycle.Config {
	c := cycle.Config{Tenant: d.Connections.Revio.Tenant, Region: d.Connections.ITGlue.Region, TypeIDs: d.AssetTypes.TypeIDs, Fields: map[string]map[string]string{}, Types: map[string]string{},
		Rules: cycle.Rules{FirstWinner: reconcile.Winner(d.Rules.FirstWinner), ReviewFirst: d.Rules.FirstRun == "review", Fields: map[string]reconcile.Winner{},
			WriteTypesWithFiles: d.Rules.WriteTypesWithFiles, TaggedPasswords: d.Rules.TaggedPasswords, InactiveStatuses: d.Rules.InactiveStatuses,
			GuardOrganization: d.Rules.Guard.Organization, GuardInstance: d.Rules.Guard.Instance}}
	if c.Rules.InactiveStatuses == nil {
		c.Rules.InactiveStatuses = []string{"Inactive"}
	}
	for f, w := range d.Rules.Fields {
		c.Rules.Fields[f] = reconcile.Winner(w)
	}
	for t, fields := range d.Fields {
		c.Fields[strings.TrimPrefix(t, "t")] = fields
	}
	for t, id := range d.Types {
		c.Types[strings.TrimPrefix(t, "t")] = id
	}
	return c
}
