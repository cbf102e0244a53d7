// Package ident checks the numbers by which the country knows people and organisations: the
// citizen identity number (GB 11643-1999), the unified social credit code (GB 32100-2015)
// and telephone numbers.
//
// It is a package of its own because several areas of work read such numbers (people on
// joining, organisations on registering, imports, checkpoints) and none of them may depend
// on another for it, and because what it does is pure: no database, no clock, no sentence,
// one function from text to a number in its one spelling or a refusal. That makes it the
// place to fuzz: these are the fields that strangers fill in.
//
// Every check accepts what people really type: full-width digits, spaces, hyphens, a small x.
// What comes back is the one spelling that is stored and hashed. A refusal never repeats
// what was typed.
package ident
