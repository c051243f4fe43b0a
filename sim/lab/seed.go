package lab

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"batchlab/sim/program"
)

// SeedSuffix is how the name of a seed file ends.
const SeedSuffix = ".seed"

// Names returns what seed files may speak of: every law, and the lab's subjects.
func (l *Lab) Names() program.Names {
	return program.Names{Kinds: l.Kinds(), Subjects: func(name string) []string {
		var names []string
		for _, s := range l.Subjects {
			if s.Kind.Name == name {
				names = append(names, s.Name)
			}
		}
		return names
	}}
}

// ReadSeed reads a seed file. An error that is not about reaching the file is a
// *program.SyntaxError. No more is read than a seed file may hold.
func ReadSeed(file string, names program.Names) (*program.Program, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, program.MaxFileSize+1))
	if err != nil {
		return nil, err
	}
	return program.Parse(file, text, names)
}

// ReadSeeds reads the seed files at some paths, in order: files, and all those below directories.
func ReadSeeds(names program.Names, paths ...string) ([]Seed, error) {
	var seeds []Seed
	for _, path := range paths {
		files, err := SeedFiles(path)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			p, err := ReadSeed(f, names)
			if err != nil {
				return nil, err
			}
			seeds = append(seeds, Seed{File: f, Program: p})
		}
	}
	return seeds, nil
}

// SeedFiles returns the seed files at a path: itself if it is a file, all those
// below it, in order, if it is a directory, which may be none.
func SeedFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, SeedSuffix) {
			files = append(files, p)
		}
		return err
	})
	slices.Sort(files)
	return files, err
}

// SaveSeed writes a program as a seed file named after its violation, or whatever it shows, and
// returns the file's name. The file appears whole or not at all, and none is overwritten
// with something else: the name holds a digest of the program.
func SaveSeed[S ~string](dir string, as S, p *program.Program) (string, error) {
	sum := sha256.Sum256([]byte(p.Bare().String()))
	name := filepath.Join(dir, string(as)+"_"+hex.EncodeToString(sum[:4])+SeedSuffix)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(p.String())
	if err = errors.Join(err, tmp.Sync(), tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	return name, err
}
