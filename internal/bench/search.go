package bench

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// searched is how many questions of each sort are asked.
const searched = 60

// RunSearch measures how long the search box takes, of a program that serves a copy of the
// database. Soak is of no account.
func RunSearch(ctx context.Context, o PagesOptions) (Pages, error) {
	o.Soak = 0
	return runPages(ctx, o, (*pages).stageSearch)
}

// stageSearch signs in one of the staff on the copy and thinks of what to ask for: words of its own
// texts, the commonest among them, and people by the number of their record.
func (m *pages) stageSearch(ctx context.Context) error {
	return m.onStage(ctx, func(s *setter) error {
		if err := s.places(ctx); err != nil {
			return err
		}
		office, err := s.office(ctx)
		if err != nil {
			return err
		}
		clerk, err := s.clerk(ctx, office.ID)
		if err != nil {
			return err
		}
		m.sights, err = s.questions(ctx, clerk, office.ID)
		return err
	})
}

// questions are the sorts of questions, the trivial page first and all of them together second.
func (s *setter) questions(ctx context.Context, clerk string, office id.ID) ([]sight, error) {
	one, err := s.terms(ctx, 1)
	if err != nil {
		return nil, err
	}
	two, err := s.terms(ctx, 2)
	if err != nil {
		return nil, err
	}
	if len(one) == 0 || len(two) == 0 {
		return nil, errors.New("there is nothing to be found")
	}
	names, err := named(ctx, s.d, office, searched)
	if err != nil {
		return nil, err
	}
	numbers, err := s.numbers(ctx)
	if err != nil {
		return nil, err
	}
	sorts := []sight{{name: "one_character", targets: forms(one)}, {name: "two_characters", targets: forms(two)}, {name: "four_characters", targets: forms(starts(names))},
		{name: "two_words", targets: forms(paired(two))}, {name: "organisation", targets: forms(names)}, {name: "person"}}
	for _, n := range numbers {
		sorts[5].targets = append(sorts[5].targets, target{"/desk/search", clerk, url.Values{"q": {n}}.Encode()})
	}
	every := sight{name: "search"}
	for i := range searched { // each in its turn, as the clients go through them
		for _, sort := range sorts {
			if len(sort.targets) > 0 {
				every.targets = append(every.targets, sort.targets[i%len(sort.targets)])
			}
		}
	}
	return append([]sight{{name: "healthz", targets: []target{{path: "/healthz"}}}, every}, sorts...), nil
}

// forms are the pages on which everybody finds what the words say.
func forms(words []string) (all []target) {
	for _, w := range words {
		all = append(all, target{path: "/search?" + url.Values{"q": {w}}.Encode()})
	}
	return all
}

// terms are terms of so many characters: the commonest, and others.
func (s *setter) terms(ctx context.Context, long int) ([]string, error) {
	common, err := commonest(ctx, s.d, long, searched/3)
	if err != nil {
		return nil, err
	}
	others, err := someTerms(ctx, s.d, long, searched-len(common))
	return append(common, others...), err
}

// paired are words two by two, those that many have with each other first.
func paired(words []string) (all []string) {
	for i := range words {
		all = append(all, words[i]+" "+words[(i*i+1)%len(words)])
	}
	return all
}

// starts are the first four characters of names.
func starts(names []string) (all []string) {
	for _, n := range names {
		r := []rune(strings.TrimSpace(n))
		all = append(all, string(r[:min(4, len(r))]))
	}
	return all
}

// numbers are the record numbers of volunteers.
func (s *setter) numbers(ctx context.Context) (all []string, err error) {
	some, err := volunteers(ctx, s.d, searched)
	for i := 0; i < len(some) && err == nil; i++ {
		var p people.Person
		if p, err = people.Get(ctx, s.d, some[i]); err == nil {
			all = append(all, p.No)
		}
	}
	return all, err
}
