package activities_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/activities"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people/peopletest"
	"tongxin/internal/work/roster"
)

// world is a planted city and its site, asked by whoever the test says.
type world struct {
	*peopletest.City
	t   *testing.T
	ctx context.Context
	d   *db.DB
	c   *dbtest.Clock
	h   http.Handler
	who auth.Actor

	leader, station, institute, foreign auth.Actor
}

// pages are the handlers as internal/web/routes.go has them; everybody is let in here, so that
// it is the handlers and commands that refuse.
var pages = map[string]page.Handler{
	"GET /activities": activities.Open, "GET /desk/activities": activities.List,
	"GET /desk/activities/new": activities.New, "POST /desk/activities": activities.Create,
	"GET /desk/activities/{id}": activities.Show, "GET /desk/activities/{id}/edit": activities.Edit, "POST /desk/activities/{id}/edit": activities.Save,
	"GET /desk/activities/{id}/posts/new": activities.EditPost, "POST /desk/activities/{id}/posts": activities.SavePost,
	"GET /desk/activities/{id}/posts/{post}": activities.EditPost, "POST /desk/activities/{id}/posts/{post}": activities.SavePost,
	"POST /desk/activities/{id}/posts/{post}/remove": activities.RemovePost,
	"GET /desk/activities/{id}/coorgs":               activities.EditCoOrgs, "POST /desk/activities/{id}/coorgs": activities.SaveCoOrgs,
	"POST /desk/activities/{id}/submit": activities.Submit, "POST /desk/activities/{id}/recall": activities.Recall,
	"POST /desk/activities/{id}/approve": activities.Approve, "POST /desk/activities/{id}/return": activities.Return,
	"GET /desk/activities/{id}/cancel": activities.AskCancel, "POST /desk/activities/{id}/cancel": activities.Cancel,
	"GET /desk/reviews": activities.Reviews, "GET /desk/campaigns": activities.Campaigns, "GET /desk/campaigns/new": activities.NewCampaign,
	"POST /desk/campaigns": activities.CreateCampaign, "GET /desk/campaigns/{n}": activities.ShowCampaign, "POST /desk/campaigns/{n}": activities.SaveCampaign,
	"POST /desk/campaigns/{n}/close": activities.CloseCampaign, "POST /desk/campaigns/{n}/reopen": activities.ReopenCampaign,
}

func begin(t *testing.T, d *db.DB, c *dbtest.Clock) *world {
	t.Helper()
	w := &world{City: peopletest.Plant(t, d), t: t, ctx: t.Context(), d: d, c: c}
	w.Write(func(ctx context.Context, tx *db.Tx) error { return activity.Install(ctx, tx) })
	w.leader = w.Staff("leader", w.Team, auth.Leader)
	w.station = w.Staff("station", w.Station, auth.Admin)
	w.institute = w.Staff("institute", w.Institute, auth.Reviewer)
	w.foreign = w.Staff("foreign", w.Foreign, auth.Admin)
	figures, err := figure.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	s := &page.Site{DB: d, Keys: w.Keys, Figures: figures, Authenticate: func(*http.Request) (page.Visitor, error) { return page.Visitor{Actor: w.who}, nil }}
	mux := http.NewServeMux()
	for pattern, handler := range pages {
		mux.Handle(pattern, s.Handle(page.Route{Pattern: pattern, Handler: handler, Access: page.Public}))
	}
	w.h = s.Chain(mux)
	return w
}

// answer is what came back: status, text, and where it leads.
type answer struct {
	t      *testing.T
	Status int
	Text   string
	To     string
	Flash  string
}

func (w *world) ask(r *http.Request) answer {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	b, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{w.t, rec.Code, string(b), rec.Header().Get("Location"), rec.Header().Get("Set-Cookie")}
}

func (w *world) get(by auth.Actor, path string) answer {
	w.t.Helper()
	w.who = by
	return w.ask(httptest.NewRequest("GET", path, nil))
}

func (w *world) post(by auth.Actor, path string, values url.Values) answer {
	w.t.Helper()
	w.who = by
	key := sha256.Sum256([]byte(path + values.Encode()))
	values.Set(ui.KeyField, hex.EncodeToString(key[:])) // the same again is a form that is sent twice
	r := httptest.NewRequest("POST", path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.ask(r)
}

// is checks the status, and that the page says all the parts.
func (a answer) is(status int, parts ...string) answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d:\n%s", a.Status, status, words(a.Text))
	}
	for _, p := range parts {
		if !strings.Contains(a.Text, p) {
			a.t.Errorf("the page does not say %q:\n%s", p, words(a.Text))
		}
	}
	return a
}

// not checks that the page says none of the parts.
func (a answer) not(parts ...string) answer {
	a.t.Helper()
	for _, p := range parts {
		if strings.Contains(a.Text, p) {
			a.t.Errorf("the page says %q:\n%s", p, words(a.Text))
		}
	}
	return a
}

var tags = regexp.MustCompile(`(?s)<head>.*?</head>|<[^>]*>`)

// words are what a person would read of a page.
func words(text string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(text, " ")), " ")
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// full is a form that says all that an activity must.
func (w *world) full(pairs ...string) url.Values {
	v := form(append([]string{"org", string(w.Team), "title", "给邻居送一次菜", "service", w.service("errand"), "place", "凤凰路 18 号", "content", "代买送菜",
		"conditions", "能骑车", "how", "本页报名", "risks", "骑行安全", "protection", "口罩、保险", "signup", "open", "waitlist", "true"}, pairs...)...)
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (w *world) service(slug string) string {
	w.t.Helper()
	all, err := activity.Services(w.ctx, w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range all {
		if s.Slug == slug {
			return itoa(s.ID)
		}
	}
	w.t.Fatalf("no service %s", slug)
	return ""
}

// draft makes a draft of the team through the form, with a post and a shift tomorrow.
func (w *world) draft(pairs ...string) id.ID {
	w.t.Helper()
	made := id.ID(strings.TrimPrefix(w.post(w.leader, "/desk/activities", w.full(pairs...)).is(303).To, "/desk/activities/"))
	w.post(w.leader, "/desk/activities/"+string(made)+"/posts", form("rev", "1", "name", "采买", "places", "2")).is(303)
	posts, err := activity.Posts(w.ctx, w.d, made)
	if err != nil || len(posts) != 1 {
		w.t.Fatal(posts, err)
	}
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		at := w.c.Now().Truncate(time.Hour).Add(24 * time.Hour)
		_, err := roster.AddShift(ctx, tx, w.leader, made, roster.Plan{Post: posts[0].ID, Starts: at, Ends: at.Add(2 * time.Hour)})
		return err
	})
	return made
}

// published is a draft that the station approved.
func (w *world) published(pairs ...string) id.ID {
	w.t.Helper()
	a := w.draft(pairs...)
	at := "/desk/activities/" + string(a)
	w.post(w.leader, at+"/submit", form()).is(303)
	w.post(w.station, at+"/approve", form("rev", itoa(w.read(a).Rev))).is(303)
	return a
}

func (w *world) read(a id.ID) activity.Activity {
	w.t.Helper()
	got, err := activity.Get(w.ctx, w.d, a)
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

func request(path string) *http.Request { return httptest.NewRequest("GET", path, nil) }
