package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
	"tongxin/internal/work/roster"
)

// square is the quarter with activities to take part in, and somebody at each desk: a team's
// leader, administrators of the station and the institute above it, a leader elsewhere.
type square struct {
	*quarter
	ctx context.Context
	run *jobs.Runner

	leader, station, institute, foreign *person
	n                                   int
}

// person is somebody with her browser.
type person struct {
	*browser
	auth.Actor
	login string
}

func inSquare(t *testing.T, body func(s *square)) {
	t.Helper()
	inQuarter(t, func(q *quarter) { body(squareIn(q)) })
}

// squareIn is a square in a quarter.
func squareIn(q *quarter) *square {
	q.Helper()
	s := &square{quarter: q, ctx: q.T.Context(), run: jobs.NewRunner(q.d)}
	roster.Handle(s.run)
	s.run.Handle(activity.JobEscalate, activity.Escalate)
	s.run.Handle(people.OfAge, people.ComeOfAge)
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		if err := config.Save(tx, "people.staff_second_factor", "false"); err != nil {
			return err
		}
		return activity.Install(ctx, tx)
	})
	s.leader = s.worker("leader", s.Team, auth.Leader)
	s.station = s.worker("station", s.Station, auth.Admin)
	s.institute = s.worker("institute", s.Institute, auth.Admin)
	s.foreign = s.worker("foreign", s.ForeignTeam, auth.Leader)
	return s
}

// worker is somebody at a desk, signed in.
func (s *square) worker(login string, at id.ID, role auth.Role) *person {
	s.Helper()
	p := &person{Actor: s.Staff(login, at, role), login: login}
	s.back(p)
	return p
}

// back signs staff in anew, whose session ended while the clock moved.
func (s *square) back(p *person) {
	s.Helper()
	var try people.Attempt
	s.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		try, err = people.Try(ctx, tx, s.Keys, p.login)
		return err
	})
	proof, err := try.Check(s.ctx, peopletest.Password)
	if err != nil {
		s.Fatal(err)
	}
	p.browser = s.browser()
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		in, err := people.EnterStaff(ctx, tx, auth.Actor{Via: auth.Web}, proof, "test", nil)
		p.cookies["session"] = in.Secret
		return err
	})
}

// volunteer joins somebody who lives at the planted station.
func (s *square) volunteer(name string) *person {
	return s.volunteerAt(name, orgtest.StationArea.String())
}

func (s *square) volunteerAt(name, at string) *person {
	s.Helper()
	in := s.Form(name, s.Phone())
	if _, err := fmt.Sscan(at, &in.Area); err != nil {
		s.Fatal(err)
	}
	p := &person{browser: s.browser()}
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		begun, err := people.Join(ctx, tx, s.Keys, auth.Actor{Via: auth.Web}, in)
		p.Actor, p.cookies["session"] = auth.Actor{Person: begun.Person, Via: auth.Web}, begun.Secret
		return err
	})
	return p
}

// plan says how an activity differs from the usual one: cleaning by the team, open sign-up, one
// shift tomorrow from 14:00 to 16:00 with two places.
type shiftPlan struct {
	of         *person
	title      string
	service    string
	approval   bool
	noWaitlist bool
	minAge     int64
	skill      int64
	papers     people.KindSet
	places     int64
	standbys   int64
	starts     time.Time
	hours      int
	draft      bool
}

// shift publishes an activity with one shift.
func (s *square) shift(p shiftPlan) roster.Shift {
	s.Helper()
	by, of, reviewer := s.leader, s.Team, s.station.Actor
	if p.of == s.foreign {
		by, of = s.foreign, s.ForeignTeam
		reviewer = auth.Actor{Person: s.institute.Person, Grants: []auth.Grant{{Org: s.Foreign, Role: auth.Admin}}, Via: auth.Web}
	}
	s.n++
	p.fill(s)
	in := activity.Edit{Service: s.service(p.service), Title: p.title, Content: "打扫公共楼道", Place: "社区北门", Conditions: "身体健康", How: "本页报名",
		Risks: "地面湿滑", Protection: "手套、口罩", Contact: "0523-86880000", Signup: activity.SignupOpen, Waitlist: !p.noWaitlist}
	if p.approval {
		in.Signup = activity.SignupApproval
	}
	var shift roster.Shift
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		a, err := activity.Create(ctx, tx, by.Actor, of, in)
		if err != nil {
			return err
		}
		post, err := activity.AddPost(ctx, tx, by.Actor, a, 1, activity.PostIn{Name: "清洁员", Duty: "扫地", Places: p.places, StandbyPlaces: p.standbys, MinAge: p.minAge, Skill: p.skill, Certificates: p.papers})
		if err != nil {
			return err
		}
		shift, err = roster.AddShift(ctx, tx, by.Actor, a, roster.Plan{Post: post, Starts: p.starts, Ends: p.starts.Add(time.Duration(p.hours) * time.Hour), PostStandbys: true})
		if err != nil || p.draft {
			return err
		}
		return roster.Submit(ctx, tx, by.Actor, a)
	})
	if !p.draft {
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return roster.Approve(ctx, tx, reviewer, s.of(shift).Activity.ID)
		})
	}
	return s.of(shift)
}

