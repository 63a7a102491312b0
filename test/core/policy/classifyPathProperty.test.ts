import assert from "node:assert/strict";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { classifyPath, isFree } from "../../../src/core/policy/classifyPath.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { isProtected, protectedNames } from "../../../src/core/policy/protectedPaths.ts";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { withFolder } from "../../host/nodeFixture.ts";

/** What some file system leaves out of a name, or takes for the same. */
const IGNORED = ["\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\ufeff", "\u00ad", "\u034f", "\ufe0f", "\u180b"];
const ENDINGS = ["", ".", "..", " ", ". .", "::$INDEX_ALLOCATION", ":stream", "::$DATA"];
const ALIKE: Readonly<Record<string, string>> = { s: "\u017f", k: "\u212a" };

const spelled = (name: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...[...name].map((letter) =>
        fc.tuple(
          fc.constantFrom(letter, letter.toUpperCase(), letter.toLowerCase(), ALIKE[letter] ?? letter),
          fc.oneof({ weight: 6, arbitrary: fc.constant("") }, fc.constantFrom(...IGNORED)),
        ),
      ),
      fc.constantFrom(...ENDINGS),
      fc.constantFrom("NFC", "NFD", "none"),
    )
    .map((parts) => {
      const letters = parts.slice(0, -2) as unknown as [string, string][];
      const [ending, form] = parts.slice(-2) as [string, string];
      const text = letters.map((pair) => pair.join("")).join("") + ending;
      return form === "none" ? text : text.normalize(form);
    });

/** A protected path in some spelling, in some folder, with something below it where it is a folder. */
const protectedPath = fc
  .constantFrom(
    ...protectedNames,
    "all.code-workspace",
    ".env.local",
    "mise.local.toml",
    ".\u00dfh".replace("\u00df", "ss"),
  )
  .chain((name) =>
    fc.tuple(
      fc.constantFrom("", "sub/", "a/b/"),
      fc.tuple(...name.split("/").map(spelled)).map((parts) => parts.join("/")),
    ),
  )
  .map((parts) => parts.join(""));

test("no spelling of a protected path is free", () => {
  fc.assert(
    fc.property(protectedPath, (path) => isProtected(path)),
    { numRuns: 2000 },
  );
});
test("nor is anything in a protected folder", () => {
  const folders = fc.constantFrom(".git", ".vscode", ".idea", ".patchwright", ".agents").chain(spelled);
  fc.assert(
    fc.property(folders, fc.string(), (folder, name) => isProtected(`${folder}/x${name}`)),
    { numRuns: 1000 },
  );
});

const anything = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("/", "\\", ".", "..", ":", "~", "\0", "C:", "a", "con", "?", "\ud800", "\n") }),
);

test("any string is judged, in every notation, and what it leads to is judged alike", async () => {
  const files = {
    realPath: async (path: string) => path,
    stat: async () => undefined,
    read: () => Promise.reject(new Error()),
  };
  await fc.assert(
    fc.asyncProperty(anything, fc.constantFrom("linux" as const, "windows" as const), async (text, os) => {
      const paths = pathsOf({ os });
      const root = os === "windows" ? "C:\\ws" : "/ws";
      for (const path of [text, paths.resolve(root, text)]) {
        const one = await classifyPath(path, { roots: [root], files, paths });
        const again = await classifyPath(one.realPath, { roots: [root], files, paths });
        assert.deepEqual([again.place, again.protected], [one.place, one.protected]);
      }
    }),
    { numRuns: 500 },
  );
});

const NAMES = ["a", "b", "c"];
const place = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const entry = fc.record({
  at: fc.tuple(fc.constantFrom("ws", "out"), place).map((parts) => parts.join("/")),
  link: fc.option(fc.tuple(fc.constantFrom("ws/", "out/", "../ws/", ""), place).map((parts) => parts.join(""))),
});

test("whatever leads out of the workspace is outside", { skip: process.platform === "win32" }, () =>
  withFolder(async (given) => {
    const base = realpathSync(given);
    const files = createNodeFiles({});
    const paths = pathsOf({ os: "linux" });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), place, async (entries, asked) => {
        const folder = join(base, String(run++));
        for (const made of ["ws", "out"]) mkdirSync(join(folder, made), { recursive: true });
        for (const { at, link } of entries) attempt(() => make(join(folder, at), link && join(folder, link)));
        const path = join(folder, "ws", asked);
        const one = await classifyPath(path, { roots: [join(folder, "ws")], files, paths });
        const there = attempt(() => realpathSync(path));
        const isInside = there === undefined || `${there}/`.startsWith(`${folder}/ws/`);
        if (!isInside) assert.equal(one.place, "outside");
        if (there !== undefined && isFree(one)) assert.equal(one.realPath, there);
      }),
      { numRuns: 60 },
    );
  }),
);

function make(path: string, link: string | null): void {
  mkdirSync(dirname(path), { recursive: true });
  if (link) symlinkSync(link, path);
  else writeFileSync(path, "");
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
