package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"time"

	"batchlab/impls/spec"
)

// request asks a worker for one sample.
type request struct {
	Row     string
	Time    time.Duration // at least, of measured time
	Profile string        `json:",omitempty"` // where profiles go; they cost, so such a sample is no sample
}

// answer is what a worker says to a request.
type answer struct {
	Sample Sample
	Error  string `json:",omitempty"`
}

// Serve measures what the requests on in ask for, and answers on out, until in ends:
// the other half of Run, in a process of its own. A panic in an implementation ends
// that process and nobody else's.
func Serve(in io.Reader, out io.Writer, subjects []spec.Subject) error {
	lines := json.NewDecoder(bufio.NewReader(in))
	replies := json.NewEncoder(out)
	for {
		var r request
		if err := lines.Decode(&r); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("bench: a request that is none: %w", err)
		}
		s, err := measure(r, subjects)
		a := answer{Sample: s}
		if err != nil {
			a.Error = err.Error()
		}
		if err := replies.Encode(a); err != nil {
			return err
		}
	}
}

func measure(r request, subjects []spec.Subject) (Sample, error) {
	sc, s, err := find(r.Row, subjects)
	if err != nil {
		return Sample{}, err
	}
	m := &meter{wanted: r.Time}
	runtime.GC()
	if r.Profile == "" {
		err = sc.run(s, m)
	} else {
		err = profiled(r.Profile, r.Time, func() error { return sc.run(s, m) })
	}
	if err != nil {
		return Sample{}, err
	}
	return m.sample(), nil
}
