import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { systemCode } from "../errors.ts";
import type { Admit } from "./admission.ts";
import { answer, answerRaw } from "./answer.ts";
import { forward, readPlainRequest } from "./forward.ts";
import { parseTarget } from "./target.ts";
import { dial, join } from "./tunnel.ts";

/**
 * An HTTP proxy without a port: it takes connections that are handed to it, and believes nothing that comes on them. Every request is asked about,
 * also the later ones of a connection. Nothing of what passes is kept or logged.
 */
export function createProxy(admit: Admit): (connection: Duplex) => void {
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: 0 });
  server.on("request", (req, res) => servePlain(req, res, admit).catch(() => res.destroy()));
  server.on("connect", (req, connection, head) => {
    serveTunnel(req, connection, { head, admit }).catch(() => connection.destroy());
  });
  server.on("clientError", (_error, connection) => {
    if (connection.writable) answerRaw(connection, 400, "The proxy did not understand the request.");
    else connection.destroy();
  });
  return (connection) => {
    connection.on("error", () => connection.destroy());
    server.emit("connection", connection);
  };
}

async function servePlain(req: IncomingMessage, res: ServerResponse, admit: Admit): Promise<void> {
  res.sendDate = false;
  const plain = readPlainRequest(req);
  if (typeof plain === "string") return answer(res, 400, plain);
  const admission = await admit(plain.target);
  if (res.destroyed || req.destroyed) return;
  if (admission.kind === "admitted") forward(req, res, { ...plain, addresses: admission.addresses });
  else answer(res, admission.kind === "refused" ? 403 : 502, admission.reason);
}

interface TunnelStart {
  /** What came along with the request. */
  readonly head: Buffer;
  readonly admit: Admit;
}

async function serveTunnel(req: IncomingMessage, connection: Duplex, { head, admit }: TunnelStart): Promise<void> {
  connection.on("error", () => connection.destroy());
  const place = parseTarget(req.url ?? "", {});
  if (place === undefined) {
    return answerRaw(
      connection,
      400,
      "CONNECT needs a plain host name or address and a port, such as example.org:443.",
    );
  }
  const admission = await admit({ ...place, protocol: place.port === 80 ? "http" : "https" });
  if (connection.destroyed) return;
  if (admission.kind !== "admitted") {
    return answerRaw(connection, admission.kind === "refused" ? 403 : 502, admission.reason);
  }
  try {
    const upstream = await dial({ ...place, addresses: admission.addresses });
    if (connection.destroyed) return void upstream.destroy();
    connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) upstream.write(head);
    join(connection, upstream);
  } catch (error) {
    const reason = systemCode(error) ?? "it failed";
    answerRaw(connection, 502, `No connection to ${place.host} (port ${place.port}) could be made: ${reason}.`);
  }
}
