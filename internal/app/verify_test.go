package app_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/ledger"
	"tongxin/internal/seed"
)

// planted is a fault that somebody caused behind the product's back.
type planted struct {
	name  string
	which string // a query for the id that is changed; $1 of the statements
	do    string
	undo  string
	check string // that finds it
	names string // what it names: %s is the id
}

var faults = []planted{
	{"a fact changed", `SELECT id FROM ledger_fact WHERE seq = 7`, `UPDATE ledger_fact SET qty = qty + 1 WHERE id = $1`,
		`UPDATE ledger_fact SET qty = qty - 1 WHERE id = $1`, "ledger.chain", "seal:"},
	{"a fact's number changed", `SELECT id FROM ledger_fact WHERE seq = 9`, `UPDATE ledger_fact SET seq = seq + 1000000 WHERE id = $1`,
		`UPDATE ledger_fact SET seq = seq - 1000000 WHERE id = $1`, "ledger.chain", "seq:10"},
	{"a fact slipped in", `SELECT MAX(id) FROM ledger_fact WHERE reverses = ''`,
		`INSERT INTO ledger_fact SELECT home, SUBSTR(id, 1, 7) || '0000000000000000', NULL, kind, day, org, unit, area, campaign, callup, service, category,
			subject, person, qty, grade, 1, by, reverses, SUBSTR(once, 2) FROM ledger_fact WHERE id = $1`,
		`DELETE FROM ledger_fact WHERE id = (SELECT SUBSTR(id, 1, 7) || '0000000000000000' FROM ledger_fact WHERE id = $1)`, "ledger.unsealed", "-0000000000000000"},
	{"the head moved", `SELECT 'head'`, `UPDATE ledger_head SET seq = seq - 1 WHERE $1 = 'head'`, `UPDATE ledger_head SET seq = seq + 1 WHERE $1 = 'head'`,
		"ledger.chain", "head:"},
	{"the past sealed later", `SELECT MIN(id) FROM ledger_fact`, `UPDATE ledger_seal SET at = at + 100000000000 WHERE first = 1 AND $1 <> ''`,
		`UPDATE ledger_seal SET at = at - 100000000000 WHERE first = 1 AND $1 <> ''`, "ledger.seals", "seal:"},
	{"a reversal that is none", `SELECT MIN(id) FROM ledger_fact WHERE reverses <> ''`, `UPDATE ledger_fact SET area = area + 1 WHERE id = $1`,
		`UPDATE ledger_fact SET area = area - 1 WHERE id = $1`, "ledger.reversals", "%s"},
	{"an act renamed", `SELECT id FROM audit_entry WHERE seq = 5`, `UPDATE audit_entry SET action = action || '!' WHERE id = $1`,
		`UPDATE audit_entry SET action = REPLACE(action, '!', '') WHERE id = $1`, "audit.chain", "seal:"},
	{"an organisation hung elsewhere", `SELECT MAX(id) FROM org_org WHERE kind = 'team' AND state = 'approved'`,
		`UPDATE org_position SET parent = 1 WHERE org = $1`,
		`UPDATE org_position SET parent = (SELECT p.position FROM org_org o JOIN org_org p ON p.id = o.parent WHERE o.id = $1) WHERE org = $1`, "org.positions", "%s"},
	{"a volunteer's number of another home", `SELECT MAX(id) FROM people_person WHERE no <> ''`, `UPDATE people_person SET no = '9' || no WHERE id = $1`,
		`UPDATE people_person SET no = SUBSTR(no, 2) WHERE id = $1`, "people.numbers", "%s"},
	{"a volunteer made without a fact", `SELECT MAX(id) FROM people_person WHERE no = ''`, `UPDATE people_person SET no = home || '999999', volunteer = TRUE WHERE id = $1`,
		`UPDATE people_person SET no = '', volunteer = FALSE WHERE id = $1`, "recount.people.registered", "%s"},
	{"a campaign moved", `SELECT '2'`, `UPDATE campaign_campaign SET parent = 6 WHERE CAST(id AS TEXT) = $1`,
		`UPDATE campaign_campaign SET parent = 1 WHERE CAST(id AS TEXT) = $1`, "campaign.tree", "%s"},
	{"a risk made light of", `SELECT MIN(id) FROM activity_activity WHERE risky AND state = 'published'`, `UPDATE activity_activity SET risky = FALSE WHERE id = $1`,
		`UPDATE activity_activity SET risky = TRUE WHERE id = $1`, "activity.risk", "%s"},
	{"an activity published without a fact", `SELECT MIN(id) FROM activity_activity WHERE state = 'draft'`,
		`UPDATE activity_activity SET published = 1, version = 1 WHERE id = $1`, `UPDATE activity_activity SET published = 0, version = 0 WHERE id = $1`,
		"recount.activity.published", "%s"},
	{"a draft that everybody finds", `SELECT MIN(id) FROM activity_activity WHERE state = 'draft'`,
		`INSERT INTO search_term (home, id, term, kind, rank) VALUES (SUBSTR($1, 1, 6), $1, '草稿', 'activity', 0)`, `DELETE FROM search_term WHERE id = $1`,
		"activity.findable", "%s"},
	{"an organisation that nobody finds", `SELECT MAX(id) FROM org_org WHERE kind = 'team' AND state = 'approved'`,
		`UPDATE search_term SET kind = 'lost' WHERE id = $1`, `UPDATE search_term SET kind = 'org' WHERE id = $1`, "org.findable", "%s"},
	{"a place oversold", `SELECT MIN(id) FROM roster_shift WHERE taken > 0 AND taken < places`, `UPDATE roster_shift SET taken = taken + 1 WHERE id = $1`,
		`UPDATE roster_shift SET taken = taken - 1 WHERE id = $1`, "roster.seats", "%s"},
	{"minutes added", `SELECT MIN(id) FROM roster_signup WHERE state = 'checked_out'`, `UPDATE roster_signup SET minutes = minutes + 60 WHERE id = $1`,
		`UPDATE roster_signup SET minutes = minutes - 60 WHERE id = $1`, "recount.roster.minutes", "/"},
	{"an arrival taken away", `SELECT MIN(id) FROM roster_signup WHERE state = 'checked_in'`, `UPDATE roster_signup SET state = 'accepted' WHERE id = $1`,
		`UPDATE roster_signup SET state = 'checked_in' WHERE id = $1`, "recount.roster.arrived", "/"},
	{"a shift moved onto another of hers", `SELECT MIN(u.shift) FROM roster_signup u WHERE u.state = 'checked_out' AND u.place = 'primary' AND NOT u.walkup
			AND EXISTS (SELECT 1 FROM roster_signup v WHERE v.person = u.person AND v.shift <> u.shift AND v.state = 'checked_out' AND v.place = 'primary' AND NOT v.walkup)`,
		`UPDATE roster_shift SET ends = ends + 8640000000 WHERE id = $1`, `UPDATE roster_shift SET ends = ends - 8640000000 WHERE id = $1`, "roster.overlaps", "-"},
	{"a sign-up for nobody's unit", `SELECT MIN(id) FROM roster_signup`, `UPDATE roster_signup SET unit = 'x' || unit WHERE id = $1`,
		`UPDATE roster_signup SET unit = SUBSTR(unit, 2) WHERE id = $1`, "roster.references", "%s"},
	{"a delivery of nothing", `SELECT MIN(id) FROM people_person`, `INSERT INTO notice_delivery (home, id, notice, person, channel, topic, subject, urgent, state, at, queued)
		VALUES (SUBSTR($1, 1, 6), 'planted', 'nothing', $1, 'sms', 'shifts', '', TRUE, 'waiting', 1, 1)`, `DELETE FROM notice_delivery WHERE id = 'planted' AND $1 <> ''`,
		"notice.deliveries", "planted"},
	{"a delivery sent without a try", `SELECT MIN(id) FROM notice_notice`, `INSERT INTO notice_delivery (home, id, notice, person, channel, topic, subject, urgent, state, at, queued, ended)
		SELECT home, 'planted', id, person, 'sms', 'shifts', '', TRUE, 'sent', 1, 1, 2 FROM notice_notice WHERE id = $1`,
		`DELETE FROM notice_delivery WHERE id = 'planted' AND $1 <> ''`, "notice.steps", "planted"},
	{"an answer without a record", `SELECT '321202-0000000000000000'`,
		`INSERT INTO idem_key (home, actor, key, request, status, ref, at) VALUES ('321202', 'a', 'k', SUBSTR((SELECT once FROM ledger_fact WHERE seq = 1), 1), 201, $1, 1)`,
		`DELETE FROM idem_key WHERE ref = $1`, "idem.answers", "321202/a/k"},
	{"a fact of no division", `SELECT MIN(id) FROM ledger_fact WHERE reverses = ''`, `UPDATE ledger_fact SET area = area + 999999999999 WHERE id = $1`,
		`UPDATE ledger_fact SET area = area - 999999999999 WHERE id = $1`, "ledger.references", "%s"},
	{"more handed out than a call-up is for", `SELECT MIN(id) FROM callup_callup WHERE issued > 0 AND NOT drill`,
		`UPDATE callup_quota SET quota = quota + 1000000 WHERE receipt IN (SELECT id FROM callup_receipt WHERE callup = $1 AND above = '')`,
		`UPDATE callup_quota SET quota = quota - 1000000 WHERE receipt IN (SELECT id FROM callup_receipt WHERE callup = $1 AND above = '')`, "callup.quotas", "%s"},
	{"a receipt read before it came", `SELECT MIN(id) FROM callup_receipt WHERE acknowledged > 0`, `UPDATE callup_receipt SET read = read - 100000000000 WHERE id = $1`,
		`UPDATE callup_receipt SET read = read + 100000000000 WHERE id = $1`, "callup.steps", "%s"},
	{"a turn brought by no call-up", `SELECT MIN(id) FROM roster_signup WHERE callup <> ''`, `UPDATE roster_signup SET callup = 'x' || callup WHERE id = $1`,
		`UPDATE roster_signup SET callup = SUBSTR(callup, 2) WHERE id = $1`, "callup.signups", "%s"},
	{"a question for nobody's quota", `SELECT MIN(id) FROM callup_ask`, `UPDATE callup_ask SET n = n + 90 WHERE id = $1`,
		`UPDATE callup_ask SET n = n - 90 WHERE id = $1`, "callup.asking", "%s"},
	{"an answer without a fact", `SELECT MIN(id) FROM callup_ask WHERE answer = ''`, `UPDATE callup_ask SET answer = 'no', answered = asked WHERE id = $1`,
		`UPDATE callup_ask SET answer = '', answered = 0 WHERE id = $1`, "recount.callup.answered", "%s"},
	{"an experience chosen by nobody", `SELECT MIN(id) FROM experience_experience WHERE state = 'submitted'`,
		`UPDATE experience_experience SET state = 'chosen', chosen = submitted WHERE id = $1`, `UPDATE experience_experience SET state = 'submitted', chosen = 0 WHERE id = $1`,
		"recount.experience.chosen", "%s"},
	{"an experience that nobody finds", `SELECT MIN(id) FROM experience_experience WHERE state = 'chosen'`, `UPDATE search_term SET id = 'x' || id WHERE id = $1`,
		`UPDATE search_term SET id = SUBSTR(id, 2) WHERE id = 'x' || $1`, "experience.findable", "%s"},
	{"an adoption of nothing", `SELECT MIN(id) FROM experience_adoption`, `UPDATE experience_adoption SET experience = 'x' || experience WHERE id = $1`,
		`UPDATE experience_adoption SET experience = SUBSTR(experience, 2) WHERE id = $1`, "experience.adoptions", "%s"},
	{"a mention that counts though it was taken back", `SELECT MIN(id) FROM experience_mention WHERE withdrawn = 0`,
		`UPDATE experience_mention SET withdrawn = 1, reason = 'planted' WHERE id = $1`, `UPDATE experience_mention SET withdrawn = 0, reason = '' WHERE id = $1`,
		"recount.experience.mentioned", "%s"},
	{"a kind that nobody recounts", `SELECT 'care.given'`, `INSERT INTO ledger_kind (id, key) VALUES (999, $1)`, `DELETE FROM ledger_kind WHERE key = $1`, "ledger.kinds", "%s"},
}

