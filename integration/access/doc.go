// Package access decides who may do what: people and service accounts, their
// roles, how they sign in, and what a token may call. It knows actions by their
// [component.Access] and instances by their id, and nothing else of them.
//
// A face asks three things of a request: who is it ([Gate.Subject]), which
// instance do they mean, if they may know it ([Gate.Instance]), and may they
// call this action there ([Gate.Allow]). Everything else is in the handlers of
// [Gate.Routes] and in the actions of [Gate.Component].
//
// # Rights
//
// A grant gives roles on one instance, or on all ([Everywhere]). An action of
// the host needs its right everywhere; with [component.View] alone it is open to
// whoever has signed in, as it is about their own account or narrowed to what
// they may see. An instance that a subject may not see is answered as one that
// does not exist. The command line has no subject: it acts as the operator of
// the host, who can read the database anyway.
//
// What reveals, what changes what administers, and what answers with something
// sensitive asks a person to have proved who they are within ten minutes. No
// token may reveal, change what administers, or change an account.
//
// # People
//
// A local account has a password of at least 15 characters, hashed with
// argon2id, and with a role that administers or reveals an authenticator app
// with recovery codes. An administrator never knows a password: an account is
// set up with a one-time token. With an identity provider a person is who issuer
// and subject say; their groups may give their roles, at each sign-in anew.
// Guessing is slowed down for an address, for an account from an address, and
// gently for an account from addresses it has not signed in from; the waits are
// kept in this process and never longer than a quarter of an hour. Names that
// are nobody's are answered like wrong passwords, after the same work.
//
// A session ends after 30 minutes without a person's request and 12 hours after
// the last proof of who they are. It gets a new name at each sign-in and each
// further proof, and when its person sets up a second factor; when their roles
// change it ends. Sessions, API tokens and one-time tokens are stored as digests
// only; the secrets of second factors and the key that signs embed tokens are
// sealed.
package access
