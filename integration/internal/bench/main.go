// Package main measures what the project promises in numbers, beside its peers,
// and prints tables with the goals. It asserts nothing: what must not get worse
// is a test. Each target is one file; scripts/bench is how it is called.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// targets are what can be measured, by name.
var targets = map[string]func(args []string) error{
	"match": benchMatch,
}

func main() {
	if len(os.Args) < 2 || targets[os.Args[1]] == nil {
		names := make([]string, 0, len(targets))
		for name := range targets {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintf(os.Stderr, "name what to measure: %s\n", strings.Join(names, ", "))
		os.Exit(2)
	}
	if err := targets[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
