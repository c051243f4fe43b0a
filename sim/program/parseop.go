package program

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// token is a word of a line and the column where it begins.
type token struct {
	text string
	col  int
}

// tokens splits a line into words, without a trailing comment.
func tokens(line string) []token {
	var toks []token
	start, col := -1, 0
	flush := func(end int) {
		if start >= 0 {
			toks = append(toks, token{line[start:end], col - len([]rune(line[start:end])) + 1})
			start = -1
		}
	}
	for i, r := range line {
		switch {
		case r == '#':
			flush(i)
			return toks
		case r == ' ' || r == '\t':
			flush(i)
		case start < 0:
			start = i
		}
		col++
	}
	flush(len(line))
	return toks
}

func (ps *parser) config(value string, col int) error {
	if ps.p.Kind == "" {
		return ps.errorf(1, "subject: comes before config:")
	}
	want := []string{"epoch"}
	if HasBatcher(ps.p.Kind) {
		want = append(want, "size", "timeout", "mode")
	}
	if ps.p.Kind == KindDedup {
		want = append(want, "bucket", "buckets")
	}
	set := map[string]bool{}
	for _, t := range tokens(value) {
		key, val, ok := strings.Cut(t.text, "=")
		at := col + t.col - 1
		switch {
		case !ok || !slices.Contains(want, key):
			return ps.errorf(at, "%q is not a setting of a %s, want %s", clip(t.text), ps.p.Kind, strings.Join(want, "=, ")+"=")
		case set[key]:
			return ps.errorf(at, "%s= stands here twice", key)
		}
		set[key] = true
		if err := ps.setting(key, val, at+len(key)+1); err != nil {
			return err
		}
	}
	for _, key := range want[1:] {
		if !set[key] {
			return ps.errorf(col, "config needs %s= for a %s", key, ps.p.Kind)
		}
	}
	return nil
}

func (ps *parser) setting(key, val string, col int) (err error) {
	c := &ps.p.Config
	switch key {
	case "size":
		c.Size, err = ps.number(val, col, 1, MaxSize)
	case "buckets":
		c.Buckets, err = ps.number(val, col, 1, MaxBuckets)
	case "timeout":
		c.Timeout, err = ps.duration(val, col)
	case "bucket":
		c.Bucket, err = ps.duration(val, col)
	case "mode":
		switch val {
		case "foreground", "background":
			c.Background = val == "background"
		default:
			err = ps.errorf(col, "mode %q is unknown, want foreground or background", clip(val))
		}
	case "epoch":
		if t, terr := time.Parse(time.RFC3339Nano, val); terr == nil {
			// The bounds first: UnixNano of a far year overflows.
			if limit := time.Unix(0, int64(MaxEpoch)); t.After(limit) || t.Before(time.Unix(0, -int64(MaxEpoch))) {
				return ps.errorf(col, "epoch must be within 200 years of 1970")
			}
			c.Epoch = time.Duration(t.UnixNano())
			return nil
		}
		c.Epoch, err = ps.duration(val, col)
		if err != nil {
			err = ps.errorf(col, "epoch %q is neither a duration since 1970 (0s, -10s) nor a date (2026-01-02T15:04:05Z)", clip(val))
		}
	}
	return err
}

