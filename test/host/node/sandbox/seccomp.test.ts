import assert from "node:assert/strict";
import { test } from "node:test";
import { seccompFilter } from "../../../../src/host/node/sandbox/seccomp.ts";
import { type Architecture, type Syscall, syscalls } from "../../../../src/host/node/sandbox/syscalls.ts";

const VERDICTS = new Map([
  [0x7fff0000, "allowed"],
  [0x80000000, "killed"],
  [0x00050001, "EPERM"],
  [0x00050026, "ENOSYS"],
]);
const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** Runs the filter as the kernel does, on what it knows of a call: number, processor, and arguments. */
function run(filter: Uint8Array, data: DataView): number {
  const program = new DataView(filter.buffer);
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const value = program.getUint32(at * 8 + 4, true);
    const jump = (taken: boolean) => program.getUint8(at * 8 + (taken ? 2 : 3));
    const code = program.getUint16(at * 8, true);
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = data.getUint32(value, true);
    else if (code === 0x54) accumulator = (accumulator & value) >>> 0;
    else if (code === 0x15) at += jump(accumulator === value);
    else if (code === 0x35) at += jump(accumulator >= value);
    else if (code === 0x45) at += jump((accumulator & value) !== 0);
    else assert.fail(`an instruction that the kernel does not take: ${code}`);
  }
}

interface Call {
  readonly architecture?: Architecture;
  readonly audit?: number;
  readonly number?: number;
}

function judge(name: Syscall, args: readonly number[], { architecture = "x64", audit, number }: Call = {}): string {
  const data = new DataView(new ArrayBuffer(64));
  const numbers: Partial<Record<Architecture, number>> = syscalls[name];
  data.setUint32(0, number ?? numbers[architecture] ?? 0xffff, true);
  data.setUint32(4, audit ?? AUDIT[architecture], true);
  for (const [index, value] of args.entries()) data.setBigInt64(16 + index * 8, BigInt(value), true);
  return VERDICTS.get(run(seccompFilter(architecture), data)) ?? "something else";
}

/** On both processors, where they have the call. */
function check(name: Syscall, args: readonly number[], expected: string): void {
  test(`${name}(${args.map((arg) => `0x${arg.toString(16)}`).join(", ")}): ${expected}`, () => {
    for (const architecture of ["x64", "arm64"] as const) {
      if (architecture in syscalls[name]) assert.equal(judge(name, args, { architecture }), expected);
    }
  });
}

const SOCK_CLOEXEC = 0x80000;
check("socket", [1, 1, 0], "EPERM");
check("socket", [2, 1 | SOCK_CLOEXEC, 0], "allowed");
check("socket", [10, 2, 0], "allowed");
check("socket", [2, 3, 1], "EPERM");
check("socket", [2, 3 | SOCK_CLOEXEC, 255], "EPERM");
check("socket", [2, 10, 0], "EPERM");
check("socket", [16, 3, 0], "allowed");
check("socket", [16, 3, 15], "EPERM");
check("socket", [17, 3, 0], "EPERM");
check("socket", [40, 1, 0], "EPERM");
check("socketpair", [1, 1, 0], "allowed");
check("socketpair", [1, 5 | SOCK_CLOEXEC, 0], "allowed");
check("socketpair", [1, 2 | SOCK_CLOEXEC, 0], "EPERM");
check("clone", [0x01200011], "allowed");
check("clone", [0x10000011], "EPERM");
check("clone", [0x00020000], "EPERM");
check("clone3", [0, 88], "ENOSYS");
check("unshare", [0x400], "allowed");
check("unshare", [0x10000000], "EPERM");
check("unshare", [0x80], "EPERM");
check("chmod", [0, 0o4755], "EPERM");
check("chmod", [0, 0o2755], "allowed");
check("fchmod", [3, 0o4700], "EPERM");
check("fchmodat", [3, 0, 0o6755], "EPERM");
check("fchmodat2", [3, 0, 0o4755, 0], "EPERM");
check("openat", [3, 0, 0x41, 0o4755], "EPERM");
check("openat", [3, 0, 0x410000, 0o4755], "EPERM");
check("openat", [3, 0, 0x41, 0o644], "allowed");
check("openat", [3, 0, 0, 0o4755], "allowed");
check("openat2", [3, 0, 0, 24], "ENOSYS");
check("creat", [0, 0o4755], "EPERM");
check("mknodat", [3, 0, 0o010600], "allowed");
check("mknodat", [3, 0, 0o020600, 1], "EPERM");
check("mknodat", [3, 0, 0o060600, 1], "EPERM");
check("mknodat", [3, 0, 0o104755, 0], "EPERM");
check("ioctl", [0, 0x5412], "EPERM");
check("ioctl", [0, 0x541c], "EPERM");
check("ioctl", [0, 0x5413], "allowed");
check("personality", [0], "allowed");
check("personality", [8], "EPERM");
check("ptrace", [16, 1], "EPERM");
check("mount", [], "EPERM");
check("io_uring_setup", [8], "ENOSYS");

test("the high half of an argument hides nothing: the kernel does not look at it either", () =>
  assert.equal(judge("ioctl", [0, 0x100005412]), "EPERM"));
test("a call that no rule names", () => assert.equal(judge("ioctl", [], { number: 39 }), "allowed"));
test("calls of programs for x32", () => assert.equal(judge("mount", [], { number: 0x40000000 + 165 }), "ENOSYS"));
test("calls of 32-bit programs", () => assert.equal(judge("mount", [], { audit: 0x40000003 }), "killed"));
