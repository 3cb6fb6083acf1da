package runner

import (
	"fmt"
	"os"
	"strings"
)

// owner names a process so that another one on the same host can tell whether it
// is gone: host, boot, process namespace, pid and the start time of that pid.
// The namespace is there because two containers may share host and pid.
type owner struct {
	place string // host, boot and process namespace
	pid   int
	start string
}

func thisProcess() owner {
	host, _ := os.Hostname()
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, _ := os.Readlink("/proc/self/ns/pid")
	o := owner{place: strings.Join([]string{host, strings.TrimSpace(string(boot)), space}, "/"), pid: os.Getpid()}
	o.start, _ = started(o.pid)
	return o
}

func (o owner) String() string { return fmt.Sprintf("%s/%d/%s", o.place, o.pid, o.start) }

// gone says whether the process that a lease names is certainly gone. What
// cannot be told from here (another host, a system without /proc) counts as
// alive: its lease runs out instead.
func (o owner) gone(lease string) bool {
	rest, here := strings.CutPrefix(lease, o.place+"/")
	if !here || o.start == "" {
		return false
	}
	var pid int
	var start string
	if n, _ := fmt.Sscanf(rest, "%d/%s", &pid, &start); n != 2 {
		return false
	}
	now, running := started(pid)
	return !running || now != start
}

// started gives the start time of a process, in clock ticks since boot (field 22
// of /proc/PID/stat), and whether it runs; a zombie does not.
func started(pid int) (ticks string, running bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", false
	}
	text := string(stat)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // from field 3, the state
	if len(fields) < 20 {
		return "", false
	}
	return fields[19], fields[0] != "Z" && fields[0] != "X"
}
