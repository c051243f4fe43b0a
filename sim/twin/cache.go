package twin

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// cache keeps what was built, each in a folder of its own, so that the next process finds it.
type cache struct{ dir string }

// openCache is the cache in the user's folder for such things, or in one for temporary files
// if that cannot be written to.
func openCache() (*cache, error) {
	dir, err := os.UserCacheDir()
	if err == nil {
		dir = filepath.Join(dir, labPath)
		if err = writable(dir); err == nil {
			return &cache{dir}, nil
		}
	}
	dir = filepath.Join(os.TempDir(), fmt.Sprintf("%s-%d", labPath, os.Getuid()))
	if writable(dir) == nil {
		return &cache{dir}, nil
	}
	return nil, fmt.Errorf("the woven twin can be kept nowhere: %w", err)
}

// writable makes a folder, and returns an error if it cannot be written to, or somebody
// else can: what is in it is run.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || int(s.Uid) != os.Getuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not the user's own", dir)
	}
	return syscall.Access(dir, 2) // to write
}

// most is how many entries of a sort are kept, those that were used last.
const most = 16

// atWork is how long ago somebody may have used an entry that he needs still: a twin
// is used again at each call.
const atWork = 10 * time.Minute

// entry is the folder of that name, which is filled if it is not there. Of several processes
// one fills it, and the others wait.
func (c *cache) entry(sort, name string, fill func(dir string) error) (string, error) {
	all := filepath.Join(c.dir, sort)
	dir := filepath.Join(all, name)
	if used(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(all, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(dir+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("%s: %w", lock.Name(), err)
	}
	defer os.Remove(lock.Name())
	if used(dir) {
		return dir, nil
	}
	made, err := os.MkdirTemp(all, "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(made)
	if err := fill(made); err != nil {
		return "", err
	}
	c.forget(sort, most)
	if err := os.Rename(made, dir); err != nil && !used(dir) {
		return "", err
	}
	return dir, nil
}

// used reports whether an entry is there, and notes that it was used.
func used(dir string) bool {
	now := time.Now()
	os.Chtimes(dir, now, now)
	_, err := os.Stat(dir)
	return err == nil
}

// forget removes the entries of a sort that were not used for longest, if there are more than n
// of them. One that somebody may be at work on stays.
func (c *cache) forget(sort string, n int) {
	all := filepath.Join(c.dir, sort)
	list, err := os.ReadDir(all)
	if err != nil || len(list) < n {
		return
	}
	age := func(e os.DirEntry) time.Duration {
		info, err := e.Info()
		if err != nil {
			return 0
		}
		return time.Since(info.ModTime())
	}
	slices.SortFunc(list, func(a, b os.DirEntry) int { return cmp.Compare(age(a), age(b)) })
	for _, e := range list[n-1:] {
		if age(e) > atWork {
			os.RemoveAll(filepath.Join(all, e.Name()))
		}
	}
}

// hashOf is a hash of a file's content.
func hashOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return fmt.Sprintf("%x", h.Sum(nil)[:16]), err
}
