package report

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"batchlab/stress/bench"
)

// known are the implementations that have a colour of their own, in the order in which
// they stand everywhere. Whoever else is measured takes one that is left.
var known = []string{
	"baseline", "optimized", "pooled", "direct", "direct-pooled",
	"bundler", "go-resiliency", "otter", "ttlcache", "golang-lru",
	bench.LockedAppend, bench.BareMap, bench.LockedMap,
}

// palette has a colour for a light page and one for a dark page, each with a contrast
// of more than three to its ground. The hues are those of Okabe and Ito (2008), which
// people tell apart who see colours differently; dashes and marks differ as well.
var palette = []struct{ light, dark string }{
	{"#6B6B6B", "#B0B0B0"}, // baseline: no hue
	{"#0072B2", "#5BB4F0"},
	{"#B56A00", "#F2AE3A"},
	{"#008A65", "#35CFA0"},
	{"#B2468A", "#E895C4"},
	{"#C94F00", "#FF8A50"}, // peers: two kinds share what is seldom on one chart
	{"#6F49C0", "#B69CFF"},
	{"#C94F01", "#FF8A51"},
	{"#6F49C1", "#B69CFE"},
	{"#7A6A00", "#D6C84A"},
	{"#3D3D3D", "#D6D6D6"}, // limits: no hue, and no two of them on one chart
	{"#3D3D3E", "#D6D6D7"},
	{"#3D3D3F", "#D6D6D8"},
	{"#1F7A8C", "#6ED3E6"}, // others
	{"#8C2F39", "#F28B95"},
}

// implsOf lists the implementations of a table in the order of known, then as they come.
func implsOf(t *bench.Table) []string {
	var list []string
	for _, r := range t.Rows {
		if !slices.Contains(list, r.Impl) {
			list = append(list, r.Impl)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return place(a) - place(b) })
	return list
}

func place(impl string) int {
	if i := slices.Index(known, impl); i >= 0 {
		return i
	}
	return len(known)
}

// paint gives an implementation its place in the palette.
type paint map[string]int

func newPaint(impls []string) paint {
	p := paint{}
	others := 0
	for _, impl := range impls {
		i := place(impl)
		if i == len(known) {
			i += others % (len(palette) - len(known))
			others++
		}
		p[impl] = i
	}
	return p
}

// Class is the CSS class of an implementation's colour.
func (p paint) Class(impl string) string { return fmt.Sprintf("c%d", p[impl]) }

// colour is the light one, which stands for both until the SVG is themed.
func (p paint) colour(impl string) color.Color { return rgb(palette[p[impl]].light) }

func rgb(hex string) color.Color {
	var c color.RGBA
	if _, err := fmt.Sscanf(hex, "#%02X%02X%02X", &c.R, &c.G, &c.B); err != nil {
		panic("report: " + hex + " is no colour")
	}
	c.A = 255
	return c
}

// mark is how an implementation's points look.
func (p paint) mark(impl string) draw.GlyphDrawer {
	marks := []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.RingGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{},
		draw.CrossGlyph{},
	}
	return marks[p[impl]%len(marks)]
}

// dashes is how an implementation's line is broken.
func (p paint) dashes(impl string) []vg.Length {
	lines := [][]vg.Length{nil, {6, 2}, {2, 2}, nil, {6, 2, 2, 2}, {1, 3}, {9, 3}}
	return lines[p[impl]%len(lines)]
}

// paletteCSS defines a property for each colour, light and dark.
func paletteCSS() string {
	var light, dark, classes strings.Builder
	for i, c := range palette {
		fmt.Fprintf(&light, " --c%d: %s;", i, c.light)
		fmt.Fprintf(&dark, " --c%d: %s;", i, c.dark)
		fmt.Fprintf(&classes, ".c%d { color: var(--c%d); }\n", i, i)
	}
	return ":root {" + light.String() + " }\n@media (prefers-color-scheme: dark) { :root {" + dark.String() + " } }\n" +
		classes.String()
}
