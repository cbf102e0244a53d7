package web_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/report"
)

// held posts that an activity of the station was held today.
func (s *town) held() {
	s.Helper()
	s.heldOf(func(tx *db.Tx) (id.ID, error) { return tx.NewID("321281"), nil })
}

// begun posts it of one that was written.
func (s *town) begun(title string) {
	s.Helper()
	s.heldOf(func(tx *db.Tx) (id.ID, error) {
		if err := activity.Install(tx.Context(), tx); err != nil {
			return "", err
		}
		all, err := activity.Services(tx.Context(), tx)
		if err != nil {
			return "", err
		}
		return activity.Create(tx.Context(), tx, s.people["center"].Actor, s.Station, activity.Edit{Service: all[0].ID, Title: title})
	})
}

func (s *town) heldOf(activityOf func(*db.Tx) (id.ID, error)) {
	s.Helper()
	err := s.d.Write(s.Context(), func(tx *db.Tx) error {
		at, err := org.PositionOn(context.Background(), tx, s.Station, db.Day(tx.Now))
		if err != nil {
			return err
		}
		held, err := activityOf(tx)
		if err != nil {
			return err
		}
		who := tx.NewID("321281")
		return ledger.Post(tx, ledger.Fact{Kind: activity.HeldFact, Day: db.Day(tx.Now), Org: at, Unit: at, Area: 321281001001,
			Subject: held, Qty: 1, By: who})
	})
	if err != nil {
		s.Fatal(err)
	}
}

func TestTheOverviewForWhomItIs(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		var of int64
		if err := s.d.Write(s.Context(), func(tx *db.Tx) (err error) {
			of, err = campaign.Create(tx.Context(), tx, s.people["center"].Actor, s.Center, 0, campaign.In{Name: "阻控疫情", FromDay: "2020-01-28", ToDay: "2020-12-31"})
			return err
		}); err != nil {
			s.Fatal(err)
		}
		s.get("center", "/desk/overview").is(200, "指挥台", "center", "正在装载", "需要您处理")
		s.get("", "/overview").is(200, "正在装载")
		s.served()
		s.held()
		s.reckon()
		s.get("", "/desk/overview").is(303)
		s.get("she", "/desk/overview").is(403)
		s.get("center", "/desk").to("/desk/overview")
		s.get("center", at("/desk/overview?org=*", s.Foreign)).is(403, "没有管理这个组织的权限").lacks("foreign")
		s.get("center", "/desk/overview?campaign=99").is(404)
		own := s.get("center", "/desk/overview").is(200, "参与服务志愿者 2 人 今日新增 2", "服务时长 3 小时", "开展活动 1 场 今日新增 1",
			"1 昭阳街道", "2 临城街道 0 差 1 场", "1 个下级组织明显落后", "昭阳街道 1", "阻控疫情")
		for _, door := range []string{"/desk/figures/volunteers_taking_part?org=" + string(s.Center), "/desk/figures/activities_held?area=321281001000",
			"/desk/overview?org=" + string(s.Institute), "/desk/overview/live?org=" + string(s.Center)} {
			if !strings.Contains(own.text, door) {
				t.Errorf("no door to %s", door)
			}
		}
		s.get("center", "/desk/overview?campaign=1").is(200, "阻控疫情", "第 32 天", "参与服务志愿者 0 人")
		if of != 1 {
			t.Fatalf("the campaign is number %d", of)
		}
		s.get("", at("/overview?org=*", s.Center)).is(200, "参与服务志愿者 不足 5 人 今日新增 不足 5", "服务时长 不足 5 人", "开展活动 1 场", "昭阳街道 1").
			lacks("/desk/", "需要您处理")
		s.get("", "/overview").is(200, "province office")
		s.get("", at("/overview?org=*", "321281-0000000000zzzzzz")).is(404)
	})
}

func TestAWallOnPages(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.served()
		s.reckon()
		s.get("she", "/desk/walls").is(403)
		s.get("center", "/desk/walls").is(200, "还没有大屏")
		s.post("center", "/desk/walls", "label", "", "org", string(s.Center)).is(422, "请给大屏取个名称")
		s.post("center", "/desk/walls", "label", "大厅", "org", string(s.Foreign)).is(403)
		made := s.post("center", "/desk/walls", "label", "一楼大厅", "org", string(s.Center)).is(200, "一楼大厅", "地址只显示这一次")
		_, rest, _ := strings.Cut(made.text, `href="/screen/`)
		path, _, _ := strings.Cut(rest, `"`)
		path = "/screen/" + path
		s.get("", path).is(200, "center", "数据截至 14:26:00", "参与服务志愿者 不足 5 人", "今天还没有活动开始").lacks("/desk/")
		s.begun("打扫北门楼道")
		s.reckon()
		s.get("", path).is(200, "刚刚开始 14:26 station 打扫北门楼道").lacks("今天还没有活动开始")
		s.get("", path+"x").is(404, "没有这个大屏")
		wall, _, _ := strings.Cut(strings.TrimPrefix(path, "/screen/"), "/")
		s.post("she", "/desk/walls/"+wall+"/end").is(403)
		s.post("center", "/desk/walls/"+wall+"/end").to("/desk/walls")
		s.get("", path).is(404, "没有这个大屏")
		s.get("", path+"/live").is(404)
		s.get("center", "/screen").is(200, "center", "数据截至")
		s.get("", "/screen").is(303)
	})
}

