package search

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct {
		text string
		all  bool
		want string
	}{
		{"测温", false, "测温"},
		{"测温", true, "测 温 测温"},
		{"粮", false, "粮"},
		{"社区测温点", false, "社区 区测 测温 温点"},
		{"９６１１１ 热线，Ａ岗B岗", false, "96111 热线 a 岗 b"},
		{"  ，。!", true, ""},
		{"口罩口罩", false, "口罩 罩口"},
		{strings.Repeat("x", 40), false, strings.Repeat("x", wordMost)},
	} {
		if got := strings.Join(terms(c.text, c.all), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzTerms(f *testing.F) {
	for _, seed := range []string{"测温 A岗", "\xff口罩", "ｘ１", "𠮷野家", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		every := terms(text, true)
		for _, term := range terms(text, false) {
			if !slices.Contains(every, term) {
				t.Errorf("%q asks for %q, which its own text does not have", text, term)
			}
		}
	})
}

// TestFindsWhatBruteForceFinds puts, rewrites and drops random records and asks for random
// words: pages put together are the records whose text has all terms, in their order.
func TestFindsWhatBruteForceFinds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		chance := rand.New(rand.NewPCG(1, 2))
		sentence := func(n int) string {
			letters, s := []rune("口罩测温卡粮A1 "), make([]rune, n)
			for i := range s {
				s[i] = letters[chance.IntN(len(letters))]
			}
			return string(s)
		}
		docs := map[id.ID]Doc{}
		write := func(f func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		for range 120 {
			doc := Doc{Kind: Kinds()[chance.IntN(2)], Rank: int64(chance.IntN(9)), Title: sentence(1 + chance.IntN(4)), Text: []string{sentence(chance.IntN(9)), sentence(3)}}
			write(func(tx *db.Tx) error {
				doc.ID = tx.NewID([]string{"321202", "321281"}[chance.IntN(2)])
				return Put(tx, doc)
			})
			docs[doc.ID] = doc
			for at, old := range docs {
				if chance.IntN(60) == 0 {
					write(func(tx *db.Tx) error { return Drop(tx, at) })
					delete(docs, at)
				} else if chance.IntN(30) == 0 {
					old.Title = sentence(3)
					write(func(tx *db.Tx) error { return Put(tx, old) })
					docs[at] = old
				}
			}
		}
		found := 0
		for range 150 {
			text, kind := sentence(1+chance.IntN(5)), Kinds()[chance.IntN(2)]
			want := bruteForce(docs, kind, text)
			got, asc := []id.ID{}, ""
			for {
				page, err := Find(t.Context(), d, kind, text, asc, 3)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, page.IDs...)
				if asc = page.Next; asc == "" {
					break
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%q: %v, want %v", text, got, want)
			}
			found += len(got)
		}
		if found < 100 {
			t.Errorf("only %d records were found", found)
		}
	})
}

func bruteForce(docs map[id.ID]Doc, kind Kind, text string) []id.ID {
	all := []id.ID{}
	wanted := terms(text, false)
	for at, doc := range docs {
		has := append(terms(doc.Title, true), terms(strings.Join(doc.Text, "\n"), true)...)
		in := doc.Kind == kind && len(wanted) > 0
		for _, w := range wanted {
			in = in && slices.Contains(has, w)
		}
		if in {
			all = append(all, at)
		}
	}
	return all
}

