import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { answerEvents } from "../../src/core/model/demo/events.ts";
import { deliver, send } from "./modelServerDelivery.ts";
import { PrefixCheck } from "./modelServerPrefix.ts";
import { type AnswerReply, type ApiError, asReply, fail, type RawReply, type Reply } from "./modelServerReply.ts";
import { asksForCompaction, type ParsedRequest, ruleError } from "./modelServerRules.ts";
import { invalid, shapeError } from "./modelServerShape.ts";

export type Script = readonly Reply[] | ((request: ParsedRequest, recorded: RecordedRequest) => Reply | Promise<Reply>);

export interface ModelServerOptions {
  /** One reply a request, in order; or a function of the request. Without one, requests for an answer are a problem. */
  readonly script?: Script;
  /** What /models lists, and all that /responses takes. */
  readonly models?: readonly string[];
  readonly apiKey?: string;
  /** How many tokens a request may have, at four bytes each; read at each request. No limit unless it is set. */
  readonly contextWindow?: number;
  /** Awaited before each event, such as a pause for a person to watch. */
  readonly pace?: (event: ResponseStreamEvent) => Promise<void>;
}

export interface RecordedRequest {
  /** Counting from 0, over all requests for an answer. */
  readonly index: number;
  readonly body: string;
  readonly bytes: number;
  readonly headers: IncomingMessage["headers"];
  /** Undefined when the body is not a right request. */
  readonly params: ParsedRequest | undefined;
  /** Resolves when the exchange is over: answered to the end, or left by one of the two ends before it. */
  readonly ended: Promise<"finished" | "broken">;
}

export interface ModelServer {
  /** Such as "http://127.0.0.1:40001/v1". */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Requests for an answer, right or wrong, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The most requests for an answer that were open at one time. */
  readonly mostAtOnce: number;
  /** Resolves with the request of this index as soon as it is there. */
  request(index: number): Promise<RecordedRequest>;
  /** Allows one request (of this prompt cache key) that does not continue the one before it. */
  expectCut(key?: string): void;
  /** Allows one refusal of a wrong request, which is a problem otherwise. */
  expectRefusal(): void;
  /** Throws when anything was wrong that no test expected. */
  assertClean(): void;
  /** Closes all sockets, then throws like `assertClean`. */
  close(): Promise<void>;
}

export const defaultModels = ["gpt-6.1-sol", "gpt-5.4", "gpt-4.1", "test-model"] as const;

