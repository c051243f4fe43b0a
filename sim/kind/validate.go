package kind

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Validate returns what is wrong with the tables of a kind, in one line that names it
// and says what to do.
func (k *Kind) Validate() error {
	if msg := k.fault(); msg != "" {
		return fmt.Errorf("kind %q: %s", k.Name, msg)
	}
	return nil
}

func (k *Kind) fault() string {
	switch {
	case !isWord(k.Name):
		return "its name is to be a word without spaces and the characters #:,/="
	case len(k.Ops) == 0 || k.Ops[0].Name != Time.Name:
		return "its first operation is to be kind.Time"
	case len(k.Ops) > int(FirstNotice) || len(k.Notices) > int(Crash-FirstNotice) || len(k.Settings) > MaxValues:
		return fmt.Sprintf("it has %d operations, %d notices and %d settings, at most %d, %d and %d fit",
			len(k.Ops), len(k.Notices), len(k.Settings), FirstNotice, Crash-FirstNotice, MaxValues)
	case k.End == nil:
		return "it needs End: what is called so that nothing may be left, or func(kind.Config, []kind.Op) []kind.Op { " +
			"return nil }"
	}
	for i := range k.Ops {
		o := &k.Ops[i]
		if slices.ContainsFunc(k.Ops[:i], func(p Operation) bool { return p.Name == o.Name }) {
			return fmt.Sprintf("two operations are called %q: give one of them another name", o.Name)
		}
		if msg := o.fault(i == int(Advance)); msg != "" {
			return fmt.Sprintf("operation %q %s", o.Name, msg)
		}
	}
	for i := range k.Settings {
		s := &k.Settings[i]
		if slices.ContainsFunc(k.Settings[:i], func(o Setting) bool { return o.Name == s.Name }) || s.Name == "epoch" {
			return fmt.Sprintf("two settings are called %q: give one of them another name", s.Name)
		}
		if msg := s.fault(); msg != "" {
			return fmt.Sprintf("setting %q %s", s.Name, msg)
		}
	}
	for i, l := range k.Laws {
		if slices.ContainsFunc(slices.Concat(Universal, k.Laws[:i]), func(o Law) bool { return o.ID == l.ID }) {
			return fmt.Sprintf("two laws are called %q: give one of them another name", l.ID)
		}
		if !isWord(string(l.ID)) || l.Text == "" {
			return fmt.Sprintf("law %q needs an id that is a word, and a text", l.ID)
		}
	}
	return k.lawFault()
}

// lawFault is what is wrong with the laws that other tables speak of.
func (k *Kind) lawFault() string {
	unknown := func(id LawID) bool { _, ok := k.Law(id); return id != "" && !ok }
	if unknown(k.Atomic) {
		return fmt.Sprintf("Atomic is %q, a law that it does not have: add it to Laws", k.Atomic)
	}
	for _, n := range k.Notices {
		switch {
		case n.Text == "":
			return "a notice needs a text"
		case unknown(n.Law):
			return fmt.Sprintf("notice %q breaks %q, a law that it does not have: add it to Laws", n.Text, n.Law)
		}
	}
	return ""
}

// isWord reports whether a name can stand in a seed file.
func isWord(s string) bool {
	return s != "" && !strings.ContainsAny(s, "#:,/=") && !strings.ContainsFunc(s, unicode.IsSpace)
}

func (o *Operation) fault(isTime bool) string {
	switch {
	case isTime:
	case !isWord(o.Name) || strings.HasPrefix(o.Name, "+") || o.Name == "&":
		return "needs a name that is a word, and does not begin with + or &"
	case !o.Lane && len(o.Name) == 1 && o.Name >= "a" && o.Name <= "z":
		return "is called like a lane: give it a longer name"
	}
	if len(o.Params) > MaxArgs {
		return fmt.Sprintf("has %d arguments, at most %d fit", len(o.Params), MaxArgs)
	}
	for i := range o.Params {
		p := &o.Params[i]
		switch {
		case o.Spelled && (p.Form != Choice || len(p.Words) > MostWords):
			return fmt.Sprintf("is to show the words of %q, which is to be a Choice of at most %d", p.Name, MostWords)
		case p.More != 0 && (p.Form != Named || p.More <= i || p.More >= len(o.Params) || o.Params[p.More].Form != Count):
			return fmt.Sprintf("spells ranges of %q, which needs a Named argument and a later Count of them", p.Name)
		case p.Form == Choice && len(p.Words) == 0:
			return fmt.Sprintf("chooses %q among no words", p.Name)
		case p.Form != Choice && p.NoName == "" && p.Max <= p.Min:
			return fmt.Sprintf("has an argument %q without a range: give it Min and Max", p.Name)
		case (p.Form == Named || p.Form == Count) && p.Letter == 0 && !o.Hidden(i):
			return fmt.Sprintf("has an argument %q without a letter", p.Name)
		}
	}
	return ""
}

func (s *Setting) fault() string {
	switch {
	case !isWord(s.Name):
		return "needs a name that is a word"
	case s.Form == Named:
		return "is a name: a setting is a Count, a Choice or a Duration"
	case s.Form == Choice && len(s.Words) == 0:
		return "chooses among no words"
	case s.Form == Choice:
		return ""
	case s.Max <= s.Min:
		return "has no range: give it Min and Max"
	case len(s.Draws) == 0 && s.Draw == nil:
		return "has nothing to be drawn from: give it Draws or Draw"
	}
	for _, v := range slices.Concat(s.Draws, s.Small, s.Simplest) {
		if v < s.Min || v > s.Max {
			return fmt.Sprintf("lists %d, which is beyond its range of %d to %d", v, s.Min, s.Max)
		}
	}
	return ""
}
