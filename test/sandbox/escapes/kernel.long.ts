import { readFileSync } from "node:fs";
import { check, saidReached, useArena } from "../attack.ts";

useArena();

const opens = (path: string, flags = "os.O_WRONLY") => ({
  python: `os.open("${path}", ${flags}); reached()`,
  reached: saidReached,
});
check("the program that is run for crashes", { ...opens("/proc/sys/kernel/core_pattern"), unshown: "user" });
check("the program that is run for modules", {
  ...opens("/proc/sys/kernel/modprobe"),
  unshown: "not every kernel has it",
});
check("the limit of user namespaces", {
  ...opens("/proc/sys/user/max_user_namespaces"),
  unshown: "not every administrator may",
});
check("keys that reach the kernel", { ...opens("/proc/sysrq-trigger"), unshown: "not every kernel has it" });
check("a setting of the kernel", {
  ...opens("/sys/kernel/mm/transparent_hugepage/enabled"),
  unshown: "not every kernel has it",
});
check("a device of the kernel", { ...opens("/sys/kernel/uevent_helper"), unshown: "not every kernel has it" });
check("the log of the kernel", { ...opens("/dev/kmsg", "os.O_RDONLY"), unshown: "user" });
check("the memory of the machine", { ...opens("/dev/mem", "os.O_RDONLY"), unshown: "not every kernel has it" });
check("a program that a group of processes runs at its end", {
  python: `
for folder, _, names in os.walk("/sys/fs/cgroup"):
    for name in names:
        if name in ("release_agent", "cgroup.procs", "notify_on_release"):
            try: os.open(os.path.join(folder, name), os.O_WRONLY); reached()
            except OSError: pass
    if folder.count("/") > 6: break`,
  reached: saidReached,
  unshown: "user",
});
check("a group of processes of one's own", {
  python: `
for folder in ["/sys/fs/cgroup"] + [entry.path for entry in os.scandir("/sys/fs/cgroup") if entry.is_dir()]:
    try: os.mkdir(folder + "/" + env["TOKEN"]); os.rmdir(folder + "/" + env["TOKEN"]); reached()
    except OSError: pass`,
  reached: saidReached,
  unshown: "user",
});
check("a disk", {
  python: `
for name in os.listdir("/sys/block"):
    try: os.open("/dev/" + name, os.O_RDONLY); reached()
    except OSError: pass`,
  reached: saidReached,
  unshown: "user",
});
check("a device that makes a disk of a file", {
  ...opens("/dev/loop-control", "os.O_RDWR"),
  unshown: "not every kernel has it",
});

const calls = (name: string, args: string, unshown?: string) =>
  check(`the call ${name}`, { python: `call("${name}", ${args}); reached()`, reached: saidReached, unshown });
calls("unshare", "0x10000000");
calls("clone", "0x10000000 | 17, 0, 0, 0, 0");
calls(
  "clone3",
  "ctypes.create_string_buffer(struct.pack('QQQQQQQQQQQ', 0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)), 88",
);
calls("keyctl", "0, -3, 1");
calls("add_key", "ctypes.c_char_p(b'user'), ctypes.c_char_p(token), ctypes.c_char_p(b'x'), ctypes.c_long(1), -2");
calls("bpf", "0, ctypes.create_string_buffer(struct.pack('IIII', 2, 4, 4, 1) + bytes(112)), 128", "user");
calls(
  "perf_event_open",
  "ctypes.create_string_buffer(struct.pack('IIQ', 1, 128, 0) + bytes(112)), 0, -1, -1, 0",
  "not every kernel has it",
);
calls("userfaultfd", "0", "user");
calls("personality", "8");
calls("syslog", "10, 0, 0", "user");
calls("kcmp", "os.getpid(), os.getpid(), 0, 0, 1", "not every kernel has it");
calls("quotactl", "0x80000100, 0, 0, 0", "not every kernel has it");
calls(
  "clock_settime",
  "0, ctypes.create_string_buffer(struct.pack('qq', int(time.time()), 0))",
  "it would move the clock",
);
calls("acct", "ctypes.c_char_p(None)", "it would end what others account");
calls("chroot", "ctypes.c_char_p(b'/')", "user");
calls("swapoff", "ctypes.c_char_p(b'/nowhere')", "there is nothing to swap to");
calls("reboot", "0xfee1dead, 672274793, 0, 0", "it would change what a key does");

check("calls of another kind than the processor's own", {
  python: "call(0x40000000 + 39); reached()",
  reached: saidReached,
  unshown: "not every kernel has them",
});
check("typing into the terminal", {
  tty: true,
  python: 'fcntl.ioctl(0, 0x5412, b"x"); reached()',
  reached: saidReached,
  unshown: typesIntoTerminals() ? undefined : "this kernel does not let anybody",
});
check("the terminal of whoever started this", {
  python: 'os.open("/dev/tty", os.O_RDWR); reached()',
  reached: saidReached,
  unshown: "commands have none without the sandbox either",
});
check("more shared memory than the machine has", {
  python: 'file = os.open("/dev/shm/x", os.O_CREAT | os.O_RDWR); os.posix_fallocate(file, 0, 8 << 30); reached()',
  reached: saidReached,
  unshown: "it would take that memory",
});
check("more temporary files than the machine has memory", {
  python: 'file = os.open("/tmp/x", os.O_CREAT | os.O_RDWR); os.posix_fallocate(file, 0, 8 << 30); reached()',
  mode: "readOnly",
  reached: saidReached,
  unshown: "it would take that space",
});
check("files in the folder of devices", {
  bash: '> /dev/x && echo "REACHED $TOKEN"',
  reached: saidReached,
  unshown: "user",
});

function typesIntoTerminals(): boolean {
  try {
    return readFileSync("/proc/sys/dev/tty/legacy_tiocsti", "latin1").trim() === "1";
  } catch {
    return true;
  }
}
