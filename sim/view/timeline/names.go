package timeline

import (
	"cmp"
	"maps"
	"path"
	"path/filepath"
	"strings"
)

// tellApart puts before the name of a file, wherever a place in it is named, as much of its path as tells it from
// other files of that name: a/q.go:4.
func (s *sources) tellApart(t *Timeline) {
	byName := map[string][]string{}
	for file, f := range s.files {
		if len(f.at) > 0 {
			byName[filepath.Base(file)] = append(byName[filepath.Base(file)], file)
		}
	}
	names := map[string]string{} // by path
	for _, files := range byName {
		if len(files) > 1 {
			maps.Copy(names, apart(files))
		}
	}
	if len(names) == 0 {
		return
	}
	for _, text := range t.placed() {
		var b strings.Builder
		done := 0
		for _, at := range Sites.FindAllStringIndex(*text, -1) {
			site := (*text)[at[0]:at[1]]
			if name := names[s.places[site]]; name != "" && !strings.HasSuffix((*text)[:at[0]], "/") {
				b.WriteString((*text)[done:at[0]] + name + site[strings.Index(site, ":"):])
				done = at[1]
			}
		}
		*text = b.String() + (*text)[done:]
	}
}

// apart is of each path of files of one name as much as tells it from the others.
func apart(files []string) map[string]string {
	for n := 2; ; n++ {
		names, ends := map[string]string{}, map[string]bool{}
		most := 0
		for _, file := range files {
			parts := strings.Split(filepath.ToSlash(file), "/")
			names[file] = path.Join(parts[max(0, len(parts)-n):]...)
			ends[names[file]], most = true, max(most, len(parts))
		}
		if len(ends) == len(files) || n > most {
			return names
		}
	}
}

// placed are the texts in which places can be named.
func (t *Timeline) placed() []*string {
	list := []*string{&t.Detail, &t.Hint}
	add := func(texts []string) {
		for i := range texts {
			list = append(list, &texts[i])
		}
	}
	add(t.Verdict)
	for k := range t.Runs {
		r := &t.Runs[k]
		list = append(list, &r.Mend, &r.Note)
		for i := range r.Columns {
			list = append(list, &r.Columns[i].Born)
		}
		for i := range r.Rows {
			list = append(list, &r.Rows[i].Site, &r.Rows[i].By, &r.Rows[i].Note)
		}
		for i := range r.Objects {
			list = append(list, &r.Objects[i].Made)
		}
		for i := range r.Waits {
			list = append(list, &r.Waits[i].Site, &r.Waits[i].BySite, &r.Waits[i].Born)
			add(r.Waits[i].Last)
		}
	}
	for k := range t.Sources {
		for i := range t.Sources[k].Lines {
			list = append(list, &t.Sources[k].Lines[i].Site)
		}
	}
	return list
}

// withoutVerdict is a detail without its first lines if the verdict ends with them.
func withoutVerdict(detail string, verdict []string) string {
	for detail != "" && len(verdict) > 0 {
		first, rest, _ := strings.Cut(detail, "\n")
		if !strings.HasSuffix(verdict[0], cmp.Or(strings.TrimSpace(first), "\n")) {
			break
		}
		detail = rest
	}
	return detail
}
