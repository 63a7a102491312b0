import type { Agent } from "../core/agent.ts";
import type { Turn } from "../protocol/threads.ts";
import type { Handlers } from "./handler.ts";
import { pageOf } from "./pages.ts";

type LookupMethod = "thread/loaded/list" | "thread/turns/list" | "thread/items/list";
type TerminalMethod = Extract<keyof Handlers, `thread/backgroundTerminals/${string}`>;

/** What a client may look up of threads page by page. */
export function lookupHandlers(agent: Agent): Pick<Handlers, LookupMethod> {
  const turnsOf = async (threadId: string) => (await agent.readThread(threadId, () => {})).turns;
  return {
    async "thread/loaded/list"(query) {
      const { data, nextCursor } = pageOf(
        { all: await agent.loaded.ids(), idOf: (id) => id, defaultDirection: "asc" },
        query,
      );
      return { data, nextCursor };
    },
    async "thread/turns/list"({ threadId, itemsView, ...query }) {
      const page = pageOf({ all: await turnsOf(threadId), idOf: ({ id }) => id, defaultDirection: "desc" }, query);
      return { ...page, data: page.data.map((turn) => viewedAs(itemsView ?? "summary", turn)) };
    },
    async "thread/items/list"({ threadId, turnId, ...query }) {
      const turns = (await turnsOf(threadId)).filter(({ id }) => turnId == null || id === turnId);
      const all = turns.flatMap((turn) => turn.items.map((item) => ({ turnId: turn.id, item })));
      return pageOf({ all, idOf: ({ item }) => item.id, defaultDirection: "asc" }, query);
    },
  };
}

/** A summary is what was asked and what was answered. */
function viewedAs(itemsView: "notLoaded" | "summary" | "full", turn: Turn): Turn {
  if (itemsView === "full") return { ...turn, itemsView };
  const { items } = turn;
  const question = items.find(({ type }) => type === "userMessage");
  const answer = items.findLast(({ type }) => type === "agentMessage");
  const kept = itemsView === "summary" ? [question, answer].filter((item) => item !== undefined) : [];
  return { ...turn, itemsView, items: kept };
}

/** The commands that a thread left running. */
export function terminalHandlers(agent: Agent): Pick<Handlers, TerminalMethod> {
  return {
    async "thread/backgroundTerminals/list"({ threadId, ...query }) {
      const { terminals } = await agent.loaded.open(threadId);
      const all = terminals.background().map(({ id, title, cwd, itemId }) => ({
        processId: String(id),
        command: title,
        cwd,
        itemId,
      }));
      const { data, nextCursor } = pageOf({ all, idOf: ({ processId }) => processId, defaultDirection: "asc" }, query);
      return { data, nextCursor };
    },
    async "thread/backgroundTerminals/terminate"({ threadId, processId }) {
      const { terminals } = await agent.loaded.open(threadId);
      const terminal = terminals.background().find(({ id }) => String(id) === processId);
      await terminal?.kill();
      return { terminated: terminal !== undefined };
    },
    async "thread/backgroundTerminals/clean"({ threadId }) {
      const { terminals } = await agent.loaded.open(threadId);
      await Promise.all(terminals.background().map((terminal) => terminal.kill()));
      return {};
    },
  };
}
