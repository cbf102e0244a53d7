// Package search finds by words of its text what is public, organisations, activities and
// whatever comes after them, and for staff what they share ([Experiences]). People are not
// found here: they are found by keyed hashes, within the reader's rights (package people).
//
// A record's text becomes terms: every Han character, every two that stand side by side, and
// every word or number between them, without regard to width or case. A question becomes
// terms in the same way, the longer ones only, and finds the records that have all of them:
// 口罩 and 测温 as well as a single 粮. What has a term in its title comes first, then what
// its owner ranks higher. Terms are rows of one table in the subset of SQL that both engines
// share (ADR 9), written in the transaction of the act: what was published is found, and what
// was withdrawn is not.
//
// Invariants: only what everybody may read, or every member of staff, has terms; its owner
// takes them away when that ends, and counts in its verify that as many records are found as
// should be.
// Table: search_term. Facts: none.
package search
