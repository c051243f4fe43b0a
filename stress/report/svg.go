package report

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"image/color"
	"regexp"
	"strings"
	"unicode"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// What a chart is drawn in. Both colours stand for something else in the page: ink for that of
// text, rule for that of a faint line.
var (
	ink   = color.Black
	rule  = rgb("#010203")
	faint = draw.LineStyle{Color: rule, Width: 0.5}
)

// textSize is that of all text in a chart. A chart is as wide as a phone, so that
// nothing shrinks there.
const (
	textSize  = 10.5
	chartWide = 350
)

var sans = font.Font{Typeface: "Liberation", Variant: "Sans", Size: textSize}

// newPlot is a plot in the style of the page: no ground, no title, thin lines.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Tick.Label.Font = sans
		a.Label.TextStyle.Font = sans
		a.Tick.Length = 3
		a.LineStyle.Width = 0.5
		a.Tick.LineStyle.Width = 0.5
		a.Padding = 2
	}
	return p
}

var (
	fontStyle = regexp.MustCompile(`font-family:[^;"]*;font-variant:[^;"]*;font-weight:[^;"]*;font-style:[^;"]*;?`)
	hexColour = regexp.MustCompile(`#[0-9A-F]{6}`)
	heading   = regexp.MustCompile(`(?s)^.*?<svg[^>]*>`)
)

// render draws on a canvas and returns the SVG element for the page: it scales, has no
// ground, takes its colours from the page's properties, and says what it shows.
// Without a label it is an ornament.
func render(width, height vg.Length, label string, drawOn func(draw.Canvas)) template.HTML {
	canvas := vgsvg.New(width, height)
	drawOn(draw.New(canvas))
	var out bytes.Buffer
	_, _ = canvas.WriteTo(&out) // to a bytes.Buffer, which does not fail
	says := `aria-hidden="true"`
	if label != "" {
		says = fmt.Sprintf(`role="img" aria-label="%s"`, html.EscapeString(printable(label)))
	}
	head := fmt.Sprintf(`<svg viewBox="0 0 %.5g %.5g" %s fill="currentColor">`, width.Points(), height.Points(), says)
	body := heading.ReplaceAllLiteralString(out.String(), "")
	body = fontStyle.ReplaceAllString(body, "")
	body = eachStyle.ReplaceAllStringFunc(body, themed)
	return template.HTML(head + strings.TrimSpace(body)) // vgsvg escapes text, and the label is escaped above
}

// eachStyle keeps texts out of reach, which may look like a colour.
var eachStyle = regexp.MustCompile(`style="[^"<>]*"`)

// themed replaces colours by the page's properties.
func themed(style string) string {
	return hexColour.ReplaceAllStringFunc(style, func(hex string) string {
		switch hex {
		case "#000000":
			return "currentColor"
		case "#010203":
			return "var(--rule)"
		}
		for i, c := range palette {
			if c.light == hex {
				return fmt.Sprintf("var(--c%d)", i)
			}
		}
		return hex
	})
}

// printable puts a question mark for what nobody can see, and XML and fonts cannot say.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return visible(r)
	}, s)
}

func visible(r rune) rune {
	if r != '\n' && r != '\t' && (r == unicode.ReplacementChar || !unicode.IsPrint(r)) {
		return '?'
	}
	return r
}

// write writes text beside a point of a chart, its middle at the height of the point.
func write(c *draw.Canvas, x, y vg.Length, align draw.XAlignment, s string) {
	// The middle of a digit is what the eye takes for the middle, not that of the line.
	const middle = 0.36 * textSize
	c.FillText(textStyle(align), vg.Point{X: x, Y: y - middle}, printable(s))
}

func textStyle(align draw.XAlignment) draw.TextStyle {
	return draw.TextStyle{
		Color: ink, Font: sans, XAlign: align, YAlign: draw.YBottom, Handler: plot.DefaultTextHandler,
	}
}

// swatch draws an implementation's colour, and its line and mark, for a legend.
func swatch(impl string, paint paint, line bool) template.HTML {
	const wide, high = 30, 12
	if !line {
		return render(high, high, "", func(c draw.Canvas) {
			c.FillPolygon(paint.colour(impl), []vg.Point{{X: 1, Y: 1}, {X: high - 1, Y: 1}, {X: high - 1, Y: high - 1},
				{X: 1, Y: high - 1}})
		})
	}
	return render(wide, high, "", func(c draw.Canvas) {
		style := draw.LineStyle{Color: paint.colour(impl), Width: 1.5, Dashes: paint.dashes(impl)}
		c.StrokeLine2(style, 0, high/2, wide, high/2)
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: paint.colour(impl), Radius: 3.5, Shape: paint.mark(impl)},
			vg.Point{X: wide / 2, Y: high / 2})
	})
}
