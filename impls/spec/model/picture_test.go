package model_test

import (
	"slices"
	"strings"
	"testing"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// A picture is a program with what comes of each operation indented below it: the
// time of an event and its line. Where the model has a choice, each outcome is
// headed by "either" or "or".
//
// redraw runs the operations of a picture and draws it again.
func redraw(t *testing.T, k *kind.Kind, config, picture string) string {
	t.Helper()
	var ops []string
	for line := range strings.Lines(picture) {
		if !strings.HasPrefix(line, "  ") {
			ops = append(ops, line)
		}
	}
	header := "batchlab: 1\nsubject: " + k.Name + "\nconfig: " + config + "\n\n"
	p, err := program.Parse("picture", []byte(header+strings.Join(ops, "")), names)
	if err != nil {
		t.Fatal(err)
	}
	f := follow(p, nil)
	var b strings.Builder
	for _, o := range p.Ops {
		b.WriteString(program.OpText(k, o) + "\n")
		outcomes := f.Outcomes([]kind.Op{o}, 100)
		if err := f.Err(); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, events := range outcomes {
			text := ""
			for _, e := range events {
				text += "  +" + e.At.String() + " " + k.Text(e) + "\n"
			}
			if !slices.Contains(texts, text) { // states may differ in what comes later
				texts = append(texts, text)
			}
		}
		if len(texts) > 1 {
			b.WriteString("  either\n" + strings.Join(texts, "  or\n"))
		} else {
			b.WriteString(strings.Join(texts, ""))
		}
		f.Advance(o)
	}
	return b.String()
}

// drawing is a test: its picture has to come out as it went in.
type drawing struct{ name, config, picture string }

func checkDrawings(t *testing.T, k *kind.Kind, drawings []drawing) {
	for _, d := range drawings {
		t.Run(d.name, func(t *testing.T) {
			want := strings.TrimPrefix(d.picture, "\n")
			if got := redraw(t, k, d.config, want); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
