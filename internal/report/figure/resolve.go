package figure

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Words are a question as people put it: an organisation or a unit by id, division code or
// name, a campaign by number or name, a kind of service or a category by number, short name
// or name.
type Words struct {
	Org, Unit, Area, Campaign, Service, Category string
	From, To, AsOf, Since, By                    string
}

// Parse finds what the words mean. A name that several bear is refused with the list.
func Parse(ctx context.Context, r db.Reader, key string, w Words) (Query, error) {
	q := Query{Indicator: key, From: w.From, To: w.To, By: By(w.By)}
	if _, err := q.indicator(); err != nil {
		return q, err
	}
	var errs [9]error
	q.Org, errs[0] = parseOrg(ctx, r, "org", w.Org)
	q.Unit, errs[1] = parseOrg(ctx, r, "unit", w.Unit)
	q.Area, errs[2] = parseArea(ctx, r, w.Area)
	q.Campaign, errs[3] = parseCampaign(ctx, r, w.Campaign)
	q.Service, errs[4] = parseService(ctx, r, w.Service)
	q.Category, errs[5] = parseCategory(ctx, r, w.Category)
	_, _, errs[6] = q.days()
	q.AsOf, errs[7] = ParseAsOf(w.AsOf)
	if q.Since, errs[8] = ParseSince(w.Since); !q.AsOf.Time.IsZero() && q.Since.Time.After(q.AsOf.Time) {
		errs[8] = fail.Field("since", "figure.since_order")
	}
	if q.By != Whole && !known(q.By) {
		errs[7] = fail.Join(errs[7], fail.Field("by", "figure.by_unknown"))
	}
	return q, fail.Join(errs[:]...)
}

func known(by By) bool {
	for _, b := range Splits() {
		if b == by {
			return true
		}
	}
	return false
}

// parseOrg finds an organisation by its id, by the division in which it is the office, centre,
// institute or station, by its whole name, by the name of a division that it is the office or
// centre of, or by the name with which it left the tree: what it did is still told.
func parseOrg(ctx context.Context, r db.Reader, field, text string) (id.ID, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if one, err := id.Parse(text); err == nil {
		o, err := org.Get(ctx, r, one)
		if fail.KindOf(err) == fail.NotFound || err == nil && o.Position == 0 {
			err = fail.Field(field, "figure.org_unknown")
		}
		return o.ID, err
	}
	if at, err := area.Parse(text); err == nil {
		return orgIn(ctx, r, field, at)
	}
	all, err := org.ByName(ctx, r, text)
	if err == nil && len(all) == 0 {
		all, err = namedAfter(ctx, r, text)
	}
	if err == nil && len(all) == 0 {
		all, err = org.Former(ctx, r, text)
	}
	if err != nil {
		return "", err
	}
	return oneOf(ctx, r, field, all)
}

// namedAfter lists the offices and centres of the divisions that people call so.
func namedAfter(ctx context.Context, r db.Reader, text string) (all []org.Org, err error) {
	divisions, err := area.ByName(ctx, r, text)
	for _, a := range divisions {
		there, err := org.ByArea(ctx, r, a.Code)
		if err != nil {
			return nil, err
		}
		for _, o := range there {
			if o.Tier == org.Office || o.Tier == org.Center {
				all = append(all, o)
			}
		}
	}
	return all, err
}

func orgIn(ctx context.Context, r db.Reader, field string, at area.Code) (id.ID, error) {
	all, err := org.ByArea(ctx, r, at)
	for _, tier := range org.Tiers() {
		for _, o := range all {
			if o.Tier == tier && tier != org.Point {
				return o.ID, err
			}
		}
	}
	if err == nil {
		err = fail.Field(field, "figure.org_unknown")
	}
	return "", err
}