/** A model server on 127.0.0.1 that answers by script and refuses what the real one would. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = new ScriptedServer(options);
  await server.listen();
  return server;
}

class ScriptedServer implements ModelServer {
  readonly apiKey: string;
  readonly requests: RecordedRequest[] = [];
  mostAtOnce = 0;
  readonly #options: ModelServerOptions;
  readonly #models: readonly string[];
  readonly #http: Server;
  readonly #prefix = new PrefixCheck();
  readonly #problems: string[] = [];
  readonly #belongings = new Map<string, string>();
  readonly #waiting = new Map<number, ((request: RecordedRequest) => void)[]>();
  #expectedRefusals = 0;
  #open = 0;
  #answered = 0;

  constructor(options: ModelServerOptions) {
    this.#options = options;
    this.#models = options.models ?? defaultModels;
    this.apiKey = options.apiKey ?? "test-key";
    this.#http = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        if (request.readableAborted) return;
        this.#problems.push(`The scripted server failed: ${error instanceof Error ? error.stack : error}`);
        response.destroy();
      });
    });
    // A connection that was idle for long, as on a busy machine, must not be closed in the face of the next request: that would be tried again.
    this.#http.keepAliveTimeout = 0;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/v1`;
  }

  async listen(): Promise<void> {
    // A test that failed and did not close it must not keep the process alive.
    this.#http.listen(0, "127.0.0.1").unref();
    await once(this.#http, "listening");
  }

  async request(index: number): Promise<RecordedRequest> {
    const there = this.requests[index];
    if (there) return there;
    return new Promise((resolve) => this.#waiting.set(index, [...(this.#waiting.get(index) ?? []), resolve]));
  }

  expectCut(key?: string): void {
    this.#prefix.expectCut(key);
  }

  expectRefusal(): void {
    this.#expectedRefusals++;
  }

  assertClean(): void {
    const refusals = this.#expectedRefusals
      ? [`${this.#expectedRefusals} refusals were expected and did not happen.`]
      : [];
    const problems = [...this.#problems, ...this.#prefix.leftOver(), ...refusals];
    assert.equal(problems.length, 0, `The model server met ${problems.length} problems:\n${problems.join("\n")}`);
  }

  async close(): Promise<void> {
    if (this.#http.listening) {
      const closed = once(this.#http, "close");
      this.#http.close();
      this.#http.closeAllConnections();
      await closed;
    }
    this.assertClean();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const keyError = this.#keyError(request);
    const route = `${request.method} ${request.url}`;
    if (route === "POST /v1/responses") await this.#answer(request, response, { body, keyError });
    else if (keyError) await send(response, fail(401, keyError));
    else if (route === "GET /v1/models") await send(response, this.#modelList());
    else await send(response, fail(404, invalid(`Invalid URL (${route}).`)));
  }

  async #answer(
    { headers }: IncomingMessage,
    response: ServerResponse,
    { body, keyError }: { body: Buffer; keyError: ApiError | undefined },
  ): Promise<void> {
    const { error, params, cachedBytes } = keyError ? refused(keyError) : this.#judge(headers, body);
    const recorded = this.#record({
      body: body.toString(),
      bytes: body.length,
      headers,
      params,
      ended: ended(response),
    });
    if (error) return send(response, fail(error === keyError ? 401 : statusOf(error), error));
    const reply = asReply(await this.#reply(params!, recorded));
    if (reply.type === "raw") return send(response, reply);
    await this.#stream(response, reply, { params: params!, cachedBytes, bytes: body.length });
  }

  #keyError({ headers: { authorization } }: IncomingMessage): ApiError | undefined {
    if (authorization === `Bearer ${this.apiKey}`) return undefined;
    const key = authorization?.replace("Bearer ", "") ?? "";
    const message = authorization ? `Incorrect API key provided: ${key}.` : "You didn't provide an API key.";
    return invalid(message, null, "invalid_api_key");
  }

  #judge(headers: IncomingMessage["headers"], body: Buffer): Judgement {
    const params = parse(body);
    const error = contentTypeError(headers) ?? shapeError(params);
    if (error) return this.#refuse(error);
    const request = params as ParsedRequest;
    if (!this.#models.includes(request.model)) return refused(unknownModel(request.model));
    const broken = ruleError(request, this.#belongings);
    if (broken) return this.#refuse(broken);
    if (body.length / 4 > (this.#options.contextWindow ?? Number.POSITIVE_INFINITY)) return refused(tooLong());
    const place = asksForCompaction(request) ? "aside" : "next";
    const continued = this.#prefix.check(request.prompt_cache_key, body, place);
    if ("problem" in continued) return this.#refuse(invalid(continued.problem, "input", "prefix_broken"));
    return { error: undefined, params: request, cachedBytes: continued.cachedBytes };
  }

  /** A refusal is a fault of the program under test, so it is remembered unless the test expects it. */
  #refuse(error: ApiError): Judgement {
    if (this.#expectedRefusals > 0) this.#expectedRefusals--;
    else this.#problems.push(`A request was refused: ${error.message}`);
    return refused(error);
  }

  #record(request: Omit<RecordedRequest, "index">): RecordedRequest {
    const recorded = { ...request, index: this.requests.length };
    this.requests.push(recorded);
    this.#open++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
    void recorded.ended.then(() => this.#open--);
    for (const resolve of this.#waiting.get(recorded.index) ?? []) resolve(recorded);
    return recorded;
  }

  async #reply(params: ParsedRequest, recorded: RecordedRequest): Promise<Reply> {
    const { script } = this.#options;
    if (typeof script === "function") return script(params, recorded);
    const reply = script?.[this.#answered++];
    if (reply) return reply;
    this.#problems.push(`The script has no reply to request ${recorded.index}.`);
    return fail(400, invalid("The script has no more replies."));
  }

  async #stream(
    response: ServerResponse,
    reply: AnswerReply,
    { params, cachedBytes, bytes }: { params: ParsedRequest; cachedBytes: number; bytes: number },
  ): Promise<void> {
    const cached = Math.floor(cachedBytes / 4 / 128) * 128;
    const inputTokens = { total: Math.ceil(bytes / 4), cached: cached >= 1024 ? cached : 0 };
    const id = `${this.requests.length}`.padStart(4, "0");
    const events = answerEvents({ ...reply, id, request: params, inputTokens, createdAt: 0 });
    this.#remember(events);
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-request-id": `req_${id}` });
    response.flushHeaders();
    await deliver(response, reply.delivery, events, this.#options.pace ?? (async () => {}));
  }

  #remember(events: readonly ResponseStreamEvent[]): void {
    let reasoningId: string | undefined;
    for (const event of events) {
      if (event.type !== "response.output_item.done") continue;
      const { item } = event;
      if (item.type === "reasoning") reasoningId = item.id;
      else if (reasoningId && item.id) {
        this.#belongings.set(item.id, reasoningId);
        reasoningId = undefined;
      }
    }
  }

  #modelList(): RawReply {
    const data = this.#models.map((id) => ({ id, object: "model", created: 0, owned_by: "openai" }));
    return {
      type: "raw",
      status: 200,
      headers: { "content-type": "application/json" },
      body: [JSON.stringify({ object: "list", data })],
      end: "end",
    };
  }
}

function tooLong(): ApiError {
  const message = "Your input exceeds the context window of this model. Please adjust your input and try again.";
  return invalid(message, "input", "context_length_exceeded");
}

interface Judgement {
  readonly error: ApiError | undefined;
  readonly params: ParsedRequest | undefined;
  readonly cachedBytes: number;
}

function refused(error: ApiError): Judgement {
  return { error, params: undefined, cachedBytes: 0 };
}

function statusOf(error: ApiError): number {
  return error.code === "model_not_found" ? 404 : 400;
}

function unknownModel(model: string): ApiError {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return invalid(message, null, "model_not_found");
}

function contentTypeError(headers: IncomingMessage["headers"]): ApiError | undefined {
  const type = headers["content-type"] ?? "";
  if (/^application\/json(;|$)/.test(type)) return undefined;
  return invalid(`Unsupported content type: '${type}'.`, null, "unsupported_content_type");
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function ended(response: ServerResponse): Promise<"finished" | "broken"> {
  return new Promise((resolve) =>
    response.on("close", () => resolve(response.writableFinished ? "finished" : "broken")),
  );
}
