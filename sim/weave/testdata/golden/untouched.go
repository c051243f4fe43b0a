package golden

// batchlab_c1 is a name that woven code would have had.
var batchlab_c1 int

func untouched(sum []int) (n int) {
	for _, v := range sum {
		n += v
	}
	return n
}
