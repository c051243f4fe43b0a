//go:build race

package stress

import (
	"bytes"
	"strings"
	"testing"
)

// A data race in a worker fails the run, and its report is shown.
func TestApartFailsForADataRace(t *testing.T) {
	var stderr bytes.Buffer
	o := Options{Items: 3000, Subjects: apartNamed(t, "races", "good"), Producers: []int{8}}
	o.Scenarios = []string{"heavy"}
	s, err := RunApart(t.Context(), o, Apart{Worker: testWorker(), Stderr: &stderr})
	if err == nil || err.Error() != "batcher/races: exit status 66" || !strings.Contains(stderr.String(), "WARNING: DATA RACE") {
		t.Errorf("error %v, standard error\n%s", err, &stderr)
	}
	if len(s.Rows) != 2 || !s.Race {
		t.Errorf("%d rows, race detector %v", len(s.Rows), s.Race)
	}
}
