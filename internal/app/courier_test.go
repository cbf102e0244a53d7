package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/send"
	"tongxin/internal/work/area"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people/peopletest"
)

// provider is the other side of a channel: it keeps what it took, and fails as it is told.
type provider struct {
	mu   sync.Mutex
	took []send.Message
	fail func(send.Message) error
}

func (p *provider) Send(_ context.Context, m send.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		if err := p.fail(m); err != nil {
			return err
		}
	}
	p.took = append(p.took, m)
	return nil
}

func (p *provider) texts() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, m := range p.took {
		all = append(all, m.Text)
	}
	slices.Sort(all)
	return strings.Join(all, "|")
}

// post is a city with channels that work, and their couriers.
type post struct {
	*peopletest.City
	t     *testing.T
	d     *db.DB
	clock *dbtest.Clock
	admin auth.Actor
	p     *provider
	c     app.Courier
}

func openPost(t *testing.T, d *db.DB, clock *dbtest.Clock, channels ...notice.Channel) *post {
	t.Helper()
	c := peopletest.Plant(t, d)
	s := &post{City: c, t: t, d: d, clock: clock, p: &provider{}, c: app.NewCourier(d, c.Keys)}
	s.admin = c.Staff("sysop", c.City, auth.SystemAdmin)
	for _, ch := range channels {
		s.setUp(ch, true)
	}
	s.c.Through(s.p)
	return s
}

// whole are fields with which a channel can be opened.
var whole = map[notice.Channel]map[string]string{
	notice.SMS:    {"url": "https://sms.example.com", "access": "AK", "signature": "同心", "secret": "s3cr3t"},
	notice.Mail:   {"host": "smtp.example.com", "port": "465", "from": "notice@example.com", "user": "u", "secret": "p"},
	notice.WeChat: {"appid": "wx1", "secret": "s"},
	notice.Hook:   {},
}

func (s *post) setUp(ch notice.Channel, working bool) {
	s.t.Helper()
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		if err := notice.SetUp(ctx, tx, s.Keys, s.admin, ch, working, whole[ch]); err != nil || !ch.Templated() {
			return err
		}
		text := map[notice.Channel]string{notice.SMS: "${text}", notice.WeChat: "thing1=text"}[ch]
		return notice.SaveTemplate(ctx, tx, s.admin, notice.Template{Channel: ch, Kind: notice.Any, Code: "T1", Text: text})
	})
}

// withMail is a volunteer who is told by mail.
func (s *post) withMail(name, address string) auth.Actor {
	s.t.Helper()
	her := s.Volunteer(name)
	var p notice.Proof
	s.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = notice.NameAddress(ctx, tx, s.Keys, her, her.Person, notice.Mail, address)
		return err
	})
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		refused, err := notice.ProveAddress(ctx, tx, s.Keys, her, her.Person, notice.Mail, p.Digits)
		return errors.Join(refused, err)
	})
	return her
}

func (s *post) tell(person id.ID, kind, once string, args ...any) {
	s.t.Helper()
	s.Write(func(_ context.Context, tx *db.Tx) error { return notice.Tell(tx, person, kind, subject, once, args...) })
}

func (s *post) run() {
	s.t.Helper()
	if err := s.c.RunDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// states are the deliveries by their state, as "sms waiting 2".
func (s *post) states() string {
	s.t.Helper()
	all, err := notice.CountAll(s.t.Context(), s.d, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	var words []string
	for _, c := range all {
		words = append(words, fmt.Sprintf("%s %s %d", c.Channel, c.State, c.N))
	}
	return strings.Join(words, ", ")
}

func (s *post) holds() {
	s.t.Helper()
	checks, err := notice.Verify(s.t.Context(), s.d)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range checks {
		if c.Broken > 0 {
			s.t.Errorf("%+v", c)
		}
	}
}

// unread counts what somebody was told and has not read.
func unread(t *testing.T, d *db.DB, person id.ID) int {
	t.Helper()
	n, err := notice.Unread(t.Context(), d, person)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const subject id.ID = "321281-01jd3k8zq4w7c2xv"

func TestUrgentGoesThroughTheNightAndOthersWait(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS, notice.Mail)
		her := s.withMail("张玉兰", "zhang@example.org")
		clock.Set(time.Date(2020, 2, 28, 23, 0, 0, 0, i18n.Zone()))
		s.tell(her.Person, "roster.cancelled", "a", "title", "体温检测")
		s.tell(her.Person, "guidance.closed", "b", "title", "口罩", "unit", "一所")
		s.run()
		if got := s.states(); got != "mail sent 1, mail waiting 1, sms sent 1" {
			t.Errorf("at night: %s", got)
		}
		clock.Set(time.Date(2020, 2, 29, 6, 59, 0, 0, i18n.Zone()))
		s.run()
		if len(s.p.took) != 2 {
			t.Errorf("before seven %d were sent", len(s.p.took))
		}
		clock.Set(time.Date(2020, 2, 29, 7, 0, 0, 0, i18n.Zone()))
		s.run()
		if got := s.states(); got != "mail sent 2, sms sent 1" {
			t.Errorf("in the morning: %s", got)
		}
		for _, m := range s.p.took {
			sms := m.Template == "T1"
			if sms != (m.To != "zhang@example.org") || sms && m.Fields[0].Value != m.Text || strings.Contains(m.Text, "{title}") {
				t.Errorf("%+v", m)
			}
		}
		s.holds()
	})
}

