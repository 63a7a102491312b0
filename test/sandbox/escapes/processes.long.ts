import { readdir } from "node:fs/promises";
import { check, saidReached, stillRuns, toldSecret, useArena } from "../attack.ts";

useArena();

const outsiderIsGone = async ({ arena }: { readonly arena: { readonly outside: Readonly<Record<string, string>> } }) =>
  !(await readdir("/proc")).includes(arena.outside.PID ?? "");
const KEEPS_IT = "it would end what the other attacks need";

check("a signal to a process outside", { bash: 'kill -9 "$PID"', reached: outsiderIsGone, unshown: KEEPS_IT });
check("a signal to every process", { bash: "kill -9 -1", reached: outsiderIsGone, unshown: KEEPS_IT });
check("a signal to the group of whoever started this", {
  bash: "kill -9 -$(ps -o pgid= -p $PPID) 0",
  reached: outsiderIsGone,
  unshown: KEEPS_IT,
});
check("whether a process outside may be signalled", {
  bash: 'kill -0 "$PID" && echo "REACHED $TOKEN"',
  reached: saidReached,
});
check("a file descriptor for a process outside", {
  python: 'os.pidfd_open(int(env["PID"])); reached()',
  reached: saidReached,
});
check("stopping a process outside for debugging", {
  python: `
libc.ptrace.argtypes = [ctypes.c_long] * 4
if libc.ptrace(16, int(env["PID"]), 0, 0) == 0:
    os.waitpid(int(env["PID"]), 0x40000000); libc.ptrace(17, int(env["PID"]), 0, 0); reached()`,
  reached: saidReached,
  unshown: "user",
});
check("being debugged", { python: 'call("ptrace", 0, 0, 0, 0); reached()', reached: saidReached });
check("the memory of a process outside", {
  python: `
memory = open(f"/proc/{env['PID']}/mem", "rb", 0); memory.seek(int(env["BUFFER"])); print(memory.read(100))`,
  reached: toldSecret,
  unshown: "user",
});
check("the same by a call", {
  python: `
buffer = ctypes.create_string_buffer(43)
class Vector(ctypes.Structure): _fields_ = [("at", ctypes.c_void_p), ("size", ctypes.c_size_t)]
local, remote = Vector(ctypes.addressof(buffer), 43), Vector(int(env["BUFFER"]), 43)
call("process_vm_readv", int(env["PID"]), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0); print(buffer.raw)`,
  reached: toldSecret,
  unshown: "user",
});
check("writing to the memory of one's own parent, by a call", {
  python: `
buffer = ctypes.create_string_buffer(b"x", 1)
class Vector(ctypes.Structure): _fields_ = [("at", ctypes.c_void_p), ("size", ctypes.c_size_t)]
local = Vector(ctypes.addressof(buffer), 1)
call("process_vm_writev", os.getpid(), ctypes.byref(local), 1, ctypes.byref(local), 1, 0); reached()`,
  reached: saidReached,
});
check("writing to the memory of the process that all others end with", {
  python: 'open("/proc/1/mem", "r+b"); reached()',
  reached: saidReached,
  unshown: "without the sandbox it is the machine's first process, which is guarded",
});
check("a descriptor of a process outside", {
  python: 'call("pidfd_getfd", os.pidfd_open(int(env["PID"])), 1, 0); reached()',
  reached: saidReached,
  unshown: "user",
});
check("the environment of processes", {
  bash: "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'",
  reached: toldSecret,
});
check("the command lines of processes", {
  bash: "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'",
  reached: toldSecret,
});
check("one's own environment", { bash: "env", reached: toldSecret, unshown: "no command gets the key" });
check("shared memory of System V", {
  python: `
libc.shmat.restype = ctypes.c_void_p
at = libc.shmat(libc.shmget(int(env["SHM"]), 4096, 0), None, 0)
if at != 2 ** 64 - 1: print(ctypes.string_at(at, 43))`,
  reached: toldSecret,
  unshown: "the segment has no name any more once its owner removed it",
});
check("a queue of messages", {
  python: `
queue = libc.mq_open(env["QUEUE"].encode(), os.O_RDONLY | os.O_NONBLOCK)
buffer = ctypes.create_string_buffer(8192)
if queue >= 0 and libc.mq_receive(queue, buffer, 8192, None) > 0: print(buffer.value)`,
  reached: toldSecret,
});
check("files in shared memory", { bash: 'cat "$MEMORY"', reached: toldSecret });
check("which process is ended when memory is short", {
  bash: 'echo 1000 > "/proc/$PID/oom_score_adj" && echo "REACHED $TOKEN"; echo 0 > "/proc/$PID/oom_score_adj"',
  reached: saidReached,
});
check("that one's own process is not", {
  bash: 'echo -1000 > /proc/self/oom_score_adj && echo "REACHED $TOKEN"',
  reached: saidReached,
  unshown: "not every administrator may",
});
check("the limits of a process outside", {
  python:
    "import resource; resource.prlimit(int(env['PID']), resource.RLIMIT_CORE, resource.prlimit(int(env['PID']), resource.RLIMIT_CORE)); reached()",
  reached: saidReached,
});

const LONG = 'sleep 4; : "$TOKEN"';
check("a process in a session of its own", { bash: `setsid sh -c '${LONG}' & sleep 0.1`, reached: stillRuns });
check("a process whose parents have ended", { bash: `(setsid sh -c '(${LONG}) &' &); sleep 0.1`, reached: stillRuns });
check("a process that ignores signals", {
  bash: `nohup bash -c "trap '' TERM HUP INT; ${LONG}" >/dev/null 2>&1 & disown; sleep 0.1`,
  reached: stillRuns,
});
check("a process with an empty environment", {
  bash: `(setsid env -i /bin/sh -c "sleep 4; : $TOKEN" >/dev/null 2>&1 &); sleep 0.1`,
  reached: stillRuns,
});
check("a process with a terminal", { tty: true, bash: `(setsid sh -c '${LONG}' &); sleep 0.1`, reached: stillRuns });
check("a service of the system", {
  bash: `systemd-run --user --collect sh -c "sleep 4; : $TOKEN" || systemd-run --collect sh -c "sleep 4; : $TOKEN"`,
  reached: stillRuns,
  unshown: "not every machine has one",
});
check("a line in the log of the system", {
  python: `
for path in ("/dev/log", "/run/systemd/journal/socket", "/run/systemd/journal/stdout"):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        try: socket.socket(socket.AF_UNIX, kind).connect(path); reached()
        except OSError: pass`,
  reached: saidReached,
  unshown: "not every machine has one",
});
check("a job for later", {
  bash: `echo "true # $TOKEN" | crontab - && crontab -l; echo "# $TOKEN" > "/etc/cron.d/\${ARENA##*/}" && echo "REACHED $TOKEN"`,
  reached: saidReached,
  unshown: "it would stay",
});
