import * as vscode from "vscode";
import { pathsOf } from "../../src/core/policy/paths.ts";
import { ChangeStore } from "../../src/core/review/changeStore.ts";
import type { ReviewedFile } from "../../src/protocol/review.ts";
import { equal } from "../host/expect.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import type { Check } from "../workbench/insideHost.ts";
import { until } from "../workbench/until.ts";
import { type VscodeFixture, withVscodeHost } from "./vscodeFixture.ts";

const five = "1\n2\n3\n4\n5\n";
const changed = "one\n2\n3\n4\nfive\n";
const encode = (text: string) => new TextEncoder().encode(text);

/** A file "a.txt" that an editor shows, after an edit of the agent with two hunks. */
interface Reviewed extends VscodeFixture {
  readonly path: string;
  readonly store: ChangeStore;
  readonly document: vscode.TextDocument;
  readonly editor: vscode.TextEditor;
  /** The hunks as `old>new`, with "!" when edited, once they are as wanted. */
  hunks(wanted: readonly string[]): Promise<void>;
}

function check(name: string, run: (reviewed: Reviewed) => Promise<void>): Check {
  return {
    name,
    run: () =>
      withVscodeHost(async (fixture) => {
        const path = fixture.join("a.txt");
        await fixture.writeBytes(path, encode(five));
        const document = await vscode.workspace.openTextDocument(path);
        const editor = await vscode.window.showTextDocument(document);
        let latest: ReviewedFile | null = null;
        let told = () => {};
        const store = new ChangeStore({
          host: fixture.host,
          paths: pathsOf(fixture.host.platform),
          clock: { ...createFakeClock(), sleep: async () => {} },
          settings: () => ({ trusted: true }),
          newId: () => crypto.randomUUID(),
          clients: {
            notify({ method, params }) {
              if (method !== "change/updated" || params.path !== path) return;
              latest = params.file;
              told();
            },
          },
          log: (fault) => {
            throw fault;
          },
        });
        const edit = { kind: "update", path, before: encode(five), after: encode(changed) } as const;
        await store.edit(
          { edits: [edit], author: { threadId: "t", turnId: "1", itemId: "a" }, review: "after" },
          async () => ({
            changes: [{ edit }],
            result: await fixture.host.files.apply([edit], fixture.signal),
          }),
        );
        const shown = () =>
          (latest?.hunks ?? []).map(({ oldStart, newStart, edited }) => `${oldStart}>${newStart}${edited ? "!" : ""}`);
        const hunks = (wanted: readonly string[]) =>
          new Promise<void>((resolve) => {
            told = () => shown().join() === wanted.join() && resolve();
            told();
          });
        try {
          await run({ ...fixture, path, store, document, editor, hunks });
        } finally {
          await store.dispose();
          // A document that was renamed is not there any more.
          if (await fixture.exists(path)) await vscode.window.showTextDocument(document);
          await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
          await vscode.commands.executeCommand("workbench.action.closeAllEditors");
        }
      }),
  };
}

const insert = (editor: vscode.TextEditor, line: number, text: string) =>
  editor.edit((edit) => edit.insert(new vscode.Position(line, 0), text));

export const checks: readonly Check[] = [
  check("hunks follow what is typed above them, and what is typed in them marks them", async ({ editor, hunks }) => {
    await hunks(["1>1", "5>5"]);
    await insert(editor, 2, "mine\n");
    await hunks(["1>1", "6>6"]);
    await insert(editor, 0, "x");
    await hunks(["1>1!", "6>6"]);
  }),
  check("undone changes come back by Ctrl+Z, and go again by redo", async ({ store, document, hunks }) => {
    equal(await store.reject({}), { skipped: [] });
    equal(document.getText(), five);
    equal(document.isDirty, false);
    await hunks([]);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), changed);
    await hunks(["1>1", "5>5"]);
    await vscode.commands.executeCommand("redo");
    equal(document.getText(), five);
    await hunks([]);
  }),
  check("what is kept stays kept when the user undoes and redoes", async ({ store, document, hunks }) => {
    await store.accept({});
    await hunks([]);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), five);
    await vscode.commands.executeCommand("redo");
    equal(document.getText(), changed);
    equal((await store.list({})).data, []);
  }),
  check("undoing leaves what the user typed, unsaved", async ({ store, editor, document, readBytes, path }) => {
    await insert(editor, 2, "mine\n");
    equal(await store.reject({}), { skipped: [] });
    equal(document.getText(), "1\n2\nmine\n3\n4\n5\n");
    equal(document.isDirty, true);
    equal(new TextDecoder().decode(await readBytes(path)), changed);
  }),
  check("a file that is closed without saving is as it is on disk", async ({ editor, document, store, hunks }) => {
    await insert(editor, 0, "mine\n");
    await hunks(["2>2", "6>6"]);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await hunks(["1>1", "5>5"]);
    equal(await store.reject({}), { skipped: [] });
  }),
  check("a renamed file is under review at its new place", async ({ path, join, store, readBytes }) => {
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.file(path), vscode.Uri.file(join("b.txt")));
    equal(await vscode.workspace.applyEdit(edit), true);
    const listed = async () => (await store.list({})).data.map((file) => file.path);
    await until("it is listed by its new name", async () => (await listed())[0] === join("b.txt"));
    equal(await listed(), [join("b.txt")]);
    equal(await store.reject({}), { skipped: [] });
    equal(new TextDecoder().decode(await readBytes(join("b.txt"))), five);
  }),
];
