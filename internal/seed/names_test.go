package seed

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// theirs are the people of the bulletin. They lived this: nobody invented bears their names.
var theirs = []string{"赵亚夫", "朱荣江", "奚柏剑", "谢芳丽", "印学金", "侍东亮", "王春雨"}

// cut splits a name that newName could have made; ok is false for every other.
func cut(name string) (ok bool) {
	for _, s := range surnames {
		given, has := strings.CutPrefix(name, s)
		runes := []rune(given)
		if has && len(runes) == 2 && slices.Contains(firstGiven, string(runes[0])) && slices.Contains(lastGiven, string(runes[1])) {
			return true
		}
	}
	return false
}

func TestNobodyOfTheBulletinIsInvented(t *testing.T) {
	for _, name := range theirs {
		if cut(name) {
			t.Errorf("%s can be made from the lists", name)
		}
		if name == "沈玉兰" {
			t.Errorf("the volunteer of the demonstration is called %s", name)
		}
	}
	w := &world{rand: rand.New(rand.NewPCG(1, 2))}
	made := map[string]bool{}
	for range 2000 {
		name := w.newName()
		if !cut(name) || made[name] {
			t.Fatalf("%s was not made from the lists, or twice", name)
		}
		made[name] = true
	}
}

func TestPhonesAreEachDifferent(t *testing.T) {
	w := &world{}
	seen := map[string]bool{}
	for range 1200 {
		p := w.newPhone()
		if len(p) != 11 || !strings.HasPrefix(p, "199") || seen[p] {
			t.Fatalf("%s is no number, or twice", p)
		}
		seen[p] = true
	}
}
