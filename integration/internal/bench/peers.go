package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// peer is another way to match names, run as a program of its own. Its command
// gets the files of both sides and prints left, right and score, for each left
// the five rights that it likes best.
type peer struct {
	name   string
	folder string // below peers
	run    []string
	usual  bool
}

var peerList = []peer{
	{"exact, but for capitals (what PSA syncs do)", ".", []string{"node", "peers.mjs", "exact"}, true},
	{"go-edlib 1.7.0: Jaro-Winkler, as it is", "jarowinkler", []string{"go", "run", "."}, true},
	{"fuzzball 2.2.6: WRatio (npm)", ".", []string{"node", "peers.mjs", "fuzzball"}, true},
	{"fuse.js 7.5.0 (npm)", ".", []string{"node", "peers.mjs", "fuse"}, false},
}

const peerFolder = "integration/internal/bench/peers"

// measurePeers prints the figures of peers on a set, names only, one to one,
// with the threshold that suits each best on that very set.
func measurePeers(scratch, folder string, s set, which string) error {
	if which == "none" {
		return nil
	}
	installed := filepath.Join(scratch, "peers")
	if _, err := os.Stat(installed); err != nil {
		if err := install(installed); err != nil {
			return err
		}
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	for _, p := range peerList {
		if !p.usual && which != "all" {
			continue
		}
		cmd := exec.Command(p.run[0], append(slices.Clone(p.run[1:]), filepath.Join(folder, "left.tsv"), filepath.Join(folder, "right.tsv"))...)
		cmd.Dir, cmd.Stderr = filepath.Join(installed, p.folder), os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		f, threshold := bestOf(string(out), s)
		fmt.Printf("%-44s %9.2f %7.2f %7.2f %7.2f | at its best threshold, %.2f; %.0f s CPU\n", "  "+p.name, f.precision, f.recall, f.f1, f.five, threshold, cpu.Seconds())
	}
	return nil
}

// install puts the peers in a folder, where npm may leave what it likes.
func install(folder string) error {
	if err := os.CopyFS(folder, os.DirFS(peerFolder)); err != nil {
		return err
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	return cmd.Run()
}

// guess is a pair with its score.
type guess struct {
	left, right string
	score       float64
}

// bestOf pairs guesses one to one, best first, and finds the least score with
// which F1 is highest.
func bestOf(out string, s set) (best figures, threshold float64) {
	var all []guess
	listed := map[string]int{}
	five := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			continue
		}
		score, _ := strconv.ParseFloat(cells[2], 64)
		all = append(all, guess{cells[0], cells[1], score})
		if listed[cells[0]]++; listed[cells[0]] <= 5 && s.truth[cells[0]][cells[1]] {
			five[cells[0]] = true
		}
	}
	slices.SortStableFunc(all, func(a, b guess) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return strings.Compare(a.left+a.right, b.left+b.right)
	})
	paired, taken := map[string]bool{}, map[string]bool{}
	suggested, right := 0, 0
	for i, g := range all {
		if !paired[g.left] && !taken[g.right] {
			paired[g.left], taken[g.right] = true, true
			suggested++
			if s.truth[g.left][g.right] {
				right++
			}
		}
		if i+1 < len(all) && all[i+1].score == g.score {
			continue
		}
		f := figures{precision: percent(right, suggested), recall: percent(right, len(s.truth)), five: percent(len(five), len(s.truth))}
		f.f1 = 2 * f.precision * f.recall / max(f.precision+f.recall, 1)
		if f.f1 > best.f1 {
			best, threshold = f, g.score
		}
	}
	return best, threshold
}
