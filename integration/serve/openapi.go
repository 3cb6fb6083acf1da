package serve

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
)

// OpenAPI describes the HTTP face of a catalog as an OpenAPI 3.1 document, with
// its members sorted: one path for each action, with the very schemas that the
// action checks, and the endpoints beside them. The definition says which
// actions are led by a run.
func OpenAPI(d integration.Definition, catalog *component.Catalog) ([]byte, error) {
	doc := document31{paths: object31{}, schemas: object31{}, led: runs(d), tags: map[string]string{}}
	for _, a := range catalog.Describe() {
		if served(a) {
			doc.action(a)
		}
	}
	for _, e := range endpoints() {
		doc.endpoint(e)
	}
	doc.schemas["Problem"] = component.SchemaOf[Problem]()
	return canonical(object31{
		"openapi":           "3.1.0",
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info": object31{"title": d.Title, "version": "1", "summary": "The actions of " + d.Name + " over HTTP.",
			"description": d.Description + "\n\nEvery action is a POST of its input. A flow answers 202 with its run; what it comes to is kept with the run.",
			"license":     object31{"name": "Apache-2.0", "identifier": "Apache-2.0"}},
		"servers":  []any{object31{"url": "/", "description": "The runner that serves this document."}},
		"security": []any{object31{"session": []any{}}, object31{"token": []any{}}},
		"tags":     doc.allTags(),
		"paths":    doc.paths,
		"components": object31{
			"schemas": doc.schemas, "parameters": parameters31(), "responses": responses31(),
			"securitySchemes": object31{
				"session": object31{"type": "apiKey", "in": "cookie", "name": cookieName, "description": "Set by signing in; without TLS, on a loopback address, it is called sid- and the port."},
				"token":   object31{"type": "http", "scheme": "bearer", "description": "An API token (irt_…), made by tokens.create."},
			},
		},
	})
}

// cookieName is the session's cookie as package access sets it over TLS; on a
// loopback address without TLS it is sid- and the port.
const cookieName = "__Host-sid"

// runs names the flows that are led by a run; a direct flow answers at once.
func runs(d integration.Definition) map[string]bool {
	led := map[string]bool{}
	for _, f := range d.Flows {
		if !f.Direct {
			led[f.Describe().Name] = true
		}
	}
	return led
}

// object31 is an object of the document.
type object31 = map[string]any

// document31 is an OpenAPI 3.1 document while it is made.
type document31 struct {
	paths, schemas object31
	led            map[string]bool
	tags           map[string]string
}

func ref(kind, name string) object31 { return object31{"$ref": "#/components/" + kind + "/" + name} }

func refs(kind string, names []string) []any {
	all := make([]any, len(names))
	for i, n := range names {
		all[i] = ref(kind, n)
	}
	return all
}

func body31(media string, schema any) object31 {
	return object31{media: object31{"schema": schema}}
}

const mediaJSON = "application/json"

// actionPath is where an action is called.
func actionPath(d component.Description) string {
	if d.Scope == component.OnHost {
		return "/v1/actions/" + d.Name
	}
	return "/v1/instances/{instance}/actions/" + d.Name
}

// action adds one action.
func (doc *document31) action(d component.Description) {
	in, out := d.Name+".input", d.Name+".output"
	doc.schemas[in], doc.schemas[out] = d.Input, d.Output
	tag, _, _ := strings.Cut(d.Name, ".")
	doc.tags[tag] = "The actions of " + tag + "."
	var params []string
	if d.Scope != component.OnHost {
		params = append(params, "Instance")
	}
	if d.Effect == component.Writes {
		params = append(params, "IdempotencyKey")
	}
	if hasProperty(d.Input, versionProperty) {
		params = append(params, "IfMatch")
	}
	responses := object31{"200": object31{"description": "What it answers with.", "content": body31(mediaJSON, ref("schemas", out))}}
	if doc.led[d.Name] {
		params = append(params, "Prefer")
		doc.schemas["RunAccepted"] = component.SchemaOf[RunAccepted]()
		responses["202"] = object31{"description": "A run was asked for; Location names it.", "content": body31(mediaJSON, ref("schemas", "RunAccepted")),
			"headers": object31{"Location": object31{"description": "The run.", "schema": object31{"type": "string"}}}}
	}
	for _, status := range []string{"401", "403", "404", "409", "413", "422", "500", "502", "503"} {
		responses[status] = ref("responses", status)
	}
	if slices.Contains(params, "IfMatch") {
		responses["412"] = ref("responses", "412")
	}
	operation := object31{
		"operationId": d.Name, "summary": d.Summary, "tags": []any{tag}, "responses": responses,
		"requestBody": object31{"required": true, "content": body31(mediaJSON, ref("schemas", in))},
		"x-effect":    d.Effect, "x-access": d.Access, "x-scope": d.Scope, "x-sensitive": d.Sensitive, "x-run": doc.led[d.Name],
	}
	if len(params) > 0 {
		operation["parameters"] = refs("parameters", params)
	}
	doc.paths[actionPath(d)] = object31{"post": operation}
}

