import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { projectMessage, readProjectInstructions } from "../../../src/core/prompt/projectInstructions.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const HOME = "/home/user/.patchwright";
const signal = new AbortController().signal;

interface World {
  readonly cwd?: string;
  /** What stands in the user's own folder. */
  readonly global?: Readonly<Record<string, string>>;
  readonly fallbackNames?: readonly string[];
}

function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  { cwd = "/workspace/a/b", global = {}, fallbackNames = [] }: World = {},
) {
  const host = createMemoryHost({ files, storage: new Map(Object.entries(global)) });
  return readProjectInstructions({ host, paths: pathsOf(host.platform), cwd, fallbackNames, signal });
}

/** The files that count, by path and text, outermost first. */
async function check(
  files: Readonly<Record<string, string>>,
  expected: readonly [string, string][],
  world: World = {},
) {
  const { texts, sources, problems } = await read({ ...files, "/workspace/a/b/x": "" }, world);
  assert.deepEqual(Object.entries(texts), expected);
  assert.deepEqual(sources, Object.keys(texts));
  assert.deepEqual(problems, []);
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
    { global: { "AGENTS.md": "Global." } },
  ));
test("with an override too", () =>
  check(git, [[`${HOME}/AGENTS.override.md`, "Mine."]], {
    global: { "AGENTS.md": "Global.", "AGENTS.override.md": "Mine." },
  }));
test("a fallback counts where there is no other, in the order of the setting", () =>
  check(
    {
      ...git,
      "/workspace/CLAUDE.md": "Root.",
      "/workspace/a/AGENTS.md": "A.",
      "/workspace/a/CLAUDE.md": "Not this.",
      "/workspace/a/b/GUIDE.md": "Nor this.",
      "/workspace/a/b/CLAUDE.md": "B.",
    },
    [
      ["/workspace/CLAUDE.md", "Root."],
      ["/workspace/a/AGENTS.md", "A."],
      ["/workspace/a/b/CLAUDE.md", "B."],
    ],
    { fallbackNames: ["CLAUDE.md", "GUIDE.md"] },
  ));
test("a fallback that leads elsewhere is no name", () =>
  check({ ...git, "/workspace/x.md": "X." }, [], { cwd: "/workspace/a", fallbackNames: ["../x.md", "", ".."] }));

