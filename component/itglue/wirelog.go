package itglue

import (
	"log/slog"
	"net/url"
	"strings"
)

// wireLog writes what go-retryablehttp says to the host's log, without the
// queries of addresses (they hold names) and without foreign words.
type wireLog struct{ to *slog.Logger }

func (l wireLog) Error(msg string, kv ...any) { l.to.Warn("IT Glue: "+msg, plain(kv)...) }
func (l wireLog) Warn(msg string, kv ...any)  { l.to.Warn("IT Glue: "+msg, plain(kv)...) }
func (l wireLog) Info(msg string, kv ...any)  { l.to.Debug("IT Glue: "+msg, plain(kv)...) }
func (l wireLog) Debug(msg string, kv ...any) { l.to.Debug("IT Glue: "+msg, plain(kv)...) }

func plain(kv []any) []any {
	out := make([]any, len(kv))
	for i, v := range kv {
		switch v := v.(type) {
		case error:
			out[i] = transportWords(v)
		case *url.URL:
			out[i] = v.Path
		case string:
			out[i] = withoutQuery(v)
		default:
			out[i] = v
		}
	}
	return out
}

// withoutQuery cuts the query out of the addresses in a text.
func withoutQuery(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if before, _, found := strings.Cut(w, "?"); found {
			words[i] = before
		}
	}
	return strings.Join(words, " ")
}