// oneOf is the only one of several, or a refusal that lists them with their ways down the
// tree.
func oneOf(ctx context.Context, r db.Reader, field string, all []org.Org) (id.ID, error) {
	switch len(all) {
	case 0:
		return "", fail.Field(field, "figure.org_unknown")
	case 1:
		return all[0].ID, nil
	}
	var list []string
	for _, o := range all {
		path, err := org.Path(ctx, r, o.ID)
		if err != nil {
			return "", err
		}
		line := string(o.ID)
		for _, step := range path {
			line += " / " + step.Name
		}
		list = append(list, line)
	}
	return "", fail.Field(field, "figure.org_ambiguous", "list", listed(list))
}

// listed puts each choice on a line of its own.
func listed(choices []string) string { return "\n  " + strings.Join(choices, "\n  ") }

// parseArea finds a division by its code or its name.
func parseArea(ctx context.Context, r db.Reader, text string) (area.Code, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	code, wrong := area.Parse(text)
	if wrong == nil {
		return code, nil
	}
	all, err := area.ByName(ctx, r, text)
	switch {
	case err != nil:
		return 0, err
	case len(all) == 0:
		return 0, fail.At("area", wrong)
	case len(all) == 1:
		return all[0].Code, nil
	}
	var list []string
	for _, a := range all {
		list = append(list, strconv.FormatInt(int64(a.Code), 10)+" "+a.Name)
	}
	return 0, fail.Field("area", "figure.area_ambiguous", "list", listed(list))
}

func parseCampaign(ctx context.Context, r db.Reader, text string) (int64, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	all, err := campaign.Public(ctx, r)
	if err != nil {
		return 0, err
	}
	number, _ := strconv.ParseInt(text, 10, 64)
	var found []campaign.Campaign
	for _, c := range all {
		if c.ID == number {
			return c.ID, nil
		}
		if c.Name == text {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return 0, fail.Field("campaign", "figure.campaign_unknown")
	case 1:
		return found[0].ID, nil
	}
	var list []string
	for _, c := range found {
		list = append(list, strconv.FormatInt(c.ID, 10)+" "+c.Name+" "+c.FromDay)
	}
	return 0, fail.Field("campaign", "figure.campaign_ambiguous", "list", listed(list))
}

func parseService(ctx context.Context, r db.Reader, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	all, err := activity.Services(ctx, r)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		if text == s.Slug || text == s.Name || text == strconv.FormatInt(s.ID, 10) {
			return s.ID, nil
		}
	}
	return 0, fail.Field("service", "figure.service_unknown")
}

func parseCategory(ctx context.Context, r db.Reader, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	all, err := people.Categories(ctx, r)
	if err != nil {
		return 0, err
	}
	for _, c := range all {
		if text == c.Slug || text == c.Name || text == strconv.FormatInt(c.ID, 10) {
			return c.ID, nil
		}
	}
	return 0, fail.Field("category", "figure.category_unknown")
}

// ParseAsOf reads a moment: RFC 3339, a day (its end), or seq:N.
func ParseAsOf(text string) (AsOf, error) {
	if text == "" {
		return AsOf{}, nil
	}
	if n, ok := strings.CutPrefix(text, "seq:"); ok {
		seq, err := strconv.ParseInt(n, 10, 64)
		if err == nil && seq > 0 {
			return AsOf{Seq: seq}, nil
		}
		return AsOf{}, fail.Field("as_of", "figure.as_of_form")
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, i18n.Zone()); err == nil {
		return AsOf{Time: day.AddDate(0, 0, 1).Add(-time.Millisecond)}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return AsOf{}, fail.Field("as_of", "figure.as_of_form")
	}
	return AsOf{Time: at}, nil
}

// Kinds are the names of the kind of service and the category that a question keeps to.
func Kinds(ctx context.Context, r db.Reader, q Query) (names []string, err error) {
	if q.Service != 0 {
		s, err := activity.ServiceOf(ctx, r, q.Service)
		if err != nil {
			return nil, err
		}
		names = append(names, s.Name)
	}
	if q.Category != 0 {
		c, err := people.CategoryOf(ctx, r, q.Category)
		if err != nil {
			return nil, err
		}
		names = append(names, c.Name)
	}
	return names, nil
}
