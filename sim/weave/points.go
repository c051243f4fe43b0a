package weave

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// Points are the lines at which there are scheduling points, in ascending order, by the path of the file that was
// woven, as far as it is in the main module and not woven quietly.
func (b Build) Points() (map[string][]int, error) {
	text, err := os.ReadFile(b.Overlay)
	if err != nil {
		return nil, err
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &overlay); err != nil {
		return nil, err
	}
	points := map[string][]int{}
	for file, woven := range overlay.Replace {
		if woven == "" {
			continue
		}
		text, err := os.ReadFile(woven)
		if err != nil {
			return nil, err
		}
		site := regexp.MustCompile(`"` + regexp.QuoteMeta(filepath.Base(file)) + `:(\d+)"`)
		var lines []int
		for _, m := range site.FindAllSubmatch(text, -1) {
			n, _ := strconv.Atoi(string(m[1])) // digits
			lines = append(lines, n)
		}
		if slices.Sort(lines); len(lines) > 0 {
			points[file] = slices.Compact(lines)
		}
	}
	return points, nil
}
