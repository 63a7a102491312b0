import {
  assemble,
  keepBits,
  loadArchitecture,
  loadArgument,
  loadNumber,
  type Program,
  returns,
  unlessEqual,
  whenAnyBit,
  whenAtLeast,
  whenEqual,
} from "./bpf.ts";
import { type Architecture, type Syscall, syscalls } from "./syscalls.ts";

const EPERM = 1;
const ENOSYS = 38;

const allowed = returns(0x7fff0000);
const killed = returns(0x80000000);
const refused = returns(0x00050000 | EPERM);
/** For what programs do another way when the kernel does not know it. */
const unknown = returns(0x00050000 | ENOSYS);

/** How the kernel names the processors, and the number from which on x86 takes calls of its 32-bit kind of pointers. */
const AUDIT_ARCH: Record<Architecture, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };
const X32_BIT = 0x40000000;

/**
 * What no command needs and what would undo the mounts and namespaces that confine it, reach other processes, or reach into the kernel.
 * Most of it needs rights that the command does not have; the filter holds when there is a fault in how the kernel checks those.
 */
const REFUSED: readonly Syscall[] = [
  ...([
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "mount_setattr",
    "move_mount",
    "open_tree",
    "open_tree_attr",
  ] as const),
  ...(["fsopen", "fsconfig", "fsmount", "fspick", "setns", "open_by_handle_at", "quotactl", "quotactl_fd"] as const),
  ...(["ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"] as const),
  ...(["add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd", "syslog", "acct"] as const),
  ...(["init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot"] as const),
  ...(["swapon", "swapoff", "settimeofday", "clock_settime", "clock_adjtime", "iopl", "ioperm"] as const),
];

/** Arguments of these lie in memory, where the filter cannot look: their older forms are judged instead. */
const UNKNOWN: readonly Syscall[] = ["clone3", "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register"];

const NEW_NAMESPACE = 0x7e020000;
const NEW_TIME_NAMESPACE = 0x80;
const namespaces = (flags: number): Program => [...loadArgument(0), ...whenAnyBit(flags, refused), ...allowed];

const SET_USER_ID = 0o4000;
const noSetUserId = (mode: number): Program => [...loadArgument(mode), ...whenAnyBit(SET_USER_ID, refused), ...allowed];

/** A file's mode counts only where a file may be made: O_CREAT or O_TMPFILE. */
const MAKES_FILE = 0x40 | 0x400000;
const opening = (flags: number, mode: number): Program => [
  ...loadArgument(flags),
  ...whenAnyBit(MAKES_FILE, noSetUserId(mode)),
  ...allowed,
];

const KIND_OF_FILE = 0o170000;
const making = (mode: number): Program => [
  ...loadArgument(mode),
  ...whenAnyBit(SET_USER_ID, refused),
  ...keepBits(KIND_OF_FILE),
  ...whenEqual(0o020000, refused),
  ...whenEqual(0o060000, refused),
  ...allowed,
];

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOCK_PACKET = 10;
const NETLINK_ROUTE = 0;
const loadSocketType: Program = [...loadArgument(1), ...keepBits(0xf)];

const internet: Program = [
  ...loadSocketType,
  ...whenEqual(SOCK_RAW, refused),
  ...whenEqual(SOCK_PACKET, refused),
  ...allowed,
];

/** TCP and UDP, and the list of network interfaces, which programs look at before they listen. */
const socket: Program = [
  ...loadArgument(0),
  ...whenEqual(AF_INET, internet),
  ...whenEqual(AF_INET6, internet),
  ...whenEqual(AF_NETLINK, [...loadArgument(2), ...whenEqual(NETLINK_ROUTE, allowed), ...refused]),
  ...refused,
];

/** One end of a pair of datagram sockets can be turned to a stranger's address; those of connected kinds cannot. */
const socketpair: Program = [
  ...loadArgument(0),
  ...whenEqual(AF_UNIX, [...loadSocketType, ...whenEqual(SOCK_DGRAM, refused), ...allowed]),
  ...refused,
];

/** Typing into the terminal, as its user would. */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
const ioctl: Program = [
  ...loadArgument(1),
  ...whenEqual(TIOCSTI, refused),
  ...whenEqual(TIOCLINUX, refused),
  ...allowed,
];

/** The usual one, asking which it is, and one without random addresses, for debugging. Any other opens old ways into the kernel. */
const personality: Program = [
  ...loadArgument(0),
  ...whenEqual(0, allowed),
  ...whenEqual(0xffffffff, allowed),
  ...whenEqual(0x0040000, allowed),
  ...refused,
];

const JUDGED: Readonly<Partial<Record<Syscall, Program>>> = {
  openat: opening(2, 3),
  open: opening(1, 2),
  ioctl,
  socket,
  socketpair,
  clone: namespaces(NEW_NAMESPACE),
  unshare: namespaces(NEW_NAMESPACE | NEW_TIME_NAMESPACE),
  creat: noSetUserId(1),
  chmod: noSetUserId(1),
  fchmod: noSetUserId(1),
  fchmodat: noSetUserId(2),
  fchmodat2: noSetUserId(2),
  mknod: making(1),
  mknodat: making(2),
  personality,
};

/** Whether a filter can be made for a processor, by Node's name for it. */
export function isArchitecture(name: string): name is Architecture {
  return Object.hasOwn(AUDIT_ARCH, name);
}

/**
 * The filter of system calls for confined commands, as bubblewrap takes it. A call of another kind than the processor's own, such as one of a
 * 32-bit program, ends the process: its numbers mean other things.
 */
export function seccompFilter(architecture: Architecture): Uint8Array {
  const rule = (name: Syscall, program: Program): Program => {
    const numbers: Partial<Record<Architecture, number>> = syscalls[name];
    const number = numbers[architecture];
    return number === undefined ? [] : whenEqual(number, program);
  };
  const judged = Object.entries(JUDGED) as [Syscall, Program][];
  return assemble([
    ...loadArchitecture,
    ...unlessEqual(AUDIT_ARCH[architecture], killed),
    ...loadNumber,
    ...(architecture === "x64" ? whenAtLeast(X32_BIT, unknown) : []),
    ...judged.flatMap(([name, program]) => rule(name, program)),
    ...REFUSED.flatMap((name) => rule(name, refused)),
    ...UNKNOWN.flatMap((name) => rule(name, unknown)),
    ...allowed,
  ]);
}
