// Package crypt seals personal fields one by one, finds them again by keyed hashes, and
// keeps the keys for both.
//
// # Sealing
//
// A sealed field is
//
//	suite (1) | key id (2) | nonce (12) | ciphertext and tag
//
// Suite 1 is AES-256-GCM; the byte leaves room for SM4-GCM (GB/T 39786-2021, STANDARDS on
// commercial cryptography) without touching what is stored. The table, the column and the
// record's id are authenticated with it, so a ciphertext moved to another row or column does
// not open. Nonces are random: one key may seal 2^32 fields before it should be followed by
// another, far more than a province has.
//
// The empty string is sealed as nil and stored as NULL: that a field is empty is not hidden,
// and neither is the length of one that is not.
//
// # Finding
//
// [Keys.Hash] is HMAC-SHA-256 under a key of its own, cut to 16 bytes, over a purpose and a
// value: equal values of one purpose have equal hashes, and without the key nobody can try
// the ten thousand million phone numbers. [Keys.Derive] makes secrets that need no storage,
// such as the check-in code of a shift in a given minute.
//
// # Keys
//
// Keys live in a file beside the database or wherever the operator says, never in the
// database and never in its backup: whoever has one of the two has nothing. The file is made
// once, with mode 0600, complete or not at all, and is never written over. Losing it loses
// the personal fields for good; the figures stay, for facts hold no personal field.
//
//	{"version": 1, "current": 2,
//	 "keys":   {"1": "base64, 32 bytes", "2": "…"},
//	 "index":  "base64, 32 bytes",
//	 "derive": "base64, 32 bytes"}
//
// To rotate, add a key under the next number and make it current: what the old keys sealed
// still opens. The index and derive keys stay as long as the database does.
//
// The database remembers fingerprints of its keys (setting crypt.check), so that a start
// with the keys of another database is refused in words instead of ending in fields that do
// not open; see [Attach].
package crypt
