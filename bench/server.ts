import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerEvents, encodeEvent } from "../src/core/model/demo/events.ts";
import { call, message } from "../src/core/model/demo/output.ts";

/** One exchange, in milliseconds of `performance.now()`. */
export interface Exchange {
  /** The request's head was read. */
  readonly arrivedAt: number;
  /** The last byte of the answer was handed to the system. */
  answeredAt: number;
  readonly bytes: number;
  /** The body continues the one before it, byte for byte; true for the first one of a thread. */
  readonly continues: boolean;
}

export interface BenchServer {
  readonly baseUrl: string;
  /** Forgets what was, and answers the next requests with so many commands, then with a message. */
  play(steps: number): Exchange[];
  close(): void;
}

/** A model that calls `exec_command` without thinking. It checks nothing and keeps little, so that what is measured is the client. */
export async function startBenchServer(command: string): Promise<BenchServer> {
  let exchanges: Exchange[] = [];
  let steps = 0;
  let before: Buffer | undefined;
  const http = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = performance.now();
    const body = await bodyOf(request);
    const continues = before === undefined || body.subarray(0, before.length).equals(before);
    before = body.subarray(0, body.length - "]}".length);
    const exchange: Exchange = { arrivedAt, answeredAt: 0, bytes: body.length, continues };
    exchanges.push(exchange);
    response.on("finish", () => {
      exchange.answeredAt = performance.now();
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(answer(exchanges.length, exchanges.length <= steps ? command : undefined, body.length));
  }
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    play(count) {
      steps = count;
      exchanges = [];
      before = undefined;
      return exchanges;
    },
    close: () => http.close(),
  };
}

/** The events of one answer as they go over the wire. */
function answer(index: number, command: string | undefined, bytes: number): string {
  const outputs = [command === undefined ? message("Done.") : call("exec_command", { cmd: command })];
  const events = answerEvents({
    outputs,
    ending: { type: "completed" },
    id: `${index}`.padStart(4, "0"),
    request: { model: "gpt-5.4", input: [], stream: true, store: false },
    inputTokens: { total: Math.ceil(bytes / 4), cached: 0 },
    createdAt: 0,
  });
  return events.map(encodeEvent).join("");
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
