package bulletin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/picture"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/org"
)

// Body is what is published: frozen, hashed and signed as one text of JSON.
type Body struct {
	Version   int         `json:"version"`
	Issue     id.ID       `json:"issue"`
	Org       id.ID       `json:"org"`
	OrgName   string      `json:"org_name"`
	Name      string      `json:"name"`
	Year      int64       `json:"year"`
	Number    int64       `json:"number"`
	Total     int64       `json:"total"`
	Day       string      `json:"day"`
	Theme     string      `json:"theme"`
	Corrects  id.ID       `json:"corrects,omitempty"`
	Articles  []Text      `json:"articles"`
	Figures   []Statement `json:"figures"`
	Pictures  []Shown     `json:"pictures,omitempty"`
	ReportTo  []string    `json:"report_to"`
	CopyTo    []string    `json:"copy_to"`
	Published int64       `json:"published"`
	Head      Head        `json:"head"`
}

// Text is a text of an issue, with the unit whose it is.
type Text struct {
	Org     id.ID      `json:"org"`
	OrgName string     `json:"org_name"`
	Doc     prose.Node `json:"doc"`
}

// Statement is a figure of an issue: what it says, of what, as of which fact.
type Statement struct {
	Article int          `json:"article"` // its text, from 0
	Said    string       `json:"said"`
	Name    string       `json:"name"`
	Basis   string       `json:"basis"`
	Figure  prose.Figure `json:"figure"`
	Hash    string       `json:"hash"` // of all of this
}

// Shown is a picture of an issue.
type Shown struct {
	ID   string `json:"id"`
	Hash string `json:"hash"` // of the large one, as it is stored
}

// Head is where the ledger stood.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// hashed is the statement with its hash.
func (s Statement) hashed() (Statement, error) {
	s.Hash = ""
	text, err := json.Marshal(s)
	s.Hash = digest(text)
	return s, err
}

