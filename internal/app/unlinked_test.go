package app_test

import (
	"net/http"
	"net/url"
	"strings"
)

// unlinked are routes to which nothing in the small city leads, each with a query for an address, or
// the address.
var unlinked = map[string]string{
	"GET /desk/overview/live":                          "/desk/overview/live",
	"GET /overview":                                    "/overview",
	"GET /search":                                      "/search?q=测温",
	"POST /callups/again":                              "/callups/again",
	"POST /callups/{callup}/back":                      "SELECT '/callups/' || MIN(id) || '/back' FROM callup_callup WHERE state = 'issued'",
	"GET /callups/{callup}/{did}":                      "SELECT '/callups/' || MIN(id) || '/answer' FROM callup_callup WHERE state = 'issued'",
	"GET /desk/callups/{callup}/live":                  "SELECT '/desk/callups/' || MIN(id) || '/live' FROM callup_callup WHERE state = 'issued'",
	"GET /overview/live":                               "/overview/live",
	"GET /screen":                                      "/screen",
	"GET /screen/live":                                 "/screen/live",
	"GET /screen/{wall}/{secret}":                      "/screen/321200-01e0vb40002vt3e3/guessed",
	"GET /screen/{wall}/{secret}/live":                 "/screen/321200-01e0vb40002vt3e3/guessed/live",
	"POST /desk/walls/{wall}/end":                      "/desk/walls/321200-01e0vb40002vt3e3/end",
	"/":                                                "/nowhere",
	"POST /desk/campaigns/{n}/reopen":                  "/desk/campaigns/2/reopen",
	"GET /figures/{key}":                               "/figures/turns",
	"POST /orgs/mine/{id}":                             "SELECT '/orgs/mine/' || MIN(id) FROM org_org WHERE registered_by <> '' AND state <> 'approved'",
	"POST /orgs/mine/{id}/withdraw":                    "SELECT '/orgs/mine/' || MIN(id) || '/withdraw' FROM org_org WHERE registered_by <> '' AND state <> 'approved'",
	"POST /desk/orgs/{id}/approve":                     "SELECT '/desk/orgs/' || MIN(id) || '/approve' FROM org_org WHERE state = 'pending'",
	"POST /desk/orgs/{id}/return":                      "SELECT '/desk/orgs/' || MIN(id) || '/return' FROM org_org WHERE state = 'pending'",
	"POST /desk/orgs/{id}/untrust":                     "SELECT '/desk/orgs/' || MIN(id) || '/untrust' FROM org_org WHERE tier = 'institute' AND state = 'approved'",
	"POST /sign-in/code":                               "/sign-in/code",
	"POST /join":                                       "/join",
	"GET /desk/sign-in/step":                           "/desk/sign-in/step",
	"POST /desk/sign-in/step":                          "/desk/sign-in/step",
	"POST /my/data/orgs/{org}/join":                    "SELECT '/my/data/orgs/' || MIN(id) || '/join' FROM org_org WHERE kind = 'organization' AND state = 'approved'",
	"POST /my/data/consents/{kind}/withdraw":           "/my/data/consents/political/withdraw",
	"POST /my/family/{person}/refuse":                  "SELECT '/my/family/' || MIN(id) || '/refuse' FROM people_person WHERE guardian <> ''",
	"POST /my/family/{person}/renew":                   "SELECT '/my/family/' || MIN(id) || '/renew' FROM people_person WHERE guardian <> ''",
	"POST /my/security/others":                         "/my/security/others",
	"POST /desk/staff/{person}/factor":                 "SELECT '/desk/staff/' || MIN(person) || '/factor' FROM people_role WHERE role = 'leader'",
	"POST /desk/tokens/{person}/end":                   "SELECT '/desk/tokens/' || MIN(person) || '/end' FROM people_role WHERE role = 'leader'",
	"GET /shifts/{shift}":                              "SELECT '/shifts/' || MIN(id) FROM roster_shift WHERE state = 'open'",
	"GET /shifts/{shift}/people/{person}/{did}":        "SELECT '/shifts/' || shift || '/people/' || person || '/withdraw' FROM roster_signup WHERE state = 'accepted' ORDER BY id LIMIT 1",
	"POST /desk/shifts/{shift}/people/{person}/settle": "SELECT '/desk/shifts/' || shift || '/people/' || person || '/settle' FROM roster_signup WHERE state IN ('checked_out', 'unclosed') ORDER BY id LIMIT 1",
	"POST /shifts/{shift}/people/{person}/confirm":     "SELECT '/shifts/' || shift || '/people/' || person || '/confirm' FROM roster_signup WHERE state = 'accepted' ORDER BY id LIMIT 1",
	"GET /checkin":                                     "/checkin",
	"GET /desk/shifts/{shift}/{did}":                   "SELECT '/desk/shifts/' || MIN(id) || '/walk-ups' FROM roster_shift WHERE state = 'open'",
	"GET /desk/shifts/{shift}/people/{person}/{did}":   "SELECT '/desk/shifts/' || shift || '/people/' || person || '/arrive' FROM roster_signup WHERE state = 'accepted' ORDER BY id LIMIT 1",
	"GET /desk/duplicates/{first}/{other}":             "SELECT '/desk/duplicates/' || MIN(id) || '/' || MAX(id) FROM people_person WHERE volunteer AND station <> '' GROUP BY station HAVING COUNT(*) > 1 ORDER BY station LIMIT 1",
	"POST /desk/duplicates/{first}/{other}":            "SELECT '/desk/duplicates/' || MIN(id) || '/' || MAX(id) FROM people_person WHERE volunteer AND station <> '' GROUP BY station HAVING COUNT(*) > 1 ORDER BY station LIMIT 1",
	"POST /desk/duplicates/{first}/{other}/distinct":   "SELECT '/desk/duplicates/' || MIN(id) || '/' || MAX(id) || '/distinct' FROM people_person WHERE volunteer AND station <> '' GROUP BY station HAVING COUNT(*) > 1 ORDER BY station LIMIT 1",
	"POST /desk/search":                                "/desk/search",
	"POST /desk/handouts/{handout}/agree":              "/desk/handouts/321200-01e0vb40002vt3e3/agree",
	"POST /desk/handouts/{handout}/refuse":             "/desk/handouts/321200-01e0vb40002vt3e3/refuse",
	"POST /desk/handouts/{handout}/take":               "/desk/handouts/321200-01e0vb40002vt3e3/take?as=csv",
	"POST /desk/merges/{merge}/agree":                  "/desk/merges/321200-01e0vb40002vt3e3/agree",
	"POST /desk/merges/{merge}/refuse":                 "/desk/merges/321200-01e0vb40002vt3e3/refuse",
	"POST /desk/merges/{merge}/undo":                   "/desk/merges/321200-01e0vb40002vt3e3/undo",
	"POST /desk/certificates/{certificate}/seen":       "/desk/certificates/321200-01e0vb40002vt3e3/seen",
	"POST /desk/certificates/{certificate}/unseen":     "/desk/certificates/321200-01e0vb40002vt3e3/unseen",
	"POST /desk/certificates/{certificate}/withdraw":   "/desk/certificates/321200-01e0vb40002vt3e3/withdraw",
	"POST /desk/people/{person}/close/back":            "SELECT '/desk/people/' || MIN(id) || '/close/back' FROM people_person WHERE volunteer",
	"POST /my/data/certificates/{certificate}/drop":    "/my/data/certificates/321200-01e0vb40002vt3e3/drop",
	"POST /my/data/close/back":                         "/my/data/close/back",
	"POST /my/notices/ways":                            "/my/notices/ways",
	"POST /my/notices/ways/address":                    "/my/notices/ways/address",
	"POST /my/notices/ways/code":                       "/my/notices/ways/code",
	"POST /my/notices/ways/drop":                       "/my/notices/ways/drop",
	"GET /my/notices/ways/wechat/begin":                "/my/notices/ways/wechat/begin",
	"GET /my/notices/ways/wechat":                      "/my/notices/ways/wechat",
	"POST /desk/dead-letters/release":                  "/desk/dead-letters/release",
	"POST /desk/dead-letters/{delivery}/release":       "/desk/dead-letters/321200-01e0vb40002vt3e3/release",
	"POST /desk/dead-letters/{delivery}/give-up":       "/desk/dead-letters/321200-01e0vb40002vt3e3/give-up",
	"POST /my/family/{person}/take":                    "SELECT '/my/family/' || MIN(id) || '/take' FROM people_person WHERE guardian <> ''",
	"POST /my/family/{person}/decline":                 "SELECT '/my/family/' || MIN(id) || '/decline' FROM people_person WHERE guardian <> ''",
	"POST /sign-in/whose":                              "/sign-in/whose",
	"GET /sign-in/whose":                               "/sign-in/whose",
	"POST /my/data/export":                             "/my/data/export",
	"GET /desk/hours/{backfill}":                       "SELECT '/desk/hours/' || MIN(id) FROM roster_backfill WHERE state = 'pending'",
}

