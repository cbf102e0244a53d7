package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongxin/internal/base/db/dbtest"
)

// A list comes in at the command line: first a check that keeps nothing and says what is wrong at which
// cell, with 1; then, asked for, what is good is entered; brought again it changes nothing, with 0.
func TestImport(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		dir := t.TempDir()
		flags := []string{"--db", dsn, "--keys", filepath.Join(dir, "keys")}
		run := func(args ...string) said { t.Helper(); return tongxin(t, append(args, flags...)...) }
		if got := run("found", "--area", "3212", "--name", "泰州市文明办"); got.code != 0 {
			t.Fatalf("%+v", got)
		}
		orgs, people, back := filepath.Join(dir, "o.csv"), filepath.Join(dir, "p.csv"), filepath.Join(dir, "back.csv")
		write(t, orgs, "单位类型,单位名称,上级单位,区划\r\n中心,兴化中心,,321281000000\r\n所,昭阳所,兴化中心,321281001000\r\n站,水关站,昭阳所,321281001001\r\n")
		write(t, people, "姓名,身份证号,联系电话,登记单位\r\n张三,11010519491231002X,13800138001,水关站\r\n李四,3.2E+17,13800138002,水关站\r\n")
		bring := func(kind, file string, more ...string) said {
			t.Helper()
			return run(append([]string{"import", kind, file, "--org", "泰州市文明办"}, more...)...)
		}
		for _, c := range []struct {
			got  said
			code int
			says []string
		}{
			{bring("orgs", orgs, "--enter"), 0, []string{"已录入 3", "整批撤销"}},
			{bring("orgs", orgs, "--enter"), 0, []string{"已录入 0", "已有或重复 3"}},
			{bring("volunteers", people), 1, []string{"同意书"}},
			{bring("volunteers", people, "--paper", "--out", back), 1, []string{"第 3 行  身份证号  ", "可以录入 1，已录入 0，需要修改 1", "没有保存任何内容", back}},
			{bring("volunteers", people, "--paper", "--yes"), 1, []string{"已录入 1，需要修改 1"}},
			{bring("volunteers", filepath.Join(dir, "none.csv"), "--paper"), 1, nil},
			{bring("weather", people), 2, nil},
		} {
			if c.got.code != c.code {
				t.Errorf("exit %d, want %d: %s%s", c.got.code, c.code, c.got.out, c.got.err)
			}
			for _, w := range c.says {
				if !strings.Contains(c.got.out+c.got.err, w) {
					t.Errorf("does not say %q: %s%s", w, c.got.out, c.got.err)
				}
			}
		}
		text, err := os.ReadFile(back)
		if err != nil || !strings.Contains(string(text), "李四") || !strings.Contains(string(text), "需要修改") {
			t.Errorf("%s %v", text, err)
		}
		if got := tongxin(t, "verify", "--db", dsn); got.code != 0 {
			t.Errorf("%+v", got)
		}
	})
}
