import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isOnPath } from "../../scripts/systemPackages.ts";
import {
  type Arena,
  createArena,
  heard,
  makePlace,
  type Place,
  python,
  type RunOptions,
  removePlace,
  run,
  skipReason,
} from "./arena.ts";

/** What must work in the sandbox: the twin of the escapes. */

let arena: Arena;
const skip = (await skipReason()) ?? false;
before(async () => {
  if (skip === false) arena = await createArena();
});
after(() => arena?.dispose());

interface Work extends Partial<RunOptions> {
  readonly bash?: string;
  readonly python?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** In the output, beside exit code 0. */
  readonly prints?: RegExp;
  readonly code?: number;
  readonly signal?: string;
  /** What must be installed for it. */
  readonly needs?: string;
  prepare?(place: Place): Promise<unknown> | unknown;
  also?(place: Place): Promise<void>;
}

function check(name: string, work: Work): void {
  const missing = work.needs !== undefined && !isOnPath(work.needs) ? `${work.needs} is not installed` : false;
  test(name, { skip: skip || missing }, async () => {
    const place = await makePlace(arena);
    try {
      for (const [path, text] of Object.entries(work.files ?? {})) {
        await mkdir(join(place.workspace, path, ".."), { recursive: true });
        await writeFile(join(place.workspace, path), text);
      }
      await work.prepare?.(place);
      const { bash = "", python: program, code = 0, signal, prints, ...options } = work;
      const argv = program === undefined ? (["/bin/bash", "-c", bash] as const) : ([python, "-c", program] as const);
      const { output, exit } = await run(arena, place, { argv, confined: true, ...options });
      assert.deepEqual({ ...exit }, signal === undefined ? { code, signal: null } : { code: null, signal }, output);
      if (prints !== undefined) assert.match(output, prints);
      await work.also?.(place);
    } finally {
      await removePlace(place);
    }
  });
}

const PROJECT = {
  "package.json": JSON.stringify({
    name: "p",
    version: "1.0.0",
    scripts: { test: "node --test", pretest: "node build.js" },
  }),
  "build.js": 'require("fs").writeFileSync("built.txt", "built")',
  "a.test.js": `
const { test } = require("node:test"), assert = require("node:assert"), http = require("node:http"), os = require("node:os");
const fs = require("node:fs"), path = require("node:path"), { Worker } = require("node:worker_threads"), { execFileSync, fork } = require("node:child_process");
test("a server", async () => {
  const server = http.createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const answer = await fetch("http://127.0.0.1:" + server.address().port);
  assert.equal(await answer.text(), "hello");
  await new Promise((resolve) => server.close(resolve));
});
test("a server by name, and the list of networks", async () => {
  assert.ok(os.networkInterfaces());
  const server = http.createServer((_, response) => response.end("hello")).listen(0, "localhost");
  await new Promise((resolve) => server.once("listening", resolve));
  assert.equal(await (await fetch("http://localhost:" + server.address().port)).text(), "hello");
  server.closeAllConnections(); server.close();
});
test("temporary files", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "p-"));
  fs.writeFileSync(path.join(folder, "a"), "a"); fs.rmSync(folder, { recursive: true });
});
test("a worker", async () => {
  const worker = new Worker("require('worker_threads').parentPort.postMessage(1)", { eval: true });
  assert.equal(await new Promise((resolve) => worker.once("message", resolve)), 1);
});
test("children", async () => {
  assert.equal(execFileSync(process.execPath, ["-p", "6 * 7"], { encoding: "utf8" }), "42\\n");
  fs.writeFileSync("child.js", "process.send('hi'); process.disconnect()");
  const child = fork("./child.js");
  assert.equal(await new Promise((resolve) => child.once("message", resolve)), "hi");
});`,
};

check("npm test of a project with a server, temporary files, workers and children", {
  files: PROJECT,
  bash: "npm test",
  prints: /# pass 5|pass 5/,
  also: async ({ workspace }) => assert.equal(await readFile(join(workspace, "built.txt"), "utf8"), "built"),
});
check("npm run of a script", { files: PROJECT, bash: "npm run pretest --silent && cat built.txt", prints: /built/ });
check("node -e", { bash: 'node -e "console.log(6 * 7)"', prints: /^42\n$/ });
check("node reads a script from its standard input", { bash: 'echo "console.log(6 * 7)" | node -', prints: /^42\n$/ });

const git = (place: Place, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
    cwd: place.workspace,
    encoding: "utf8",
  });
