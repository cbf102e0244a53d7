package api_test

import (
	"net/http"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// scenario is one request and what must come back. {name} stands for an id of the world.
type scenario struct {
	name    string
	as      string // who asks; nobody is not signed in
	method  string
	url     string
	body    string
	headers []string
	status  int
	want    []string // path=value: "code=roster.full"; a lone path must be there, !path must not
	before  func(*world)
}

const nobody = ""

// the ids of nothing: of a well-formed shift, activity, person and organisation.
const none = "321281-0000000000zzzzzz"

const (
	get, post, del = "GET", "POST", "DELETE"

	list     = "/api/v1/activities"
	ofOpen   = "/api/v1/shifts/{open}"
	english  = "Accept-Language"
	idemKey  = "Idempotency-Key"
	huge     = 50 << 20
	jsonType = "Content-Type"
)

// plant sets the stage: volunteers, and shifts of every sort.
func (w *world) plant() {
	w.volunteer("ann", "王安")
	w.volunteer("bob", "李波")
	w.volunteer("cai", "蔡琴")
	w.volunteer("dan", "丁山")
	w.shift("open", activity.Edit{Waitlist: true}, activity.PostIn{Places: 2, StandbyPlaces: 1}, w.tomorrow(0))
	w.shift("clash", activity.Edit{}, activity.PostIn{Places: 2}, w.tomorrow(1), w.ForeignTeam)
	w.shift("full", activity.Edit{}, activity.PostIn{Places: 1}, w.tomorrow(10))
	w.shift("picked", activity.Edit{Signup: activity.SignupApproval}, activity.PostIn{Places: 1}, w.tomorrow(20))
	w.shift("soon", activity.Edit{}, activity.PostIn{Places: 3}, w.c.Now().Add(14*time.Minute))
	w.names["draft-activity"] = w.draft()
	w.codes()
}

// story runs all scenarios, in order: each finds the world as the one before left it.
func (w *world) story() {
	w.t.Helper()
	w.plant()
	for _, part := range [][]scenario{activities, signups, withdrawals, checkins, volunteers, figures, operating} {
		for _, s := range part {
			w.play(s)
		}
	}
}

func (w *world) play(s scenario) {
	w.t.Helper()
	if s.before != nil {
		s.before(w)
	}
	a := w.ask(s.as, s.method, s.url, s.body, s.headers...)
	if a.status != s.status {
		w.t.Errorf("%s: %d, want %d: %s", s.name, a.status, s.status, a.body)
		return
	}
	for _, want := range s.want {
		path, value, valued := strings.Cut(w.fill(want), "=")
		absent := strings.HasPrefix(path, "!")
		got := a.field(strings.TrimPrefix(path, "!"))
		if absent != (got == "") || valued && got != value {
			w.t.Errorf("%s: %s is %q, want %q: %s", s.name, path, got, want, a.body)
		}
	}
	if a.status >= 400 && s.url != "/readyz" {
		w.refused(s, a)
	}
}

// refused holds a refusal against what all refusals are.
func (w *world) refused(s scenario, a answer) {
	w.t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		w.t.Errorf("%s: refused as %q", s.name, got)
	}
	if a.field("code") == "" || a.field("title") == "" || strings.Contains(a.field("detail"), ".value.") {
		w.t.Errorf("%s: not in words: %s", s.name, a.body)
	}
	if strings.Contains(string(a.body), "张三丰") || strings.Contains(w.log.String(), "张三丰") {
		w.t.Errorf("%s: what was sent comes back: %s", s.name, a.body)
	}
	later := a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable
	if later != (a.header.Get("Retry-After") != "") {
		w.t.Errorf("%s: Retry-After is %q", s.name, a.header.Get("Retry-After"))
	}
	if (a.status == http.StatusUnauthorized) != (a.header.Get("WWW-Authenticate") != "") {
		w.t.Errorf("%s: WWW-Authenticate is %q", s.name, a.header.Get("WWW-Authenticate"))
	}
}

