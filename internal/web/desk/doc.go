// Package desk shows how things stand and what asks for a hand: the live overview of an
// organisation or a campaign (the desk's first page), the same for everybody, masked, and for
// walls. What they show is reckoned in one place ([eye.look]) and drawn part by part; package
// live tells a page that is being looked at which parts have changed.
//
// What asks for a hand comes from the other areas by way of internal/web/needs.go.
package desk
