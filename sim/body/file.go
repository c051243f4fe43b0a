package body

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// A find is kept as a text: comments, the name of the body, the law that it broke, and the schedule.

// text is a find as it is kept.
func (f *Find) text(name string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n# %s.\nbody: %s\nlaw: %s\n", oneLine(f.Text), f.Switches(), name, f.Law)
	if f.Unfair > 0 {
		fmt.Fprintf(&b, "unfair: %d\n", f.Unfair)
	}
	for _, d := range f.Schedule {
		fmt.Fprintf(&b, "schedule: %s\n", d)
	}
	return b.Bytes()
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// stem is the beginning of the names of the files of a body.
func stem(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (strings.ContainsRune("_-.", r) || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, name) + "_"
}

// keep writes the find to the folder of finds.
func (x *explorer) keep(f *Find) {
	if x.o.Dir == "" || f.Known || f.Unsteady {
		return
	}
	h := fnv.New32a()
	fmt.Fprint(h, f.Law)
	for _, d := range f.Schedule {
		fmt.Fprintf(h, "%s %d %s %d\n", d.Who, d.Nth, d.To, d.Alt)
	}
	file := filepath.Join(x.o.Dir, fmt.Sprintf("%s%08x.seed", stem(x.name), h.Sum32()))
	err := os.MkdirAll(x.o.Dir, 0o777)
	if err == nil {
		err = os.WriteFile(file, f.text(x.name), 0o666)
	}
	if err != nil {
		x.note(fmt.Sprintf("the schedule cannot be kept: %v", err))
		return
	}
	f.File = file
}

// replay runs the body under the schedules that are kept, and reports whether there is nothing more to
// be done.
func (x *explorer) replay() (bool, error) {
	files, only := []string{x.o.Replay}, x.o.Replay != ""
	if !only && x.o.Dir != "" {
		files, _ = filepath.Glob(filepath.Join(x.o.Dir, stem(x.name)+"????????.seed"))
	} else if !only {
		return false, nil
	}
	for _, file := range files {
		kept, err := Read(file)
		if (errors.Is(err, fs.ErrNotExist) || errors.As(err, new(*ofProgram))) && !only {
			continue
		} else if err != nil {
			return true, err
		}
		if kept.Name != x.name {
			if only {
				return true, fmt.Errorf("%s is of %s, not of %s", file, kept.Name, x.name)
			}
			continue
		}
		s, p := sched.NewReplay(kept.Schedule), widest
		p.unfair = kept.Unfair
		if f, _ := x.search(s, p); f != nil {
			f.Known, f.File = true, file
			f.Amiss = append(s.Notes(), sched.Moved(kept.Schedule, f.Schedule)...)
			f.Schedule = kept.Schedule
			if x.take(f); f.Timeline != nil {
				f.Timeline.Changed(f.Amiss)
			}
		}
		if only {
			x.r.Notes = append(x.r.Notes, s.Notes()...)
		}
	}
	return only || len(x.finds) > 0, nil
}

// Kept is a find as a file has it.
type Kept struct {
	Comment  []string // the lines before all others, without '#'
	Name     string   // of the body
	Law      Law      // "" if the file does not say it
	Unfair   int      // see Find
	Schedule []program.Decision
}

// ofProgram is the error that a file is what was found in a program of calls, which is another test's.
type ofProgram struct {
	file string
	line int
}

func (e *ofProgram) Error() string {
	return fmt.Sprintf("%s:%d:1: it is a find of Equivalent or Linearizable, want one of Explore", e.file, e.line)
}

// Read reads a file that Explore wrote, or a person. An error that is not about reaching the file begins
// with file, line and column.
func Read(file string) (*Kept, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	k := &Kept{}
	for i, line := range strings.Split(string(text), "\n") {
		trimmed := strings.TrimSpace(line)
		if comment, ok := strings.CutPrefix(trimmed, "#"); ok || trimmed == "" {
			if ok && k.Name == "" {
				k.Comment = append(k.Comment, strings.TrimSpace(comment))
			}
			continue
		}
		key, value, _ := strings.Cut(trimmed, ":")
		switch value = strings.TrimSpace(value); key {
		case "body":
			k.Name = value
		case "unfair":
			if k.Unfair, err = strconv.Atoi(value); err != nil || k.Unfair < 1 {
				return nil, fmt.Errorf("%s:%d:1: unfair: wants a whole number of points, got %q", file, i+1, value)
			}
		case "law": // for a person: which it is, the run shows
			k.Law = Law(value)
		case "schedule":
			d, err := program.ParseDecision(file, i+1, strings.Index(line, value)+1, value)
			if err != nil {
				return nil, err
			}
			k.Schedule = append(k.Schedule, d)
		case "batchlab":
			return nil, &ofProgram{file, i + 1}
		default:
			return nil, fmt.Errorf("%s:%d:1: %q is none of the body:, law:, unfair: and schedule: lines", file, i+1, key)
		}
	}
	if k.Name == "" {
		return nil, fmt.Errorf("%s:1:1: no body: line, want the name of the test", file)
	}
	return k, nil
}
