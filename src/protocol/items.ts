import * as z from "zod";

/** What the user sends: text, and references to files and pictures. `text_elements` mark spans that a surface shows as one chip. */
export const userInput = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("text"),
    text: z.string(),
    text_elements: z
      .array(
        z.object({
          /** UTF-8 offsets into `text`. */
          byteRange: z.object({ start: z.int().min(0), end: z.int().min(0) }),
          placeholder: z.string().nullish(),
        }),
      )
      .optional(),
  }),
  z.object({ type: z.literal("image"), url: z.string() }),
  z.object({ type: z.literal("localImage"), path: z.string() }),
  z.object({ type: z.literal("mention"), name: z.string(), path: z.string() }),
]);
export type UserInput = z.infer<typeof userInput>;

/** Unix milliseconds; `completedAtMs` is null while the item is unfinished. */
const times = { startedAtMs: z.number().optional(), completedAtMs: z.number().nullish() };

const userMessage = z.object({
  type: z.literal("userMessage"),
  id: z.string(),
  clientId: z.string().nullish(),
  content: z.array(userInput),
  ...times,
});

const agentMessage = z.object({
  type: z.literal("agentMessage"),
  id: z.string(),
  text: z.string(),
  ...times,
});

const reasoning = z.object({
  type: z.literal("reasoning"),
  id: z.string(),
  /** One text a part, in Markdown. */
  summary: z.array(z.string()),
  content: z.array(z.string()),
  ...times,
});

export const commandAction = z.discriminatedUnion("type", [
  z.object({ type: z.literal("read"), command: z.string(), name: z.string(), path: z.string() }),
  z.object({ type: z.literal("listFiles"), command: z.string(), path: z.string().nullish() }),
  z.object({ type: z.literal("search"), command: z.string(), path: z.string().nullish(), query: z.string().nullish() }),
  z.object({ type: z.literal("unknown"), command: z.string() }),
]);
export type CommandAction = z.infer<typeof commandAction>;

/** Who declined what was not done. An addition of Patchwright. */
export const decliner = z.discriminatedUnion("kind", [
  /** The user said no, or took none of it; what they said with it, if anything. */
  z.object({ kind: z.literal("user"), feedback: z.string().optional() }),
  /** The user stopped the turn instead of answering. */
  z.object({ kind: z.literal("stop") }),
  /** It was asked about, and no answer came that could be followed. */
  z.object({ kind: z.literal("noAnswer") }),
  /** A rule that denies commands which begin with these words. */
  z.object({ kind: z.literal("rule"), prefix: z.array(z.string()) }),
  /** Rules may deny it: the rules cannot be read, or the command cannot. The approval policy lets nobody be asked. */
  z.object({ kind: z.literal("rulesUnread") }),
  z.object({ kind: z.literal("commandUnread") }),
  /** It would have been asked about, which the approval policy does not let. */
  z.object({ kind: z.literal("approvalPolicy") }),
  z.object({ kind: z.literal("restrictedMode") }),
]);
export type Decliner = z.infer<typeof decliner>;

/** Set where the status is "declined", unless an older version wrote it. */
const declined = { declinedBy: decliner.optional() };

const commandExecution = z.object({
  type: z.literal("commandExecution"),
  id: z.string(),
  command: z.string(),
  cwd: z.string(),
  /** The id that `write_stdin` takes, while the command runs in the background. */
  processId: z.string().nullish(),
  source: z.literal("agent").optional(),
  status: z.enum(["inProgress", "completed", "failed", "declined"]),
  commandActions: z.array(commandAction),
  aggregatedOutput: z.string().nullish(),
  exitCode: z.int().nullish(),
  durationMs: z.number().nullish(),
  /** Additions of Patchwright. True when it ran with all the user's rights although there is a sandbox. */
  unconfined: z.boolean().optional(),
  /** Files that it left where programs or agents would obey them, and where they were moved to. Absolute paths. */
  quarantined: z.array(z.object({ path: z.string(), movedTo: z.string() })).optional(),
  ...declined,
  ...times,
});

export const fileUpdateChange = z.object({
  path: z.string(),
  kind: z.discriminatedUnion("type", [
    z.object({ type: z.literal("add") }),
    z.object({ type: z.literal("delete") }),
    z.object({ type: z.literal("update"), move_path: z.string().nullish() }),
  ]),
  /** For an update unified hunks ("@@ -1,2 +1,2 @@"), else the whole text. */
  diff: z.string(),
});
export type FileUpdateChange = z.infer<typeof fileUpdateChange>;

const fileChange = z.object({
  type: z.literal("fileChange"),
  id: z.string(),
  changes: z.array(fileUpdateChange),
  status: z.enum(["inProgress", "completed", "failed", "declined"]),
  ...declined,
  ...times,
});

const toolContent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("inputText"), text: z.string() }),
  z.object({ type: z.literal("inputImage"), imageUrl: z.string() }),
]);

/** A call of one of the editor's own tools (read_file, search_text, ...), or of a tool that does not exist. */
const dynamicToolCall = z.object({
  type: z.literal("dynamicToolCall"),
  id: z.string(),
  tool: z.string(),
  arguments: z.unknown(),
  /** What a person reads, such as "Read src/app.ts". An addition of Patchwright. */
  title: z.string().optional(),
  status: z.enum(["inProgress", "completed", "failed"]),
  contentItems: z.array(toolContent).nullish(),
  success: z.boolean().nullish(),
  durationMs: z.number().nullish(),
  ...times,
});

const imageView = z.object({ type: z.literal("imageView"), id: z.string(), path: z.string(), ...times });

/** The context was replaced by a shorter one. What the surfaces show of the thread stays. */
const contextCompaction = z.object({
  type: z.literal("contextCompaction"),
  id: z.string(),
  /** Additions of Patchwright. Why: the context was nearly full, the user asked for it, or the server refused it as too long. */
  reason: z.enum(["auto", "manual", "overflow"]).optional(),
  /** About how many tokens a request had before and has after it; `tokensAfter` is absent until it has ended, and when it failed. */
  tokensBefore: z.int().optional(),
  tokensAfter: z.int().optional(),
  ...times,
});

/** One entry of a turn. `item/completed` carries the whole item and is authoritative over the deltas before it. */
export const threadItem = z.discriminatedUnion("type", [
  userMessage,
  agentMessage,
  reasoning,
  commandExecution,
  fileChange,
  dynamicToolCall,
  imageView,
  contextCompaction,
]);
export type ThreadItem = z.infer<typeof threadItem>;
export type ItemType = ThreadItem["type"];
export type ItemOf<T extends ItemType> = Extract<ThreadItem, { type: T }>;
