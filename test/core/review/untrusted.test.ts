import assert from "node:assert/strict";
import { mkdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { rgPath } from "@vscode/ripgrep";
import type { AgentSettings } from "../../../src/core/settings.ts";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { withFolder } from "../../host/nodeFixture.ts";
import { quickClock } from "../../support/fakeClock.ts";
import { play } from "../../support/play.ts";
import { checkpointsOf, obeys } from "./checkpointPlay.ts";

type Settings = Partial<AgentSettings>;

/** What the user's settings say once the agent has worked; `at` makes absolute paths. The folder is "workspace", with "link" beside it that leads there. */
type Later = (at: (...names: string[]) => string) => Settings;

/** A folder in which the agent has changed "a", deleted "old/b" and made "c", with a client that wants all of that back later. */
function check(name: string, later: Later, wanted: "refused" | "done", cwd = "workspace"): void {
  test(name, () =>
    withFolder(async (given) => {
      const root = await realpath(given);
      const at = (...names: string[]) => join(root, ...names);
      await mkdir(at("workspace", "old"), { recursive: true });
      await symlink("workspace", at("link"));
      await writeFile(at("workspace", "a"), "1\n");
      await writeFile(at("workspace", "old", "b"), "b\n");
      const host = createNodeHost({ storageRoot: at("store"), workspaceRoots: [at(cwd)], ripgrepPath: rgPath });
      const settings: Settings = { editReview: "after", trustIsIn: "config.toml", realFolder: realFolderIn(at) };
      const played = await play({ script: obeys, clock: quickClock(), host, settings });
      try {
        const { thread } = await played.client.request("thread/start", { cwd: at(cwd) });
        const { turn, restore, list } = checkpointsOf(played, thread.id);
        const patch = "*** Update File: a\n@@\n-1\n+one\n*** Delete File: old/b\n*** Add File: c\n+c";
        const turnId = await turn(`*** Begin Patch\n${patch}\n*** End Patch`);
        await list();
        await rm(at("workspace", "old"), { recursive: true });
        Object.assign(settings, later(at));
        const onDisk = () =>
          Promise.all(["a", "old/b", "c"].map((file) => readFile(at("workspace", file), "utf8").catch(() => "none")));

        const { skipped } = await played.client.request("change/reject", {});
        assert.deepEqual(await onDisk(), wanted === "refused" ? ["one\n", "none", "c\n"] : ["1\n", "b\n", "none"]);
        assert.deepEqual(
          skipped.map(({ message }) => /Restricted Mode.* Patchwright may not change/.test(message)),
          wanted === "refused" ? [true, true, true] : [],
        );
        if (wanted === "done") await turn(`*** Begin Patch\n*** Update File: a\n@@\n-1\n+one\n*** End Patch`);
        const { files, checkpointId } = await restore(turnId, { overwrite: [at(cwd, "a"), at(cwd, "c")] });
        assert.deepEqual(await onDisk(), wanted === "refused" ? ["one\n", "none", "c\n"] : ["1\n", "b\n", "none"]);
        if (wanted === "refused") {
          assert.equal(checkpointId, null);
          assert.deepEqual(new Set(files.map(({ outcome }) => outcome)), new Set(["failed"]));
        }
      } finally {
        await played.close();
        await host.dispose();
      }
    }),
  );
}

function realFolderIn(at: (name: string) => string): AgentSettings["realFolder"] {
  // Of what is not there, nothing is known.
  return (folder) => (folder === at("link") ? at("workspace") : folder);
}

check("what the agent did is undone and restored in a folder that is trusted", () => ({}), "done");
check(
  "not in one that config.toml calls untrusted",
  (at) => ({ projects: { [at("workspace")]: "untrusted" } }),
  "refused",
);
check("nor in a window in Restricted Mode", () => ({ trusted: false, trustIsIn: "editor" }), "refused");
check("nor by a link to it", (at) => ({ projects: { [at("workspace")]: "untrusted" } }), "refused", "link");
check("nor where the link is called untrusted", (at) => ({ projects: { [at("link")]: "untrusted" } }), "refused");
check(
  "a folder beside it that is not trusted is no reason",
  (at) => ({ projects: { [at("elsewhere")]: "untrusted", [at("workspace", "old", "deeper")]: "untrusted" } }),
  "done",
);
