package e2e

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/e2e/browser"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/live"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// held posts that one more activity was held at the community today.
func (w *town) held() {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		at, err := org.PositionOn(ctx, tx, w.orgs["春兰社区新时代文明实践站"], db.Day(tx.Now))
		if err != nil {
			return err
		}
		return ledger.Post(tx, ledger.Fact{Kind: activity.HeldFact, Day: db.Day(tx.Now), Org: at, Unit: at, Area: int64(community),
			Subject: tx.NewID("321202"), Qty: 1, By: tx.NewID("321202")})
	})
}

// TestACommitIsOnTheScreenWithinASecond: whoever looks at the public overview, in a real browser, sees what was committed
// within a second, without loading anything anew.
func TestACommitIsOnTheScreenWithinASecond(t *testing.T) {
	w := openTown(t)
	p := w.browser.Person(t, "resident", w.url, browser.Phone)
	p.Open("/overview")
	p.See("开展活动", "数据截至 14:26:00")
	p.Page.Patience = time.Second
	slowest := time.Duration(0)
	for _, shows := range []string{"今天 1 场", "今天 2 场", "今天 3 场"} {
		w.held()
		committed := time.Now()
		p.See(shows)
		slowest = max(slowest, time.Since(committed))
	}
	t.Logf("from the commit to the screen: %s at most", slowest.Round(time.Millisecond))
	p.Accessible()
}

// TestAWallSurvivesALostConnection: it says that it is cut off, and how old what it shows is, comes back by itself with what
// happened meanwhile, and shows nothing new once it is taken down.
func TestAWallSurvivesALostConnection(t *testing.T) {
	w := openTown(t)
	line := w.cable()
	var wall id.ID
	var secret string
	admin := auth.Actor{Person: "321202-0000000000000001", Grants: []auth.Grant{{Role: auth.Admin, Org: w.orgs["江苏省文明办"]}}}
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		wall, secret, err = live.Hang(ctx, tx, admin, live.Wall{Org: w.orgs["海陵区新时代文明实践中心"], Label: "大厅"})
		return err
	})
	p := w.browser.Person(t, "wall", line.url, browser.View{Width: 1920, Height: 1080})
	p.Open("/screen/" + string(wall) + "/" + secret)
	p.See("海陵区新时代文明实践中心", "数据截至 14:26:00")
	w.held()
	p.See("今天 1 场")
	p.Accessible()

	line.cut()
	cutOff(t, p, "连接已断开")
	cutOff(t, p, "秒，数据截至 14:26:00")
	w.held()
	w.Add(time.Minute)
	line.join()
	cutOff(t, p, "今天 2 场")
	cutOff(t, p, "数据截至 14:27:00")
	if strings.Contains(p.Text(), "连接已断开") {
		t.Error("it still says that it is cut off")
	}

	w.write(func(ctx context.Context, tx *db.Tx) error { return live.TakeDown(ctx, tx, admin, wall) })
	if err := p.Page.Open(line.url + "/screen/" + string(wall) + "/" + secret); err != nil {
		t.Fatal(err)
	}
	cutOff(t, p, "没有这个大屏")
}

// cutOff waits for what a page shows whose requests failed meanwhile, as they should.
func cutOff(t *testing.T, p *browser.Person, shows string) {
	t.Helper()
	if err := p.Page.See(shows); err != nil {
		t.Fatal(err)
	}
	p.Page.Faults()
}

// cable leads to the town and can be cut.
type cable struct {
	url string
	to  string

	mu    sync.Mutex
	whole bool
	ends  []net.Conn
}

func (w *town) cable() *cable {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	c := &cable{url: "http://" + l.Addr().String(), to: strings.TrimPrefix(w.url, "http://"), whole: true}
	w.t.Cleanup(func() {
		l.Close()
		c.cut()
	})
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			c.carry(near)
		}
	}()
	return c
}

// carry connects one end with the town; while the cable is cut nothing gets through.
func (c *cable) carry(near net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	far, err := net.Dial("tcp", c.to)
	if err != nil || !c.whole {
		near.Close()
		if far != nil {
			far.Close()
		}
		return
	}
	c.ends = append(c.ends, near, far)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			io.Copy(way[0], way[1])
			way[0].Close()
			way[1].Close()
		}()
	}
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = false
	for _, end := range c.ends {
		end.Close()
	}
	c.ends = nil
}

func (c *cable) join() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = true
}
