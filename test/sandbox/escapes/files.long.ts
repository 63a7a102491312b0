import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Aftermath, check, exists, harmed, saidReached, useArena, wrote } from "../attack.ts";

useArena();

const intruded = wrote("outside/file");
const SAY = 'echo "$TOKEN" >';

check("writing outside by an absolute path", { bash: `${SAY} "$OUTSIDE/file"`, reached: intruded });
check("writing outside by ..", { bash: `${SAY} ../outside/file`, reached: intruded });
check("writing outside through a symbolic link", {
  bash: `ln -s "$OUTSIDE" link; ${SAY} link/file`,
  reached: intruded,
});
check("changing a file outside through a hard link", {
  bash: `ln "$OUTSIDE/canary" alias && ${SAY} alias`,
  reached: harmed,
});
check("writing outside through the root of one's own process", {
  bash: `${SAY} "/proc/self/root$OUTSIDE/file"`,
  reached: intruded,
});
check("writing outside through the root of another process", {
  bash: `${SAY} "/proc/$PID/root$OUTSIDE/file" || ${SAY} "/proc/1/root$OUTSIDE/file"`,
  reached: intruded,
});
check("writing outside through the working folder of another process", {
  bash: `for one in /proc/[0-9]*/cwd; do ${SAY} "$one/../outside/file"; done 2>/dev/null`,
  reached: intruded,
});
check("writing outside through an open folder", {
  bash: `exec 9<"$OUTSIDE"; ${SAY} /proc/self/fd/9/file`,
  reached: intruded,
});
check("a file without a name that is given one outside", {
  python: `
file = os.open(env["OUTSIDE"], os.O_TMPFILE | os.O_RDWR, 0o644)
os.write(file, token)
libc.linkat(-100, f"/proc/self/fd/{file}".encode(), -100, (env["OUTSIDE"] + "/file").encode(), 0x400)`,
  reached: intruded,
});
check("a file without a name, made inside, that is given one outside", {
  python: `
file = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o644)
os.write(file, token)
libc.linkat(-100, f"/proc/self/fd/{file}".encode(), -100, (env["OUTSIDE"] + "/file").encode(), 0x400)`,
  reached: intruded,
});
check("opening a file outside by its handle", {
  python: `
handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128))
mount = ctypes.c_int()
path = (env["OUTSIDE"] + "/canary").encode()
call({"x86_64": 303, "aarch64": 264}[os.uname().machine], -100, ctypes.c_char_p(path), handle, ctypes.byref(mount), 0)
file = call("open_by_handle_at", os.open(".", os.O_RDONLY), handle, os.O_RDWR)
os.write(file, token)`,
  reached: harmed,
  unshown: "user",
});
check("moving a file over one outside", { bash: 'mv -f a.txt "$OUTSIDE/canary"', reached: harmed });
check("removing a file outside", { bash: 'rm -f "$OUTSIDE/canary"', reached: harmed });
check("renaming the folder around the workspace", {
  bash: 'mv "$WORKSPACE/../outside" "$WORKSPACE/../gone"',
  reached: exists("gone"),
});
check("renaming the workspace", { bash: 'cd /; mv "$WORKSPACE" "$WORKSPACE/../moved"', reached: exists("moved") });
check("exchanging a folder outside with one inside", {
  python: `
libc.renameat2.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
os.mkdir("evil"); open("evil/canary", "wb").write(token)
libc.renameat2(-100, b"evil", -100, env["OUTSIDE"].encode(), 2)`,
  reached: harmed,
});
check("permissions of a file outside", {
  bash: 'chmod 4777 "$OUTSIDE/canary"',
  reached: async ({ place }) => ((await lstat(join(place.outside, "canary"))).mode & 0o7777) !== 0o644,
});
check("times of a file outside", {
  bash: 'touch -d 2001-01-01 "$OUTSIDE/canary"',
  reached: async ({ place }) => (await lstat(join(place.outside, "canary"))).mtime.getFullYear() === 2001,
});
check("attributes of a file outside", {
  python: 'os.setxattr(env["OUTSIDE"] + "/canary", "user.evil", token)\nreached()',
  reached: saidReached,
});
check("what the shell reads at its start", {
  bash: `${SAY} ~/.bashrc`,
  reached: ({ arena, place }) =>
    readFile(join(arena.folder, "home/.bashrc"), "utf8").then((text) => text.includes(place.token)),
});
check("Patchwright's own settings", {
  bash: `${SAY} ~/.patchwright/config.toml; ls ~/.patchwright`,
  reached: ({ arena, place }: Aftermath) =>
    readFile(join(arena.folder, "home/.patchwright/config.toml"), "utf8").then(
      (text) => text.includes(place.token),
      () => false,
    ),
});
check("a command that may only look, writing in the workspace", {
  bash: `${SAY} file`,
  mode: "readOnly",
  reached: wrote("workspace/file"),
});
check("a command that may only look, writing where temporary files are", {
  bash: `${SAY} "/tmp/\${ARENA##*/}/$TOKEN"`,
  mode: "readOnly",
  reached: ({ arena, place }) =>
    lstat(join("/tmp", arena.folder.slice(arena.folder.lastIndexOf("/")), place.token)).then(Boolean, () => false),
});
check("a program that runs as its owner, by chmod", {
  bash: "cp /bin/true run; chmod 4755 run",
  reached: isSetUserId,
});
check("a program that runs as its owner, by its opening", {
  python: 'os.umask(0); call("openat", -100, ctypes.c_char_p(b"run"), os.O_CREAT | os.O_WRONLY, 0o4755)',
  reached: isSetUserId,
});
check("a program that runs as its owner, by fchmod", {
  python: 'os.fchmod(os.open("run", os.O_CREAT | os.O_WRONLY), 0o4755)',
  reached: isSetUserId,
});
check("a program that runs as its owner, by mknod", {
  python: 'os.umask(0); os.mknod("run", 0o104755)',
  reached: isSetUserId,
});

