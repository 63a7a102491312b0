import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ask, ReviewFiles } from "../../../src/extension/review/reviewFiles.ts";
import type { ReviewedFile } from "../../../src/protocol/review.ts";

function file(path: string, added = 0): ReviewedFile {
  return { path, kind: "update", movedFrom: null, binary: false, hunks: [], added, removed: 0, authors: [] };
}

function filesWith(...data: ReviewedFile[]) {
  const asked: unknown[] = [];
  const ask = async (method: string, params: unknown) => {
    asked.push([method, params]);
    return method === "change/list" ? { data } : { skipped: [] };
  };
  return { files: new ReviewFiles(ask as Ask), asked };
}

test("files are listed in the order of their paths", async () => {
  const { files } = filesWith(file("/b"), file("/a"));
  await files.load();
  files.take({ path: "/c", file: file("/c") });
  assert.deepEqual(
    files.all().map(({ path }) => path),
    ["/a", "/b", "/c"],
  );
});

test("what is told while the list is on its way is newer than the list", async () => {
  const { files } = filesWith(file("/a"), file("/b", 1));
  const loaded = files.load();
  files.take({ path: "/a", file: null });
  files.take({ path: "/b", file: file("/b", 2) });
  await loaded;
  assert.deepEqual(
    files.all().map(({ path, added }) => [path, added]),
    [["/b", 2]],
  );
});

test("listeners are told of what was decided, too", async () => {
  const { files } = filesWith(file("/a"));
  await files.load();
  const told: (readonly string[])[] = [];
  const listening = files.onDidChange((paths) => told.push(paths));
  files.take({ path: "/a", file: null });
  listening.dispose();
  files.take({ path: "/a", file: file("/a") });
  assert.deepEqual(told, [["/a"]]);
});

test("edited lines are undone only by the request for that", async () => {
  const { files, asked } = filesWith();
  await files.undo({ path: "/a" });
  await files.undoEdited({ path: "/a" });
  assert.deepEqual(asked, [
    ["change/reject", { path: "/a" }],
    ["change/reject", { path: "/a", includeEdited: true }],
  ]);
});
