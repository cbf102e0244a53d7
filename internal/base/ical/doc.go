// Package ical writes calendars that phones subscribe to (RFC 5545, and RFC 7986 for how often to
// look again): text of a fixed shape, lines of at most 75 octets, each moment in UTC.
//
// An event is known by its UID for good. Its Sequence grows whenever it changes, so that whoever
// keeps a copy takes the new one; one that was called off stays in the calendar as cancelled for a
// while, or copies would stand for ever.
package ical
