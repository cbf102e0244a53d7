package people

import (
	"embed"
	"encoding/json"

	"tongxin/internal/base/db"
)

//go:embed data
var data embed.FS

// Category is a volunteer's one main category.
type Category struct {
	ID        int64  `json:"-"`
	Slug      string `json:"slug"`
	Name      string `json:"name"`
	Political bool   `json:"political"` // needs a consent of its own
	Open      bool   `json:"-"`         // can be chosen
}

// Skill is something that a volunteer can do.
type Skill struct {
	ID   int64  `json:"-"`
	Slug string `json:"slug"`
	Name string `json:"name"`
	Open bool   `json:"-"`
}

// publicCategory is whose category falls back to when a consent is withdrawn.
const publicCategory = "public"

// Install puts the categories, skills and kinds of certificates that come with the product into a database that
// lacks them. What is there stays as the operator has it.
func Install(tx *db.Tx) error {
	var categories []Category
	if err := read("data/categories.json", &categories); err != nil {
		return err
	}
	for _, c := range categories {
		if err := installCategory(tx, c); err != nil {
			return err
		}
	}
	var skills []Skill
	if err := read("data/skills.json", &skills); err != nil {
		return err
	}
	for _, s := range skills {
		if err := installSkill(tx, s); err != nil {
			return err
		}
	}
	var certificates []CertificateKind
	if err := read("data/certificates.json", &certificates); err != nil {
		return err
	}
	for _, k := range certificates {
		if err := installCertificate(tx, k); err != nil {
			return err
		}
	}
	return nil
}

func read(name string, into any) error {
	b, err := data.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}
