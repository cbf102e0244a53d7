package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/people"
)

// work runs the jobs of people that are due.
func (q *quarter) work() {
	q.Helper()
	run := jobs.NewRunner(q.d)
	people.Schedule(run, nil, nil)
	if err := run.RunDue(q.Context()); err != nil {
		q.Fatal(err)
	}
}

// keeps: the form that was refused shows what was typed.
func (r *reply) keeps(typed string) {
	r.Helper()
	if !strings.Contains(r.text, `value="`+typed+`"`) {
		r.Errorf("%s: what was typed is lost: %s", r.request, typed)
	}
}

// enrol joins an adult and answers her number and record.
func (q *quarter) enrol(name string) (phone string, who id.ID) {
	q.Helper()
	phone = q.Phone()
	who = q.Join(q.Form(name, phone)).Person
	q.clock.Add(2 * time.Minute)
	return phone, who
}

func TestDuplicatesAtTheDesk(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		_, one := q.enrol("王小明")
		phone, two := q.enrol("王小明")
		station, institute := q.desk("station", q.Station, auth.Admin), q.desk("institute", q.Institute, auth.Admin)
		leader := q.desk("leader", q.Team, auth.Leader)
		leader.get("/desk/duplicates?org=" + string(q.Station)).is(403)

		station.get("/desk/people").is(200, "重复记录")
		station.get("/desk/duplicates").is(200, "同名同年出生", "王*", "对照两份记录").lacks("王小明", phone)
		station.get("/desk/people/"+string(one)).is(200, "可能是同一个人的记录")
		pair := "/desk/duplicates/" + string(one) + "/" + string(two)
		station.get(pair).is(200, "王*", "138****", "保留哪一份", "不是同一个人").lacks("王小明", phone)
		station.post(pair, "stays", "").is(422, "请选择保留哪一份")
		station.post("/desk/duplicates", "org", string(q.Station)).to("/desk/duplicates?org=" + string(q.Station))
		station.post(pair, "stays", string(one)).to("/desk/duplicates")
		station.get("/desk/duplicates").is(200, "等待第二人决定", "您提议的", "没有发现重复记录")

		merges, err := people.MergesOf(q.Context(), q.d, one)
		if err != nil || len(merges) != 1 {
			t.Fatalf("%d merges, %v", len(merges), err)
		}
		at := "/desk/merges/" + string(merges[0].ID)
		station.post(at + "/agree").is(403)
		institute.get("/desk/duplicates").is(200, "同意合并", "staff admin")
		institute.post(at + "/agree").to("/desk/duplicates")
		q.work()
		station.get("/desk/people/" + string(two)).to("/desk/people/" + string(one))
		if her := q.comeIn(phone); her != nil {
			her.get("/my").is(200, "王小明")
		}
		institute.get("/desk/duplicates").is(200, "撤销合并")
		institute.post(at + "/undo").to("/desk/duplicates")
		q.work()
		station.get("/desk/people/"+string(two)).is(200, "王*")
		station.post(pair + "/distinct").to("/desk/duplicates")
		station.get("/desk/duplicates").is(200, "没有发现重复记录")
		station.get("/desk/people/" + string(one)).is(200).lacks("可能是同一个人的记录")
	})
}

func TestCertificatesOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone, who := q.enrol("王小明")
		her, station := q.comeIn(phone), q.desk("station", q.Station, auth.Admin)
		her.get("/my/data").is(200, "证书")
		her.get("/my/data/certificates").is(200, "登记一份证书", "救护员证")
		her.post("/my/data/certificates", "kind", "1", "no", "JS-1", "expires", "2001-01-01").is(422, "已经过期").keeps("JS-1")
		her.post("/my/data/certificates", "kind", "1", "no", "JSRED20190001", "expires", "2020-04-01").to("/my/data/certificates")
		her.get("/my/data/certificates").is(200, "待核验", "编号 JSRED20190001", "有效期至 2020年4月1日", "删除")
		all, err := people.CertificatesOf(q.Context(), q.d, who)
		if err != nil || len(all) != 1 {
			t.Fatalf("%d certificates, %v", len(all), err)
		}
		at := "/desk/certificates/" + string(all[0].ID)
		station.get("/desk/certificates").is(200, "等待核验", "救护员证", "王*")
		station.get("/desk/people/"+string(who)).is(200, "待核验").lacks("JSRED20190001")
		station.post(at + "/seen").to("/desk/people/" + string(who) + "#certificates")
		station.post(at+"/unseen").is(409, "已有核验结果")
		her.get("/my/data/certificates").is(200, "有效", "核验").lacks("删除")
		station.get("/desk/certificates").is(200, "60 天内到期", "没有等待核验的证书")
		station.post(at + "/withdraw").to("/desk/people/" + string(who) + "#certificates")
		station.post("/desk/people/"+string(who)+"/certificates", "kind", "", "no", "A1").is(422, "请选择证书种类").keeps("A1")
		station.post("/desk/people/"+string(who)+"/certificates", "kind", "2", "no", "A1").to("/desk/people/" + string(who) + "#certificates")
		her.get("/my/data/certificates").is(200, "健康证", "长期有效")
		her.post("/my/data/certificates", "kind", "3").to("/my/data/certificates")
		if all, _ = people.CertificatesOf(q.Context(), q.d, who); len(all) != 3 {
			t.Fatalf("%d certificates", len(all))
		}
		her.post("/my/data/certificates/" + string(all[0].ID) + "/drop").to("/my/data/certificates")
	})
}

func TestClosingAnAccountOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone, who := q.enrol("王小明")
		her, station := q.comeIn(phone), q.desk("station", q.Station, auth.Admin)
		her.get("/my/data").is(200, "注销账号")
		her.get("/my/data/close").is(200, "不能找回", "7 天可以反悔", "已开具的证明")
		her.post("/my/data/close", "confirm", "李文").is(422)
		her.post("/my/data/close", "confirm", "王小明").to("/my/data/close")
		her.get("/my/data/close").is(200, "撤回申请，继续使用", "3月")
		her.post("/my/data/close/back").to("/my/data")
		p, err := people.Get(q.Context(), q.d, who)
		if err != nil {
			t.Fatal(err)
		}
		at := "/desk/people/" + string(who)
		station.get(at).is(200, "代为申请注销")
		station.get(at+"/close").is(200, "书面申请", "请输入").lacks("王小明")
		station.post(at+"/close", "confirm", p.No).is(422, "请先收到书面申请")
		station.post(at+"/close", "confirm", p.No, "written", "true").to(at)
		station.get(at).is(200, "撤回注销")
		station.post(at + "/close/back").to(at)
		station.post(at+"/close", "confirm", p.No, "written", "true").to(at)
		q.clock.Add(8 * 24 * time.Hour)
		q.work()
		her.get("/my").to("/sign-in?next=%2Fmy")
		q.desk("station2", q.Station, auth.Admin).get(at).is(403)
	})
}

func TestTakingOnesDataAlong(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone, who := q.enrol("王小明")
		q.enrol("李文")
		her := q.comeIn(phone)
		her.get("/my/data/export").is(200, "表格（XLSX）", "数据（JSON）")
		a := her.post("/my/data/export", "form", "json")
		var all map[string]any
		if err := json.Unmarshal([]byte(a.text), &all); err != nil {
			t.Fatalf("%v in %s", err, a.text)
		}
		for _, part := range []string{"record", "consents", "orgs", "certificates", "turns", "told", "facts", "notices", "ways", "looks", "sessions", "family", "merges", "audit"} {
			if _, ok := all[part]; !ok {
				t.Errorf("%s is not among what she takes along", part)
			}
		}
		for _, word := range []string{"王小明", phone, "people.registered", "people.joined", `"topic.calls"`, `"quiet_from"`} {
			if !strings.Contains(a.text, word) {
				t.Errorf("%s is not among what she takes along", word)
			}
		}
		if strings.Contains(a.text, "李文") {
			t.Error("somebody else is among it")
		}
		a = her.post("/my/data/export", "form", "xlsx")
		z, err := zip.NewReader(bytes.NewReader([]byte(a.text)), int64(len(a.text)))
		if err != nil || len(z.File) < 16 {
			t.Fatalf("no workbook: %v", err)
		}
		for range 3 {
			her.post("/my/data/export", "form", "json")
		}
		her.post("/my/data/export", "form", "json").is(429, "今天已导出 5 次")
		q.desk("station", q.Station, auth.Admin).get("/my/data/export?for=" + string(who)).is(404)
	})
}

func TestANumberThatLayStillOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone, who := q.enrol("王小明")
		q.clock.Add(100 * 24 * time.Hour)
		b := q.browser()
		b.post("/sign-in/whose", "answer", "王小明").to("/sign-in?next=")
		b.post("/sign-in", "phone", phone).is(200)
		b.post("/sign-in/code", "phone", phone, "code", q.sent[phone], "next", "/my").to("/sign-in/whose?next=%2Fmy")
		b.get("/sign-in/whose?next=%2Fmy").is(200, "您的姓名或志愿者编号", "换绑")
		b.get("/my").to("/sign-in?next=%2Fmy")
		b.post("/sign-in/whose", "answer", "李文", "next", "/my").is(422, "与登记的不符").keeps("李文")
		b.post("/sign-in/whose", "answer", "王小明", "next", "/my").to("/my")
		b.get("/my").is(200, "王小明")

		station, at := q.desk("station", q.Station, auth.Admin), "/desk/people/"+string(who)
		station.get(at).is(200, "登录用的手机号", "换绑")
		fresh := q.Phone()
		station.post(at+"/number", "phone", fresh, "proof", "").is(422, "请选择核对身份所凭的证件").keeps(fresh)
		station.post(at+"/number", "phone", fresh, "proof", "idcard").to(at)
		b.get("/my").to("/sign-in?next=%2Fmy")
		q.comeIn(fresh).get("/my").is(200, "王小明")
	})
}

func TestARelativeActsOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone, _ := q.enrol("王小明")
		old, father := q.enrol("王大山")
		daughter, his := q.comeIn(phone), q.comeIn(old)
		his.get("/my/family").is(200, "请家人代办")
		his.post("/my/family/let", "phone", phone).is(422).keeps(phone)
		his.post("/my/family/let", "phone", phone, "proxy", "true").to("/my/family")
		daughter.get("/my").is(200, "1")
		daughter.get("/my/family").is(200, "有家人请您代办", "王*").lacks("王大山")
		take := "/my/family/" + string(father)
		daughter.post(take+"/take", "name", "王小山").is(422).keeps("王小山")
		daughter.post(take+"/take", "name", "王大山").to("/my/family")
		daughter.get("/my/data?for="+string(father)).is(200, "王大山")
		his.get("/my/family").is(200, "正在替您代办", "收回代办")
		his.post("/my/data/consents/proxy/withdraw").to("/my/data/consents")
		daughter.get("/my/data?for=" + string(father)).is(403)

		// A station registers an adult whose relative acts for her.
		station := q.desk("station", q.Station, auth.Admin)
		station.post("/desk/people/new", "org", string(q.Station), "name", "赵桂英", "birth", "1950", "category", "1", "contact", phone, "contact_of", "self",
			"terms", "true", "proxy", "true").is(422, "家人的手机号")
		station.post("/desk/people/new", "org", string(q.Station), "name", "赵桂英", "birth", "1950", "category", "1", "contact", phone, "contact_of", "relative",
			"terms", "true", "proxy", "true").is(303)
		daughter.get("/my/family").is(200, "赵*")
	})
}