func unhex(text string) []byte {
	b, _ := hex.DecodeString(text) // what is none proves nothing
	return b
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Prepared is an issue as it would be published now: its texts with their figures frozen.
type Prepared struct {
	issue Issue
	body  Body
	err   error // why it cannot be
}

// Prepare freezes the figures of an issue, all as of one fact. What stands against it, open
// texts or a figure of which the words do not hold, is refused by the command that takes it.
func Prepare(ctx context.Context, r db.Reader, e *figure.Engine, issue id.ID) (p Prepared, err error) {
	if p.issue, err = Get(ctx, r, issue); err != nil {
		return p, err
	}
	all, err := Articles(ctx, r, issue)
	if err != nil {
		return p, err
	}
	if p.err = ready(all); p.err != nil {
		return p, nil
	}
	if p.body, err = p.issue.body(ctx, r); err != nil {
		return p, err
	}
	at := figure.AsOf{}
	for _, a := range all {
		doc, err := prose.Parse([]byte(a.Doc))
		if err != nil {
			return p, err
		}
		text := Text{Org: a.Org, Doc: doc.WithFigures(func(f prose.Figure) prose.Figure {
			if p.err != nil {
				return f
			}
			f, p.err = freeze(ctx, e, f, &at)
			return f
		})}
		if fail.KindOf(p.err) == fail.Internal && p.err != nil {
			return p, p.err
		}
		p.body.Articles = append(p.body.Articles, text)
	}
	if p.err != nil {
		return p, nil
	}
	if err := p.body.illustrate(ctx, r); err != nil {
		return p, err
	}
	return p, p.body.state(ctx, r)
}

// ready refuses an issue without texts, or with one that is not accepted.
func ready(all []Article) error {
	open := 0
	for _, a := range all {
		if a.State != Accepted {
			open++
		}
	}
	switch {
	case len(all) == 0:
		return fail.New(fail.Conflict, "bulletin.no_texts")
	case open > 0:
		return fail.New(fail.Conflict, "bulletin.texts_open", "n", open)
	}
	return nil
}

func (i Issue) body(ctx context.Context, r db.Reader) (Body, error) {
	o, err := org.Get(ctx, r, i.Org)
	return Body{Version: 1, Issue: i.ID, Org: i.Org, OrgName: o.Name, Name: i.Name, Year: i.Year, Number: i.Number, Total: i.Total, Day: i.Day,
		Theme: i.Theme, Corrects: i.Corrects, ReportTo: Lines(i.ReportTo), CopyTo: Lines(i.CopyTo)}, err
}

// freeze holds a figure fast, as of the fact of the first one. What it says must be true, and
// no few may stand behind it.
func freeze(ctx context.Context, e *figure.Engine, p prose.Figure, at *figure.AsOf) (prose.Figure, error) {
	f := unbound(p)
	f.Query.AsOf = *at
	if f.indicator() == nil {
		return p, fail.New(fail.Conflict, "bulletin.figure_gone", "key", p.Key)
	}
	now, err := e.Freeze(ctx, f.Query)
	if err != nil {
		return p, err
	}
	*at = now.AsOf
	open, err := e.Printed(ctx, now.Query)
	switch {
	case err != nil:
		return p, err
	case open.Hidden:
		return p, fail.New(fail.Conflict, "bulletin.figure_few", "said", f.Text(), "name", f.Name(i18n.Chinese), "few", figure.Few)
	case !f.Holds(now.Value):
		return p, fail.New(fail.Conflict, "bulletin.figure_broken", "said", f.Text(), "name", f.Name(i18n.Chinese), "now", f.respoken(now.Value).Text())
	}
	p.Frozen = &prose.Frozen{Value: now.Value, Seq: now.AsOf.Seq, Version: now.Version, Tree: now.Tree, Time: db.MS(now.Time)}
	return p, nil
}

// Illustrations are the pictures of an issue, as they are stored.
func (b Body) Illustrations(ctx context.Context, r db.Reader) (map[string]picture.Stored, error) {
	all := map[string]picture.Stored{}
	for _, t := range b.Articles {
		for _, one := range t.Doc.Pictures() {
			p, err := picture.Get(ctx, r, id.ID(one), false)
			if fail.KindOf(err) == fail.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			all[one] = p
		}
	}
	return all, nil
}

// illustrate lists the pictures of the texts with what they are.
func (b *Body) illustrate(ctx context.Context, r db.Reader) error {
	all, err := b.Illustrations(ctx, r)
	for _, one := range slices.Sorted(maps.Keys(all)) {
		b.Pictures = append(b.Pictures, Shown{one, digest(all[one].Content)})
	}
	return err
}

// state lists the figures of the texts with what they say, and the names of the units.
func (b *Body) state(ctx context.Context, r db.Reader) error {
	units := make([]id.ID, len(b.Articles))
	for n, t := range b.Articles {
		units[n] = t.Org
		for _, f := range t.Doc.Figures() {
			one := unbound(f)
			s, err := Statement{Article: n, Said: one.Text(), Name: one.Name(i18n.Chinese), Basis: figure.Basis(i18n.Chinese, one.indicator()), Figure: f}.hashed()
			if err != nil {
				return err
			}
			b.Figures = append(b.Figures, s)
		}
	}
	names, err := org.Names(ctx, r, units)
	for n := range b.Articles {
		b.Articles[n].OrgName = names[b.Articles[n].Org]
	}
	return err
}

// current refuses what was prepared of an issue that changed meanwhile, or cannot be taken.
func (p Prepared) current(i Issue) error {
	switch {
	case p.issue.ID != i.ID || p.issue.Rev != i.Rev:
		return fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	case p.err != nil:
		return p.err
	}
	return nil
}

// Err is why the issue cannot be put before its reviewers or published as it stands; nil if
// it can.
func (p Prepared) Err() error { return p.err }

// Publish freezes an issue on which two reviewers agreed, with the ledger's head, and signs
// it. Afterwards only a correction can follow.
func Publish(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, issue id.ID, p Prepared) error {
	i, err := Get(ctx, tx, issue)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, i.Org, Signing...); err != nil {
		return err
	}
	yes, err := agreed(ctx, tx, i)
	if err != nil {
		return err
	}
	if err := fail.Join(i.refuse(Approved), p.current(i)); err != nil {
		return err
	}
	if yes < reviewers {
		return fail.New(fail.Conflict, "bulletin.not_agreed", "n", reviewers)
	}
	head, err := ledger.Book().Head(ctx, tx)
	if err != nil {
		return err
	}
	b := p.body
	b.Published, b.Head = db.MS(tx.Now), Head{head.Seq, hex.EncodeToString(head.Hash[:])}
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	signature, err := keys.Sign(text)
	if err != nil {
		return err
	}
	i.State, i.Published, i.Signer, i.Body, i.Hash = Published, b.Published, actor.Person, string(text), digest(text)
	i.Signature, i.Key = hex.EncodeToString(signature), hex.EncodeToString(keys.Verifier())
	if err := save(tx, &i); err != nil {
		return err
	}
	if err := postIssue(ctx, tx, actor, i); err != nil {
		return err
	}
	if err := record(tx, actor, "bulletin.published", i, nil, map[string]any{"hash": i.Hash, "head": head.Seq}); err != nil {
		return err
	}
	return deliverSoon(tx, i)
}

