package db

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/i18n"
)

// Collect runs over rows, which it closes; it takes what a Query answered as it stands:
//
//	rows, err := r.Query(ctx, q, args...)
//	return db.Collect(rows, err, scanShift)
func Collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Value is a scan for [Collect] of rows with one column.
func Value[T any](rows *sql.Rows) (v T, err error) {
	err = rows.Scan(&v)
	return v, err
}

// NoRows reports whether a QueryRow found nothing.
func NoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// In writes n placeholders from $from on: In(3, 2) is "$2,$3,$4". Each length is
// another statement to prepare, so lists are bounded: round n up and repeat the last.
func In(n, from int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// MS is a moment as it is stored: milliseconds since 1970.
func MS(t time.Time) int64 { return t.UnixMilli() }

// Time is the moment stored as ms.
func Time(ms int64) time.Time { return time.UnixMilli(ms) }

// Stamp is a moment as part of a key.
func Stamp(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// Day is the day of a moment as it is stored, 2020-02-28, in the product's zone.
func Day(t time.Time) string { return t.In(i18n.Zone()).Format(time.DateOnly) }

// translate turns $n into SQLite's ?n outside of literals and comments, and into ? where they
// come in their order: SQLite looks for the names of the others at every binding, which with
// a thousand of them takes longer than to run the statement. It refuses statements that
// begin or end transactions, which are this package's own, and more than one at a time.
func translate(q string) (string, error) {
	b := []byte(q)
	var word []byte // the first one
	ended := false
	var marks []int // where the placeholders are
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			continue
		case c == '-' && i+1 < len(b) && b[i+1] == '-':
			i = skip(b, i, "\n")
			continue
		case c == '/' && i+1 < len(b) && b[i+1] == '*':
			i = skip(b, i+2, "*/")
			continue
		case c == ';':
			ended = true
			continue
		}
		if ended {
			return "", errors.New("db: one statement at a time")
		}
		switch {
		case word == nil:
			for word = b[i:i]; i+len(word) < len(b) && letter(b[i+len(word)]); {
				word = word[:len(word)+1]
			}
		case c == '\'' || c == '"':
			i = skip(b, i+1, string(c))
		case c == '$' && i+1 < len(b) && b[i+1] >= '1' && b[i+1] <= '9':
			b[i] = '?'
			marks = append(marks, i)
		}
	}
	if control[strings.ToUpper(string(word))] {
		return "", fmt.Errorf("db: %s is not a closure's to say: Write begins and commits", word)
	}
	return unnumbered(b, marks), nil
}

// unnumbered leaves the numbers of placeholders away where they say nothing: the first is 1,
// and each is one more than the last.
func unnumbered(b []byte, marks []int) string {
	out, from := make([]byte, 0, len(b)), 0
	for i, at := range marks {
		end := at + 1
		for end < len(b) && b[end] >= '0' && b[end] <= '9' {
			end++
		}
		if string(b[at+1:end]) != strconv.Itoa(i+1) {
			return string(b)
		}
		out, from = append(out, b[from:at+1]...), end
	}
	return string(append(out, b[from:]...))
}

var control = map[string]bool{
	"BEGIN": true, "COMMIT": true, "END": true, "ROLLBACK": true, "SAVEPOINT": true, "RELEASE": true,
	"START": true, "ABORT": true,
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// skip gives the place of the last byte of the next end, or the length.
func skip(b []byte, from int, end string) int {
	if n := bytes.Index(b[from:], []byte(end)); n >= 0 {
		return from + n + len(end) - 1
	}
	return len(b)
}
