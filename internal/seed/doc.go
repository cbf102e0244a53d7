// Package seed makes cities to look at and to test with: the tree of offices, centres,
// institutes and stations, people, campaigns, activities past and to come, and what came of
// them. Everything is made by the product's own commands, in the order in which it would
// have happened: a clock walks from some days before the moment asked for up to it, and on
// the way jobs run when they are due. So whatever is there holds what the product promises,
// and verify finds nothing.
//
// The same seed and clock make the same world: ids, records and facts. Keys, nonces,
// ciphertexts, keyed hashes and hashes of secrets differ.
//
// # How it is told
//
// A [world] has a clock, a source of chance and a queue of events. An event is a function
// that runs at its moment, runs commands and plans further events: a publication plans
// sign-ups, a sign-up an arrival, an arrival a departure. Chance is drawn in the order of
// events, and nothing depends on the order of a map. Nobody tries what would be refused: the
// world knows who is busy when.
//
//	tree.go people.go staff.go campaigns.go    who and where
//	plan.go texts.go everyday.go               what is done
//	events.go attend.go                        how it goes
//	cast.go                                    the volunteer whom the demonstration follows
//
// # A whole city
//
// Taizhou is too large for that. It is planned first (city*.go): how many teams, volunteers by
// team, activities by day and kind, and then for each shift the lives of those on it, all from
// the seed alone. Stretch by stretch of the city's days the plan is told to the bulk functions
// of the areas (Load and Loader), which leave what the commands would have left, with facts
// posted and sealed at their moments. A test makes a thousandth of the city both ways and
// compares every row. What there is of few (offices, staff, campaigns, the move of a station,
// the merging of records) is done by commands.
//
//	city.go city_people.go city_acts.go    numbers: cells, teams, volunteers, activities
//	city_lives.go                          what becomes of a shift
//	city_run.go city_bulk.go               the writing
//
// The people are invented: names are put together from lists that cannot make the name of
// anybody in the bulletin which the product was made for (names.go, names_test.go).
package seed
