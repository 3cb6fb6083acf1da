// Package access decides who may do what: people and service accounts, their
// roles, how they sign in, and what a token may call. It knows actions by their
// [component.Access] and instances by their id, and nothing else of them.
//
// A face asks it three questions of a request: who is it ([Gate.Subject]), may
// they know this instance ([Subject.Sees]), and may they call this action there
// ([Gate.Allow]). Everything else is in the handlers of [Gate.Routes] and in the
// actions of [Gate.Component].
//
// # Rights
//
// A grant gives roles on one instance, or on all ([Everywhere]). An action of
// the host needs its right everywhere; with [component.View] alone it is open to
// whoever has signed in, as it answers about their own account or is narrowed to
// what they may see. An instance that a subject may not see is answered as one
// that does not exist.
//
// The command line has no subject: it acts as the operator of the host, who can
// read the database anyway.
package access
