package component_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.FromSlash(name))
	require.NoError(t, err)
	return string(raw)
}

// examples gives what stands between the markers of the example files, by name,
// without the tabs that all of its lines begin with.
func examples(t *testing.T) map[string]string {
	t.Helper()
	between := regexp.MustCompile(`(?ms)^(\t*)// begin ([a-z-]+)\n(.*?)^\t*// end ([a-z-]+)$`)
	found := map[string]string{}
	for _, file := range []string{"example_test.go", "connector_example_test.go", "../integration/example_test.go"} {
		for _, m := range between.FindAllStringSubmatch(read(t, file), -1) {
			tabs, name, code, end := m[1], m[2], m[3], m[4]
			require.Equal(t, name, end, "the markers in %s", file)
			require.NotContains(t, found, name)
			lines := strings.Split(code, "\n")
			for i := range lines {
				lines[i] = strings.TrimPrefix(lines[i], tabs)
			}
			found[name] = strings.Trim(strings.Join(lines, "\n"), "\n")
		}
	}
	require.NotEmpty(t, found)
	return found
}

func TestCodeOfTheGuideIsTheCodeThatRuns(t *testing.T) {
	t.Parallel()
	shown := map[string]string{}
	block := regexp.MustCompile("(?s)<!-- example ([a-z-]+) -->\n```go\n(.*?)\n```\n")
	guide := read(t, "README.md")
	for _, m := range block.FindAllStringSubmatch(guide, -1) {
		shown[m[1]] = m[2]
	}
	require.Equal(t, examples(t), shown, "copy what stands between the markers of the example files")
	require.Equal(t, len(shown), strings.Count(guide, "```go"), "a block of Go without the name of an example")
}

func TestActionTakesTenLinesAndFlowTwenty(t *testing.T) {
	t.Parallel()
	code := examples(t)
	for name, most := range map[string]int{"action": 10, "flow": 20} {
		lines := slices.DeleteFunc(strings.Split(code[name], "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
		require.NotEmpty(t, lines)
		require.LessOrEqual(t, len(lines), most, name)
	}
}

// rows gives the cells of the table that follows a heading of the guide.
func rows(t *testing.T, heading string) [][]string {
	t.Helper()
	_, after, ok := strings.Cut(read(t, "README.md"), "\n"+heading+"\n")
	require.True(t, ok, heading)
	after, _, _ = strings.Cut(after, "\n## ")
	after, _, _ = strings.Cut(after, "\n### ")
	var all [][]string
	for _, line := range strings.Split(after, "\n") {
		if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|---") {
			all = append(all, strings.Split(strings.Trim(line, "|"), "|"))
		}
	}
	require.NotEmpty(t, all)
	return all[1:]
}

var quoted = regexp.MustCompile("`([^`]+)`")

func TestTableOfErrorsIsTheClosedSet(t *testing.T) {
	t.Parallel()
	var table, codes []string
	for _, r := range rows(t, "## Errors") {
		table = append(table, fmt.Sprintf("%s exit %s http %s", quoted.FindStringSubmatch(r[0])[1], strings.TrimSpace(r[2]), strings.TrimSpace(r[3])))
	}
	for _, c := range component.Codes() {
		codes = append(codes, fmt.Sprintf("%s exit %d http %d", string(c), c.ExitStatus(), c.HTTPStatus()))
	}
	require.Equal(t, codes, table)
}

// Every switch of a simulator is an assumption, and every line of a profile may
// have to be changed: the guide names them all, and none that there is not.
func TestTablesOfAssumptionsNameEverySwitchAndEveryLine(t *testing.T) {
	t.Parallel()
	for _, table := range []struct {
		heading, profile string
		switches         reflect.Type
	}{
		{"### IT Glue", "itglue/profile-default.json", reflect.TypeFor[itgluetest.Switches]()},
		{"### Rev.io PSA", "revio/profile-default.json", reflect.TypeFor[reviotest.Switches]()},
	} {
		var switches, lines []string
		for _, r := range rows(t, table.heading) {
			require.Len(t, r, 4, r)
			for _, m := range quoted.FindAllStringSubmatch(r[2], -1) {
				lines = append(lines, m[1])
			}
			for _, m := range quoted.FindAllStringSubmatch(r[3], -1) {
				switches = append(switches, m[1])
			}
		}
		var there []string
		for i := range table.switches.NumField() {
			there = append(there, table.switches.Field(i).Name)
		}
		require.ElementsMatch(t, there, switches, "the switches of %s", table.heading)
		var profile map[string]any
		require.NoError(t, json.Unmarshal([]byte(read(t, table.profile)), &profile))
		require.Empty(t, unnamed("", profile, lines), "the lines of %s that the table does not name", table.profile)
		for _, line := range lines {
			require.True(t, has(profile, line), "%s has no line %s", table.profile, line)
		}
	}
}

// unnamed gives the lines of a profile that are not named, neither by
// themselves nor with the object that they are in.
func unnamed(at string, profile map[string]any, named []string) (missing []string) {
	for name, value := range profile {
		line := strings.TrimPrefix(at+"."+name, ".")
		if slices.Contains(named, line) {
			continue
		}
		if inner, ok := value.(map[string]any); ok && len(inner) > 0 {
			missing = append(missing, unnamed(line, inner, named)...)
			continue
		}
		missing = append(missing, line)
	}
	return missing
}

func has(profile map[string]any, line string) bool {
	name, rest, deeper := strings.Cut(line, ".")
	value, ok := profile[name]
	if !deeper || !ok {
		return ok
	}
	inner, _ := value.(map[string]any)
	return has(inner, rest)
}

func TestProfileThatTheGuideShowsIsValid(t *testing.T) {
	t.Parallel()
	shown := regexp.MustCompile("(?s)```json\n(.*?)\n```").FindAllStringSubmatch(read(t, "README.md"), -1)
	require.Len(t, shown, 1)
	profile, err := revio.ReadProfile([]byte(shown[0][1]))
	require.NoError(t, err)
	require.Equal(t, "PUT", profile.UpdateVerb)
}

func TestFilesThatTheGuideLinksToAreThere(t *testing.T) {
	t.Parallel()
	prose := regexp.MustCompile("(?s)```.*?```").ReplaceAllString(read(t, "README.md"), "")
	links := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`).FindAllStringSubmatch(prose, -1)
	require.NotEmpty(t, links)
	for _, l := range links {
		_, err := os.Stat(filepath.FromSlash(l[1]))
		require.NoError(t, err)
	}
}
