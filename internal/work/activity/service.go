package activity

import (
	"bufio"
	"context"
	"slices"
	"strings"

	_ "embed"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

//go:embed data/services.tsv
var services string

// RiskySetting is the setting that lists the risky kinds of service by their slugs.
const RiskySetting = "activity.risky_services"

// builtin are the kinds of service that a new database begins with: slug and name.
func builtin() (all [][2]string) {
	for lines := bufio.NewScanner(strings.NewReader(services)); lines.Scan(); {
		slug, name, ok := strings.Cut(lines.Text(), "\t")
		if ok && !strings.HasPrefix(slug, "#") {
			all = append(all, [2]string{slug, name})
		}
	}
	return all
}

// Install puts the built-in kinds of service into the database, each once, and
// marks as risky those that the setting RiskySetting names. What was renamed or
// closed since stays so. It is called at every start, and does nothing where all
// is as it should be.
func Install(ctx context.Context, tx *db.Tx) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	known, err := Services(ctx, tx)
	if err != nil {
		return err
	}
	for _, b := range builtin() {
		if slices.ContainsFunc(known, func(s Service) bool { return s.Slug == b[0] }) {
			continue
		}
		n, err := tx.Next("activity_service")
		if err != nil {
			return err
		}
		s := Service{ID: n, Slug: b[0], Name: b[1], Risky: slices.Contains(set.RiskyServices, b[0]), Open: true}
		if err := insertService(tx, s); err != nil {
			return err
		}
	}
	for _, s := range known {
		if risky := slices.Contains(set.RiskyServices, s.Slug); risky != s.Risky {
			if err := markService(tx, s.ID, risky); err != nil {
				return err
			}
		}
	}
	return nil
}

// FollowRisky is Install for a setting that has just been changed: one that names a kind of
// service that does not exist is refused, so that a slip of the pen makes nothing harmless.
func FollowRisky(ctx context.Context, tx *db.Tx) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	known, err := Services(ctx, tx)
	if err != nil {
		return err
	}
	for _, slug := range set.RiskyServices {
		if !slices.ContainsFunc(known, func(s Service) bool { return s.Slug == slug }) {
			return fail.Field(RiskySetting, "activity.service_unknown")
		}
	}
	return Install(ctx, tx)
}
