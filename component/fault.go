package component

import (
	"errors"
	"time"
)

// Fault is an error as it is written in JSON: by the faces, and with the run
// that it ended.
type Fault struct {
	Code       Code      `json:"code"`
	Message    string    `json:"message" jsonschema_description:"What happened, and to which record."`
	Do         string    `json:"do,omitempty" jsonschema_description:"What to do next."`
	RetryAfter int       `json:"retryAfter,omitempty" jsonschema_description:"When to try again, in seconds from then."`
	Problems   []Problem `json:"problems,omitempty" jsonschema_description:"With invalid-input: where."`
}

// FaultOf gives the fault of an error; an error that is no [Error] is an
// internal one, whose words are for the log and not for a caller.
func FaultOf(err error) Fault {
	var e *Error
	if !errors.As(err, &e) {
		return Fault{Code: CodeOf(err), Message: "something went wrong that is not the request's fault"}
	}
	return Fault{Code: e.Code, Message: e.Message, Do: e.Do, RetryAfter: int((e.RetryAfter + time.Second - 1) / time.Second), Problems: e.Problems}
}
