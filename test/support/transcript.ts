import type { Transport, WireMessage } from "../../src/rpc/transport.ts";

/** One message as the wire checkers read it. */
export interface TranscriptLine {
  readonly from: "client" | "server";
  readonly message: WireMessage;
}

/** The client's end of a transport, with every message noted in the order in which the client saw it. */
export function recorded(transport: Transport, lines: TranscriptLine[]): Transport {
  return {
    async send(message) {
      lines.push({ from: "client", message: structuredClone(message) });
      await transport.send(message);
    },
    onMessage(listener) {
      transport.onMessage((message) => {
        lines.push({ from: "server", message: structuredClone(message) });
        listener(message);
      });
    },
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}

/** The methods of the server's notifications and requests, in order. */
export function methodsOf(lines: readonly TranscriptLine[]): string[] {
  return lines.flatMap(({ from, message: { method } }) =>
    from === "server" && typeof method === "string" ? [method] : [],
  );
}

export interface NormalizeOptions {
  /** Texts to replace, such as the workspace's path, longest first. */
  readonly replace?: Readonly<Record<string, string>> | undefined;
  /** Requests and notifications to leave out, with the answers. */
  readonly leaveOut?: ((method: string) => boolean) | undefined;
}

/** A transcript that is the same on every run: without ids, times, durations and token counts, and with the pieces of one item's text joined. */
export function normalize(lines: readonly TranscriptLine[], options: NormalizeOptions = {}): string {
  const kept = renumbered(leaveOut(lines, options.leaveOut ?? (() => false)));
  const ids = new Map<string, string>();
  const text = joinDeltas(kept)
    .map(
      ({ from, message }) =>
        `${from === "client" ? ">" : "<"} ${JSON.stringify(message, (key, value) => plain(key, value, ids))}`,
    )
    .join("\n");
  const replaced = Object.entries(options.replace ?? {}).reduce((all, [from, to]) => all.replaceAll(from, to), text);
  return `${replaced}\n`;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Times, and token counts, which change with every word of the prompt. */
const varyingKeys =
  /^(emittedAtMs|startedAtMs|completedAtMs|startedAt|completedAt|createdAt|updatedAt|durationMs|retryInMs|tokensBefore|tokensAfter|\w+Tokens)$/;

function plain(key: string, value: unknown, ids: Map<string, string>): unknown {
  if (varyingKeys.test(key) && typeof value === "number") return 0;
  if (key === "diff" || typeof value !== "string") return value;
  return value.replace(uuid, (id) => {
    const known = ids.get(id) ?? `id-${ids.size + 1}`;
    ids.set(id, known);
    return known;
  });
}

function leaveOut(lines: readonly TranscriptLine[], unwanted: (method: string) => boolean): TranscriptLine[] {
  const dropped = new Set<string>();
  return lines.filter(({ from, message: { method, id } }) => {
    const key = (asker: string) => `${asker} ${JSON.stringify(id)}`;
    if (typeof method === "string") {
      if (!unwanted(method)) return true;
      if (id !== undefined) dropped.add(key(from));
      return false;
    }
    return !dropped.has(key(from === "client" ? "server" : "client"));
  });
}

/** The client's requests count from 1, as if what was left out had never been asked. */
function renumbered(lines: readonly TranscriptLine[]): TranscriptLine[] {
  const numbers = new Map<unknown, number>();
  return lines.map(({ from, message }) => {
    const isRequest = typeof message.method === "string";
    if (message.id === undefined || isRequest !== (from === "client")) return { from, message };
    if (isRequest) numbers.set(message.id, numbers.size + 1);
    return { from, message: { ...message, id: numbers.get(message.id) } };
  });
}

/** Consecutive deltas of one item become one. */
function joinDeltas(lines: readonly TranscriptLine[]): TranscriptLine[] {
  const joined: TranscriptLine[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    const delta = deltaOf(line);
    if (last && delta && deltaOf(last)?.key === delta.key) {
      const { params } = last.message as { params: { delta: string } };
      params.delta += delta.text;
    } else {
      joined.push(structuredClone(line));
    }
  }
  return joined;
}

function deltaOf({ message }: TranscriptLine): { key: string; text: string } | undefined {
  const { method, params } = message as { method?: string; params?: { delta?: string } };
  if (!params || typeof params.delta !== "string") return undefined;
  const { delta, ...rest } = params;
  return { key: `${method} ${JSON.stringify(rest)}`, text: delta };
}
