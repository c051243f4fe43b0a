package program

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"batchlab/sim/kind"
)

// token is a word of a line and the column where it begins.
type token struct {
	text string
	col  int
}

// tokens splits a line into words, without a trailing comment.
func tokens(line string) []token {
	line, _, _ = strings.Cut(line, "#")
	var toks []token
	col := 1
	for text := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ' ' || r == '\t' }) {
		at := strings.Index(line, text)
		toks = append(toks, token{text, col + at})
		col += at + columns(text)
		line = line[at+len(text):]
	}
	return toks
}

// config reads the settings.
func (ps *parser) config(value string, col int) error {
	k := ps.p.Kind
	if k == nil {
		return ps.errorf(1, "subject: comes before config:")
	}
	want := []string{"epoch"}
	for _, s := range k.Settings {
		want = append(want, s.Name)
	}
	set := map[string]bool{}
	for _, t := range tokens(value) {
		key, val, ok := strings.Cut(t.text, "=")
		at := col + t.col - 1
		i := slices.Index(want, key)
		switch {
		case !ok || i < 0:
			return ps.errorf(at, "%q is not a setting of a %s, want %s", clip(t.text), k.Name, strings.Join(want, "=, ")+"=")
		case set[key]:
			return ps.errorf(at, "%s= stands here twice", key)
		}
		set[key] = true
		if err := ps.setting(i-1, val, at+len(key)+1); err != nil {
			return err
		}
	}
	for _, key := range want[1:] {
		if !set[key] {
			return ps.errorf(col, "config needs %s= for a %s", key, k.Name)
		}
	}
	return nil
}

// setting reads the i-th setting; -1 is the epoch.
func (ps *parser) setting(i int, val string, col int) (err error) {
	if i < 0 {
		return ps.epoch(val, col)
	}
	s, v := &ps.p.Kind.Settings[i], &ps.p.Config.Values[i]
	switch s.Form {
	case kind.Duration:
		d, err := ps.duration(val, col)
		*v = int64(d)
		return err
	case kind.Choice:
		*v, err = ps.choice(s.Name, s.Words, " or ", token{val, col})
	default:
		*v, err = ps.number(val, col, s.Min, s.Max)
	}
	return err
}

// choice reads one of some words.
func (ps *parser) choice(what string, words []kind.Word, sep string, t token) (int64, error) {
	n := kind.Index(words, t.text)
	if n < 0 {
		return 0, ps.errorf(t.col, "%s %q is unknown, want %s", what, clip(t.text), wordList(words, sep))
	}
	return int64(n), nil
}

func (ps *parser) epoch(val string, col int) error {
	if t, err := time.Parse(time.RFC3339Nano, val); err == nil {
		// The bounds first: UnixNano of a far year overflows.
		if limit := time.Unix(0, int64(kind.MaxEpoch)); t.After(limit) || t.Before(time.Unix(0, -int64(kind.MaxEpoch))) {
			return ps.errorf(col, "epoch must be within 200 years of 1970")
		}
		ps.p.Config.Epoch = time.Duration(t.UnixNano())
		return nil
	}
	d, err := ps.duration(val, col)
	if err != nil {
		return ps.errorf(col, "epoch %q is neither a duration since 1970 (0s, -10s) nor a date (2026-01-02T15:04:05Z)",
			clip(val))
	}
	ps.p.Config.Epoch = d
	return nil
}

func (ps *parser) number(s string, col int, lo, hi int64) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < lo || n > hi || s[0] == '+' {
		return 0, ps.errorf(col, "want a whole number from %d to %d, got %q", lo, hi, clip(s))
	}
	return n, nil
}

// duration reads a Go duration, or a sum of them: 1s-1ns.
func (ps *parser) duration(s string, col int) (time.Duration, error) {
	var sum time.Duration
	start := 0
	for i := 1; i <= len(s); i++ {
		if i < len(s) && s[i] != '+' && s[i] != '-' {
			continue
		}
		d, err := time.ParseDuration(s[start:i])
		if err != nil {
			return 0, ps.errorf(col+start, "%q is not a duration, want for example 10ms or 1s-1ns", clip(s))
		}
		if d > 0 && sum > math.MaxInt64-d || d < 0 && sum < math.MinInt64-d {
			return 0, ps.errorf(col, "duration %q is too long", clip(s))
		}
		sum += d
		start = i
	}
	if s == "" {
		return 0, ps.errorf(col, "a duration is missing, want for example 10ms")
	}
	return sum, nil
}
