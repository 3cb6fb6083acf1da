package mapping

import (
	"fmt"
	"strconv"
	"strings"
)

// mostDigits bounds what 1e999999999 would unfold into.
const mostDigits = 400

// readNumber gives a decimal number its one form: no exponent, no plus sign, no
// zeros that say nothing, no minus zero. It works on digits, so a number of any
// length stays exact.
func readNumber(s string) (string, error) {
	if len(s) > mostDigits {
		return "", fmt.Errorf("%s has more than %d digits", quoted(s), mostDigits)
	}
	if strings.Contains(s, ",") {
		return "", fmt.Errorf("%s holds a comma, which could part thousands or decimals; write it with a point and no commas", quoted(s))
	}
	unsigned := strings.TrimPrefix(s, "-")
	negative := unsigned != s
	if !negative {
		unsigned = strings.TrimPrefix(s, "+")
	}
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(unsigned), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || !digits(whole) || !digits(fraction) {
		return "", fmt.Errorf("%s is not a number", quoted(s))
	}
	if hasExponent {
		shift, err := strconv.Atoi(exponent)
		if err != nil || shift > mostDigits || shift < -mostDigits {
			return "", fmt.Errorf("%s is not a number that can be written out", quoted(s))
		}
		whole, fraction = shifted(whole, fraction, shift)
	}
	out := joined(negative, whole, fraction)
	if len(out) > mostDigits {
		return "", fmt.Errorf("%s has more than %d digits", quoted(s), mostDigits)
	}
	return out, nil
}

// shifted moves the decimal point to the right, or to the left for a negative
// shift.
func shifted(whole, fraction string, shift int) (string, string) {
	if shift >= 0 {
		fraction += strings.Repeat("0", max(0, shift-len(fraction)))
		return whole + fraction[:shift], fraction[shift:]
	}
	whole = strings.Repeat("0", max(0, -shift-len(whole))) + whole
	cut := len(whole) + shift
	return whole[:cut], whole[cut:] + fraction
}

func joined(negative bool, whole, fraction string) string {
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	if whole == "" && fraction == "" {
		return "0"
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if negative {
		return "-" + whole
	}
	return whole
}

// digits reports whether s is decimal digits only; "" is.
func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
