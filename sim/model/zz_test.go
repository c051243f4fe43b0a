package model
import ("testing";"os";"math/rand/v2";"time";"batchlab/sim/program")
func TestZZ(t *testing.T){ for _,n:=range []string{"18","32","08"} { b,_:=os.ReadFile("/tmp/meg/dedup-batcher-"+n+".seed"); p,err:=program.Parse("x",b,program.Names{}); if err!=nil {t.Fatal(err)}
 f:=Follow(p,nil); for _,g:=range program.Groups(allOps(p)) { s:=time.Now(); outs:=f.GroupOutcomes(g,50); d:=time.Since(s); s=time.Now(); ok:=len(outs)>0 && f.StepGroup(g,outs[rand.IntN(len(outs))]); t.Log(n, g, len(outs), d, time.Since(s), ok, f.Err(), len(f.states)); if !ok {break} } } }
