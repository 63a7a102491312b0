import assert from "node:assert/strict";
import { mkdir, realpath, rename, symlink, unlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { inPlace } from "../../../src/host/node/inPlace.ts";
import { createWalker } from "../../../src/host/node/walk.ts";
import { rejects } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const signal = new AbortController().signal;

interface Place {
  readonly root: string;
  /** Puts a link that leads out in the place of a folder of the workspace, or of the workspace itself. */
  lead(name: string): Promise<void>;
  back(name: string): Promise<void>;
}

/** Done before the walk, after the walk, or both. */
interface Case {
  readonly before?: (place: Place) => Promise<void>;
  readonly after?: (place: Place) => Promise<void>;
  readonly landing?: "none";
}

/** What a listing and a search find: of the workspace a/own, a/same and b, where outside are a/own, a/same and a/secret. */
function check(name: string, { before, after, landing }: Case, expected: { listed: string; found: string }): void {
  test(name, () =>
    withFolder(async (given) => {
      const base = await realpath(given);
      for (const [path, text] of Object.entries({
        "ws/a/own": "key own\n",
        "ws/a/same": "key same\n",
        "ws/b": "no\nkey b\r\n",
        "outside/own": "key secret\n",
        "outside/same": "key same\n",
        "outside/secret": "key secret\n",
      })) {
        await mkdir(join(base, path, ".."), { recursive: true });
        await writeFile(join(base, path), text);
      }
      const root = join(base, "ws");
      const place: Place = {
        root,
        async lead(folder) {
          await rename(join(root, folder), join(base, "moved"));
          await symlink(join(base, "outside"), join(root, folder));
        },
        async back(folder) {
          await unlink(join(root, folder));
          await rename(join(base, "moved"), join(root, folder));
        },
      };
      const walker = following();
      const searcher = inPlace({
        list: (...args) => during(place, () => walker.list(...args)),
        search: (...args) => during(place, () => walker.search(...args)),
      });
      async function during<T>(where: Place, walk: () => Promise<T>): Promise<T> {
        await before?.(where);
        const result = await walk();
        await after?.(where);
        return result;
      }
      const held = landing === "none" ? {} : { landing: root };
      const query = { pattern: "key", syntax: "text", caseSensitive: true, limit: 9, ...held } as const;
      const { paths } = await searcher.list(root, { limit: 9, ...held }, signal);
      assert.equal(paths.map((path) => relative(root, path)).join(" "), expected.listed);
      if (before && !after) await place.back("a");
      const { matches } = await searcher.search(root, query, signal);
      assert.equal(matches.map(({ path, text }) => `${relative(root, path)}: ${text}`).join(", "), expected.found);
    }),
  );
}

/** A walk that has read already that "a" is a folder, and goes into whatever is there now. */
function following() {
  const walker = createWalker();
  const roots = (root: string) => [join(root, "a"), root];
  return {
    async list(root: string, ...args: [{ limit: number }, AbortSignal]) {
      const found = await Promise.all(roots(root).map((one) => walker.list(one, ...args)));
      return { paths: [...new Set(found.flatMap(({ paths }) => paths))].sort(), more: false };
    },
    async search(root: string, ...args: [Parameters<typeof walker.search>[1], AbortSignal]) {
      const found = await Promise.all(roots(root).map((one) => walker.search(one, ...args)));
      const matches = new Map(found.flatMap((one) => one.matches).map((match) => [match.path, match]));
      return { matches: [...matches.values()], more: false };
    },
  };
}

const all = { listed: "a/own a/same b", found: "a/own: key own, a/same: key same, b: key b" };
check("nothing changes", {}, all);
check("a folder that becomes a link", { before: ({ lead }) => lead("a") }, { listed: "b", found: "b: key b" });
check(
  "and is a folder again before anybody looks",
  { before: ({ lead }) => lead("a"), after: ({ back }) => back("a") },
  { listed: "a/own a/same b", found: "a/same: key same, b: key b" },
);
check(
  "without a landing links that came meanwhile are followed",
  { landing: "none", before: ({ lead }) => lead("a"), after: ({ back }) => back("a") },
  { listed: "a/own a/same a/secret b", found: "a/own: key secret, a/same: key same, a/secret: key secret, b: key b" },
);

test("a root that leads elsewhere than it did is refused", () =>
  withFolder(async (given) => {
    const base = await realpath(given);
    await mkdir(join(base, "outside"));
    await symlink("outside", join(base, "ws"));
    const searcher = inPlace(createWalker());
    const query = { pattern: "key", syntax: "text", caseSensitive: true, limit: 9, landing: join(base, "ws") } as const;
    await rejects("permissionDenied", () => searcher.list(join(base, "ws"), query, signal));
    await rejects("permissionDenied", () => searcher.search(join(base, "ws"), query, signal));
    const led = { ...query, landing: join(base, "outside") };
    assert.deepEqual((await searcher.search(join(base, "ws"), led, signal)).matches, []);
  }));