// TestTitlesFirst: what has it in its title comes first, then what ranks higher.
func TestTitlesFirst(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		names := map[id.ID]string{}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i, doc := range []Doc{
				{Rank: 5, Title: "卡口值守", Text: []string{"发放口罩"}}, {Rank: 1, Title: "口罩分装"}, {Rank: 9, Title: "小区消毒", Text: []string{"戴口罩"}},
				{Rank: 2, Title: "送口罩上门"},
			} {
				doc.ID, doc.Kind = tx.NewID("321202"), Activities
				names[doc.ID] = fmt.Sprint(i)
				if err := Put(tx, doc); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		page, err := Find(t.Context(), d, Activities, "口罩", "", 9)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, at := range page.IDs {
			got += names[at]
		}
		if got != "3120" {
			t.Errorf("the order is %s", got)
		}
		for _, after := range []string{"x", "1.x", "1", ".321202-0000000000000001"} {
			if _, err := Find(t.Context(), d, Activities, "口罩", after, 9); fail.Key(err) != "search.page_unknown" {
				t.Errorf("%q: %v", after, err)
			}
		}
	})
}

// TestACommonTermIsNotGoneThrough: what is found stands in the order of an index that has all that is looked at,
// on both engines, however many records have the term: nothing is sorted, and the records behind the page not read.
func TestACommonTermIsNotGoneThrough(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		for i := range 30 {
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				l := NewLoader(tx)
				for j := range 100 {
					text := []string{"口罩"}
					if j == 0 && i%3 == 0 {
						text = []string{"口罩", "测温"}
					}
					if err := l.Add(Doc{ID: tx.NewID("321281"), Kind: Activities, Rank: int64(i*100 + j), Text: text}); err != nil {
						return err
					}
				}
				return l.Flush()
			}); err != nil {
				t.Fatal(err)
			}
		}
		if d.Engine() == db.Postgres {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec("ANALYZE search_term"); return err }); err != nil {
				t.Fatal(err)
			}
		}
		for _, wanted := range [][]string{{"口罩"}, {"口罩", "罩"}, {"口罩", "罩", "测温"}} {
			for _, generic := range []bool{false, true} { // PostgreSQL plans for any values once a statement has been asked often
				plan := planOf(t, d, wanted, generic)
				if strings.Contains(strings.ToUpper(plan), "SORT") || strings.Contains(strings.ToUpper(plan), "TEMP B-TREE") || !strings.Contains(plan, "search_term_found") {
					t.Errorf("%q is found by\n%s", wanted, plan)
				}
			}
		}
		for text, want := range map[string]int{"口罩": 3000, "口罩 测温": 10, "口罩 粮": 0} {
			all, after := 0, ""
			for {
				f, err := Find(t.Context(), d, Activities, text, after, 500)
				if err != nil {
					t.Fatal(err)
				}
				all += len(f.IDs)
				if after = f.Next; after == "" {
					break
				}
			}
			if all != want {
				t.Errorf("%q finds %d, want %d", text, all, want)
			}
		}
	})
}

// planOf is how an engine goes about a page.
func planOf(t *testing.T, d *db.DB, wanted []string, generic bool) (plan string) {
	t.Helper()
	q, args := question(Activities, wanted, cursor{2 * titled, ""}, 20)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		explain := "EXPLAIN QUERY PLAN " + q
		if d.Engine() == db.Postgres {
			mode := map[bool]string{true: "force_generic_plan", false: "force_custom_plan"}[generic]
			for _, first := range []string{"SET LOCAL plan_cache_mode = " + mode, "PREPARE asked AS " + q} {
				if _, err := tx.Exec(first); err != nil {
					return err
				}
			}
			values := make([]string, len(args))
			for i, a := range args {
				values[i] = fmt.Sprintf("'%v'", a)
			}
			explain, args = "EXPLAIN EXECUTE asked ("+strings.Join(values, ", ")+")", nil
		}
		rows, err := tx.Query(t.Context(), explain, args...)
		lines, err := db.Collect(rows, err, func(r *sql.Rows) (line string, err error) {
			var none any
			if d.Engine() == db.Postgres {
				return line, r.Scan(&line)
			}
			return line, r.Scan(&none, &none, &none, &line)
		})
		if plan = strings.Join(lines, "\n"); err == nil && d.Engine() == db.Postgres {
			_, err = tx.Exec("DEALLOCATE asked")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
