// Package peopletest makes volunteers, guardians and staff for the tests of other packages,
// by the commands of people.
package peopletest