// TestAPageIsToldOfACommit: the stream of a page tells, within a second of the commit, the parts that it changed and no
// others; who comes back gets what was missed.
func TestAPageIsToldOfACommit(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.reckon()
		ctx, stop := context.WithCancel(t.Context())
		var following sync.WaitGroup
		following.Go(func() { s.figures.Run(ctx) })
		server := httptest.NewServer(s.h)
		defer func() {
			server.CloseClientConnections()
			server.Close()
			stop()
			following.Wait()
		}()
		listen := func(seen string) *listener {
			return s.listen(server.URL+at("/desk/overview/live?org=*", s.Center), seen)
		}
		l := listen("")
		first := l.next(10 * time.Second)
		for _, part := range []string{`"leads"`, `"trend"`, `"rank"`, `"map"`, `"needs"`} {
			if !strings.Contains(first.data, part) {
				t.Fatalf("the first event lacks %s: %s", part, first.data)
			}
		}
		s.served()
		s.seal()
		told := l.next(time.Second)
		if !strings.Contains(told.data, "参与服务志愿者") || strings.Contains(told.data, `"trend"`) || strings.Contains(told.data, `"map"`) {
			t.Errorf("told %s", told.data)
		}
		back := listen(first.id)
		if missed := back.next(time.Second); !strings.Contains(missed.data, `"leads"`) || strings.Contains(missed.data, `"trend"`) {
			t.Errorf("who comes back is told %s", missed.data)
		}
	})
}

func (s *town) seal() {
	s.Helper()
	if _, err := ledger.Book().Seal(s.Context(), s.d, "test"); err != nil {
		s.Fatal(err)
	}
}

// listener hears the events of a page.
type listener struct {
	*town
	events chan event
}

type event struct{ id, data string }

func (s *town) listen(url, seen string) *listener {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), "GET", url, nil)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Test-Visitor", "center")
	r.Header.Set("Accept-Encoding", "gzip") // as browsers do; a stream is not packed
	if seen != "" {
		r.Header.Set("Last-Event-ID", seen)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { w.Body.Close() })
	if kind := w.Header.Get("Content-Type"); w.StatusCode != 200 || kind != "text/event-stream" || w.Header.Get("Content-Encoding") != "" {
		s.Fatalf("%d %v", w.StatusCode, w.Header)
	}
	l := &listener{s, make(chan event, 100)}
	go func() {
		defer close(l.events)
		var e event
		lines := bufio.NewScanner(w.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "id":
				e.id = value
			case "data":
				e.data = value
			case "":
				l.events <- e
			}
		}
	}()
	return l
}

// next is the next event that says something besides the time, which must come in time.
func (l *listener) next(in time.Duration) event {
	l.Helper()
	late := time.After(in)
	for {
		select {
		case e, ok := <-l.events:
			if !ok {
				l.Fatal("the stream has ended")
			}
			if strings.Contains(e.data, `"parts"`) {
				return e
			}
		case <-late:
			l.Fatalf("nothing was told within %s", in)
		}
	}
}

func TestPublicFiguresEndAtUnits(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.get("", "/figures/turns").is(503, "统计数据正在装载")
		persons := s.served()
		s.held()
		s.reckon()
		few := s.get("", at("/figures/turns?org=*&by=unit", s.Center)).is(200, "服务人次", "不足 5", "口径", "不公开明细")
		for _, p := range persons {
			few.lacks(string(p))
		}
		s.get("", at("/figures/minutes?org=*&since=2020-02-28", s.Center)).is(200, "不足 5", "不公开明细").lacks("小时")
		s.served()
		s.served()
		s.reckon()
		s.get("", at("/figures/minutes?org=*&since=2020-02-28", s.Center)).is(200, "服务时长 · 新增", "9 小时", "以来新增").lacks("/desk/", string(persons[0]))
		s.get("", at("/figures/activities_held?org=*&since=2020-02-28", s.Center)).is(200, "1 场", "2020-02-28")
		s.get("", at("/figures/turns?org=*", s.Center)).is(200, "6 人次", "team 6", "公开页面不显示个人").lacks("/desk/", string(persons[0]))
		s.get("", at("/figures/activities_held?org=*&by=area", s.Center)).is(200, "1 场", "昭阳街道 1", "2020-02-28")
		s.get("", at("/figures/orgs_taking_part?org=*", s.Center)).is(200, "1 个", "team")
		s.get("", "/figures/turns?by=category").is(403, "公开页面不提供这样的查询")
		s.get("", "/figures/nothing").is(404, "没有这个指标")
		// what is asked beyond that is not heard
		s.get("", at("/figures/turns?org=*&person="+string(persons[0])+"&as_of=2020-02-27", s.Center)).is(200, "6 人次")
		if i := ledger.IndicatorOf("turns"); !figure.Personal(i) {
			t.Error("turns are about nobody")
		}
	})
}

