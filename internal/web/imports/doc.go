// Package imports is the pages on which offices bring lists (/desk/imports): the forms to
// fill in, the upload, what is wrong and where, entering what is right, undoing it. The work
// is package intake's; a list can be left and found again while it is read or entered.
package imports
