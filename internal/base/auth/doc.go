// Package auth says who acts and in which roles, and holds the primitives of signing in:
// password hashes, second factors, one-time codes, secrets. It keeps nothing: accounts,
// sessions and tokens are records of the area people, and what a role reaches in the tree is
// decided by the area org.
//
// An [Actor] is a person with her grants. A grant is a pair of organisation and role and
// reaches down the organisation's subtree. The three administrators of the classified
// protection scheme (GB/T 22239-2019, level 3: system, security, audit) exclude one another;
// see [Exclusive].
//
// What is kept of a secret:
//
//	password        argon2id, 19 MiB, two passes, as a PHC string
//	second factor   the TOTP secret, sealed by package crypt
//	one-time code   a keyed hash, by package crypt: six digits have no entropy of their own
//	session, token  SHA-256: 256 random bits cannot be guessed, so nothing slower is needed
//
// Hashing a password takes tens of milliseconds and 19 MiB, so only as many run at once as
// there are processors; never do it inside a database write.
package auth
