package itglue

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// transport is the host's, or one that all clients of the host share.
func transport(host *component.Host) http.RoundTripper {
	if host.Transport != nil {
		return host.Transport
	}
	return component.Shared(host, "itglue/transport", func() *http.Transport {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 16
		return t
	})
}

// sameHost follows a redirect only of a read and only within one host: Go would
// take the API key along to any host.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet || len(via) > 3 || req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

// neverSent reports whether a transport error means that no connection was
// made, so that nothing can have been carried out.
func neverSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	var dns *net.DNSError
	return errors.As(err, &dns) || refusedCertificate(err)
}

func refusedCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	return errors.As(err, &verification) || errors.As(err, &header) || errors.As(err, &authority) || errors.As(err, &name)
}

func timedOut(err error) bool {
	var u *url.Error
	if errors.As(err, &u) && u.Timeout() {
		return true
	}
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// transportWords says what went wrong on the way, without addresses.
func transportWords(err error) string {
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case refusedCertificate(err):
		return "its certificate is not trusted"
	case timedOut(err):
		return "timed out"
	case errors.As(err, &dns):
		return "its name cannot be resolved"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, errTooLarge):
		return errTooLarge.Error()
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE):
		return "the connection was cut"
	}
	return "the connection failed"
}

// plainCause keeps of a transport error what errors.Is may ask for: the end of
// the context. Its words hold addresses and are dropped.
func plainCause(err error) error {
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, cause) {
			return cause
		}
	}
	return nil
}

// retryAfter reads how long to wait; 0 when the answer does not say, or says
// something unreadable.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return time.Duration(min(n, 86400)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
