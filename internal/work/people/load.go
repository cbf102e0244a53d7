package people

import (
	"context"
	"fmt"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// Newcomer is an adult who became a volunteer at a moment that is past: by her own phone, or
// on paper at a station or institute.
type Newcomer struct {
	At       int64 // unix ms
	Name     string
	Birth    string
	Phone    string // with which she joined, and signs in; "" of one who was registered
	By       id.ID  // who registered her
	Area     area.Code
	Station  id.ID // that of her place; "" where there is none
	Default  id.ID // whom she serves for when she says nothing
	Category Category
	Team     id.ID // that she belonged to from the same moment on, "" none
	Lang     string
}

// Loading is what a bulk load needs besides its rows.
type Loading struct {
	Keys  *crypt.Keys
	Chart *org.Chart
	Facts *ledger.Bulk
}

// Load enters volunteers as [Join] or [RegisterFor], and [Belong], leave them, in the order of
// their moments, with one entry in the audit trail for all. It starts no sessions.
func Load(ctx context.Context, tx *db.Tx, in Loading, actor auth.Actor, all []Newcomer) ([]id.ID, error) {
	if len(all) == 0 {
		return nil, nil
	}
	if !actor.IsSystem() {
		return nil, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	l := &loader{Loading: in, into: newTables(tx), last: map[string]int64{}}
	ids := make([]id.ID, len(all))
	for i, n := range all {
		var err error
		if ids[i], err = l.enter(ctx, tx, n); err != nil {
			return nil, fmt.Errorf("volunteer %d of the batch: %w", i+1, err)
		}
	}
	if err := l.into.flush(); err != nil {
		return nil, err
	}
	for home, n := range l.last {
		if err := setNumber(tx, home, n); err != nil {
			return nil, err
		}
	}
	return ids, audit.Record(tx, actor, audit.Entry{Action: "people.loaded", Subject: ids[0], After: map[string]any{"count": len(ids)}})
}

// loader is one call of Load.
type loader struct {
	Loading
	into *tables
	last map[string]int64 // numbers given, by home
}

// enter writes one volunteer.
func (l *loader) enter(ctx context.Context, tx *db.Tx, n Newcomer) (id.ID, error) {
	d, err := n.draft()
	if err != nil {
		return "", err
	}
	p := d.person(tx.NewID(n.Area.Home()), db.Day(db.Time(n.At)), l.Keys)
	if p.No, err = l.number(ctx, tx, p.Home); err != nil {
		return "", err
	}
	p.State, p.Volunteer, p.Created = Active, true, n.At
	given := p.ID
	if err := l.into.person(p); err != nil {
		return "", err
	}
	if err := l.into.tokens(p.ID, tokens(l.Keys, d.name, d.contact)); err != nil {
		return "", err
	}
	for _, k := range d.consents {
		if err := l.into.consent(tx.NewID(p.Home), p.ID, k, textHash(k, d.lang), given, d.channel, n.At); err != nil {
			return "", err
		}
	}
	if n.Phone != "" {
		if err := l.into.phone(phoneHash(l.Keys, d.contact), p.ID, n.At); err != nil {
			return "", err
		}
	}
	if n.Team != "" {
		if err := l.into.member(p.ID, n.Team, n.At); err != nil {
			return "", err
		}
	}
	return p.ID, l.post(p, n)
}

// draft is what the form would have held, checked.
func (n Newcomer) draft() (d draft, err error) {
	today := db.Day(db.Time(n.At))
	d = draft{area: n.Area, station: n.Station, category: n.Category.ID, volunteer: true, by: n.By, channel: OnPaper, lang: n.Lang,
		consents: []ConsentKind{Terms}}
	if n.Phone != "" {
		d.channel, d.contactOf = OnWeb, OwnNumber
		if d.contact, err = ident.Mobile(n.Phone); err != nil {
			return d, err
		}
	}
	if d.name, err = cleanName(n.Name); err != nil {
		return d, err
	}
	if d.birth, err = parseBirth(n.Birth, today); err != nil {
		return d, err
	}
	if d.birth.minor(today) {
		return d, fail.Field("birth", "people.birth_range")
	}
	if n.Category.Political {
		d.consents = append(d.consents, Political)
	}
	return d, nil
}

// number is the next volunteer number of a home.
func (l *loader) number(ctx context.Context, tx *db.Tx, home string) (string, error) {
	n, known := l.last[home]
	if !known {
		var err error
		if n, err = lastNumber(ctx, tx, home); err != nil {
			return "", err
		}
	}
	l.last[home] = n + 1
	return volunteerNo(home, n+1), nil
}

// post counts her at the unit that is hers by default.
func (l *loader) post(p Person, n Newcomer) error {
	by := p.ID
	if n.By != "" {
		by = n.By
	}
	f := registered(p.Standing, db.Day(db.Time(n.At)), by)
	at, place := l.Chart.Now(n.Default)
	f.Org, f.Unit, f.Area = at, at, int64(place)
	_, err := l.Facts.Post(f, n.At, 1)
	return err
}

// LoadDuplicates notes pairs of records that may be one person's, as entering the later one
// would have, each found at its moment.
func LoadDuplicates(_ context.Context, tx *db.Tx, actor auth.Actor, all []Duplicate) error {
	if !actor.IsSystem() {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	return insertDuplicates(tx, all)
}
