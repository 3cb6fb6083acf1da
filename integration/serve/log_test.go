package serve_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/serve"
)

// page is a log that is written and read at the same time.
type page struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func TestLogHasNoQueryOfARequest(t *testing.T) {
	t.Parallel()
	var log page
	o := open(t, func(options *serve.FaceOptions) {
		options.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	paths := []string{"/sign-in", "/v1/oidc/callback", "/v1/session", "/v1/nowhere", "/links"}
	for _, path := range paths {
		o.ask("", "GET", path+"?token=one-time-canary&code=one-time-canary&state=one-time-canary", "")
	}
	require.Eventually(t, func() bool { return strings.Count(log.String(), "msg=request") == len(paths) }, patience, pace)
	require.Contains(t, log.String(), "path=/sign-in ")
	require.NotContains(t, log.String(), "canary")
}
