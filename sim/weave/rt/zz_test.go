package rt
import "testing"
func TestZZ(t *testing.T) {
	res := Run(Config{Chooser: &dice{9}}, func() {
			s.nlog = maxLog - int(9)
			for range 9 {
				goes(func() {})
			}
			Idle(1)
			t.Log(s.nlog, s.points, s.nlive, s.n)
			for i := 0; ; i++ {
				goes(func() {})
				if i < 3 { t.Log(s.nlog, s.points, s.nlive, s.n, s.dying) }
			}
		})
	t.Log(res.Points)
}
