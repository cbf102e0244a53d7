package web_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"hash/crc32"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"tongxin/internal/base/prose"
)

// pasted is what came from Word and from WeChat, with scripts.
const pasted = `<html><head><style>p{color:red}</style></head><body><h1>一、有序<script>alert('w')</script>深入</h1>
<p class=MsoNormal onclick="steal()">站好<b>每班岗</b>。<o:p></o:p></p><section><p><img src="data:x" onerror="steal()"><a href="javascript:steal()">点我</a></p></section></body></html>`

// asJSON answers what the editor was told.
func (a *answer) asJSON() (v struct {
	Error    string
	Conflict bool
	Rev      int64
	ID       string
	Doc      prose.Node
	Ways     []struct{ Text string }
}) {
	a.town.Helper()
	if err := json.Unmarshal([]byte(a.text), &v); err != nil {
		a.town.Fatalf("%v in %s", err, a.text)
	}
	return v
}

// sendPicture sends a picture for a text.
func (s *town) sendPicture(who, path string, content []byte) *answer {
	s.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, err := m.CreateFormFile("picture", "a.jpg")
	if err == nil {
		_, err = f.Write(content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", "http://example.com")
	return s.send(who, r)
}

// sixtyMegapixels is the head of a PNG of 10,000 by 6,000 dots.
func sixtyMegapixels() []byte {
	part := append([]byte("IHDR"), 0, 0, 0x27, 0x10, 0, 0, 0x17, 0x70, 8, 2, 0, 0, 0)
	return binary.BigEndian.AppendUint32(append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), part...), crc32.ChecksumIEEE(part))
}

func TestAnArticleGoesItsWay(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.reckon()
		s.get("station", "/desk/articles").is(200, "这里还没有稿件")
		at := strings.TrimSuffix(s.post("station", "/desk/articles/new", "org", string(s.Station), "kind", "story", "title", "老街口的一盏灯").to("/desk/articles/"), "/edit")
		path := "/desk/articles/" + at
		s.post("sibling", "/desk/articles/new", "org", string(s.Station), "kind", "story").is(403)
		s.get("sibling", path).is(404)

		// what is pasted and what is drawn
		doc := s.post("station", "/desk/editor/paste", "html", pasted).is(200).asJSON().Doc
		if told := s.sendPicture("station", path+"/pictures", sixtyMegapixels()).is(422).asJSON().Error; told != "图片太大：10,000 × 6,000 像素，最多 4,000 万像素。请缩小后再上传。" {
			t.Error(told)
		}
		s.sendPicture("station", path+"/pictures", []byte("<svg/>")).is(422)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 30, 20)), nil); err != nil {
			t.Fatal(err)
		}
		photo := s.sendPicture("station", path+"/pictures", b.Bytes()).is(200).asJSON().ID
		doc.Content = append([]prose.Node{prose.TitleOf("老街口的一盏灯")}, doc.Content...)
		doc.Content = append(doc.Content, prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: photo, Alt: "路口的灯"}},
			prose.P(prose.T("办了"), prose.F(prose.Figure{Key: "activities_held", Org: string(s.Station), Form: "exact", D: 0, Measure: "场"}), prose.T("，共12人。")))
		told := s.get("station", "/desk/editor/figure?key=activities_held&org="+string(s.Station)+"&measure=场").is(200).asJSON()
		if len(told.Ways) != 1 || told.Ways[0].Text != "0场" {
			t.Errorf("%+v", told)
		}

		// drafts: the second of two who write sees both
		rev := s.post("station", path+"/draft", "rev", "1", "kind", "story", "doc", string(doc.JSON())).is(200).asJSON().Rev
		if told := s.post("station", path+"/draft", "rev", "1", "kind", "story", "doc", string(doc.JSON())).is(409).asJSON(); !told.Conflict || rev != 2 {
			t.Errorf("%+v, rev %d", told, rev)
		}
		s.post("station", path+"/edit", "rev", "1", "kind", "story", "text", "# 另一篇\n\n我写的这段不能丢。").is(409, "别人刚保存过", "我写的这段不能丢", "每班岗")
		long := prose.New(prose.Doc, prose.P(prose.T(strings.Repeat("字", prose.MaxText+1))))
		s.post("station", path+"/edit", "rev", "2", "kind", "story", "doc", string(long.JSON())).is(422, "文稿有 40,001 字，最多 40,000 字", strings.Repeat("字", 2000))
		s.post("station", path+"/edit", "rev", "2", "kind", "story", "doc", `{"type":"doc","content":[{"type":"script"}]}`).is(422, "不认识的内容")
		s.get("station", path+"/history?n=1").is(200, "修改记录", "恢复成这一版")
		s.post("station", path+"/restore", "n", "1", "rev", "1").is(409)
		s.post("station", path+"/restore", "n", "1", "rev", "2").to("/desk/articles/")
		s.get("station", path).is(200).lacks("每班岗")
		s.post("station", path+"/restore", "n", "2", "rev", "3").to("/desk/articles/")

		// submitted, reviewed, read
		s.get("station", path).is(200, "起草中", "“12”没有出处")
		s.post("station", path+"/submit").to("/desk/articles/")
		s.get("institute", "/desk/articles").is(200, "等您审核", "老街口的一盏灯")
		s.get("", "/pictures/"+photo).is(404)
		s.get("", "/articles/"+at).is(404)
		s.post("institute", path+"/return", "reason", "").is(422, "请写明理由")
		s.post("institute", path+"/approve").to("/desk/articles/")
		read := s.get("", "/articles/"+at).is(200, "老街口的一盏灯", "一、", "每班岗", "0场").lacks("alert", "steal", "<script>alert")
		if strings.Contains(read.text, "onclick") || strings.Contains(read.text, "javascript:") || strings.Contains(read.text, "onerror") {
			t.Error("what was pasted runs")
		}
		if kind := s.get("", "/pictures/"+photo+"?size=small").is(200).header.Get("Content-Type"); kind != "image/jpeg" {
			t.Error(kind)
		}
		s.get("", "/").is(200, "老街口的一盏灯")
		s.get("", "/search?q=每班岗").is(200, "老街口的一盏灯")
		s.get("", "/articles?org="+string(s.Institute)).is(200, "老街口的一盏灯")
		s.get("", "/articles?org="+string(s.Sibling)).is(200, "还没有发布稿件")
		s.feedIsValid(at)
		s.post("station", path+"/withdraw", "reason", "").is(422, "请写明理由")
		s.post("station", path+"/withdraw", "reason", "日期写错了").to("/desk/articles/")
		s.get("", "/articles/"+at).is(200, "这篇稿件已撤下", "日期写错了").lacks("每班岗")
		s.get("", "/pictures/"+photo).is(404)
	})
}

