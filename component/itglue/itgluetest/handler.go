package itgluetest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Handler serves the account at the address of a region. Any other region than
// the account's refuses its keys.
func (w *World) Handler(region string) http.Handler { return &gateway{world: w, region: region} }

// gateway is the address of a region.
type gateway struct {
	world  *World
	region string
}

// reply is an answer of the service, and what it is about.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	applied bool
	shown   bool
	records []touched
}

// touched is a record that an answer holds, or a write changed.
type touched struct{ id, organization string }

// bodyMost is the largest request: 10 MB.
const bodyMost = 10 << 20

func (g *gateway) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w := g.world
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMost+1))
	if err != nil {
		return // the caller is gone
	}
	f := w.fault(r)
	if f.Before != nil {
		f.Before(w)
	}
	entry := Request{Region: g.region, Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Write: r.Method != http.MethodGet, Fault: f.Name}
	var own reply
	switch {
	case f.LateBy > 0:
		w.applyLate(g, r.Clone(context.WithoutCancel(r.Context())), body, f.LateBy)
	case !f.fails() || f.Apply:
		own = w.respond(g.region, r, body)
	}
	out := own
	if f.fails() {
		out = reply{status: f.Status, header: f.Header, body: []byte(f.Body)}
	}
	entry.Status, entry.Applied, entry.PasswordShown, entry.At = out.status, own.applied, own.shown, w.clock()
	if f.Reset {
		entry.Status = 0
	}
	entry.about(own.records)
	w.note(entry)
	f.deliver(rw, r, out)
}

func (w *World) clock() time.Time {
	defer w.lock()()
	return w.now()
}

// about notes which records an answer or a write is about.
func (r *Request) about(records []touched) {
	for _, t := range records {
		r.Records = append(r.Records, t.id)
		if !slices.Contains(r.OrganizationIDs, t.organization) && t.organization != "" {
			r.OrganizationIDs = append(r.OrganizationIDs, t.organization)
		}
	}
}

// applyLate carries out a write that has failed already.
func (w *World) applyLate(g *gateway, r *http.Request, body []byte, by time.Duration) {
	w.late.Go(func() {
		time.Sleep(by)
		own := w.respond(g.region, r, body)
		entry := Request{Region: g.region, Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Write: true, Fault: "applied late", Status: 0, Applied: own.applied, At: w.clock()}
		entry.about(own.records)
		w.note(entry)
	})
}

// deliver sends an answer, as well as the fault lets it.
func (f Fault) deliver(rw http.ResponseWriter, r *http.Request, out reply) {
	if !pause(r, f.Delay) || f.Reset {
		panic(http.ErrAbortHandler)
	}
	if f.Transform != nil {
		out.body = f.Transform(out.body)
	}
	for name, values := range out.header {
		rw.Header()[name] = values
	}
	rw.Header().Set("Content-Length", strconv.Itoa(len(out.body)))
	rw.WriteHeader(out.status)
	half := len(out.body)
	if f.Cut || f.SlowBody > 0 {
		half /= 2
	}
	_, _ = rw.Write(out.body[:half])
	if f.Cut || f.SlowBody > 0 {
		if flusher, ok := rw.(http.Flusher); ok {
			flusher.Flush()
		}
	}
	if f.Cut || !pause(r, f.SlowBody) {
		panic(http.ErrAbortHandler)
	}
	_, _ = rw.Write(out.body[half:])
}

// pause waits, unless the caller goes away first.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// respond gives the service's own answer to a request.
func (w *World) respond(region string, r *http.Request, body []byte) reply {
	defer w.lock()()
	if refused, ok := w.admit(region, r, body); !ok {
		return refused
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	q := request{World: w, r: r, query: r.URL.Query(), body: body, key: w.keys[r.Header.Get("x-api-key")]}
	switch {
	case len(parts) == 1:
		return q.collection(parts[0])
	case len(parts) == 2:
		return q.member(parts[0], parts[1])
	case len(parts) == 4 && parts[2] == "relationships":
		return q.nested(parts[0], parts[1], parts[3])
	}
	return notFound()
}

// admit checks the key, the rate limit and the media type.
func (w *World) admit(region string, r *http.Request, body []byte) (reply, bool) {
	key, known := w.keys[r.Header.Get("x-api-key")]
	switch {
	case !known || region != w.region:
		return gatewayReply(403, "Forbidden"), false
	case key.Paused:
		return gatewayReply(or(w.switches.PausedKeyStatus, 403), "Forbidden"), false
	case !w.withinRate():
		out := gatewayReply(429, "Too Many Requests")
		if w.switches.RetryAfter != "" {
			out.header.Set("Retry-After", w.switches.RetryAfter)
		}
		return out, false
	case len(body) > bodyMost:
		return gatewayReply(413, "Request Entity Too Large"), false
	case r.Method != http.MethodGet:
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/vnd.api+json" {
			return problems(415, problem{Status: 415, Title: "Unsupported Media Type", Detail: "Content-Type must be application/vnd.api+json"}), false
		}
	}
	return reply{}, true
}

// withinRate counts a request against the window of the rate limit.
func (w *World) withinRate() bool {
	limit := w.switches.rateLimit()
	if limit < 0 {
		return true
	}
	now := w.now()
	since := now.Add(-or(w.switches.RateWindow, 5*time.Minute))
	gone := 0
	for gone < len(w.window) && !w.window[gone].After(since) {
		gone++
	}
	w.window = w.window[gone:]
	if len(w.window) >= limit {
		return false
	}
	w.window = append(w.window, now)
	return true
}

