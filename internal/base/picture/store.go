package picture

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// MaxOf is how many pictures may be stored with one text.
const MaxOf = 40

// Stored is a stored picture in one of its sizes, with the text that it belongs to and the
// area that keeps that text.
type Stored struct {
	Area          string
	Owner         id.ID
	Kind          string
	Width, Height int // of the large one
	Content       []byte
}

// Keep stores a picture with a text of an area.
func Keep(ctx context.Context, tx *db.Tx, area string, owner id.ID, p *Picture, by id.ID) (id.ID, error) {
	have, err := Of(ctx, tx, owner)
	if err != nil {
		return "", err
	}
	if len(have) >= MaxOf {
		return "", fail.Field("picture", "picture.many", "max", MaxOf)
	}
	at := tx.NewID(owner.Home())
	_, err = tx.Exec(`INSERT INTO picture_picture (home, id, area, of_text, kind, width, height, large, small, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		at.Home(), at, area, owner, p.Kind, p.Width, p.Height, p.Large, p.Small, by, db.MS(tx.Now))
	return at, err
}

// Copy stores a picture anew with another text: what takes over a text takes its pictures.
func Copy(tx *db.Tx, from id.ID, area string, owner, by id.ID) (id.ID, error) {
	at := tx.NewID(owner.Home())
	n, err := tx.Exec(`INSERT INTO picture_picture (home, id, area, of_text, kind, width, height, large, small, by, at)
		SELECT $3, $4, $5, $6, p.kind, p.width, p.height, p.large, p.small, $7, $8 FROM picture_picture p WHERE p.home = $1 AND p.id = $2`,
		from.Home(), from, at.Home(), at, area, owner, by, db.MS(tx.Now))
	if err == nil && n == 0 {
		err = fail.New(fail.NotFound, "picture.gone")
	}
	return at, err
}

// Get reads a stored picture in its large or small size.
func Get(ctx context.Context, r db.Reader, at id.ID, small bool) (s Stored, err error) {
	size := "p.large"
	if small {
		size = "p.small"
	}
	err = r.QueryRow(ctx, "SELECT p.area, p.of_text, p.kind, p.width, p.height, "+size+" FROM picture_picture p WHERE p.home = $1 AND p.id = $2", at.Home(), at).
		Scan(&s.Area, &s.Owner, &s.Kind, &s.Width, &s.Height, &s.Content)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "picture.gone")
	}
	return s, err
}

// Of are the pictures stored with a text.
func Of(ctx context.Context, r db.Reader, owner id.ID) (map[string]bool, error) {
	rows, err := r.Query(ctx, "SELECT p.id FROM picture_picture p WHERE p.home = $1 AND p.of_text = $2", owner.Home(), owner)
	all, err := db.Collect(rows, err, db.Value[string])
	ids := map[string]bool{}
	for _, one := range all {
		ids[one] = true
	}
	return ids, err
}

// Belong refuses a text with pictures that are not stored with it.
func Belong(ctx context.Context, r db.Reader, owner id.ID, pictures []string) error {
	if len(pictures) == 0 {
		return nil
	}
	have, err := Of(ctx, r, owner)
	for _, p := range pictures {
		if err == nil && !have[p] {
			err = fail.Field("doc", "picture.unknown")
		}
	}
	return err
}
