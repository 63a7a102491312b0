import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { atEnd } from "../../../support/atEnd.ts";

export interface Outside {
  readonly port: number;
  /** What reached it, in order: for each request its line, its fields and its body; for plain connections what came. */
  readonly log: string[];
  /** How many connections were made, also those that nothing came on. */
  connections(): number;
  /** How many of them are not closed. */
  open(): number;
}

/** A web server on this machine that notes what reaches it. `/redirect?URL` leads there, everything else says hello. */
export async function webServer(t: TestContext, address?: string): Promise<Outside> {
  const log: string[] = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    const fields = req.rawHeaders.flatMap((_, at, all) => (at % 2 === 0 ? [`${all[at]}: ${all[at + 1]}`] : []));
    log.push([`${req.method} ${req.url}`, ...fields, body].join("\n"));
    if (req.url?.startsWith("/redirect?"))
      res.writeHead(302, { Location: decodeURIComponent(req.url.slice(10)) }).end();
    else res.writeHead(200, { Date: "then" }).end(`hello ${req.method} ${body}`);
  });
  return { ...(await listening(t, server, address)), log };
}

/** Sends back what it gets, and ends when the other side has. */
export async function echoServer(t: TestContext, address?: string): Promise<Outside> {
  const log: string[] = [];
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => log.push(data.toString("latin1")));
    socket.pipe(socket);
  });
  return { ...(await listening(t, server, address)), log };
}

/** Takes what comes and never says a word. */
export async function silentServer(t: TestContext): Promise<Outside> {
  const log: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => log.push(data.toString("latin1")));
  });
  return { ...(await listening(t, server)), log };
}

/** Says the same to everybody as soon as something comes, whatever that is, and ends. */
export async function fixedServer(t: TestContext, says: string): Promise<Outside> {
  const log: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(Buffer.from(says, "latin1")));
  });
  return { ...(await listening(t, server)), log };
}

/** Sends as much as is taken. */
export async function floodServer(t: TestContext): Promise<Outside> {
  const piece = Buffer.alloc(64 * 1024);
  const server = createTcpServer((socket) => {
    const fill = () => {
      while (socket.write(piece));
    };
    socket.on("error", () => undefined).on("drain", fill);
    fill();
  });
  return { ...(await listening(t, server)), log: [] };
}

/** Where a server of the tests listens; 127.0.0.1 when absent. */
export async function listening(t: TestContext, server: Server, address = "127.0.0.1"): Promise<Omit<Outside, "log">> {
  let count = 0;
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    count += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  server.listen(0, address);
  await once(server, "listening");
  atEnd(t, async () => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => count, open: () => open.size };
}