// Read reads the frozen body of a published issue.
func (i Issue) Read() (b Body, err error) {
	if err := i.refuse(Published); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(i.Body), &b)
}

// Preview is an issue that is not published as it would stand.
func Preview(ctx context.Context, r db.Reader, i Issue) (Body, error) {
	b, err := i.body(ctx, r)
	if err != nil {
		return b, err
	}
	all, err := Articles(ctx, r, i.ID)
	if err != nil {
		return b, err
	}
	for _, a := range all {
		if a.Doc == "" {
			continue
		}
		doc, err := prose.Parse([]byte(a.Doc))
		if err != nil {
			return b, err
		}
		b.Articles = append(b.Articles, Text{Org: a.Org, Doc: doc})
	}
	return b, b.state(ctx, r)
}

// Proof is what comes of proving a published issue again.
type Proof struct {
	Hash, Signature, Head, Pictures bool
	Figures                         []bool // each comes out of the ledger again, and says what is printed
}

// Holds says whether all of it does.
func (p Proof) Holds() bool {
	for _, ok := range p.Figures {
		if !ok {
			return false
		}
	}
	return p.Hash && p.Signature && p.Head && p.Pictures
}

// Prove proves a published issue from the ledger: that the text is the one that was signed,
// that the ledger stood where it says, and that each figure comes out again.
func Prove(ctx context.Context, r db.Reader, e *figure.Engine, i Issue) (p Proof, err error) {
	b, err := i.Read()
	if err != nil {
		return p, err
	}
	p.Hash = digest([]byte(i.Body)) == i.Hash && b.Issue == i.ID
	p.Signature = crypt.Verify(unhex(i.Key), []byte(i.Body), unhex(i.Signature))
	hash, err := ledger.Book().HashAt(ctx, r, b.Head.Seq)
	if err != nil {
		return p, err
	}
	p.Head = hex.EncodeToString(hash) == b.Head.Hash
	now := Body{Articles: b.Articles}
	if err := now.illustrate(ctx, r); err != nil {
		return p, err
	}
	p.Pictures = slices.Equal(now.Pictures, b.Pictures)
	for _, s := range b.Figures {
		ok, err := s.proves(ctx, e)
		if err != nil {
			return p, err
		}
		p.Figures = append(p.Figures, ok)
	}
	return p, nil
}

func (s Statement) proves(ctx context.Context, e *figure.Engine) (bool, error) {
	again, err := s.hashed()
	f := unbound(s.Figure)
	if err != nil || again.Hash != s.Hash || s.Figure.Frozen == nil || f.indicator() == nil {
		return false, err
	}
	if now, _ := e.Seq(); f.Query.AsOf.Seq > now {
		return false, nil
	}
	value, err := e.Again(ctx, figure.Frozen{Query: f.Query})
	return value == f.Value && f.Holds(value) && f.Text() == s.Said, err
}
