package lab

import (
	"encoding/binary"
	"os"
)

// A worker in a campaign says what it is about to do before it does it: which program, on
// which subject. That is thousands of times a second, and is asked for only if the worker dies
// or hangs. So it is no note, which would wake the parent, and stands in a file that both have
// open.

// placeFile is the descriptor of that file in a worker.
const placeFile = 4

// newPlace is such a file, without a name.
func newPlace() (*os.File, error) {
	f, err := os.CreateTemp("", "batchlab-place-*")
	if err == nil {
		err = os.Remove(f.Name())
	}
	return f, err
}

// setPlace says that the subject of that index is about to run a program, counted from 1.
func setPlace(f *os.File, program, subject int) error {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:], uint64(program))
	binary.LittleEndian.PutUint64(b[8:], uint64(subject))
	_, err := f.WriteAt(b[:], 0)
	return err
}

// place is what was said last: no program, 0, if nothing was.
func place(f *os.File) (program, subject int) {
	var b [16]byte
	if _, err := f.ReadAt(b[:], 0); err != nil {
		return 0, 0
	}
	return int(binary.LittleEndian.Uint64(b[:])), int(binary.LittleEndian.Uint64(b[8:]))
}
