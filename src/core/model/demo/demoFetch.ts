import type { ResponseCreateParamsStreaming, ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Clock } from "../../clock.ts";
import { demoReply } from "./demo.ts";
import { answerEvents, encodeEvent } from "./events.ts";

/** Waits before the next event is sent, so that a person can watch. Rejects when the signal aborts. */
export type Pace = (event: ResponseStreamEvent, signal: AbortSignal) => Promise<void>;

/**
 * The demo model as a `fetch`: it answers POST /responses with a stream of events and GET /models with one model, whatever the host.
 * Nothing is asked of the network.
 */
export function createDemoFetch(pace: Pace = async () => {}): typeof fetch {
  return async (input, init) => {
    const request = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    if (request.pathname.endsWith("/models"))
      return Response.json({ object: "list", data: [{ id: "demo", object: "model" }] });
    if (!request.pathname.endsWith("/responses"))
      return Response.json({ error: { message: "The demo has nothing there." } }, { status: 404 });
    const events = eventsOf(String(init?.body));
    return new Response(streamOf(events, pace, signal), { headers: { "content-type": "text/event-stream" } });
  };
}

/** The speed of someone who thinks for a moment and then writes fast. */
export function createPace({ sleep }: Pick<Clock, "sleep">): Pace {
  return async ({ type }, signal) => {
    const delayMs = delays[type];
    if (delayMs !== undefined) await sleep(delayMs, signal);
  };
}

const delays: Partial<Record<ResponseStreamEvent["type"], number>> = {
  "response.created": 400,
  "response.reasoning_summary_text.delta": 30,
  "response.output_text.delta": 25,
  "response.custom_tool_call_input.delta": 20,
};

function eventsOf(body: string): ResponseStreamEvent[] {
  const request = JSON.parse(body) as ResponseCreateParamsStreaming;
  return answerEvents({
    id: fingerprint(body),
    request,
    outputs: demoReply(request),
    ending: { type: "completed" },
    inputTokens: { total: Math.ceil(body.length / 4), cached: 0 },
    createdAt: 0,
  });
}

function streamOf(events: readonly ResponseStreamEvent[], pace: Pace, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const event = events[next++];
      if (!event) return controller.close();
      await pace(event, signal);
      controller.enqueue(encoder.encode(encodeEvent(event)));
    },
  });
}

/** The same for the same request, and another for every other: so that a request that is repeated gets the same ids. */
function fingerprint(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    high = Math.imul(high ^ text.charCodeAt(index), 0x01000193);
    low = Math.imul(low ^ text.charCodeAt(index), 0x5bd1e995) ^ (low >>> 15);
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
