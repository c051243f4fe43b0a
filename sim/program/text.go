package program

import (
	"fmt"
	"strings"
	"time"
)

// FormatVersion is the version of the seed format that this package reads and writes.
const FormatVersion = "1"

// String returns the program as a seed file. Parse of the result gives the program back.
func (p *Program) String() string {
	var b strings.Builder
	for _, line := range p.Comment {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	fmt.Fprintf(&b, "batchlab: %s\nsubject: %s\nconfig:  %s\n", FormatVersion, p.Kind, p.Config.text(p.Kind))
	if len(p.Expect) == 0 {
		b.WriteString("expect:  pass\n")
	}
	for _, e := range p.Expect {
		fmt.Fprintf(&b, "expect:  %s\n", e)
	}
	for _, s := range p.Shows {
		fmt.Fprintf(&b, "shows:   %s\n", s)
	}
	for _, d := range p.Schedule {
		fmt.Fprintf(&b, "schedule: %s\n", d)
	}
	b.WriteByte('\n')
	for _, o := range p.Ops {
		b.WriteString(o.String() + "\n")
	}
	return b.String()
}

func (e Expect) String() string {
	return fmt.Sprintf("violation %s in %s", e.Law, strings.Join(e.Subjects, ", "))
}

func (c Config) text(kind string) string {
	var parts []string
	if HasBatcher(kind) {
		mode := "foreground"
		if c.Background {
			mode = "background"
		}
		parts = append(parts, fmt.Sprintf("size=%d", c.Size), "timeout="+durationText(c.Timeout), "mode="+mode)
	}
	if kind == KindDedup {
		parts = append(parts, "bucket="+durationText(c.Bucket), fmt.Sprintf("buckets=%d", c.Buckets))
	}
	return strings.Join(append(parts, "epoch="+epochText(c.Epoch)), " ")
}

// String is the operation as a line of a seed file.
func (o Op) String() string {
	if o.And {
		o.And = false
		return together + " " + o.String()
	}
	switch o.Verb {
	case Advance:
		return "+" + durationText(o.D)
	case Release:
		return "release"
	case Handler:
		if o.Mode == Takes {
			return "handler takes " + durationText(o.D)
		}
		return "handler " + o.Mode.String()
	}
	lane := string(rune(o.Lane))
	if o.Lane == LabLane {
		lane = "lab"
	}
	s := lane + " " + o.Verb.String()
	switch o.Verb {
	case Put:
		switch {
		case o.Nil:
			s += " nil"
		case o.Key > 0:
			s += fmt.Sprintf(" k%d", o.Key)
		}
		if o.N != 1 {
			s += fmt.Sprintf(" x%d", o.N)
		}
	case Get, Delete:
		s += fmt.Sprintf(" k%d", o.Key)
	case Set:
		s += fmt.Sprintf(" k%d v%d", o.Key, o.Value)
	}
	return s
}

// durationText spells a duration without zero units: 1m instead of 1m0s.
func durationText(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// epochText spells small epochs as durations since 1970, others as dates.
func epochText(d time.Duration) string {
	if d.Abs() < 1000*time.Hour {
		return durationText(d)
	}
	return time.Unix(0, int64(d)).UTC().Format(time.RFC3339Nano)
}
