import assert from "node:assert/strict";
import { test } from "node:test";
import { type BubblewrapSetting, bubblewrapArgs } from "../../../../src/host/node/sandbox/bubblewrapArgs.ts";
import type { Layout } from "../../../../src/host/node/sandbox/layout.ts";

const nothing: Layout = {
  cwd: "/w",
  writable: [],
  protected: [],
  hidden: [],
  readable: [],
  emptied: [],
  kept: [],
};
const plain: BubblewrapSetting = {
  network: "off",
  knows: new Set(["--disable-userns", "--size", "--perms"]),
  emptyFile: "/store/empty",
  emptyFolder: "/store/none",
  runFolders: [],
  filterAt: 4,
  reportAt: 5,
  env: {},
};
const NAMESPACES =
  "--unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try --unshare-net --die-with-parent --new-session --cap-drop ALL --disable-userns --seccomp 4 --info-fd 5";
const SYSTEM =
  "--dev /dev --perms 1777 --size 2147483648 --tmpfs /dev/shm --remount-ro /dev --proc /proc --remount-ro /proc --perms 0755 --size 1048576 --tmpfs /run";

function check(layout: Partial<Layout>, setting: Partial<BubblewrapSetting>, expected: string): void {
  const args = bubblewrapArgs({ ...nothing, ...layout }, { ...plain, ...setting });
  assert.equal(args.join(" "), expected.replaceAll(/\s+/g, " "));
}

test("a command that may only look", () =>
  check(
    { emptied: ["/tmp"], kept: ["/tmp/project"] },
    {},
    `${NAMESPACES} --ro-bind / / ${SYSTEM} --perms 1777 --size 4294967296 --tmpfs /tmp --ro-bind /tmp/project /tmp/project --chdir /w`,
  ));
test("what is writable, hidden, readable and protected, in this order", () =>
  check(
    {
      writable: ["/w", "/tmp"],
      hidden: [
        { path: "/home/u/.ssh", kind: "folder" },
        { path: "/home/u/.netrc", kind: "file" },
        { path: "/home/u/.patchwright", kind: "folder" },
      ],
      readable: ["/home/u/.patchwright/outputs"],
      protected: ["/w/.git"],
    },
    {},
    `${NAMESPACES} --ro-bind / / ${SYSTEM} --bind /w /w --bind /tmp /tmp
    --ro-bind /store/none /home/u/.ssh --ro-bind /store/empty /home/u/.netrc
    --perms 0755 --size 1048576 --tmpfs /home/u/.patchwright
    --ro-bind /home/u/.patchwright/outputs /home/u/.patchwright/outputs
    --remount-ro /home/u/.patchwright --ro-bind /w/.git /w/.git --chdir /w`,
  ));
test("where the store cannot be written, a hidden folder is covered by a new one", () =>
  check(
    { hidden: [{ path: "/home/u/.ssh", kind: "folder" }] },
    { emptyFolder: undefined },
    `${NAMESPACES} --ro-bind / / ${SYSTEM} --perms 0755 --size 1048576 --tmpfs /home/u/.ssh --remount-ro /home/u/.ssh --chdir /w`,
  ));
test("the network of this machine, and the names of hosts", () =>
  check(
    {},
    { network: "on", runFolders: ["/run/systemd/resolve"] },
    `${NAMESPACES.replace(" --unshare-net", "")} --ro-bind / / ${SYSTEM} --ro-bind-try /run/systemd/resolve /run/systemd/resolve --chdir /w`,
  ));
test("the root folder is mounted once, below everything else", () =>
  check({ writable: ["/", "/w"] }, {}, `${NAMESPACES} --bind / / ${SYSTEM} --bind /w /w --chdir /w`));
test("variables are given as they are", () =>
  check(
    {},
    { env: { A: "x y", B: "--" } },
    `${NAMESPACES} --ro-bind / / ${SYSTEM} --chdir /w --setenv A x y --setenv B --`,
  ));
test("an older bubblewrap gets the options that it knows", () =>
  check(
    {},
    { knows: new Set() },
    `${NAMESPACES.replace(" --disable-userns", "")} --ro-bind / / ${SYSTEM.replaceAll(/--(perms|size) \d+ /g, "")} --chdir /w`,
  ));
