// Package orgtest plants a small tree of organisations for the tests of other packages: a
// province, a city with two counties, in the first of them two institutes with a station
// each, and actors who hold roles there.
package orgtest
