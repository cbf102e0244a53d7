// Package activities holds the pages of activities and of the campaigns they belong to. For
// everybody the list of what is open; for the desk the list of one's activities, one of them
// with its posts, its review and what became of it, the forms, the reviewer's queue and the
// tree of campaigns. Shifts and who is on them are the pages of package rosters.
package activities