var activities = []scenario{
	{name: "open ones, the first to begin first", method: get, url: list, status: 200, want: []string{
		"activities.0.id={soon-activity}", "activities.1.id={open-activity}", "activities.4.id={picked-activity}", "!activities.5", "!next",
		"activities.0.phase=coming", "activities.0.org.id={team}", "activities.0.org.name=team", "activities.0.area=321281001001",
		"activities.1.starts=2020-02-29T14:00:00+08:00", "activities.1.waitlist=true", "activities.4.signup=approval"}},
	{name: "a page of two", method: get, url: list + "?limit=2", status: 200,
		want: []string{"activities.1.id={open-activity}", "!activities.2", "next"}},
	{name: "the page after", method: get, url: list + "?limit=2&after=1582956000000.{open-activity}", status: 200,
		want: []string{"activities.0.id={clash-activity}", "activities.1.id={full-activity}", "next"}},
	{name: "in a county", method: get, url: list + "?area=321282", status: 200, want: []string{"activities.0.id={clash-activity}", "!activities.1"}},
	{name: "in a time", method: get, url: list + "?from=2020-03-01T00:00:00%2B08:00&to=2020-03-02T00:00:00%2B08:00", status: 200,
		want: []string{"activities.0.id={full-activity}", "activities.1.id={picked-activity}", "!activities.2"}},
	{name: "of no such service", method: get, url: list + "?service=9999", status: 200, want: []string{"activities=[]", "!next"}},
	{name: "a cursor that is none", method: get, url: list + "?after=张三丰", status: 422,
		want: []string{"code=api.invalid", "errors.0.location=query.after", "errors.0.code=api.value.pattern"}},
	{name: "a page of a million", method: get, url: list + "?limit=1000000", status: 422,
		want: []string{"errors.0.code=api.value.most", "errors.0.detail=不能大于 30"}},
	{name: "a place that cannot be", method: get, url: list + "?area=99", status: 422, want: []string{"code=area.code_form", "errors.0.location=query.area"}},
	{name: "a question nobody asks", method: get, url: list + "?name=张三丰", status: 422,
		want: []string{"errors.0.location=query", "errors.0.code=api.value.unexpected"}},
	{name: "a time that is none, in English", method: get, url: list + "?from=yesterday", headers: []string{english, "fr, en;q=0.8, zh;q=0.5"}, status: 422,
		want: []string{"errors.0.code=api.value.moment", "title=Something is not right"}},
	{name: "one with its posts and shifts", method: get, url: list + "/{open-activity}", status: 200, want: []string{
		"id={open-activity}", "posts.0.name=清洁", "shifts.0.id={open}", "shifts.0.places=2", "shifts.0.taken=0", "shifts.0.standby_places=1",
		"shifts.0.standby_taken=0", "shifts.0.waiting=0", "version=1", "state=published", "!reason"}},
	{name: "one that is not public", method: get, url: list + "/{draft-activity}", status: 404, want: []string{"code=activity.unknown"}},
	{name: "one that is not there", method: get, url: list + "/" + none, status: 404, want: []string{"code=activity.unknown"}},
	{name: "an id that is none", method: get, url: list + "/%E5%BC%A0%E4%B8%89%E4%B8%B0", status: 404, want: []string{"code=activity.unknown"}},
	{name: "no such route", method: get, url: "/api/v1/users", status: 404, want: []string{"code=api.no_such_route"}},
	{name: "no such method", method: del, url: list, status: 405, want: []string{"code=api.method"}},
}

