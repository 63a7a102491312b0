import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import type { TestContext } from "node:test";
import { atEnd } from "../../../support/atEnd.ts";

export interface Outside {
  readonly port: number;
  /** What reached it, in order: for each request its line, its fields and its body; for plain connections what came. */
  readonly log: string[];
}

/** A web server on this machine that notes what reaches it. `/redirect?URL` leads there, everything else says hello. */
export async function webServer(t: TestContext): Promise<Outside> {
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
  return { port: await listening(t, server), log };
}

/** Sends back what it gets, and ends when the other side has. */
export async function echoServer(t: TestContext): Promise<Outside> {
  const log: string[] = [];
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => log.push(data.toString("latin1")));
    socket.pipe(socket);
  });
  return { port: await listening(t, server), log };
}

export async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(t, async () => {
    server.close();
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function")
      server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
