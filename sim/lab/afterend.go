package lab

import (
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/sched"
)

// mostAfterEnd is how many coarse schedules are run to see what a component does after its end.
const mostAfterEnd = 500

// excuse says of verdicts which of them come of a component that is used after its end. Without an original no law
// says what becomes of that; and where calls are made together with the one that ends it, they may have come after
// it: that is so if the component breaks the same law when they do, one at a time.
func (j *judges) excuse(list []oracle.Verdict) error {
	if !j.own() {
		return nil
	}
	for i := range list {
		law := list[i].Violation.Law
		if law != kind.Leak && law != kind.Progress {
			continue
		}
		breaks, err := j.breaksAfterEnd(law)
		if err != nil {
			return err
		}
		list[i].Specified = list[i].Specified || breaks
	}
	return nil
}

// breaksAfterEnd reports whether the component breaks a law in this program if its calls are made one at a time, some
// of them after the one that ends it.
func (j *judges) breaksAfterEnd(law kind.LawID) (bool, error) {
	if known, ok := j.after[law]; ok {
		return known, nil
	}
	if j.after == nil {
		j.after = map[kind.LawID]bool{}
	}
	j.after[law] = false
	c := sched.NewCoarse(nil)
	for n := 0; n < mostAfterEnd && c.Begin(); n++ {
		x, err := engine.Woven(j.p, j.s, c)
		if wild(err) {
			continue
		} else if err != nil {
			return false, err
		}
		v, err := oracle.Judge(&x.Run)
		if err != nil {
			return false, err
		}
		if v.Violation != nil && v.Violation.Law == law && oracle.UsedAfterEnd(&x.Run) {
			j.after[law] = true
			break
		}
	}
	return j.after[law], nil
}
