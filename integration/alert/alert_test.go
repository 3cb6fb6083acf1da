package alert_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/alert"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

var at = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func secret(t *testing.T, value string) (s component.Secret) {
	t.Helper()
	raw, err := json.Marshal(value)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &s))
	return s
}

func message() alert.Message {
	since := at.Add(-time.Hour)
	ended := at
	return alert.Message{Instance: "kestrel", At: at, Items: []alert.Item{
		{Event: alert.Started, Kind: "failed", Title: "A run failed", Text: "IT Glue is down", Do: "Wait.", Since: &since},
		{Event: alert.Over, Kind: "guard", Title: "The guard stopped Cobalt", Since: &since, Ended: &ended}}}
}

// receiver is a webhook that keeps what it was sent.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	signed []string
	status int
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies, r.signed = append(r.bodies, body), append(r.signed, q.Header.Get(alert.SignatureHeader))
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(r.status)
		_, _ = w.Write([]byte("the answer's body"))
	}))
	t.Cleanup(r.Close)
	return r
}

func TestWebhookIsSignedAndReadableForSlackAndTeams(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	host := &component.Host{AllowedEndpoints: []string{r.URL}}
	settings := alert.Settings{Webhook: &alert.Webhook{URL: r.URL + "/hooks/path-that-is-a-secret", Secret: secret(t, "shared")}}
	require.NoError(t, alert.Tell(t.Context(), host, settings, message()))
	require.Len(t, r.bodies, 1)
	var got struct {
		Text     string
		Instance string
		Items    []alert.Item
	}
	require.NoError(t, json.Unmarshal(r.bodies[0], &got))
	require.Equal(t, "[kestrel] need attention: 1, over: 1\n\n• A run failed\nIT Glue is down\nWait.\n\n• Over: The guard stopped Cobalt\nIt lasted from 2026-03-01 08:00 UTC to 2026-03-01 09:00 UTC.\n", got.Text)
	require.Equal(t, message().Items[0].Title, got.Items[0].Title)
	seconds, mac, ok := strings.Cut(strings.TrimPrefix(r.signed[0], "t="), ",v1=")
	require.True(t, ok)
	h := hmac.New(sha256.New, []byte("shared"))
	h.Write([]byte(seconds + "." + string(r.bodies[0])))
	require.Equal(t, hex.EncodeToString(h.Sum(nil)), mac)
	require.Equal(t, r.signed[0], alert.Sign("shared", at, r.bodies[0]))
}

func TestWebhookThatCannotBeReachedSaysWhyAndKeepsItsPathToItself(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	for _, c := range []struct {
		name, url, words string
		status           int
		code             component.Code
		allow            []string
	}{
		{"a refusal", r.URL + "/secret-path", "answered 410", http.StatusGone, component.Unavailable, []string{r.URL}},
		{"a redirect is not followed", r.URL + "/secret-path", "answered 302", http.StatusFound, component.Unavailable, []string{r.URL}},
		{"an address inside", strings.Replace(r.URL, "http:", "https:", 1) + "/secret-path", "inside this host's own network", http.StatusOK, component.Forbidden, nil},
		{"a metadata service", "https://169.254.169.254/secret-path", "inside this host's own network", http.StatusOK, component.Forbidden, nil},
		{"without encryption", r.URL + "/secret-path", "not encrypted", http.StatusOK, component.InvalidInput, nil},
		{"no address", "ftp://secret-path", "not a URL", http.StatusOK, component.InvalidInput, nil},
		{"nobody there", "http://127.0.0.1:1/secret-path", "cannot be reached", http.StatusOK, component.Unavailable, []string{"http://127.0.0.1:1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r.mu.Lock()
			r.status = c.status
			r.mu.Unlock()
			err := alert.Tell(t.Context(), &component.Host{AllowedEndpoints: c.allow}, alert.Settings{Webhook: &alert.Webhook{URL: c.url}}, message())
			require.ErrorIs(t, err, c.code)
			require.ErrorContains(t, err, c.words)
			require.NotContains(t, err.Error(), "secret-path")
			require.NotContains(t, err.Error(), "the answer's body")
		})
	}
	err := alert.Tell(t.Context(), &component.Host{}, alert.Settings{}, message())
	require.ErrorIs(t, err, component.InvalidInput)
}

