package componenttest

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed corpus/*.txt
var corpus embed.FS

// Corpus gives the bad input of one kind: "texts", "html", "serials", "dates",
// "names" or "json". It is what fuzz targets start from, and what a simulator
// may put into its records; some of it is no valid UTF-8. It panics on a kind
// that there is not.
func Corpus(kind string) []string {
	raw, err := corpus.ReadFile("corpus/" + kind + ".txt")
	if err != nil {
		panic(fmt.Sprintf("componenttest: there is no corpus %q", kind))
	}
	var values []string
	for i, line := range strings.Split(string(raw), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		v, err := corpusValue(line)
		if err != nil {
			panic(fmt.Sprintf("componenttest: corpus/%s.txt:%d: %v", kind, i+1, err))
		}
		values = append(values, v)
	}
	return values
}

// corpusValue reads a line: "x", or *N "x".
func corpusValue(line string) (string, error) {
	times := 1
	if rest, repeated := strings.CutPrefix(line, "*"); repeated {
		n, quoted, _ := strings.Cut(rest, " ")
		var err error
		if times, err = strconv.Atoi(n); err != nil || times < 1 {
			return "", fmt.Errorf("%q is no number of times", n)
		}
		line = quoted
	}
	v, err := strconv.Unquote(line)
	if err != nil {
		return "", fmt.Errorf("not a string in double quotes: %.60s", line)
	}
	return strings.Repeat(v, times), nil
}