async function repository(place: Place): Promise<void> {
  await rm(join(place.workspace, ".git"), { recursive: true });
  await rm(join(place.workspace, "sub"), { recursive: true });
  git(place, "init", "-q");
  git(place, "add", "a.txt");
  git(place, "commit", "-qm", "first");
  await writeFile(join(place.workspace, "a.txt"), "b");
}
check("git status", { prepare: repository, bash: "git status --short", prints: /^ M a\.txt\n$/ });
check("git log, diff, show, blame, grep and stash list", {
  prepare: repository,
  bash: "git log --oneline && git diff && git show HEAD && git blame a.txt && git grep a HEAD && git stash list && git branch -a",
  prints: /\+b/,
});
check("a new repository among the temporary files, with a commit", {
  bash: 'cd "$(mktemp -d)" && git init -q . && echo x > a && git add a && git -c user.name=a -c user.email=a@b commit -qm x && git log --oneline && rm -rf "$PWD"',
  prints: /x/,
});
check("a new repository in a folder, with a commit, and a clone of it", {
  bash: `git init -q new && cd new && echo x > a && git add a && git -c user.name=a -c user.email=a@b commit -qm x && cd .. && git clone -q new copy && git -C copy log --oneline`,
  prints: /x/,
  also: async ({ workspace }) =>
    assert.match(
      execFileSync("git", ["-C", join(workspace, "copy"), "status", "-b", "--short"], { encoding: "utf8" }),
      /^## /,
    ),
});
check("git looks at a repository that belongs to the workspace's", {
  prepare: repository,
  bash: "git init -q new; git status --short",
  prints: /new\//,
});
check("packages that bring settings of an editor along", {
  bash: "mkdir -p node_modules/p/.vscode node_modules/p/.github/workflows && touch node_modules/p/.vscode/settings.json node_modules/p/.npmrc node_modules/p/AGENTS.md node_modules/p/.github/workflows/a.yml",
  also: async ({ workspace }) =>
    assert.deepEqual((await readdir(join(workspace, "node_modules/p"))).sort(), [
      ".github",
      ".npmrc",
      ".vscode",
      "AGENTS.md",
    ]),
});

