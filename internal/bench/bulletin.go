package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/figure"
)

// BulletinOptions say on a copy of which database a bulletin is made, and with how many figures.
type BulletinOptions struct {
	DSN, Keys string
	Figures   int
	Times     int // that its editor is opened
	Tell      func(Stage)
}

// Publishing is the stage in which a bulletin is made.
const Publishing Stage = "publishing"

// Bulletin is what was measured: pages as the server answers them, without the network.
type Bulletin struct {
	Engine    db.Engine `json:"engine"`
	Figures   int       `json:"figures"`
	Opened    int       `json:"opened"`
	Open      float64   `json:"editor_p50_ms"`
	Worst     float64   `json:"editor_worst_ms"`
	Text      float64   `json:"text_ms"` // the text's own page, where each figure is looked at anew
	Published float64   `json:"publish_ms"`
	Proved    float64   `json:"prove_ms"`
	Proves    bool      `json:"proves"`
}

// publishing makes a bulletin on a copy.
type publishing struct {
	BulletinOptions
	a       *app.App
	handler http.Handler
	secret  string // of the session of who asks
	office  id.ID
	r       Bulletin
}

// RunBulletin makes an issue of one text with many figures, opens its editor, and publishes it.
func RunBulletin(ctx context.Context, o BulletinOptions) (_ Bulletin, err error) {
	if o.Tell == nil {
		o.Tell = func(Stage) {}
	}
	if o.Keys, err = crypt.Path(o.DSN, o.Keys); err != nil {
		return Bulletin{}, err
	}
	b := &bench{Options: Options{DSN: o.DSN, Keys: o.Keys}}
	defer func() { err = errors.Join(err, b.clean()) }()
	o.Tell(Copying)
	dsn, err := b.copy(ctx, o.DSN)
	if err != nil {
		return Bulletin{}, err
	}
	m := &publishing{BulletinOptions: o}
	if m.a, err = b.open(ctx, dsn, 0); err != nil {
		return m.r, err
	}
	defer func() { err = errors.Join(err, m.a.Close()) }()
	o.Tell(Staging)
	m.r.Engine, m.handler = m.a.DB.Engine(), m.a.Handler()
	s := &setter{b: b, a: m.a, d: m.a.DB, p: &plan{}}
	if err = s.places(ctx); err != nil {
		return m.r, err
	}
	office, err := s.office(ctx)
	if err != nil {
		return m.r, err
	}
	if m.secret, err = s.clerk(ctx, office.ID); err != nil {
		return m.r, err
	}
	if err = m.a.Figures.Load(ctx); err != nil {
		return m.r, err
	}
	m.office = office.ID
	o.Tell(Publishing)
	err = m.run(ctx)
	return m.r, err
}

