import type { MessagePortLike } from "../../src/rpc/messagePort.ts";
import type { LastingChoices } from "../session/choices.ts";
import type { Draft } from "../session/draft.ts";
import type { Editing } from "../session/editing.ts";
import { incoming, isPing } from "./incoming.ts";

/** What a webview gets from VS Code; a page outside of it brings its own. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What survives a reload of the webview. */
export interface SavedState extends LastingChoices {
  threadId?: string | undefined;
  draft?: Draft | undefined;
  editing?: Editing | undefined;
  /** The window in which the user has read that there is no sandbox. */
  noSandboxRead?: string | undefined;
}

export interface Shell {
  readonly port: MessagePortLike;
  load(): SavedState;
  save(state: SavedState): void;
}

/**
 * May be called once: VS Code hands its interface out a single time. Every message carries the id of this loading of the page, in both
 * directions: what was meant for another loading is dropped.
 */
export function openShell(): Shell {
  const api = acquireVsCodeApi();
  const page = crypto.randomUUID();
  return {
    port: {
      post: (message) => api.postMessage({ ...message, page }),
      listen: (listener) =>
        window.addEventListener("message", ({ data }: MessageEvent) => {
          if (isPing(data, page)) api.postMessage({ method: "editor/here", page });
          const message = incoming(data, page);
          if (message) listener(message);
        }),
    },
    load: () => (api.getState() as SavedState | undefined) ?? {},
    save: (state) => api.setState(state),
  };
}
