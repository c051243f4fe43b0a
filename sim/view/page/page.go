// Package page draws a find as a page of HTML that needs nothing else: no network, and no JavaScript to be read.
//
//	err := page.Save("find.html", t)
//
// Everything that comes from outside, a seed, a source, what a component answers, stays text: it is escaped where it
// stands, and the page's own policy lets nothing run, and nothing be asked for, but what is in this package.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"

	"batchlab/sim/view/timeline"
)

//go:embed page.html page.css beside.css list.css page.js
var files embed.FS

// A place may be broken behind its path.
var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"cut": func(site string) []string { return strings.SplitAfter(site, "/") },
}).ParseFS(files, "page.html"))

// HTML is the page of a timeline.
func HTML(t *timeline.Timeline) ([]byte, error) {
	v := newView(t)
	style, script := v.style(), text("page.js")
	v.Style, v.Script = template.CSS(style), template.JS(script)
	v.Policy = fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'",
		source(style), source(script))
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func text(file string) string {
	b, err := files.ReadFile(file)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// source is a text as a policy names it.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Folder is where pages are that nobody has named a file for. What is in it is not for version control.
const Folder = ".batchlab"

// File is where the page of a find is that nobody has named a file for, below a folder.
func File(dir, seed string) string {
	return filepath.Join(dir, Folder, strings.TrimSuffix(filepath.Base(seed), ".seed")+".html")
}

// Save writes the page of a timeline to a file, all of it or nothing.
func Save(file string, t *timeline.Timeline) error {
	text, err := HTML(t)
	if err != nil {
		return err
	}
	return Write(file, text)
}

// Write writes a file whole, or not at all. The folder named Folder is made, and says that it is not for version
// control; any other is to be there.
func Write(file string, text []byte) error {
	dir := filepath.Dir(file)
	if filepath.Base(dir) == Folder {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if ignore := filepath.Join(dir, ".gitignore"); !exists(ignore) {
			if err := os.WriteFile(ignore, []byte("*\n"), 0o666); err != nil {
				return err
			}
		}
	}
	f, err := os.CreateTemp(dir, ".page-")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", file, err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", file, err)
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
