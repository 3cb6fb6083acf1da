// Package component is the kit that connectors, pages and flows are made of.
//
// Everything that can be asked for is an action: a name, an input type, an
// output type and a function. [Method] makes an action of a client's method,
// [Func] of any function. One JSON Schema per action, made from its Go types,
// serves every face (command line, HTTP, MCP, Prismatic) and is checked at run
// time on the way in and out.
//
// A [Connection] says how to reach a system; a [Session] holds the connections
// of one instance while a flow runs or a request is answered, and records each
// call as a [Step]. A [Catalog] finds actions by name. A [Form] is what a
// configuration page answers with. An [Error] carries one of a closed set of
// codes, what happened, and what to do next. A [Secret] does not print.
//
// The kit imports no other package of this project.
package component