test("32,768 bytes in all: whole characters, the cut announced, the rest named", async () => {
  const { texts, sources, problems } = await read({
    ...git,
    "/workspace/AGENTS.md": "a".repeat(20_001),
    "/workspace/a/AGENTS.md": "ö".repeat(10_000),
    "/workspace/a/b/AGENTS.md": "ü",
  });
  const cut = texts["/workspace/a/AGENTS.md"] ?? "";
  assert.match(cut, /^ö{6383}\n\(This file is cut: only 32768 bytes/);
  assert.match(texts["/workspace/a/b/AGENTS.md"] ?? "", /^\(This file is left out: only 32768 bytes/);
  assert.deepEqual(sources, ["/workspace/AGENTS.md", "/workspace/a/AGENTS.md"]);
  assert.deepEqual(
    problems.map((problem) => problem.split(",")[0]),
    ["/workspace/a/AGENTS.md is cut", "/workspace/a/b/AGENTS.md is left out"],
  );
});

/** A file that cannot be read is no guide, and the user is told; the one after it is. */
async function checkUnreadable(content: string | Uint8Array | AgentError, told: RegExp) {
  const path = "/workspace/AGENTS.override.md";
  const files = { ...git, "/workspace/AGENTS.md": "Root.", [path]: content instanceof AgentError ? "" : content };
  const host = createMemoryHost({ files });
  const reading = async (wanted: string, stop: AbortSignal) => {
    if (wanted === path && content instanceof AgentError) throw content;
    return host.files.read(wanted, stop);
  };
  const { texts, problems } = await readProjectInstructions({
    host: { ...host, files: { ...host.files, read: reading } },
    paths: pathsOf(host.platform),
    cwd: "/workspace",
    fallbackNames: [],
    signal,
  });
  assert.deepEqual(Object.keys(texts), ["/workspace/AGENTS.md"]);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", told);
}

test("a binary one", () => checkUnreadable(Uint8Array.of(0, 1, 2, 0xff), /AGENTS\.override\.md .* not a text file/));
test("one that is neither UTF-8 nor any other text", () =>
  checkUnreadable(Uint8Array.of(0x61, 0x80, 0xff), /not a text file/));
test("one that may not be read", () =>
  checkUnreadable(new AgentError("permissionDenied", "Refused."), /could not be read\. Refused\.$/));
test("a folder of that name", () => checkUnreadable(new AgentError("unsupported", "A folder."), /A folder\./));
test("a huge one", () => checkUnreadable(new AgentError("tooLarge", "Too large."), /Too large\./));
test("one of the user's own that cannot be read keeps nothing back", async () => {
  const host = createMemoryHost({ files: { "/workspace/AGENTS.md": "Root." } });
  const storage = { ...host.storage, read: async () => Promise.reject(new AgentError("unsupported", "A folder.")) };
  const place = { host: { ...host, storage }, paths: pathsOf(host.platform), cwd: "/workspace", fallbackNames: [] };
  const { sources, problems } = await readProjectInstructions({ ...place, signal });
  assert.deepEqual(sources, ["/workspace/AGENTS.md"]);
  assert.equal(problems.length, 2);
});

/** Whether it guides the agent when it is a link that leads there. */
function checkLink(target: string, expected: "guides" | "does not guide") {
  test(`a link to ${target} ${expected}`, async () => {
    const host = createMemoryHost({ files: { ...git, "/workspace/AGENTS.md": "Root." } });
    const files: typeof host.files = {
      ...host.files,
      read: async (path, one) => ({ ...(await host.files.read(path, one)), realPath: target }),
    };
    const place = { host: { ...host, files }, paths: pathsOf(host.platform), cwd: "/workspace", fallbackNames: [] };
    const { texts, problems } = await readProjectInstructions({ ...place, signal });
    assert.deepEqual(Object.values(texts), expected === "guides" ? ["Root."] : []);
    assert.deepEqual(
      problems.map((problem) => problem.includes(`It leads to ${target}.`)),
      expected === "guides" ? [] : [true],
    );
  });
}
checkLink("/workspace/docs/agents.txt", "guides");
checkLink("/workspace/CLAUDE.md", "guides");
checkLink("/home/user/shared/AGENTS.md", "guides");
checkLink("/home/user/.aws/credentials", "does not guide");
checkLink("/home/user/.ssh/README.md", "does not guide");
checkLink("/home/user/.bash_history", "does not guide");
checkLink("/workspace/.env", "does not guide");
checkLink("/workspace2/notes.txt", "does not guide");

test("a folder that may not be looked into is passed over", async () => {
  const host = createMemoryHost({ files: { "/workspace/a/AGENTS.md": "A." } });
  const stat = async () => {
    throw new AgentError("permissionDenied", "No.");
  };
  const place = {
    host: { ...host, files: { ...host.files, stat } },
    paths: pathsOf(host.platform),
    cwd: "/workspace/a",
    fallbackNames: [],
    signal,
  };
  assert.deepEqual((await readProjectInstructions(place)).sources, ["/workspace/a/AGENTS.md"]);
  await assert.rejects(readProjectInstructions({ ...place, signal: AbortSignal.abort() }), { code: "aborted" });
});

/** The message about the files, from what was told before. */
function checkMessage(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  expected?: string,
) {
  assert.equal(projectMessage(now, before), expected);
}

const told = (text: string) => `<project_instructions>\n${text}\n</project_instructions>`;

test("the same: nothing is said", () => checkMessage({ a: "A." }, { a: "A." }));
test("at first all of them", () =>
  checkMessage({}, { a: "A.", b: "B." }, told("# Instructions from a\n\nA.\n\n# Instructions from b\n\nB.")));
test("then only what changed", () =>
  checkMessage(
    { a: "A.", b: "B." },
    { a: "A.", b: "C." },
    told("# Instructions from b (changed: this replaces it)\n\nC."),
  ));
test("and what came and went", () =>
  checkMessage(
    { a: "A.", b: "B." },
    { b: "B.", c: "C." },
    told("# Instructions from c (new)\n\nC.\n\nThe instructions from a no longer apply."),
  ));
test("none is left", () => checkMessage({ a: "A." }, {}, "The project's AGENTS.md instructions no longer apply."));
