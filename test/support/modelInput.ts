import type { RecordedRequest } from "./modelServer.ts";

/** An item of a request's input, as far as tests look into it. */
export interface InputItem {
  readonly type: string;
  readonly role?: string;
  readonly call_id?: string;
  readonly output?: unknown;
  readonly content?: string | readonly { readonly text?: string; readonly image_url?: string }[];
}

export function inputOf({ body }: Pick<RecordedRequest, "body">): InputItem[] {
  return JSON.parse(body).input;
}

/** A message's text; undefined for any other item. */
export function textOf({ content }: InputItem): string | undefined {
  if (content === undefined || typeof content === "string") return content;
  return content.map(({ text = "" }) => text).join("");
}

/** The texts of the messages with this role. */
export function textsOf(request: Pick<RecordedRequest, "body">, role: string): string[] {
  return inputOf(request).flatMap((item) => (item.role === role ? [textOf(item) ?? ""] : []));
}

/** The outputs of calls, in order. */
export function outputsOf(request: Pick<RecordedRequest, "body">): string[] {
  return inputOf(request).flatMap((item) => (item.type.endsWith("_output") ? [String(item.output)] : []));
}
