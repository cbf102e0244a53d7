package arch

import (
	"fmt"
	"slices"
	"strings"
)

// homesNamed: a statement on tables of records says which home each is in, or why it reads across homes.
func homesNamed(t *tree) (found []breach) {
	for _, s := range t.sql {
		if s.part {
			continue
		}
		if says := homeless(s, t.schema); says != "" {
			found = append(found, breach{t.at(s.node), says})
		}
	}
	return found
}

// homeless says what is wrong with the homes of a statement, or nothing.
func homeless(s statement, sc *schema) string {
	if !slices.ContainsFunc(s.tables, func(u tableUse) bool { return sc.isRecord(u.name) }) {
		return ""
	}
	for i, w := range s.words {
		if w == "home" && word(s.words, i+1) == "=" && slices.Contains([]string{"set", ","}, word(s.words, i-1)) {
			return "changes a home; a home never changes"
		}
	}
	open := unnamed(s, sc)
	marked := acrossRe.MatchString(s.text)
	switch {
	case marked && len(s.across) < 10:
		return "reads across homes without saying why: /* across homes: because … */"
	case marked && len(open) == 0:
		return "says that it reads across homes, but names the home of each table: drop the remark"
	case !marked && len(open) > 0:
		return fmt.Sprintf("does not say in which home it reads %s (%s): add home = $n, or t.home = u.home to a join; a list across homes says so in the SQL: /* across homes: why */", strings.Join(open, ", "), brief(s.text))
	}
	return ""
}

// unnamed lists the tables of records whose home follows from no parameter: neither t.home = $1, t.home IN ($1, …),
// (t.home, t.id) = or IN of parameters, nor the equality of homes with a table that has one. A home reckoned from a column, as
// SUBSTR(id, 1, 6), is another home than the caller's.
func unnamed(s statement, sc *schema) (names []string) {
	h := homes{words: s.words, tables: s.tables, scopes: scopesOf(s.words), set: make([]int, len(s.tables)+1)}
	for i := range h.set {
		h.set[i] = i
	}
	for i, w := range s.words {
		if w == "home" {
			h.read(i)
		}
	}
	for i, u := range s.tables {
		if sc.isRecord(u.name) && h.find(i) != h.find(h.given()) {
			names = append(names, u.name)
		}
	}
	return names
}

// homes joins the tables of a statement whose homes are equal; the last of the set stands for a home that is given.
type homes struct {
	words  []string
	tables []tableUse
	scopes [][]int // of each word, the parentheses around it, the innermost last
	set    []int
}

func (h *homes) given() int { return len(h.tables) }

func (h *homes) find(i int) int {
	for h.set[i] != i {
		i = h.set[i]
	}
	return i
}

func (h *homes) join(a, b int) {
	if a >= 0 && b >= 0 {
		h.set[h.find(a)] = h.find(b)
	}
}

// read takes in one mention of a home.
func (h *homes) read(i int) {
	start := i
	if word(h.words, i-1) == "." {
		start = i - 2
	}
	before, next := word(h.words, start-1), word(h.words, i+1)
	table := h.tableAt(i)
	switch {
	case inColumns(h.words, i):
		h.join(h.tableOf("", i, true), h.given())
	case before == "(" && word(h.words, start-2) == "using" || before == "," && h.inUsing(i):
		h.joinUsing(i)
	case next == "=":
		h.join(table, h.valueAt(i+2))
	case next == "in":
		h.join(table, h.valueAt(i+3))
	case before == "(" && next == ",":
		h.join(table, h.rowValue(i))
	case before == "=" && h.isGiven(start-2):
		h.join(table, h.given())
	}
}

// isGiven: the word is a parameter, a literal, or a part known at run time.
func (h *homes) isGiven(i int) bool {
	w := word(h.words, i)
	return strings.HasPrefix(w, "$") || w == "'" || strings.Contains(w, runtimePart)
}

// valueAt finds what a home is compared with: a given one, a table's, or -1 for anything else.
func (h *homes) valueAt(i int) int {
	for word(h.words, i) == "(" {
		i++
	}
	switch {
	case h.isGiven(i):
		return h.given()
	case word(h.words, i) == "home":
		return h.tableAt(i)
	case word(h.words, i+1) == "." && word(h.words, i+2) == "home":
		return h.tableAt(i + 2)
	case word(h.words, i) == "select":
		for j := i; j < len(h.words); j++ {
			if h.words[j] == "from" {
				return h.tableNamed(word(h.words, j+1), j)
			}
		}
	}
	return -1
}

// rowValue finds what (home, …) is compared with by = or IN.
func (h *homes) rowValue(i int) int {
	end := i
	for end < len(h.words) && h.words[end] != ")" {
		end++
	}
	if op := word(h.words, end+1); op != "=" && op != "in" {
		return -1
	}
	return h.valueAt(end + 2)
}

// tableAt is the table whose home the word at i is.
func (h *homes) tableAt(i int) int {
	if word(h.words, i-1) == "." {
		return h.tableNamed(word(h.words, i-2), i)
	}
	return h.tableOf("", i, false)
}

// tableNamed finds a table by its alias. What WITH or a query in parentheses makes has its homes from its own tables.
func (h *homes) tableNamed(alias string, at int) int {
	if table := h.tableOf(alias, at, false); table >= 0 {
		return table
	}
	return h.given()
}

// tableOf finds the nearest table in the same parentheses or those around, of an alias or of any.
func (h *homes) tableOf(alias string, at int, before bool) int {
	scope := h.scopes[at]
	for depth := len(scope); depth >= 0; depth-- {
		best := -1
		for i, u := range h.tables {
			if (alias == "" || u.alias == alias || u.name == alias) && slices.Equal(h.scopes[u.at], scope[:depth]) &&
				(u.at < at || best < 0 && !before) {
				best = i
			}
		}
		if best >= 0 {
			return best
		}
	}
	return -1
}

func (h *homes) inUsing(i int) bool {
	scope := h.scopes[i]
	return len(scope) > 0 && word(h.words, scope[len(scope)-1]-1) == "using"
}

// joinUsing joins the two tables before USING (home, …).
func (h *homes) joinUsing(i int) {
	last, lastButOne := -1, -1
	for n, u := range h.tables {
		if u.at < i && slices.Equal(h.scopes[u.at], h.scopes[i][:len(h.scopes[i])-1]) {
			last, lastButOne = n, last
		}
	}
	h.join(last, lastButOne)
}

// scopesOf says of each word which parentheses stand open around it.
func scopesOf(words []string) [][]int {
	scopes := make([][]int, len(words))
	var open []int
	for i, w := range words {
		if w == ")" && len(open) > 0 {
			open = open[:len(open)-1]
		}
		scopes[i] = slices.Clone(open)
		if w == "(" {
			open = append(open, i)
		}
	}
	return scopes
}

// inColumns: the word at i stands in the column list of INSERT INTO t (…).
func inColumns(words []string, i int) bool {
	open := i
	for open >= 0 && words[open] != "(" && words[open] != ")" {
		open--
	}
	return word(words, open) == "(" && (word(words, open-2) == "into" || word(words, open-4) == "into" && word(words, open-2) == "as")
}
