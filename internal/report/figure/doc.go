// Package figure computes what is said about what people did, from the ledger alone. A figure
// is an indicator (declared over kinds of facts by the area that owns them, ledger.Indicate)
// applied to a scope as of a moment. Nobody types one in; whoever sees one may open it and
// finds its basis, its splits and what exactly is counted, and the number of entries, or the
// sum of their column, is the figure.
//
// # The model
//
// Figures are answered from a read model in memory that follows the ledger by its sequence
// numbers ([Engine]). A fact is a row; a reversing fact is none: it sets `until` of the row
// that it takes back. A row counts at S if seq ≤ S < until, so that "as of" is a filter and
// the past does not change. Rows stand in blocks, one for each kind and month: columns sorted
// by (position, day, seq), and a small tail of the latest as they came.
//
//	facts, seq by seq ──▶ tail ──(when it is long)──▶ sorted columns
//	reversal ──▶ until of a row
//
// Positions have ranks in pre-order, so that all that lies below an organisation is one span
// of ranks: a slice of each block. Those that were opened since the model was loaded rank
// behind, and an organisation that moved has a few spans: all that it ever held. As of an
// earlier moment later positions hold no facts yet; a merged unit's places join its
// successor's from the moment of the merger on.
//
// Persons, subjects and areas are numbered in the order in which they come, so different ones
// are counted exactly with one stamp each. Nothing is estimated and nothing is stored that
// could disagree with the ledger.
//
// # Starting
//
// The columns may be saved in a file beside the data and read from it at the next start
// ([Engine.Keep]): the ledger then gives only what came since. The file is never a source: its
// seal's hash must be the ledger's, and its checksum right, or it is left aside.
//
// # Several processes
//
// Each keeps its own model and folds the same facts in the same order. Whoever must see what
// he has just written waits for its number ([Engine.Wait]).
package figure
