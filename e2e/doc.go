// Package e2e tells whole stories of the product in a real browser, each with a server, a SQLite file and a clock of its own:
// what people see and press, from one to the other, and what the book says of it in the end. There are few of them; what
// a single page does is tested beside it.
//
// Package browser drives the browser, package pictures draws every page.
package e2e
