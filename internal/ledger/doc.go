// Package ledger is the book of facts: countable things that happened, posted
// in the transaction of the act, corrected only by reversing facts, never
// updated or deleted. Every figure is computed from it and from nothing else.
//
// A fact says what (kind, subject, person, qty, grade), where it counts (the
// organiser's position org, the position unit of the organisation served for,
// the area, the campaign, the call-up, the kind of service, the person's
// category, each as it was on the fact's day) and when (day; posted, the
// moment of writing). It lives in its subject's home.
//
// Nothing counts twice: `once` is a hash of subject[/person][/day]#revision,
// unique by home and kind. A reversal repeats every dimension, negates the
// quantity and carries as its `once` the id it reverses, so that a fact is
// reversed at most once; a reversal is never reversed, the fact is posted anew
// under the next revision.
//
// Kinds are defined by the area that owns them, in its facts.go. Tables:
// ledger_fact, ledger_kind, ledger_head, ledger_seal (package chain keeps the
// last two).
package ledger
