package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func numbered(ctx context.Context, r db.Reader) ([]id.ID, error) {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT id FROM people_person WHERE no <> '' AND merged_into = ''")
	return db.Collect(rows, err, db.Value[id.ID])
}

// youth is a volunteer whose day of coming of age is known.
type youth struct {
	person  id.ID
	adultOn string
	created int64
	agreed  int64 // consents of a guardian who is there, withdrawn ones too
}

// youths are the active volunteers who are not known to have been adults always.
func youths(ctx context.Context, r db.Reader) ([]youth, error) {
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */
		SELECT p.id, p.adult_on, p.created, (SELECT COUNT(*) FROM people_consent c JOIN people_person g ON g.home = SUBSTR(c.given_by, 1, 6)
			AND g.id = c.given_by WHERE c.home = p.home AND c.person = p.id AND c.kind = 'minor' AND c.given_by <> p.id)
		FROM people_person p WHERE p.state = 'active' AND p.volunteer AND p.adult_on <> ''`)
	return db.Collect(rows, err, func(rows *sql.Rows) (y youth, err error) {
		err = rows.Scan(&y.person, &y.adultOn, &y.created, &y.agreed)
		return y, err
	})
}

// Each lists ids with 1 where something is wrong.
const (
	// A number belongs to its home, was given by its counter, and is a volunteer's.
	badNumbers = `/* across homes: verify reads everything */
		SELECT p.id, CASE WHEN p.no = '' AND NOT p.volunteer THEN 0
			WHEN p.no <> '' AND p.volunteer AND SUBSTR(p.no, 1, 6) = p.home AND CAST(SUBSTR(p.no, 7) AS BIGINT) BETWEEN 1 AND COALESCE(n.last, 0)
			THEN 0 ELSE 1 END
		FROM people_person p LEFT JOIN people_number n ON n.home = p.home WHERE p.no <> '' OR p.volunteer`

	// Nobody holds two of the three.
	badRoles = `/* across homes: verify reads everything */
		SELECT r.person, CASE WHEN COUNT(DISTINCT r.role) > 1 THEN 1 ELSE 0 END
		FROM people_role r WHERE r.role IN ('system', 'security', 'auditor') GROUP BY r.home, r.person`

	// Who and what a record points to is there.
	badReferences = `/* across homes: verify reads everything */
		SELECT p.id, CASE WHEN (p.station = '' OR EXISTS (SELECT 1 FROM org_org o WHERE o.id = p.station))
			AND (p.guardian = '' OR EXISTS (SELECT 1 FROM people_person g WHERE g.home = SUBSTR(p.guardian, 1, 6) AND g.id = p.guardian))
			AND (p.category = 0 OR EXISTS (SELECT 1 FROM people_category c WHERE c.id = p.category))
			AND (p.area = 0 OR EXISTS (SELECT 1 FROM area_area a WHERE a.code = p.area)) THEN 0 ELSE 1 END
		FROM people_person p
		UNION ALL SELECT m.person, CASE WHEN EXISTS (SELECT 1 FROM people_person p WHERE p.home = m.home AND p.id = m.person)
			AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = m.org) THEN 0 ELSE 1 END FROM people_member m
		UNION ALL SELECT r.person, CASE WHEN EXISTS (SELECT 1 FROM people_account a WHERE a.home = r.home AND a.person = r.person)
			AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = r.org) THEN 0 ELSE 1 END FROM people_role r
		UNION ALL SELECT s.person, CASE WHEN EXISTS (SELECT 1 FROM people_person p WHERE p.home = SUBSTR(s.person, 1, 6) AND p.id = s.person)
			THEN 0 ELSE 1 END FROM people_session s`

	// A record that was merged leads to one that stands for itself, and a merge says so.
	badMerged = `/* across homes: verify reads everything */
		SELECT p.id, CASE WHEN (p.merged_into = '' AND p.state <> 'merged') OR (p.state IN ('merged', 'closed') AND p.merged_into <> ''
			AND EXISTS (SELECT 1 FROM people_person s WHERE s.home = SUBSTR(p.merged_into, 1, 6) AND s.id = p.merged_into AND s.merged_into = '')
			AND EXISTS (SELECT 1 FROM people_merge m WHERE m.home = p.home AND m.duplicate = p.id AND m.state IN ('merging', 'merged', 'undoing')))
			THEN 0 ELSE 1 END
		FROM people_person p WHERE p.merged_into <> '' OR p.state = 'merged'`

	// What is unique in the country belongs to one who is there, and each account to a login.
	badUnique = `/* across homes: verify reads everything */
		SELECT u.person, CASE WHEN EXISTS (SELECT 1 FROM people_person p WHERE p.home = SUBSTR(u.person, 1, 6) AND p.id = u.person
			AND p.state <> 'closed') THEN 0 ELSE 1 END FROM people_phone u
		UNION ALL SELECT u.person, CASE WHEN EXISTS (SELECT 1 FROM people_person p WHERE p.home = SUBSTR(u.person, 1, 6) AND p.id = u.person
			AND p.idno IS NOT NULL) THEN 0 ELSE 1 END FROM people_idno u
		UNION ALL SELECT a.person, CASE WHEN EXISTS (SELECT 1 FROM people_login l WHERE l.hash = a.login AND l.person = a.person)
			THEN 0 ELSE 1 END FROM people_account a`
)
