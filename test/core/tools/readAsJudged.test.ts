import assert from "node:assert/strict";
import { mkdir, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { landingsOf, locatePaths } from "../../../src/core/policy/classifyPath.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { listFiles } from "../../../src/core/tools/listFiles.ts";
import { readAsJudged } from "../../../src/core/tools/readAsJudged.ts";
import { searchText } from "../../../src/core/tools/searchText.ts";
import type { CallContext, Tool } from "../../../src/core/tools/tool.ts";
import type { Host } from "../../../src/host/host.ts";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { withFolder } from "../../host/nodeFixture.ts";

const signal = new AbortController().signal;

/** What is read of a path in the workspace when something happens between the judgement and the reading. */
function check(name: string, path: string, change: (root: string) => Promise<void>, read: RegExp): void {
  test(name, () =>
    withFolder(async (given) => {
      const base = await realpath(given);
      const root = join(base, "ws");
      await mkdir(join(root, "folder"), { recursive: true });
      await mkdir(join(base, "outside"));
      await writeFile(join(root, "folder", "a"), "plain");
      await writeFile(join(base, "outside", "a"), "secret");
      await symlink("folder/a", join(root, "link"));
      const files = createNodeFiles({});
      const host = { files } as unknown as Host;
      const places = await locatePaths([join(root, path)], { roots: [root], files, paths: pathsOf({ os: "linux" }) });
      assert.deepEqual(
        places.map(({ place }) => place),
        ["inside"],
      );
      await change(root);
      const text = await readAsJudged(join(root, path), { landings: landingsOf(places) }, { host, signal }).then(
        ({ bytes }) => Buffer.from(bytes).toString(),
        (error: Error) => error.message,
      );
      assert.match(text, read);
    }),
  );
}

const nothing = async () => {};
check("a file", "folder/a", nothing, /^plain$/);
check("through a link", "link", nothing, /^plain$/);
check(
  "a link that leads elsewhere now",
  "link",
  async (root) => {
    await rm(join(root, "link"));
    await symlink("../outside/a", join(root, "link"));
  },
  /leads elsewhere than a moment ago/,
);
check(
  "a folder in whose place a link is now",
  "folder/a",
  async (root) => {
    await rename(join(root, "folder"), join(root, "moved"));
    await symlink("../outside", join(root, "folder"));
  },
  /leads elsewhere than a moment ago/,
);

/** What looking through a folder gives when a link has taken its place since it was judged. */
function checkFolder(tool: Tool, change: (root: string) => Promise<void>, output: RegExp): void {
  test(`${tool.name}: ${output.source}`, () =>
    withFolder(async (given) => {
      const base = await realpath(given);
      const root = join(base, "ws");
      await mkdir(join(root, "folder"), { recursive: true });
      await mkdir(join(base, "outside"));
      await writeFile(join(root, "folder", "a"), "plain\n");
      await writeFile(join(base, "outside", "b"), "plain secret\n");
      const files = createNodeFiles({});
      const paths = pathsOf({ os: "linux" });
      const context = { host: { files }, paths, cwd: root, signal } as unknown as CallContext;
      const prepared = await tool.prepare(JSON.stringify({ path: "folder", pattern: "plain" }), context);
      const places = await locatePaths([join(root, "folder")], { roots: [root], files, paths });
      await change(root);
      const text = await prepared.run({ landings: landingsOf(places) }).then(
        (result) => String(result.output),
        (error: Error) => error.message,
      );
      assert.match(text, output);
    }));
}

const swap = async (root: string) => {
  await rename(join(root, "folder"), join(root, "moved"));
  await symlink("../outside", join(root, "folder"));
};
for (const tool of [listFiles, searchText])
  checkFolder(tool, swap, /^\S+ leads elsewhere than a moment ago, so nothing was read/);
checkFolder(listFiles, nothing, /^folder\/a$/);
checkFolder(searchText, nothing, /^folder\/a:1: plain$/);
