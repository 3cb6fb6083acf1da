// Package sim proves the sync in a simulated world: both vendors (the shipped
// simulators' own handlers), our real flows, runner and store, the faults of the
// way between them, crashes, and people who work on both sides and on our links
// meanwhile. A world lives in one process under testing/synctest, so that years
// pass in seconds, and everything in it is drawn from one seed.
//
// The product knows nothing of it. A [World] is made of a [Profile], which the
// seed draws first: which faults, how hard, and how the two vendors behave. The
// oracles (oracle.go) read the vendors' request logs, the store, and the log of
// what people set.
package sim
