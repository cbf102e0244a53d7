package people

import (
	xlsx "tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
)

// workbook writes the parts as the sheets of a workbook, every cell a text.
func workbook(c *page.Ctx, all []part) error {
	w, err := xlsx.NewWriter(c.W, xlsx.XLSX, all[0].layout(c))
	for i, p := range all {
		if err == nil && i > 0 {
			err = w.Next(p.layout(c))
		}
		heads := make([]string, len(p.Cols))
		for j, col := range p.Cols {
			heads[j] = c.T("own.col." + col)
		}
		for _, row := range append([][]string{heads}, p.Rows...) {
			if err == nil {
				err = w.Row(cells(row)...)
			}
		}
	}
	if err != nil {
		return err
	}
	return w.Close()
}

func (p part) layout(c *page.Ctx) xlsx.Layout {
	return xlsx.Layout{Name: c.T("own.part." + p.Key), Head: 1}
}

func cells(row []string) []xlsx.Cell {
	out := make([]xlsx.Cell, len(row))
	for i, text := range row {
		out[i] = xlsx.Text(text)
	}
	return out
}
