// Package bulletins has the pages of bulletins: issues for everybody, each figure a door onto
// its proof, and as a document, on paper, as text; at the desk what an office plans, asks for,
// edits, reviews and publishes, what a unit is asked for, and what came in and is to be read.
package bulletins
