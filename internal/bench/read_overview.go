package bench

import (
	"context"
	"database/sql"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// helpful are the indexes that plain SQL gets: those of the issue, and one that finds what was
// taken back.
var helpful = []string{
	"CREATE INDEX bench_org ON ledger_fact (org, day, kind)",
	"CREATE INDEX bench_kind ON ledger_fact (kind, day, org)",
	"CREATE INDEX bench_campaign ON ledger_fact (campaign, kind, day)",
	"CREATE INDEX bench_reverses ON ledger_fact (home, kind, reverses) WHERE reverses <> ''",
	"ANALYZE ledger_fact",
}

// plain answers a figure by SQL over the facts: sums with signs where quantities are added up
// or facts counted, distinct ones of what was not taken back.
func plain(ctx context.Context, r db.Reader, q figure.Query) (map[string]int64, error) {
	i := ledger.IndicatorOf(q.Indicator)
	if i.Measure == ledger.Ratio {
		over, under := q, q
		over.Indicator, under.Indicator = i.Over.Key, i.Under.Key
		a, err := plain(ctx, r, over)
		if err != nil {
			return nil, err
		}
		b, err := plain(ctx, r, under)
		if err != nil {
			return nil, err
		}
		share := int64(0)
		if b[""] != 0 {
			share = a[""] * i.Scale / b[""]
		}
		return map[string]int64{"": share}, nil
	}
	w := &words{}
	text := w.figure(i, q)
	rows, err := r.Query(ctx, text, w.args...)
	parts := map[string]int64{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var key string
		var value int64
		err = r.Scan(&key, &value)
		if value != 0 || q.By == figure.Whole {
			parts[key] = value
		}
		return none, err
	})
	return parts, err
}

// words put a statement together.
type words struct{ args []any }

func (w *words) mark(v any) string {
	w.args = append(w.args, v)
	return db.In(1, len(w.args))
}

func (w *words) figure(i *ledger.Indicator, q figure.Query) string {
	from, key := "ledger_fact f", "''"
	switch q.By {
	case figure.ByDay:
		key = "f.day"
	case figure.ByOrg: // the organisation itself at depth 0 of its own
		key = "c.org"
		from += ` JOIN org_under cu ON cu.position = f.org JOIN org_position c ON c.id = cu.ancestor
			JOIN org_position top ON top.id = c.parent AND top.org = ` + w.mark(q.Org)
	}
	value := "CAST(COALESCE(SUM(CASE WHEN f.reverses = '' THEN 1 ELSE -1 END), 0) AS BIGINT)"
	living := false
	switch i.Measure {
	case ledger.Sum:
		value = "CAST(COALESCE(SUM(f.qty), 0) AS BIGINT)"
	case ledger.Persons:
		value, living = "COUNT(DISTINCT f.person)", true
	case ledger.Subjects:
		value, living = "COUNT(DISTINCT f.subject)", true
	case ledger.Orgs:
		value, living = "COUNT(DISTINCT un.org)", true
	}
	where := w.where(i, q, living)
	if len(i.UnitKinds) > 0 || i.Measure == ledger.Orgs {
		from += " JOIN org_position un ON un.id = f.unit"
	}
	text := "/* across homes: what figures are measured against */ SELECT " + key + ", " + value + " FROM " + from + " WHERE " + where
	if q.By != figure.Whole {
		text += " GROUP BY " + key
	}
	return text
}

func (w *words) where(i *ledger.Indicator, q figure.Query, living bool) string {
	all := []string{"f.kind = (SELECT k.id FROM ledger_kind k WHERE k.key = " + w.mark(i.Kinds[0].Key) + ")"}
	if q.By != figure.ByOrg {
		all = append(all, "f.org IN (SELECT u.position FROM org_under u JOIN org_position p ON p.id = u.ancestor WHERE p.org = "+w.mark(q.Org)+")")
	}
	if q.AsOf.Seq > 0 {
		all = append(all, "f.seq <= "+w.mark(q.AsOf.Seq))
	}
	if living {
		asOf := ""
		if q.AsOf.Seq > 0 {
			asOf = " AND v.seq <= " + w.mark(q.AsOf.Seq)
		}
		all = append(all, `f.reverses = '' AND NOT EXISTS (SELECT 1 FROM ledger_fact v
			WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> ''`+asOf+")")
	}
	if len(i.UnitKinds) > 0 {
		var kinds []string
		for _, k := range i.UnitKinds {
			kinds = append(kinds, w.mark(k))
		}
		all = append(all, "un.kind IN ("+strings.Join(kinds, ", ")+")")
	}
	for _, g := range i.Grades {
		all = append(all, "f.grade = "+w.mark(string(g)))
	}
	if q.Campaign != 0 {
		all = append(all, "f.campaign IN (SELECT c.campaign FROM campaign_under c WHERE c.ancestor = "+w.mark(q.Campaign)+")")
	}
	if q.Category != 0 {
		all = append(all, "f.category = "+w.mark(q.Category))
	}
	if q.Area != 0 {
		lo, hi := q.Area.Range()
		all = append(all, "f.area >= "+w.mark(int64(lo))+" AND f.area < "+w.mark(int64(hi)))
	}
	if q.From != "" {
		all = append(all, "f.day >= "+w.mark(q.From))
	}
	if q.To != "" {
		all = append(all, "f.day <= "+w.mark(q.To))
	}
	return strings.Join(all, " AND ")
}
