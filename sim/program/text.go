package program

import (
	"fmt"
	"strings"
	"time"

	"batchlab/sim/kind"
)

// FormatVersion is the version of the seed format that this package reads and writes.
const FormatVersion = "1"

// String returns the program as a seed file. Parse of the result gives the program back.
func (p *Program) String() string {
	var b strings.Builder
	for _, line := range p.Comment {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	fmt.Fprintf(&b, "batchlab: %s\nsubject: %s\nconfig:  %s\n", FormatVersion, p.Kind.Name, ConfigText(p.Kind, p.Config))
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
		b.WriteString(OpText(p.Kind, o) + "\n")
	}
	return b.String()
}

func (e Expect) String() string {
	return fmt.Sprintf("violation %s in %s", e.Law, strings.Join(e.Subjects, ", "))
}

// ConfigText is the settings as in the "config:" line.
func ConfigText(k *kind.Kind, c Config) string {
	var parts []string
	for i, s := range k.Settings {
		parts = append(parts, s.Name+"="+settingText(s, c.Values[i]))
	}
	return strings.Join(append(parts, "epoch="+epochText(c.Epoch)), " ")
}

func settingText(s kind.Setting, v int64) string {
	switch s.Form {
	case kind.Duration:
		return DurationText(time.Duration(v))
	case kind.Choice:
		return s.Words[v].Text
	}
	return fmt.Sprint(v)
}

// DurationText spells a duration without zero units: 1m instead of 1m0s.
func DurationText(d time.Duration) string {
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
		return DurationText(d)
	}
	return time.Unix(0, int64(d)).UTC().Format(time.RFC3339Nano)
}
