import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { readProjectInstructions } from "../../../src/core/prompt/projectInstructions.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const HOME = "/home/user/.patchwright";
const signal = new AbortController().signal;

function read(files: Readonly<Record<string, string | Uint8Array>>, { cwd = "/workspace/a/b", global = {} } = {}) {
  const host = createMemoryHost({ files, storage: new Map(Object.entries(global)) });
  return readProjectInstructions({ host, paths: pathsOf(host.platform), cwd, signal });
}

/** The files that count, by path and text, outermost first. */
async function check(files: Readonly<Record<string, string>>, expected: readonly [string, string][], global = {}) {
  const { text, sources } = await read({ ...files, "/workspace/a/b/x": "" }, { global });
  assert.deepEqual(
    sources,
    expected.map(([path]) => path),
  );
  for (const [path, words] of expected) assert.ok(text.includes(`# Instructions from ${path}\n\n${words}`), text);
  if (expected.length === 0) assert.equal(text, "");
}

const git = { "/workspace/.git/HEAD": "" };

test("none", () => check(git, []));
test("from the repository's root down to the folder", () =>
  check({ ...git, "/workspace/AGENTS.md": "Root.", "/workspace/a/AGENTS.md": "A.", "/workspace/a/b/AGENTS.md": "B." }, [
    ["/workspace/AGENTS.md", "Root."],
    ["/workspace/a/AGENTS.md", "A."],
    ["/workspace/a/b/AGENTS.md", "B."],
  ]));
test("not from above the nearest repository", () =>
  check({ ...git, "/workspace/a/.git": "gitdir: x", "/workspace/AGENTS.md": "Root.", "/workspace/a/AGENTS.md": "A." }, [
    ["/workspace/a/AGENTS.md", "A."],
  ]));
test("outside a repository from the folder alone", () =>
  check({ "/workspace/AGENTS.md": "Root.", "/workspace/a/b/AGENTS.md": "B." }, [["/workspace/a/b/AGENTS.md", "B."]]));
test("an override wins over its neighbour", () =>
  check({ ...git, "/workspace/AGENTS.md": "Root.", "/workspace/AGENTS.override.md": "Mine." }, [
    ["/workspace/AGENTS.override.md", "Mine."],
  ]));
test("an empty one does not", () =>
  check({ ...git, "/workspace/AGENTS.md": "Root.", "/workspace/AGENTS.override.md": " \n" }, [
    ["/workspace/AGENTS.md", "Root."],
  ]));
test("the user's own come first", () =>
  check(
    { ...git, "/workspace/AGENTS.md": "Root." },
    [
      [`${HOME}/AGENTS.md`, "Global."],
      ["/workspace/AGENTS.md", "Root."],
    ],
    { "AGENTS.md": "Global." },
  ));
test("with an override too", () =>
  check(git, [[`${HOME}/AGENTS.override.md`, "Mine."]], { "AGENTS.md": "Global.", "AGENTS.override.md": "Mine." }));

test("32,768 bytes in all, and the cut is announced", async () => {
  const { text } = await read({
    ...git,
    "/workspace/AGENTS.md": "ä".repeat(10_000),
    "/workspace/a/AGENTS.md": "ö".repeat(10_000),
    "/workspace/a/b/AGENTS.md": "ü",
  });
  const count = (letter: string) => text.split(letter).length - 1;
  assert.equal(2 * (count("ä") + count("ö") + count("ü")), 32_768);
  assert.equal(text.split("Cut here: only 32768 bytes").length - 1, 2);
});
test("a binary one is passed over", async () => {
  const { sources } = await read({ ...git, "/workspace/AGENTS.md": Uint8Array.of(0, 1, 2, 0xff) });
  assert.deepEqual(sources, []);
});

test("a folder that may not be looked into is passed over", async () => {
  const host = createMemoryHost({ files: { "/workspace/a/AGENTS.md": "A." } });
  const stat = async () => {
    throw new AgentError("permissionDenied", "No.");
  };
  const place = {
    host: { ...host, files: { ...host.files, stat } },
    paths: pathsOf(host.platform),
    cwd: "/workspace/a",
    signal,
  };
  assert.deepEqual((await readProjectInstructions(place)).sources, ["/workspace/a/AGENTS.md"]);
  await assert.rejects(readProjectInstructions({ ...place, signal: AbortSignal.abort() }), { code: "aborted" });
});