// mailServer takes letters without encryption, as a relay on the same machine
// does.
func mailServer(t *testing.T, refuse string) (address string, letters chan string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	letters = make(chan string, 10)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go speak(c, refuse, letters)
		}
	}()
	return listener.Addr().String(), letters
}

func speak(c net.Conn, refuse string, letters chan string) {
	defer func() { _ = c.Close() }()
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 ready")
	lines, letter, inLetter := bufio.NewScanner(c), "", false
	for lines.Scan() {
		line := lines.Text()
		switch {
		case inLetter && line == ".":
			inLetter = false
			letters <- letter
			say("250 taken")
		case inLetter:
			letter += line + "\r\n"
		case refuse != "" && strings.HasPrefix(line, refuse):
			say("550 not here")
		case strings.HasPrefix(line, "DATA"):
			inLetter = true
			say("354 go on")
		case strings.HasPrefix(line, "QUIT"):
			say("221 bye")
			return
		case strings.HasPrefix(line, "EHLO"):
			say("250-localhost")
			say("250 AUTH PLAIN")
		default:
			letter += "> " + line + "\r\n"
			say("250 ok")
		}
	}
}

func TestMailIsWrittenSoThatNoTitleGetsIntoItsHeaders(t *testing.T) {
	t.Parallel()
	address, letters := mailServer(t, "")
	host := &component.Host{AllowedEndpoints: []string{"smtp://" + address}}
	m := message()
	m.Instance = "kestrel\r\nBcc: eve@example.com"
	m.Items = append(m.Items[:1], alert.Item{Event: alert.Started, Title: "Ünïcode"})
	settings := alert.Settings{Mail: &alert.Mail{Server: address, Security: "none", From: "Sync <sync@example.com>", To: []string{"ana@example.com", "ben@example.com"}}}
	require.NoError(t, alert.Tell(t.Context(), host, settings, m))
	text := <-letters
	envelope, letter, ok := strings.Cut(text, "From: ")
	require.True(t, ok)
	require.Contains(t, envelope, "RCPT TO:<ana@example.com>")
	require.Contains(t, envelope, "RCPT TO:<ben@example.com>")
	read, err := mail.ReadMessage(strings.NewReader("From: " + letter))
	require.NoError(t, err)
	require.Empty(t, read.Header.Get("Bcc"))
	require.Contains(t, read.Header.Get("Subject"), "2 things need attention")
	body, err := io.ReadAll(read.Body)
	require.NoError(t, err)
	require.Contains(t, string(body), "IT Glue is down")
	require.Contains(t, string(body), "=C3=9Cn=C3=AFcode")
}

