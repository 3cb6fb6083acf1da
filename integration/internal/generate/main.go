// Command generate writes the folder schemas: what the integration publishes
// for those who call it, build on it or show its forms. Call it by way of
// scripts/generate.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// folder is where the files go, below the module's root.
const folder = "schemas"

func main() {
	check := flag.Bool("check", false, "write nothing; fail and name the files that are stale")
	root := flag.String("root", ".", "the module's root")
	flag.Parse()
	if err := run(context.Background(), *root, *check, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run makes all files, and writes those that differ, or only says which.
func run(ctx context.Context, root string, check bool, out io.Writer) error {
	made, err := files(ctx, root)
	if err != nil {
		return err
	}
	there, err := read(filepath.Join(root, folder))
	if err != nil {
		return err
	}
	stale := differing(made, there)
	for _, f := range stale {
		_, _ = fmt.Fprintln(out, f)
	}
	switch {
	case len(stale) == 0:
		return nil
	case check:
		return fmt.Errorf("%d of these published files are stale; run scripts/generate and look at the difference", len(stale))
	}
	return write(filepath.Join(root, folder), made, there)
}

// read gives the files below a folder by their slashed path; none when it does
// not exist.
func read(dir string) (map[string][]byte, error) {
	there := map[string][]byte{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err // a file that an editor or a system hides is not published
		}
		relative, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		there[filepath.ToSlash(relative)], err = os.ReadFile(name)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return there, nil
	}
	return there, err
}

// differing names what is missing, what has other content and what is no longer
// made, each with its folder.
func differing(made, there map[string][]byte) []string {
	var names []string
	for name, content := range made {
		if on, ok := there[name]; !ok || !bytes.Equal(on, content) {
			names = append(names, path.Join(folder, name))
		}
	}
	for name := range there {
		if _, ok := made[name]; !ok {
			names = append(names, path.Join(folder, name)+" (no longer made)")
		}
	}
	slices.Sort(names)
	return names
}

// write puts the files in place, and takes away what is no longer made.
func write(dir string, made, there map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(made)) {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, made[name], 0o644); err != nil {
			return err
		}
	}
	for name := range there {
		if _, ok := made[name]; ok {
			continue
		}
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}
