package itgluerevio

import (
	"errors"
	"fmt"

	"github.com/itglue-revio/itglue-revio/component"
)

// counted words a number of things.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func asError(err error) (*component.Error, bool) {
	var e *component.Error
	return e, errors.As(err, &e)
}
