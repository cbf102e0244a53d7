// Package reports holds the pages of reporting: what one's units owe, with the one tap for
// nothing; totals that only a unit knows, written, looked at, corrected; duties, who has
// reported and who is missing, and the step that reminds them.
package reports
