import * as vscode from "vscode";
import { ApiKey } from "../../src/extension/apiKey.ts";
import type { EditorActions } from "../../src/extension/editorShell.ts";
import { OpenThread } from "../../src/extension/openThread.ts";
import { Panel } from "../../src/extension/panel.ts";
import { operatingSystem } from "../../src/host/node/platform.ts";
import { listProcesses } from "../../src/host/node/processTable.ts";
import { createDiagnostics } from "../../src/host/vscode/diagnostics.ts";
import { findRipgrep } from "../../src/host/vscode/ripgrep.ts";
import type { WireMessage } from "../../src/rpc/transport.ts";
import { equal, rejects } from "../host/expect.ts";
import type { Check } from "../workbench/insideHost.ts";
import { until } from "../workbench/until.ts";
import { type VscodeFixture, withVscodeHost } from "./vscodeFixture.ts";

/** A check whose editors are closed afterwards, also when it fails: the next one is not to see them. */
function check(name: string, run: (fixture: VscodeFixture) => Promise<void>): Check {
  const closing = (fixture: VscodeFixture) =>
    run(fixture).finally(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  return { name, run: () => withVscodeHost(closing) };
}

/** What a command of the user's shell put out, and its exit code. */
async function runTyped(script: string, { host, root, signal, program }: VscodeFixture): Promise<readonly unknown[]> {
  const command = { argv: program(script), cwd: root, tty: false, itemId: "typed", title: script };
  const running = await host.processes.spawn(command, signal);
  let output = "";
  running.onOutput((text) => {
    output += text;
  });
  const { code } = await running.exited;
  return [output.trim(), code];
}

function checkTyped(name: string, run: (fixture: VscodeFixture) => Promise<void>): Check {
  // The shell of a busy machine takes its time.
  return { name, run: () => withVscodeHost(run, { engine: () => "terminal", shellStartMs: 60_000 }) };
}

/** A process that has ended but was not yet collected by its parent does not count. */
function isAlive(pid: number): boolean {
  return listProcesses(operatingSystem(process.platform)).some((entry) => entry.pid === pid);
}

const terminals: readonly Check[] = [
  check("a command is shown in a terminal by its title, without the focus", async (fixture) => {
    const { host, vscodeHost, root, signal, program } = fixture;
    const active = vscode.window.activeTerminal;
    const command = { argv: program("echo out"), cwd: root, tty: false, itemId: "shown", title: "echo out" };
    await (await host.processes.spawn(command, signal)).exited;
    equal(vscodeHost.showTerminal("shown"), true);
    equal(vscodeHost.showTerminal("unknown"), false);
    equal(
      vscode.window.terminals.map(({ name }) => name),
      ["echo out"],
    );
    equal(active, undefined);
  }),
  check("closing the terminal leaves the command alone", async ({ host, vscodeHost, root, signal, program }) => {
    const command = { argv: program("read x"), cwd: root, tty: true, itemId: "shown", title: "read x" };
    const running = await host.processes.spawn(command, signal);
    vscodeHost.showTerminal("shown");
    const closed = new Promise((resolve) => vscode.window.onDidCloseTerminal(resolve));
    vscode.window.terminals.find(({ name }) => name === "read x")?.dispose();
    await closed;
    await running.write("go\n");
    equal((await running.exited).code, 0);
  }),
  checkTyped("the user's terminal gives output and exit code", async (fixture) =>
    equal(await runTyped("printf 'it''s %s\\n' \"$PWD\"; exit 3", fixture), [`its ${fixture.root}`, 3]),
  ),
  checkTyped("nothing is expanded on the way there", async (fixture) =>
    equal(await runTyped("cat <<'END'\n$HOME `id` !! \"x\"\nEND", fixture), ['$HOME `id` !! "x"', 0]),
  ),
  {
    name: "without shell integration a command runs as a child, and it is said",
    run: async () => {
      const settings = vscode.workspace.getConfiguration("terminal.integrated.shellIntegration");
      await settings.update("enabled", false, vscode.ConfigurationTarget.Global);
      const said: string[] = [];
      const onWarning = (message: string) => void said.push(message);
      await withVscodeHost(async (fixture) => equal(await runTyped("echo out", fixture), ["out", 0]), {
        engine: () => "terminal",
        onWarning,
        shellStartMs: 1000,
      });
      equal(said.length, 1);
      await settings.update("enabled", undefined, vscode.ConfigurationTarget.Global);
    },
  },
  checkTyped(
    "an aborted command ends in the user's terminal, also one that ignores it",
    async ({ host, root, program }) => {
      const stop = new AbortController();
      const script = "trap '' INT HUP TERM; echo begun $$; sleep 1000 & wait; wait";
      const command = { argv: program(script), cwd: root, tty: false, itemId: "s", title: "sleep" };
      const running = await host.processes.spawn(command, stop.signal);
      let output = "";
      running.onOutput((text) => {
        output += text;
      });
      const pid = await until("it has begun", () => Number(/begun (\d+)/.exec(output)?.[1]) || undefined);
      const started = performance.now();
      stop.abort();
      equal((await running.exited).code === 0, false);
      equal(performance.now() - started < 3500, true, "ended in time");
      equal(isAlive(pid), false, "alive");
    },
  ),
];

const restricted: readonly Check[] = [
  {
    name: "in Restricted Mode nothing runs and nothing changes",
    run: () =>
      withVscodeHost(
        async ({ host, root, join, exists, signal, program }) => {
          const command = { argv: program("touch ran"), cwd: root, tty: false, itemId: "x", title: "touch" };
          await rejects("permissionDenied", () => host.processes.spawn(command, signal));
          const edit = { kind: "add", path: join("a"), after: new Uint8Array() } as const;
          await rejects("permissionDenied", () => host.files.apply([edit], signal));
          equal([await exists(join("ran")), await exists(join("a"))], [false, false]);
        },
        { trusted: () => false },
      ),
  },
];

const patience = { silentMs: 20_000, startMs: 20_000, quietMs: 50, deadlineMs: 30_000 };

const problems: readonly Check[] = [
  check("problems come with their place, counting from 1", async ({ join, writeBytes, signal }) => {
    const collection = vscode.languages.createDiagnosticCollection("check");
    const diagnostics = createDiagnostics({ ...patience, silentMs: 0 });
    await writeBytes(join("a.txt"), Buffer.from("abc\n"));
    const problem = new vscode.Diagnostic(new vscode.Range(0, 1, 0, 3), "Bad.", vscode.DiagnosticSeverity.Warning);
    problem.source = "lint";
    problem.code = { value: 42, target: vscode.Uri.parse("https://example.invalid") };
    collection.set(vscode.Uri.file(join("a.txt")), [problem]);
    const range = { startLine: 1, startColumn: 2, endLine: 1, endColumn: 4 };
    const expected = { path: join("a.txt"), severity: "warning", message: "Bad.", source: "lint", code: "42", range };
    equal(await diagnostics.read([join("a.txt")], signal), [expected]);
    equal(await diagnostics.read([join("b.txt")], signal), []);
    collection.dispose();
    diagnostics.dispose();
  }),
  check("what a real language service says of an edit is awaited", async ({ host, join, writeBytes, signal }) => {
    // However long it takes on a busy machine, and whatever it still says of the text before.
    const diagnostics = createDiagnostics({ ...patience, quietMs: 1000 });
    const path = join("a.ts");
    const before = Buffer.from('export const a: number = "one";\n');
    const after = Buffer.from("export const a: string = 1;\n");
    await writeBytes(path, before);
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    await until("the service has started", async () => (await diagnostics.read([path], signal)).length === 1);
    await host.files.apply([{ kind: "update", path, before, after }], signal);
    const found = await diagnostics.read([path], signal);
    diagnostics.dispose();
    equal(
      found.map(({ severity, source, code, message }) => [severity, source, code, message]),
      [["error", "ts", "2322", "Type 'number' is not assignable to type 'string'."]],
    );
  }),
  check("reports about a file that was just changed are awaited", async ({ host, join, writeBytes, signal }) => {
    const collection = vscode.languages.createDiagnosticCollection("check");
    const diagnostics = createDiagnostics(patience);
    const uri = vscode.Uri.file(join("a.txt"));
    await writeBytes(join("a.txt"), Buffer.from("a\n"));
    await vscode.workspace.openTextDocument(uri);
    const service = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.fsPath !== uri.fsPath) return;
      const found = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), document.getText().trim());
      setTimeout(() => collection.set(uri, [found]), 200);
    });
    const edit = {
      kind: "update",
      path: join("a.txt"),
      before: Buffer.from("a\n"),
      after: Buffer.from("b\n"),
    } as const;
    await host.files.apply([edit], signal);
    const read = await diagnostics.read([join("a.txt")], signal);
    equal(
      read.map(({ message }) => message),
      ["b"],
    );
    for (const part of [collection, diagnostics, service]) part.dispose();
  }),
];

