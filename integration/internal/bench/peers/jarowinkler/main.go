// Package main compares every name of one file with every name of another by
// Jaro-Winkler alone, as one would who knows no better, and prints left, right
// and score of the five best.
package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hbollon/go-edlib"
)

type row struct{ id, name string }

type guess struct {
	id    string
	score float32
}

func main() {
	left, right := read(os.Args[1]), read(os.Args[2])
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, l := range left {
		all := make([]guess, len(right))
		for i, r := range right {
			all[i] = guess{r.id, edlib.JaroWinklerSimilarity(l.name, r.name)}
		}
		slices.SortStableFunc(all, func(a, b guess) int { return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.id, b.id)) })
		for _, g := range all[:min(5, len(all))] {
			fmt.Fprintf(out, "%s\t%s\t%v\n", l.id, g.id, g.score)
		}
	}
}

func read(file string) []row {
	raw, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var all []row
	for _, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")[1:] {
		cells := strings.Split(line, "\t")
		all = append(all, row{cells[0], strings.ToLower(cells[1])})
	}
	return all
}
