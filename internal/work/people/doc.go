// Package people keeps who takes part: volunteers, those who act for them, and staff, who
// may all be one person. It knows how each signs in, what each has agreed to, which
// organisations she serves for and which roles she holds.
//
// A person:
//
//	joins, is registered ─┬─ 18 or older, or age unknown ────────────────► active ──► closed
//	                      └─ under 18 ──► pending ── a guardian agrees ──►   ▲
//	                                         └────── a guardian refuses ──► closed (blanked)
//
// A person is a volunteer once she has a volunteer number: the six digits of her home and a
// running number of that home, never her identity number. One who only acts for her family,
// a member of staff, and the bearer of a machine's token are persons without one.
//
// Signing in. Volunteers give a phone number and a one-time code of six digits; the answer
// is the same whether the number is known or not, until the code proves that it is hers.
// Staff give a login name, a password and the code of an authenticator, in two steps:
//
//	password ──► half ──(choose a password)──(set up the authenticator)── code ──► staff
//
// A half session acts for nobody. Each sign-in makes a new secret and ends the session that
// the browser came with, so a session cannot be planted. Roles count in staff sessions and
// tokens only: whoever steals a phone has a volunteer, not her desk.
//
// What is personal (name, numbers, day of birth, login name) is sealed field by field and
// found again by keyed hashes. The day of birth of an adult is nowhere in the clear: her
// adult_on is a day on which she was one. A minor's is her eighteenth birthday, for the
// guardian's part ends on it.
//
// Consents are rows with the hash of the text that was shown; they are withdrawn, not
// deleted. Political categories have theirs, identity numbers too, minors' are a guardian's;
// a child under 14 has a second one of its own.
//
// Merging. Two records of one person become one: proposed by one keeper, decided by a second
// person, undone by whoever may decide. From the decision on the duplicate's id, numbers and
// hashes lead to the survivor ([Get], [StandingOf], [Resolve]); a job moves what each area
// keeps of it, by the [MergeStep] that the area gives, and notes what it moved, so that an
// undo moves exactly that back. A record leads in one step to one that stands for itself.
//
//	proposed ──► merging ──► merged ──► undoing ──► undone
//	    └──► refused
//
// Lists that leave unmasked. A handout is asked for with a purpose of a list, agreed to by a
// second person, and downloaded once, within a day, by whoever asked; each step is in the trail.
//
//	asked ──► agreed ──► taken
//	    └──► refused
//
// Invariants: a sign-in number, an identity number and a login name are one person's in the
// whole country; a volunteer number is unique in its home and never given twice; whoever was
// registered under age has a guardian's consent before she is active; nobody holds two of
// the roles system, security, auditor; nobody changes her own roles.
//
// Tables: people_*. Facts: people.registered (facts.go). Jobs: people.of_age,
// people.merge, people.unmerge, people.sweep.
package people