var signups = []scenario{
	{name: "nobody", method: post, url: ofOpen + "/signups", status: 401, want: []string{"code=api.sign_in"}},
	{name: "a token that is none", as: "liar", method: post, url: ofOpen + "/signups", headers: []string{"Authorization", "Bearer 张三丰"}, status: 401,
		want: []string{"code=api.token_unknown"}},
	{name: "a session of yesterday", as: "late", method: post, url: ofOpen + "/signups", status: 401, want: []string{"code=api.session_ended"},
		before: func(w *world) { w.secrets["late"] = "no longer known" }},
	{name: "another site's request", as: "ann", method: post, url: ofOpen + "/signups", headers: []string{"Origin", "https://elsewhere.example"}, status: 403,
		want: []string{"code=web.foreign"}},
	{name: "without a body", as: "ann", method: post, url: ofOpen + "/signups", headers: []string{idemKey, "ann-1"}, status: 201,
		want: []string{"state=accepted", "shift={open}", "volunteer={ann}", "place=primary", "unit={station}", "id"}},
	{name: "the same again", as: "ann", method: post, url: ofOpen + "/signups", headers: []string{idemKey, "ann-1"}, status: 201,
		want: []string{"state=accepted", "volunteer={ann}"}},
	{name: "the key for another request", as: "ann", method: post, url: ofOpen + "/signups", body: `{"place":"standby"}`,
		headers: []string{idemKey, "ann-1"}, status: 422, want: []string{"code=idempotency.mismatch"}},
	{name: "a key that is none", as: "ann", method: post, url: ofOpen + "/signups", headers: []string{idemKey, "张三丰"}, status: 422,
		want: []string{"errors.0.location=header.Idempotency-Key"}},
	{name: "another key", as: "ann", method: post, url: ofOpen + "/signups", headers: []string{idemKey, "ann-2"}, status: 409,
		want: []string{"code=roster.already_signed", "detail=已经报过这个班次了"}},
	{name: "in English", as: "ann", method: post, url: ofOpen + "/signups", headers: []string{english, "en-GB"}, status: 409,
		want: []string{"code=roster.already_signed", "title=Not done"}},
	{name: "at the same hour in another county", as: "ann", method: post, url: "/api/v1/shifts/{clash}/signups", status: 409, want: []string{"code=roster.overlap"}},
	{name: "as staff, by number", as: "leader", method: post, url: ofOpen + "/signups", body: `{"volunteer":"{bob-no}","place":"primary"}`, status: 201,
		want: []string{"state=accepted", "volunteer={bob}"}},
	{name: "onto the waiting list", as: "cai", method: post, url: ofOpen + "/signups", body: `{}`, status: 201, want: []string{"state=waitlisted"}},
	{name: "as a standby for a unit", as: "dan", method: post, url: ofOpen + "/signups", body: `{"place":"standby","unit":"{station}"}`, status: 201,
		want: []string{"state=accepted", "place=standby", "unit={station}"}},
	{name: "for a unit not hers", as: "dan", method: post, url: "/api/v1/shifts/{full}/signups", body: `{"unit":"{foreign}"}`, status: 422,
		want: []string{"code=roster.unit_not_hers", "errors.0.location=body.unit"}},
	{name: "the last place", as: "dan", method: post, url: "/api/v1/shifts/{full}/signups", status: 201, want: []string{"state=accepted"}},
	{name: "no place and no waiting list", as: "cai", method: post, url: "/api/v1/shifts/{full}/signups", status: 409, want: []string{"code=roster.full"}},
	{name: "to be decided on", as: "cai", method: post, url: "/api/v1/shifts/{picked}/signups", status: 201, want: []string{"state=applied"}},
	{name: "for somebody else", as: "ann", method: post, url: "/api/v1/shifts/{full}/signups", body: `{"volunteer":"{bob}"}`, status: 403,
		want: []string{"code=org.out_of_reach"}},
	{name: "by staff of another county", as: "abroad", method: post, url: ofOpen + "/signups", body: `{"volunteer":"{bob}"}`, status: 403,
		want: []string{"code=org.out_of_reach"}},
	{name: "on no shift", as: "ann", method: post, url: "/api/v1/shifts/" + none + "/signups", status: 404, want: []string{"code=roster.unknown"}},
	{name: "for nobody there is", as: "leader", method: post, url: ofOpen + "/signups", body: `{"volunteer":"321281999999"}`, status: 404,
		want: []string{"code=people.unknown"}},
	{name: "for what is no number", as: "leader", method: post, url: ofOpen + "/signups", body: `{"volunteer":"张三丰"}`, status: 404,
		want: []string{"code=people.unknown"}},
	{name: "for nobody there is, by one who may not ask", as: "ann", method: post, url: ofOpen + "/signups", body: `{"volunteer":"321281999999"}`, status: 403,
		want: []string{"code=org.out_of_reach"}},
	{name: "for an id of nobody, by one who may not ask", as: "ann", method: post, url: ofOpen + "/signups", body: `{"volunteer":"` + none + `"}`, status: 403,
		want: []string{"code=org.out_of_reach"}},
	{name: "half a document", as: "ann", method: post, url: ofOpen + "/signups", body: `{"place":"张三丰`, status: 400, want: []string{"code=api.not_json", "!errors"}},
	{name: "not JSON", as: "ann", method: post, url: ofOpen + "/signups", body: `place=primary`, headers: []string{jsonType, "text/plain"}, status: 415,
		want: []string{"code=api.media_type"}},
	{name: "a place that is none", as: "ann", method: post, url: ofOpen + "/signups", body: `{"place":"张三丰"}`, status: 422,
		want: []string{"code=api.invalid", "errors.0.location=body.place", "errors.0.code=api.value.one_of", "errors.0.detail=只能是：primary, standby"}},
	{name: "a field nobody knows", as: "ann", method: post, url: ofOpen + "/signups", body: `{"张三丰":1}`, status: 422,
		want: []string{"errors.0.location=body", "errors.0.code=api.value.unexpected"}},
	{name: "a number for a text", as: "ann", method: post, url: ofOpen + "/signups", body: `{"place":7}`, status: 422, want: []string{"errors.0.code=api.value.text"}},
	{name: "fifty megabytes", as: "ann", method: post, url: ofOpen + "/signups", body: strings.Repeat(" ", huge), status: 413, want: []string{"code=api.too_large"}},
	{name: "two megabytes", as: "ann", method: post, url: ofOpen + "/signups", body: strings.Repeat(" ", 2<<20), status: 413, want: []string{"code=api.too_large"}},
	{name: "what the shift looks like now", method: get, url: list + "/{open-activity}", status: 200,
		want: []string{"shifts.0.taken=2", "shifts.0.standby_taken=1", "shifts.0.waiting=1"}},
}

