package timeline

// mostMeanwhile is how many things are named that changed while somebody was stopped.
const mostMeanwhile = 3

// Meanwhile says, of a row at which a goroutine is stopped in a call, what others changed before it went on that it had
// looked at before in that call, and changes then without another look: what it knows of that is old.
func (r *Run) Meanwhile(at int) (list []string) {
	c := r.Rows[at].Column
	before, after := map[int]int{}, map[int]int{} // rows, by object
	for i := at - 1; i >= 0 && !r.bounds(i, c); i-- {
		r.memory(i, c, before)
	}
	next := len(r.Rows)
	for i := at + 1; i < len(r.Rows) && !r.bounds(i, c); i++ {
		if r.Rows[i].Column == c {
			next = min(next, i)
		}
		r.memory(i, c, after)
	}
	for i := at + 1; i < next && len(list) < mostMeanwhile; i++ {
		for _, o := range r.Rows[i].Objects {
			first, had := before[o]
			last, has := after[o]
			if !had || !has || !looks[r.Rows[first].Text] || looks[r.Rows[last].Text] {
				continue
			}
			if !looks[r.Rows[i].Text] && r.Rows[last].Text != "compare-and-swap" { // which would see that
				delete(before, o)
				list = append(list, r.Objects[o].Name+": "+r.done(first)+", meanwhile "+r.done(i)+", then "+r.done(last))
			}
		}
	}
	return list
}

// bounds reports whether a call of a column begins or ends at a row.
func (r *Run) bounds(i, c int) bool {
	return r.Rows[i].Column == c && (r.Rows[i].Kind == Call || r.Rows[i].Kind == Answer)
}

// memory takes in which row of a column is the first to come to each part of memory.
func (r *Run) memory(i, c int, rows map[int]int) {
	if r.Rows[i].Column != c || r.Rows[i].Kind != Point {
		return
	}
	for _, o := range r.Rows[i].Objects {
		sort := r.Objects[o].Sort
		if _, ok := rows[o]; !ok && (sort == "memory" || sort == "variable") {
			rows[o] = i
		}
	}
}

// looks are what changes nothing.
var looks = map[string]bool{"load": true, "read": true, "now": true, "since": true, "until": true}

// done is what a row does, what was there, and who does it.
func (r *Run) done(i int) string {
	text := r.Rows[i].Text
	if value := r.Rows[i].Value; value != "" {
		text += ", " + value
	}
	return text + " (" + r.at(i) + ")"
}

// at is who does a row, and where.
func (r *Run) at(i int) string { return r.Columns[r.Rows[i].Column].Name + " at " + r.Rows[i].Site }
