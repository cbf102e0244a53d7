// Command pictures draws every page at 390 and 1440 px, light, dark and elder, into pictures/, and runs axe on each: make
// pictures. It ends with 1 where axe finds something, or where something goes wrong behind a page. pictures/index.html shows
// all of them side by side.
//
//	go run ./e2e/pictures -base http://127.0.0.1:8080 -paths /,/activities   pages of a running server, as a visitor
package main
