package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/match"
)

// sets are where the labelled sets lie, seen from the module's root.
const sets = "integration/match/testdata"

// benchMatch prints how good suggestions are, beside peers on the same data,
// how well scores are calibrated, and how long and how much they take.
func benchMatch(args []string) error {
	flags := flag.NewFlagSet("match", flag.ExitOnError)
	peers := flags.String("peers", "usual", "which peers are measured: none, usual, or all (some minutes more)")
	sizes := flags.Int("size", 100_000, "organizations and customers of the large run; the small one has a tenth")
	_ = flags.Parse(args)
	scratch, err := os.MkdirTemp("", "bench-match-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := quality(scratch, *peers); err != nil {
		return err
	}
	return scale(scratch, *sizes)
}

// goals are the figures to reach on the development set, in percent.
const goals = "goal on dev: F1 99.5 with fields, 99.2 by names; exact and strong: precision 99.9 at coverage 97, 0 on ambiguous ones; calibration error .010"

func quality(scratch, peers string) error {
	fmt.Println("How good: suggestions against the truth, in percent")
	fmt.Println(goals)
	fmt.Printf("%-44s %9s %7s %7s %7s | %9s %8s %9s | %6s\n", "", "precision", "recall", "F1", "in 5", "sure: P", "coverage", "ambiguous", "ECE")
	for _, name := range []string{"dev", "field"} {
		s, err := readSet(filepath.Join(sets, name))
		if err != nil {
			return err
		}
		for _, bare := range []bool{false, true} {
			title := name + ", with city, domain, phone"
			left, right := s.left, s.right
			if bare {
				title, left, right = name+", names and parents", names(left), names(right)
			}
			f := measure(match.Organizations(left, right, nil), s.truth)
			fmt.Printf("%-44s %9.2f %7.2f %7.2f %7.2f | %9.2f %8.2f %9d | %6.4f\n", title, f.precision, f.recall, f.f1, f.five, f.sure, f.coverage, f.ambiguous, f.ece)
			if !bare {
				defer f.printCalibration(title)
			}
		}
		if err := measurePeers(scratch, filepath.Join(sets, name), s, peers); err != nil {
			return err
		}
	}
	return nil
}

// names leaves what names and parents do not say.
func names(all []match.Entity) []match.Entity {
	bare := make([]match.Entity, len(all))
	for i, e := range all {
		bare[i] = match.Entity{ID: e.ID, Name: e.Name, ParentID: e.ParentID}
	}
	return bare
}

// scale runs the program on two sizes, and one changed organization against the
// larger.
func scale(scratch string, size int) error {
	fmt.Println("\nHow much: N organizations against N customers, by the program itself, files and all")
	fmt.Println("goal at 100,000 on 2 cores: 8 s wall, 14 s CPU, 500 MB")
	program := filepath.Join(scratch, "itglue-revio")
	if err := build(program); err != nil {
		return err
	}
	var costs []cost
	for _, n := range []int{size / 10, size} {
		s := makeScale(n, 42)
		if err := s.write(filepath.Join(scratch, fmt.Sprint(n))); err != nil {
			return err
		}
		c, err := runMatch(program, filepath.Join(scratch, fmt.Sprint(n)), 0)
		if err != nil {
			return err
		}
		costs = append(costs, c)
		fmt.Printf("%9d  wall %6.2f s  CPU %6.2f s  peak %4d MB  F1 %.2f\n", n, c.wall.Seconds(), c.cpu.Seconds(), c.peak>>20, c.figures(s).f1)
	}
	fmt.Printf("CPU at %d over CPU at %d: %.1f (10 is linear)\n", size, size/10, costs[1].cpu.Seconds()/costs[0].cpu.Seconds())
	small := filepath.Join(scratch, fmt.Sprint(size/10))
	one, err := runMatch(program, small, 1)
	if err != nil {
		return err
	}
	fmt.Printf("the same bytes with GOMAXPROCS=1: %v\n", one.sum == costs[0].sum)
	changed(makeScale(size, 42))
	return nil
}

// changed measures how long one organization with a new name takes, while all
// others stay as they are.
func changed(s set) {
	m := match.New(s.left, s.right, nil, nil)
	const times = 2000
	took := make([]time.Duration, times)
	for i := range times {
		e := s.left[i*len(s.left)/times]
		e.Name += " Group"
		began := time.Now()
		m.Again(e, true)
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	fmt.Printf("one changed organization against %d, reasons and all: median %v, p99 %v (goal 2 ms)\n", len(s.right), took[times/2].Round(time.Microsecond), took[times*99/100].Round(time.Microsecond))
}
