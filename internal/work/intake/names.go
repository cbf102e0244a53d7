package intake

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// nameBook knows the organisations of a batch's subtree by their names.
type nameBook struct {
	byName map[string][]org.Org
	names  []string
}

// book reads the names once, when a row first asks.
func (c *checker) book(ctx context.Context) (*nameBook, error) {
	if c.names != nil {
		return c.names, nil
	}
	own, err := org.Get(ctx, c.r, c.b.Org)
	if err != nil {
		return nil, err
	}
	n := &nameBook{byName: map[string][]org.Org{}}
	n.add(own)
	f := org.Filter{Under: c.b.Org, Limit: 500}
	for {
		below, next, err := org.List(ctx, c.r, f)
		if err != nil {
			return nil, err
		}
		for _, o := range below {
			n.add(o)
		}
		if f.After = next; next == "" {
			c.names = n
			return n, nil
		}
	}
}

func (n *nameBook) add(o org.Org) {
	if len(n.byName[o.Name]) == 0 {
		n.names = append(n.names, o.Name)
	}
	n.byName[o.Name] = append(n.byName[o.Name], o)
}

// org finds the organisation that a cell names, the batch's own where it names none, and says
// at the cell where there is none or more than one.
func (c *checker) org(ctx context.Context, b *Body, col string) (org.Org, error) {
	name := b.value(col)
	if name == "" {
		if c.own == nil {
			own, err := org.Get(ctx, c.r, c.b.Org)
			if err != nil {
				return own, err
			}
			c.own = &own
		}
		return *c.own, nil
	}
	book, err := c.book(ctx)
	if err != nil {
		return org.Org{}, err
	}
	switch found := book.byName[name]; len(found) {
	case 1:
		b.set(col, string(found[0].ID))
		return found[0], nil
	case 0:
		if !c.ahead[name] {
			b.suggest(col, "intake.org_unknown", nearest(name, book.names))
		}
	default:
		b.fault(col, "intake.org_several")
	}
	return org.Org{}, nil
}

// orgNamed is the organisation of a value that was read: an id, or the name of one that the
// file founded above.
func orgNamed(ctx context.Context, r db.Reader, b Batch, value string) (id.ID, error) {
	if value == "" {
		return b.Org, nil
	}
	if i, err := id.Parse(value); err == nil {
		return i, nil
	}
	made, err := foundIn(ctx, r, b.ID, value)
	if err == nil && made == "" {
		err = missingOrg()
	}
	return made, err
}
