import type { OpenAI } from "openai";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { Clock } from "../clock.ts";
import { createRedactor } from "../policy/redact.ts";
import type { ModelClient, Provider } from "./client.ts";
import { duration, failureError, hostOf, KEY_ADVICE, type Place } from "./failure.ts";
import { guardFetch } from "./guardedFetch.ts";
import { connectionLost, thrownError } from "./transportFailure.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

export interface ResponsesOptions {
  /** Asked anew for each request. */
  readonly provider: () => Promise<Provider>;
  /** How long a server may be silent, in milliseconds. Asked anew for each request. */
  readonly idleTimeoutMs: () => number;
  readonly clock: Clock;
}

/** A model behind the OpenAI Responses API, streamed over HTTP. */
export function createResponsesClient(options: ResponsesOptions): ModelClient {
  return {
    stream: (body, signal) => streamAnswer(options, body, signal),
    listModels: (signal) => listModels(options, signal),
  };
}

async function* streamAnswer(
  options: ResponsesOptions,
  body: string,
  caller: AbortSignal,
): AsyncGenerator<ResponseStreamEvent> {
  const { client, place, watchdog } = await open(options, caller);
  try {
    const { signal } = watchdog;
    const headers = { "content-type": "application/json", accept: "text/event-stream" };
    const sent = client.post<AsyncIterable<ResponseStreamEvent>>("/responses", { body, headers, signal, stream: true });
    for await (const event of await orAborted(sent, signal)) {
      if (typeof event?.type !== "string") continue;
      watchdog.received();
      const failure = terminalFailure(event, place);
      if (failure) throw failure;
      yield event;
      if (event.type === "response.completed") return;
      watchdog.awaiting();
    }
    // The stream of the client ends silently when its request is aborted or its connection is closed.
    throw connectionLost(place, "");
  } catch (error) {
    const lost = error instanceof SyntaxError ? connectionLost(place, "an event is damaged") : undefined;
    throw stopped(watchdog, caller, place) ?? lost ?? thrownError(error, place);
  } finally {
    watchdog.end();
  }
}

async function listModels(options: ResponsesOptions, caller: AbortSignal): Promise<readonly string[]> {
  const { client, place, watchdog } = await open(options, caller);
  try {
    const list = await orAborted(client.get<unknown>("/models", { signal: watchdog.signal }), watchdog.signal);
    const { data } = (list ?? {}) as { data?: unknown };
    if (!Array.isArray(data)) throw new SyntaxError("There is no list of models.");
    return data.map((model: { id?: unknown } | null) => model?.id).filter((id) => typeof id === "string");
  } catch (error) {
    throw stopped(watchdog, caller, place) ?? thrownError(error, place);
  } finally {
    watchdog.end();
  }
}

interface Opened {
  readonly client: OpenAI;
  readonly place: Place;
  readonly watchdog: Watchdog;
}

async function open({ provider, idleTimeoutMs, clock }: ResponsesOptions, caller: AbortSignal): Promise<Opened> {
  const { name, baseUrl, apiKey, keyAdvice, fetch: ownFetch } = await provider();
  throwIfAborted(caller);
  const key = apiKey?.trim() || undefined;
  const place: Place = { baseUrl, redact: createRedactor([key]), now: clock.now(), keyAdvice };
  if (!ownFetch) checkKey(name, key, keyAdvice);
  checkBaseUrl(place);
  const { OpenAI } = await import("openai");
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: key ?? "none",
    // Otherwise the client would take these from the environment and send them to any host.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: "off",
    fetch: guardFetch(ownFetch ?? globalThis.fetch, place),
  });
  return { client, place, watchdog: startWatchdog(clock, idleTimeoutMs(), caller) };
}

function checkKey(name: string, key: string | undefined, advice = KEY_ADVICE): void {
  if (!key) throw new AgentError("unauthorized", `There is no API key for ${name} yet: ${advice}.`);
  if (!/^[\x21-\x7e]+$/.test(key)) {
    const message = `The API key for ${name} contains a character that no key has, such as a space. Copy it again, and ${advice}.`;
    throw new AgentError("unauthorized", message);
  }
}

function checkBaseUrl({ baseUrl }: Place): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  // What stands behind "?" or "#" would swallow the path of each request.
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash) return;
  const message =
    "The base URL is not an address such as https://api.openai.com/v1, without user name and password, and without a query. Correct it in the settings.";
  throw new AgentError("badRequest", message);
}

/** The promise, given up as soon as the signal aborts. */
async function orAborted<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    throwIfAborted(signal);
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The error of a request that was ended from this side; undefined when it was not. */
function stopped({ timedOut, idleMs }: Watchdog, caller: AbortSignal, place: Place): AgentError | undefined {
  if (caller.aborted) return new AgentError("aborted", "It was stopped.");
  if (!timedOut) return undefined;
  return new AgentError("timeout", `${hostOf(place)} was silent for ${duration(idleMs)}. Send the message again.`);
}

/** The error that a terminal event other than `response.completed` stands for. */
function terminalFailure(event: ResponseStreamEvent, place: Place): AgentError | undefined {
  switch (event.type) {
    case "response.failed":
      return failureError({ ...event.response.error, type: undefined }, place);
    case "error":
      return failureError({ code: event.code ?? undefined, message: event.message }, place);
    case "response.incomplete":
      return incomplete(event.response.incomplete_details?.reason, place);
    default:
      return undefined;
  }
}

function incomplete(reason: string | undefined, place: Place): AgentError {
  if (reason === "content_filter") return failureError({ code: reason }, place);
  if (reason === "max_output_tokens") {
    return new AgentError(
      "tooLarge",
      "The answer reached the greatest length that the server allows. Ask for a smaller step.",
    );
  }
  return failureError({ message: `The response is incomplete (${reason ?? "no reason given"}).` }, place);
}
