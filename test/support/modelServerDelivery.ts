import type { ServerResponse } from "node:http";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { encodeEvent } from "../../src/core/model/demo/events.ts";
import type { AnswerReply, RawReply } from "./modelServerReply.ts";

/** Streams the events as the reply says. Resolves when nothing more will be sent. */
export async function deliver(
  response: ServerResponse,
  delivery: AnswerReply["delivery"],
  events: readonly ResponseStreamEvent[],
  pace: (event: ResponseStreamEvent) => Promise<void>,
): Promise<void> {
  const sendEvents = async (some: readonly ResponseStreamEvent[]) => {
    for (const event of some) {
      await pace(event);
      await write(response, encodeEvent(event));
    }
  };
  switch (delivery.type) {
    case "whole":
      await sendEvents(events);
      response.end();
      break;
    case "cut":
      if ("events" in delivery.after) await sendEvents(events.slice(0, delivery.after.events));
      else await write(response, Buffer.from(events.map(encodeEvent).join("")).subarray(0, delivery.after.bytes));
      if (delivery.how === "destroyed") response.destroy();
      if (delivery.how === "ended") response.end();
      break;
    case "rewritten":
      await sendEvents(delivery.change(events));
      response.end();
      break;
    case "hang":
      await sendEvents(events.slice(0, delivery.afterEvents));
      break;
    case "hold":
      await sendEvents(events.slice(0, delivery.afterEvents));
      await delivery.until;
      await sendEvents(events.slice(delivery.afterEvents));
      response.end();
      break;
    case "encoded": {
      const bytes = Buffer.from(delivery.encode(events.map(encodeEvent).join("")));
      for (let at = 0; at < bytes.length; at += delivery.pieceBytes) {
        await write(response, bytes.subarray(at, at + delivery.pieceBytes));
      }
      response.end();
    }
  }
}

/** Sends any status and body. */
export async function send(response: ServerResponse, reply: RawReply): Promise<void> {
  if (reply.end === "dropped") return void response.destroy();
  response.writeHead(reply.status, reply.headers);
  for (const piece of reply.body) {
    if (response.destroyed) return;
    await write(response, piece);
  }
  if (reply.end === "end") response.end();
}

/** Resolves when the operating system has the bytes, or when the client is gone. */
function write(response: ServerResponse, piece: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || piece.length === 0) return resolve();
    const gone = () => resolve();
    response.once("close", gone);
    response.write(piece, () => {
      response.off("close", gone);
      resolve();
    });
  });
}
