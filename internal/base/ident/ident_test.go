package ident

import (
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/fail"
)

const today = "2020-02-28"

// completed gives a number its check character, as GB 11643's own example shows it.
func completed(s string) string { return s + string(citizenCheck(s)) }

func TestParseCitizen(t *testing.T) {
	for _, s := range []string{
		"11010519491231002X", // the example of GB 11643-1999
		"11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X ", "110105\u300019491231\u200b002x",
	} {
		c, err := ParseCitizen(s, today)
		if err != nil || c != "11010519491231002X" {
			t.Errorf("ParseCitizen(%q) = %q, %v", s, c, err)
		}
		if c.Birth() != "1949-12-31" || c.Sex() != Female {
			t.Errorf("%q: born %s, sex %d", s, c.Birth(), c.Sex())
		}
	}
	for _, s := range []string{
		completed("32128119840229001"), // a leap day
		completed("32128120200228001"), // born today
		completed("81000019900101001"), completed("82000019900101001"), completed("83000019900101001"),
		completed("32077719900101001"), // a division that no table of today has
	} {
		if c, err := ParseCitizen(s, today); err != nil || c.Sex() != Male {
			t.Errorf("ParseCitizen(%q) = %q, %v", s, c, err)
		}
	}
}

func TestParseCitizenRefuses(t *testing.T) {
	for s, key := range map[string]string{
		"":                             "ident.citizen_form",
		"110105491231002":              "ident.citizen_fifteen",
		"1101051949123100":             "ident.citizen_form",
		"110105194912310021X":          "ident.citizen_form",
		"1101051949123100AX":           "ident.citizen_form",
		"11010519491231002Y":           "ident.citizen_check",
		"110105194912310021":           "ident.citizen_check",
		"110105194912310O2X":           "ident.citizen_form",
		"张三05194912310O2X":             "ident.citizen_form",
		completed("00010519491231002"): "ident.citizen_province",
		completed("99010519491231002"): "ident.citizen_province",
		completed("32128119830229001"): "ident.citizen_birth",
		completed("32128119831301001"): "ident.citizen_birth",
		completed("32128120200229001"): "ident.citizen_birth",
		completed("32128100000000001"): "ident.citizen_birth",
	} {
		c, err := ParseCitizen(s, today)
		if fail.Key(err) != key || fail.KindOf(err) != fail.Invalid || c != "" {
			t.Errorf("ParseCitizen(%q) = %q, %v; want %s", s, c, err, key)
		}
	}
}

// Every single digit mistyped and every two neighbours exchanged is caught: that is what the
// check character is for.
func TestCitizenCheckCatchesSlips(t *testing.T) {
	good := completed("32128119840229001")
	for i := range 17 {
		for d := byte('0'); d <= '9'; d++ {
			if bad := good[:i] + string(d) + good[i+1:]; bad != good && citizenCheck(bad) == good[17] {
				t.Errorf("digit %d as %c is not caught", i, d)
			}
		}
		if i < 16 && good[i] != good[i+1] {
			if bad := good[:i] + string(good[i+1]) + string(good[i]) + good[i+2:]; citizenCheck(bad) == good[17] {
				t.Errorf("digits %d and %d exchanged are not caught", i, i+1)
			}
		}
	}
}

func TestAges(t *testing.T) {
	for _, c := range []struct {
		birth, day string
		age        int
	}{
		{"2002-02-28", "2020-02-28", 18}, {"2002-02-29", "2020-02-28", 0}, {"2002-03-01", "2020-02-28", 17},
		{"2004-02-29", "2022-02-28", 17}, {"2004-02-29", "2022-03-01", 18}, {"2004-02-29", "2024-02-29", 20},
		{"2020-02-28", "2020-02-28", 0}, {"2020-03-01", "2020-02-28", -1},
	} {
		age, ok := AgeOn(c.birth, c.day)
		if want := c.birth != "2002-02-29"; ok != want || age != c.age {
			t.Errorf("AgeOn(%s, %s) = %d, %v; want %d", c.birth, c.day, age, ok, c.age)
		}
	}
	for birth, want := range map[string]string{"2002-02-28": "2020-02-28", "2004-02-29": "2022-03-01", "someday": ""} {
		if day, ok := BirthdayOn(birth, 18); day != want || ok != (want != "") {
			t.Errorf("BirthdayOn(%s, 18) = %q, %v", birth, day, ok)
		}
	}
}

// On the day that BirthdayOn gives, and not a day before, AgeOn says that age.
func TestBirthdayAgreesWithAge(t *testing.T) {
	for d := time.Date(2003, 12, 30, 0, 0, 0, 0, time.UTC); d.Year() < 2005; d = d.AddDate(0, 0, 1) {
		birth := d.Format(time.DateOnly)
		day, _ := BirthdayOn(birth, 18)
		on, _ := time.Parse(time.DateOnly, day)
		after, _ := AgeOn(birth, day)
		before, _ := AgeOn(birth, on.AddDate(0, 0, -1).Format(time.DateOnly))
		if after != 18 || before != 17 {
			t.Errorf("born %s: %d on %s, %d the day before", birth, after, day, before)
		}
	}
}

// The four codes are of real organisations (STANDARDS, identity numbers).
var realCodes = []string{"91350100M000100Y43", "91110000802100433B", "91440300708461136T", "91330106673959654P"}