var withdrawals = []scenario{
	{name: "nobody", method: del, url: ofOpen + "/signups/{ann}", status: 401, want: []string{"code=api.sign_in"}},
	{name: "another", as: "bob", method: del, url: ofOpen + "/signups/{ann}", status: 403, want: []string{"code=org.out_of_reach"}},
	{name: "one who is not on it, by one who may not ask", as: "bob", method: del, url: "/api/v1/shifts/{clash}/signups/{cai}", status: 403,
		want: []string{"code=org.out_of_reach"}},
	{name: "half a document", as: "ann", method: del, url: ofOpen + "/signups/{ann}", body: `{"reason":`, status: 400, want: []string{"code=api.not_json"}},
	{name: "not JSON", as: "ann", method: del, url: ofOpen + "/signups/{ann}", body: `x`, headers: []string{jsonType, "text/plain"}, status: 415},
	{name: "too large", as: "ann", method: del, url: ofOpen + "/signups/{ann}", body: strings.Repeat(" ", 2<<20), status: 413, want: []string{"code=api.too_large"}},
	{name: "staff must say why", as: "leader", method: del, url: ofOpen + "/signups/{bob-no}", status: 422,
		want: []string{"code=roster.reason_needed", "errors.0.location=body.reason"}},
	{name: "the standby steps in", as: "ann", method: del, url: ofOpen + "/signups/{ann}", headers: []string{idemKey, "out-1"}, status: 200,
		want: []string{"state=withdrawn", "volunteer={ann}"}},
	{name: "a lost answer, asked for again", as: "ann", method: del, url: ofOpen + "/signups/{ann}", headers: []string{idemKey, "out-1"}, status: 200,
		want: []string{"state=withdrawn"}},
	{name: "twice", as: "ann", method: del, url: ofOpen + "/signups/{ann}", status: 409, want: []string{"code=roster.withdrawn_already"}},
	{name: "by staff, with a reason", as: "leader", method: del, url: ofOpen + "/signups/{bob-no}", body: `{"reason":"重复报名"}`, status: 200,
		want: []string{"state=withdrawn", "volunteer={bob}"}},
	{name: "one who was never on it", as: "leader", method: del, url: "/api/v1/shifts/{full}/signups/{bob}", body: `{"reason":"x"}`, status: 404,
		want: []string{"code=roster.not_signed"}},
	{name: "by a leader from abroad", as: "abroad", method: del, url: "/api/v1/shifts/{full}/signups/{bob}", body: `{"reason":"x"}`, status: 403,
		want: []string{"code=org.out_of_reach"}},
	{name: "what freed seats did", method: get, url: list + "/{open-activity}", status: 200,
		want: []string{"shifts.0.taken=2", "shifts.0.standby_taken=0", "shifts.0.waiting=0"}},
}

