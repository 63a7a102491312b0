import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { placesOf } from "../../../src/core/policy/effectPlaces.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { withFolder } from "../../host/nodeFixture.ts";

/** Where a path leads in a workspace in which the private store lies under another name, behind a link. */
function check(path: string, read: "inside" | "outside", edited: "free" | "outside, protected"): void {
  test(`${path} is ${read} when read, and ${edited} when edited`, { skip: process.platform === "win32" }, () =>
    withFolder(async (folder) => {
      for (const one of ["own/outputs", "src"]) await mkdir(join(folder, one), { recursive: true });
      await writeFile(join(folder, "own/rules.json"), "");
      await writeFile(join(folder, "own/outputs/a"), "");
      await symlink("own", join(folder, "store"));
      await symlink("own/rules.json", join(folder, "src/link"));
      const folders = { store: join(folder, "store"), outputs: join(folder, "store/outputs") };
      const allowed = { workspaceRoots: [folder], readableRoots: [], folders };
      const disk = { files: createNodeFiles({}), paths: pathsOf({ os: "linux" }) };
      const paths = [join(folder, path)];
      const places = await placesOf({ kind: "read", paths }, allowed, disk);
      assert.equal(places.read[0]?.place, read);
      const { written } = await placesOf({ kind: "edit", paths }, allowed, disk);
      const isFree = written[0]?.place === "inside" && !written[0].protected;
      assert.equal(isFree ? "free" : `${written[0]?.place}, protected`, edited);
    }),
  );
}

check("src/a.ts", "inside", "free");
check("own/rules.json", "outside", "outside, protected");
check("store/rules.json", "outside", "outside, protected");
check("own/new", "outside", "outside, protected");
check("src/link", "outside", "outside, protected");
check("store/outputs/a", "inside", "free");
