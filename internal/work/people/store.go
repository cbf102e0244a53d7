package people

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func installCategory(tx *db.Tx, c Category) error {
	var n int
	if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM people_category WHERE slug = $1", c.Slug).Scan(&n); err != nil || n > 0 {
		return err
	}
	number, err := tx.Next("people_category")
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO people_category (id, slug, name, political, open) VALUES ($1, $2, $3, $4, TRUE)",
		number, c.Slug, c.Name, c.Political)
	return err
}

func installSkill(tx *db.Tx, s Skill) error {
	var n int
	if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM people_skill WHERE slug = $1", s.Slug).Scan(&n); err != nil || n > 0 {
		return err
	}
	number, err := tx.Next("people_skill")
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO people_skill (id, slug, name, open) VALUES ($1, $2, $3, TRUE)", number, s.Slug, s.Name)
	return err
}

func insertPerson(tx *db.Tx, p Person) error {
	_, err := tx.Exec(`INSERT INTO people_person (home, id, no, name, contact, contact_of, idno, birth, birth_year, adult_on, sex,
			area, station, category, guardian, state, volunteer, registered_by, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		p.Home, p.ID, p.No, p.name, p.contact, p.ContactOf, p.idno, p.birth, p.BirthYear, p.AdultOn, p.Sex,
		p.Area, p.Station, p.Category, p.Guardian, p.State, p.Volunteer, p.RegisteredBy, db.MS(tx.Now))
	return err
}

// lockPerson makes whoever changes what must fit together on one person wait for the other.
func lockPerson(tx *db.Tx, person id.ID) (found bool, err error) {
	n, err := tx.Exec("UPDATE people_person SET rev = rev + 1 WHERE home = $1 AND id = $2", person.Home(), person)
	return n == 1, err
}

// nextNumber takes the next running number of a home.
func nextNumber(tx *db.Tx, home string) (n int64, err error) {
	err = tx.QueryRow(tx.Context(), `INSERT INTO people_number (home, last) VALUES ($1, 1)
		ON CONFLICT (home) DO UPDATE SET last = people_number.last + 1 RETURNING last`, home).Scan(&n)
	return n, err
}

// openHome makes sure that a home is among those in which people are looked for, before
// anybody in it has a number.
func openHome(tx *db.Tx, home string) error {
	_, err := tx.Exec("INSERT INTO people_number (home, last) VALUES ($1, 0) ON CONFLICT DO NOTHING", home)
	return err
}

// enrol makes a person a volunteer, once.
func enrol(tx *db.Tx, person id.ID, no string) (bool, error) {
	n, err := tx.Exec(`UPDATE people_person SET volunteer = TRUE, no = $3, state = 'active', rev = rev + 1
		WHERE home = $1 AND id = $2 AND no = '' AND state IN ('pending', 'active')`, person.Home(), person, no)
	return n == 1, err
}

// setGuardian gives a person who waits for one her guardian.
func setGuardian(tx *db.Tx, person, guardian id.ID) (bool, error) {
	n, err := tx.Exec(`UPDATE people_person SET guardian = $3, rev = rev + 1
		WHERE home = $1 AND id = $2 AND state = 'pending'`, person.Home(), person, guardian)
	return n == 1, err
}

// freeWard ends a guardian's part.
func freeWard(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("UPDATE people_person SET guardian = '', rev = rev + 1 WHERE home = $1 AND id = $2", person.Home(), person)
	return err
}

// setState moves a person from one state to another.
func setState(tx *db.Tx, person id.ID, from, to State) (bool, error) {
	tx.Touch(named, string(person))
	n, err := tx.Exec("UPDATE people_person SET state = $4, rev = rev + 1 WHERE home = $1 AND id = $2 AND state = $3",
		person.Home(), person, from, to)
	return n == 1, err
}

func setCategory(tx *db.Tx, person id.ID, category int64) error {
	_, err := tx.Exec("UPDATE people_person SET category = $3, rev = rev + 1 WHERE home = $1 AND id = $2", person.Home(), person, category)
	return err
}

// saveEdited writes what a person may change of her own, if she has seen the latest.
func saveEdited(tx *db.Tx, p Person, rev int64) (bool, error) {
	tx.Touch(named, string(p.ID))
	n, err := tx.Exec(`UPDATE people_person SET name = $4, contact = $5, contact_of = $6, area = $7, station = $8, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3 AND state <> 'closed'`,
		p.Home, p.ID, rev, p.name, p.contact, p.ContactOf, p.Area, p.Station)
	return n == 1, err
}

// saveBirth writes when she was born and what an identity number adds to it.
func saveBirth(tx *db.Tx, p Person) error {
	_, err := tx.Exec(`UPDATE people_person SET idno = $3, birth = $4, birth_year = $5, adult_on = $6, sex = $7, rev = rev + 1
		WHERE home = $1 AND id = $2`, p.Home, p.ID, p.idno, p.birth, p.BirthYear, p.AdultOn, p.Sex)
	return err
}

// blank takes everything personal out of a record; the id stays as a pseudonym.
func blank(tx *db.Tx, person id.ID) error {
	tx.Touch(named, string(person))
	for _, q := range []string{
		`UPDATE people_person SET state = 'closed', name = NULL, contact = NULL, contact_of = '', idno = NULL, birth = NULL,
			birth_year = 0, adult_on = '', sex = 0, station = '', guardian = '', rev = rev + 1 WHERE home = $1 AND id = $2`,
		"UPDATE people_certificate SET no = NULL, rev = rev + 1 WHERE home = $1 AND person = $2",
		"DELETE FROM people_token_hash WHERE home = $1 AND person = $2", "DELETE FROM people_has_skill WHERE home = $1 AND person = $2",
		"DELETE FROM people_member WHERE home = $1 AND person = $2", "DELETE FROM people_doubt WHERE home = $1 AND person = $2",
		"DELETE FROM people_export WHERE home = $1 AND person = $2",
	} {
		if _, err := tx.Exec(q, person.Home(), person); err != nil {
			return err
		}
	}
	for _, q := range []string{
		"DELETE FROM people_phone WHERE person = $1", "DELETE FROM people_idno WHERE person = $1",
		"DELETE FROM people_login WHERE person = $1", "DELETE FROM people_ask WHERE person = $1",
		"DELETE FROM people_session WHERE person = $1", "/* across homes: pairs of records in any county */ DELETE FROM people_duplicate WHERE first = $1 OR other = $1",
	} {
		if _, err := tx.Exec(q, person); err != nil {
			return err
		}
	}
	return nil
}

// unenrol makes a blanked person no volunteer and nobody's member.
func unenrol(tx *db.Tx, person id.ID) error {
	if _, err := tx.Exec("UPDATE people_person SET no = '', volunteer = FALSE, guardian = '' WHERE home = $1 AND id = $2", person.Home(), person); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM people_member WHERE home = $1 AND person = $2", person.Home(), person)
	return err
}

// takePhone reserves a sign-in number in the whole country.
func takePhone(tx *db.Tx, hash []byte, person id.ID) (bool, error) {
	n, err := tx.Exec("INSERT INTO people_phone (hash, person, used) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", hash, person, db.MS(tx.Now))
	return n == 1, err
}

// takeIDNo reserves an identity number in the whole country.
func takeIDNo(tx *db.Tx, hash []byte, person id.ID) (bool, error) {
	n, err := tx.Exec("INSERT INTO people_idno (hash, person) VALUES ($1, $2) ON CONFLICT DO NOTHING", hash, person)
	return n == 1, err
}

func dropIDNo(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("DELETE FROM people_idno WHERE person = $1", person)
	return err
}

// putTokens writes the keyed hashes by which a person is found.
func putTokens(tx *db.Tx, person id.ID, hashes [][]byte) error {
	if _, err := tx.Exec("DELETE FROM people_token_hash WHERE home = $1 AND person = $2", person.Home(), person); err != nil {
		return err
	}
	return addTokens(tx, person, hashes)
}

// addTokens lets a person be found by them.
func addTokens(tx *db.Tx, person id.ID, hashes [][]byte) error {
	if len(hashes) == 0 {
		return nil
	}
	args := make([]any, 0, 3*len(hashes))
	for _, h := range hashes {
		args = append(args, person.Home(), h, person)
	}
	_, err := tx.Exec("INSERT INTO people_token_hash (home, hash, person) VALUES "+db.Tuples(len(hashes), 3)+" ON CONFLICT DO NOTHING", args...)
	return err
}

// putAsk remembers that the holder of a number is asked to answer for a person.
func putAsk(tx *db.Tx, hash []byte, person id.ID, kind askKind) error {
	_, err := tx.Exec("INSERT INTO people_ask (hash, person, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", hash, person, kind)
	return err
}

func dropAsks(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("DELETE FROM people_ask WHERE person = $1", person)
	return err
}

func putSkill(tx *db.Tx, person id.ID, skill int64) (bool, error) {
	n, err := tx.Exec("INSERT INTO people_has_skill (home, person, skill) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
		person.Home(), person, skill)
	return n == 1, err
}

func dropSkill(tx *db.Tx, person id.ID, skill int64) (bool, error) {
	n, err := tx.Exec("DELETE FROM people_has_skill WHERE home = $1 AND person = $2 AND skill = $3", person.Home(), person, skill)
	return n == 1, err
}

func putMember(tx *db.Tx, person, org id.ID) (bool, error) {
	n, err := tx.Exec("INSERT INTO people_member (home, person, org, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		person.Home(), person, org, db.MS(tx.Now))
	return n == 1, err
}

func dropMember(tx *db.Tx, person, org id.ID) (bool, error) {
	n, err := tx.Exec("DELETE FROM people_member WHERE home = $1 AND person = $2 AND org = $3", person.Home(), person, org)
	return n == 1, err
}

func putConsent(tx *db.Tx, person id.ID, kind ConsentKind, text []byte, by id.ID, channel Channel) error {
	_, err := tx.Exec(`INSERT INTO people_consent (home, id, person, kind, text_hash, given_by, channel, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		person.Home(), tx.NewID(person.Home()), person, kind, text, by, channel, db.MS(tx.Now))
	return err
}

// endConsents withdraws what is given of a kind.
func endConsents(tx *db.Tx, person id.ID, kind ConsentKind) (bool, error) {
	n, err := tx.Exec("UPDATE people_consent SET withdrawn = $4 WHERE home = $1 AND person = $2 AND kind = $3 AND withdrawn = 0",
		person.Home(), person, kind, db.MS(tx.Now))
	return n > 0, err
}

func putReveal(tx *db.Tx, actor auth.Actor, person id.ID, field Field, purpose Purpose, until int64) error {
	_, err := tx.Exec(`INSERT INTO people_reveal (home, id, person, by, field, purpose, at, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		person.Home(), tx.NewID(person.Home()), person, actor.Person, field, purpose, db.MS(tx.Now), until)
	return err
}

func loginHash(keys *crypt.Keys, login string) []byte { return keys.Hash("people.login", login) }

func phoneHash(keys *crypt.Keys, phone string) []byte { return keys.Hash("people.phone", phone) }
