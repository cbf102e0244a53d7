package web_test

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

func TestAPostAsksForCertificatesOnThePages(t *testing.T) {
	inSquare(t, func(s *square) {
		draft := s.shift(shiftPlan{title: "测温", draft: true})
		post := "/desk/activities/" + string(draft.Activity.ID) + "/posts/" + string(draft.Post)
		s.leader.get(post).says(200, "需要的证书", "救护员证", "健康证")
		s.leader.post(post, "rev", "2", "name", "测温", "places", "2", "certificates", "1", "certificates", "2").to("/desk/activities/" + string(draft.Activity.ID))
		s.leader.get("/desk/activities/"+string(draft.Activity.ID)).says(200, "需持救护员证", "需持健康证")
		s.leader.post(post, "rev", "3", "name", "测温", "places", "2", "certificates", "999").says(422, "没有这种证书")

		x := s.shift(shiftPlan{title: "给楼道扫地", papers: people.KindsOf(2)})
		ann := s.volunteer("沈玉兰")
		ann.get("/shifts").says(200, "还差 这个岗位要求健康证，还没有登记", "去登记")
		ann.get(s.activityPath(x)).says(200, "持有健康证", "还没有登记")
		ann.post(s.activityPath(x), "pick", pick(x, roster.Primary)).says(409, "还没有登记")
		ann.post("/my/data/certificates", "kind", "2", "expires", x.Day).to("/my/data/certificates")
		ann.get(s.activityPath(x)).says(200, "还没有核验")
		s.leader.get(deskOf(x)+"/ask").says(200, "暂时没有合适的人", "到本县（市、区）找")
		s.leader.get(deskOf(x)+"/ask?reach=county").says(200, "到全市找")
		s.leader.get(deskOf(x)+"/ask?reach=city").says(200, "暂时没有合适的人")
		cert := s.certificateOf(ann.Person)
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.DecideCertificate(ctx, tx, s.station.Actor, cert, true)
		})
		s.leader.get(deskOf(x)+"/ask").says(200, "沈玉兰")
		ann.get(s.activityPath(x)).says(200, "持有健康证").lacks("还没有核验")
		s.takes(x, ann)
		s.leader.get(deskOf(x)).says(200, "证书：健康证将于 "+x.Day+" 到期")
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.WithdrawCertificate(ctx, tx, s.station.Actor, cert)
		})
		s.leader.get(deskOf(x)).says(200, "证书：没有有效的健康证，请提醒本人补办，或者换人")
		s.at(x, -10*time.Minute)
		s.back(s.leader)
		s.leader.get(deskOf(x)+"/desk").says(200, "沈玉兰", "没有有效的健康证")
		s.state(x, ann.Person, roster.Accepted)
		s.sound()
	})
}

func (s *square) certificateOf(person id.ID) id.ID {
	s.Helper()
	all, err := people.CertificatesOf(s.ctx, s.d, person)
	if err != nil || len(all) == 0 {
		s.Fatal(all, err)
	}
	return all[0].ID
}

func TestWhoseRestIsBrokenIsTakenForAReasonOnly(t *testing.T) {
	inSquare(t, func(s *square) {
		first := s.shift(shiftPlan{title: "给楼道扫地"})
		next := s.shift(shiftPlan{title: "再扫一遍", approval: true, starts: first.Ending().Add(time.Hour)})
		system := s.Staff("system", s.Station, auth.SystemAdmin)
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return roster.SetRest(ctx, tx, system, next.Activity.Service, roster.Rest{Apart: 8 * 60})
		})
		ann, bo := s.volunteer("沈玉兰"), s.volunteer("周建平")
		for _, who := range []*person{ann, bo} {
			s.takes(first, who)
		}
		s.takes(next, ann)
		decide := deskPlace(next, ann.Person, "decide")
		s.leader.get(deskOf(next)).says(200, "间隔不足 8 小时", "休息不足仍要安排", "理由")
		s.leader.post(decide, "answer", "yes").says(422, "请写明理由")
		s.leader.post(decide, "answer", "yes", "reason", "无人可替").to(deskOf(next))
		s.state(next, ann.Person, roster.Accepted)
		s.leader.get(deskOf(next)).says(200, "无人可替")
		who, err := people.Get(s.ctx, s.d, bo.Person)
		if err != nil {
			t.Fatal(err)
		}
		s.leader.post(deskOf(next)+"/people", "q", who.No).says(200, who.No, "间隔不足 8 小时", "休息不足仍要安排")
		s.sound()
	})
}
