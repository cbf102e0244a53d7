package people

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
)

var errUnknown = fail.New(fail.NotFound, "people.unknown")

const standingColumns = `p.id, p.home, p.state, p.volunteer, p.birth_year, p.adult_on, p.category, p.area, p.station, p.guardian, p.merged_into,
	(SELECT COUNT(*) FROM people_consent c WHERE c.home = p.home AND c.person = p.id AND c.kind = 'minor' AND c.withdrawn = 0)`

func (s *Standing) dest(consents *int64) []any {
	return []any{&s.ID, &s.Home, &s.State, &s.Volunteer, &s.BirthYear, &s.AdultOn, &s.Category, &s.Area, &s.Station, &s.Guardian, &s.MergedInto, consents}
}

// StandingOf is what others need to know of a person to let her take part. The id of a
// record that was merged gives the one that stands for it.
func StandingOf(ctx context.Context, r db.Reader, person id.ID) (s Standing, err error) {
	s, err = standingOf(ctx, r, person)
	if err == nil && s.MergedInto != "" {
		s, err = standingOf(ctx, r, s.MergedInto)
	}
	return s, err
}

// Resolve is the id of the record that stands for a person: her own, unless it was merged.
func Resolve(ctx context.Context, r db.Reader, person id.ID) (id.ID, error) {
	var into id.ID
	err := r.QueryRow(ctx, "SELECT merged_into FROM people_person WHERE home = $1 AND id = $2", person.Home(), person).Scan(&into)
	if err != nil && !db.NoRows(err) {
		return "", err
	}
	if into != "" {
		person = into
	}
	return person, nil
}

func standingOf(ctx context.Context, r db.Reader, person id.ID) (s Standing, err error) {
	rows, err := r.Query(ctx, "SELECT "+standingColumns+`, COALESCE(k.skill, 0) FROM people_person p
		LEFT JOIN people_has_skill k ON k.home = p.home AND k.person = p.id WHERE p.home = $1 AND p.id = $2 ORDER BY k.skill`,
		person.Home(), person)
	var consents int64
	skills, err := db.Collect(rows, err, func(rows *sql.Rows) (skill int64, err error) {
		err = rows.Scan(append(s.dest(&consents), &skill)...)
		return skill, err
	})
	switch {
	case err != nil:
		return s, err
	case len(skills) == 0:
		return s, errUnknown
	case skills[0] != 0:
		s.Skills = skills
	}
	s.MinorConsent = consents > 0
	return s, nil
}

func skillsOf(ctx context.Context, r db.Reader, person id.ID) ([]int64, error) {
	rows, err := r.Query(ctx, "SELECT skill FROM people_has_skill WHERE home = $1 AND person = $2 ORDER BY skill", person.Home(), person)
	return db.Collect(rows, err, db.Value[int64])
}

const personColumns = standingColumns + `, p.no, p.contact_of, p.sex, p.registered_by, p.created, p.rev, p.name, p.contact, p.idno, p.birth`

func scanPerson(scan func(...any) error) (p Person, err error) {
	var consents int64
	err = scan(append(p.dest(&consents), &p.No, &p.ContactOf, &p.Sex, &p.RegisteredBy, &p.Created, &p.Rev,
		&p.name, &p.contact, &p.idno, &p.birth)...)
	p.MinorConsent = consents > 0
	return p, err
}

func personRow(rows *sql.Rows) (Person, error) { return scanPerson(rows.Scan) }

// Get is a person's record. It permits nobody and shows nothing: what is personal in it
// stays sealed. The id of a record that was merged gives the one that stands for it.
func Get(ctx context.Context, r db.Reader, person id.ID) (Person, error) {
	p, err := get(ctx, r, person)
	if err == nil && p.MergedInto != "" {
		p, err = get(ctx, r, p.MergedInto)
	}
	return p, err
}

// get reads a record as it is.
func get(ctx context.Context, r db.Reader, person id.ID) (Person, error) {
	p, err := scanPerson(r.QueryRow(ctx, "SELECT "+personColumns+" FROM people_person p WHERE p.home = $1 AND p.id = $2",
		person.Home(), person).Scan)
	if db.NoRows(err) {
		return p, errUnknown
	}
	if err != nil {
		return p, err
	}
	p.Skills, err = skillsOf(ctx, r, person)
	return p, err
}

// ByNo is the person of a volunteer number; one of a record that was merged leads on.
func ByNo(ctx context.Context, r db.Reader, no string) (person id.ID, err error) {
	if !id.ValidHome(no[:min(6, len(no))]) {
		return "", errUnknown
	}
	err = r.QueryRow(ctx, "SELECT CASE WHEN merged_into <> '' THEN merged_into ELSE id END FROM people_person WHERE home = $1 AND no = $2 AND no <> ''",
		no[:6], no).Scan(&person)
	if db.NoRows(err) {
		err = errUnknown
	}
	return person, err
}

