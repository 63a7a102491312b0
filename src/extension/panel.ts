import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { EditorNotificationMethod, EditorNotificationParams } from "../protocol/editorMethods.ts";
import type { Transport, WireMessage } from "../rpc/transport.ts";
import { answerEditorRequest, type EditorActions, isForShell } from "./editorShell.ts";
import { type OpenThread, opensThread } from "./openThread.ts";
import { PageLink } from "./pageLink.ts";
import { pageMessage } from "./pageMessage.ts";
import { panelHtml } from "./panelHtml.ts";

export const panelViewId = "patchwright.panel";

/** What was told to the panel before it could listen; more than this many, and the oldest are dropped. */
const maxQueued = 20;

const showsThread: ReadonlySet<string> = new Set<EditorNotificationMethod>([
  "editor/showThread",
  "editor/startThread",
  "editor/newThread",
]);

export interface PanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly actions: EditorActions;
  readonly openThread: OpenThread;
  /** Joins the panel's page to the app server; called anew for each time the page loads. */
  connect(transport: Transport): void;
}

/**
 * The view in the side bar. Nothing is posted to a hidden view. When it is shown again, its page is mostly a new one (its context is not
 * retained), which opens a session of its own and reads its thread anew; a page that was hidden for a moment only answers that it is still
 * there, and gets what it missed.
 */
export class Panel implements vscode.WebviewViewProvider {
  readonly #options: PanelOptions;
  #view: vscode.WebviewView | undefined;
  #link: PageLink | undefined;
  #queue: WireMessage[] = [];
  /** True once the page has opened a thread, or was told what to show. */
  #restored = false;

  constructor(options: PanelOptions) {
    this.#options = options;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    this.#view = view;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#options.extensionUri, "dist")],
      enableCommandUris: false,
      enableForms: false,
    };
    webview.onDidReceiveMessage((value: unknown) => void this.#receive(view, value));
    view.onDidChangeVisibility(() => this.#visibilityChanged(view));
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#link?.close();
      this.#view = undefined;
    });
    webview.html = this.#page(webview);
  }

  /** Opens the panel and puts the focus there. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${panelViewId}.focus`);
  }

  /** Tells the panel, now or as soon as it listens. */
  notify<M extends EditorNotificationMethod>(method: M, params: EditorNotificationParams<M>): void {
    if (showsThread.has(method)) this.#restored = true;
    this.#queue = [...this.#queue, { method, params }].slice(-maxQueued);
    this.#flush();
  }

  async #receive(view: vscode.WebviewView, value: unknown): Promise<void> {
    const received = pageMessage(value);
    if (!received || view !== this.#view) return;
    const { page, message } = received;
    if (message.method === "initialize") this.#open(view, page);
    const link = this.#link;
    if (link?.page !== page) return;
    if (message.method === "editor/here") link.resume();
    else if (isForShell(message)) await this.#answer(link, message);
    else this.#deliver(link, message);
    this.#flush();
  }

  async #answer(link: PageLink, message: WireMessage): Promise<void> {
    const answer = await answerEditorRequest(this.#options.actions, message);
    // The thread first: what the user has sent meanwhile goes to it, as soon as the page has the answer.
    if (message.method === "editor/state") this.#restore();
    if (answer) await link.post(answer);
  }

  #deliver(link: PageLink, message: WireMessage): void {
    this.#options.openThread.observe(message);
    if (opensThread(message.method)) this.#restored = true;
    if (message.method === "initialized") link.ready = true;
    link.deliver(message);
  }

  /** A page that has forgotten its thread with the reload of the window is told. */
  #restore(): void {
    const threadId = this.#options.openThread.id;
    if (!this.#restored && threadId !== undefined) this.notify("editor/showThread", { threadId });
    this.#restored = true;
  }

  #open(view: vscode.WebviewView, page: string): void {
    this.#link?.close();
    this.#link = new PageLink(page, (message) => view.webview.postMessage(message));
    this.#options.connect(this.#link.transport);
  }

  #visibilityChanged(view: vscode.WebviewView): void {
    if (view !== this.#view) return;
    if (!view.visible) this.#link?.hide();
    else if (this.#link?.open === false) view.webview.html = this.#page(view.webview);
    else this.#link?.probe();
  }

  #flush(): void {
    if (!this.#link?.listening) return;
    for (const message of this.#queue.splice(0)) void this.#link.post(message);
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
}