// request is one request that was let in. The world is locked.
type request struct {
	*World
	r     *http.Request
	query map[string][]string
	body  []byte
	key   Key
}

func (q request) get(name string) string {
	if v := q.query[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// collection is a path of one part: a list, a create or a change of several.
func (q request) collection(resource string) reply {
	method := q.r.Method
	switch {
	case resource == "organizations" && method == http.MethodGet:
		return q.listOrganizations()
	case resource == "organizations" && method == http.MethodPost:
		return q.createOrganization()
	case resource == "organizations" && method == http.MethodPatch:
		return q.bulk(q.changeOrganization)
	case resource == "organization_types" && method == http.MethodGet:
		return q.listNames("organization-types", q.kinds)
	case resource == "organization_statuses" && method == http.MethodGet:
		return q.listNames("organization-statuses", q.statuses)
	case resource == "flexible_asset_types" && method == http.MethodGet:
		return q.listTypes()
	case resource == "flexible_assets" && method == http.MethodGet:
		return q.listAssets()
	case resource == "flexible_assets" && method == http.MethodPost:
		return q.createAsset("")
	case resource == "flexible_assets" && method == http.MethodPatch:
		return q.bulk(q.changeAsset)
	case resource == "passwords" && method == http.MethodGet:
		return q.listPasswords("")
	}
	return notFound()
}

// member is a path of two parts: one record.
func (q request) member(resource, id string) reply {
	read, write := q.r.Method == http.MethodGet, q.r.Method == http.MethodPatch
	switch {
	case resource == "organizations" && read:
		return q.showOrganization(id)
	case resource == "organizations" && write:
		return q.one(func(a attributes) reply { return q.changeOrganization(id, a) })
	case resource == "flexible_asset_types" && read:
		return q.showType(id)
	case resource == "flexible_asset_fields" && read:
		return q.showField(id)
	case resource == "flexible_assets" && read:
		return q.showAsset(id)
	case resource == "flexible_assets" && write:
		return q.one(func(a attributes) reply { return q.changeAsset(id, a) })
	case resource == "passwords" && read:
		return q.showPassword(id)
	}
	return notFound()
}

// nested is a path through a relationship. Filters do not work there.
func (q request) nested(resource, id, related string) reply {
	read := q.r.Method == http.MethodGet
	for name := range q.query {
		if strings.HasPrefix(name, "filter[") {
			delete(q.query, name)
		}
	}
	switch {
	case resource == "flexible_asset_types" && related == "flexible_asset_fields" && read:
		return q.listFields(id)
	case resource == "organizations" && related == "passwords" && read:
		return q.listPasswords(id)
	case resource == "organizations" && related == "flexible_assets" && q.r.Method == http.MethodPost:
		return q.createAsset(id)
	}
	return notFound()
}

// attributes are those of a request's record, their names with hyphens.
type attributes map[string]json.RawMessage

func (a attributes) text(name string) string {
	var s string
	_ = json.Unmarshal(a[name], &s) // null and other forms read as ""
	return s
}

func (a attributes) number(name string) string {
	var n json.Number
	if json.Unmarshal(bytes.Trim(a[name], `"`), &n) != nil {
		return ""
	}
	return n.String()
}

type envelope struct {
	Data json.RawMessage `json:"data"`
}

func readAttributes(raw json.RawMessage) (attributes, bool) {
	var one struct {
		Type       string                     `json:"type"`
		Attributes map[string]json.RawMessage `json:"attributes"`
	}
	if json.Unmarshal(raw, &one) != nil || one.Type == "" || one.Attributes == nil {
		return nil, false
	}
	a := attributes{}
	for name, v := range one.Attributes {
		a[strings.ReplaceAll(name, "_", "-")] = v
	}
	return a, true
}

// several reads a body with a list of records.
func (q request) several() ([]attributes, bool) {
	var e envelope
	var many []json.RawMessage
	if json.Unmarshal(q.body, &e) != nil || json.Unmarshal(e.Data, &many) != nil {
		return nil, false
	}
	all := make([]attributes, len(many))
	for i, raw := range many {
		a, ok := readAttributes(raw)
		if !ok {
			return nil, false
		}
		all[i] = a
	}
	return all, true
}

// one carries out a request with one record. A body that cannot be read is a
// 500, as the service answers one that is encoded twice.
func (q request) one(do func(attributes) reply) reply {
	var e envelope
	if json.Unmarshal(q.body, &e) != nil {
		return serverError()
	}
	if bytes.HasPrefix(bytes.TrimSpace(e.Data), []byte("[")) {
		return problems(422, problem{Status: "unprocessable_entity", Title: "bulk action not allowed for Flexible Asset using this route", Source: &source{Pointer: "data"}})
	}
	a, ok := readAttributes(e.Data)
	if !ok {
		return serverError()
	}
	return do(a)
}

// bulk carries out a change of several records, whose ids are among their
// attributes.
func (q request) bulk(do func(id string, a attributes) reply) reply {
	all, ok := q.several()
	if !ok {
		return serverError()
	}
	out := reply{status: 200, header: jsonAPI()}
	var data []json.RawMessage
	for _, a := range all {
		one := do(a.number("id"), a)
		if one.status >= 300 {
			return one
		}
		var e envelope
		_ = json.Unmarshal(one.body, &e) // our own answer
		data = append(data, e.Data)
		out.records, out.applied = append(out.records, one.records...), true
	}
	out.body = encode(object{"data": data})
	return out
}
