import { constants, performServerHandshake } from "node:http2";
import type { Duplex } from "node:stream";
import { ByteStream } from "./bytes.ts";

/** Connections of one command at a time; more wait inside the sandbox. */
const MOST_CONNECTIONS = 128;
const STREAM_WINDOW_BYTES = 256 * 1024;
const LINK_WINDOW_BYTES = 4 * 1024 * 1024;
/** What may wait to be sent before no new connections are taken, in MB. */
const MEMORY_MB = 64;

export interface Link {
  /** Cuts all connections. */
  close(): void;
}

/**
 * The host's end of the one channel that leads out of a sandbox: many connections on it, each with its own flow control, as HTTP/2 has it.
 * What the other end says is not trusted: whatever breaks the protocol ends the link, and with it the command's network.
 */
export function serveLink(channel: Duplex, accept: (connection: Duplex) => void): Link {
  const session = performServerHandshake(channel, {
    maxSessionMemory: MEMORY_MB,
    settings: { maxConcurrentStreams: MOST_CONNECTIONS, initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
  });
  session.setLocalWindowSize(LINK_WINDOW_BYTES);
  session.on("error", () => session.destroy());
  channel.on("error", () => session.destroy());
  session.on("stream", (stream, headers) => {
    stream.on("error", () => stream.destroy());
    if (headers[":method"] !== "CONNECT") return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    stream.respond({ ":status": 200 });
    accept(new ByteStream(stream));
  });
  return { close: () => session.destroy() };
}
