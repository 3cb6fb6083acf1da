package component

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Effect says whether an action changes anything.
type Effect string

// The effects.
const (
	Reads  Effect = "reads"
	Writes Effect = "writes"
)

// Access is the right that a caller needs for an action.
type Access string

// The rights.
const (
	View       Access = "view"       // see records, links, runs
	Operate    Access = "operate"    // decide links, run flows, settle conflicts
	Configure  Access = "configure"  // fill in the pages, hold credentials
	Reveal     Access = "reveal"     // see a password's value; included in no other right
	Administer Access = "administer" // everything of the host: instances, keys, users
)

// Scope says what must be there before an action can be called.
type Scope string

// The scopes.
const (
	OnConnection Scope = "connection" // an instance with settings for the action's connection
	OnInstance   Scope = "instance"   // an instance
	OnHost       Scope = "host"       // nothing: it is about the whole installation
)

// Spec is what is said about an action beside its types and its function.
type Spec struct {
	Name      string // "itglue.list-organizations": lower case, words joined by hyphens, at most one dot
	Summary   string // one sentence, with a full stop
	Effect    Effect
	Access    Access
	Scope     Scope // zero: OnInstance for Func, OnConnection for Method
	Sensitive bool  // the output is never logged, recorded or cached
}

// Description is an action as the faces see it.
type Description struct {
	Name       string   `json:"name"`
	Summary    string   `json:"summary"`
	Effect     Effect   `json:"effect"`
	Access     Access   `json:"access"`
	Scope      Scope    `json:"scope"`
	Sensitive  bool     `json:"sensitive,omitempty"`
	Connection string   `json:"connection,omitempty"` // the connection that it is a call of
	Every      string   `json:"every,omitempty"`      // a flow's schedule, as a duration
	Uses       []string `json:"uses,omitempty"`       // what a flow may call
	Input      *Schema  `json:"input"`
	Output     *Schema  `json:"output"`
}

// Callable is an action with its types erased: what a catalog holds.
type Callable interface {
	Describe() Description
	// Invoke checks input against the action's schema, calls it, and checks
	// and encodes what it answers.
	Invoke(ctx context.Context, s *Session, input json.RawMessage) (json.RawMessage, error)
}

// Action is one operation that takes an In and answers with an Out, both
// structs. Declare it as a package variable, next to what it exposes.
type Action[In, Out any] struct {
	spec       Spec
	connection string
	in, out    *Schema
	do         func(context.Context, *Session, In) (Out, error)
}

var actionName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)?$`)

// Func makes an action of a function. It panics on a fault of the declaration.
func Func[In, Out any](spec Spec, do func(context.Context, *Session, In) (Out, error)) Action[In, Out] {
	if !actionName.MatchString(spec.Name) {
		panic(fmt.Sprintf("component: %q is not an action name", spec.Name))
	}
	if spec.Summary == "" || spec.Effect == "" || spec.Access == "" {
		panic(fmt.Sprintf("component: action %s needs a Summary, an Effect and an Access", spec.Name))
	}
	if spec.Scope == "" {
		spec.Scope = OnInstance
	}
	return Action[In, Out]{spec: spec, in: SchemaOf[In](), out: SchemaOf[Out](), do: do}
}

// Method makes an action of a method of a connection's client.
func Method[S, C, In, Out any](c Connection[S, C], spec Spec, do func(C, context.Context, In) (Out, error)) Action[In, Out] {
	if spec.Scope == "" {
		spec.Scope = OnConnection
	}
	a := Func(spec, func(ctx context.Context, s *Session, in In) (Out, error) {
		client, err := c.Open(ctx, s)
		if err != nil {
			var none Out
			return none, err
		}
		return do(client, ctx, in)
	})
	a.connection = c.name
	return a
}

// Describe gives the action as the faces see it.
func (a Action[In, Out]) Describe() Description {
	return Description{
		Name: a.spec.Name, Summary: a.spec.Summary, Effect: a.spec.Effect, Access: a.spec.Access,
		Scope: a.spec.Scope, Sensitive: a.spec.Sensitive, Connection: a.connection, Input: a.in, Output: a.out,
	}
}

// Call calls the action from Go. The input is checked against the schema (it
// may say more than the types, such as a least length); the output has its
// type already and is checked only in a strict session.
func (a Action[In, Out]) Call(ctx context.Context, s *Session, in In) (Out, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		var none Out
		return none, Errorf(Internal, "the input of %s cannot be encoded: %v", a.spec.Name, err)
	}
	if ps := a.in.Check(raw); ps != nil {
		var none Out
		return none, a.invalid(ps)
	}
	out, err := a.run(ctx, s, in)
	if err == nil && s.strict() {
		_, err = a.encode(out)
	}
	return out, err
}

// Invoke calls the action with JSON, checked on the way in and out.
func (a Action[In, Out]) Invoke(ctx context.Context, s *Session, input json.RawMessage) (json.RawMessage, error) {
	if len(bytes.TrimSpace(input)) == 0 {
		input = json.RawMessage("{}")
	}
	if ps := a.in.Check(input); ps != nil {
		return nil, a.invalid(ps)
	}
	var in In
	if err := json.Unmarshal(input, &in); err != nil {
		return nil, a.invalid([]Problem{{Message: "does not fit: " + plainDecodeError(err)}})
	}
	out, err := a.run(ctx, s, in)
	if err != nil {
		return nil, err
	}
	return a.encode(out)
}

// run calls the function, within what the session allows, and records the step.
func (a Action[In, Out]) run(ctx context.Context, s *Session, in In) (out Out, err error) {
	if err := s.allows(a.spec.Name); err != nil {
		return out, err
	}
	started := s.Clock()
	out, err = a.do(ctx, s, in)
	if err != nil {
		err = a.typed(ctx, err)
	}
	s.record(Step{Action: a.spec.Name, Started: started, Took: s.Clock().Sub(started), Err: err})
	return out, err
}

// typed makes sure that an error has a code, and names the action once.
func (a Action[In, Out]) typed(ctx context.Context, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return &Error{Code: Unavailable, Message: a.spec.Name + " was interrupted", Err: err}
	}
	return &Error{Code: CodeOf(err), Message: a.spec.Name + ": " + err.Error(), Err: err}
}

func (a Action[In, Out]) encode(out Out) (json.RawMessage, error) {
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, Errorf(Internal, "the answer of %s cannot be encoded: %v", a.spec.Name, err)
	}
	if ps := a.out.Check(raw); ps != nil {
		return nil, &Error{Code: Internal, Message: a.spec.Name + " answered with what its schema does not allow", Problems: ps, Do: "This is a defect of the action; please report it."}
	}
	return raw, nil
}

func (a Action[In, Out]) invalid(ps []Problem) error {
	return &Error{Code: InvalidInput, Message: "the input of " + a.spec.Name + " is not valid:", Problems: ps}
}

// plainDecodeError words an error of encoding/json without the value.
func plainDecodeError(err error) string {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		return fmt.Sprintf("%s must be %s", te.Field, te.Type)
	}
	return "a value has the wrong form"
}

// Step is the record of one call of an action. It holds no input and no output.
type Step struct {
	Action  string        `json:"action"`
	Started time.Time     `json:"started"`
	Took    time.Duration `json:"took"`
	Err     error         `json:"-"`
}