// feedIsValid reads the feed of the station as a program does.
func (s *town) feedIsValid(article string) {
	s.Helper()
	path := "/articles.atom?org=" + string(s.Station)
	got := s.get("", path).is(200)
	var f struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Updated string   `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Author  string `xml:"author>name"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(got.text), &f); err != nil {
		s.Fatal(err)
	}
	if len(f.Entries) != 1 || f.ID == "" || f.Updated == "" || !strings.HasSuffix(f.Entries[0].ID, "/articles/"+article) || f.Entries[0].Author == "" || f.Entries[0].Link.Href == "" {
		s.Errorf("%+v", f)
	}
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("If-None-Match", got.header.Get("ETag"))
	s.send("", r).is(304)
}

// A number for a text is told of any indicator, a share in percent, and of a narrower scope; what names nothing, or several,
// is refused in words.
func TestFiguresForATextAreNarrowed(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.hold(7)
		ask := "/desk/editor/figure?org=" + string(s.City) + "&measure=x&key="
		if told := s.get("city", ask+"activities_held").is(200).asJSON(); len(told.Ways) == 0 || told.Ways[0].Text != "7x" {
			t.Errorf("the whole: %+v", told)
		}
		if told := s.get("city", ask+"bulletin_read_rate").is(200).asJSON(); len(told.Ways) != 1 || told.Ways[0].Text != "0.00%" {
			t.Errorf("a share: %+v", told)
		}
		for scope, want := range map[string]string{"&area=321281000000": "7x", "&area=兴化市": "7x", "&area=321202000000": "0x", "&from=2021-01-01": "0x"} {
			if told := s.get("city", ask+"activities_held"+scope).is(200).asJSON(); len(told.Ways) == 0 || told.Ways[0].Text != want {
				t.Errorf("%s: %+v, want %s", scope, told.Ways, want)
			}
		}
		for scope, says := range map[string]string{"&area=nowhere": "区划", "&service=999999": "服务", "&category=999999": "类别", "&callup=x": "数字", "&from=2020-99-01": "日期"} {
			if told := s.get("city", ask+"activities_held"+scope).is(422).asJSON().Error; !strings.Contains(told, says) {
				t.Errorf("%s: %q", scope, told)
			}
		}
	})
}
