import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { EditorNotificationMethod, EditorNotificationParams } from "../protocol/editorMethods.ts";
import { messagePortTransport, type PortTransport } from "../rpc/messagePort.ts";
import type { Transport, WireMessage } from "../rpc/transport.ts";
import { answerEditorRequest, type EditorActions, isForShell } from "./editorShell.ts";
import { panelHtml } from "./panelHtml.ts";

export const panelViewId = "patchwright.panel";

/** What was told to the panel before it could listen; more than this many, and the oldest are dropped. */
const maxQueued = 20;

export interface PanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly actions: EditorActions;
  /** Joins the panel's page to the app server; called anew for each time the page loads. */
  connect(transport: Transport): void;
}

/** One loading of the page: from its `initialize` until it is hidden, reloaded or closed. */
interface PanelSession {
  readonly transport: PortTransport;
  deliver(message: WireMessage): void;
  ready: boolean;
}

/**
 * The view in the side bar. A hidden view has no page (its context is not retained): its session is closed then, and the page that
 * loads when it is shown again reads its thread anew. So nothing is ever posted to a hidden view.
 */
export class Panel implements vscode.WebviewViewProvider {
  readonly #options: PanelOptions;
  #view: vscode.WebviewView | undefined;
  #session: PanelSession | undefined;
  #queue: WireMessage[] = [];

  constructor(options: PanelOptions) {
    this.#options = options;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { extensionUri } = this.#options;
    const dist = vscode.Uri.joinPath(extensionUri, "dist");
    const { webview } = view;
    this.#view = view;
    webview.options = { enableScripts: true, localResourceRoots: [dist], enableCommandUris: false, enableForms: false };
    webview.onDidReceiveMessage((value: unknown) => void this.#receive(view, value));
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.#endSession();
    });
    view.onDidDispose(() => {
      this.#endSession();
      if (this.#view === view) this.#view = undefined;
    });
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    webview.html = panelHtml({
      script: resource("webview.js"),
      styles: resource("webview.css"),
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString("base64url"),
    });
  }

  /** Opens the panel and puts the focus there. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${panelViewId}.focus`);
  }

  /** Tells the panel, now or as soon as it has loaded. */
  notify<M extends EditorNotificationMethod>(method: M, params: EditorNotificationParams<M>): void {
    const message = { method, params };
    if (this.#session?.ready) void this.#view?.webview.postMessage(message);
    else this.#queue = [...this.#queue, message].slice(-maxQueued);
  }

  async #receive(view: vscode.WebviewView, value: unknown): Promise<void> {
    if (view !== this.#view || typeof value !== "object" || value === null || Array.isArray(value)) return;
    const message = value as WireMessage;
    if (message.method === "initialize") this.#startSession(view);
    const session = this.#session;
    if (!session) return;
    if (isForShell(message)) {
      const answer = await answerEditorRequest(this.#options.actions, message);
      if (answer && session === this.#session) await view.webview.postMessage(answer);
      return;
    }
    session.deliver(message);
    if (message.method === "initialized") this.#flush(view, session);
  }

  #startSession(view: vscode.WebviewView): void {
    this.#endSession();
    let deliver: (value: unknown) => void = () => {};
    const transport = messagePortTransport({
      post: (message) => view.webview.postMessage(message),
      listen: (listener) => {
        deliver = listener;
      },
    });
    this.#session = { transport, deliver, ready: false };
    this.#options.connect(transport);
  }

  #endSession(): void {
    this.#session?.transport.closed();
    this.#session = undefined;
  }

  #flush(view: vscode.WebviewView, session: PanelSession): void {
    session.ready = true;
    for (const message of this.#queue.splice(0)) void view.webview.postMessage(message);
  }
}
