// Package sqlstore keeps what store says in SQL: bun over database/sql, one set
// of queries and one set of migrations for every database that it runs on.
//
// # SQLite
//
// The file is made 0600 in a folder made 0700. It is in WAL mode with
// synchronous=FULL: what was committed is there after a power cut, since an
// intent that got lost would become a duplicate. A process writes over one
// connection and reads over a few that cannot write; several processes may have
// the file open, and each waits up to ten seconds for another one's write.
// Migrations run under a lock file beside the database. A Write inside a Write
// would wait for itself: use the [store.Tx] that is at hand.
//
// # Secrets
//
// Literal secrets are sealed with AES-256-GCM under a keyset of their instance,
// which is wrapped by the key in the key file (32 random bytes in base64). What
// is sealed is bound to its instance, table, column and name: moved elsewhere,
// it does not open. The key file is made when the first secret is sealed and
// never again: when it is missing while the database holds secrets, that is an
// error. Another key may take its place: new secrets are then sealed with it, and
// the older ones open again when their key comes back.
//
// # Audit log
//
// Each entry's hash is the hex SHA-256 of the previous entry's hash followed by
// the entry, without its hash, as canonical JSON (RFC 8785). The table audit_head
// holds the last number and hash. Changing, dropping or reordering entries breaks
// the chain, and cutting off its tail disagrees with the head. Whoever may write
// to the database and also writes the head, or computes the whole chain anew,
// cannot be found out from the database alone: for that, keep the last hash
// somewhere else (export it) and compare.
package sqlstore
