import * as vscode from "vscode";
import type { Secrets } from "../core/policy/secrets.ts";
import { sandboxPolicyOf } from "../core/settings.ts";
import type { EditorState } from "../protocol/editorMethods.ts";
import { memoryTransports } from "../rpc/memory.ts";
import type { Transport } from "../rpc/transport.ts";
import type { AppServer } from "../server/appServer.ts";
import { agentSettings } from "./agentServer.ts";
import type { ApiKey } from "./apiKey.ts";
import { registerCodeActions } from "./codeActions.ts";
import { registerCommands } from "./commands.ts";
import { readSettings } from "./configuration.ts";
import { DiffView } from "./diffView.ts";
import { createEditorActions } from "./editorActions.ts";
import type { Log } from "./log.ts";
import type { ModelChoice } from "./modelChoice.ts";
import { OpenThread } from "./openThread.ts";
import { Panel, panelViewId } from "./panel.ts";
import { watchProblems } from "./problems.ts";
import { answersWithEdits } from "./proposal/answersWithEdits.ts";
import { openReview } from "./review/review.ts";
import { createStatusBar } from "./statusBar.ts";
import { WindowClient } from "./windowClient.ts";
import type { WindowHost } from "./windowHost.ts";
import { traced, traceFile } from "./wireTrace.ts";

export interface WindowParts {
  readonly extension: vscode.Extension<unknown>;
  readonly host: WindowHost;
  readonly server: AppServer;
  readonly model: ModelChoice;
  readonly apiKey: ApiKey;
  readonly log: Log;
  readonly secrets: Secrets;
}

export interface OpenedWindow {
  /** Shows nothing more. Resolves when what the user wrote here is kept on disk. */
  close(): Promise<void>;
}

/** Everything of Patchwright that this window shows. Resolves once it is joined to the server. */
export async function openWindow(parts: WindowParts): Promise<OpenedWindow> {
  const { extension, host, server, model, apiKey, log } = parts;
  const { files } = host.host;
  const openThread = new OpenThread({ storage: host.host.storage, workspace: workspaceName(), onFault: log.fault });
  await openThread.load();
  const client = connectWindow(parts);
  const diffView = new DiffView({
    client,
    files,
    storage: host.host.storage,
    workspace: workspaceName(),
    opensByItself: () => readSettings()["review.openDiff"],
    onFault: log.fault,
  });
  const review = openReview({
    files: client.review,
    overlayShown: () => readSettings()["review.overlay"],
    onFault: log.fault,
  });
  const actions = createEditorActions({
    files,
    state: () => editorState(parts),
    showTerminal: host.showTerminal,
    showDiff: (params) => diffView.show(params),
    reviewChanges: review.reviewChanges,
    showChange: review.showChange,
    showAllChanges: review.showAllChanges,
    enterKey: () => apiKey.enter(),
    startDemo: () => model.startDemo(),
  });
  const connect = (transport: Transport) => {
    server.connect(answersWithEdits(transcribed(transport, parts), (itemId) => diffView.edited(itemId)));
  };
  const panel = new Panel({
    extensionUri: extension.extensionUri,
    actions,
    openThread,
    connect,
  });
  const tellState = () => panel.notify("editor/stateChanged", editorState(parts));
  const opened = vscode.Disposable.from(
    diffView,
    review,
    createStatusBar(client),
    watchProblems(),
    registerCodeActions(() => readSettings()["codeActions.enabled"]),
    registerCommands({ panel, client, diffView, review, apiKey, log }),
    vscode.window.registerWebviewViewProvider(panelViewId, panel),
    vscode.workspace.onDidChangeWorkspaceFolders(tellState),
    vscode.workspace.onDidGrantWorkspaceTrust(tellState),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("patchwright")) tellState();
    }),
    model.onDidChange((present) => server.keyChanged(present)),
  );
  await client.start();
  return {
    close() {
      opened.dispose();
      return diffView.written();
    },
  };
}

function connectWindow({ extension, server, log }: WindowParts): WindowClient {
  const [near, far] = memoryTransports();
  server.connect(far);
  return new WindowClient(near, { version: extension.packageJSON.version, onFault: log.fault });
}

/** Tells this workspace from others. */
function workspaceName(): string {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  return workspaceFile?.toString() ?? workspaceFolders.map(({ uri }) => uri.toString()).join("\n");
}

function editorState({ host: { host }, model }: WindowParts): EditorState {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const settings = readSettings();
  const trusted = vscode.workspace.isTrusted;
  return {
    ...(folder ? { workspaceName: folder.name } : {}),
    workspaceRoots: [...host.editor.workspaceRoots()],
    demoOffered: model.demoOffered,
    trusted,
    enterWhileRunning: settings.enterWhileRunning,
    storageRoot: host.storage.root,
    defaults: {
      approvalPolicy: settings.approvalPolicy,
      sandboxPolicy: sandboxPolicyOf(settings.sandboxMode, { ...agentSettings(settings), trusted }),
      editReview: settings["review.edits"],
    },
    windowId: vscode.env.sessionId,
  };
}

/** With the setting for it, the messages of each loading of the panel go to a file as well. */
function transcribed(transport: Transport, { host: { host }, log, secrets }: WindowParts): Transport {
  if (!readSettings()["trace.wire"]) return transport;
  return traced(transport, traceFile(host.storage, new Date(), log.fault), secrets);
}
