import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer as createWebServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { listening, type Outside } from "../host/node/network/outside.ts";

const run = promisify(execFile);

/** A web server with TLS and a certificate of its own making, which `openssl` makes. */
export async function tlsServer(t: TestContext, folder: string, address: string): Promise<Outside> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=test", "-addext", `subjectAltName=IP:${address}`];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-keyout",
    key,
    "-out",
    cert,
    ...subject,
  ]);
  const log: string[] = [];
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (req, res) => {
    log.push(`${req.method} ${req.url}`);
    res.end("hello over TLS");
  });
  return { ...(await listening(t, server, address)), log };
}

/** Serves the files of a folder and says what was asked for. */
export async function fileServer(t: TestContext, folder: string, address: string): Promise<Outside> {
  const log: string[] = [];
  const server = createWebServer((req, res) => {
    const path = new URL(req.url ?? "/", "http://x").pathname;
    log.push(`${req.method} ${path}`);
    readFile(join(folder, path)).then(
      (bytes) => res.end(bytes),
      () => res.writeHead(404).end(),
    );
  });
  return { ...(await listening(t, server, address)), log };
}
