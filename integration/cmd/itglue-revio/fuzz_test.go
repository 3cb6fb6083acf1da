package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/componenttest"
	"github.com/itglue-revio/itglue-revio/integration/match"
)

// FuzzEntities reads any file as one side of a match. It is refused as invalid
// input, or every line below the header that is not empty is an entity with an
// id; and what is suggested for them is a file of four cells a line.
func FuzzEntities(f *testing.F) {
	f.Add("id\tname\tparent_id\n1\tAcme\t\n2\tAcme LLC\t1\n")
	f.Add("\ufeffname\tid\r\nAcme\t1\r\n\r\n")
	f.Add("id\tid\tname\n1\t2\tAcme\n")
	f.Add("id\tname\n1\tAcme\tmore\n")
	f.Add("id\tname\n\tAcme\n1\n")
	f.Add("name\n\n")
	for _, kind := range []string{"names", "texts"} {
		for _, s := range componenttest.Corpus(kind) {
			f.Add("id\tname\tcity\tdomain\tphone\tcolour\n1\t" + s + "\t" + s + "\t" + s + "\t" + s + "\t" + s + "\n" + s + "\tAcme\n")
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		all, err := parseEntities("left.tsv", strings.NewReader(text))
		if err != nil {
			require.Equal(t, component.InvalidInput, component.CodeOf(err))
			require.Less(t, len(err.Error()), 1000)
			require.True(t, utf8.ValidString(err.Error()))
			return
		}
		require.LessOrEqual(t, len(all), strings.Count(text, "\n"))
		for _, e := range all {
			require.NotEmpty(t, e.ID)
		}
		few := all[:min(len(all), 20)]
		var rows strings.Builder
		require.NoError(t, writeRows(&rows, match.New(few, few, nil, nil)))
		for _, row := range strings.Split(strings.TrimSuffix(rows.String(), "\n"), "\n") {
			require.Equal(t, 3, strings.Count(row, "\t"), "%q", row)
		}
	})
}