func TestMailThatIsNotTakenSaysWhyWithoutThePassword(t *testing.T) {
	t.Parallel()
	address, _ := mailServer(t, "RCPT")
	for _, c := range []struct {
		name, words string
		change      func(*alert.Mail)
		allow       bool
		code        component.Code
	}{
		{"a recipient that is refused", "not here", func(*alert.Mail) {}, true, component.Unavailable},
		{"no encryption where it is asked for", "offers no encryption", func(m *alert.Mail) { m.Security = "" }, true, component.Unavailable},
		{"a server inside", "inside this host's own network", func(*alert.Mail) {}, false, component.Forbidden},
		{"no sender", "the sender is not a mail address", func(m *alert.Mail) { m.From = "nobody" }, true, component.InvalidInput},
		{"no recipient", "recipient 1 is not a mail address", func(m *alert.Mail) { m.To = []string{"x\r\ny"} }, true, component.InvalidInput},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			host := &component.Host{}
			if c.allow {
				host.AllowedEndpoints = []string{"smtp://" + address}
			}
			m := alert.Mail{Server: address, Security: "none", From: "sync@example.com", To: []string{"ana@example.com"}, Password: secret(t, "hunter2")}
			c.change(&m)
			err := alert.Tell(context.Background(), host, alert.Settings{Mail: &m}, message())
			require.ErrorIs(t, err, c.code)
			require.ErrorContains(t, err, c.words)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestTroubleIsToldOnceAndOnceMoreWhenItIsOver(t *testing.T) {
	t.Parallel()
	known := map[string]store.Alert{}
	now := at
	all := func() (list []store.Alert) {
		for _, a := range known {
			list = append(list, a)
		}
		return list
	}
	look := func(after time.Duration, keys ...string) (told []string) {
		now = now.Add(after)
		var wrong []alert.Trouble
		for _, k := range keys {
			wrong = append(wrong, alert.Trouble{Key: k, Kind: k, Title: "title of " + k})
		}
		changed, forget := alert.Step(all(), wrong, now)
		for _, a := range changed {
			known[a.Key] = a
		}
		for _, k := range forget {
			delete(known, k)
		}
		for _, a := range alert.Due(all(), nil, now) {
			require.Empty(t, alert.Due([]store.Alert{alert.Claimed(a, now)}, nil, now), "another process leaves it alone")
			known[a.Key] = alert.Delivered(a, now)
			told = append(told, string(alert.ItemOf(a).Event)+" "+a.Key)
		}
		return told
	}
	require.Equal(t, []string{"trouble failed"}, look(0, "failed"))
	require.Empty(t, look(time.Minute, "failed"), "while it lasts it is not told again")
	require.Empty(t, look(time.Minute, "failed", "guard"), "what comes soon after waits")
	require.Empty(t, look(time.Minute, "guard"))
	require.ElementsMatch(t, []string{"recovery failed", "trouble guard"}, look(alert.Quiet, "guard"), "and is told together")
	require.Empty(t, look(time.Hour, "guard"))
	require.Equal(t, []string{"trouble failed"}, look(time.Hour, "guard", "failed"), "the next time is another one")
	require.Empty(t, look(time.Minute, "guard"))
	require.Empty(t, look(time.Minute, "guard", "failed"), "what comes back before that was told goes on")
	require.Empty(t, look(time.Hour, "guard", "failed"))
	require.ElementsMatch(t, []string{"recovery guard", "recovery failed"}, look(time.Hour))
	require.Empty(t, look(alert.Kept-time.Hour))
	require.Len(t, known, 2)
	look(2 * time.Hour)
	require.Empty(t, known, "it is forgotten in the end")
}

func TestTroubleThatEndsBeforeItIsToldIsNotTold(t *testing.T) {
	t.Parallel()
	changed, _ := alert.Step(nil, []alert.Trouble{{Key: "failed", Kind: "failed"}}, at)
	require.Empty(t, alert.Due(changed, []string{"guard"}, at), "only the kinds that are wanted")
	changed, _ = alert.Step(changed, nil, at.Add(time.Minute))
	require.Empty(t, alert.Due(changed, nil, at.Add(time.Hour)))
}

func TestMessageThatCannotBeDeliveredIsTriedEverMoreRarely(t *testing.T) {
	t.Parallel()
	a := store.Alert{Key: "failed", Kind: "failed", Since: at}
	now, tries := at, 0
	for now.Before(at.Add(24 * time.Hour)) {
		if len(alert.Due([]store.Alert{a}, nil, now)) == 1 {
			a = alert.Undelivered(a, "nobody there", now)
			tries++
		}
		now = now.Add(time.Minute)
	}
	require.Equal(t, "nobody there", a.Fault)
	require.Greater(t, tries, 8)
	require.Less(t, tries, 20)
	a = alert.Delivered(a, now)
	require.Empty(t, a.Fault)
	require.Zero(t, a.Tries)
}