// namesAt is how many names one statement fetches at most, and fewNames how many a short one does.
const (
	namesAt  = 50
	fewNames = 4
)

// Gone stands where the name of somebody would whose account was closed.
func Gone() string { return i18n.T(i18n.Chinese, "people.gone") }

// Names are the whole names of persons, for those who may read them; the others get
// [Label] of them. Who closed her account is [Gone]; ids that are unknown are left out.
func Names(ctx context.Context, r db.Reader, keys *crypt.Keys, ids []id.ID) (map[id.ID]string, error) {
	all := make(map[id.ID]string, len(ids))
	for home, members := range byHome(ids) {
		for chunk := range slices.Chunk(members, namesAt) {
			if err := namesOf(ctx, r, keys, home, chunk, all); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func byHome(ids []id.ID) map[string][]id.ID {
	homes := map[string][]id.ID{}
	for _, i := range ids {
		if i != "" {
			homes[i.Home()] = append(homes[i.Home()], i)
		}
	}
	return homes
}

// namesOf fetches the names of one home. The list is filled up with its last id, so that
// there are two statements to prepare.
func namesOf(ctx context.Context, r db.Reader, keys *crypt.Keys, home string, ids []id.ID, into map[id.ID]string) error {
	n := namesAt
	if len(ids) <= fewNames {
		n = fewNames
	}
	args := make([]any, 0, n+1)
	args = append(args, home)
	for i := range n {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	rows, err := r.Query(ctx, "SELECT id, name, state FROM people_person WHERE home = $1 AND id IN ("+db.In(n, 2)+")", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var person id.ID
		var sealed []byte
		var state State
		if err := rows.Scan(&person, &sealed, &state); err != nil {
			return err
		}
		if state == Closed {
			into[person] = Gone()
			continue
		}
		name, err := keys.OpenField(personTable, string(FieldName), person, sealed)
		if err != nil {
			return err
		}
		if name != "" {
			into[person] = name
		}
	}
	return rows.Err()
}

// Categories are all categories in the order in which they are offered.
func Categories(ctx context.Context, r db.Reader) ([]Category, error) {
	rows, err := r.Query(ctx, "SELECT id, slug, name, political, open FROM people_category ORDER BY id")
	return db.Collect(rows, err, func(rows *sql.Rows) (c Category, err error) {
		err = rows.Scan(&c.ID, &c.Slug, &c.Name, &c.Political, &c.Open)
		return c, err
	})
}

// CategoryOf is one category; a number that is none is refused at the field "category".
func CategoryOf(ctx context.Context, r db.Reader, number int64) (c Category, err error) {
	err = r.QueryRow(ctx, "SELECT id, slug, name, political, open FROM people_category WHERE id = $1", number).
		Scan(&c.ID, &c.Slug, &c.Name, &c.Political, &c.Open)
	if db.NoRows(err) {
		return c, fail.Field("category", "people.category_missing")
	}
	return c, err
}

func categoryBySlug(ctx context.Context, r db.Reader, slug string) (c Category, err error) {
	err = r.QueryRow(ctx, "SELECT id, slug, name, political, open FROM people_category WHERE slug = $1", slug).
		Scan(&c.ID, &c.Slug, &c.Name, &c.Political, &c.Open)
	if db.NoRows(err) {
		return c, errors.New("people: the categories are not installed")
	}
	return c, err
}

// Skills are all skills in the order in which they are offered.
func Skills(ctx context.Context, r db.Reader) ([]Skill, error) {
	rows, err := r.Query(ctx, "SELECT id, slug, name, open FROM people_skill ORDER BY id")
	return db.Collect(rows, err, func(rows *sql.Rows) (s Skill, err error) {
		err = rows.Scan(&s.ID, &s.Slug, &s.Name, &s.Open)
		return s, err
	})
}

func skillOpen(ctx context.Context, r db.Reader, skill int64) (open bool, err error) {
	err = r.QueryRow(ctx, "SELECT open FROM people_skill WHERE id = $1", skill).Scan(&open)
	if db.NoRows(err) {
		return false, nil
	}
	return open, err
}

// personBy finds whose a hash is in one of the tables that hold what is unique in the country.
func personBy(ctx context.Context, r db.Reader, q string, hash []byte) (person id.ID, err error) {
	err = r.QueryRow(ctx, q, hash).Scan(&person)
	if db.NoRows(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return Resolve(ctx, r, person)
}

const (
	byPhone = "SELECT person FROM people_phone WHERE hash = $1"
	byIDNo  = "SELECT person FROM people_idno WHERE hash = $1"
	byLogin = "SELECT person FROM people_login WHERE hash = $1"
)

// phonesOf are the keyed hashes of a person's sign-in numbers, those of records merged into
// hers too.
func phonesOf(ctx context.Context, r db.Reader, person id.ID) ([][]byte, error) {
	rows, err := r.Query(ctx, `/* across homes: records of one person in any county */ SELECT hash FROM people_phone WHERE person = $1
		OR person IN (SELECT id FROM people_person WHERE merged_into = $1 AND merged_into <> '')`, person)
	return db.Collect(rows, err, db.Value[[]byte])
}

// asked are the persons for whom the holder of a number is asked to answer.
func asked(ctx context.Context, r db.Reader, hash []byte, kind askKind) ([]id.ID, error) {
	rows, err := r.Query(ctx, "SELECT person FROM people_ask WHERE hash = $1 AND kind = $2 ORDER BY person", hash, kind)
	return db.Collect(rows, err, db.Value[id.ID])
}

// Membership is an organisation that a person belongs to.
type Membership struct {
	Org   id.ID
	Name  string
	Since int64
}

// Memberships are the organisations that a person belongs to and that are part of the tree.
func Memberships(ctx context.Context, r db.Reader, person id.ID) ([]Membership, error) {
	rows, err := r.Query(ctx, `SELECT m.org, o.name, m.since FROM people_member m JOIN org_org o ON o.id = m.org
		WHERE m.home = $1 AND m.person = $2 AND o.state = 'approved' ORDER BY m.since, m.org`, person.Home(), person)
	return db.Collect(rows, err, func(rows *sql.Rows) (m Membership, err error) {
		err = rows.Scan(&m.Org, &m.Name, &m.Since)
		return m, err
	})
}

// Dependants are the persons for whom somebody acts, closed ones left out.
func Dependants(ctx context.Context, r db.Reader, guardian id.ID) ([]Person, error) {
	rows, err := r.Query(ctx, `/* across homes: a guardian's dependants may live elsewhere */ SELECT `+personColumns+`
		FROM people_person p WHERE p.guardian = $1 AND p.state NOT IN ('closed', 'merged') ORDER BY p.created, p.id`, guardian)
	return db.Collect(rows, err, personRow)
}

// Consent is an agreement as it was given.
type Consent struct {
	ID        id.ID
	Kind      ConsentKind
	GivenBy   id.ID
	Channel   Channel
	At        int64
	Withdrawn int64 // 0 while it holds
}

// Consents are all agreements of a person, the latest first.
func Consents(ctx context.Context, r db.Reader, person id.ID) ([]Consent, error) {
	rows, err := r.Query(ctx, `SELECT id, kind, given_by, channel, at, withdrawn FROM people_consent
		WHERE home = $1 AND person = $2 ORDER BY at DESC, id DESC`, person.Home(), person)
	return db.Collect(rows, err, func(rows *sql.Rows) (c Consent, err error) {
		err = rows.Scan(&c.ID, &c.Kind, &c.GivenBy, &c.Channel, &c.At, &c.Withdrawn)
		return c, err
	})
}

// LookedAt are the fields of a person that an actor revealed and may still see, each with
// the end of it.
func LookedAt(ctx context.Context, r db.Reader, actor, person id.ID, now int64) (map[Field]int64, error) {
	rows, err := r.Query(ctx, `SELECT field, MAX(until) FROM people_reveal
		WHERE home = $1 AND person = $2 AND by = $3 AND until > $4 GROUP BY field`, person.Home(), person, actor, now)
	type look struct {
		field Field
		until int64
	}
	looks, err := db.Collect(rows, err, func(rows *sql.Rows) (l look, err error) {
		err = rows.Scan(&l.field, &l.until)
		return l, err
	})
	all := make(map[Field]int64, len(looks))
	for _, l := range looks {
		all[l.field] = l.until
	}
	return all, err
}

// County is a county that one can join: it has a centre.
type County struct {
	Code       area.Code
	Name, City string
}

// Counties are the counties that one can join, in the order of their codes.
func Counties(ctx context.Context, r db.Reader) ([]County, error) {
	rows, err := r.Query(ctx, `SELECT a.code, a.name, COALESCE(c.name, '') FROM org_org o JOIN area_area a ON a.code = o.area
		LEFT JOIN area_area c ON c.code = a.parent WHERE o.tier = 'center' AND o.state = 'approved' ORDER BY a.code`)
	return db.Collect(rows, err, func(rows *sql.Rows) (c County, err error) {
		err = rows.Scan(&c.Code, &c.Name, &c.City)
		return c, err
	})
}

// bound reports whether somebody uses a record as her own or works with it: by a number to
// sign in with, an account, or wards.
func bound(ctx context.Context, r db.Reader, person id.ID) (bool, error) {
	var n int64
	err := r.QueryRow(ctx, `/* across homes: wards and numbers are where they are */ SELECT (SELECT COUNT(*) FROM people_phone WHERE person = $2)
		+ (SELECT COUNT(*) FROM people_account WHERE home = $1 AND person = $2) + (SELECT COUNT(*) FROM people_person WHERE guardian = $2)`,
		person.Home(), person).Scan(&n)
	return n > 0, err
}