func (p *shiftPlan) fill(s *square) {
	if p.title == "" {
		p.title = fmt.Sprintf("打扫楼道%d", s.n)
	}
	if p.service == "" {
		p.service = "cleaning"
	}
	if p.places == 0 {
		p.places = 2
	}
	if p.starts.IsZero() {
		p.starts = s.clock.Now().Truncate(time.Hour).Add(24 * time.Hour)
	}
	if p.hours == 0 {
		p.hours = 2
	}
}

func (s *square) service(slug string) int64 {
	s.Helper()
	all, err := activity.Services(s.ctx, s.d)
	for _, x := range all {
		if x.Slug == slug {
			return x.ID
		}
	}
	s.Fatalf("no service %q: %v", slug, err)
	return 0
}

func (s *square) of(x roster.Shift) roster.Shift {
	s.Helper()
	got, err := roster.Get(s.ctx, s.d, x.ID)
	if err != nil {
		s.Fatal(err)
	}
	return got
}

// takes signs somebody up behind the pages.
func (s *square) takes(x roster.Shift, p *person) {
	s.Helper()
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := roster.SignUp(ctx, tx, p.Actor, roster.Request{Shift: x.ID})
		return err
	})
}

// state checks where somebody stands on a shift.
func (s *square) state(x roster.Shift, who id.ID, want roster.State) {
	s.Helper()
	u, err := roster.SignupOf(s.ctx, s.d, x.ID, who)
	if err != nil || u.State != want {
		s.Errorf("state %q %v, want %s", u.State, err, want)
	}
}

// at sets the clock to so long before or after a shift's start.
func (s *square) at(x roster.Shift, by time.Duration) { s.clock.Set(x.Starting().Add(by)) }

// digits is the code that the desk shows now.
func (s *square) digits(x roster.Shift) string {
	s.Helper()
	code, _, err := roster.DeskCode(s.ctx, s.d, s.Keys, s.leader.Actor, x.ID, s.clock.Now())
	if err != nil {
		s.Fatal(err)
	}
	return code
}

// jobs runs what is due.
func (s *square) jobs() {
	s.Helper()
	if err := s.run.RunDue(s.ctx); err != nil {
		s.Fatal(err)
	}
}

// sound fails the test where the records do not hold together.
func (s *square) sound() {
	s.Helper()
	for _, f := range []func(context.Context, db.Reader) ([]ledger.Check, error){roster.Verify, activity.Verify} {
		checks, err := f(s.ctx, s.d)
		if err != nil {
			s.Fatal(err)
		}
		for _, c := range checks {
			if c.Broken > 0 {
				s.Errorf("verify %s: %d of %d broken: %v", c.Name, c.Broken, c.Checked, c.IDs)
			}
		}
	}
}

// addresses of the pages.
func (s *square) activityPath(x roster.Shift) string { return "/activities/" + string(x.Activity.ID) }

func (s *square) placePath(x roster.Shift, p id.ID) string {
	return "/shifts/" + string(x.ID) + "/people/" + string(p)
}

func deskOf(x roster.Shift) string { return "/desk/shifts/" + string(x.ID) }

func deskPlace(x roster.Shift, p id.ID, verb string) string {
	return deskOf(x) + "/people/" + string(p) + "/" + verb
}

func pick(x roster.Shift, p roster.Place) string { return string(x.ID) + "." + string(p) }

var rosterKey = regexp.MustCompile(`\b(rosters?|activity|notice)\.[a-z_]{2,}(\.[a-z_]+)*\b`)

// says checks the status and the words, that no message key is shown and that there is one heading.
func (r *reply) says(code int, words ...string) *reply {
	r.Helper()
	r.is(code, words...)
	if key := rosterKey.FindString(r.words()); key != "" {
		r.Errorf("%s: shows the message key %s", r.request, key)
	}
	if n := strings.Count(r.text, "<h1"); r.code != http.StatusSeeOther && n != 1 {
		r.Errorf("%s: %d headings of the first level", r.request, n)
	}
	return r
}

var keyed = regexp.MustCompile(`action="([^"]+)"[^>]*>\s*<input type="hidden" name="_key" value="([^"]+)"`)

// key is the form's own key of the form that posts to a path.
func (r *reply) key(action string) string {
	r.Helper()
	for _, m := range keyed.FindAllStringSubmatch(r.text, -1) {
		if m[1] == action {
			return m[2]
		}
	}
	r.Fatalf("%s: no form posts to %s", r.request, action)
	return ""
}

var link = regexp.MustCompile(`href="([^"]+)"`)

// href is the first link whose address holds a text.
func (r *reply) href(holds string) string {
	r.Helper()
	for _, m := range link.FindAllStringSubmatch(r.text, -1) {
		if strings.Contains(m[1], holds) {
			return strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	r.Fatalf("%s: no link with %s:\n%s", r.request, holds, r.words())
	return ""
}

// value is what a hidden field of the page holds.
func (r *reply) value(name string) string {
	r.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(r.text)
	if m == nil {
		r.Fatalf("%s: no field %s", r.request, name)
	}
	return m[1]
}

// no is somebody's volunteer number.
func (s *square) no(p *person) string {
	s.Helper()
	got, err := people.Get(s.ctx, s.d, p.Person)
	if err != nil {
		s.Fatal(err)
	}
	return got.No
}

// packed is a page as it travels.
func packed(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.Bytes()
}