// Whatever is changed behind the product's back, verify finds it, by the check that should,
// and names it; and finds nothing once it is put right again.
func TestVerifyFindsWhatIsPlanted(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		keys := filepath.Join(t.TempDir(), "keys")
		if _, err := seed.Run(t.Context(), seed.Options{DSN: dsn, Keys: keys, Scale: seed.Small, Seed: 5, Clock: dbtest.Start}); err != nil {
			t.Fatal(err)
		}
		d := dbtest.Reopen(t, dsn, db.Options{Now: dbtest.NewClock().Now})
		for _, f := range faults {
			var which string
			if err := d.QueryRow(t.Context(), f.which).Scan(&which); err != nil {
				t.Fatalf("%s: %v", f.name, err)
			}
			run(t, d, f.name, f.do, which)
			c := find(t, verify(t, d), f.check)
			want := strings.ReplaceAll(f.names, "%s", which)
			if c.Broken == 0 || !slices.ContainsFunc(c.IDs, func(id string) bool { return strings.Contains(id, want) }) {
				t.Errorf("%s: %+v does not name %s", f.name, c, want)
			}
			run(t, d, f.name, f.undo, which)
		}
		if checks := verify(t, d); !app.Holds(checks) {
			t.Errorf("after all was put right: %+v", checks)
		}
	})
}

func run(t *testing.T, d *db.DB, name, q, which string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		n, err := tx.Exec(q, which)
		if err == nil && n == 0 {
			err = fmt.Errorf("nothing changed")
		}
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func verify(t *testing.T, d *db.DB) []ledger.Check {
	t.Helper()
	checks, err := app.Verify(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return checks
}

func find(t *testing.T, checks []ledger.Check, name string) ledger.Check {
	t.Helper()
	i := slices.IndexFunc(checks, func(c ledger.Check) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("there is no check %s", name)
	}
	return checks[i]
}
