import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileDiagnostic } from "../../src/host/editor.ts";
import type { Command } from "../../src/host/processes.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import { bytesOf, rejects, textOf } from "../host/expect.ts";
import { createMemoryHost } from "./memoryHost.ts";
import { prints, stays } from "./memoryProcesses.ts";

const signal = new AbortController().signal;
const shell = (line: string): Command => ({
  argv: ["bash", "-c", line],
  cwd: "/workspace",
  tty: false,
  itemId: "i",
  title: line,
});
const update = (path: string, before: string, after: string, movePath?: string) =>
  ({ kind: "update", path, before: bytesOf(before), after: bytesOf(after), movePath }) as const;

test("an unsaved buffer wins over the disk, and takes the edit", async () => {
  const host = createMemoryHost({ files: { "/workspace/a": "disk" } });
  host.setUnsaved("/workspace/a", "buffer");
  const { bytes, unsaved } = await host.files.read("/workspace/a", signal);
  assert.deepEqual([textOf(bytes), unsaved], ["buffer", true]);
  await rejects("conflict", () => host.files.apply([update("/workspace/a", "disk", "new")], signal));
  const result = await host.files.apply([update("/workspace/a", "buffer", "new")], signal);
  assert.deepEqual(result, { savedPaths: [], unsavedPaths: ["/workspace/a"], adjusted: new Map() });
  assert.deepEqual(host.files.snapshot(), { "/workspace/a": "disk" });
  assert.equal(textOf((await host.files.read("/workspace/a", signal)).bytes), "new");
});

test("unsaved changes move along, and are not deleted", async () => {
  const host = createMemoryHost({ files: { "/workspace/a": "disk" } });
  host.setUnsaved("/workspace/a", "buffer");
  await rejects("conflict", () =>
    host.files.apply([{ kind: "delete", path: "/workspace/a", before: bytesOf("buffer") }], signal),
  );
  const result = await host.files.apply([update("/workspace/a", "buffer", "new", "/workspace/b")], signal);
  assert.deepEqual(result.unsavedPaths, ["/workspace/b"]);
  assert.deepEqual(host.files.snapshot(), { "/workspace/b": "disk" });
});

test("what the editor changes on saving is told", async () => {
  const onSave = (_: string, bytes: Uint8Array) => bytesOf(`${textOf(bytes)}\n`);
  const host = createMemoryHost({ files: { "/workspace/a": "1" }, onSave });
  const { adjusted } = await host.files.apply([update("/workspace/a", "1", "2")], signal);
  assert.deepEqual(adjusted, new Map([["/workspace/a", bytesOf("2\n")]]));
  assert.deepEqual(host.files.snapshot(), { "/workspace/a": "2\n" });
});

test("a planned failure happens once", async () => {
  const host = createMemoryHost({ files: { "/workspace/a": "1" } });
  host.failNext("apply", new AgentError("conflict", "Planned."));
  await rejects("conflict", () => host.files.apply([update("/workspace/a", "1", "2")], signal));
  await host.files.apply([update("/workspace/a", "1", "2")], signal);
  assert.deepEqual(host.files.snapshot(), { "/workspace/a": "2" });
});

test("commands are noted, and run until they are killed", async () => {
  const host = createMemoryHost({ commands: [prints("ls", ["a\n", "b\n"]), stays("serve", "ready\n")] });
  const texts: string[] = [];
  const listing = await host.processes.spawn(shell("ls"), signal);
  listing.onOutput((text) => void texts.push(text));
  assert.deepEqual(await listing.exited, { code: 0, signal: null });
  assert.deepEqual(texts, ["a\n", "b\n"]);
  const serving = await host.processes.spawn(shell("serve"), signal);
  assert.deepEqual(
    host.processes.running().map(({ title }) => title),
    ["serve"],
  );
  await serving.kill();
  assert.deepEqual(host.processes.running(), []);
  assert.deepEqual(
    host.processes.started.map(({ title }) => title),
    ["ls", "serve"],
  );
});

test("a command sees and changes the disk", async () => {
  const host = createMemoryHost({
    files: { "/workspace/a": "1" },
    commands: [
      {
        match: ({ title }) => title.startsWith("cp"),
        run: ({ files }) => files.put("/workspace/b", files.bytes("/workspace/a")),
      },
    ],
  });
  await (await host.processes.spawn(shell("cp a b"), signal)).exited;
  assert.deepEqual(host.files.snapshot(), { "/workspace/a": "1", "/workspace/b": "1" });
});

test("the store survives a restart", async () => {
  const first = createMemoryHost();
  await first.storage.append("threads/a", "1\n");
  const second = createMemoryHost({ storage: first.storage.entries });
  assert.equal(await second.storage.read("threads/a"), "1\n");
});

test("diagnostics are those of the asked files", async () => {
  const range = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };
  const at = (path: string): FileDiagnostic => ({ path, severity: "error", message: "No.", range });
  const host = createMemoryHost({ diagnostics: [at("/workspace/a"), at("/workspace/b")] });
  assert.deepEqual(await host.editor.diagnostics(["/workspace/b"], signal), [at("/workspace/b")]);
  host.setDiagnostics(undefined);
  assert.equal(await host.editor.diagnostics(undefined, signal), undefined);
});
