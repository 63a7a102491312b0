import type { Transport, WireMessage } from "../../../src/rpc/transport.ts";
import { FakeServer } from "./fakeServer.ts";
import { isIdle, later } from "./later.ts";
import type { Scene } from "./scene.ts";
import { scenes } from "./scenes.ts";

/** What of the page this script uses; it is compiled without the DOM's types. */
interface Page {
  location: { search: string };
  sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  dispatchEvent(event: Event): boolean;
  acquireVsCodeApi(): unknown;
  fake: FakeServer;
  isIdle(): boolean;
  scene: Scene;
}
const page = globalThis as unknown as Page;

const name = new URLSearchParams(page.location.search).get("scene") ?? "welcome";
const scene = scenes[name]?.();
if (!scene) throw new Error(`There is no scene ${name}.`);

/** The id that the panel gives itself with its first message. */
let loading: unknown;
let fromPanel: (message: WireMessage) => void = () => {};
const transport: Transport = {
  async send(message) {
    const data = { ...structuredClone(message), page: loading };
    later(() => page.dispatchEvent(new MessageEvent("message", { data })));
  },
  onMessage: (listener) => {
    fromPanel = listener;
  },
  onClose: () => {},
  close: () => {},
};
const saved = page.sessionStorage.getItem("state");
let state: unknown = saved ? JSON.parse(saved) : scene.saved;
page.acquireVsCodeApi = () => ({
  postMessage: (message: WireMessage) => {
    const { page: id, ...copy } = structuredClone(message);
    loading = id;
    page.fake.page = id;
    later(() => fromPanel(copy));
  },
  getState: () => state,
  setState: (next: unknown) => {
    state = next;
    page.sessionStorage.setItem("state", JSON.stringify(next));
  },
});
page.isIdle = isIdle;
page.scene = scene;
page.fake = new FakeServer(transport, scene);
