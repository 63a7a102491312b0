import assert from "node:assert/strict";
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { rgPath } from "@vscode/ripgrep";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { withFolder } from "../../host/nodeFixture.ts";
import { quickClock } from "../../support/fakeClock.ts";
import { type Play, play } from "../../support/play.ts";
import { obeys } from "./checkpointPlay.ts";

interface Disk {
  readonly played: Play;
  readonly threadId: string;
  /** What was asked, so far. */
  readonly asked: readonly string[];
  inside(...names: string[]): string;
  outside(...names: string[]): string;
  /** A turn with a patch of these files in the workspace; resolves with its id. */
  patch(sections: string): Promise<string>;
  restore(checkpointId: string, overwrite?: string[]): Promise<string[]>;
}

/** A thread on a real disk: "sub/a" in the workspace, and a file of the same content outside. */
function onDisk(check: (disk: Disk) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const inside = (...names: string[]) => join(folder, "workspace", ...names);
    const outside = (...names: string[]) => join(folder, "outside", ...names);
    for (const path of [inside("sub"), outside("sub")]) await mkdir(path, { recursive: true });
    await writeFile(inside("sub", "a"), "1\n2\n3\n");
    const host = createNodeHost({
      storageRoot: join(folder, "store"),
      workspaceRoots: [inside()],
      ripgrepPath: rgPath,
    });
    const asked: string[] = [];
    const played = await play({
      script: obeys,
      clock: quickClock(),
      host,
      settings: { editReview: "after" },
      answer: ({ method }) => {
        asked.push(method);
        return { decision: "decline" };
      },
    });
    try {
      const { thread } = await played.start();
      await check({
        played,
        threadId: thread.id,
        asked,
        inside,
        outside,
        patch: async (sections) => (await played.say(thread.id, `*** Begin Patch\n${sections}\n*** End Patch`)).id,
        async restore(checkpointId, overwrite) {
          const params = { threadId: thread.id, checkpointId, files: true, thread: false, overwrite };
          const { files } = await played.client.request("checkpoint/restore", params);
          return files.map(({ outcome, message }) => `${outcome}: ${message ?? ""}`.replaceAll(folder, ""));
        },
      });
    } finally {
      await played.close();
      await host.dispose();
    }
  });
}

const change = "*** Update File: sub/a\n@@\n-2\n+two";
const refused = /leads to .*outside.* by a link, so it was left alone/;

/** What takes the place of "sub/a" leads out of the workspace, to a file that holds the same as the agent left. */
const swaps: Readonly<Record<string, (disk: Disk) => Promise<void>>> = {
  "a file that became a link": async ({ inside, outside }) => {
    await rename(inside("sub", "a"), outside("sub", "a"));
    await symlink(outside("sub", "a"), inside("sub", "a"));
  },
  "a folder that became a link": async ({ inside, outside }) => {
    await rename(inside("sub", "a"), outside("sub", "a"));
    await rm(inside("sub"), { recursive: true });
    await symlink(outside("sub"), inside("sub"));
  },
};

for (const [name, swap] of Object.entries(swaps)) {
  test(`${name} is not undone through`, () =>
    onDisk(async (disk) => {
      const { patch, played, outside } = disk;
      await patch(change);
      await swap(disk);
      const { skipped } = await played.client.request("change/reject", { includeEdited: true });
      assert.match(skipped.map(({ message }) => message).join(), refused);
      assert.equal(await readFile(outside("sub", "a"), "utf8"), "1\ntwo\n3\n");
    }));

  test(`${name} is not restored through, even to overwrite it`, () =>
    onDisk(async (disk) => {
      const { patch, restore, inside, outside } = disk;
      const turn = await patch(change);
      await swap(disk);
      for (const overwrite of [[], [inside("sub", "a")]]) {
        const [outcome = "", ...more] = await restore(turn, overwrite);
        assert.match(outcome, refused);
        assert.deepEqual(more, []);
      }
      assert.equal(await readFile(outside("sub", "a"), "utf8"), "1\ntwo\n3\n");
    }));
}

test("a deleted file is not made anew through a folder that became a link", () =>
  onDisk(async ({ patch, restore, inside, outside, played }) => {
    const turn = await patch("*** Delete File: sub/a");
    await rm(inside("sub"), { recursive: true });
    await symlink(outside("sub"), inside("sub"));
    assert.match((await restore(turn)).join(), refused);
    const { skipped } = await played.client.request("change/reject", {});
    assert.match(skipped.map(({ message }) => message).join(), refused);
    await assert.rejects(readFile(outside("sub", "a")), /ENOENT/);
  }));

test("a file in the workspace is not restored through another one", () =>
  onDisk(async ({ patch, restore, inside }) => {
    const turn = await patch(change);
    await rename(inside("sub", "a"), inside("b"));
    await symlink("../b", inside("sub", "a"));
    assert.match((await restore(turn, [inside("sub", "a")])).join(), /leads to .*b by a link/);
    assert.equal(await readFile(inside("b"), "utf8"), "1\ntwo\n3\n");
  }));

test("a file where nothing was swapped is undone and restored", () =>
  onDisk(async ({ patch, restore, inside, played }) => {
    const turn = await patch(change);
    assert.deepEqual(await restore(turn), ["restored: "]);
    assert.equal(await readFile(inside("sub", "a"), "utf8"), "1\n2\n3\n");
    await patch(change);
    assert.deepEqual((await played.client.request("change/reject", {})).skipped, []);
    assert.equal(await readFile(inside("sub", "a"), "utf8"), "1\n2\n3\n");
  }));

/** An edit that need not be asked about asks when a link leads it elsewhere. */
function checkAsks(link: { target: string; at: string }, section: string, asks: boolean) {
  return onDisk(async ({ patch, inside, outside, asked }) => {
    await mkdir(inside(".git"));
    await writeFile(inside(".git", "config"), "old\n");
    await writeFile(outside("keys"), "old\n");
    await symlink(link.target, inside(link.at));
    await patch(section);
    assert.deepEqual(asked, asks ? ["item/fileChange/requestApproval"] : []);
    assert.equal(await readFile(outside("keys"), "utf8"), "old\n");
    assert.equal(await readFile(inside(".git", "config"), "utf8"), "old\n");
  });
}
const write = (path: string) => `*** Update File: ${path}\n@@\n-old\n+new`;
test("writing out of the workspace through a link asks", () =>
  checkAsks({ target: "../outside/keys", at: "notes" }, write("notes"), true));
test("writing through a folder's link asks", () =>
  checkAsks({ target: "../outside", at: "docs" }, write("docs/keys"), true));
test("making a file through a folder's link asks", () =>
  checkAsks({ target: "../outside", at: "docs" }, "*** Add File: docs/new/file\n+1", true));
test("writing a protected file through a link asks", () =>
  checkAsks({ target: ".git/config", at: "notes" }, write("notes"), true));
test("writing through a link within the workspace does not", () =>
  checkAsks({ target: "sub/a", at: "notes" }, "*** Update File: notes\n@@\n-2\n+two", false));
