// Package timeline is a find as a picture has it: goroutines as columns, what they do as rows in the order in
// which it happened, the objects that they do it to, and the source. It is a value, made from what runs wrote
// down, that package page draws and Perfetto reads.
//
// It refuses to draw, to run anything, and to say more of a run than the run wrote down.
package timeline

import (
	"fmt"
	"strings"
)

// Timeline is what there is to see of a find.
type Timeline struct {
	Title    string   // what found it
	Verdict  []string // what is wrong, a paragraph each
	Sound    bool     // nothing is
	Hint     string   // what may help, if it is not the component that is to be mended
	Detail   string   // in lines: a stack, the accesses that race
	File     string   // the seed, "" if none is kept
	Command  string   // that shows it again
	Warnings []string // why what is shown may not be what was found
	Runs     []Run    // the original, if there is one, and the one that it is about, which is the last
	Sources  []Source
	Cut      int // so many points were written down, and no more; 0: all
}

// Run is one run.
type Run struct {
	Name    string // of the subject
	Columns []Column
	Rows    []Row
	Objects []Object
	Open    int    // the row that says what is wrong, -1 if none does
	Note    string // beside that row
	Over    bool   // nothing after that row has to do with it
	Mend    string // of a lock that is held for ever: where it could be unlocked
	Waits   []Wait // who had not ended when all was over
	circle  string // how they wait for each other
}

// Column is a goroutine.
type Column struct {
	Name string
	Born string // the site at which it was started, "" if the program did not start it
	Lane bool   // it makes the calls of a program
}

// Kind is what a row is.
type Kind string

// The kinds of rows.
const (
	Call    Kind = "call"
	Answer  Kind = "answer"
	Notice  Kind = "notice" // what happens besides calls, such as a callback
	Point   Kind = "point"  // something is done that others can see
	Waits   Kind = "waits"
	GoesOn  Kind = "goes on" // after waiting
	Switch  Kind = "switch"  // it could go on, and another does
	Choice  Kind = "choice"  // of something else than a goroutine
	Elapses Kind = "time"    // moves
)

// Row is something that a goroutine did.
type Row struct {
	Kind    Kind
	Column  int    // -1: of time
	Text    string `json:",omitempty"` // without its objects
	By      string `json:",omitempty"` // who has what it waits for, or has to do with it otherwise
	Value   string `json:",omitempty"` // what something was then
	Site    string `json:",omitempty"` // file.go:12
	Objects []int  `json:",omitempty"` // to which it is done: indexes of Objects
	Lock    int    `json:",omitempty"` // 1: it has the first of them from here on; -1: up to here
	Holds   []int  `json:",omitempty"` // of a row that waits, or is a switch: what it has meanwhile
	To      int    `json:",omitempty"` // of a switch: the column that goes on
	Past    bool   `json:",omitempty"` // of a switch: what is at its site is done
	Note    string `json:",omitempty"` // what a reader has to know of it
	Pair    int    `json:",omitempty"` // the row of the other run that is the same, from 1; 0: none
	seq     int64
	op      string // of a case of a select: what it does
	early   bool   // of time: it moved though somebody could go on
	was     string // of a row that goes on: what it waited for to do
}

// Says is a row in words.
func (r *Run) Says(i int) string {
	row := &r.Rows[i]
	text := row.Text
	if row.Kind == Switch {
		text = r.Columns[row.To].Name + " goes on"
	}
	if row.Kind == Answer {
		text = "→ " + text
	}
	for _, o := range row.Objects {
		text += " " + r.Objects[o].Name
	}
	if aside := row.Aside(); aside != "" {
		text += ", " + aside
	}
	return text
}

// Aside is what is to be said of a row besides what it does.
func (r *Row) Aside() string {
	if r.By != "" && r.Value != "" {
		return r.By + ", " + r.Value
	}
	return r.By + r.Value
}

// Tells is what a row has in common with those that tell the same, at another time.
func (r Row) Tells() string {
	r.seq, r.Pair, r.early, r.Value = 0, 0, false, ""
	if strings.HasPrefix(r.Text, isNow) {
		r.Text = isNow
	}
	return fmt.Sprint(r)
}

// CallOf is the call that a row is in, "" if it is in none.
func (r *Run) CallOf(i int) string {
	for c := r.Rows[i].Column; i >= 0; i-- {
		if row := &r.Rows[i]; row.Column == c && row.Kind == Call {
			return row.Text
		}
	}
	return ""
}

// Object is what several goroutines touch.
type Object struct {
	Name string // as the source has it where somebody comes to it first
	Sort string // lock, channel, …
	Made string `json:",omitempty"` // the site of a channel's make, as the source has it
}

// Wait is what a goroutine waits for that has not ended.
type Wait struct {
	Who, What, Site, By, BySite, Born string

	Row  int      // at which it waits, -1 if that is not shown
	Last []string // of each thing that it waits for: who else was there last, and where
}

// Source is a file, as far as somebody was there.
type Source struct {
	File  string // path
	Lines []Line
}

// Line is a line of a file.
type Line struct {
	N     int
	Text  string
	Site  string `json:",omitempty"` // if somebody was there, or it is named
	After bool   `json:",omitempty"` // lines before it are left out
}

// Last is the run that a timeline is about.
func (t *Timeline) Last() *Run { return &t.Runs[len(t.Runs)-1] }
