import type { BrowserContext, Request } from "playwright-core";
import { until } from "./until.ts";

/** A test may end while a webview is still loading; what is not answered after this never will be. */
const settleMs = 10_000;

/** One thing that a page asked for, as far as it came. */
export interface ObservedRequest {
  readonly url: string;
  /** `cancelled` when the page went away before the answer; `open` while it has neither answer nor failure. */
  readonly outcome: "answered" | "failed" | "cancelled" | "open";
  readonly fromServiceWorker: boolean;
}

/**
 * What is wrong with a request, as a sentence; undefined when nothing is. Beyond 127.0.0.1 only one thing is right: an answer by the
 * webview's service worker, which serves the extension's own files under an address that looks like a remote one. A reload may
 * cancel such a request; one that reached the network would have failed for want of a name instead.
 */
export function violation({ url, outcome, fromServiceWorker }: ObservedRequest): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (!/^(https?|wss?):$/.test(protocol) || hostname === "127.0.0.1") return undefined;
  const own = hostname.endsWith(".vscode-resource.vscode-cdn.net");
  switch (outcome) {
    case "answered":
      return own && fromServiceWorker ? undefined : `${url} was answered by another than the webview's service worker.`;
    case "cancelled":
      return own ? undefined : `${url} was asked for.`;
    case "failed":
      return `${url} was asked for and failed.`;
    case "open":
      return `${url} was asked for and never answered.`;
    default:
      return outcome satisfies never;
  }
}

/** Watches a browser context from its first page on, its service workers and sockets included. */
export function watchRequests(context: BrowserContext): { violations(): Promise<readonly string[]> } {
  const requests = new Map<Request, ObservedRequest>();
  const sockets: ObservedRequest[] = [];
  const observe = (request: Request, outcome: ObservedRequest["outcome"], fromServiceWorker: boolean) =>
    requests.set(request, { url: request.url(), outcome, fromServiceWorker });
  context.on("request", (request) => observe(request, "open", false));
  context.on("requestfailed", (request) => {
    const cancelled = request.failure()?.errorText === "net::ERR_ABORTED";
    observe(request, cancelled ? "cancelled" : "failed", false);
  });
  context.on("response", (response) => observe(response.request(), "answered", response.fromServiceWorker()));
  context.on("page", (page) =>
    page.on("websocket", (socket) =>
      sockets.push({ url: socket.url(), outcome: "answered", fromServiceWorker: false }),
    ),
  );
  const found = () => [...requests.values(), ...sockets].filter((request) => violation(request) !== undefined);
  return {
    async violations() {
      const settled = () => found().every(({ outcome }) => outcome !== "open");
      await until("every request is answered", settled, settleMs).catch(() => {});
      return found().flatMap((request) => violation(request) ?? []);
    },
  };
}
