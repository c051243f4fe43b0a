//go:build go1.20 && !ignore

package golden

import . "time"

func dotted() { Sleep(Second) }
