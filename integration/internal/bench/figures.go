package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/itglue-revio/itglue-revio/integration/match"
)

// set is two lists and the truth about them: which rights each left is, more
// than one where a customer was entered twice.
type set struct {
	left, right []match.Entity
	truth       map[string]map[string]bool
}

func readSet(folder string) (set, error) {
	s := set{truth: map[string]map[string]bool{}}
	for file, to := range map[string]*[]match.Entity{"left.tsv": &s.left, "right.tsv": &s.right} {
		rows, err := readRows(filepath.Join(folder, file))
		if err != nil {
			return s, err
		}
		for _, r := range rows {
			*to = append(*to, match.Entity{ID: r[0], Name: r[1], ParentID: r[2], City: r[3], Domain: r[4], Phone: r[5]})
		}
	}
	rows, err := readRows(filepath.Join(folder, "truth.tsv"))
	for _, r := range rows {
		s.add(r[0], r[1])
	}
	return s, err
}

func (s *set) add(left, right string) {
	if s.truth[left] == nil {
		s.truth[left] = map[string]bool{}
	}
	s.truth[left][right] = true
}

// readRows reads a tab-separated file without its header.
func readRows(path string) ([][]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")[1:] {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows, nil
}

// figures are how good suggestions are, in percent.
type figures struct {
	precision, recall, f1, five float64
	sure, coverage              float64 // of Exact and Strong
	ambiguous                   int     // of those, where either of two is right
	ece                         float64
	bins                        [10]bin
}

// bin is the suggestions of one tenth of the scores.
type bin struct {
	count, right int
	sum          float64
}

func measure(all []match.Suggestion, truth map[string]map[string]bool) figures {
	var f figures
	suggested, right, five, sure, sureRight := 0, 0, 0, 0, 0
	for _, s := range all {
		want := truth[s.Left]
		found := want[s.Right]
		for _, o := range s.Others[:min(4, len(s.Others))] {
			found = found || want[o.Right]
		}
		if found {
			five++
		}
		if s.Right == "" {
			continue
		}
		suggested++
		b := &f.bins[min(9, int(10*s.Score))]
		b.count++
		b.sum += s.Score
		if want[s.Right] {
			right++
			b.right++
		}
		if s.Band == match.Exact || s.Band == match.Strong {
			sure++
			if want[s.Right] {
				sureRight++
			}
			if len(want) > 1 {
				f.ambiguous++
			}
		}
	}
	f.precision, f.recall, f.five = percent(right, suggested), percent(right, len(truth)), percent(five, len(truth))
	f.f1 = 2 * f.precision * f.recall / max(f.precision+f.recall, 1)
	f.sure, f.coverage = percent(sureRight, sure), percent(sureRight, len(truth))
	for _, b := range f.bins {
		f.ece += math.Abs(b.sum-float64(b.right)) / float64(max(suggested, 1))
	}
	return f
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

func (f figures) printCalibration(title string) {
	fmt.Printf("\nCalibration, %s: of suggestions with a score, how many are right\n", title)
	for i, b := range f.bins {
		if b.count > 0 {
			fmt.Printf("  %.1f to %.1f  %5d suggestions  mean score %.3f  right %.3f\n", float64(i)/10, float64(i+1)/10, b.count, b.sum/float64(b.count), float64(b.right)/float64(b.count))
		}
	}
}