// TestNumbersAreDoors: where a page shows a figure, it opens; while the ledger is being read, the page answers and says so.
func TestNumbersAreDoors(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		pages := []struct{ who, path, door string }{
			{"", "/", `href="/figures/activities_held"`},
			{"", at("/orgs/*", s.Center), `href="/figures/activities_held?org=` + string(s.Center) + `"`},
			{"center", at("/desk/orgs/*", s.Station), `href="/desk/figures/minutes?org=` + string(s.Station) + `"`},
		}
		for _, p := range pages {
			s.get(p.who, p.path).is(200, "正在装载").lacks(p.door)
		}
		for range 3 {
			s.served()
		}
		s.held()
		s.reckon()
		for _, p := range pages {
			if a := s.get(p.who, p.path).is(200, "开展活动 1 场", "参与服务志愿者 6 人", "服务时长 9 小时"); !strings.Contains(a.text, p.door) {
				t.Errorf("%s has no %s", p.path, p.door)
			}
		}
	})
}

// sendFile posts a file as a form does.
func (s *town) sendFile(who, path, name, text string) *answer {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write([]byte(text))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		s.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Origin", "http://example.com")
	return s.send(who, r)
}

func TestAMapIsDrawnByBoundaries(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.settle("system", 77, auth.Grant{Role: auth.SystemAdmin, Org: s.Province})
		s.held()
		s.reckon()
		s.get("center", "/desk/shapes").is(403)
		s.get("system", "/desk/shapes").is(200, "还没有导入边界")
		tiles := s.get("center", at("/desk/overview?org=*", s.Institute)).is(200, "水关居委会 1")
		tiles.lacks(`class="shapes"`)
		below, err := area.Children(t.Context(), s.d, 321281_001_000)
		if err != nil || len(below) == 0 {
			t.Fatal(below, err)
		}
		var features []string
		for i, a := range below {
			features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":"%s"},"geometry":{"type":"Polygon","coordinates":[[[119.%02d,32.1],[119.%02d5,32.1],[119.%02d5,32.2],[119.%02d,32.1]]]}}`,
				a.Code, i, i, i, i))
		}
		file := func(features []string) string {
			return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
		}
		s.sendFile("center", "/desk/shapes", "a.json", file(features)).is(403)
		s.sendFile("system", "/desk/shapes", "a.json", "{").is(422, "文件不是 GeoJSON 的 FeatureCollection")
		s.sendFile("system", "/desk/shapes", "a.json", strings.Replace(file(features), "321281001", "321299001", 1)).is(422, "第 1 个区划的代码 321299001")
		s.sendFile("system", "/desk/shapes", "some.json", file(features[1:])).to("/desk/shapes")
		s.get("center", at("/desk/overview?org=*", s.Institute)).is(200).lacks(`class="shapes"`) // not all of them
		s.sendFile("system", "/desk/shapes", "rest.json", file(features[:1])).to("/desk/shapes")
		s.get("system", "/desk/shapes").is(200, "some.json", "rest.json")
		drawn := s.get("center", at("/desk/overview?org=*", s.Institute)).is(200)
		if n := strings.Count(drawn.text, `<path class="m`); n != len(below) {
			t.Errorf("%d of %d divisions are drawn", n, len(below))
		}
		s.post("system", "/desk/shapes/drop").to("/desk/shapes")
		s.get("center", at("/desk/overview?org=*", s.Institute)).is(200).lacks(`class="shapes"`)
	})
}

func TestTheOverviewSaysHowCompleteItIs(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.reckon()
		s.get("center", "/desk/overview").is(200).lacks("家已报")
		if err := s.d.Write(s.Context(), func(tx *db.Tx) error {
			duty, err := report.BeginNamed(tx.Context(), tx, auth.System, report.Duty{Org: s.Center, Under: s.Center, Name: "日报", Every: report.Daily, From: "2020-02-27", Clock: "18:00", Grace: 1})
			if err != nil {
				return err
			}
			_, owed, err := report.ExpectAll(tx.Context(), tx, "test", duty, "2020-02-27", []id.ID{s.Station, s.Sibling, s.Team})
			if err != nil {
				return err
			}
			return report.Nothing(tx.Context(), tx, auth.System, owed[0].ID)
		}); err != nil {
			t.Fatal(err)
		}
		s.reckon()
		s.get("center", "/desk/overview").is(200, "据不完全统计： 1/3 家已报（33.3%）")
		s.get("", at("/overview?org=*", s.Center)).is(200, "据不完全统计： 1/3 家已报（33.3%）").lacks("/desk/")
	})
}
