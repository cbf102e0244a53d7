// Command pictures draws every page at 390 and 1440 px, light, dark and elder, into pictures/, and runs axe on each: make
// pictures. It makes and serves the small city, signs in as everybody who has an account there, and follows links to one
// address of each page (crawl.go); what no link leads to is listed in sights.go. It ends with 1 where axe finds something,
// where something goes wrong behind a page, or where a page is not reached. pictures/index.html shows all of them side by side.
//
//	go run ./e2e/pictures -base http://127.0.0.1:8080 -paths /,/activities   pages of a running server, as a visitor
package main
