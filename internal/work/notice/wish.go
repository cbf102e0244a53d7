package notice

import (
	"context"
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
)

// Quiet are the hours in which a person is told nothing but what is urgent, in minutes after
// midnight. Equal ends are no hours at all.
type Quiet struct{ Starts, Ends int64 }

// End is when the quiet hours end in which a moment lies; the moment itself outside of them.
func (q Quiet) End(at time.Time) time.Time {
	at = at.In(i18n.Zone())
	day := i18n.Midnight(at)
	minute := int64(at.Sub(day) / time.Minute)
	switch {
	case q.Starts == q.Ends:
		return at
	case q.Starts < q.Ends && minute >= q.Starts && minute < q.Ends:
		return onDay(day, q.Ends)
	case q.Starts > q.Ends && minute >= q.Starts:
		return onDay(day.AddDate(0, 0, 1), q.Ends)
	case q.Starts > q.Ends && minute < q.Ends:
		return onDay(day, q.Ends)
	}
	return at
}

func onDay(midnight time.Time, minute int64) time.Time {
	return midnight.Add(time.Duration(minute) * time.Minute)
}

// usualQuiet are the hours of who chose none.
func usualQuiet(set config.Settings) Quiet {
	return Quiet{int64(set.QuietFrom / time.Minute), int64(set.QuietTo / time.Minute)}
}

// wish is how a person wants to be told.
type wish struct {
	active   bool
	phone    bool // there is a number
	verified []Channel
	chosen   map[Topic][]Channel
	quiet    *Quiet
	lang     string // "": she chose none
}

// wants says whether a kind goes to her by a channel.
func (w wish) wants(k kind, c Channel) bool {
	switch {
	case !w.active:
		return false
	case c == SMS && (!w.phone || !k.short):
		return false
	case c != SMS && !slices.Contains(w.verified, c):
		return false
	}
	chosen, ok := w.chosen[k.topic]
	return !ok || slices.Contains(chosen, c)
}

// hours are her quiet hours.
func (w wish) hours(set config.Settings) Quiet {
	if w.quiet != nil {
		return *w.quiet
	}
	return usualQuiet(set)
}

// language is in which she is written to: Chinese, unless she chose another.
func (w wish) language() string {
	if slices.Contains(i18n.Languages(), w.lang) {
		return w.lang
	}
	return i18n.Chinese
}

// Wishes are how a person wants to be told, as her page shows it.
type Wishes struct {
	Quiet  Quiet
	Lang   string              // of messages; "": she chose none
	Chosen map[Topic][]Channel // of every topic
}

// WishesOf reads how a person wants to be told, for her and who acts for her.
func WishesOf(ctx context.Context, r db.Reader, actor auth.Actor, person id.ID) (Wishes, error) {
	if err := permit(ctx, r, actor, person); err != nil {
		return Wishes{}, err
	}
	set, err := config.Load(ctx, r)
	if err != nil {
		return Wishes{}, err
	}
	all, err := wishesOf(ctx, r, person.Home(), []id.ID{person})
	if err != nil {
		return Wishes{}, err
	}
	w := Wishes{Quiet: all[person].hours(set), Lang: all[person].lang, Chosen: map[Topic][]Channel{}}
	for _, t := range Topics() {
		chosen, ok := all[person].chosen[t]
		if !ok {
			chosen = Channels()
		}
		w.Chosen[t] = chosen
	}
	return w, nil
}

// Wish keeps how a person wants to be told: herself, or who acts for her.
func Wish(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, w Wishes) error {
	if err := permit(ctx, tx, actor, person); err != nil {
		return err
	}
	const day = 24 * 60
	if w.Quiet.Starts < 0 || w.Quiet.Starts >= day || w.Quiet.Ends < 0 || w.Quiet.Ends >= day {
		return fail.Field("quiet_from", "notice.quiet_wrong")
	}
	if w.Lang != "" && !slices.Contains(i18n.Languages(), w.Lang) {
		return fail.Field("lang", "notice.lang_unknown")
	}
	if err := putQuiet(tx, person, w.Quiet, w.Lang); err != nil {
		return err
	}
	for _, t := range Topics() {
		chosen := w.Chosen[t]
		if slices.ContainsFunc(chosen, func(c Channel) bool { return !c.known() }) {
			return fail.New(fail.NotFound, "notice.channel_unknown")
		}
		if err := putChoice(tx, person, t, joined(chosen)); err != nil {
			return err
		}
	}
	return nil
}

func joined(all []Channel) string {
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = string(c)
	}
	return strings.Join(words, ",")
}

func channelsOf(text string) (all []Channel) {
	for word := range strings.SplitSeq(text, ",") {
		if c := Channel(word); c.known() {
			all = append(all, c)
		}
	}
	return all
}
