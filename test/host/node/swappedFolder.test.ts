import assert from "node:assert/strict";
import { mkdir, readdir, readFile, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { FileEdit, Landings } from "../../../src/host/files.ts";
import { createApply } from "../../../src/host/node/apply.ts";
import type { Disk } from "../../../src/host/node/disk.ts";
import { bytesOf, rejects } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const signal = new AbortController().signal;

interface Place {
  readonly inside: string;
  readonly outside: string;
  /** Puts a link that leads out in the place of the folder inside. */
  swap(): Promise<void>;
}

type When = "before" | "staged" | "renaming";

function diskThat(when: When, { swap }: Place): Disk {
  return {
    sync: async () => (when === "staged" ? swap() : undefined),
    async rename(from, to) {
      if (when === "renaming") await swap();
      await rename(from, to);
    },
  };
}

/** Whenever the folder is swapped, nothing is made, changed or left behind where the link leads. */
function check(name: string, when: When, editsIn: (folder: string) => readonly FileEdit[]): void {
  test(
    name,
    { skip: process.platform !== "linux" && "elsewhere folders are looked at again instead of being held" },
    () =>
      withFolder(async (given) => {
        const base = await realpath(given);
        const inside = join(base, "ws", "folder");
        const outside = join(base, "outside");
        for (const folder of [inside, outside]) {
          await mkdir(folder, { recursive: true });
          await writeFile(join(folder, "a"), "1\n");
        }
        let swapped = false;
        const swap = async () => {
          if (swapped) return;
          swapped = true;
          await rename(inside, join(base, "ws", "moved"));
          await symlink(outside, inside);
        };
        const edits = editsIn(inside);
        const landings: Landings = new Map(edits.map(({ path }) => [path, { realPath: path, entryPath: path }]));
        if (when === "before") await swap();
        const apply = createApply(diskThat(when, { inside, outside, swap }));
        const outcome = await apply(edits, signal, landings).then(
          () => "made",
          () => "refused",
        );
        assert.equal(swapped, true);
        assert.deepEqual([await readdir(outside), await readFile(join(outside, "a"), "utf8")], [["a"], "1\n"]);
        const left = await readdir(join(base, "ws", "moved"));
        assert.equal(
          left.some((one) => one.startsWith(".patchwright-")),
          false,
          "no temporary file is left",
        );
        if (when === "before") assert.equal(outcome, "refused");
        else if (outcome === "refused") assert.equal(await readFile(join(base, "ws", "moved", "a"), "utf8"), "1\n");
      }),
  );
}

const update = (folder: string): FileEdit[] => [
  { kind: "update", path: join(folder, "a"), before: bytesOf("1\n"), after: bytesOf("2\n") },
];
const add = (folder: string): FileEdit[] => [{ kind: "add", path: join(folder, "new"), after: bytesOf("1\n") }];
const addDeep = (folder: string): FileEdit[] => [
  { kind: "add", path: join(folder, "x", "y", "new"), after: bytesOf("1\n") },
  ...update(folder),
];
const remove = (folder: string): FileEdit[] => [{ kind: "delete", path: join(folder, "a"), before: bytesOf("1\n") }];

for (const [name, edits] of Object.entries({ update, add, "add in new folders": addDeep, delete: remove })) {
  check(`${name}: a folder that became a link since it was judged`, "before", edits);
  if (name !== "delete") check(`${name}: one that does while the content is written`, "staged", edits);
  if (name !== "add") check(`${name}: one that does at the last moment`, "renaming", edits);
}

test("a path that leads elsewhere than it was judged to is refused", () =>
  withFolder(async (given) => {
    const base = await realpath(given);
    const path = join(base, "a");
    const edit: FileEdit = { kind: "add", path, after: bytesOf("1") };
    const elsewhere = new Map([[path, { realPath: join(base, "b"), entryPath: join(base, "b") }]]);
    await rejects("permissionDenied", () => createApply()([edit], signal, elsewhere));
    await rejects("permissionDenied", () => createApply()([edit], signal, new Map()));
    await createApply()([edit], signal, new Map([[path, { realPath: path, entryPath: path }]]));
    assert.equal(await readFile(path, "utf8"), "1");
    await rm(path);
  }));
