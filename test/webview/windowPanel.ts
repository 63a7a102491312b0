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

/** The channel of a panel, and what its shell tells it, which answers but one thing. What the server says waits for `hold`. */
function withShell(server: Transport, hold: Promise<void> | undefined) {
  let hear: (message: WireMessage) => void = () => {};
  const transport: Transport = {
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
  return { transport, tell: (message: WireMessage) => hear(message) };
}

/** The panel of a window, without its elements, before it has begun; and by what its shell tells it something. */
export function newPanel({ app }: Play, hold?: Promise<void>) {
  const [server, far] = memoryTransports();
  const { transport, tell } = withShell(server, hold);
  app.connect(far);
  const ignore = () => {};
  const session = new PanelSession(transport, {
    onChange: ignore,
    onNotification: ignore,
    onApproval: ignore,
    onShell: ignore,
    onThread: ignore,
    onLasting: ignore,
  });
  return { session, tell };
}

/** One that has begun, with what was saved. */
export async function panelOf(window: Play, saved: Pick<SavedState, "threadId"> = {}): Promise<PanelSession> {
  const { session } = newPanel(window);
  await session.start(saved);
  return session;
}
