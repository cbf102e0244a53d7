package ical_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/ical"
)

var morning = time.Date(2020, 2, 29, 9, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))

func written(t *testing.T, c ical.Calendar) string {
	t.Helper()
	var b strings.Builder
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCalendarsAreAsPhonesReadThem(t *testing.T) {
	got := written(t, ical.Calendar{Name: "东安社区", About: "活动", Again: time.Hour, Events: []ical.Event{{
		UID: "1@x", Sequence: 3, Changed: morning, Starts: morning, Ends: morning.Add(2 * time.Hour), Status: ical.Cancelled,
		Summary: `给楼道扫地; 第1楼, "东"\西`, Description: "第一行\r\n第二行\n第三行", Location: "东安社区", URL: "https://example.org/shifts/1"}}})
	want := strings.Join([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tongxin//Rosters//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "NAME:东安社区",
		"X-WR-CALNAME:东安社区", "X-WR-CALDESC:活动", "REFRESH-INTERVAL;VALUE=DURATION:PT60M", "X-PUBLISHED-TTL:PT60M",
		"BEGIN:VEVENT", "UID:1@x", "DTSTAMP:20200229T010000Z", "LAST-MODIFIED:20200229T010000Z", "SEQUENCE:3", "DTSTART:20200229T010000Z", "DTEND:20200229T030000Z",
		"STATUS:CANCELLED", "TRANSP:TRANSPARENT", `SUMMARY:给楼道扫地\; 第1楼\, "东"\\西`, `DESCRIPTION:第一行\n第二行\n第三行`, "LOCATION:东安社区", "URL:https://example.org/shifts/1",
		"END:VEVENT", "END:VCALENDAR", ""}, "\r\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What strangers typed neither breaks a line nor a character, nor begins a line of its own.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"", strings.Repeat("志愿", 60), strings.Repeat("a", 74) + "愿", "a\r\nBEGIN:VEVENT\r\n", "\x00\x7f\u2028😀" + strings.Repeat("😀", 40), "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := written(t, ical.Calendar{Name: s, Events: []ical.Event{{UID: "1", Changed: morning, Starts: morning, Ends: morning, Status: ical.Confirmed, Summary: s, Location: s}}})
		if !utf8.ValidString(got) || !strings.HasSuffix(got, "\r\n") {
			t.Fatalf("%q", got)
		}
		for _, line := range strings.Split(strings.TrimSuffix(got, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
				t.Fatalf("%d octets: %q", len(line), line)
			}
		}
		if n := strings.Count(strings.ReplaceAll(got, "\r\n ", ""), "\r\nBEGIN:VEVENT\r\n"); n != 1 {
			t.Fatalf("%d events", n)
		}
	})
}
