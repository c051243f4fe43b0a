package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// fetch returns the file of a binary: the one that is here, if it is what its name says, or the server's. What is not
// of that digest is not there to be started.
func (w *worker) fetch(ctx context.Context, digest string) (string, error) {
	w.binaries.Lock()
	defer w.binaries.Unlock()
	if sum, err := hex.DecodeString(digest); err != nil || len(sum) != sha256.Size {
		return "", fmt.Errorf("%.80q is no digest of a binary", digest)
	}
	file := filepath.Join(w.dir, digest)
	if sum, err := digestOf(file); err == nil && sum == digest {
		return file, nil
	}
	object, err := w.objects.Get(ctx, digest)
	if err != nil {
		return "", fmt.Errorf("binary %.12s: %w", digest, plain(err))
	}
	defer object.Close()
	f, err := os.CreateTemp(w.dir, "fetched-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name()) // if it is still there
	_, err = io.Copy(f, object)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("binary %.12s: %w", digest, err)
	}
	if sum, err := digestOf(f.Name()); err != nil || sum != digest {
		return "", fmt.Errorf("binary %.12s: what the server has under that digest has %.12s", digest, sum)
	}
	if err := os.Chmod(f.Name(), 0o700); err != nil {
		return "", err
	}
	return file, os.Rename(f.Name(), file)
}

// prune removes binaries, and what units left of workers that were killed, if they are old.
func prune(dir string) {
	files, _ := filepath.Glob(filepath.Join(dir, "*")) // the pattern is one
	runs, _ := filepath.Glob(filepath.Join(dir, "run", "*"))
	for _, file := range append(files, runs...) {
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > keepBinaries {
			os.RemoveAll(file)
		}
	}
}

func digestOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return hex.EncodeToString(sum.Sum(nil)), err
}
