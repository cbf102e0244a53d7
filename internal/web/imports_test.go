package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"tongxin/internal/work/intake"
)

// A list is brought, looked at, entered and undone on its pages; what is wrong is said at its row, a
// list brought again changes nothing, and another county's administrator does not find it.
func TestAListOnPages(t *testing.T) {
	inSquare(t, func(s *square) {
		intake.Handle(s.run, s.d, s.Keys)
		admin := s.institute
		admin.get("/desk/imports").is(200, "名单导入", "组织机构名单")
		if csv := admin.get("/desk/import-templates/volunteers?format=csv"); csv.code != 200 || !strings.Contains(csv.text, "姓名") {
			t.Errorf("%d %s", csv.code, csv.text)
		}
		admin.bring(s, "", "").is(422, "请选择")
		list := "姓名,联系电话,出生日期\r\n张小满,13900000001,1980-02-03\r\n李四,3.2E+17,1980-02-03\r\n"
		at := admin.bring(s, "名单.csv", list).location
		if !strings.HasPrefix(at, "/desk/imports/") {
			t.Fatalf("sent to %q", at)
		}
		s.jobs()
		admin.get(at).is(200, "张小满", "李四")
		if back := admin.get(at + "/annotated"); back.code != 200 {
			t.Errorf("annotated: %d", back.code)
		}
		s.station.get(at).is(404)
		admin.post(at + "/enter").is(303)
		s.jobs()
		admin.get(at).is(200, "李四")
		again := admin.bring(s, "名单.csv", list).location
		s.jobs()
		admin.get(again).is(200)
		admin.post(again + "/enter").is(409)
		admin.post(at + "/undo").is(303)
		s.jobs()
		admin.get(at).is(200)
	})
}

// bring sends the form with a file.
func (p *person) bring(s *square, name, text string) *reply {
	s.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range [][2]string{{"kind", "volunteers"}, {"org", string(s.Institute)}, {"paper", "1"}} {
		if err := w.WriteField(f[0], f[1]); err != nil {
			s.Fatal(err)
		}
	}
	if name != "" {
		f, err := w.CreateFormFile("file", name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		s.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/desk/imports", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return p.send(r)
}