// endpoint adds what is served beside the actions.
func (doc *document31) endpoint(e endpoint) {
	doc.tags[e.tag] = "The endpoints of " + e.tag + "."
	success := object31{"description": e.words}
	status := e.status
	if status == "" {
		status = "200"
	}
	if e.out != nil {
		doc.schemas[e.out.name] = e.out.schema
		media := e.media
		if media == "" {
			media = mediaJSON
		}
		success["content"] = body31(media, ref("schemas", e.out.name))
	}
	responses := object31{status: success}
	for _, refused := range e.refusals {
		responses[refused] = ref("responses", refused)
	}
	operation := object31{"operationId": e.id, "summary": e.summary, "tags": []any{e.tag}, "responses": responses}
	if e.open {
		operation["security"] = []any{}
	}
	if len(e.params) > 0 {
		operation["parameters"] = refs("parameters", e.params)
	}
	if e.in != nil {
		doc.schemas[e.in.name] = e.in.schema
		operation["requestBody"] = object31{"required": true, "content": body31(mediaJSON, ref("schemas", e.in.name))}
	}
	at, ok := doc.paths[e.path].(object31)
	if !ok {
		at = object31{}
		doc.paths[e.path] = at
	}
	at[e.method] = operation
}

func (doc *document31) allTags() []any {
	var all []any
	for name, words := range doc.tags {
		all = append(all, object31{"name": name, "description": words})
	}
	slices.SortFunc(all, func(a, b any) int {
		return strings.Compare(a.(object31)["name"].(string), b.(object31)["name"].(string))
	})
	return all
}

func parameters31() object31 {
	one := func(in, name, words string, required bool) object31 {
		return object31{"name": name, "in": in, "description": words, "required": required, "schema": object31{"type": "string"}}
	}
	return object31{
		"Instance":       one("path", "instance", "The instance, by name or id.", true),
		"Run":            one("path", "run", "The run's id.", true),
		"IdempotencyKey": one("header", "Idempotency-Key", "Makes the request safe to send again: within 24 hours the same key gives the first answer. With another body it is refused.", false),
		"IfMatch":        one("header", "If-Match", "The ETag of what was read: if it was changed since, nothing is done (412).", false),
		"Prefer":         one("header", "Prefer", "wait=N: wait up to N seconds (at most 10) for the run to end, and answer 200 with what it came to.", false),
		"LastEventID":    one("header", "Last-Event-ID", "The id of the last event seen, to go on after it.", false),
		"Return":         one("query", "return", "The path of the console to come back to.", false),
		"StepUp":         one("query", "step-up", "1: to prove again who you are.", false),
		"OIDCCode":       one("query", "code", "Of the identity provider.", false),
		"OIDCState":      one("query", "state", "Of the identity provider.", false),
		"SignInToken":    one("query", "token", "Of the link.", true),
	}
}

func responses31() object31 {
	words := map[int]string{
		http.StatusUnauthorized: "Not signed in.", http.StatusForbidden: "A right or a fresh sign-in is missing.",
		http.StatusNotFound: "There is no such thing, or it is not shown to whom asks.", http.StatusConflict: "It changed, or a person has to decide first.",
		http.StatusPreconditionFailed: "It was changed since it was read.", http.StatusRequestEntityTooLarge: "The body is larger than 1 MiB.",
		http.StatusUnprocessableEntity: "The body is not valid; problems says where.", http.StatusTooManyRequests: "Too many tries.",
		http.StatusInternalServerError: "A defect of this program.", http.StatusBadGateway: "The other system refused, or the outcome of a write is not known.",
		http.StatusServiceUnavailable: "Certainly not carried out; try again.",
	}
	all := object31{}
	for status, text := range words {
		all[strconv.Itoa(status)] = object31{"description": text, "content": body31("application/problem+json", ref("schemas", "Problem"))}
	}
	return all
}

// canonical gives a document as JSON with its members sorted, indented and with
// a newline at its end, so that the same document is always the same bytes.
func canonical(document any) ([]byte, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err = e.Encode(v)
	return b.Bytes(), err
}
