import * as vscode from "vscode";
import type { ApplyResult, FileEdit } from "../../src/host/files.ts";
import { equal, rejects } from "../host/expect.ts";
import type { Check } from "../workbench/insideHost.ts";
import { type VscodeFixture, withVscodeHost } from "./vscodeFixture.ts";

const encode = (text: string, encoding: BufferEncoding = "utf8") => new Uint8Array(Buffer.from(text, encoding));

/** A file that the window shows, with what a check does to it. */
interface Shown extends VscodeFixture {
  readonly path: string;
  readonly document: vscode.TextDocument;
  readonly editor: vscode.TextEditor;
  /** Types at the start of the document, as a user does, and does not save. */
  type(text: string): Promise<void>;
  update(before: string, after: string): Promise<ApplyResult>;
  /** The disk's text. */
  disk(): Promise<string>;
}

/** A check on a file "a.txt" that an editor shows; its editors are closed afterwards without saving. */
function check(name: string, content: string | Uint8Array, run: (shown: Shown) => Promise<void>): Check {
  return {
    name,
    run: () =>
      withVscodeHost(async (fixture) => {
        const path = fixture.join("a.txt");
        await fixture.writeBytes(path, typeof content === "string" ? encode(content) : content);
        const document = await vscode.workspace.openTextDocument(path);
        const editor = await vscode.window.showTextDocument(document);
        const apply = (edit: FileEdit) => fixture.host.files.apply([edit], fixture.signal);
        try {
          await run({
            ...fixture,
            path,
            document,
            editor,
            type: async (text) =>
              equal(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text)), true),
            update: (before, after) => apply({ kind: "update", path, before: encode(before), after: encode(after) }),
            disk: async () => Buffer.from(await fixture.readBytes(path)).toString(),
          });
        } finally {
          await vscode.window.showTextDocument(document);
          await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
          await vscode.commands.executeCommand("workbench.action.closeAllEditors");
        }
      }),
  };
}

const reading: readonly Check[] = [
  check("an unsaved buffer wins over the disk", "a\n", async ({ host, path, signal, type }) => {
    await type("typed ");
    equal(await host.files.read(path, signal), { bytes: encode("typed a\n"), unsaved: true });
  }),
  check("a saved one does not count as unsaved", "a\n", async ({ host, path, signal }) => {
    const { bytes, unsaved } = await host.files.read(path, signal);
    equal({ bytes, unsaved }, { bytes: encode("a\n"), unsaved: false });
  }),
  check(
    "a buffer comes in its file's encoding",
    encode("\ufeffa\n", "utf16le"),
    async ({ host, path, signal, type }) => {
      await type("é");
      equal(await host.files.read(path, signal), { bytes: encode("\ufeffé" + "a\n", "utf16le"), unsaved: true });
    },
  ),
  check("a buffer is found under a link's name", "a\n", async ({ host, path, signal, type, links, join }) => {
    await type("typed ");
    await links?.symbolic(path, join("link.txt"));
    equal(await host.files.read(join("link.txt"), signal), { bytes: encode("typed a\n"), unsaved: true });
  }),
  check("a search sees the buffer, not the disk", "old\n", async ({ host, path, root, signal, type, document }) => {
    await type("new\n");
    const query = { syntax: "text", caseSensitive: true, limit: 10 } as const;
    const find = async (pattern: string) => (await host.files.search(root, { ...query, pattern }, signal)).matches;
    equal(await find("new"), [{ path, line: 1, text: "new" }]);
    equal(await find("old"), [{ path, line: 2, text: "old" }]);
    await vscode.window.activeTextEditor?.edit((edit) => edit.delete(new vscode.Range(1, 0, document.lineCount, 0)));
    equal(await find("old"), []);
  }),
];

const saving: readonly Check[] = [
  check("a clean document is changed and saved", "a\nb\nc\n", async ({ path, document, disk, update }) => {
    equal(await update("a\nb\nc\n", "a\nB\nc\n"), { savedPaths: [path], unsavedPaths: [], adjusted: new Map() });
    equal([document.getText(), document.isDirty, await disk()], ["a\nB\nc\n", false, "a\nB\nc\n"]);
  }),
  check("the edit can be undone", "a\nb\n", async ({ document, update }) => {
    await update("a\nb\n", "a\nB\n");
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), "a\nb\n");
  }),
  check("the cursor stays where it was", "a\nb\nc\n", async ({ editor, update }) => {
    editor.selection = new vscode.Selection(2, 1, 2, 1);
    await update("a\nb\nc\n", "a\nnew\nb\nc\n");
    equal([editor.selection.active.line, editor.selection.active.character], [3, 1]);
  }),
  check("an unsaved document is changed and left unsaved", "a\n", async ({ path, document, disk, type, update }) => {
    await type("typed\n");
    const result = await update("typed\na\n", "typed\nb\n");
    equal(result, { savedPaths: [], unsavedPaths: [path], adjusted: new Map() });
    equal([document.getText(), document.isDirty, await disk()], ["typed\nb\n", true, "a\n"]);
  }),
  check("a save that is already on its way is waited for", "a\n", async ({ path, document, disk, update }) => {
    const isOurs = (one: vscode.TextDocument) => one.uri.toString() === document.uri.toString();
    let saves = 0;
    const listeners = vscode.Disposable.from(
      // Another extension that takes its time with each save, and an auto save that comes before ours.
      vscode.workspace.onWillSaveTextDocument((event) => {
        if (isOurs(event.document)) event.waitUntil(new Promise((resolve) => setTimeout(resolve, 300)));
      }),
      vscode.workspace.onDidChangeTextDocument(({ document: one }) => {
        if (isOurs(one) && one.isDirty && saves++ === 0) void one.save();
      }),
    );
    try {
      equal(await update("a\n", "b\n"), { savedPaths: [path], unsavedPaths: [], adjusted: new Map() });
    } finally {
      listeners.dispose();
    }
    equal([document.getText(), document.isDirty, await disk()], ["b\n", false, "b\n"]);
  }),
  check("what saving adjusts is reported", "a\n", async ({ path, document, disk, update }) => {
    const formatter = vscode.languages.registerDocumentFormattingEditProvider(
      { scheme: "file", language: "plaintext" },
      {
        provideDocumentFormattingEdits: (formatted) => [
          vscode.TextEdit.replace(new vscode.Range(0, 0, formatted.lineCount, 0), formatted.getText().toUpperCase()),
        ],
      },
    );
    const settings = vscode.workspace.getConfiguration("editor");
    await settings.update("formatOnSave", true, vscode.ConfigurationTarget.Global);
    try {
      const result = await update("a\n", "b\n");
      equal(result, { savedPaths: [path], unsavedPaths: [], adjusted: new Map([[path, encode("B\n")]]) });
      equal([document.getText(), document.isDirty, await disk()], ["B\n", false, "B\n"]);
    } finally {
      await settings.update("formatOnSave", undefined, vscode.ConfigurationTarget.Global);
      formatter.dispose();
    }
  }),
];

