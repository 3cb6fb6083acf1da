// Package match suggests which Rev.io customer an IT Glue organization is, by
// name, and says whether two serial numbers are one asset's. It is pure: it
// reads no clock, file or network, and the same input gives the same answer in
// whatever order it comes.
//
// A suggestion is made in six moves, one file each:
//
//   - normalize: a name as it was typed becomes words that can be compared:
//     accents, case, punctuation, account numbers, abbreviations and legal
//     forms are taken out of the way.
//   - index: an inverted index finds, for each organization, the few dozen
//     customers that share anything with it. All pairs are never compared.
//   - align: the words of two names are laid side by side: the same word, a
//     misspelling, an abbreviation, first letters, two words written as one.
//   - score: what was found for and against becomes [Reason]s with weights.
//     Their sum is the score in log-odds.
//   - assign: parents first, best first, one to one.
//   - band: how far a suggestion can be trusted, given its rivals.
//
// serial holds the rules for serial numbers. The word lists are data, in data/,
// with their origin in data/README.md.
//
// Left is IT Glue (organizations), right is Rev.io (customers), as everywhere.
package match
