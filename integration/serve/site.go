package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/itglue-revio/itglue-revio/component"
)

const (
	indexName = "index.html"
	// noNonce is where index.html takes the nonce of its styles.
	noNonce     = `name="csp-nonce" content=""`
	unchanging  = "static/" // whose files have a hash in their names
	embedPrefix = "/embed/"
)

// site serves the console: its files, and its index for every page's path. A
// program without it serves one page that says so.
type site struct {
	files     fs.FS
	index     string
	without   []byte
	ancestors string // who may show /embed/ in a frame
	mu        sync.Mutex
	packed    map[string]packed
}

// packed is a file as it is sent.
type packed struct {
	plain, gzip []byte
	etag, media string
}

func newSite(files fs.FS, without []byte, embedOrigins []string) (*site, error) {
	s := &site{files: files, without: without, ancestors: "'none'", packed: map[string]packed{}}
	for _, o := range embedOrigins {
		if !isOrigin(o) {
			return nil, component.Errorf(component.InvalidInput, "%q is not the origin of a site that may show the console in a frame", o).
				Then("Name it like https://acme.psarev.io, without a path.")
		}
	}
	if len(embedOrigins) > 0 {
		s.ancestors = strings.Join(embedOrigins, " ")
	}
	if files == nil {
		return s, nil
	}
	raw, err := fs.ReadFile(files, indexName)
	if err != nil {
		return nil, component.Errorf(component.Internal, "the built console has no %s", indexName).Then("Run scripts/build.")
	}
	if s.index = string(raw); strings.Count(s.index, noNonce) != 1 {
		return nil, component.Errorf(component.Internal, "the built console's %s has no place for the nonce (%s)", indexName, noNonce)
	}
	return s, nil
}

// isOrigin says whether a text is scheme, host and port, and no more: it goes
// into a header.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && text == u.Scheme+"://"+u.Host && !strings.ContainsAny(text, " ;,'\"*")
}

// ServeHTTP implements [http.Handler].
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		nothingHere(w, r)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	switch {
	case s.files == nil:
		s.sendWithout(w, name == "")
	case name == "" || name == indexName:
		s.sendIndex(w, r)
	default:
		p, err := s.file(name)
		switch {
		case err == nil:
			s.send(w, r, name, p)
		case !errors.Is(err, fs.ErrNotExist):
			Fail(w, r, err)
		case strings.HasPrefix(name, unchanging) || strings.Contains(path.Base(name), "."):
			nothingHere(w, r)
		default:
			s.sendIndex(w, r)
		}
	}
}

func (s *site) sendWithout(w http.ResponseWriter, front bool) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if !front {
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = w.Write(s.without)
}

// sendIndex sends the page that shows every page, with a nonce of its own. Only
// what is below /embed/ may be shown in a frame, and only by the sites named.
func (s *site) sendIndex(w http.ResponseWriter, r *http.Request) {
	nonce, h := unguessable(18), w.Header()
	ancestors := "'none'"
	if strings.HasPrefix(path.Clean(r.URL.Path)+"/", embedPrefix) && s.ancestors != "'none'" {
		ancestors = s.ancestors
		h.Del("X-Frame-Options")
		h.Del("Cross-Origin-Opener-Policy")
	}
	h.Set("Content-Security-Policy", policy(nonce, ancestors))
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(strings.Replace(s.index, noNonce, `name="csp-nonce" content="`+nonce+`"`, 1)))
}

func (s *site) send(w http.ResponseWriter, r *http.Request, name string, p packed) {
	h := w.Header()
	h.Set("Content-Type", p.media)
	h.Set("ETag", p.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, unchanging) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == p.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := p.plain
	if p.gzip != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		content = p.gzip
	}
	_, _ = w.Write(content)
}

// file gives a file as it is sent, packed at its first use.
func (s *site) file(name string) (packed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.packed[name]; ok {
		return p, nil
	}
	raw, err := fs.ReadFile(s.files, name)
	if err != nil {
		if info, stat := fs.Stat(s.files, name); stat == nil && info.IsDir() {
			err = fs.ErrNotExist // a folder is no file; its name may be a page's
		}
		if errors.Is(err, fs.ErrInvalid) {
			err = fs.ErrNotExist
		}
		return packed{}, err
	}
	sum := sha256.Sum256(raw)
	p := packed{plain: raw, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, media: mime.TypeByExtension(path.Ext(name))}
	if p.media == "" {
		p.media = "application/octet-stream"
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, err = z.Write(raw)
	if err = errors.Join(err, z.Close()); err != nil {
		return packed{}, err
	}
	if b.Len() < len(raw)*9/10 {
		p.gzip = b.Bytes()
	}
	s.packed[name] = p
	return p, nil
}
