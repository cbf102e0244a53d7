package web

import (
	"tongxin/internal/report/article"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/experience"
	"tongxin/internal/web/activities"
	"tongxin/internal/web/articles"
	"tongxin/internal/web/bulletins"
	"tongxin/internal/web/callups"
	"tongxin/internal/web/experiences"
	"tongxin/internal/web/orgs"
	"tongxin/internal/web/page"
	"tongxin/internal/web/progress"
	"tongxin/internal/web/reports"
	"tongxin/internal/web/rosters"
)

// needs are what each area has to ask of whoever looks at the overview, in the order in which
// they are shown; what must be done now comes first in any case.
var needs = []page.Needs{
	callups.Needs,
	rosters.Needs,
	activities.Needs,
	orgs.Needs,
	progress.Needs,
	reports.Needs,
	bulletins.Needs,
}

// home and portal are what areas add to a volunteer's first page, and to everybody's.
var (
	home   = []page.Piece{callups.Home}
	portal = []page.Piece{callups.Portal, articles.Portal}
)

// looks say who may look at the pictures of an area's texts.
var looks = map[string]page.Look{article.Area: articles.Look, experience.Area: experiences.Look, bulletin.Area: bulletins.Look}
