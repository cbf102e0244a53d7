package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func installCertificate(tx *db.Tx, k CertificateKind) error {
	var n int
	if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM people_certificate_kind WHERE slug = $1", k.Slug).Scan(&n); err != nil || n > 0 {
		return err
	}
	number, err := tx.Next("people_certificate_kind")
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO people_certificate_kind (id, slug, name, open) VALUES ($1, $2, $3, TRUE)", number, k.Slug, k.Name)
	return err
}

// CertificateKinds are all kinds of certificates in the order in which they are offered.
func CertificateKinds(ctx context.Context, r db.Reader) ([]CertificateKind, error) {
	rows, err := r.Query(ctx, "SELECT id, slug, name, open FROM people_certificate_kind ORDER BY id")
	return db.Collect(rows, err, func(rows *sql.Rows) (k CertificateKind, err error) {
		err = rows.Scan(&k.ID, &k.Slug, &k.Name, &k.Open)
		return k, err
	})
}

// CertificateNames are the names of all kinds of certificates.
func CertificateNames(ctx context.Context, r db.Reader) (map[int64]string, error) {
	kinds, err := CertificateKinds(ctx, r)
	names := make(map[int64]string, len(kinds))
	for _, k := range kinds {
		names[k.ID] = k.Name
	}
	return names, err
}

func certificateOpen(ctx context.Context, r db.Reader, kind int64) (open bool, err error) {
	err = r.QueryRow(ctx, "SELECT open FROM people_certificate_kind WHERE id = $1", kind).Scan(&open)
	if db.NoRows(err) {
		return false, nil
	}
	return open, err
}

const certificateColumns = "c.id, c.person, c.kind, c.no, c.issued, c.expires, c.state, c.told_by, c.told, c.decided_by, c.decided"

func scanCertificate(scan func(...any) error) (c Certificate, err error) {
	err = scan(&c.ID, &c.Person, &c.Kind, &c.no, &c.Issued, &c.Expires, &c.State, &c.ToldBy, &c.Told, &c.DecidedBy, &c.Decided)
	return c, err
}

func certificateRow(rows *sql.Rows) (Certificate, error) { return scanCertificate(rows.Scan) }

// CertificatesOf are all certificates of a person, those of records merged into hers too, the
// latest told first.
func CertificatesOf(ctx context.Context, r db.Reader, person id.ID) ([]Certificate, error) {
	rows, err := r.Query(ctx, `/* across homes: records of one person in any county */ SELECT `+certificateColumns+` FROM people_certificate c
		WHERE c.home = $1 AND c.person = $2
		UNION ALL SELECT `+certificateColumns+` FROM people_person m JOIN people_certificate c ON c.home = m.home AND c.person = m.id
		WHERE m.merged_into = $2 AND m.merged_into <> '' ORDER BY 9 DESC, 1 DESC`, person.Home(), person)
	return db.Collect(rows, err, certificateRow)
}

// CertificateOf is one certificate.
func CertificateOf(ctx context.Context, r db.Reader, certificate id.ID) (Certificate, error) {
	c, err := scanCertificate(r.QueryRow(ctx, "SELECT "+certificateColumns+" FROM people_certificate c WHERE c.home = $1 AND c.id = $2",
		certificate.Home(), certificate).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "people.certificate_unknown")
	}
	return c, err
}

func putCertificate(tx *db.Tx, c Certificate) error {
	_, err := tx.Exec(`INSERT INTO people_certificate (home, id, person, kind, no, issued, expires, state, told_by, told, decided_by, decided)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, c.ID.Home(), c.ID, c.Person, c.Kind, c.no, c.Issued, c.Expires, c.State,
		c.ToldBy, c.Told, c.DecidedBy, c.Decided)
	return err
}

func moveCertificate(tx *db.Tx, actor auth.Actor, certificate id.ID, from, to CertificateState) (bool, error) {
	n, err := tx.Exec(`UPDATE people_certificate SET state = $4, decided_by = $5, decided = $6, rev = rev + 1
		WHERE home = $1 AND id = $2 AND state = $3`, certificate.Home(), certificate, from, to, actor.Person, db.MS(tx.Now))
	return n == 1, err
}

func dropCertificate(tx *db.Tx, certificate id.ID) (bool, error) {
	n, err := tx.Exec("DELETE FROM people_certificate WHERE home = $1 AND id = $2 AND state IN ('told', 'refused')", certificate.Home(), certificate)
	return n == 1, err
}

// What each list of certificates asks beside its scope: $1 state, $2 last day of confirmed ones, $3 most.
const (
	certified = ` c.state = $1 AND ($2 = '' OR c.expires <> '' AND c.expires <= $2) AND p.state = 'active'`
	certOrder = ` ORDER BY c.expires, c.told, c.id LIMIT $3`
)

func certificatesWide(ctx context.Context, r db.Reader, s scope, f CertificateFilter) ([]Certificate, error) {
	rows, err := r.Query(ctx, `/* across homes: an office sees the volunteers of its counties */ SELECT `+certificateColumns+`
		FROM people_certificate c JOIN people_person p ON p.home = c.home AND p.id = c.person
		WHERE`+certified+` AND c.home >= $4 AND c.home < $5`+certOrder, f.State, f.Until, f.Limit, s.low, s.top)
	return db.Collect(rows, err, certificateRow)
}

func certificatesNarrow(ctx context.Context, r db.Reader, s scope, f CertificateFilter) ([]Certificate, error) {
	rows, err := r.Query(ctx, `/* across homes: a team's members may live in several counties */
		WITH orgs AS (SELECT o.id AS org FROM org_under u JOIN org_org o ON o.position = u.position WHERE u.ancestor = $4),
		who AS (SELECT m.home AS home, m.person AS person FROM people_member m JOIN orgs ON orgs.org = m.org
			UNION SELECT s.home, s.id FROM orgs CROSS JOIN people_person s WHERE s.home = $5 AND s.station = orgs.org)
		SELECT `+certificateColumns+` FROM who CROSS JOIN people_person p CROSS JOIN people_certificate c
		WHERE p.home = who.home AND p.id = who.person AND c.home = p.home AND c.person = p.id AND`+certified+certOrder, f.State, f.Until, f.Limit, s.position, s.home)
	return db.Collect(rows, err, certificateRow)
}
