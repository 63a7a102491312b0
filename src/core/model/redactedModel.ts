import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Secrets } from "../policy/secrets.ts";
import type { ModelClient, Provider } from "./client.ts";

/** The provider, of which each key is a secret from the moment it is used. */
export function knownKeys(provider: () => Promise<Provider>, secrets: Secrets): () => Promise<Provider> {
  return async () => {
    const chosen = await provider();
    secrets.add(chosen.apiKey);
    return chosen;
  };
}

/**
 * The model with secrets cut out of its answers. A server knows its key, so an answer may repeat it: what is shown, what runs and what is kept
 * is then the same text without it.
 */
export function redactedModel(model: ModelClient, secrets: Secrets): ModelClient {
  return {
    stream: (body, signal) => redactedEvents(model.stream(body, signal), secrets),
    listModels: async (signal) => secrets.value(await model.listModels(signal)),
  };
}

type DeltaEvent = ResponseStreamEvent & { readonly delta: string };

/** What is held back of a text, since a secret may go on in its next piece, comes before its end. */
async function* redactedEvents(
  events: AsyncIterable<ResponseStreamEvent>,
  secrets: Secrets,
): AsyncGenerator<ResponseStreamEvent> {
  const texts = new Map<string, { stream: ReturnType<Secrets["stream"]>; last: DeltaEvent }>();
  for await (const event of events) {
    const place = placeOf(event);
    if (isDelta(event)) {
      const { stream } = texts.get(place) ?? { stream: secrets.stream() };
      texts.set(place, { stream, last: event });
      const delta = stream.push(event.delta);
      if (delta !== "") yield withDelta(event, delta);
      continue;
    }
    const text = texts.get(place);
    const rest = text?.stream.end();
    texts.delete(place);
    if (text && rest) yield withDelta(text.last, rest);
    yield secrets.value(event);
  }
}

function withDelta(event: DeltaEvent, delta: string): ResponseStreamEvent {
  return Object.assign({ ...event }, { delta });
}

function isDelta(event: ResponseStreamEvent): event is DeltaEvent {
  return event.type.endsWith(".delta") && "delta" in event && typeof event.delta === "string";
}

/** The same for the pieces of a text and for its end. */
function placeOf(event: ResponseStreamEvent): string {
  const { item_id, output_index, content_index, summary_index } = event as {
    [name in "item_id" | "output_index" | "content_index" | "summary_index"]?: unknown;
  };
  return JSON.stringify([
    event.type.replace(/\.(delta|done)$/, ""),
    item_id,
    output_index,
    content_index,
    summary_index,
  ]);
}
