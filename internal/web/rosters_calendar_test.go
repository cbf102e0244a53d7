package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// phone keeps the events of a calendar by their UIDs, as phones do: what has a higher SEQUENCE stands.
type phone struct {
	*testing.T
	h      http.Handler
	path   string
	tag    string
	events map[string]map[string]string
}

// look asks for the calendar again and answers the status.
func (p *phone) look() (int, string) {
	p.Helper()
	r := httptest.NewRequest("GET", p.path, nil)
	r.Header.Set("If-None-Match", p.tag)
	w := httptest.NewRecorder()
	p.h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return w.Code, w.Body.String()
	}
	p.tag = w.Header().Get("ETag")
	if kind := w.Header().Get("Content-Type"); kind != "text/calendar; charset=utf-8" {
		p.Errorf("it is %q", kind)
	}
	p.read(w.Body.String())
	return w.Code, w.Body.String()
}

func (p *phone) read(text string) {
	p.Helper()
	var e map[string]string
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		switch {
		case line == "BEGIN:VEVENT":
			e = map[string]string{}
		case line == "END:VEVENT":
			if old := p.events[e["UID"]]; old == nil || len(e["SEQUENCE"]) > len(old["SEQUENCE"]) || e["SEQUENCE"] > old["SEQUENCE"] {
				p.events[e["UID"]] = e
			}
			e = nil
		case e != nil:
			e[name] = value
		}
	}
}

// only is the one event that it has.
func (p *phone) only(want int, status string) map[string]string {
	p.Helper()
	if len(p.events) != want {
		p.Fatalf("%d events, want %d", len(p.events), want)
	}
	for _, e := range p.events {
		if e["STATUS"] == status {
			return e
		}
	}
	p.Fatalf("no event is %s: %v", status, p.events)
	return nil
}