func TestSeveralChangesOfOneThingAreOneMessage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.Mail)
		her := s.withMail("张玉兰", "zhang@example.org")
		for i := range 3 {
			s.tell(her.Person, "roster.accepted", fmt.Sprint("a", i), "title", fmt.Sprint("第", i, "次"))
			s.run()
			clock.Add(30 * time.Second)
		}
		if len(s.p.took) != 0 {
			t.Errorf("%d were sent before the end of the window", len(s.p.took))
		}
		clock.Add(30 * time.Second) // two minutes after the first, not after the last
		s.run()
		if got := s.states(); len(s.p.took) != 1 || !strings.Contains(s.p.texts(), "第2次") || got != "mail folded 2, mail sent 1" {
			t.Errorf("%s: %s", got, s.p.texts())
		}
		s.tell(her.Person, "roster.accepted", "a2", "title", "第3次") // told anew under the same name
		clock.Add(3 * time.Minute)
		s.run()
		clock.Add(3 * time.Minute)
		s.run()
		if len(s.p.took) != 2 || s.p.took[0].Key == s.p.took[1].Key || !strings.HasSuffix(s.p.took[1].Key, ".2") {
			t.Errorf("%+v", s.p.took)
		}
		s.tell(her.Person, "roster.accepted", "a2", "title", "第3次") // the same words again
		clock.Add(10 * time.Minute)
		s.run()
		if len(s.p.took) != 2 {
			t.Error("the same was sent again")
		}
		s.tell(her.Person, "roster.accepted", "b", "title", "读过")
		s.run()
		s.Write(func(ctx context.Context, tx *db.Tx) error { return notice.ReadAll(ctx, tx, her, her.Person) })
		clock.Add(3 * time.Minute)
		s.run()
		if got := s.states(); len(s.p.took) != 2 || !strings.Contains(got, "mail needless 1") {
			t.Errorf("what was read in the inbox: %s", got)
		}
		s.holds()
	})
}

