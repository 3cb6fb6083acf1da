// Package reconcile decides what a cycle should do. It is pure: what it is
// given decides what it answers, and it reads no clock, file or network.
//
// Left is IT Glue, right is Rev.io. The rules:
//
// Which records are the same
//   - A stored pair stays a pair, whatever its serial numbers become.
//   - Otherwise the same usable serial number within the linked organization
//     and customer makes a pair. A placeholder ("To be filled by O.E.M.") is
//     no serial number.
//   - Two candidates on either side, or the same serial number under another
//     accepted customer: held until a person links, creates or ignores.
//   - No usable serial number: if an unlinked Rev.io asset of that customer has
//     the same name and type it is held; else the asset is created once.
//   - A create that was refused three times is not offered again until the record
//     or its mapping changes, or a person asks for it.
//   - What a person said to leave alone is neither paired, created nor written,
//     on whichever side it stands.
//   - A listing that did not run to its end proves no absence: nothing is
//     created, no new pair is made (a second candidate may be missing), and
//     nothing counts as gone.
//   - Nothing where there was something is not believed, unless the known records
//     are not there when they are asked for directly either.
//   - A record is gone after two complete listings and a direct look; then it is
//     shown, paused and kept. Nothing is ever deleted or created again.
//   - A pair of which one record went to another organization or customer is
//     paused. Where both went, it goes on there.
//
// What happens to a field
//   - The base keeps a pair: what left and what right held when they were last
//     in step. A side has changed when it differs from its own half.
//   - One side changed: the other follows. Both changed to the same: the base
//     follows. Both changed differently: a conflict, held or settled by rule.
//   - A value that is not shown is left alone. Empty is a value: emptied on one
//     side and unchanged on the other, it is emptied there, after a direct look.
//   - First contact: blanks are filled; an organization's two names are taken
//     as they are; an asset's name is IT Glue's; any other two values are a
//     conflict unless the rules name a winner.
//   - A field that goes one way is never written back: an edit on the other
//     side is a conflict with two answers, and blocks no other field.
//   - A good serial number is never replaced by a placeholder, and not by one
//     that another record of the side holds.
//   - What a side makes of a value that is written to it is no edit. A value that
//     it did not take is offered again; refused three times, the field is parked
//     until either side changes.
//   - A value that goes to and fro three times within hours is left alone:
//     somebody else writes it, too.
//   - After a restored backup nothing is taken for emptied or gone.
//   - A value that is longer than right holds is in step once right has its
//     beginning.
//
// How much may happen at once
//   - Values emptied, records gone, names and serial numbers rewritten are
//     counted. More than max(3, 20 %) of an organization, or one field taking
//     the same new value on more than max(10, 50 %) of its assets: that
//     organization stops for review.
package reconcile
