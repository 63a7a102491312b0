import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { NetworkTarget } from "../../sandbox.ts";
import { systemCode } from "../errors.ts";
import { answer } from "./answer.ts";
import { IDLE_MS, lookupOf } from "./dial.ts";
import { endToEnd, valuesOf } from "./headers.ts";
import { parseTarget } from "./target.ts";

/** Where a plain request goes. */
export interface PlainRequest {
  readonly target: NetworkTarget;
  readonly path: string;
}

/** Reads `GET http://host/path`. A sentence for the model says what is wrong with any other request. */
export function readPlainRequest({ url = "", rawHeaders }: IncomingMessage): PlainRequest | string {
  const [, authority, rest = ""] = /^http:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (authority === undefined) return "This is a proxy: it takes http:// addresses, and CONNECT for everything else.";
  const place = parseTarget(authority, { defaultPort: 80 });
  if (place === undefined)
    return "The proxy does not take this way of writing an address. Use a plain host name, without a user name.";
  const named = valuesOf(rawHeaders, "host").map((value) => parseTarget(value, { defaultPort: 80 }));
  if (named.length > 1 || named.some((one) => one?.host !== place.host || one.port !== place.port)) {
    return "The Host field must name the host of the address, once.";
  }
  return { target: { ...place, protocol: "http" }, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/**
 * Sends the request on and its answer back. Both are written anew from what was understood of them, so nothing is left in which the proxy
 * and the server could see different requests.
 */
export function forward(
  req: IncomingMessage,
  res: ServerResponse,
  to: PlainRequest & { readonly addresses: readonly string[] },
): void {
  const { host, port } = to.target;
  const shown = host.includes(":") ? `[${host}]` : host;
  const body = req.headers["transfer-encoding"] !== undefined ? "chunked" : req.headers["content-length"];
  const framing =
    body === undefined ? [] : body === "chunked" ? ["Transfer-Encoding", "chunked"] : ["Content-Length", body];
  const upstream = request({
    host,
    port,
    method: req.method,
    path: to.path,
    headers: [
      "Host",
      port === 80 ? shown : `${shown}:${port}`,
      ...endToEnd(req.rawHeaders, ["host", "content-length"]),
      ...framing,
    ],
    lookup: lookupOf(to.addresses),
    agent: false,
    timeout: IDLE_MS,
  });
  const fail = (why: string) => {
    req.unpipe(upstream);
    req.resume();
    if (res.headersSent) res.destroy();
    else answer(res, 502, `There was no answer from ${host} (port ${port}): ${why}.`);
  };
  upstream.on("timeout", () => upstream.destroy());
  upstream.on("response", (response) => pass(response, res));
  upstream.on("error", (error) => fail(systemCode(error) ?? error.message));
  // Such as one that goes on in another protocol, which nobody asked for.
  upstream.on("close", () => {
    if (!res.headersSent) fail("it ended the connection");
  });
  res.on("close", () => upstream.destroy());
  if (body === undefined) upstream.end();
  else req.pipe(upstream);
}

function pass(response: IncomingMessage, res: ServerResponse): void {
  try {
    res.writeHead(response.statusCode ?? 502, response.statusMessage, endToEnd(response.rawHeaders, []));
    pipeline(response, res, () => undefined);
  } catch {
    res.destroy();
  }
}
