package e2e

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// onPaper are how many people are on the roster that is printed: more than fit on one page.
const onPaper = 40

// A roster comes out of the printer on A4, as many pages as its people need, colours or none.
func TestARosterIsPrintedOnA4(t *testing.T) {
	w := openTown(t)
	leader := w.hire("程建宁", "duizhang", team, auth.Leader)
	shift := w.crowded()
	leader.firstSignIn()
	leader.Open("/desk/shifts/" + string(shift) + "/sheet")
	leader.See("签到单", fmt.Sprintf("共 %d 人", onPaper))
	pdf, err := leader.Page.Paper()
	if err != nil {
		t.Fatal(err)
	}
	sizes := regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`).FindAllSubmatch(pdf, -1)
	if len(sizes) != 2 {
		t.Errorf("%d pages, want 2", len(sizes))
	}
	for _, s := range sizes {
		width, _ := strconv.ParseFloat(string(s[1]), 64)
		height, _ := strconv.ParseFloat(string(s[2]), 64)
		if width < 594 || width > 596 || height < 841 || height > 843 {
			t.Errorf("a page of %v × %v points is no A4", width, height)
		}
	}
}

// crowded publishes a shift with many people on it.
func (w *town) crowded() (shift id.ID) {
	w.t.Helper()
	starts := w.Now().Add(24 * time.Hour).Truncate(time.Hour)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := activity.Create(ctx, tx, auth.System, w.orgs[team], activity.Edit{Title: title, Service: 1, Content: "打扫", Place: "居委会门口", Conditions: "身体健康",
			How: "本页报名", Risks: "地面湿滑", Protection: "手套", Contact: "0523-86880000", Signup: activity.SignupOpen})
		if err != nil {
			return err
		}
		post, err := activity.AddPost(ctx, tx, auth.System, a, 1, activity.PostIn{Name: "清洁员", Duty: "扫地", Places: onPaper})
		if err != nil {
			return err
		}
		s, err := roster.AddShift(ctx, tx, auth.System, a, roster.Plan{Post: post, Starts: starts, Ends: starts.Add(2 * time.Hour)})
		if err != nil {
			return err
		}
		shift = s.ID
		if err := roster.Submit(ctx, tx, auth.System, a); err != nil {
			return err
		}
		reviewer := auth.Actor{Person: tx.NewID(a.Home()), Grants: []auth.Grant{{Org: w.orgs[institute], Role: auth.Reviewer}}, Via: auth.Web}
		return roster.Approve(ctx, tx, reviewer, a)
	})
	all, err := people.Categories(w.t.Context(), w.DB)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range onPaper {
		phone := fmt.Sprintf("139052600%02d", i)
		w.write(func(ctx context.Context, tx *db.Tx) error {
			code, err := people.RequestCode(ctx, tx, w.Keys, phone)
			if err != nil {
				return err
			}
			in, err := people.Enter(ctx, tx, w.Keys, auth.Actor{Via: auth.Web}, people.Entry{Phone: phone, Code: code.Digits})
			if err != nil {
				return err
			}
			joined, err := people.Join(ctx, tx, w.Keys, auth.Actor{Via: auth.Web}, people.Joining{Ticket: in.Ticket, Name: "沈玉兰", Birth: "1980",
				Area: community, Category: all[0].ID, Agreed: people.Agreed{Terms: true, Political: true, Lang: i18n.Chinese}})
			if err != nil {
				return err
			}
			_, err = roster.SignUp(ctx, tx, auth.Actor{Person: joined.Person, Via: auth.Web}, roster.Request{Shift: shift})
			return err
		})
	}
	return shift
}
