// Package id names records. An id says where its record lives:
//
//	321281-01jd3k8zq4w7c2xv
//	└home┘ └─time────┘└rand┘
//
// The home is the first six digits of the area code of the organisation that owns the
// record, so code passes ids around and [ID.Home] gives the first argument of each
// statement. After the hyphen come ten characters of milliseconds since 1970 and six
// random ones, in Crockford's base 32 (lower case, without i, l, o and u), so ids of one
// home sort by the moment they were made.
//
// An id is not a secret: whoever reads one learns the county and the time, nothing about
// a person. Whatever must not be guessed (a token, a link) is made by package auth.
package id
