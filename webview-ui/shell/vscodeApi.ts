import type { MessagePortLike } from "../../src/rpc/messagePort.ts";
import type { Draft } from "../session/draft.ts";

/** What a webview gets from VS Code; a page outside of it brings its own. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What survives a reload of the webview. */
export interface SavedState {
  threadId?: string | undefined;
  draft?: Draft | undefined;
}

export interface Shell {
  readonly port: MessagePortLike;
  load(): SavedState;
  save(state: SavedState): void;
}

/** May be called once: VS Code hands its interface out a single time. */
export function openShell(): Shell {
  const api = acquireVsCodeApi();
  return {
    port: {
      post: (message) => api.postMessage(message),
      listen: (listener) => window.addEventListener("message", (event) => listener(event.data)),
    },
    load: () => (api.getState() as SavedState | undefined) ?? {},
    save: (state) => api.setState(state),
  };
}
