package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component/componenttest"
)

// FuzzSerial reads any serial number. It is usable or there is a reason, never
// both; a key is upper case without blanks, of a bounded length; blanks around
// it and the case it is typed in make no difference; and a key stands for
// itself, or is refused, but never for another.
func FuzzSerial(f *testing.F) {
	for _, kind := range []string{"serials", "texts"} {
		for _, s := range componenttest.Corpus(kind) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, raw string) {
		key, usable := Serial(raw)
		require.Equal(t, usable, SerialProblem(raw) == "")
		if !usable {
			require.Empty(t, key)
			return
		}
		require.True(t, utf8.ValidString(key))
		require.False(t, strings.ContainsFunc(key, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("-_./:", r)
		}), "%q", key)
		require.LessOrEqual(t, len(key), 20*len(raw))
		around, _ := Serial("\u00a0 " + raw + "\r\n")
		require.Equal(t, key, around)
		if again, ok := Serial(key); ok {
			require.Equal(t, key, again)
		}
		if ascii(raw) {
			lower, _ := Serial(strings.ToLower(raw))
			upper, _ := Serial(strings.ToUpper(raw))
			require.Equal(t, lower, upper)
		}
	})
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// FuzzName normalizes any name of an organization: twice is the same as once,
// and nothing is left only of what has no letter and no digit.
func FuzzName(f *testing.F) {
	for _, kind := range []string{"names", "texts"} {
		for _, s := range componenttest.Corpus(kind) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, raw string) {
		key := normalize(raw)
		require.Equal(t, key, normalize(key))
		require.Equal(t, key, strings.Join(strings.Fields(key), " "))
		if key == "" {
			require.False(t, strings.ContainsFunc(fold(raw), func(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }), "%q", raw)
		}
		require.LessOrEqual(t, len(names(raw)), maxNames)
	})
}

// FuzzOrganizations matches any two lists of names. Each left gets one
// suggestion and no right is suggested twice; scores are probabilities; and
// neither the order of the lists nor a second try changes anything.
func FuzzOrganizations(f *testing.F) {
	all := componenttest.Corpus("names")
	f.Add(strings.Join(all, "\n"), strings.Join(all, "\n"))
	f.Add(strings.Repeat("Main\n", 40), strings.Repeat("Main\n", 40))
	for i, s := range all {
		f.Add(s, all[len(all)-1-i]+"\n"+s)
	}
	f.Fuzz(func(t *testing.T, lefts, rights string) {
		if len(lefts)+len(rights) > 8<<10 {
			return // FuzzName has the long ones
		}
		left, right := entities("L", lefts), entities("R", rights)
		got := Organizations(left, right, nil)
		require.Len(t, got, len(left))
		suggested := map[string]bool{}
		for _, s := range got {
			if s.Right != "" {
				require.False(t, suggested[s.Right], "%s is suggested twice", s.Right)
				suggested[s.Right] = true
			}
			for _, c := range append(slices.Clone(s.Others), s.Candidate) {
				require.True(t, c.Score >= 0 && c.Score <= 1, "%v", c.Score)
			}
		}
		slices.Reverse(left)
		slices.Reverse(right)
		require.Equal(t, got, Organizations(left, right, nil))
	})
}

// entities makes one of each line: its name, and for some the name again as a
// city, a domain, a phone and the line before as the parent.
func entities(prefix, lines string) []Entity {
	var all []Entity
	for i, line := range strings.Split(lines, "\n") {
		if i == 20 {
			break
		}
		e := Entity{ID: fmt.Sprintf("%s%02d", prefix, i), Name: line}
		if i%3 == 1 {
			e.ParentID, e.City, e.Domain, e.Phone, e.Primary = fmt.Sprintf("%s%02d", prefix, (i*7)%20), line, line, line, i%2 == 0
		}
		all = append(all, e)
	}
	return all
}
