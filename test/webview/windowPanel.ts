import type { EditorState } from "../../src/protocol/editorMethods.ts";
import { memoryTransports } from "../../src/rpc/memory.ts";
import type { Transport, WireMessage } from "../../src/rpc/transport.ts";
import { PanelSession } from "../../webview-ui/session/panelSession.ts";
import type { SavedState } from "../../webview-ui/shell/vscodeApi.ts";
import type { Play } from "../support/play.ts";

const state: EditorState = {
  workspaceRoots: ["/workspace"],
  demoOffered: false,
  trusted: true,
  storageRoot: "/home/user/.patchwright",
};

/** The channel of a panel, whose shell has but one thing to say. What the server says waits for `hold`. */
function withShell(server: Transport, hold: Promise<void> | undefined): Transport {
  let hear: (message: WireMessage) => void = () => {};
  return {
    ...server,
    async send(message) {
      if (message.method === "editor/state") hear({ id: message.id, result: state });
      else await server.send(message);
    },
    onMessage(listener) {
      hear = (message) => (hold ? void hold.then(() => listener(message)) : listener(message));
      server.onMessage((message) => hear(message));
    },
    onClose: (listener) => server.onClose(listener),
    close: () => server.close(),
  };
}

/** The panel of a window, without its elements, before it has begun. */
export function newPanel({ app }: Play, hold?: Promise<void>): PanelSession {
  const [server, far] = memoryTransports();
  const near = withShell(server, hold);
  app.connect(far);
  const ignore = () => {};
  return new PanelSession(near, {
    onChange: ignore,
    onNotification: ignore,
    onApproval: ignore,
    onShell: ignore,
    onThread: ignore,
    onLasting: ignore,
  });
}

/** One that has begun, with what was saved. */
export async function panelOf(window: Play, saved: Pick<SavedState, "threadId"> = {}): Promise<PanelSession> {
  const session = newPanel(window);
  await session.start(saved);
  return session;
}
