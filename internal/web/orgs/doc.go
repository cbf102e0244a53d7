// Package orgs holds the pages of organisations: for the desk the tree, one organisation and
// what may be done to it, founding, and the registrations that wait for review; for everybody
// who is signed in registering a team or a unit and what became of it; for all the public
// page of one organisation.
package orgs
