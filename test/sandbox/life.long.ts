import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { isProtected } from "../../src/core/policy/protectedPaths.ts";
import { createNodeHost, type NodeHost } from "../../src/host/node/nodeHost.ts";
import { createSandbox } from "../../src/host/node/sandbox/sandbox.ts";
import type { Command, RunningProcess } from "../../src/host/processes.ts";
import type { Confinement } from "../../src/host/sandbox.ts";
import { rejects, until } from "../host/expect.ts";
import { type Arena, createArena, makePlace, type Place, removePlace, skipReason } from "./arena.ts";
import { stillRuns } from "./attack.ts";

/** How confined commands begin and end, and what is refused. */

let arena: Arena;
const skip = (await skipReason()) ?? false;
before(async () => {
  if (skip === false) arena = await createArena();
});
after(() => arena?.dispose());

interface Scene extends Place {
  start(script: string, part?: Partial<Confinement>, how?: Partial<Command>): Promise<RunningProcess>;
}

function check(name: string, use: (scene: Scene) => Promise<void>): void {
  test(name, { skip }, async () => {
    const place = await makePlace(arena);
    try {
      await use({ ...place, start: (script, part, how) => start(arena.host, place, { script, part, how }) });
    } finally {
      await removePlace(place);
    }
  });
}

interface Start {
  readonly script: string;
  readonly part?: Partial<Confinement> | undefined;
  readonly how?: Partial<Command> | undefined;
}

async function start(host: NodeHost, { workspace }: Place, { script, part, how }: Start): Promise<RunningProcess> {
  const plain = { writableRoots: [workspace, "/tmp"], readableRoots: [], isProtected, network: "off" } as const;
  const argv = ["/bin/bash", "-c", script] as const;
  const command = {
    argv,
    cwd: workspace,
    tty: false,
    itemId: "i",
    title: "t",
    confinement: { ...plain, ...part },
    ...how,
  };
  return host.processes.spawn(command, new AbortController().signal);
}

async function textOf(running: RunningProcess): Promise<string> {
  let text = "";
  running.onOutput((more) => {
    text += more;
  });
  await running.exited;
  return text;
}

/** Resolves when the command has said so much. */
function said(running: RunningProcess, word: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    running.onOutput((more) => {
      text += more;
      if (text.includes(word)) resolve(text);
    });
  });
}

const remains = (place: Place) => stillRuns({ arena, place, output: "", exit: { code: 0, signal: null } });

