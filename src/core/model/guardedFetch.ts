import { AgentError } from "../../protocol/errors.ts";
import { excerpt, failureError, hostOf, type Place } from "./failure.ts";

const MAX_ERROR_BODY = 64 * 1024;
const MAX_REDIRECTS = 5;
type Fetch = typeof fetch;

/**
 * A fetch that never takes the request, with its key, to another origin; that reads no more of an error than is needed to report it;
 * and that tells a web page from an API.
 */
export function guardFetch(inner: Fetch, place: Place): Fetch {
  return async (input, init) => {
    let url = String(input instanceof Request ? input.url : input);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await inner(url, { ...init, redirect: "manual" });
      if (!isRedirect(response)) return checked(response, { place, headers: new Headers(init?.headers) });
      await response.body?.cancel();
      url = redirectTarget(url, response, { method: init?.method, place });
    }
    throw new AgentError("badRequest", `The server at ${hostOf(place)} redirects in a circle. Check the base URL.`);
  };
}

function isRedirect({ status, type }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400 && status !== 304);
}

/** Only a redirect that repeats the same request at the same origin is followed. */
function redirectTarget(
  from: string,
  response: Response,
  { method, place }: { method: string | undefined; place: Place },
): string {
  const location = response.headers.get("location");
  const target = location && URL.canParse(location, from) ? new URL(location, from) : undefined;
  const repeats = response.status === 307 || response.status === 308 || method?.toUpperCase() === "GET";
  if (target?.origin === new URL(from).origin && repeats) return target.href;
  // Addresses such as "file:" have no origin.
  const origin = target?.host ? target.origin : target?.protocol;
  const where = target ? ` to ${excerpt(`${origin}${target.pathname}`, place)}` : "";
  const message = `The server at ${hostOf(place)} redirects${where}, and the API key goes to no other address. Set the base URL to the right one.`;
  throw new AgentError("badRequest", message);
}

/** The response, when it is what was asked for; an error response with no more than the beginning of its body. */
async function checked(response: Response, asked: { place: Place; headers: Headers }): Promise<Response> {
  const { place, headers } = asked;
  const type = response.headers.get("content-type") ?? "";
  const isPage = /^\s*text\/html/i.test(type);
  const isPlainJson = headers.get("accept") === "text/event-stream" && /^\s*application\/json/i.test(type);
  if (response.ok && !isPage && !isPlainJson) return response;
  const text = await beginningOf(response.body);
  if (response.ok && isPlainJson) throw failureError({ message: text }, place);
  if (response.ok) {
    const said = excerpt(text, place);
    const message = `${hostOf(place)} answers with a web page${said ? ` ("${said}")` : ""}, not with the Responses API. Check the base URL; a proxy or a sign-in page may be in the way.`;
    throw new AgentError("badRequest", message);
  }
  return new Response(text, { status: response.status, headers: response.headers });
}

async function beginningOf(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (!body) return "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  while (text.length < MAX_ERROR_BODY) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.slice(0, MAX_ERROR_BODY);
}