func TestAFailureIsTriedAgainThenLiesForAPerson(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS)
		her := s.Volunteer("张玉兰")
		keys, tries := map[string]bool{}, 0
		s.p.fail = func(m send.Message) error {
			keys[m.Key] = true
			tries++
			return send.Later(send.Busy, 0, nil)
		}
		s.tell(her.Person, "roster.cancelled", "a", "title", "体温检测")
		for range 20 {
			s.run()
			clock.Add(8 * time.Hour)
		}
		if tries != 8 || len(keys) != 1 || !strings.Contains(s.states(), "sms dead 1") {
			t.Fatalf("%d tries under %d keys: %s", tries, len(keys), s.states())
		}
		other := s.Volunteer("李娜")
		if _, _, err := notice.DeadLetters(t.Context(), d, other, "", ""); fail.KindOf(err) != fail.Forbidden {
			t.Errorf("a volunteer reads dead letters: %v", err)
		}
		dead, next, err := notice.DeadLetters(t.Context(), d, s.admin, notice.SMS, "")
		if err != nil || len(dead) != 1 || next != "" || dead[0].Reason != string(send.Busy) || dead[0].Kind != "roster.cancelled" {
			t.Fatalf("%+v, %v", dead, err)
		}
		if err := s.Try(func(ctx context.Context, tx *db.Tx) error { return notice.Release(ctx, tx, other, dead[0].ID) }); fail.KindOf(err) != fail.Forbidden {
			t.Errorf("a volunteer releases: %v", err)
		}
		s.p.fail = nil
		s.Write(func(ctx context.Context, tx *db.Tx) error { return notice.Release(ctx, tx, s.admin, dead[0].ID) })
		if err := s.Try(func(ctx context.Context, tx *db.Tx) error { return notice.Release(ctx, tx, s.admin, dead[0].ID) }); fail.Key(err) != "notice.not_dead" {
			t.Errorf("released twice: %v", err)
		}
		s.run()
		if len(s.p.took) != 1 || !keys[s.p.took[0].Key] {
			t.Errorf("%+v", s.p.took)
		}
		s.p.fail = func(send.Message) error { return send.Never(send.Address, nil) }
		s.tell(her.Person, "roster.cancelled", "b", "title", "体温检测")
		s.tell(other.Person, "roster.cancelled", "b", "title", "体温检测")
		s.run()
		dead, _, _ = notice.DeadLetters(t.Context(), d, s.admin, "", "")
		if len(dead) != 2 {
			t.Fatalf("%d dead at once", len(dead))
		}
		for why, want := range map[string]string{" ": "notice.why_needed", strings.Repeat("长", 61): "notice.why_needed", "号码已停用": ""} {
			err := s.Try(func(ctx context.Context, tx *db.Tx) error { return notice.GiveUp(ctx, tx, s.admin, dead[0].ID, why) })
			if fail.Key(err) != want && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%q: %v", why, err)
			}
		}
		s.p.fail = nil
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			n, more, err := notice.ReleaseSome(ctx, tx, s.admin, notice.SMS)
			if n != 1 || more {
				t.Errorf("%d released", n)
			}
			return err
		})
		s.run()
		if got := s.states(); !strings.Contains(got, "sms given_up 1") || strings.Contains(got, "dead") || len(s.p.took) != 2 {
			t.Errorf("%s, %d sent", got, len(s.p.took))
		}
		s.holds()
	})
}

// A provider that wants nothing from us for a while gets nothing, and no message is the worse
// for it.
func TestARateLimitHoldsTheChannelAndCostsNoTry(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS)
		for i := range 12 {
			s.tell(s.Volunteer(fmt.Sprint("甲", "乙丙丁"[i%3*3:i%3*3+3])).Person, "roster.cancelled", "a", "title", "体温检测")
		}
		asked := 0
		s.p.fail = func(send.Message) error { asked++; return send.Wide(10*time.Minute, nil) }
		for range 12 {
			s.run()
			clock.Add(time.Minute)
		}
		if asked > 3*8 {
			t.Errorf("asked %d times", asked)
		}
		for range 10 {
			s.run()
			clock.Add(20 * time.Minute)
		}
		s.p.fail = nil
		for range 4 {
			clock.Add(20 * time.Minute)
			s.run()
		}
		if got := s.states(); got != "sms sent 12" {
			t.Error(got)
		}
		s.holds()
	})
}

// A courier that dies after a message left sends it again, under the same key; one that comes
// back from the dead changes nothing any more.
func TestACourierThatDiesSendsTheSameAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS)
		s.tell(s.Volunteer("张玉兰").Person, "roster.cancelled", "a", "title", "体温检测")
		other := app.NewCourier(d, s.Keys)
		took := &provider{}
		other.Through(took)
		s.p.fail = func(send.Message) error {
			if err := other.RunDue(context.Background()); err != nil || len(took.took) != 0 {
				t.Errorf("it was leased: %v", err)
			}
			clock.Add(3 * time.Minute) // the lease runs out while the first waits
			return errors.Join(other.RunDue(context.Background()))
		}
		s.run()
		if len(took.took) != 1 || len(s.p.took) != 1 || took.took[0].Key != s.p.took[0].Key || s.states() != "sms sent 1" {
			t.Errorf("%+v, %+v: %s", took.took, s.p.took, s.states())
		}
		s.holds()
	})
}

func TestSeveralCouriersSendEachOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS)
		for i := range 3 {
			her := s.Volunteer("张玉兰")
			s.Write(func(_ context.Context, tx *db.Tx) error {
				for j := range 20 {
					if err := notice.Tell(tx, her.Person, "roster.cancelled", id.ID(fmt.Sprintf("321281-01jd3k8zq4w7c%03d", j)), fmt.Sprint(i, j), "title", "t"); err != nil {
						return err
					}
				}
				return nil
			})
		}
		var all sync.WaitGroup
		for range 3 {
			c := app.NewCourier(d, s.Keys)
			c.Through(s.p)
			all.Go(func() {
				if err := c.RunDue(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		s.run()
		keys := map[string]bool{}
		for _, m := range s.p.took {
			keys[m.Key] = true
		}
		if len(s.p.took) != 60 || len(keys) != 60 {
			t.Errorf("%d messages, %d of them different", len(s.p.took), len(keys))
		}
		s.holds()
	})
}

// What one closure queues is bounded by its rows, however many were told.
func TestOneClosureQueuesAChunk(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS)
		her := s.Volunteer("张玉兰")
		const many = notice.Chunk*2 + 10
		for from := 0; from < many; from += 100 {
			s.Write(func(_ context.Context, tx *db.Tx) error {
				for i := from; i < min(from+100, many); i++ {
					if err := notice.Tell(tx, her.Person, "roster.cancelled", "", fmt.Sprint(i), "title", "t"); err != nil {
						return err
					}
				}
				return nil
			})
		}
		var turns []int64
		for {
			before := d.Inserted()
			more, err := s.c.Queue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if turns = append(turns, d.Inserted()-before); !more {
				break
			}
		}
		if fmt.Sprint(turns) != fmt.Sprint([]int64{notice.Chunk, notice.Chunk, 10}) {
			t.Errorf("%v", turns)
		}
	})
}

func TestWhatWasToldBeforeAChannelOpenedDoesNotGoOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock)
		her := s.Volunteer("张玉兰")
		s.tell(her.Person, "roster.cancelled", "a", "title", "早先")
		s.run()
		clock.Add(time.Minute)
		s.setUp(notice.SMS, true)
		clock.Add(time.Minute)
		s.tell(her.Person, "roster.cancelled", "b", "title", "后来")
		s.run()
		if got := s.p.texts(); !strings.Contains(got, "后来") || strings.Contains(got, "早先") {
			t.Error(got)
		}
		s.setUp(notice.SMS, false)
		s.tell(her.Person, "roster.cancelled", "c", "title", "关了")
		s.run()
		if strings.Contains(s.p.texts(), "关了") {
			t.Error("a channel that is off sent")
		}
	})
}

// An announcement goes to who belongs below an organisation, each once, and to nobody else.
func TestAnAnnouncementReachesDownAndNowhereElse(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS)
		her, other := s.Volunteer("张玉兰"), s.Volunteer("李娜")
		far := s.VolunteerAt("王芳", area.Code(orgtest.OtherCenter))
		r := jobs.NewRunner(d)
		notice.Handle(r)
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return notice.Announce(ctx, tx, s.Center, "callup.asked", subject, "title", "紧急招募", "until_at", dbtest.Start.UnixMilli())
		})
		if err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		for who, want := range map[id.ID]int{her.Person: 1, other.Person: 1, far.Person: 0} {
			if n := unread(t, d, who); n != want {
				t.Errorf("%d notices, want %d", n, want)
			}
		}
		s.run()
		if got := s.states(); got != "sms sent 2" || !strings.Contains(s.p.texts(), "紧急招募") {
			t.Error(got)
		}
		s.holds()
	})
}

// Of an account that is closed nothing is kept, and nothing sent.
func TestNothingGoesToAClosedAccount(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.Mail)
		her := s.withMail("张玉兰", "zhang@example.org")
		s.wish(her, notice.Hours, i18n.English)
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return notice.BindWeChat(ctx, tx, s.Keys, her, her.Person, "oHER")
		})
		s.tell(her.Person, "roster.accepted", "a", "title", "体温检测")
		s.run()
		for more := true; more; {
			s.Write(func(ctx context.Context, tx *db.Tx) (err error) {
				more, err = notice.CloseStep(ctx, tx, her.Person)
				return err
			})
		}
		clock.Add(time.Hour)
		s.run()
		if len(s.p.took) != 0 || s.states() != "" || unread(t, d, her.Person) != 0 {
			t.Errorf("%s, %d sent", s.states(), len(s.p.took))
		}
		for _, table := range []string{"address", "choice", "quiet", "notice", "delivery"} {
			var kept int
			if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM notice_"+table).Scan(&kept); err != nil || kept != 0 {
				t.Errorf("%d of her %s, %v", kept, table, err)
			}
		}
		s.holds()
	})
}