const (
	arrive = "/api/v1/shifts/{soon}/checkins"
	leave  = "/api/v1/shifts/{soon}/checkouts"
)

// device checks what is kept of the device on which somebody gave the code.
func (w *world) device(who, secret string) {
	w.t.Helper()
	u, err := roster.SignupOf(w.t.Context(), w.d, id.ID(w.fill("{soon}")), id.ID(w.fill("{"+who+"}")))
	if want := roster.DeviceOf(w.Keys, db.Day(w.c.Now()), secret); err != nil || u.Device != want {
		w.t.Errorf("device %q, %v, want %q", u.Device, err, want)
	}
}

var checkins = []scenario{
	{name: "ann is on the shift", as: "ann", method: post, url: "/api/v1/shifts/{soon}/signups", status: 201, want: []string{"state=accepted"}},
	{name: "bob too", as: "bob", method: post, url: "/api/v1/shifts/{soon}/signups", status: 201, want: []string{"state=accepted"}},
	{name: "nobody arrives", method: post, url: arrive, body: `{"code":"000000"}`, status: 401},
	{name: "neither code nor person", as: "ann", method: post, url: arrive, body: `{}`, status: 422,
		want: []string{"code=api.code_or_volunteer", "errors.0.location=body.code"}},
	{name: "no body", as: "ann", method: post, url: arrive, status: 400, want: []string{"code=api.not_json"}},
	{name: "not JSON", as: "ann", method: post, url: arrive, body: `x`, headers: []string{jsonType, "text/plain"}, status: 415},
	{name: "too large", as: "ann", method: post, url: arrive, body: strings.Repeat(" ", 2<<20), status: 413},
	{name: "a wrong code", as: "ann", method: post, url: arrive, body: `{"code":"{wrong}"}`, status: 422, want: []string{"code=roster.code_wrong"}},
	{name: "the code, in full-width digits", as: "ann", method: post, url: arrive, body: `{"code":"{wide}","device":"a-secret-of-this-phone"}`, status: 201,
		want: []string{"state=checked_in", "arrived=2020-02-28T14:26:00+08:00", "volunteer={ann}"}},
	{name: "again", as: "ann", method: post, url: arrive, body: `{"code":"{code}"}`, status: 200, want: []string{"state=checked_in"},
		before: func(w *world) { w.device("ann", "a-secret-of-this-phone") }},
	{name: "on the leader's list", as: "leader", method: post, url: arrive, body: `{"volunteer":"{bob-no}"}`, status: 201, want: []string{"state=checked_in", "volunteer={bob}"}},
	{name: "again on it", as: "leader", method: post, url: arrive, body: `{"volunteer":"{bob}"}`, status: 200, want: []string{"state=checked_in"}},
	{name: "one not on the shift", as: "leader", method: post, url: arrive, body: `{"volunteer":"{cai}"}`, status: 404, want: []string{"code=roster.not_signed"}},
	{name: "by a leader from abroad", as: "abroad", method: post, url: arrive, body: `{"volunteer":"{bob}"}`, status: 403, want: []string{"code=org.out_of_reach"}},
	{name: "with no shift now", as: "cai", method: post, url: arrive, body: `{"code":"{code}"}`, status: 409, want: []string{"code=roster.no_shift_now"}},
	{name: "too many codes", as: "bob", method: post, url: arrive, body: `{"code":"{wrong}"}`, status: 429, want: []string{"code=roster.too_many_codes"},
		before: func(w *world) { w.guess("bob", arrive) }},

	{name: "nobody leaves", method: post, url: leave, body: `{"code":"000000"}`, status: 401},
	{name: "too many codes to leave, too", as: "bob", method: post, url: leave, body: `{"code":"{wrong}"}`, status: 429},
	{name: "no body", as: "ann", method: post, url: leave, status: 400},
	{name: "not JSON", as: "ann", method: post, url: leave, body: `x`, headers: []string{jsonType, "text/plain"}, status: 415},
	{name: "too large", as: "ann", method: post, url: leave, body: strings.Repeat(" ", 2<<20), status: 413},
	{name: "a wrong code to leave", as: "ann", method: post, url: leave, body: `{"code":"{wrong}"}`, status: 422, want: []string{"code=roster.code_wrong"},
		before: func(w *world) { w.c.Add(74 * time.Minute); w.codes() }},
	{name: "leaves by the code", as: "ann", method: post, url: leave, body: `{"code":"{code}"}`, status: 201,
		want: []string{"state=checked_out", "departed=2020-02-28T15:40:00+08:00", "minutes=74", "grade=recorded"}},
	{name: "leaves again", as: "ann", method: post, url: leave, body: `{"code":"{code}"}`, status: 200, want: []string{"state=checked_out", "minutes=74"}},
	{name: "leaves early, on the list", as: "leader", method: post, url: leave, body: `{"volunteer":"{bob}","early":true}`, status: 201, want: []string{"state=checked_out"}},
	{name: "again on the list", as: "leader", method: post, url: leave, body: `{"volunteer":"{bob}"}`, status: 200},
	{name: "one not on the shift leaves", as: "leader", method: post, url: leave, body: `{"volunteer":"{cai}"}`, status: 404, want: []string{"code=roster.not_signed"}},
	{name: "who never came leaves", as: "leader", method: post, url: "/api/v1/shifts/{full}/checkouts", body: `{"volunteer":"{dan}"}`, status: 409,
		want: []string{"code=roster.not_checked_in"}},
	{name: "by a leader from abroad", as: "abroad", method: post, url: leave, body: `{"volunteer":"{bob}"}`, status: 403},
}