const mixed = "a\r\nb\nc\r\n";
const latin = encode("caf\xe9\nb\n", "latin1");

const refusing: readonly Check[] = [
  check("a buffer that the user changed is a conflict", "a\n", async ({ document, disk, type, update }) => {
    await type("typed ");
    await rejects("conflict", () => update("a\n", "b\n"));
    equal([document.getText(), await disk()], ["typed a\n", "a\n"]);
  }),
  check("a file that changed on disk is a conflict", "a\n", async ({ path, writeBytes, disk, update }) => {
    await writeBytes(path, encode("other\n"));
    await rejects("conflict", () => update("a\n", "b\n"));
    equal(await disk(), "other\n");
  }),
  check("line ends that a buffer cannot hold are refused", "a\n", async ({ document, type, update }) => {
    await type("typed\n");
    await rejects("unfaithful", () => update("typed\na\n", "typed\r\na\n"));
    equal(document.getText(), "typed\na\n");
  }),
  check("an unsaved file is not deleted", "a\n", async ({ host, path, signal, disk, type }) => {
    await type("typed ");
    const edit: FileEdit = { kind: "delete", path, before: encode("typed a\n") };
    await rejects("unfaithful", () => host.files.apply([edit], signal));
    equal(await disk(), "a\n");
  }),
  check("an unsaved file is not moved", "a\n", async ({ host, path, join, exists, signal, type }) => {
    await type("typed ");
    const bytes = encode("typed a\n");
    const edit: FileEdit = { kind: "update", path, before: bytes, after: bytes, movePath: join("b.txt") };
    await rejects("unfaithful", () => host.files.apply([edit], signal));
    equal(await exists(join("b.txt")), false);
  }),
  check("nothing is added where an unsaved file was deleted", "a\n", async ({ host, path, remove, signal, type }) => {
    await type("typed ");
    await remove(path);
    await rejects("alreadyExists", () => host.files.apply([{ kind: "add", path, after: encode("b\n") }], signal));
  }),
  check(
    "all is taken back when one edit fails",
    "a\n",
    async ({ host, path, join, writeBytes, signal, document, disk }) => {
      await writeBytes(join("there.txt"), encode("there\n"));
      const edits: readonly FileEdit[] = [
        { kind: "update", path, before: encode("a\n"), after: encode("b\n") },
        { kind: "add", path: join("there.txt"), after: encode("new\n") },
      ];
      await rejects("alreadyExists", () => host.files.apply(edits, signal));
      equal([document.getText(), document.isDirty, await disk()], ["a\n", false, "a\n"]);
    },
  ),
];

const faithful: readonly Check[] = [
  check("mixed line ends survive in an open file", mixed, async ({ path, disk, update }) => {
    equal((await update(mixed, mixed.replace("b", "B"))).savedPaths, [path]);
    equal(await disk(), "a\r\nB\nc\r\n");
  }),
  check("Latin-1 survives in a file that is open as UTF-8", latin, async ({ host, path, readBytes, signal }) => {
    const after = encode("caf\xe9\nB\n", "latin1");
    await host.files.apply([{ kind: "update", path, before: latin, after }], signal);
    equal(await readBytes(path), after);
  }),
  check(
    "no tab is opened or closed and none gets the focus",
    "a\n",
    async ({ host, path, join, writeBytes, signal }) => {
      const tabs = () =>
        vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label, isActive }) => [label, isActive]));
      const before = tabs();
      await writeBytes(join("closed.txt"), encode("c\n"));
      const edits: readonly FileEdit[] = [
        { kind: "update", path, before: encode("a\n"), after: encode("b\n") },
        { kind: "update", path: join("closed.txt"), before: encode("c\n"), after: encode("d\n") },
        { kind: "add", path: join("new.txt"), after: encode("n\n") },
      ];
      equal((await host.files.apply(edits, signal)).savedPaths.length, 3);
      equal(tabs(), before);
      equal(vscode.window.activeTextEditor?.document.uri.fsPath, path);
    },
  ),
];

export const checks: readonly Check[] = [...reading, ...saving, ...refusing, ...faithful];
