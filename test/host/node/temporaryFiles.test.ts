import assert from "node:assert/strict";
import { link, lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { createApply } from "../../../src/host/node/apply.ts";
import { formatProcess, ownProcess } from "../../../src/host/node/processName.ts";
import { bytesOf } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const ID = "12345678-0000-4000-8000-123456789abc";
const here = formatProcess(ownProcess());
const dead = formatProcess({ ...ownProcess(), boot: "0" });
const elsewhere = formatProcess({ ...ownProcess(), machine: "0" });

interface Case {
  /** Made before; one that ends with a slash is a folder. */
  readonly path: string;
  /** Has another name, too. */
  readonly linked?: boolean;
}

/** Whether something that stands in the folder of an edit is still there after it. */
function check(name: string, { path, linked }: Case, expected: "there" | "gone"): void {
  test(name, () =>
    withFolder(async (folder) => {
      const at = join(folder, path);
      await mkdir(path.endsWith("/") ? at : dirname(at), { recursive: true });
      if (!path.endsWith("/")) await writeFile(at, "mine");
      if (linked) await link(at, join(folder, "other"));
      const edit = { kind: "add", path: join(folder, "a.txt"), after: bytesOf("1\n") } as const;
      await createApply()([edit], new AbortController().signal);
      assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "1\n");
      assert.equal(
        await lstat(at).then(
          () => "there",
          () => "gone",
        ),
        expected,
      );
      if (linked) assert.equal(await readFile(join(folder, "other"), "utf8"), "mine");
      const left = (await readdir(folder)).filter((one) => one.startsWith(".patchwright-") && !path.startsWith(one));
      assert.deepEqual(left, []);
    }),
  );
}

check("a new content of a process that was killed", { path: `.patchwright-new~${dead}~${ID}` }, "gone");
check("an old one that has its name still", { path: `.patchwright-old~${dead}~${ID}`, linked: true }, "gone");
check("an old one that nobody else has", { path: `.patchwright-old~${dead}~${ID}` }, "there");
check("one of a process that runs", { path: `.patchwright-new~${here}~${ID}` }, "there");
check(
  "one of another machine, of whose processes nothing is known",
  { path: `.patchwright-new~${elsewhere}~${ID}` },
  "there",
);
check("a file of the user", { path: ".patchwright-new" }, "there");
check("one that only begins so", { path: `.patchwright-new~${dead}~${ID}.txt` }, "there");
check("one without a process", { path: `.patchwright-${ID}` }, "there");
check("a folder", { path: `.patchwright-new~${dead}~${ID}/` }, "there");
check("one in another folder", { path: `sub/.patchwright-new~${dead}~${ID}` }, "there");