check("python with processes, queues, locks, shared memory and temporary files", {
  python: `
import multiprocessing, tempfile, os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import shared_memory
def square(x): return x * x
context = multiprocessing.get_context("fork")
with context.Pool(3) as pool: print(pool.map(square, range(5)))
queue = context.Queue(); child = context.Process(target=queue.put, args=("hi",)); child.start(); print(queue.get()); child.join()
block = shared_memory.SharedMemory(create=True, size=100); block.buf[0] = 7; print(block.buf[0]); block.close(); block.unlink()
with ThreadPoolExecutor() as pool: print(list(pool.map(square, [4])))
with tempfile.TemporaryDirectory() as folder: open(os.path.join(folder, "a"), "w").write("a")
with tempfile.TemporaryFile() as file: file.write(b"a")`,
  prints: /\[0, 1, 4, 9, 16\]\nhi\n7\n\[16\]/,
});
check("sockets: options, names, half closed, polled, in threads", {
  python: `
import socket, threading, selectors
server = socket.socket(); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); server.bind(("127.0.0.1", 0)); server.listen()
def serve():
    one, _ = server.accept(); text = b""
    while part := one.recv(100): text += part
    one.sendall(text.upper()); one.shutdown(socket.SHUT_WR); one.close()
threading.Thread(target=serve).start()
client = socket.create_connection(server.getsockname()); client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
assert client.getsockname()[0] == "127.0.0.1" and client.getpeername() == server.getsockname() and client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
client.sendall(b"hello"); client.shutdown(socket.SHUT_WR); print(client.recv(100))
one, other = socket.socketpair(); one.send(b"pair"); print(other.recv(10))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("127.0.0.1", 0)); udp.sendto(b"udp", udp.getsockname()); print(udp.recv(10))
six = socket.socket(socket.AF_INET6); six.bind(("::1", 0)); print(six.getsockname()[0])
selectors.DefaultSelector().register(server, selectors.EVENT_READ); print(socket.gethostbyname("localhost"), socket.gethostname() != "")`,
  prints: /b'HELLO'\nb'pair'\nb'udp'\n::1\n127\.0\.0\.1 True/,
});
check("a program with a terminal", {
  tty: true,
  bash: "tty && stty size && [ -t 0 ] && [ -t 1 ] && echo yes",
  prints: /\/dev\/pts\/0\r\n24 120\r\nyes/,
});
check("a program that makes a terminal of its own", {
  python: 'import pty, sys; sys.exit(pty.spawn(["/bin/sh", "-c", "tty; [ -t 1 ] && echo yes"]))',
  prints: /yes/,
});
check("devices", {
  bash: "echo x > /dev/null && head -c 16 /dev/urandom | wc -c && head -c 8 /dev/zero | wc -c && cat /dev/stdin < a.txt && echo err > /dev/stderr && echo out > /dev/stdout && ls /dev/fd >/dev/null",
  prints: /16\n8\naerr\nout/,
});
check("parts of one line, in files of their own", {
  bash: "diff <(echo a) <(echo b); cat <<< here; tee >(cat >/dev/null) < a.txt",
  prints: /< a[\s\S]*> b\nhere\na/,
});
check("a great deal of output, in order", {
  bash: "seq 200000 | tail -n 1; yes | head -c 3000000 | wc -c; for i in 1 2 3; do echo out; echo err >&2; done",
  prints: /200000\n3000000\n(out\nerr\n){3}/,
});
check("standard input is closed", { bash: "cat; read -t 5 x || echo closed", prints: /^closed\n$/ });
check("two hundred files", {
  bash: "mkdir many && for i in $(seq 200); do echo $i > many/$i; done && ls many | wc -l && mv many more && rm -r more",
  prints: /^200\n$/,
});
check("links, fifos, permissions and times", {
  bash: "ln -s a.txt l && ln a.txt h && mkfifo f && chmod 755 a.txt && chmod g+s sub && touch -d 2001-01-01 a.txt && cp -a . /tmp/copy-$$ && rm -r /tmp/copy-$$ && find . -newer a.txt >/dev/null",
});
check("jobs, signals and waiting", {
  bash: "sleep 100 & kill $!; wait $!; [ $? = 143 ] && timeout 0.2 sleep 5; [ $? = 124 ] && (trap 'echo trapped' USR1; kill -USR1 $BASHPID) && echo fine",
  prints: /trapped\nfine/,
});
check("an exit code", { bash: "exit 3", code: 3 });
check("a high exit code", { bash: "exit 255", code: 255 });
check("an end by a signal", { bash: "kill -SEGV $$", signal: "SIGSEGV" });
check("children that nobody waits for are no burden", {
  bash: "for i in $(seq 50); do (sleep 0.01 &); done; sleep 0.3; ps ax -o stat= | grep -c Z || true",
  prints: /^0\n$/,
});
check("a file as large as the disk takes, in pieces", {
  bash: "head -c 50000000 /dev/zero > big && wc -c < big && rm big",
  prints: /50000000/,
});
check("temporary files stay for the next command", {
  bash: 'echo "$TOKEN" > "/tmp/$(basename "$ARENA")/kept"',
  also: async ({ token }) => {
    const name = arena.folder.slice(arena.folder.lastIndexOf("/") + 1);
    assert.match(await readFile(`/tmp/${name}/kept`, "utf8"), new RegExp(token));
  },
});
check("a command that may only look has temporary files of its own", {
  mode: "readOnly",
  bash: 'f=$(mktemp) && echo x > "$f" && cat "$f" && ls /tmp | wc -l && cat a.txt && sort <(printf "b\\na\\n") && python3 -c "import tempfile; tempfile.TemporaryFile()"',
  prints: /^x\n1\na/,
});
check("files outside can be read", {
  bash: 'cat "$OUTSIDE/canary" /etc/passwd && ls ~ /usr >/dev/null',
  prints: /intact[\s\S]*root/,
});
check("make and a compiler", {
  needs: "gcc",
  files: { Makefile: "a: a.c\n\tgcc -o a a.c\n", "a.c": '#include <stdio.h>\nint main(void) { puts("made"); }\n' },
  bash: "make -s && ./a",
  prints: /made/,
});
check("the network of this machine, when it is on", {
  networkAccess: true,
  bash: 'exec 3<>"/dev/tcp/127.0.0.1/$TCP" && echo "$TOKEN" >&3',
  also: async ({ token }) => assert.match(await heard(arena), new RegExp(token)),
});

test("nothing of all this is left in the workspace or the store", { skip }, async () => {
  const place = await makePlace(arena);
  await run(arena, place, { argv: ["/bin/true"], confined: true });
  assert.deepEqual((await readdir(place.workspace)).sort(), [".git", "a.txt", "sub"]);
  const quarantine = await readdir(join(arena.folder, "home/.patchwright/sandbox/quarantine")).catch(() => []);
  assert.deepEqual(quarantine, []);
  await removePlace(place);
});

const MANIFEST = { "package.json": '{"name":"p","version":"1.0.0"}' };
const PACKAGE = {
  "dep/package.json": '{"name":"dep","version":"1.2.3"}',
  "dep/index.js": "module.exports = 7",
  ...MANIFEST,
};
check("npm installs a tarball, whose contents go through its cache", {
  needs: "npm",
  files: PACKAGE,
  bash: `npm pack ./dep >pack.log 2>&1 && npm install --offline --no-audit --no-fund ./dep-1.2.3.tgz 2>&1 && node -p 'require("dep")'`,
  prints: /^7$/m,
});
