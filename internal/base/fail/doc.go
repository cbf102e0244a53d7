// Package fail holds the errors that are meant for people.
//
// A domain refuses with a kind, which decides the status of the answer, and a message key,
// which the pages and the API turn into a sentence in the reader's language:
//
//	return fail.New(fail.Conflict, "roster.full", "places", shift.Places)
//
// The arguments are names and values for that sentence. They hold counts, days and limits,
// never anything personal and never what was submitted: they reach logs and answers.
// Every other error is internal: the reader is told that something went wrong and gets a
// reference, the log gets the error. So internals cannot leak by being forgotten.
//
// A form is refused field by field:
//
//	return fail.Join(
//		fail.Field("title", "activity.title_missing"),
//		fail.Field("places", "activity.places_range", "min", 1),
//	)
package fail
