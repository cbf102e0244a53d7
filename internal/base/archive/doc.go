// Package archive keeps a whole database in one file that either engine can be filled from:
// what a backup is, and what moves a city from SQLite to PostgreSQL or back.
//
// It is taken from one snapshot, beside a running server. Every row of every table is in it
// as it stood: sealed fields stay sealed, and the keys are not in it.
//
// # Form
//
// A gzip stream of
//
//	"tongxin archive 1\n"
//	header, JSON, a line          {"schema":20261125000050,"taken":"…"}
//	for each table
//	  'T' table, JSON, a line     {"name":"org_org","columns":[{"name":"id","type":"t"},…]}
//	  'R' a row                   one value for each column
//	  'E' part, JSON, a line      {"table":"org_org","rows":401,"digest":"…"}
//	'Z' SHA-256 of all before     32 bytes
//
// A value is a tag (null, integer, text, bytes, false, true) and, after it, a varint or a
// length and its bytes. A digest is the sum of the SHA-256 of the encoded rows, as four
// numbers of 64 bits: it does not depend on their order, which differs between engines.
package archive