// Addresses of schedules, directives, series, rest, asking and reports.
func init() {
	const schedule = " FROM progress_schedule"
	for pattern, at := range map[string]string{
		"POST /desk/shapes/drop":                           "/desk/shapes/drop",
		"POST /desk/progress/{schedule}/import/apply":      "SELECT '/desk/progress/' || MIN(id) || '/import/apply'" + schedule,
		"POST /desk/progress/{schedule}/reopen":            "SELECT '/desk/progress/' || MIN(id) || '/reopen'" + schedule,
		"POST /desk/guidance/{directive}/act":              "SELECT '/desk/guidance/' || MIN(id) || '/act' FROM guidance_directive WHERE state = 'replied'",
		"POST /desk/activities/{activity}/series/{series}": "SELECT '/desk/activities/' || activity || '/series/' || id FROM roster_series ORDER BY id LIMIT 1",
		"GET /desk/activities/{activity}/series":           "SELECT '/desk/activities/' || MIN(id) || '/series' FROM activity_activity WHERE state = 'published'",
		"GET /desk/activities/{activity}/series/{series}":  "SELECT '/desk/activities/' || activity || '/series/' || id FROM roster_series ORDER BY id LIMIT 1",
		"GET /desk/activities/{activity}/copy-week":        "SELECT '/desk/activities/' || MIN(id) || '/copy-week' FROM activity_activity WHERE state = 'published'",
		"GET /desk/activities/{activity}/templates":        "SELECT '/desk/activities/' || MIN(id) || '/templates' FROM activity_activity WHERE state = 'published'",
		"GET /desk/activities/{activity}/apply-template":   "SELECT '/desk/activities/' || MIN(id) || '/apply-template' FROM activity_activity WHERE state = 'published'",
		"GET /desk/templates/{template}/retire":            "SELECT '/desk/templates/' || MIN(id) || '/retire' FROM roster_template",
		"GET /desk/templates/{template}/activities":        "SELECT '/desk/templates/' || MIN(id) || '/activities' FROM roster_template",
		"GET /calendars/{calendar}/{secret}":               "/calendars/321200-01e0vb40002vt3e3/guessed.ics",
		"GET /calendars/activities/{activity}":             "SELECT '/calendars/activities/' || MIN(id) || '.ics' FROM activity_activity WHERE state = 'published'",
		"GET /calendars/orgs/{org}":                        "SELECT '/calendars/orgs/' || MIN(id) || '.ics' FROM org_org WHERE kind = 'organization' AND state = 'approved'",
		"POST /my/calendar/end":                            "/my/calendar/end",
		"GET /my/calendar/end":                             "/my/calendar/end",
		"GET /desk/imports/{batch}":                        "/desk/imports/321202-01e0vb40002vt3e3",
		"GET /desk/imports/{batch}/annotated":              "/desk/imports/321202-01e0vb40002vt3e3/annotated",
		"POST /desk/imports/{batch}/enter":                 "/desk/imports/321202-01e0vb40002vt3e3/enter",
		"POST /desk/imports/{batch}/undo":                  "/desk/imports/321202-01e0vb40002vt3e3/undo",
		"POST /desk/imports/{batch}/drop":                  "/desk/imports/321202-01e0vb40002vt3e3/drop",
		"GET /desk/rest/{service}":                         "/desk/rest/1",
		"GET /articles.atom":                               "/articles.atom",
		"GET /pictures/{picture}":                          "/pictures/321200-01e0vb40002vt3e3",
		"GET /desk/editor/figure":                          "/desk/editor/figure?key=turns",
		"POST /desk/editor/paste":                          "/desk/editor/paste",
		"POST /desk/articles/new":                          "/desk/articles/new",
		"GET /desk/articles/{article}/edit":                "SELECT '/desk/articles/' || MIN(id) || '/edit' FROM article_article WHERE state = 'draft'",
		"POST /desk/articles/{article}/edit":               "SELECT '/desk/articles/' || MIN(id) || '/edit' FROM article_article WHERE state = 'draft'",
		"POST /desk/articles/{article}/draft":              "SELECT '/desk/articles/' || MIN(id) || '/draft' FROM article_article WHERE state = 'draft'",
		"POST /desk/articles/{article}/pictures":           "SELECT '/desk/articles/' || MIN(id) || '/pictures' FROM article_article WHERE state = 'draft'",
		"GET /desk/articles/{article}/{did}":               "SELECT '/desk/articles/' || MIN(id) || '/submit' FROM article_article WHERE state = 'draft'",
		"POST /desk/articles/{article}/{did}":              "SELECT '/desk/articles/' || MIN(id) || '/recall' FROM article_article WHERE state = 'submitted'",
		"GET /desk/experiences/{experience}/edit":          "SELECT '/desk/experiences/' || MIN(id) || '/edit' FROM experience_experience WHERE state = 'draft'",
		"POST /desk/experiences/{experience}/edit":         "SELECT '/desk/experiences/' || MIN(id) || '/edit' FROM experience_experience WHERE state = 'draft'",
		"POST /desk/experiences/{experience}/draft":        "SELECT '/desk/experiences/' || MIN(id) || '/draft' FROM experience_experience WHERE state = 'draft'",
		"POST /desk/experiences/{experience}/pictures":     "SELECT '/desk/experiences/' || MIN(id) || '/pictures' FROM experience_experience WHERE state = 'draft'",
		"GET /desk/experiences/{experience}/{did}":         "SELECT '/desk/experiences/' || MIN(id) || '/submit' FROM experience_experience WHERE state = 'draft'",
		"POST /desk/experiences/{experience}/{did}":        "SELECT '/desk/experiences/' || MIN(id) || '/submit' FROM experience_experience WHERE state = 'draft'",
		"POST /desk/experiences/new":                       "/desk/experiences/new",
		"POST /desk/mentions":                              "/desk/mentions",
		"POST /desk/mentions/{mention}":                    "SELECT '/desk/mentions/' || MIN(id) FROM experience_mention WHERE withdrawn = 0",
		"POST /desk/bulletins/{issue}/experience":          "SELECT '/desk/bulletins/' || MIN(id) || '/experience' FROM bulletin_issue WHERE state = 'draft'",
		"GET /shifts/{shift}/ask":                          "SELECT '/shifts/' || MIN(id) || '/ask' FROM roster_shift WHERE state = 'open'",
		"POST /shifts/{shift}/ask":                         "SELECT '/shifts/' || MIN(id) || '/ask' FROM roster_shift WHERE state = 'open'",
		"GET /desk/anomalies/{anomaly}":                    "/desk/anomalies/d1e548be6de26ddc5c9c365375f0ebf7",
		"POST /desk/bulletins/{issue}/object":              "SELECT '/desk/bulletins/' || MIN(id) || '/object' FROM bulletin_issue WHERE state = 'review'",
		"POST /desk/bulletins/{issue}/publish":             "SELECT '/desk/bulletins/' || MIN(id) || '/publish' FROM bulletin_issue WHERE state = 'review'",
		"POST /desk/bulletin-texts/{article}/draft":        "SELECT '/desk/bulletin-texts/' || MIN(id) || '/draft' FROM bulletin_article WHERE state = 'invited'",
		"POST /desk/bulletin-texts/{article}/pictures":     "SELECT '/desk/bulletin-texts/' || MIN(id) || '/pictures' FROM bulletin_article WHERE state = 'invited'",
		"POST /desk/bulletin-texts/{article}/restore":      "SELECT '/desk/bulletin-texts/' || MIN(id) || '/restore' FROM bulletin_article WHERE state = 'invited'",
		"POST /desk/bulletin-texts/{article}/handin":       "SELECT '/desk/bulletin-texts/' || MIN(id) || '/handin' FROM bulletin_article WHERE state = 'invited'",
		"POST /desk/bulletin-texts/{article}/accept":       "SELECT '/desk/bulletin-texts/' || MIN(id) || '/accept' FROM bulletin_article WHERE state = 'invited'",
		"GET /desk/reports/{id}/file":                      "SELECT '/desk/reports/' || MIN(id) || '/file' FROM report_report",
		"GET /desk/reports/{id}/edit":                      "SELECT '/desk/reports/' || MIN(id) || '/edit' FROM report_report",
		"POST /desk/reports/{id}/edit":                     "SELECT '/desk/reports/' || MIN(id) || '/edit' FROM report_report",
		"POST /desk/dues/{id}/nothing":                     "SELECT '/desk/dues/' || MIN(id) || '/nothing' FROM report_due",
		"POST /desk/dues/{id}/something":                   "SELECT '/desk/dues/' || MIN(id) || '/something' FROM report_due",
	} {
		unlinked[pattern] = at
	}
}

// address is where an unlinked route is.
func (s *hostile) address(pattern string) (e example, ok bool) {
	at, ok := unlinked[pattern]
	if !ok {
		return e, false
	}
	if strings.HasPrefix(at, "SELECT") {
		if err := s.d.QueryRow(s.Context(), at).Scan(&at); err != nil {
			s.Errorf("%s: %v", pattern, err)
		}
	}
	method, _, has := strings.Cut(pattern, " ")
	if !has {
		method = http.MethodGet
	}
	return example{method, at, url.Values{"reason": {"按规定办理"}}}, true
}

const matrixFile = "testdata/matrix.txt"
