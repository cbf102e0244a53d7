package prose

// Change is a line of two texts that are compared: in both, only before, or only after.
type Change struct {
	Text string
	How  How
}

// How is where a line stands.
type How string

// The places of a line.
const (
	Same    How = "same"
	Gone    How = "gone"
	Arrived How = "arrived"
)

// mostLines is up to how many lines are compared one with another; of longer texts the middle
// is all gone and all new.
const mostLines = 3000

// Compare lists the lines of two documents, paragraph by paragraph, in the order of reading.
func Compare(lang string, before, after Node, say Speaker) []Change {
	a, b := texts(lang, before, say), texts(lang, after, say)
	var head, tail []Change
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head, a, b = append(head, Change{a[0], Same}), a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail, a, b = append([]Change{{a[len(a)-1], Same}}, tail...), a[:len(a)-1], b[:len(b)-1]
	}
	return append(append(head, middle(a, b)...), tail...)
}

func texts(lang string, n Node, say Speaker) (all []string) {
	for _, l := range n.Lines(lang) {
		if text := l.Number + lineText(l.Node, say); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// middle finds the longest run of lines that both have, in their order.
func middle(a, b []string) (out []Change) {
	if len(a)*len(b) > mostLines*mostLines/4 {
		for _, t := range a {
			out = append(out, Change{t, Gone})
		}
		for _, t := range b {
			out = append(out, Change{t, Arrived})
		}
		return out
	}
	long := make([][]int32, len(a)+1) // of a[i:] and b[j:]
	for i := range long {
		long[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if long[i][j] = max(long[i+1][j], long[i][j+1]); a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Change{a[i], Same})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && long[i+1][j] >= long[i][j+1]:
			out = append(out, Change{a[i], Gone})
			i++
		default:
			out = append(out, Change{b[j], Arrived})
			j++
		}
	}
	return out
}