check("who is asked to end may tidy up first", async ({ start, workspace }) => {
  const running = await start("trap 'echo bye > bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
  await said(running, "ready");
  await running.kill();
  assert.deepEqual({ ...(await running.exited) }, { code: 5, signal: null });
  assert.equal(await readFile(join(workspace, "bye"), "utf8"), "bye\n");
});
check("who ignores that ends all the same, with everything around it", async (scene) => {
  const loop = `trap "" TERM HUP INT; while :; do sleep 0.05; done; : ${scene.token}`;
  const running = await scene.start(`(setsid bash -c '${loop}' &); (env -i bash -c '${loop}' &); echo ready; ${loop}`);
  await said(running, "ready");
  const began = performance.now();
  await running.kill();
  assert.ok(performance.now() - began < 2000);
  assert.equal(await remains(scene), false);
});
check("a command with a terminal is ended, too", async (scene) => {
  const running = await scene.start(`echo ready; sleep 100; : ${scene.token}`, {}, { tty: true });
  await said(running, "ready");
  await running.kill();
  await running.exited;
  assert.equal(await remains(scene), false);
});
check("a terminal takes what is typed", async ({ start }) => {
  const running = await start("read -r line; echo got $line", {}, { tty: true });
  const text = textOf(running);
  await running.write("hello\n");
  assert.match(await text, /got hello/);
});
check("nothing outlives a host that is killed, and the next one tidies up after it", async (place) => {
  const store = join(place.folder, "store");
  const program = join(import.meta.dirname, "dyingHost.ts");
  const host = spawn(process.execPath, [program, place.workspace, store, place.token], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(host.stdout), "line");
  assert.equal(line, "started");
  assert.equal(await remains(place), true);
  assert.ok((await readdir(place.workspace)).includes(".vscode"));
  host.kill("SIGKILL");
  await until("all are gone", async () => !(await remains(place)));
  const next = createNodeHost({ storageRoot: store, workspaceRoots: [] });
  await (await start(next, place, { script: "true" })).exited;
  await next.dispose();
  assert.deepEqual((await readdir(place.workspace)).sort(), [".git", "a.txt", "sub"]);
});
check("the end of a host leaves nothing behind, and moves away what a command left", async (place) => {
  const host = createNodeHost({ storageRoot: join(place.folder, "store"), workspaceRoots: [] });
  const script = `mkdir sub/.vscode; echo x > sub/.vscode/a; echo ready; sleep 100; : ${place.token}`;
  await said(await start(host, place, { script }), "ready");
  await host.dispose();
  assert.equal(await remains(place), false);
  assert.deepEqual((await readdir(join(place.workspace, "sub"))).sort(), [".git"]);
  assert.deepEqual((await readdir(place.workspace)).sort(), [".git", "a.txt", "sub"]);
});
check("what starts the sandbox shows neither variables nor what is hidden", async ({ start, token }) => {
  const running = await start("echo ready; sleep 100", {}, { env: { PRIVATE: token } });
  await said(running, "ready");
  const seen = ["cmdline", "environ"].map((file) => readFile(`/proc/${running.pid}/${file}`, "latin1"));
  const [line = "", environment = ""] = await Promise.all(seen);
  assert.ok(!`${line}${environment}`.includes(token));
  assert.deepEqual(
    environment
      .split("\0")
      .filter((one) => one !== "")
      .map((one) => one.split("=")[0]),
    ["PATCHWRIGHT_COMMAND_ID"],
  );
  await running.kill();
});

check("a folder that is not there", async ({ start, folder }) =>
  rejects("notFound", () => start("true", { writableRoots: [join(folder, "none")] })),
);
check("a folder that is no ordinary one", async ({ start }) =>
  rejects("unsupported", () => start("true", { writableRoots: ["/proc"] })),
);
check("a file instead of a folder", async ({ start, workspace }) =>
  rejects("unsupported", () => start("true", { writableRoots: [join(workspace, "a.txt")] })),
);
check("a folder of credentials", async ({ start }) => {
  const cwd = join(arena.folder, "home/.ssh");
  await rejects("unsupported", () => start("true", { writableRoots: [cwd] }, { cwd }));
});
check("a program that is not there", async ({ start }) =>
  rejects("notFound", () => start("", {}, { argv: ["no-such-program"] })),
);
check("a repository behind a link", async ({ start, folder, workspace }) => {
  await mkdir(join(folder, "other"));
  await symlink(join(workspace, ".git"), join(folder, "other/.git"));
  await rejects("unsupported", () => start("true", { writableRoots: [join(folder, "other")] }));
});
check("a processor that no filter is for", async ({ folder }) => {
  const places = { home: folder, storageRoot: folder, temporary: "/tmp", env: process.env };
  const sandbox = createSandbox({ os: "linux", architecture: "mips", ...places });
  const state = await sandbox.ready;
  assert.ok(state.kind === "none" && state.reason.includes("mips"));
  const confinement = { writableRoots: [], readableRoots: [], isProtected, network: "off" } as const;
  await rejects("unsupported", () =>
    sandbox.confine({ argv: ["true"], cwd: folder, env: {}, marker: "A=1", confinement }),
  );
});

check("a workspace behind a link", async ({ start, folder, workspace }) => {
  await symlink(workspace, join(folder, "link"));
  const running = await start(
    "echo x > file; echo y > .git/file; pwd -P",
    { writableRoots: [join(folder, "link")] },
    { cwd: join(folder, "link") },
  );
  assert.match(await textOf(running), new RegExp(`Read-only file system\n${workspace}\n`));
  assert.equal(await readFile(join(workspace, "file"), "utf8"), "x\n");
});
check("a workspace within a folder that can be written", async ({ start, folder, workspace }) => {
  const script =
    "cd ..; mv workspace moved; cd ..; mv place-* moved; echo x > $WORKSPACE/file; echo x > $WORKSPACE/.git/file";
  const running = await start(script, { writableRoots: [arena.folder, workspace] }, { env: { WORKSPACE: workspace } });
  await textOf(running);
  assert.equal(await readFile(join(workspace, "file"), "utf8"), "x\n");
  assert.deepEqual((await readdir(join(workspace, ".git"))).sort(), ["HEAD", "config", "hooks", "objects", "refs"]);
  assert.ok((await readdir(folder)).includes("workspace"));
});
check(
  "a work tree whose repository lies in another folder that can be written",
  async ({ start, folder, workspace }) => {
    const tree = join(folder, "tree");
    await mkdir(join(workspace, ".git/worktrees/tree"), { recursive: true });
    await writeFile(join(workspace, ".git/worktrees/tree/commondir"), "../..\n");
    await mkdir(tree);
    await writeFile(join(tree, ".git"), `gitdir: ${join(workspace, ".git/worktrees/tree")}\n`);
    const script =
      'echo x > "$WORKSPACE/.git/hooks/update"; echo x > "$WORKSPACE/.git/worktrees/tree/config.worktree"; rm -f .git; echo x > .git; cat .git';
    const running = await start(
      script,
      { writableRoots: [tree, workspace] },
      { cwd: tree, env: { WORKSPACE: workspace } },
    );
    assert.match(await textOf(running), /gitdir: /);
    assert.deepEqual(await readdir(join(workspace, ".git/worktrees/tree")), ["commondir"]);
  },
);
check("outputs of earlier commands can be read, and nothing beside them", async ({ start, token }) => {
  const outputs = join(arena.host.storage.root, "outputs");
  await mkdir(outputs, { recursive: true });
  await writeFile(join(outputs, "1.log"), token);
  const script = `cat ${outputs}/1.log; ls ${arena.host.storage.root}; echo x > ${outputs}/2.log`;
  const text = await textOf(await start(script, { readableRoots: [outputs] }));
  assert.match(text, new RegExp(`^${token}outputs\n.*Read-only file system`));
});