var volunteers = []scenario{
	{name: "nobody", method: get, url: "/api/v1/volunteers", status: 401},
	{name: "a volunteer", as: "ann", method: get, url: "/api/v1/volunteers", status: 403, want: []string{"code=org.out_of_reach"}},
	{name: "of another's organisation", as: "abroad", method: get, url: "/api/v1/volunteers?org={station}", status: 403},
	{name: "of no organisation", as: "admin", method: get, url: "/api/v1/volunteers?org=" + none, status: 404, want: []string{"code=org.unknown"}},
	{name: "of what is no id", as: "admin", method: get, url: "/api/v1/volunteers?org=x", status: 422, want: []string{"errors.0.location=query.org"}},
	{name: "masked", as: "admin", method: get, url: "/api/v1/volunteers", status: 200, want: []string{"org={station}", "volunteers.0.id={ann}",
		"volunteers.0.no={ann-no}", "volunteers.0.name=王*", "volunteers.0.contact=138****0001", "volunteers.0.minor=false", "volunteers.3.id={dan}", "!next"}},
	{name: "a page of two", as: "admin", method: get, url: "/api/v1/volunteers?limit=2", status: 200, want: []string{"volunteers.1.id={bob}", "!volunteers.2", "next={bob}"}},
	{name: "the page after", as: "admin", method: get, url: "/api/v1/volunteers?limit=2&after={bob}", status: 200, want: []string{"volunteers.0.id={cai}", "!next"}},
	{name: "of a state", as: "admin", method: get, url: "/api/v1/volunteers?state=pending", status: 200, want: []string{"volunteers=[]"}},
	{name: "of the team, which has none", as: "leader", method: get, url: "/api/v1/volunteers", status: 200, want: []string{"org={team}", "volunteers=[]"}},
}

const turns = "/api/v1/figures/turns"

