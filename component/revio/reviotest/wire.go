package reviotest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/itglue-revio/itglue-revio/component/revio"
)

// put shows a value under a field's first name.
func (w *World) put(row map[string]any, names revio.Names, value any) {
	if len(names) == 0 {
		return
	}
	row[w.wireName(names[0])] = value
}

// show puts a text, unless a switch hides it.
func (w *World) show(row map[string]any, field string, names revio.Names, value string) {
	switch {
	case slices.Contains(w.switches.Hide, field):
	case value == "" && !w.switches.EmptyText:
		w.put(row, names, nil)
	default:
		w.put(row, names, value)
	}
}

func (w *World) wireName(name string) string {
	if !w.switches.SnakeCase {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func (w *World) idOf(id string) any {
	if w.switches.TextIDs {
		return id
	}
	return json.Number(id)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// field finds a field of a body by its first name, whatever the case and the
// underscores, as the vendor's binding is thought to.
func field(body map[string]any, names revio.Names) any {
	if len(names) == 0 {
		return nil
	}
	bare := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", "") }
	for name, v := range body {
		if bare(name) == bare(names[0]) {
			return v
		}
	}
	return absent{}
}

// absent stands for a field that a body does not have.
type absent struct{}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// given gives what a body says of a field. A replacement says something of
// every field: what it leaves out is emptied.
func (w *World) given(req Request, body map[string]any, names revio.Names) (string, bool) {
	if len(names) == 0 {
		return "", false
	}
	v := field(body, names)
	if _, none := v.(absent); none {
		return "", req.Method == http.MethodPut
	}
	return textOf(v), true
}

// change reads the body of a write, and refuses what the tenant does not offer.
func (w *World) change(req Request, version int) (map[string]any, *reply) {
	refuse := func(status int, message string) (map[string]any, *reply) {
		r := refusal(status, message)
		return nil, &r
	}
	isCreate := version < 0
	switch {
	case !isCreate && req.Method == http.MethodPatch && w.switches.PutOnly,
		!isCreate && req.Method != http.MethodPatch && req.Method != http.MethodPut:
		return refuse(http.StatusMethodNotAllowed, "the verb is not offered")
	case !strings.HasPrefix(req.Header.Get("Content-Type"), "application/json"):
		return refuse(http.StatusUnsupportedMediaType, "send JSON")
	case !isCreate && w.switches.ETags && req.Header.Get("If-Match") != "" && req.Header.Get("If-Match") != etag(version):
		return refuse(http.StatusPreconditionFailed, "the record changed")
	}
	d := json.NewDecoder(strings.NewReader(req.Body))
	d.UseNumber()
	var body map[string]any
	if err := d.Decode(&body); err != nil || body == nil {
		return refuse(http.StatusBadRequest, "the body is not a JSON object")
	}
	return body, nil
}

func etag(version int) string { return fmt.Sprintf(`"v%d"`, version) }

// one answers with a record.
func (w *World) one(status int, row map[string]any, version int) reply {
	pointer := ""
	if slices.Contains(w.profile.ListPointers, "/data") {
		pointer = "/data"
	} else if first := w.profile.ListPointers; len(first) > 0 && strings.Count(first[0], "/") > 1 {
		pointer = first[0][:strings.LastIndexByte(first[0], '/')]
	}
	r := reply{status: status, body: nest(pointer, mustJSON(row))}
	if w.switches.ETags {
		r.header = map[string]string{"ETag": etag(version)}
	}
	return r
}

// list answers with a page of rows.
func (w *World) list(req Request, rows []map[string]any) reply {
	q := w.profile.Query
	page, size := number(req, q.Page, 1), number(req, q.PerPage, 50)
	if most := w.switches.ClampPerPage; most > 0 {
		size = min(size, most)
	}
	if q.Page == "" {
		page, size = 1, max(1, len(rows))
	}
	if w.switches.IgnorePages {
		page = 1
	}
	if last := max(1, (len(rows)+size-1)/size); w.switches.RepeatLastPage {
		page = min(page, last)
	}
	from := min(len(rows), (page-1)*size)
	shown := mustJSON(rows[from:min(len(rows), from+size)])
	pointer := ""
	if all := w.profile.ListPointers; slices.Contains(all, "/data/items") {
		pointer = "/data/items"
	} else if len(all) > 0 {
		pointer = all[0]
	}
	if pointer == "" {
		return reply{status: http.StatusOK, body: shown}
	}
	cut := strings.LastIndexByte(pointer, '/')
	members := []string{fmt.Sprintf("%q:%s", pointer[cut+1:], shown), fmt.Sprintf("%q:%d", "page", page), fmt.Sprintf("%q:%d", "perPage", size)}
	if !w.switches.NoTotal && len(w.profile.Totals) > 0 {
		members = append(members, fmt.Sprintf("%q:%d", w.profile.Totals[0], len(rows)))
	}
	return reply{status: http.StatusOK, body: nest(pointer[:cut], []byte("{"+strings.Join(members, ",")+"}"))}
}

// number reads a parameter of a list.
func number(req Request, name string, otherwise int) int {
	if n, err := strconv.Atoi(req.Query.Get(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// nest wraps JSON so that it lies at a pointer.
func nest(pointer string, inner []byte) []byte {
	parts := strings.Split(pointer, "/")[min(1, len(pointer)):]
	if pointer == "" {
		return inner
	}
	for _, part := range slices.Backward(parts) {
		inner = fmt.Appendf(nil, "{%q:%s}", part, inner)
	}
	return inner
}

// isTokenPath reports whether a path is where tokens are given.
func (w *World) isTokenPath(path string) bool {
	u, err := url.Parse(w.profile.Token.URL)
	return err == nil && path == u.Path
}

// giveToken exchanges the credentials of a request for a token.
func (w *World) giveToken(req Request) reply {
	t := w.profile.Token
	fillIn := strings.NewReplacer("{{.ClientID}}", w.id, "{{.ClientSecret}}", w.secret, "{{.APIKey}}", w.secret, "{{.Scope}}", t.Scope)
	given := w.tokenFields(req)
	good := req.Method == http.MethodPost && given != nil
	for name, template := range t.Fields {
		good = good && given[name] == fillIn.Replace(template)
	}
	if t.Auth == "basic" {
		pair := url.QueryEscape(w.id) + ":" + url.QueryEscape(w.secret)
		good = good && req.Header.Get("Authorization") == "Basic "+base64.StdEncoding.EncodeToString([]byte(pair))
	}
	if !good {
		return reply{status: http.StatusUnauthorized, body: mustJSON(map[string]any{"error": "invalid_client", "error_description": "unknown client or wrong secret"})}
	}
	life := w.switches.TokenLife
	if life == 0 {
		life = time.Hour
	}
	token := w.newToken(w.Now().Add(life))
	body := nest(t.Token, mustJSON(token))
	if t.ExpiresIn != "" && !w.switches.NoExpiresIn && strings.Count(t.Token, "/") == 1 {
		body = fmt.Appendf(nil, "%s,%q:%d}", bytes.TrimSuffix(body, []byte("}")), t.ExpiresIn[1:], int(life.Seconds()))
	}
	return reply{status: http.StatusOK, body: body}
}

// tokenFields reads what an exchange brings, in the profile's encoding.
func (w *World) tokenFields(req Request) map[string]string {
	if w.profile.Token.Encoding == "json" {
		var fields map[string]string
		if json.Unmarshal([]byte(req.Body), &fields) != nil {
			return nil
		}
		return fields
	}
	form, err := url.ParseQuery(req.Body)
	if err != nil {
		return nil
	}
	fields := map[string]string{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	return fields
}

func (w *World) newToken(until time.Time) string {
	w.issued++
	token := fmt.Sprintf("opaque-token-%d", w.issued)
	if !w.switches.OpaqueToken {
		part := func(v any) string { return base64.RawURLEncoding.EncodeToString(mustJSON(v)) }
		head := part(map[string]any{"alg": "HS256", "typ": "JWT"}) + "." + part(map[string]any{"exp": until.Unix(), "jti": w.issued})
		sum := sha256.Sum256([]byte(head))
		token = head + "." + base64.RawURLEncoding.EncodeToString(sum[:])
	}
	w.tokens[token] = until
	return token
}

// RevokeTokens makes every token that was given invalid.
func (w *World) RevokeTokens() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.tokens)
}

// SetSecret replaces the client secret. Tokens that were given stay valid.
func (w *World) SetSecret(secret string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secret = secret
}
