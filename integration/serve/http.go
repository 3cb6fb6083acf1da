package serve

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// FaceOptions is what the HTTP face works with. Pages, EmbedOrigins, Log, Now,
// Poll, Heartbeat and Subject have defaults; the rest is needed.
type FaceOptions struct {
	Definition integration.Definition
	Catalog    *component.Catalog
	Store      store.Store
	Gate       *access.Gate
	// Session makes the session that an action is called in.
	Session func(ctx context.Context, instance, actor string) (*component.Session, error)
	// Ask asks for a run of a flow, without waiting for it.
	Ask func(ctx context.Context, s *component.Session, flow string, input json.RawMessage) (store.Run, error)

	Pages        fs.FS                                       // the built console; nil: this program has none
	HTTPS        bool                                        // browsers reach it over TLS: they are to use nothing else from then on
	Without      []byte                                      // the front page of a program without it
	EmbedOrigins []string                                    // the sites that may show /embed/ in a frame, such as https://acme.psarev.io
	Subject      func(*http.Request) (access.Subject, error) // default Gate.Subject
	Log          *slog.Logger                                // nil: nothing is logged
	Now          func() time.Time                            // default time.Now
	Poll         time.Duration                               // how often a run that is watched is looked at; default 500 ms
	Heartbeat    time.Duration                               // how often a silent stream says that it is there; default 15 s
}

// Face is a catalog over HTTP, with the console beside it. It is safe for
// concurrent use.
type Face struct {
	o        FaceOptions
	log      *slog.Logger
	handler  http.Handler
	document []byte
	led      map[string]bool
	site     *site
	streams  chan struct{} // a place for each stream that is open
	quit     chan struct{}
	stop     sync.Once
	reports  atomic.Int64 // of the content security policy
}

const mostStreams = 256

// NewFace makes the HTTP face. It fails with component.InvalidInput when the
// options do not fit, and on pages that cannot be served.
func NewFace(o FaceOptions) (*Face, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Subject == nil {
		o.Subject = o.Gate.Subject
	}
	if o.Poll <= 0 {
		o.Poll = 500 * time.Millisecond
	}
	if o.Heartbeat <= 0 {
		o.Heartbeat = 15 * time.Second
	}
	f := &Face{o: o, log: o.Log, led: runs(o.Definition), streams: make(chan struct{}, mostStreams), quit: make(chan struct{})}
	var err error
	if f.document, err = OpenAPI(o.Definition, o.Catalog); err != nil {
		return nil, err
	}
	if f.site, err = newSite(o.Pages, o.Without, o.EmbedOrigins); err != nil {
		return nil, err
	}
	f.handler = f.chain()
	return f, nil
}

// chain puts together what every request goes through.
func (f *Face) chain() http.Handler {
	api := http.NewServeMux()
	api.HandleFunc("POST /v1/actions/{name}", f.callAction)
	api.HandleFunc("POST /v1/instances/{instance}/actions/{name}", f.callAction)
	api.HandleFunc("GET /v1/instances/{instance}/runs/{run}", f.showRun)
	api.HandleFunc("GET /v1/instances/{instance}/runs/{run}/events", f.watchRun)
	api.HandleFunc("GET "+reportPath, f.showReports)
	api.HandleFunc("/v1/", nothingHere)
	f.o.Gate.Routes(api)

	all := http.NewServeMux()
	signedIn := f.o.Gate.Wrap(api)
	all.Handle("/v1/", signedIn)
	all.Handle("/sign-in", f.oneTimeLink(signedIn))
	all.HandleFunc("GET /v1/openapi.json", f.openAPI)
	all.HandleFunc("POST "+reportPath, f.cspReport)
	all.Handle("/", f.site)

	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		problem(http.StatusForbidden, codeCrossSite, "the request comes from a page of another site", "Open the console itself, or call with an API token and without a browser.").write(w)
	}))
	return f.outermost(sameSite.Handler(all))
}

// oneTimeLink leaves a link with a token to the gate; without one /sign-in is a
// page of the console.
func (f *Face) oneTimeLink(signedIn http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("token") {
			signedIn.ServeHTTP(w, r)
			return
		}
		f.site.ServeHTTP(w, r)
	})
}

// ServeHTTP implements [http.Handler].
func (f *Face) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.handler.ServeHTTP(w, r) }

// Quit ends the streams that are open, so that the server can stop.
func (f *Face) Quit() { f.stop.Do(func() { close(f.quit) }) }

func nothingHere(w http.ResponseWriter, r *http.Request) {
	problem(http.StatusNotFound, string(component.NotFound), "there is no "+r.Method+" "+r.URL.Path, "GET /v1/openapi.json lists what there is.").write(w)
}

func (f *Face) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", mediaJSON)
	_, _ = w.Write(f.document)
}

// who gives the subject of a request and the instance that it names, by its id;
// "" when the path names none. Otherwise it has answered.
func (f *Face) who(w http.ResponseWriter, r *http.Request) (s access.Subject, instance string, ok bool) {
	s, err := f.o.Subject(r)
	if err == nil && r.PathValue("instance") != "" {
		instance, err = f.o.Gate.Instance(r.Context(), s, r.PathValue("instance"))
	}
	if err != nil {
		Fail(w, r, err)
		return s, "", false
	}
	return s, instance, true
}
