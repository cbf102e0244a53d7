// Package figures shows figures at the desk: all of an organisation's on one page, and each
// opened: its basis, its scope, as of when, its parts and what it counts, down to the record
// of each thing. Every number on these pages is a link that opens it.
package figures
