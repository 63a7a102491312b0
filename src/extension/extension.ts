import * as vscode from "vscode";
import { createVscodeHost } from "../host/vscode/vscodeHost.ts";
import type { EditorState } from "../protocol/editorMethods.ts";
import { memoryTransports } from "../rpc/memory.ts";
import type { Transport } from "../rpc/transport.ts";
import { createAgentServer } from "./agentServer.ts";
import { ApiKey } from "./apiKey.ts";
import { registerCodeActions } from "./codeActions.ts";
import { registerCommands } from "./commands.ts";
import { readSettings } from "./configuration.ts";
import { DiffView } from "./diffView.ts";
import { createEditorActions } from "./editorActions.ts";
import { createMachineHost } from "./machineHost.ts";
import { ModelChoice } from "./modelChoice.ts";
import { Panel, panelViewId } from "./panel.ts";
import { watchProblems } from "./problems.ts";
import { findSample } from "./sample.ts";
import { createStatusBar } from "./statusBar.ts";
import { WindowClient } from "./windowClient.ts";
import { traced, traceFile } from "./wireTrace.ts";

/** Ends what activation started; the editor awaits it. */
let stop: (() => Promise<void>) | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Patchwright", { log: true });
  const onFault = (fault: unknown) => log.error(fault instanceof Error ? fault : String(fault));
  const onWarning = (message: string) => {
    log.warn(message);
    void vscode.window.showWarningMessage(message);
  };
  const version: string = context.extension.packageJSON.version;
  const trusted = () => vscode.workspace.isTrusted;
  const machine = await createMachineHost(process.env, onWarning);
  const editor = createVscodeHost({
    node: machine,
    trusted,
    engine: () => readSettings()["commands.engine"],
    onWarning,
  });
  const { host } = editor;
  const apiKey = new ApiKey(context.secrets, process.env);
  const sample = await findSample(context.workspaceState);
  const model = new ModelChoice({ apiKey, sample, environment: process.env, demoFetch });
  const server = createAgentServer({
    host,
    version,
    settings: readSettings,
    trusted,
    provider: () => model.provider(),
    forgetKey: () => apiKey.remove(),
    log: onFault,
  });
  stop = async () => {
    await server.dispose();
    await machine.dispose();
  };

  const [near, far] = memoryTransports();
  server.connect(far);
  const client = new WindowClient(near, { version, onFault });
  const diffView = new DiffView({
    client,
    files: host.files,
    opensByItself: () => readSettings()["review.openDiff"],
    onFault,
  });
  const state = (): EditorState => ({
    workspaceName: vscode.workspace.workspaceFolders?.[0]?.name,
    workspaceRoots: [...host.editor.workspaceRoots()],
    demoOffered: model.demoOffered,
    trusted: trusted(),
    storageRoot: host.storage.root,
  });
  const panel = new Panel({
    extensionUri: context.extensionUri,
    actions: createEditorActions({
      files: host.files,
      state,
      showTerminal: editor.showTerminal,
      showDiff: (params) => diffView.show(params),
      enterKey: () => apiKey.enter(),
      startDemo: () => model.startDemo(),
    }),
    connect: (transport) => server.connect(transcribed(transport)),
  });
  const transcribed = (transport: Transport) =>
    readSettings()["trace.wire"] ? traced(transport, traceFile(host.storage, new Date(), onFault)) : transport;
  const tellState = () => panel.notify("editor/stateChanged", state());

  context.subscriptions.push(
    log,
    editor,
    model,
    diffView,
    createStatusBar(client),
    watchProblems(),
    registerCodeActions(() => readSettings()["codeActions.enabled"]),
    registerCommands({ panel, client, diffView, apiKey, log }),
    vscode.window.registerWebviewViewProvider(panelViewId, panel),
    vscode.workspace.onDidChangeWorkspaceFolders(tellState),
    vscode.workspace.onDidGrantWorkspaceTrust(tellState),
    model.onDidChange((present) => server.keyChanged(present)),
  );
  await client.start();
}

export async function deactivate(): Promise<void> {
  await stop?.();
}

/** Until the demo model is here. */
const demoFetch: typeof fetch = async () => new Response(null, { status: 501 });
