package componenttest_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/componenttest"
)

func TestCorpusOfEveryKindIsReadable(t *testing.T) {
	t.Parallel()
	for kind, least := range map[string]int{"texts": 50, "html": 20, "serials": 30, "dates": 20, "names": 20, "json": 50} {
		values := componenttest.Corpus(kind)
		require.GreaterOrEqual(t, len(values), least, kind)
		once := map[string]bool{}
		for _, v := range values {
			require.False(t, once[v], "%s holds %q twice", kind, v)
			once[v] = true
		}
	}
	texts := componenttest.Corpus("texts")
	require.Contains(t, texts, strings.Repeat("x", 65536))
	require.False(t, utf8.ValidString(strings.Join(texts, "")))
	require.Panics(t, func() { componenttest.Corpus("jokes") })
}
