package serve

import (
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/access"
)

// RunRef names a run that was asked for.
type RunRef struct {
	ID    string `json:"id"`
	Flow  string `json:"flow"`
	State string `json:"state" jsonschema:"enum=waiting,enum=queued,enum=running,enum=succeeded,enum=failed,enum=stopped"`
}

// RunAccepted is the answer to a flow that is asked for: what it comes to is
// kept with its run.
type RunAccepted struct {
	Run RunRef `json:"run"`
}

// RunShown is a run: how far it is, and what it came to.
type RunShown struct {
	RunRef
	Cause    string           `json:"cause" jsonschema_description:"Why it runs: manual, schedule or decision."`
	Actor    string           `json:"actor" jsonschema_description:"Who it acts as."`
	Stage    string           `json:"stage,omitempty" jsonschema_description:"What it is doing, in words."`
	Done     int              `json:"done"`
	Total    int              `json:"total" jsonschema_description:"0: not known."`
	Counters map[string]int   `json:"counters"`
	Created  time.Time        `json:"created"`
	Started  *time.Time       `json:"started,omitempty"`
	Ended    *time.Time       `json:"ended,omitempty"`
	Output   any              `json:"output,omitempty" jsonschema_description:"Of a run that succeeded: what the flow's action answers with."`
	Problem  *component.Fault `json:"problem,omitempty" jsonschema_description:"Of a run that failed or was stopped: why."`
}

// The bodies of the endpoints that are no actions. What they do is in package
// access; here they are described.
type (
	signInBody struct {
		Name     string `json:"name" jsonschema:"minLength=1"`
		Password string `json:"password" jsonschema:"minLength=1,format=password"`
		Code     string `json:"code,omitempty" jsonschema_description:"Of the authenticator app, where the account has one."`
	}
	stepUpBody struct {
		Password string `json:"password,omitempty" jsonschema:"format=password"`
		Code     string `json:"code,omitempty" jsonschema_description:"Of the authenticator app."`
	}
	setupBody struct {
		Token    string `json:"token" jsonschema:"minLength=1" jsonschema_description:"The one-time token of the link."`
		Name     string `json:"name" jsonschema:"minLength=1"`
		Password string `json:"password" jsonschema:"minLength=1,format=password"`
	}
	healthShown struct {
		Status string `json:"status" jsonschema:"enum=ok,enum=unavailable"`
	}
)

// part is a named schema of the document.
type part struct {
	name   string
	schema *component.Schema
}

func partOf[T any](name string) *part { return &part{name, component.SchemaOf[T]()} }

// endpoint is what is served beside the actions.
type endpoint struct {
	method, path, id, tag, summary string
	open                           bool // needs no sign-in
	params                         []string
	in, out                        *part
	status                         string // of success; default 200
	media                          string // of out; default application/json
	words                          string // for success
	refusals                       []string
}

// endpoints are all of them, in the order of the document.
func endpoints() []endpoint {
	session := partOf[access.SessionAnswer]("Session")
	return []endpoint{
		{method: "get", path: "/v1/session", id: "session.show", tag: "session", summary: "Who is signed in, and what they may do.", open: true, out: session, words: "Signed in.", refusals: []string{"401"}},
		{method: "post", path: "/v1/session", id: "session.create", tag: "session", summary: "Sign in with a local account.", open: true, in: partOf[signInBody]("SignInBody"), out: session, words: "Signed in; the cookie is set.", refusals: []string{"401", "403", "422", "429"}},
		{method: "delete", path: "/v1/session", id: "session.delete", tag: "session", summary: "Sign out.", status: "204", words: "Signed out.", refusals: []string{"403"}},
		{method: "post", path: "/v1/session/step-up", id: "session.step-up", tag: "session", summary: "Sign in again, for what needs it within ten minutes.", in: partOf[stepUpBody]("StepUpBody"), out: session, words: "Stepped up.", refusals: []string{"401", "403", "422", "429"}},
		{method: "post", path: "/v1/setup", id: "setup", tag: "session", summary: "Choose the password of an account with a one-time token: the first administrator's, or one that somebody was invited to.", open: true, in: partOf[setupBody]("SetupBody"), out: session, words: "Made, and signed in. An account with a second factor is answered 204: sign in.", refusals: []string{"401", "403", "422", "429"}},
		{method: "get", path: "/v1/oidc/start", id: "oidc.start", tag: "session", summary: "Go to the identity provider to sign in.", open: true, params: []string{"Return", "StepUp"}, status: "302", words: "To the identity provider.", refusals: []string{"404"}},
		{method: "get", path: "/v1/oidc/callback", id: "oidc.callback", tag: "session", summary: "Come back from the identity provider.", open: true, params: []string{"OIDCCode", "OIDCState"}, status: "302", words: "Signed in; back to the console.", refusals: []string{"401"}},
		{method: "get", path: "/sign-in", id: "sign-in", tag: "session", summary: "Sign in with a one-time link.", open: true, params: []string{"SignInToken"}, status: "303", words: "Signed in; to the front page.", refusals: []string{"401"}},
		{method: "get", path: "/v1/instances/{instance}/runs/{run}", id: "run.show", tag: "run", summary: "Show a run: how far it is, and what it came to.", params: []string{"Instance", "Run"}, out: partOf[RunShown]("Run"), words: "The run.", refusals: []string{"401", "403", "404"}},
		{method: "get", path: "/v1/instances/{instance}/runs/{run}/events", id: "run.events", tag: "run", summary: "Watch a run: an event `progress` whenever it is further, `ended` at its end; the data of each is the whole run as run.show gives it, so that nothing is lost to who missed one.",
			params: []string{"Instance", "Run", "LastEventID"}, out: partOf[RunShown]("Run"), media: "text/event-stream", words: "Events. A comment is sent every 15 seconds where nothing happens.", refusals: []string{"401", "403", "404"}},
		{method: "get", path: "/v1/openapi.json", id: "openapi", tag: "host", summary: "This document.", open: true, out: partOf[map[string]any]("Document"), words: "OpenAPI 3.1.", refusals: []string{"404"}},
		{method: "post", path: "/v1/csp-report", id: "csp-report", tag: "host", summary: "Where browsers report what the console's content security policy stopped.", open: true, status: "204", words: "Counted.", refusals: []string{"403", "413"}},
		{method: "get", path: "/v1/csp-report", id: "csp-reports", tag: "host", summary: "How often browsers reported what the console's content security policy stopped.", out: partOf[ReportCount]("ReportCount"), words: "The count.", refusals: []string{"401"}},
		{method: "get", path: "/healthz", id: "health", tag: "host", summary: "Whether the databases answer.", open: true, out: partOf[healthShown]("Health"), words: "Healthy.", refusals: []string{"503"}},
	}
}
