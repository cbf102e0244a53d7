package people

import (
	"bytes"
	"context"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// tables are the rows of volunteers entered in bulk.
type tables struct {
	people, hashes, consents, phones, members *db.Many
}

func newTables(tx *db.Tx) *tables {
	return &tables{
		people: tx.Many(`INSERT INTO people_person (home, id, no, name, contact, contact_of, birth, birth_year, adult_on,
			area, station, category, state, volunteer, registered_by, created) VALUES `, 16),
		hashes:   tx.Many("INSERT INTO people_token_hash (home, hash, person) VALUES ", 3),
		consents: tx.Many(`INSERT INTO people_consent (home, id, person, kind, text_hash, given_by, channel, at) VALUES `, 8),
		phones:   tx.Many("INSERT INTO people_phone (hash, person, used) VALUES ", 3),
		members:  tx.Many("INSERT INTO people_member (home, person, org, since) VALUES ", 4),
	}
}

func (t *tables) person(p Person) error {
	return t.people.Add(p.Home, string(p.ID), p.No, p.name, p.contact, string(p.ContactOf), p.birth, p.BirthYear, p.AdultOn,
		int64(p.Area), string(p.Station), p.Category, string(p.State), p.Volunteer, string(p.RegisteredBy), p.Created)
}

func (t *tables) tokens(person id.ID, hashes [][]byte) error {
	for i, h := range hashes {
		if slices.ContainsFunc(hashes[:i], func(other []byte) bool { return bytes.Equal(other, h) }) {
			continue
		}
		if err := t.hashes.Add(person.Home(), h, string(person)); err != nil {
			return err
		}
	}
	return nil
}

func (t *tables) consent(at, person id.ID, kind ConsentKind, text []byte, by id.ID, channel Channel, when int64) error {
	return t.consents.Add(at.Home(), string(at), string(person), string(kind), text, string(by), string(channel), when)
}

func (t *tables) phone(hash []byte, person id.ID, used int64) error {
	return t.phones.Add(hash, string(person), used)
}

func (t *tables) member(person, org id.ID, since int64) error {
	return t.members.Add(person.Home(), string(person), string(org), since)
}

func (t *tables) flush() error {
	for _, rows := range []*db.Many{t.people, t.hashes, t.consents, t.phones, t.members} {
		if err := rows.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// lastNumber is the last volunteer number given in a home.
func lastNumber(ctx context.Context, r db.Reader, home string) (n int64, err error) {
	err = r.QueryRow(ctx, "SELECT last FROM people_number WHERE home = $1", home).Scan(&n)
	if db.NoRows(err) {
		return 0, nil
	}
	return n, err
}

func setNumber(tx *db.Tx, home string, last int64) error {
	_, err := tx.Exec(`INSERT INTO people_number (home, last) VALUES ($1, $2)
		ON CONFLICT (home) DO UPDATE SET last = excluded.last`, home, last)
	return err
}

// insertDuplicates inserts pairs that were found, each with its moment.
func insertDuplicates(tx *db.Tx, all []Duplicate) error {
	rows := tx.Many("INSERT INTO people_duplicate (home, first, other, why, found, state) VALUES ", 6)
	for _, d := range all {
		first, other := min(d.First, d.Other), max(d.First, d.Other)
		if err := rows.Add(first.Home(), string(first), string(other), string(d.Why), d.Found, "open"); err != nil {
			return err
		}
	}
	return rows.Flush()
}
