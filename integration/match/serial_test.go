package match

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Each line of the file is a case: the serial numbers of the assets of both
// sides (joined by |), whether their customer is the same, what is wanted, why.
func TestSerialNumbersAreDecidedAsInEveryKnownCase(t *testing.T) {
	t.Parallel()
	cases := readTSV(t, "serial_cases.tsv")
	require.Len(t, cases, 40)
	for _, c := range cases {
		got := CompareSerials(strings.Split(c[0], "|"), strings.Split(c[1], "|"), c[2] == "same")
		require.Equal(t, SerialDecision(c[3]), got, "%q and %q: %s", c[0], c[1], c[4])
	}
}

func TestSerialNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"":                               "there is no serial number",
		" \u200b ":                       "there is no serial number",
		"to be filled by  o.e.m.":        `"to be filled by  o.e.m." is a placeholder`,
		"S/N: Default string":            `"Default string" is a placeholder`,
		"Serial Number":                  `"Serial Number" is a placeholder`,
		"Serial Number xxxxxx":           `"Serial Number xxxxxx" is a placeholder`,
		"0000-0000":                      `"0000-0000" is a placeholder`,
		"1234567890":                     `"1234567890" is a placeholder`,
		"0123456789012":                  `"0123456789012" is a placeholder`,
		"A1":                             `"A1" is too short to tell two assets apart`,
		"1.23457E+11":                    `"1.23457E+11" was damaged by a spreadsheet: its last digits are lost`,
		"00:1A:2B:3C:4D:5E":              `"00:1A:2B:3C:4D:5E" is a network (MAC) address`,
		"FOC1234X0AB / FOC1234X0AC":      `"FOC1234X0AB / FOC1234X0AC" holds more than one serial number`,
		"PF2ABC12":                       "",
		"VMware-56 4d 12 ab 34 cd 56 ef": "",
	} {
		require.Equal(t, want, SerialProblem(raw), "%q", raw)
		_, usable := Serial(raw)
		require.Equal(t, want == "", usable, "%q", raw)
	}
}

func TestEveryListedPlaceholderIsRefused(t *testing.T) {
	t.Parallel()
	for value := range placeholders().exact {
		require.NotEmpty(t, SerialProblem(value), "%q", value)
		require.NotEmpty(t, SerialProblem(" "+strings.ToUpper(value)+" "), "%q", value)
	}
}

func TestTheSameSerialNumberOnOneSideTwiceIsForAPerson(t *testing.T) {
	t.Parallel()
	require.Equal(t, SerialAmbiguous, CompareSerials([]string{"7ABC123", "7abc-123"}, []string{"7ABC123"}, true))
	require.Equal(t, SerialMatch, CompareSerials([]string{"7ABC123", "N/A"}, []string{"7ABC123", "9XYZ999"}, true))
	require.Equal(t, SerialNone, CompareSerials([]string{"7ABC123"}, nil, true))
	require.Equal(t, SerialInvalid, CompareSerials(nil, []string{"N/A"}, true))
}

func TestAnySerialNumberHasOneForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z0-9 ./:_-]{0,20}`)).Draw(t, "raw")
		key, usable := Serial(raw)
		if usable {
			require.GreaterOrEqual(t, len([]rune(key)), 4)
			again, _ := Serial(strings.ToLower(strings.ToUpper(raw)))
			upper, _ := Serial(strings.ToUpper(raw))
			require.Equal(t, upper, again)
		} else {
			require.NotEmpty(t, SerialProblem(raw))
		}
	})
}
