package mapping

import (
	"fmt"
	"strings"
)

const (
	yes = "Yes"
	no  = "No"
)

// readCheckbox reads the ways in which people and programs write a yes or a no.
func readCheckbox(s string) (string, error) {
	switch strings.ToLower(s) {
	case "yes", "true", "y", "on", "1":
		return yes, nil
	case "no", "false", "n", "off", "0":
		return no, nil
	}
	return "", fmt.Errorf("%s is neither Yes nor No", quoted(s))
}