var figures = []scenario{
	{name: "while the ledger is being read", as: "admin", method: get, url: turns, status: 503, want: []string{"code=figure.loading"}},
	{name: "nobody", method: get, url: turns, status: 401, before: func(w *world) { w.reckon() }},
	{name: "a volunteer", as: "ann", method: get, url: turns, status: 403, want: []string{"code=org.out_of_reach"}},
	{name: "of another's organisation", as: "abroad", method: get, url: turns + "?org={station}", status: 403, want: []string{"code=org.out_of_reach"}},
	{name: "of no organisation", as: "admin", method: get, url: turns + "?org=" + none, status: 422,
		want: []string{"code=figure.org_unknown", "errors.0.location=query.org"}},
	{name: "no such indicator", as: "admin", method: get, url: "/api/v1/figures/members", status: 404, want: []string{"code=figure.unknown"}},
	{name: "turns below her station", as: "admin", method: get, url: turns, status: 200, want: []string{"key=turns", "value=2", "unit=turn", "entries=2",
		"overlap=0", "splits=[]", "as_of.seq", "as_of.time=2020-02-28T15:40:00+08:00", "basis"}},
	{name: "by day, of a division", as: "admin", method: get, url: turns + "?org=321281001001&by=day", status: 200,
		want: []string{"splits.0.key=2020-02-28", "splits.0.value=2", "!splits.1"}},
	{name: "before anybody came", as: "admin", method: get, url: turns + "?as_of=2020-02-28T14:25:00%2B08:00", status: 200, want: []string{"value=0"}},
	{name: "as the command line spells it", as: "admin", method: get, url: turns + "?as-of=2020-02-27", status: 200, want: []string{"value=0", "as_of.seq=0"}},
	{name: "of a moment that is none", as: "admin", method: get, url: turns + "?as_of=张三丰", status: 422,
		want: []string{"code=figure.as_of_form", "errors.0.location=query.as_of"}},
	{name: "split by nothing known", as: "admin", method: get, url: turns + "?by=person", status: 422, want: []string{"code=figure.by_unknown"}},
	{name: "a rate, in English", as: "admin", method: get, url: "/api/v1/figures/fill_rate", headers: []string{english, "en"}, status: 200,
		want: []string{"unit=ratio", "basis=Sign-ups accepted divided by places offered, in ten-thousandths, rounded down."}},
	{name: "the facts it counts", as: "admin", method: get, url: turns + "/entries?limit=1", status: 200,
		want: []string{"figure.value=2", "entries.0.what=fact", "entries.0.kind=roster.arrived", "entries.0.person={ann}", "entries.0.subject={soon}",
			"entries.0.org={team}", "entries.0.unit={station}", "entries.0.qty=1", "!entries.1", "next"}},
	{name: "the persons it counts", as: "admin", method: get, url: "/api/v1/figures/volunteers_taking_part/entries", status: 200,
		want: []string{"figure.value=2", "entries.0.id={ann}", "entries.0.name=王*", "entries.1.what=person", "entries.1.name=李*", "!entries.2", "!next"}},
	{name: "the organisations", as: "admin", method: get, url: "/api/v1/figures/orgs_taking_part/entries", status: 200, want: []string{"figure.value=0", "entries=[]"}},
	{name: "a page that is none", as: "admin", method: get, url: turns + "/entries?after=0.0.0", status: 422, want: []string{"code=figure.page_unknown"}},
	{name: "nobody's entries", method: get, url: turns + "/entries", status: 401},
	{name: "entries for a volunteer", as: "ann", method: get, url: turns + "/entries", status: 403},
	{name: "entries of no indicator", as: "admin", method: get, url: "/api/v1/figures/members/entries", status: 404},
}

var operating = []scenario{
	{name: "alive", method: get, url: "/healthz", status: 200, want: []string{"ok=true"}},
	{name: "ready", method: get, url: "/readyz", status: 200, want: []string{"ready=true", "checks.3.name=sealer", "checks.3.ok=true"},
		before: func(w *world) { w.seal() }},
	{name: "stopping", method: get, url: "/readyz", status: 503, want: []string{"ready=false", "checks.0.name=running", "checks.0.ok=false"},
		before: func(w *world) { w.stop.Store(true) }},
	{name: "numbers", method: get, url: "/metrics", status: 200},
	{name: "numbers through a proxy", method: get, url: "/metrics", headers: []string{"X-Forwarded-For", "192.0.2.1"}, status: 401},
	{name: "numbers for a volunteer", as: "ann", method: get, url: "/metrics", headers: []string{"X-Forwarded-For", "192.0.2.1"}, status: 403,
		want: []string{"code=api.metrics_near"}},
	{name: "numbers for a machine", as: "admin", method: get, url: "/metrics", headers: []string{"X-Forwarded-For", "192.0.2.1"}, status: 200},
}

// codes notes the code that the desk of the next shift shows, and one that it does not.
func (w *world) codes() {
	digits, _ := roster.CodeAt(roster.Secret(w.Keys, w.id("soon")), w.c.Now(), 30*time.Second)
	w.names["code"], w.names["wrong"] = digits, string(rune('0'+(digits[0]-'0'+1)%10))+digits[1:]
	w.names["wide"] = strings.Map(func(r rune) rune { return r - '0' + '０' }, digits)
}
