package mapping

import (
	"fmt"
	"regexp"
	"strconv"
)

// written is a date, or a date with a time and perhaps a time zone, as ISO 8601
// and its common relatives write it.
var written = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})` +
	`(?:[Tt ](?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{1,9})?)?(?: ?(?:[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?$`)

var (
	slashes = regexp.MustCompile(`^\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{2}|\d{4})$`)
	moment  = regexp.MustCompile(`^-?\d+$`)
)

// readDate gives the calendar date as it is written. Of a date with a time the
// date counts and the time zone does not: a day never shifts.
func readDate(s string) (string, error) {
	m := written.FindStringSubmatch(s)
	if m == nil {
		return "", fmt.Errorf("%s %s; write it as year-month-day, as in 2026-03-14", quoted(s), whyNoDate(s))
	}
	year, month, day := number(m[1]), number(m[2]), number(m[3])
	if year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return "", fmt.Errorf("%s is no date of the calendar", quoted(s))
	}
	return s[:len("YYYY-MM-DD")], nil
}

func whyNoDate(s string) string {
	switch {
	case slashes.MatchString(s):
		return "does not say which is the day and which the month"
	case moment.MatchString(s):
		return "is a bare number"
	}
	return "is not a date"
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// number reads digits that a pattern has vouched for.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
