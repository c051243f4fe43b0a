package twin

import "syscall"

// stuck has a twin that is stuck say where, and ends it.
func (p *process) stuck(why string) string {
	p.cmd.Process.Signal(syscall.SIGQUIT)
	p.end()
	return why + "\n" + p.tail.String()
}
