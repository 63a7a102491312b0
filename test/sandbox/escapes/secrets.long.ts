import { CREDENTIALS } from "../arena.ts";
import { check, saidReached, toldSecret, useArena } from "../attack.ts";

useArena();

for (const path of CREDENTIALS) check(`reading ~/${path}`, { bash: `cat ~/"${path}"`, reached: toldSecret });
check("reading all of the home folder", { bash: "grep -rhs . ~", reached: toldSecret });
check("reading by the root of a process", {
  bash: 'cat "/proc/self/root$HOME/.netrc" "/proc/1/root$HOME/.netrc" "/proc/$PID/root$HOME/.netrc"',
  reached: toldSecret,
});
check("reading through a link", { bash: "ln -s ~/.ssh keys; cat keys/*", reached: toldSecret });
check("reading through a hard link", { bash: "ln ~/.netrc mine && cat mine", reached: toldSecret });
check("reading what is covered, in another namespace", {
  bash: "unshare --user --map-root-user --mount sh -c 'umount ~/.ssh ~/.netrc; cat ~/.ssh/* ~/.netrc'",
  reached: toldSecret,
});
check("reading what is covered, after taking the cover away", {
  bash: "umount ~/.ssh; umount -l ~/.netrc; cat ~/.ssh/* ~/.netrc",
  reached: toldSecret,
});
check("reading with the network on", { bash: "cat ~/.netrc", networkAccess: true, reached: toldSecret });
check("reading in a command that may only look", {
  bash: "cat ~/.netrc ~/.ssh/*",
  mode: "readOnly",
  reached: toldSecret,
});
check("reading by the handle of a file", {
  python: `
handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128))
mount = ctypes.c_int()
path = (env["HOME"] + "/.netrc").encode()
call({"x86_64": 303, "aarch64": 264}[os.uname().machine], -100, ctypes.c_char_p(path), handle, ctypes.byref(mount), 0)
print(os.read(call("open_by_handle_at", os.open(".", os.O_RDONLY), handle, os.O_RDONLY), 100))`,
  reached: toldSecret,
  unshown: "user",
});
check("passwords of the system", {
  bash: 'grep -q . /etc/shadow && echo "REACHED $TOKEN"',
  reached: saidReached,
  unshown: "user",
});
check("variables that make programs run something", {
  bash: 'env | grep -E "^(BASH_ENV|ENV|LD_PRELOAD)=" && echo "REACHED $TOKEN"',
  reached: saidReached,
  unshown: "no command gets them",
});
