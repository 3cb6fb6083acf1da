package sqlstore

import "github.com/itglue-revio/itglue-revio/integration/store"

// unwritten makes tx complete while its methods are being written.
type unwritten struct{ store.Tx }
