import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

export type RefusalStatus = 400 | 403 | 502;

/** What programs show of a refused connection is often no more than this. */
const REASONS = { 400: STATUS_CODES[400], 403: "Not allowed by the sandbox", 502: STATUS_CODES[502] } as const;

/** The proxy's own answer: a sentence for the model, after which the connection ends. */
export function answer(res: ServerResponse, status: RefusalStatus, sentence: string): void {
  res.writeHead(status, REASONS[status], { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  res.end(`${sentence}\n`);
}

/** The same where no request is under way that node: could answer. */
export function answerRaw(connection: Duplex, status: RefusalStatus, sentence: string): void {
  const body = Buffer.from(`${sentence}\n`);
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  connection.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
}
