package program

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"batchlab/sim/kind"
)

// op reads one operation.
func (ps *parser) op(toks []token) (Op, error) {
	and := toks[0].text == together
	if and {
		if len(toks) == 1 {
			return Op{}, ps.errorf(toks[0].col, "%s marks an operation, want for example %q", together,
				together+" b "+ps.aCall())
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
		o, err = ps.move(first)
	case len(first.text) > 1 || first.text[0] < 'a' || first.text[0] > 'z':
		o, rest, err = ps.named(Op{}, toks, first.col)
	case len(toks) == 1:
		err = ps.errorf(first.col, "lane %s does nothing, want for example %q", first.text, first.text+" "+ps.aCall())
	default:
		o, rest, err = ps.named(Op{Lane: first.text[0]}, toks[1:], first.col)
	}
	if err != nil {
		return Op{}, err
	}
	if len(rest) > 0 {
		return Op{}, ps.errorf(rest[0].col, "%q is more than %q takes", clip(rest[0].text), OpText(ps.p.Kind, o))
	}
	if msg := fault(ps.p.Kind, o); msg != "" {
		return Op{}, ps.errorf(first.col, "%s", msg)
	}
	o.And = and
	return o, nil
}

// move reads +DURATION.
func (ps *parser) move(t token) (Op, error) {
	d, err := ps.duration(t.text[1:], t.col+1)
	if err == nil && d < 1 {
		err = ps.errorf(t.col, "time moves forward, by 1ns at least, got %q", clip(t.text))
	}
	return kind.Move(d), err
}

// named reads an operation by its name: what a lane does, or what callbacks are told.
func (ps *parser) named(o Op, toks []token, start int) (Op, []token, error) {
	k, name, lane := ps.p.Kind, toks[0], o.Lane != 0
	v, ok := k.Op(name.text)
	switch {
	case ok && k.Ops[v].Lane == lane:
		o.Verb = v
		return ps.args(o, name, toks[1:])
	case ps.isAnybodys(name.text, lane):
		return o, nil, ps.errorf(start, "a %s cannot %s", k.Name, name.text)
	case lane:
		return o, nil, ps.errorf(name.col, "%q is not a call, want %s", clip(name.text), strings.Join(ps.allCalls(), ", "))
	}
	return o, nil, ps.errorf(name.col, "%q is not an operation, want %s", clip(name.text), opForms(k))
}

// aCall is a call for an example.
func (ps *parser) aCall() string {
	for _, o := range ps.p.Kind.Ops {
		if o.Lane {
			return o.Name
		}
	}
	return ""
}

// isAnybodys reports whether some kind has an operation of that name.
func (ps *parser) isAnybodys(name string, lane bool) bool {
	return slices.ContainsFunc(ps.names.Kinds, func(k *kind.Kind) bool {
		v, ok := k.Op(name)
		return ok && v != kind.Advance && k.Ops[v].Lane == lane
	})
}

// allCalls are the names of the calls of all kinds.
func (ps *parser) allCalls() []string {
	var list []string
	for _, k := range ps.names.Kinds {
		for _, o := range k.Ops {
			if o.Lane && !slices.Contains(list, o.Name) {
				list = append(list, o.Name)
			}
		}
	}
	return list
}

// opForms says how the operations of a kind are spelled.
func opForms(k *kind.Kind) string {
	forms := []string{"+DURATION"}
	for _, o := range k.Ops[1:] {
		form := o.Name
		if o.Lane {
			form = "LANE " + form
		}
		for i, p := range o.Params {
			switch {
			case p.Left || o.Hidden(i) || p.When != nil:
			case p.Form == kind.Choice:
				form += " " + strings.ToUpper(p.Name)
			case p.Form == kind.Duration:
				form += " DURATION"
			default:
				form += fmt.Sprintf(" %cN", p.Letter)
			}
		}
		forms = append(forms, form)
	}
	return strings.Join(forms, ", ") + "; " + together + " before a call or a move of the clock"
}

// args reads the arguments of an operation, which at spells.
func (ps *parser) args(o Op, at token, rest []token) (Op, []token, error) {
	op := &ps.p.Kind.Ops[o.Verb]
	so, last := op.Name, at // what has been read so far, and its last word
	for i := range op.Params {
		p := &op.Params[i]
		if op.Hidden(i) || !p.There(o.Args) {
			continue
		}
		if len(rest) == 0 || p.Left && !spells(p, rest[0].text) {
			if !p.Left {
				return o, nil, ps.missing(op, p, so, at, last)
			}
			o.Args[i] = p.Default
			continue
		}
		if err := ps.arg(op, i, &o.Args, rest[0]); err != nil {
			return o, nil, err
		}
		so, last, rest = so+" "+rest[0].text, rest[0], rest[1:]
	}
	return o, rest, nil
}

// spells reports whether a word can be meant as an argument that may be left out.
func spells(p *kind.Param, word string) bool {
	switch {
	case p.Nil && word == "nil":
		return true
	case p.Form == kind.Choice:
		return kind.Index(p.Words, word) >= 0
	case p.Form == kind.Duration:
		_, err := time.ParseDuration(word)
		return err == nil
	}
	return word[0] == p.Letter
}

// missing says which argument an operation lacks, at its name, or at the word that asks
// for a duration.
func (ps *parser) missing(op *kind.Operation, p *kind.Param, so string, at, last token) error {
	switch p.Form {
	case kind.Choice:
		return ps.errorf(at.col, "%s needs a %s, want %s", op.Name, p.Name, wordList(p.Words, ", "))
	case kind.Duration:
		return ps.errorf(last.col, "%s needs a duration, for example 5ms", so)
	}
	return ps.errorf(at.col, "%s needs a %s, for example %c1", op.Name, p.Name, p.Letter)
}

func wordList(words []kind.Word, sep string) string {
	return joined(words, sep, func(w kind.Word) string { return w.Text })
}

// arg reads one argument.
func (ps *parser) arg(op *kind.Operation, i int, args *kind.Args, t token) (err error) {
	p := &op.Params[i]
	switch {
	case p.Form == kind.Duration:
		var d time.Duration
		d, err = ps.duration(t.text, t.col)
		args[i] = int64(d)
	case p.Form == kind.Choice:
		args[i], err = ps.choice(op.Name+" "+p.Name, p.Words, ", ", t)
	case p.Nil && t.text == "nil":
		args[i] = kind.NilArg
	case p.NoName != "":
		return ps.errorf(t.col, "%s", p.NoName)
	case p.Form == kind.Count:
		args[i], err = ps.number(t.text[1:], t.col+1, p.Min, p.Max)
	default:
		return ps.nameOrRange(p, args, i, t)
	}
	return err
}

// nameOrRange reads k7, or k1..k600 where a range may stand.
func (ps *parser) nameOrRange(p *kind.Param, args *kind.Args, i int, t token) (err error) {
	from, to, isRange := strings.Cut(t.text, "..")
	if isRange && p.More > 0 {
		if args[i], err = ps.name(p, token{from, t.col}); err != nil {
			return err
		}
		last, err := ps.name(p, token{to, t.col + columns(from) + len("..")})
		if err != nil {
			return err
		}
		if last <= args[i] {
			return ps.errorf(t.col, "%q goes from a name to a later one, want for example %c1..%c9", clip(t.text), p.Letter,
				p.Letter)
		}
		args[p.More] = last - args[i]
		return nil
	}
	args[i], err = ps.name(p, t)
	return err
}

// name reads k7 or v7.
func (ps *parser) name(p *kind.Param, t token) (int64, error) {
	if s := t.text; len(s) > 1 && len(s) < 8 && s[0] == p.Letter {
		if n, err := strconv.ParseUint(s[1:], 10, 32); err == nil && int64(n) >= p.Min && int64(n) <= p.Max {
			return int64(n), nil
		}
	}
	return 0, ps.errorf(t.col, "%q is not a name, want %c%d to %c%d", clip(t.text), p.Letter, p.Min, p.Letter, p.Max)
}
