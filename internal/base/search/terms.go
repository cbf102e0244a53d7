package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// wordMost is how long a word may be: of a longer one this much is kept.
const wordMost = 24

// terms are the terms of a text, each once, in the order in which they come. all says whether
// single Han characters are wanted where they stand beside others.
func terms(text string, all bool) (found []string) {
	seen := map[string]bool{}
	add := func(term string) {
		if !seen[term] {
			seen[term] = true
			found = append(found, term)
		}
	}
	for _, run := range runs(text) {
		if !unicode.Is(unicode.Han, run[0]) {
			add(string(run[:min(len(run), wordMost)]))
			continue
		}
		for i, r := range run {
			if all || len(run) == 1 {
				add(string(r))
			}
			if i > 0 {
				add(string(run[i-1 : i+1]))
			}
		}
	}
	return found
}

// runs are the stretches of Han characters and the words of a text.
func runs(text string) (all [][]rune) {
	var run []rune
	han := false
	end := func() {
		if len(run) > 0 {
			all = append(all, run)
		}
		run = nil
	}
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		switch is := unicode.Is(unicode.Han, r); {
		case !is && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case is != han:
			end()
			han = is
		}
		run = append(run, r)
	}
	end()
	return all
}
