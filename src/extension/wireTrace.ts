import { REDACTED } from "../core/policy/redact.ts";
import type { Secrets } from "../core/policy/secrets.ts";
import type { Storage } from "../host/storage.ts";
import type { Transport, WireMessage } from "../rpc/transport.ts";

/** Takes one line of a transcript. */
export type TraceLine = (line: string) => void;

/** The same transport, seen from the server: every message also goes to `write` as a line of JSON. A key that a client sends does not. */
export function traced(transport: Transport, write: TraceLine, secrets: Secrets): Transport {
  const record = (from: "client" | "server", message: WireMessage) =>
    write(`${JSON.stringify({ from, message: secrets.value(withoutKey(message)) })}\n`);
  return {
    send(message) {
      record("server", message);
      return transport.send(message);
    },
    onMessage: (listener) =>
      transport.onMessage((message) => {
        record("client", message);
        listener(message);
      }),
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}

/** Whatever such a request holds, well-formed or not, may be the key. */
function withoutKey(message: WireMessage): WireMessage {
  return message.method === "account/login/start" ? { ...message, params: REDACTED } : message;
}

/** Appends lines, in order, to a file of their own in the log folder. What cannot be written is told to `onFault` once and then dropped. */
export function traceFile(storage: Storage, now: Date, onFault: (error: unknown) => void): TraceLine {
  const name = `log/wire-${now.toISOString().replace(/[:.]/g, "-")}.jsonl`;
  let last: Promise<void> = Promise.resolve();
  let failed = false;
  return (line) => {
    last = last
      .then(() => (failed ? undefined : storage.append(name, line)))
      .catch((error: unknown) => {
        failed = true;
        onFault(error);
      });
  };
}
