package sim

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fault is one way for a request to go wrong.
type fault struct {
	name   string
	before bool                 // no connection is made
	fits   func(*exchange) bool // nil: any request
	do     func(*exchange) (*http.Response, error)
}

// faultFor picks one of the profile's faults that fit a request.
func (w *World) faultFor(x *exchange) *fault {
	var fitting []int
	for i, f := range faults {
		if w.Profile.has(f.name) && (f.fits == nil || f.fits(x)) {
			fitting = append(fitting, i)
		}
	}
	if len(fitting) == 0 {
		return nil
	}
	return &faults[pick(x.r, fitting)]
}

func isRead(x *exchange) bool  { return !x.write && !x.token }
func isWrite(x *exchange) bool { return x.write }
func isList(x *exchange) bool {
	return isRead(x) && (strings.Contains(x.req.URL.RawQuery, "page"))
}
func isUpdate(x *exchange) bool { return x.write && x.req.Method != http.MethodPost }

const (
	asJSON = "application/json"
	asHTML = "text/html"
)

// status is a fault that a gateway answers with, without asking the vendor.
func status(name string, code int, body string, header ...string) fault {
	return fault{name: name, do: func(x *exchange) (*http.Response, error) {
		return x.answer(code, asJSON, body, header...), nil
	}}
}

// statusAfter is a status although the vendor carried the request out.
func statusAfter(name string, code int) fault {
	return fault{name: name, fits: isWrite, do: func(x *exchange) (*http.Response, error) {
		x.serve()
		return x.answer(code, asJSON, `{"message":"Endpoint request timed out"}`), nil
	}}
}

// mangled is an answer whose body was changed.
func mangled(name string, change func([]byte) []byte) fault {
	return fault{name: name, do: func(x *exchange) (*http.Response, error) { return x.changed(change), nil }}
}

func failing(name string, fits func(*exchange) bool, do func(*exchange) error) fault {
	return fault{name: name, fits: fits, do: func(x *exchange) (*http.Response, error) { return nil, do(x) }}
}

func unmade(name string, err error) fault {
	return fault{name: name, before: true, do: func(*exchange) (*http.Response, error) { return nil, err }}
}

var (
	idNumber = regexp.MustCompile(`("(?:[a-zA-Z-]*-?)?[iI]d":)(-?[0-9]+)`)
	idText   = regexp.MustCompile(`("[a-zA-Z-]*[iI]d":)"([0-9]+)"`)
	total    = regexp.MustCompile(`("total-count"|"total"):([0-9]+)`)
	memberID = regexp.MustCompile(`("(?:assetId|customerId|id)":)`)
)

// faults are all kinds.
var faults = append(append(onTheWay(), answers()...), meanings()...)

func onTheWay() []fault {
	return []fault{
		unmade("refused", refused()),
		unmade("dns", &net.DNSError{Err: "no such host", Name: "vendor.test", IsNotFound: true}),
		unmade("tls", x509.UnknownAuthorityError{}),
		unmade("proxy", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New("bad gateway")}),
		failing("reset before", nil, func(*exchange) error { return reset() }),
		failing("goaway", nil, func(*exchange) error {
			return errors.New("http2: server sent GOAWAY and closed the connection")
		}),
		failing("reset after", nil, func(x *exchange) error { x.serve(); return reset() }),
		failing("late", isWrite, func(x *exchange) error { x.later(x.lateness()); return reset() }),
		failing("late, timed out", isWrite, func(x *exchange) error { x.later(x.lateness()); return x.stalled() }),
		failing("stall", nil, func(x *exchange) error { return x.stalled() }),
		failing("stall after", isWrite, func(x *exchange) error { x.serve(); return x.stalled() }),
		{name: "twice", fits: isWrite, do: func(x *exchange) (*http.Response, error) {
			resp := x.serve()
			again := *x
			again.copy = true
			again.serve()
			return resp, nil
		}},
		{name: "slow", do: func(x *exchange) (*http.Response, error) {
			resp := x.serve()
			return resp, x.wait(time.Duration(1+x.r.IntN(100)) * time.Second)
		}},
		{name: "slow before", do: func(x *exchange) (*http.Response, error) {
			if err := x.wait(time.Duration(1+x.r.IntN(40)) * time.Second); err != nil {
				return nil, err
			}
			return x.serve(), nil
		}},
		{name: "cut body", do: func(x *exchange) (*http.Response, error) { return x.cut(reset(), nil), nil }},
		{name: "short body", do: func(x *exchange) (*http.Response, error) { return x.cut(io.ErrUnexpectedEOF, nil), nil }},
		{name: "body stalls", do: func(x *exchange) (*http.Response, error) { return x.cut(reset(), x.stalled), nil }},
		{name: "broken gzip", do: func(x *exchange) (*http.Response, error) { return x.cut(gzip.ErrChecksum, nil), nil }},
		status("redirect elsewhere", 302, "", "Location", "https://elsewhere.test/login"),
		{name: "redirect loop", do: func(x *exchange) (*http.Response, error) {
			return x.answer(307, asHTML, "", "Location", x.req.URL.String()), nil
		}},
	}
}

func (x *exchange) lateness() time.Duration {
	return time.Duration(x.r.IntN(600))*time.Second + time.Duration(1+x.r.IntN(999))*time.Microsecond
}

// cut is half of the vendor's answer, and then an error.
func (x *exchange) cut(err error, first func() error) *http.Response {
	resp := x.serve()
	b, failed := io.ReadAll(resp.Body)
	if failed != nil {
		panic(failed) // a recorder's body
	}
	resp.Body = &broken{r: bytes.NewReader(b[:len(b)/2]), err: err, own: first}
	return resp
}

