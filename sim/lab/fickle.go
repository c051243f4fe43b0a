package lab

import (
	"fmt"
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// mostPairs is how many schedules are run twice to see what differs.
const mostPairs = 50

// fickle says what a subject does otherwise under one and the same schedule: the call, if an answer
// differs, or else the place up to which all was the same. It is "" if nothing was seen.
func fickle(p *program.Program, s kind.Subject) string {
	for seed := range uint64(mostPairs) {
		h, log, err := again(p, s, seed)
		o, more, other := again(p, s, seed)
		if err != nil || other != nil {
			continue
		}
		if i := history.Agree(h, o); i < max(len(h.Events), len(o.Events)) {
			return Differs(h, o)
		}
		for i := range log {
			if i == len(more) || log[i] != more[i] {
				for i > 0 && strings.IndexByte(log[i], ' ') < 0 { // a point of the lab, after one of the component
					i--
				}
				return "it went on otherwise at " + log[i]
			}
		}
	}
	return ""
}

// again runs a program under the random schedule of a seed: what is seen of it, and where the choices were.
func again(p *program.Program, s kind.Subject, seed uint64) (history.History, []string, error) {
	random, err := sched.New("random", seed)
	if err != nil {
		return history.History{}, nil, err
	}
	random.Begin()
	x, err := engine.Woven(p, s, random)
	if err != nil {
		return history.History{}, nil, err
	}
	return history.Seen(&x.Run), places(x.Log), nil
}

func places(log []rt.Decision) []string {
	list := make([]string, len(log))
	for i, d := range log {
		list[i] = strings.TrimSpace(d.Site + " " + d.What)
	}
	return list
}

// Differs says in what two histories differ first.
func Differs(h, o history.History) string {
	i := history.Agree(h, o)
	return fmt.Sprintf("first %s, then %s", brief(h.Line(i)), brief(o.Line(i)))
}

// brief is a line without what only fills it.
func brief(line string) string { return strings.Join(strings.Fields(line), " ") }
