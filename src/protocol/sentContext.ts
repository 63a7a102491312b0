import * as z from "zod";

/** What a part of a request is, in the order in which a surface lists them. `other` is what this version has no name for. */
export const sentLayerKinds = [
  "instructions",
  "tools",
  "permissions",
  "developerInstructions",
  "mode",
  "projectInstructions",
  "environment",
  "summary",
  "messages",
  "answers",
  "reasoning",
  "toolCalls",
  "toolOutputs",
  "notes",
  "other",
  "message",
] as const;
export const sentLayerKind = z.enum(sentLayerKinds);
export type SentLayerKind = z.infer<typeof sentLayerKind>;

/** One text of a layer: an item of the request, or a part of one that stands for itself, such as one tool, one file or one picture. */
export const sentEntry = z.object({
  /** The tool that it is about. */
  title: z.string().nullable(),
  /** The file that it came from. */
  path: z.string().nullable(),
  /** Word for word, or the beginning of it when `length` is more. */
  text: z.string(),
  /** All of the text, in UTF-16 code units. */
  length: z.int(),
  /** What goes with it and cannot be read. */
  sealed: z.object({ kind: z.enum(["encrypted", "picture"]), bytes: z.int() }).nullable(),
});
export type SentEntry = z.infer<typeof sentEntry>;

export const sentLayer = z.object({
  kind: sentLayerKind,
  /** Who says it, as the request has it; null for what no one says, such as the tools. */
  role: z.string().nullable(),
  /** Estimated by the length; all layers together are the request's total. */
  tokens: z.int(),
  /** How many entries there are, those included that are left out here. */
  count: z.int(),
  entries: z.array(sentEntry),
});
export type SentLayer = z.infer<typeof sentLayer>;

/** One request to the model, as it was sent. Requests that only condense the thread are not among them. */
export const sentContext = z.object({
  turnId: z.string(),
  /** Counting from 1, over all requests of the thread. */
  number: z.int(),
  count: z.int(),
  /** Unix milliseconds. */
  sentAtMs: z.number(),
  model: z.string(),
  /** Null for a model that takes none. */
  effort: z.string().nullable(),
  tokens: z.int(),
  tokensBy: z.enum(["server", "estimate"]),
  /** How many of them the server had in its cache; null while it has not said. */
  cachedTokens: z.int().nullable(),
  contextWindow: z.int(),
  /** The thread is condensed before a request that would have so many tokens. */
  condensedAtTokens: z.int(),
  layers: z.array(sentLayer),
});
export type SentContext = z.infer<typeof sentContext>;
