// Package people holds the pages of signing in and joining, of one's own data, family,
// notices and sessions (/sign-in, /join, /my), and those on which staff keep volunteers,
// accounts and tokens (/desk/sign-in, /desk/people, /desk/staff, /desk/tokens).
//
// A name or a number that is looked for travels in the body of a POST, never in a URL.
// The secret of a session travels in a cookie, and so does, sealed, the proof of a number
// between the code and the form with which one joins.
package people
