package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/match"
)

// matchCommand suggests links between two files: the matching by itself, without
// an instance, a database or a network.
func matchCommand() *cobra.Command {
	var left, right, out string
	cmd := &cobra.Command{
		Use: "match --left TSV --right TSV --out TSV", Short: "Suggest which organization of one file is which customer of another.", Args: cobra.NoArgs,
		Long: "Suggest which organization of one file is which customer of another.\n\n" +
			"Both files are tab-separated with a header: id, name and parent_id, then any of city, domain and phone.\n" +
			"The answer has left_id, right_id, score (0 to 1) and band: exact, strong, likely or weak for the suggestion,\n" +
			"at most one for a left id; candidate for up to four further ones.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := readEntities(left)
			if err != nil {
				return err
			}
			r, err := readEntities(right)
			if err != nil {
				return err
			}
			m := match.New(l, r, nil, shown(cmd.ErrOrStderr()))
			if err := writeSuggestions(cmd.OutOrStdout(), out, m); err != nil {
				return component.Errorf(component.InvalidInput, "the suggestions cannot be written: %w", err).Then("Name a file with --out, or - for stdout.")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&left, "left", "", "organizations, as a `TSV` file")
	cmd.Flags().StringVar(&right, "right", "", "customers, as a `TSV` file")
	cmd.Flags().StringVar(&out, "out", "-", "where the suggestions go, as a `TSV` file; - for stdout")
	_ = cmd.MarkFlagRequired("left")
	_ = cmd.MarkFlagRequired("right")
	return cmd
}

// columns are what a file may hold, and where each goes.
var columns = map[string]func(*match.Entity) *string{
	"id":        func(e *match.Entity) *string { return &e.ID },
	"name":      func(e *match.Entity) *string { return &e.Name },
	"parent_id": func(e *match.Entity) *string { return &e.ParentID },
	"city":      func(e *match.Entity) *string { return &e.City },
	"domain":    func(e *match.Entity) *string { return &e.Domain },
	"phone":     func(e *match.Entity) *string { return &e.Phone },
}

// readEntities reads one side. A column that is not known is left out.
func readEntities(path string) ([]match.Entity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, component.Errorf(component.InvalidInput, "cannot read the entities: %w", err).Then("Name a tab-separated file with a header.")
	}
	defer f.Close()
	return parseEntities(path, f)
}

// parseEntities reads what the file of a path holds.
func parseEntities(path string, from io.Reader) ([]match.Entity, error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	var header []string
	var all []match.Entity
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if n == 1 {
			header = strings.Split(strings.TrimPrefix(line, "\ufeff"), "\t")
			if !slices.Contains(header, "id") || !slices.Contains(header, "name") {
				return nil, component.Errorf(component.InvalidInput, "%s: the header names no id or no name", path).
					Then("Its first line must be: id, name, parent_id, and any of city, domain, phone, separated by tabs.")
			}
			continue
		}
		if line == "" {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) > len(header) {
			return nil, component.Errorf(component.InvalidInput, "%s, line %d: %d cells, and the header names %d", path, n, len(cells), len(header))
		}
		var e match.Entity
		for i, cell := range cells {
			if at, known := columns[header[i]]; known {
				*at(&e) = cell
			}
		}
		if e.ID == "" {
			return nil, component.Errorf(component.InvalidInput, "%s, line %d: the id is missing", path, n)
		}
		all = append(all, e)
	}
	if err := lines.Err(); err != nil {
		return nil, component.Errorf(component.InvalidInput, "%s: %w", path, err)
	}
	return all, nil
}

// shown prints how far a match is, once for each tenth part of it. Of a match
// that is over at once it prints nothing.
func shown(to io.Writer) func(done, total int) {
	var mu sync.Mutex
	tenths := 0
	return func(done, total int) {
		mu.Lock()
		defer mu.Unlock()
		if now := 10 * done / total; now > tenths && total >= 10_000 {
			tenths = now
			fmt.Fprintf(to, "compared %d of %d organizations\n", done, total)
		}
	}
}

// writeSuggestions writes suggestions as they come to a tab-separated file, or
// to stdout for "-".
func writeSuggestions(stdout io.Writer, out string, m *match.Matching) error {
	if out == "-" {
		return writeRows(stdout, m)
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	if err := writeRows(f, m); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// mostFurther is how many candidates are written beside a suggestion.
const mostFurther = 4

func writeRows(to io.Writer, m *match.Matching) error {
	w := bufio.NewWriterSize(to, 1<<16)
	var line []byte
	row := func(left string, c match.Candidate, band string) error {
		line = append(append(append(append(line[:0], left...), '\t'), c.Right...), '\t')
		line = strconv.AppendFloat(line, c.Score, 'f', 4, 64)
		line = append(append(append(line, '\t'), band...), '\n')
		_, err := w.Write(line)
		return err
	}
	_, err := w.WriteString("left_id\tright_id\tscore\tband\n")
	if err != nil {
		return err
	}
	err = m.Each(false, func(s match.Suggestion) error {
		if s.Right != "" {
			if err := row(s.Left, s.Candidate, string(s.Band)); err != nil {
				return err
			}
		}
		for _, c := range s.Others[:min(len(s.Others), mostFurther)] {
			if err := row(s.Left, c, "candidate"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.Flush()
}
