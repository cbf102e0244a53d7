package app_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/app"
	"tongxin/internal/work/people"
)

// namesPerson are columns that hold a person's id, by how they are called.
var namesPerson = regexp.MustCompile(`^(person|guardian|leader|author|by|proxy|duplicate|survivor|merged_into|came_from|[a-z]+_by|[a-z]+_person|reviewer|signer|editor|owner)$`)

// notPersons are called so and hold something else.
var notPersons = map[string]string{"roster_signup.arrived_by": "how she arrived", "ledger_head.lease_by": "a process", "audit_head.lease_by": "a process"}

// history are columns of areas that have no step: who did it stays, and the id leads to the survivor.
var history = []string{"progress_schedule.author", "guidance_directive.author", "bulletin_template.author", "bulletin_issue.author", "bulletin_issue.signer",
	"bulletin_article.author", "bulletin_revision.author", "bulletin_review.reviewer", "bulletin_delivery.reader", "bulletin_delivery.answerer", "live_wall.made_by", "intake_batch.author",
	"picture_picture.by"}

// books keep who did what as it was written, for good; merging moves facts by reversing them.
var books = []string{"ledger_fact.", "audit_entry."}

// TestMergingMovesOrKeepsEveryReferenceToAPerson: each column that names a person is moved by
// a step of merging, or the step says why it stays.
func TestMergingMovesOrKeepsEveryReferenceToAPerson(t *testing.T) {
	told := map[string]bool{}
	for _, s := range append(app.MergeSteps(), people.OwnStep) {
		for _, c := range s.Moves {
			told[c] = true
		}
		for c, why := range s.Stays {
			if told[c] = true; why == "" {
				t.Errorf("%s stays, and nobody says why", c)
			}
		}
	}
	for _, c := range history {
		told[c] = true
	}
	columns := personColumns(t)
	if len(columns) < 20 {
		t.Fatalf("only %v were found", columns)
	}
	for _, c := range columns {
		if !told[c] {
			t.Errorf("%s names a person: a people.MergeStep must move it, or say in Stays why it does not", c)
		}
	}
}

// personColumns are the columns of the migrations that name a person.
func personColumns(t *testing.T) (all []string) {
	t.Helper()
	files := os.DirFS("../base/db/migrations")
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		table := ""
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line)
			switch {
			case len(words) > 2 && words[0] == "CREATE" && words[1] == "TABLE":
				table = words[2]
			case len(words) > 1 && words[0] == "ALTER":
				t.Fatalf("%s alters a table: teach this test to read it", name)
			case len(words) > 1 && words[1] == "TEXT" && namesPerson.MatchString(words[0]):
				c := table + "." + words[0]
				if notPersons[c] == "" && !strings.HasPrefix(c, books[0]) && !strings.HasPrefix(c, books[1]) {
					all = append(all, c)
				}
			}
		}
	}
	return all
}