func (m *publishing) run(ctx context.Context) error {
	issue, text, err := m.write(ctx)
	if err != nil {
		return err
	}
	var took []time.Duration
	for range max(m.Times, 1) {
		d, err := m.ask("GET", "/desk/bulletin-texts/"+string(text)+"/edit", nil, http.StatusOK)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	slices.Sort(took)
	m.r.Opened, m.r.Open, m.r.Worst = len(took), ms(took[len(took)/2]), ms(took[len(took)-1])
	d, err := m.ask("GET", "/desk/bulletin-texts/"+string(text), nil, http.StatusOK)
	if err != nil {
		return err
	}
	m.r.Text = ms(d)
	if err := m.review(ctx, issue, text); err != nil {
		return err
	}
	if d, err = m.ask("POST", "/desk/bulletins/"+string(issue)+"/publish", url.Values{"confirm": {theme}}, http.StatusSeeOther); err != nil {
		return err
	}
	m.r.Published = ms(d)
	i, err := bulletin.Get(ctx, m.a.DB, issue)
	if err != nil {
		return err
	}
	began := time.Now()
	proof, err := bulletin.Prove(ctx, m.a.DB, m.a.Figures, i)
	m.r.Proved, m.r.Proves = ms(time.Since(began)), proof.Holds() && len(proof.Figures) == m.r.Figures
	return err
}

const theme = "bench"

// write plans an issue with one text of many figures.
func (m *publishing) write(ctx context.Context) (issue, text id.ID, err error) {
	doc, err := m.document(ctx)
	if err != nil {
		return "", "", err
	}
	err = m.a.DB.Write(ctx, func(tx *db.Tx) error {
		day := db.Day(tx.Now)
		last, _, err := bulletin.Last(tx.Context(), tx, m.office)
		if err != nil {
			return err
		}
		in := bulletin.In{Name: "bench", Number: 9_999, Total: last.Total + 1, Day: day, Theme: theme, From: "2020-01-01", To: day}
		if issue, err = bulletin.Plan(tx.Context(), tx, auth.System, m.office, in); err != nil {
			return err
		}
		text, err = bulletin.Add(tx.Context(), tx, auth.System, issue, bulletin.NewArticle{Org: m.office, Doc: string(doc.JSON())})
		return err
	})
	return issue, text, err
}

// document says of indicators that count no persons what they are, in the office's whole and
// from one day after the other on.
func (m *publishing) document(ctx context.Context) (prose.Node, error) {
	doc := prose.New(prose.Doc, prose.TitleOf("bench"))
	var all []*ledger.Indicator
	for _, i := range ledger.Indicators() {
		if i.Measure != ledger.Ratio && !figure.Personal(i) {
			all = append(all, i)
		}
	}
	for n := 0; n < m.Figures; n++ {
		i := all[n%len(all)]
		f := prose.Figure{Key: i.Key, Org: string(m.office), To: time.Date(2020, 2, 1+n/len(all), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)}
		a, err := m.a.Figures.At(ctx, figure.Of(f))
		if err != nil {
			return doc, fmt.Errorf("%s: %w", i.Key, err)
		}
		said := figure.Plain(i.Unit, a.Value)
		f.Form, f.D, f.Measure = string(said.Form), said.D, "-"
		doc.Content = append(doc.Content, prose.P(prose.F(f)))
	}
	m.r.Figures = m.Figures
	return prose.Checked(doc)
}

// review accepts the text, and has two agree.
func (m *publishing) review(ctx context.Context, issue, text id.ID) error {
	steps := []func(ctx context.Context, tx *db.Tx, p bulletin.Prepared) error{
		func(ctx context.Context, tx *db.Tx, _ bulletin.Prepared) error {
			return bulletin.Accept(ctx, tx, auth.System, text)
		},
		func(ctx context.Context, tx *db.Tx, p bulletin.Prepared) error {
			return bulletin.Submit(ctx, tx, auth.System, issue, p)
		},
	}
	for range 2 {
		steps = append(steps, func(ctx context.Context, tx *db.Tx, p bulletin.Prepared) error {
			who := auth.Actor{Person: tx.NewID(m.office.Home()), Via: auth.Web, Grants: []auth.Grant{{Org: m.office, Role: auth.Reviewer}}}
			return bulletin.Agree(ctx, tx, who, issue, p, "")
		})
	}
	for _, step := range steps {
		p, err := bulletin.Prepare(ctx, m.a.DB, m.a.Figures, issue)
		if err == nil {
			err = m.a.DB.Write(ctx, func(tx *db.Tx) error { return step(tx.Context(), tx, p) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask takes the time of a request as the server answers it.
func (m *publishing) ask(method, path string, form url.Values, want int) (time.Duration, error) {
	r, err := http.NewRequest(method, "http://bench"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	r.RemoteAddr, r.RequestURI = "127.0.0.1:9", path
	r.Header.Set("Origin", "http://bench")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "session", Value: m.secret})
	var s sink
	began := time.Now()
	m.handler.ServeHTTP(&s, r)
	took := time.Since(began)
	if s.status != want {
		err = fmt.Errorf("%s %s: %d: %.2000s", method, path, s.status, s.text.String())
	}
	return took, err
}

// sink takes an answer.
type sink struct {
	header http.Header
	status int
	text   strings.Builder
}

func (s *sink) Header() http.Header {
	if s.header == nil {
		s.header = http.Header{}
	}
	return s.header
}

func (s *sink) WriteHeader(status int) { s.status = status }

func (s *sink) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.text.Write(b)
}

// Holds reports whether it is as fast as it has to be, and proves.
func (r Bulletin) Holds() bool { return r.Worst <= 300 && r.Published <= 2000 && r.Proves }