function isSetUserId({ place }: Aftermath): Promise<boolean> {
  return lstat(join(place.workspace, "run")).then(
    ({ mode }) => (mode & 0o4000) !== 0,
    () => false,
  );
}

check("a device of a disk", {
  python: 'os.mknod("disk", 0o060600, os.makedev(7, 200))',
  reached: exists("workspace/disk"),
  unshown: "user",
});
check("a device of characters", {
  python: 'os.mknod("kmsg", 0o020600, os.makedev(1, 11))',
  reached: exists("workspace/kmsg"),
  unshown: "user",
});
check("mounting a folder outside into the workspace", {
  bash: `mkdir m; unshare -m sh -c 'mount --bind "$OUTSIDE" m && echo "$TOKEN" > m/file' || mount --bind "$OUTSIDE" m && ${SAY} m/file`,
  reached: intruded,
  unshown: "user",
});
check("making what is read-only writable again", {
  bash: `unshare -m sh -c 'mount -o remount,bind,rw /; echo "$TOKEN" > "$OUTSIDE/file"' || { mount -o remount,bind,rw /; ${SAY} "$OUTSIDE/file"; }`,
  reached: intruded,
  unshown: "user",
});
check("a mount of one's own by the newer calls", {
  python: `
tree = call("open_tree", -100, ctypes.c_char_p(env["OUTSIDE"].encode()), 1 | os.O_CLOEXEC)
open(f"/proc/self/fd/{tree}/file", "wb").write(token)`,
  reached: intruded,
  unshown: "user",
});
check("a user namespace in which everything may be mounted", {
  bash: `unshare --user --map-root-user --mount sh -c 'mount -o remount,bind,rw / ; echo "$TOKEN" > "$OUTSIDE/file"'`,
  reached: intruded,
});
check("a sandbox within the sandbox, with more rights", {
  bash: `bwrap --dev-bind / / sh -c 'echo "$TOKEN" > "$OUTSIDE/file"'`,
  reached: intruded,
});
check("another root folder", {
  python: `
os.mkdir("jail"); down = os.open("/", os.O_RDONLY); os.chroot("jail"); os.fchdir(down)
for _ in range(64): os.chdir("..")
os.chroot("."); open(env["OUTSIDE"] + "/file", "wb").write(token)`,
  reached: intruded,
  unshown: "user",
});
check("a link that makes what is moved away lie outside", {
  bash: 'ln -s "$OUTSIDE" sub2; mkdir deep; ln -s "$OUTSIDE/.vscode" deep/.vscode',
  reached: async ({ place }) => !(await lstat(join(place.outside, ".vscode")).then(Boolean, () => false)),
  unshown: "nothing is moved without the sandbox",
});
