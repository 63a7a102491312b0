import type { Secrets } from "../core/policy/secrets.ts";
import type { Transport } from "../rpc/transport.ts";

/** The server's end of a transport, through which no secret leaves: in no answer, no notification, no question and no error. */
export function redactedTransport(transport: Transport, secrets: Secrets): Transport {
  return {
    send: (message) => transport.send(secrets.value(message)),
    onMessage: (listener) => transport.onMessage(listener),
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}
