// Package mapping turns the traits of a flexible asset into canonical fields,
// and canonical fields back into what IT Glue and Rev.io are sent. It is pure:
// what it is given decides what it answers.
//
// # Which field
//
// A Rev.io field is mapped to a flexible asset field by that field's id. A
// renamed field therefore goes on working and is reported; one that was deleted
// or has another kind is parked, which means left alone on both sides. See
// [Resolve].
//
// # Which way
//
// Text, Number, Percent, Date, Checkbox and Select travel both ways. A Tag
// travels to Rev.io only, as the names joined by commas. A Textbox travels both
// ways while it is plain text; once a person formats it, that record's field
// travels to Rev.io only, as text. Password, Upload and Header never travel. See
// [Suits].
//
// # Canonical form
//
// Both sides are compared in one form, which the kind of the flexible asset
// field decides. Two values are the same when their canonical texts are.
//   - Text, Select, Textbox, Tag: Unicode NFC, lines ended by LF, no-break spaces
//     as spaces, no control characters, nothing blank at either end.
//   - Number, Percent: decimal digits without exponent, without zeros that say
//     nothing. Numbers are never floating point, so no digit is lost.
//   - Date: YYYY-MM-DD. Of a date with a time the written date counts, in
//     whatever time zone: midnight UTC shifts no day.
//   - Checkbox: Yes or No.
//   - Empty is "" for every kind.
//
// A value that cannot be read as its kind is given with a reason in words, and
// never guessed: 1/2/03 is two dates.
package mapping