const window: readonly Check[] = [
  {
    name: "the editor's own ripgrep is found",
    run: async () => equal((await findRipgrep())?.includes("ripgrep"), true),
  },
  check("what is open is told", async ({ host, join, writeBytes }) => {
    await writeBytes(join("a.txt"), Buffer.from("one\ntwo\nthree\n"));
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(join("a.txt")), { preview: false });
    editor.selection = new vscode.Selection(0, 1, 1, 2);
    equal(host.editor.openEditors(), {
      activePath: join("a.txt"),
      selection: { startLine: 1, endLine: 2 },
      visiblePaths: [join("a.txt")],
      openPaths: [join("a.txt")],
    });
    equal(host.editor.workspaceRoots(), [vscode.workspace.workspaceFolders?.[0]?.uri.fsPath]);
  }),
];

const keys: readonly Check[] = [
  {
    name: "a key that was entered is the one that counts, also while the editor still keeps it",
    run: async () => {
      const kept = new Map([["patchwright.apiKey", "sk-old"]]);
      const slow = Promise.withResolvers<void>();
      const secrets = {
        get: async (name: string) => kept.get(name),
        store: (name: string, key: string) => slow.promise.then(() => void kept.set(name, key)),
        delete: (name: string) => slow.promise.then(() => void kept.delete(name)),
      } as unknown as vscode.SecretStorage;
      const key = new ApiKey(secrets, {});
      const stored = key.store("sk-new");
      const read = key.read();
      slow.resolve();
      equal(await read, "sk-new");
      await stored;
      const removed = key.remove();
      equal(await key.read(), undefined);
      await removed;
    },
  },
];