func answers() []fault {
	const gateway = `{"message":"the gateway says no"}`
	all := []fault{
		status("429 none", 429, gateway), status("429 seconds", 429, gateway, "Retry-After", "3"), status("429 negative", 429, gateway, "Retry-After", "-5"),
		status("429 huge", 429, gateway, "Retry-After", "86400000000"), status("429 words", 429, gateway, "Retry-After", "soon"),
		{name: "429 date", do: func(x *exchange) (*http.Response, error) {
			return x.answer(429, asJSON, gateway, "Retry-After", time.Now().Add(20*time.Second).UTC().Format(http.TimeFormat)), nil
		}},
		status("503 later", 503, gateway, "Retry-After", "10"),
		status("login page", 200, "<!doctype html><title>Sign in</title><form>", "Content-Type", asHTML),
		status("502 page", 502, "<html><h1>502 Bad Gateway</h1>", "Content-Type", asHTML),
		status("empty 200", 200, ""),
		status("204", 204, ""),
		status("null data", 200, `{"data":null}`),
		status("no data", 200, `{"meta":{}}`),
		status("errors with 200", 200, `{"errors":[{"status":422,"title":"Unprocessable Entity","detail":"did not work"}]}`),
		status("a list of nothing", 200, `[]`),
		status("deep nesting", 200, strings.Repeat(`{"data":[`, 10000)+strings.Repeat(`]}`, 10000)),
		status("500", 500, gateway), status("504", 504, gateway),
		statusAfter("500 after", 500), statusAfter("502 after", 502), statusAfter("504 after", 504),
		mangled("truncated", func(b []byte) []byte { return b[:len(b)*2/3] }),
		mangled("byte order mark", func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) }),
		mangled("latin-1", func(b []byte) []byte { return bytes.Replace(b, []byte(`"name":"`), []byte("\"name\":\"\xe9"), 1) }),
		mangled("NaN", func(b []byte) []byte { return idNumber.ReplaceAll(b, []byte(`${1}NaN`)) }),
		mangled("duplicate keys", func(b []byte) []byte { return memberID.ReplaceAll(b, []byte(`${1}0,${1}`)) }),
		mangled("more after the end", func(b []byte) []byte { return append(b, `{"data":1}`...) }),
		mangled("ids as text", func(b []byte) []byte { return idNumber.ReplaceAll(b, []byte(`${1}"${2}"`)) }),
		mangled("ids as numbers", func(b []byte) []byte { return idText.ReplaceAll(b, []byte(`${1}${2}`)) }),
		mangled("unknown members", func(b []byte) []byte {
			return memberID.ReplaceAll(b, []byte(`"x-new":{"a":[1,null]},${1}`))
		}),
		{name: "a megabyte", fits: isRead, do: func(x *exchange) (*http.Response, error) {
			return x.changed(func(b []byte) []byte { return append(bytes.Repeat([]byte(" "), 1<<20), b...) }), nil
		}},
	}
	for _, code := range []int{400, 401, 403, 404, 409, 413, 422, 423} {
		all = append(all, status(strconv.Itoa(code), code, fmt.Sprintf(`{"errors":[{"status":%d,"title":"no","detail":"the gateway says no"}]}`, code)))
	}
	return all
}

// meanings are answers that look well and are not.
func meanings() []fault {
	return []fault{
		{name: "not carried out", fits: isUpdate, do: func(x *exchange) (*http.Response, error) {
			look := *x
			look.req = x.req.Clone(x.req.Context())
			look.req.Method, look.body, look.write = http.MethodGet, nil, false
			return look.serve(), nil
		}},
		{name: "page repeated", fits: isList, do: func(x *exchange) (*http.Response, error) {
			return x.asking(func(page int) int { return max(1, page-1) }), nil
		}},
		{name: "page empty", fits: isList, do: func(x *exchange) (*http.Response, error) {
			return x.asking(func(int) int { return 999 }), nil
		}},
		{name: "nothing listed", fits: isList, do: func(x *exchange) (*http.Response, error) {
			look := *x
			look.req = x.req.Clone(x.req.Context())
			q := look.req.URL.Query()
			q.Set("filter[organization-id]", "1")
			q.Set("filter[organization_id]", "1")
			q.Set("filter[id]", "1")
			q.Set("customerId", "999999")
			look.req.URL.RawQuery = q.Encode()
			return look.serve(), nil
		}},
		{name: "total too high", fits: isList, do: func(x *exchange) (*http.Response, error) { return x.totals(1), nil }},
		{name: "total too low", fits: isList, do: func(x *exchange) (*http.Response, error) { return x.totals(-1), nil }},
	}
}

// asking asks for another page than was asked for.
func (x *exchange) asking(page func(int) int) *http.Response {
	look := *x
	look.req = x.req.Clone(x.req.Context())
	q := look.req.URL.Query()
	for _, name := range []string{"page", "page[number]"} {
		if q.Has(name) {
			n, err := strconv.Atoi(q.Get(name))
			if err != nil {
				n = 1
			}
			q.Set(name, strconv.Itoa(page(n)))
		}
	}
	look.req.URL.RawQuery = q.Encode()
	return look.serve()
}

func (x *exchange) totals(by int) *http.Response {
	return x.changed(func(b []byte) []byte {
		return total.ReplaceAllFunc(b, func(m []byte) []byte {
			name, n, _ := bytes.Cut(m, []byte(":"))
			count, err := strconv.Atoi(string(n))
			if err != nil {
				return m
			}
			return fmt.Appendf(nil, "%s:%d", name, max(0, count+by))
		})
	})
}
