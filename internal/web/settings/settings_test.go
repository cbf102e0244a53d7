package settings_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/web/page"
	"tongxin/internal/web/settings"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people/peopletest"
)

func TestRiskyKindsHoldAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		city := peopletest.Plant(t, d)
		city.Write(func(ctx context.Context, tx *db.Tx) error { return activity.Install(ctx, tx) })
		who := city.Staff("system", city.Province, auth.SystemAdmin)
		s := &page.Site{DB: d, Keys: city.Keys, Authenticate: func(*http.Request) (page.Visitor, error) { return page.Visitor{Actor: who}, nil }}
		mux := http.NewServeMux()
		mux.Handle("POST /desk/settings/{key}", s.Handle(page.Route{Handler: settings.Save, Access: page.Staff(auth.SystemAdmin)}))
		save := func(key, value string) int {
			r := httptest.NewRequest("POST", "/desk/settings/"+key, strings.NewReader(url.Values{key: {value}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			s.Chain(mux).ServeHTTP(w, r)
			return w.Code
		}
		risky := func() (slugs []string) {
			all, err := activity.Services(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range all {
				if s.Risky {
					slugs = append(slugs, s.Slug)
				}
			}
			return slugs
		}
		if code := save(activity.RiskySetting, "traffic,checkpoint_duty"); code != http.StatusSeeOther {
			t.Fatalf("answered %d", code)
		}
		if got := strings.Join(risky(), " "); got != "checkpoint_duty traffic" {
			t.Errorf("risky: %s", got)
		}
		if code := save(activity.RiskySetting, "no such slug"); code != http.StatusUnprocessableEntity || len(risky()) != 2 {
			t.Errorf("answered %d, risky %v", code, risky())
		}
		if set, err := config.Load(t.Context(), d); err != nil || len(set.RiskyServices) != 2 {
			t.Errorf("kept %v, %v", set.RiskyServices, err)
		}
		if code := save("no.such", "1"); code != http.StatusNotFound {
			t.Errorf("an unknown setting: %d", code)
		}
	})
}