func TestPhonesFollowCalendars(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		subscribe := func(path string) *phone {
			return &phone{T: t, h: s.h, path: path, events: map[string]map[string]string{}}
		}
		ann.get("/my/shifts").says(200, "放进手机日历")
		ann.get("/my/calendar").says(200, "生成订阅地址").lacks("停用订阅")
		address := func() string {
			t.Helper()
			made := ann.post("/my/calendar").says(200, "地址只显示这一次", "怎么订阅", "停用订阅")
			at := regexp.MustCompile(`http://example\.com(/calendars/[^<]+\.ics)<`).FindStringSubmatch(made.text)
			if at == nil || !strings.Contains(made.text, `href="webcal://example.com`+at[1]) || strings.Contains(at[1], string(ann.Person)) {
				t.Fatal("no address, or one that names her")
			}
			return at[1]
		}
		own := subscribe(address())
		org, act := subscribe("/calendars/orgs/"+string(s.Team)+".ics"), subscribe("/calendars/activities/"+string(x.Activity.ID)+".ics")
		all := []*phone{own, org, act}
		look := func(want int) {
			t.Helper()
			for _, p := range all {
				if code, text := p.look(); code != want || strings.Contains(text, "沈") || strings.Contains(text, string(ann.Person)) {
					t.Errorf("%s: %d, want %d\n%s", p.path, code, want, text)
				}
			}
		}
		look(200)
		look(304)
		for _, p := range all {
			e := p.only(1, "CONFIRMED")
			if e["SUMMARY"] != "给楼道扫地" || e["DTSTART"] != x.Starting().UTC().Format("20060102T150405Z") || e["LOCATION"] != "社区北门" || !strings.HasPrefix(e["URL"], "http://example.com/") {
				t.Errorf("%s has %v", p.path, e)
			}
		}
		// Moved: every phone has the new time.
		s.clock.Add(time.Minute)
		s.leader.post(deskOf(x)+"/edit", "rev", "2", "day", x.Day, "from", "15:00", "to", "17:00", "places", "2", "standby_places", "0", "scope", "one").to(deskOf(x))
		look(200)
		for _, p := range all {
			if e := p.only(1, "CONFIRMED"); e["DTSTART"] != x.Starting().Add(time.Hour).UTC().Format("20060102T150405Z") || e["LAST-MODIFIED"] != s.clock.Now().UTC().Format("20060102T150405Z") {
				t.Errorf("%s has %v", p.path, e)
			}
		}
		// A new title, too.
		s.clock.Add(time.Minute)
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			a, err := activity.Get(ctx, tx, x.Activity.ID)
			if err != nil {
				return err
			}
			e := a.Edit
			e.Title = "给楼道扫地和擦窗"
			_, err = activity.Change(ctx, tx, s.leader.Actor, a.ID, a.Rev, e)
			return err
		})
		look(200)
		for _, p := range all {
			if e := p.only(1, "CONFIRMED"); e["SUMMARY"] != "给楼道扫地和擦窗" || e["LAST-MODIFIED"] != s.clock.Now().UTC().Format("20060102T150405Z") {
				t.Errorf("%s has %v", p.path, e)
			}
		}
		// Withdrawn: in her own calendar it is called off, in the others it stands; and the same event stands again when she comes back.
		for _, turn := range []struct {
			act    func()
			status string
		}{
			{func() {
				s.Write(func(ctx context.Context, tx *db.Tx) error {
					_, err := roster.Withdraw(ctx, tx, ann.Actor, x.ID, ann.Person, "")
					return err
				})
			}, "CANCELLED"},
			{func() { s.takes(x, ann) }, "CONFIRMED"},
		} {
			s.clock.Add(time.Minute)
			turn.act()
			own.look()
			if e := own.only(1, turn.status); e["LAST-MODIFIED"] != s.clock.Now().UTC().Format("20060102T150405Z") {
				t.Errorf("%s has %v", own.path, e)
			}
			act.look()
			act.only(1, "CONFIRMED")
		}
		// Cancelled.
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return roster.CancelShift(ctx, tx, s.leader.Actor, x.ID, "下雨")
		})
		look(200)
		for _, p := range all {
			p.only(1, "CANCELLED")
		}
		ann.get("/my/calendar").says(200, "正在订阅", "换一个地址")
		// Another address ends the first; without any, there is none.
		again := subscribe(address())
		if code, text := own.look(); code != 404 || !strings.Contains(text, "这个日历订阅已停用") || strings.Contains(text, "<") {
			t.Errorf("%d %s", code, text)
		}
		if code, _ := again.look(); code != 200 {
			t.Errorf("the new one: %d", code)
		}
		ann.post("/my/calendar/end").to("/my/calendar?who=" + string(ann.Person))
		ann.get("/my/calendar").says(200, "生成订阅地址")
		again.path += "?lang=en" // as an English page gives it
		if code, text := again.look(); code != 404 || !strings.Contains(text, "This calendar subscription has ended") {
			t.Errorf("%d %s", code, text)
		}
		for _, path := range []string{"/calendars/nonsense/nonsense.ics", "/calendars/orgs/nonsense.ics", "/calendars/orgs/" + string(ann.Person), "/calendars/activities/" + string(ann.Person)} {
			if code, text := subscribe(path).look(); code != 404 || text == "" || strings.Contains(text, "<") {
				t.Errorf("%s: %d %s", path, code, text)
			}
		}
		draft := s.shift(shiftPlan{title: "还没发布", draft: true})
		if code, _ := subscribe("/calendars/activities/" + string(draft.Activity.ID)).look(); code != 404 {
			t.Errorf("a draft: %d", code)
		}
		s.sound()
	})
}

// An activity's page says what it is to programs that look for events.
func TestActivitiesAreEventsToPrograms(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: `给楼道扫地"<b>`})
		said := func() map[string]string {
			props := map[string]string{}
			text := s.volunteer("沈玉兰").get(s.activityPath(x)).says(200, "订阅到手机日历").text
			_, data, _ := strings.Cut(text, `itemtype="https://schema.org/Event"`)
			for _, m := range regexp.MustCompile(`itemprop="(\w+)" (?:content|href)="([^"]*)"`).FindAllStringSubmatch(data, -1) {
				if _, ok := props[m[1]]; !ok {
					props[m[1]] = m[2]
				}
			}
			return props
		}
		zone := time.FixedZone("", 8*3600)
		for name, want := range map[string]string{"name": `给楼道扫地&#34;&lt;b&gt;`, "startDate": x.Starting().In(zone).Format(time.RFC3339), "endDate": x.Ending().In(zone).Format(time.RFC3339),
			"eventStatus": "https://schema.org/EventScheduled", "url": "http://example.com" + s.activityPath(x), "price": "0"} {
			if got := said()[name]; got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return roster.Cancel(ctx, tx, s.leader.Actor, x.Activity.ID, "下雨")
		})
		if got := said()["eventStatus"]; got != "https://schema.org/EventCancelled" {
			t.Errorf("it is %q", got)
		}
	})
}
