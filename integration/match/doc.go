// Package match suggests which Rev.io customer an IT Glue organization is, by
// name, and says whether two serial numbers are one asset's. It is pure: it
// reads no clock, file or network, and the same input gives the same answer in
// whatever order it comes and however many processors work on it.
//
// A suggestion is made in these moves, a file or two each:
//
//   - fold, segment, normalize: a name as it was typed becomes words that can be
//     compared. Accents, broken encodings, tags, account numbers, abbreviations
//     and legal forms are taken out of the way; "d/b/a" makes two names.
//   - party, term: both sides with what is known of their words. Rare words
//     weigh more.
//   - index: an inverted index finds, for each organization, the few customers
//     that share most with it. All pairs are never compared.
//   - align, edits: the words of two names are laid side by side: the same word,
//     a misspelling, an abbreviation, first letters, two words written as one.
//   - evidence, weights: an amount of each kind of finding, weighed and added up,
//     are the log-odds of a pair, in whole thousandths.
//   - assign: parents first, best first, one to one.
//   - rivals, band: how far a suggestion can be trusted, given its rivals.
//   - reasons: the same numbers in words.
//
// serial holds the rules for serial numbers. Word lists and weights are data, in
// data/, with their origin in data/README.md; how good all this is, and how that
// is measured, is in README.md.
//
// Left is IT Glue (organizations), right is Rev.io (customers), as everywhere.
package match