func (ps *parser) number(s string, col, lo, hi int) (int, error) {
	n, err := strconv.Atoi(s)
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

const opForms = "+DURATION, LANE put, LANE trigger, LANE close, LANE get kN, LANE set kN vN, LANE delete kN, LANE count, handler MODE, release; & before a call or a move of the clock"

// op reads one operation.
func (ps *parser) op(toks []token) (Op, error) {
	and := toks[0].text == together
	if and {
		if len(toks) == 1 {
			return Op{}, ps.errorf(toks[0].col, "%s marks an operation, want for example %q", together, together+" b put")
		}
		toks = toks[1:]
	}
	first := toks[0]
	var o Op
	var rest []token
	var err error
	switch {
	case strings.HasPrefix(first.text, "+"):
		rest = toks[1:]
		o.Verb = Advance
		o.D, err = ps.duration(first.text[1:], first.col+1)
		if err == nil && o.D < 1 {
			err = ps.errorf(first.col, "time moves forward, by 1ns at least, got %q", clip(first.text))
		}
	case first.text == "release":
		o.Verb, rest = Release, toks[1:]
	case first.text == "handler":
		o, rest, err = ps.handler(toks)
	case len(first.text) == 1 && first.text[0] >= 'a' && first.text[0] <= 'z':
		o, rest, err = ps.call(toks)
	default:
		err = ps.errorf(first.col, "%q is not an operation, want %s", clip(first.text), opForms)
	}
	if err != nil {
		return Op{}, err
	}
	if len(rest) > 0 {
		return Op{}, ps.errorf(rest[0].col, "%q is more than %q takes", clip(rest[0].text), o.String())
	}
	if msg := o.fault(ps.p.Kind); msg != "" && ps.p.Kind != "" {
		return Op{}, ps.errorf(first.col, "%s", msg)
	}
	o.And = and
	return o, nil
}

func (ps *parser) handler(toks []token) (Op, []token, error) {
	if len(toks) < 2 {
		return Op{}, nil, ps.errorf(toks[0].col, "handler needs a mode, want %s", strings.Join(modeText[:], ", "))
	}
	for m, name := range modeText {
		if toks[1].text != name {
			continue
		}
		o := Op{Verb: Handler, Mode: Mode(m)}
		if o.Mode != Takes {
			return o, toks[2:], nil
		}
		if len(toks) < 3 {
			return Op{}, nil, ps.errorf(toks[1].col, "handler takes needs a duration, for example 5ms")
		}
		var err error
		o.D, err = ps.duration(toks[2].text, toks[2].col)
		return o, toks[3:], err
	}
	return Op{}, nil, ps.errorf(toks[1].col, "handler mode %q is unknown, want %s", clip(toks[1].text), strings.Join(modeText[:], ", "))
}

// call reads what a lane does.
func (ps *parser) call(toks []token) (Op, []token, error) {
	if len(toks) < 2 {
		return Op{}, nil, ps.errorf(toks[0].col, "lane %s does nothing, want for example %q", toks[0].text, toks[0].text+" put")
	}
	o := Op{Lane: toks[0].text[0]}
	for v := Put; v <= Count; v++ {
		if toks[1].text == v.String() {
			o.Verb = v
		}
	}
	rest := toks[2:]
	var err error
	switch o.Verb {
	case Advance: // the zero Verb: no call has that name
		return o, nil, ps.errorf(toks[1].col, "%q is not a call, want %s", clip(toks[1].text), strings.Join(verbText[Put:Count+1], ", "))
	case Put:
		o, rest, err = ps.put(o, rest)
	case Get, Set, Delete:
		if len(rest) == 0 {
			return o, nil, ps.errorf(toks[1].col, "%s needs a key, for example k1", o.Verb)
		}
		if o.Key, err = ps.name('k', rest[0]); err != nil {
			return o, nil, err
		}
		rest = rest[1:]
		if o.Verb == Set {
			if len(rest) == 0 {
				return o, nil, ps.errorf(toks[1].col, "set needs a value, for example v1")
			}
			o.Value, err = ps.name('v', rest[0])
			rest = rest[1:]
		}
	}
	return o, rest, err
}

// put reads what follows put: nil or kN, then xN.
func (ps *parser) put(o Op, rest []token) (Op, []token, error) {
	var err error
	o.N = 1
	if len(rest) > 0 && rest[0].text == "nil" {
		o.Nil, rest = true, rest[1:]
	} else if len(rest) > 0 && rest[0].text[0] == 'k' {
		if ps.p.Kind != KindDedupBatcher {
			return o, nil, ps.errorf(rest[0].col, "items of a %s have no key, want a count like x3, or nil", ps.p.Kind)
		}
		o.Key, err = ps.name('k', rest[0])
		rest = rest[1:]
	}
	if err == nil && len(rest) > 0 && rest[0].text[0] == 'x' {
		o.N, err = ps.number(rest[0].text[1:], rest[0].col+1, 1, MaxItems)
		rest = rest[1:]
	}
	return o, rest, err
}

// name reads k7 or v7.
func (ps *parser) name(letter byte, t token) (int, error) {
	if t.text[0] == letter && len(t.text) > 1 && len(t.text) < 8 {
		if n, err := strconv.ParseUint(t.text[1:], 10, 32); err == nil && n <= MaxKey {
			return int(n), nil
		}
	}
	return 0, ps.errorf(t.col, "%q is not a name, want %s", clip(t.text), fmt.Sprintf("%c0 to %c%d", letter, letter, MaxKey))
}
