package ical

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Status is how sure an event is.
type Status string

// What becomes of an event.
const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE"
	Cancelled Status = "CANCELLED"
)

// Calendar is what is subscribed to.
type Calendar struct {
	Name   string
	About  string
	Again  time.Duration // after which it is worth looking again
	Events []Event
}

// Event is one thing in it.
type Event struct {
	UID          string
	Sequence     int64
	Changed      time.Time // the last that is known of a change
	Starts, Ends time.Time
	Status       Status
	Summary      string
	Description  string
	Location     string
	URL          string
}

// product names who wrote the calendar.
const product = "-//Tongxin//Rosters//ZH"

// Write writes the calendar.
func (c Calendar) Write(w io.Writer) error {
	out := &writer{w: w}
	out.line("BEGIN", "VCALENDAR")
	out.line("VERSION", "2.0")
	out.line("PRODID", product)
	out.line("CALSCALE", "GREGORIAN")
	out.line("METHOD", "PUBLISH")
	out.text("NAME", c.Name)
	out.text("X-WR-CALNAME", c.Name)
	out.text("X-WR-CALDESC", c.About)
	out.line("REFRESH-INTERVAL;VALUE=DURATION", duration(c.Again))
	out.line("X-PUBLISHED-TTL", duration(c.Again))
	for _, e := range c.Events {
		e.write(out)
	}
	out.line("END", "VCALENDAR")
	return out.err
}

func (e Event) write(out *writer) {
	out.line("BEGIN", "VEVENT")
	out.line("UID", e.UID)
	out.line("DTSTAMP", moment(e.Changed))
	out.line("LAST-MODIFIED", moment(e.Changed))
	out.line("SEQUENCE", fmt.Sprint(e.Sequence))
	out.line("DTSTART", moment(e.Starts))
	out.line("DTEND", moment(e.Ends))
	out.line("STATUS", string(e.Status))
	if e.Status != Confirmed {
		out.line("TRANSP", "TRANSPARENT") // it takes up no time
	}
	out.text("SUMMARY", e.Summary)
	out.text("DESCRIPTION", e.Description)
	out.text("LOCATION", e.Location)
	if e.URL != "" {
		out.line("URL", e.URL)
	}
	out.line("END", "VEVENT")
}

func moment(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

func duration(d time.Duration) string { return fmt.Sprintf("PT%dM", int64(d/time.Minute)) }

// writer writes lines until one fails.
type writer struct {
	w   io.Writer
	err error
}

// escapes are what stands for something else in text.
var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a value that people read; an empty one is left out.
func (w *writer) text(name, value string) {
	if value != "" {
		w.line(name, escapes.Replace(value))
	}
}

// most is how many octets a line has at most, its end apart.
const most = 75

// line writes a line, folded between characters where it is too long.
func (w *writer) line(name, value string) {
	if w.err != nil {
		return
	}
	var folded strings.Builder
	n := 0
	for _, r := range name + ":" + strings.Map(visible, value) {
		if size := utf8.RuneLen(r); n+size > most {
			folded.WriteString("\r\n ")
			n = 1 + size
		} else {
			n += size
		}
		folded.WriteRune(r)
	}
	folded.WriteString("\r\n")
	_, w.err = io.WriteString(w.w, folded.String())
}

// visible drops control characters: none is allowed in a value, and a line's end least of all.
func visible(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7f {
		return -1
	}
	return r
}