/** A view whose page says what it is made to, and keeps what it is told. */
function fakeView() {
  const told: WireMessage[] = [];
  let hear: (message: WireMessage) => void = () => {};
  const webview = {
    cspSource: "",
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: (listener: typeof hear) => {
      hear = listener;
    },
    postMessage: async (message: WireMessage) => told.push(message),
  };
  const view = { webview, visible: true, onDidChangeVisibility() {}, onDidDispose() {} };
  const say = (message: WireMessage) => hear({ ...message, page: "p" });
  return { view: view as unknown as vscode.WebviewView, say, told };
}

const panels: readonly Check[] = [
  check("a page that has forgotten its thread is told of it before it knows enough to send", async ({ host }) => {
    const openThread = new OpenThread({ storage: host.storage, workspace: "w", onFault() {} });
    openThread.observe({ method: "thread/resume", params: { threadId: "t" } });
    const actions = { "editor/state": async () => ({}) } as unknown as EditorActions;
    const panel = new Panel({ extensionUri: vscode.Uri.file("/"), actions, openThread, connect() {} });
    const { view, say, told } = fakeView();
    panel.resolveWebviewView(view);
    say({ id: 1, method: "initialize", params: {} });
    say({ method: "initialized" });
    say({ id: 2, method: "editor/state", params: {} });
    await until("both are told", () => told.length === 2);
    equal(
      told.map(({ method, id }) => method ?? id),
      ["editor/showThread", 2],
    );
  }),
];

export const checks: readonly Check[] = [...terminals, ...restricted, ...problems, ...window, ...keys, ...panels];