func TestParseCreditCode(t *testing.T) {
	for _, s := range realCodes {
		for _, typed := range []string{s, strings.ToLower(s), " " + s[:8] + " " + s[8:] + "\u3000"} {
			if c, err := ParseCreditCode(typed); err != nil || string(c) != s {
				t.Errorf("ParseCreditCode(%q) = %q, %v", typed, c, err)
			}
		}
	}
	if c, err := ParseCreditCode("９１３５０１００Ｍ０００１００Ｙ４３"); err != nil || string(c) != realCodes[0] {
		t.Errorf("full width: %q, %v", c, err)
	}
}

func TestParseCreditCodeRefuses(t *testing.T) {
	for s, key := range map[string]string{
		"": "ident.credit_form", "91350100M000100Y4": "ident.credit_form", "91350100M000100Y433": "ident.credit_form",
		"91350100I000100Y43": "ident.credit_form", "9135010AM000100Y43": "ident.credit_form",
		"91350100M000100Y44": "ident.credit_check", "91350100M000100Y4I": "ident.credit_check",
		"91350100M000010Y43": "ident.credit_check", "张350100M000100Y": "ident.credit_form",
	} {
		if c, err := ParseCreditCode(s); fail.Key(err) != key || c != "" {
			t.Errorf("ParseCreditCode(%q) = %q, %v; want %s", s, c, err, key)
		}
	}
}

func TestPhones(t *testing.T) {
	for s, want := range map[string]string{
		"13800001234": "13800001234", "138 0000 1234": "13800001234", "138-0000-1234": "13800001234",
		"+86 13800001234": "13800001234", "008613800001234": "13800001234", "8613800001234": "13800001234",
		"１３８００００１２３４": "13800001234", "19912345678": "19912345678",
	} {
		if got, err := Mobile(s); got != want || err != nil {
			t.Errorf("Mobile(%q) = %q, %v", s, got, err)
		}
		if got, err := Phone(s); got != want || err != nil {
			t.Errorf("Phone(%q) = %q, %v", s, got, err)
		}
	}
	for s, want := range map[string]string{
		"0523-86991234": "052386991234", "(010) 62345678": "01062345678", "96111": "96111", "12345": "12345",
		"12356": "12356", "400-123-4567": "4001234567",
	} {
		if got, err := Phone(s); got != want || err != nil {
			t.Errorf("Phone(%q) = %q, %v", s, got, err)
		}
		if got, err := Mobile(s); fail.Key(err) != "ident.mobile" || got != "" {
			t.Errorf("Mobile(%q) = %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "110", "12800001234", "1380000123", "138000012345", "86991234", "phone", "+8613800001234x", "-", "1３800001234a"} {
		if got, err := Phone(s); fail.Key(err) != "ident.phone" || got != "" {
			t.Errorf("Phone(%q) = %q, %v", s, got, err)
		}
	}
}

func TestFold(t *testing.T) {
	if got := Fold("\ufeff Ａ１－\u3000b\u200b\u202e2\n"); got != "A1-b2" {
		t.Errorf("Fold = %q", got)
	}
}

func TestLine(t *testing.T) {
	for s, want := range map[string]string{
		"":         "",
		" \u3000 ": "",
		"　第１２小学（本部） 志愿队\t\n":               "第12小学（本部） 志愿队",
		"\ufeffＡＢｃ\u200b\u202e 𠮷村·阿\u0000": "ABc 𠮷村·阿",
		"Cafe\u0301  x": "Café x",
		"坏\xff的":        "坏的",
	} {
		got := Line(s)
		if got != want {
			t.Errorf("Line(%q) = %q, want %q", s, got, want)
		}
		if Line(got) != got {
			t.Errorf("Line(%q) is not at rest: %q", got, Line(got))
		}
	}
}

func TestLines(t *testing.T) {
	if got := Lines("\r\n  一 \r\n\r\n二\u200b　三\n\n"); got != "一\n\n二 三" {
		t.Errorf("Lines = %q", got)
	}
}

func TestRefusalsDoNotRepeatTheNumber(t *testing.T) {
	_, err := ParseCitizen("110105194912310021", today)
	if strings.Contains(err.Error(), "19491231") {
		t.Errorf("the error holds the number: %v", err)
	}
	if _, err = Mobile("12800001234"); strings.Contains(err.Error(), "128") {
		t.Errorf("the error holds the number: %v", err)
	}
}

func FuzzParseCitizen(f *testing.F) {
	f.Add("11010519491231002X")
	f.Add("１１０１０５１９４９１２３１００２ｘ")
	f.Add("110105491231002")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCitizen(s, today)
		if err != nil {
			if fail.KindOf(err) != fail.Invalid || c != "" {
				t.Errorf("%q: %q, %v", s, c, err)
			}
			return
		}
		if again, err := ParseCitizen(string(c), today); again != c || err != nil {
			t.Errorf("%q gives %q, which gives %q, %v", s, c, again, err)
		}
		if age, ok := AgeOn(c.Birth(), today); !ok || age < 0 {
			t.Errorf("%q: age %d, %v", s, age, ok)
		}
	})
}

func FuzzParseCreditCode(f *testing.F) {
	f.Add(realCodes[0])
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCreditCode(s)
		if err != nil {
			return
		}
		if again, err := ParseCreditCode(string(c)); again != c || err != nil || len(c) != 18 {
			t.Errorf("%q gives %q, which gives %q, %v", s, c, again, err)
		}
	})
}

func FuzzPhone(f *testing.F) {
	f.Add("+86 138-0000-1234")
	f.Add("0523-86991234")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Phone(s)
		if err != nil {
			return
		}
		if again, err := Phone(got); again != got || err != nil || !Digits(got, len(got)) {
			t.Errorf("%q gives %q, which gives %q, %v", s, got, again, err)
		}
	})
}
