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

/** What is kept for a hidden view; with more than that its session ends, and the page reads its thread anew when it is shown. */
const maxHeld = 2000;

/** One loading of the page: from its `initialize` until it is reloaded or closed. */
interface PanelSession {
  readonly transport: PortTransport;
  deliver(message: WireMessage): void;
  ready: boolean;
  /** What the hidden view was not sent. */
  held: WireMessage[];
}

/**
 * The view in the side bar. Nothing is posted to a hidden view: what it misses is held until it is shown. Mostly its page is a new one then
 * (its context is not retained), which starts a session of its own and reads its thread anew; a view that was hidden for a moment only keeps
 * its page, and gets what was held.
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
    const { webview } = view;
    this.#view = view;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist")],
      enableCommandUris: false,
      enableForms: false,
    };
    webview.onDidReceiveMessage((value: unknown) => void this.#receive(view, value));
    view.onDidChangeVisibility(() => this.#release(view));
    view.onDidDispose(() => {
      this.#endSession();
      if (this.#view === view) this.#view = undefined;
    });
    webview.html = this.#page(webview);
  }

  /** Opens the panel and puts the focus there. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${panelViewId}.focus`);
  }

  /** Tells the panel, now or as soon as it has loaded. */
  notify<M extends EditorNotificationMethod>(method: M, params: EditorNotificationParams<M>): void {
    const message = { method, params };
    if (this.#session?.ready && this.#view) void this.#post(this.#view, message);
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

  #page(webview: vscode.Webview): string {
    const dist = vscode.Uri.joinPath(this.#options.extensionUri, "dist");
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    return panelHtml({
      script: resource("webview.js"),
      styles: resource("webview.css"),
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString("base64url"),
    });
  }

  #startSession(view: vscode.WebviewView): void {
    this.#endSession();
    let deliver: (value: unknown) => void = () => {};
    const transport = messagePortTransport({
      post: (message) => this.#post(view, message),
      listen: (listener) => {
        deliver = listener;
      },
    });
    this.#session = { transport, deliver, ready: false, held: [] };
    this.#options.connect(transport);
  }

  async #post(view: vscode.WebviewView, message: WireMessage): Promise<void> {
    const session = this.#session;
    if (view.visible) await view.webview.postMessage(message);
    else if (session && session.held.push(message) > maxHeld) {
      this.#endSession();
      view.webview.html = "";
    }
  }

  #release(view: vscode.WebviewView): void {
    if (!view.visible) return;
    if (view.webview.html === "") view.webview.html = this.#page(view.webview);
    for (const message of this.#session?.held.splice(0) ?? []) void view.webview.postMessage(message);
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
