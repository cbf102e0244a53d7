package articles

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/web/page"
)

// atom is a feed as RFC 4287 has it.
type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Links     []atomLink `xml:"link"`
	Author    string     `xml:"author>name"`
	Summary   string     `xml:"summary,omitempty"`
}

// Feed is what is published, of a unit or a campaign where it says so, for programs that
// follow it.
func Feed(c *page.Ctx) error {
	s, err := standOf(c)
	if err != nil {
		return err
	}
	body, err := xml.MarshalIndent(s.feed(c), "", " ")
	if err != nil {
		return err
	}
	body = append([]byte(xml.Header), body...)
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:10]) + `"`
	h := c.W.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=300")
	if c.R.Header.Get("If-None-Match") == tag {
		c.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	c.W.Write(body)
	return nil
}

// feed is a list as a feed. Ids are addresses of this site and stay what they are.
func (s stand) feed(c *page.Ctx) atom {
	site := "http://" + c.R.Host
	if c.Secure || c.R.TLS != nil {
		site = "https://" + c.R.Host
	}
	self := site + c.R.URL.RequestURI()
	out := atom{Lang: c.Lang, ID: self, Title: s.name(c.T), Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", site + s.path()}}}
	latest := int64(0)
	for _, l := range s.Rows {
		latest = max(latest, l.Changed)
		at := site + publicPath(l.ID)
		out.Entries = append(out.Entries, atomEntry{ID: at, Title: l.Shown.Title, Updated: moment(l.Changed), Published: moment(l.Published),
			Links: []atomLink{{"alternate", "text/html", at}}, Author: l.OrgName, Summary: l.Shown.Summary})
	}
	out.Updated = moment(latest)
	return out
}

func moment(ms int64) string { return db.Time(ms).UTC().Format(time.RFC3339) }
