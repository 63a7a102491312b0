import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { classifyPaths, isFree, landingsOf } from "../../../src/core/policy/classifyPath.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import type { FileEdit } from "../../../src/host/files.ts";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { bytesOf } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const FLIPS = 1000;

/** Puts a folder and a link that leads out in each other's place, until its standard input ends. Says so after each round. */
function flip(folder: string, outside: string): void {
  const { renameSync, rmSync, symlinkSync, unlinkSync } = require("node:fs");
  const lead = () => {
    renameSync(folder, `${folder}.moved`);
    for (let isLink = false; !isLink; ) {
      try {
        symlinkSync(outside, folder);
        isLink = true;
      } catch {
        // An edit that found no folder has made one.
        rmSync(folder, { recursive: true });
      }
    }
    setTimeout(back, Math.random());
  };
  const back = () => {
    unlinkSync(folder);
    renameSync(`${folder}.moved`, folder);
    process.stdout.write(".", () => setTimeout(lead, 1));
  };
  process.stdin.on("end", () => process.exit(0)).resume();
  lead();
}

test(
  "a link that another process flips all the time leads no edit out of the workspace",
  {
    skip: process.platform !== "linux" && "elsewhere folders are looked at again instead of being held",
  },
  () =>
    withFolder(async (given) => {
      const base = await realpath(given);
      const [root, outside] = [join(base, "ws"), join(base, "outside")];
      for (const folder of [join(root, "d"), outside]) {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, "a"), "1\n");
      }
      const call = `(${flip})(${JSON.stringify(join(root, "d"))}, ${JSON.stringify(outside)})`;
      const child = spawn(process.execPath, ["-e", call], { stdio: ["pipe", "pipe", "inherit"] });
      let flips = 0;
      child.stdout.on("data", (dots: Buffer) => (flips += dots.length));
      const files = createNodeFiles({});
      const surroundings = { roots: [root], files, paths: pathsOf({ os: "linux" }) };
      let made = 0;
      const path = join(root, "d", "a");
      for (let round = 0; flips < FLIPS || made === 0; round++) {
        assert.equal(child.exitCode, null);
        const edits: FileEdit[] = [
          { kind: "add", path: join(root, "d", `new${round}`), after: bytesOf("1\n") },
          { kind: "update", path, before: bytesOf("1\n"), after: bytesOf("1\n1\n") },
          { kind: "update", path, before: bytesOf("1\n1\n"), after: bytesOf("1\n") },
        ];
        for (const edit of edits) {
          const places = await classifyPaths([edit.path], surroundings);
          if (!places.every(isFree)) continue;
          const apply = files.apply([edit], new AbortController().signal, landingsOf(places));
          made += await apply.then(
            () => 1,
            () => 0,
          );
        }
      }
      child.stdin.end();
      await once(child, "exit");
      console.log(`${flips} flips, ${made} edits made`);
      assert.deepEqual([await readdir(outside), await readFile(join(outside, "a"), "utf8")], [["a"], "1\n"]);
    }),
);

test(
  "nor does it lead a search or a listing out",
  {
    skip: process.platform !== "linux" && "elsewhere folders are looked at again instead of being held",
  },
  () =>
    withFolder(async (given) => {
      const base = await realpath(given);
      const [root, outside] = [join(base, "ws"), join(base, "outside")];
      for (const [path, text] of [
        [join(root, "d", "a"), "key inside\n"],
        [join(outside, "a"), "key secret\n"],
        [join(outside, "secret"), "key secret\n"],
      ] as const) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      }
      const call = `(${flip})(${JSON.stringify(join(root, "d"))}, ${JSON.stringify(outside)})`;
      const child = spawn(process.execPath, ["-e", call], { stdio: ["pipe", "pipe", "inherit"] });
      let flips = 0;
      child.stdout.on("data", (dots: Buffer) => (flips += dots.length));
      const files = createNodeFiles({});
      const { signal } = new AbortController();
      let found = 0;
      for (const path of [root, join(root, "d")])
        for (const until = flips + FLIPS / 4; flips < until || found === 0; ) {
          assert.equal(child.exitCode, null);
          const held = { limit: 9, landing: path } as const;
          const query = { pattern: "key", syntax: "text", caseSensitive: true, ...held } as const;
          const listed = await files.list(path, held, signal).catch(() => ({ paths: [] }));
          const { matches } = await files.search(path, query, signal).catch(() => ({ matches: [] }));
          assert.ok(!listed.paths.some((one) => one.endsWith("secret")), "a name of outside was listed");
          assert.ok(!matches.some(({ text }) => text.includes("secret")), "a line of outside was found");
          found += matches.length;
        }
      child.stdin.end();
      await once(child, "exit");
      console.log(`${flips} flips, ${found} lines found`);
    }),
);
