import type { JournalledInput, LoggedInput } from "../store/inputs.ts";
import { BYTES_PER_TOKEN, byteLength, headOf, tailOf } from "../tools/bytes.ts";
import { messageItem } from "./contextLog.ts";

/** What is kept of the first message of the user, in tokens. */
const FIRST_TOKENS = 2_000;
/** What is kept of the newest ones together, at most. */
const NEWEST_TOKENS = 20_000;
/** And at most this share of a small window. */
const NEWEST_SHARE = 0.25;
/** What the newest of all may take, of the window. */
const LAST_SHARE = 0.5;

/** What a server that condenses a context by itself is asked with; it stands last. */
export const compactionTrigger = { type: "compaction_trigger" } as const;

/** What any other model is asked with. */
export const summaryRequest = messageItem(
  "user",
  `<context_compaction>
To make room in your context window, the thread is about to be replaced by a short account of it. Write that account now, and nothing else. Call no tools.

You will go on with the work from this account, from the user's own messages (the first one and the newest ones are kept), and from the current instructions and environment, which you will be told anew. Everything else will be gone: files you read, outputs of commands, your own reasoning. So write down what you would otherwise have to find out again:

1. The task as it stands now: what the user wants, with every condition, correction and preference they gave, also early ones; and which of their messages are dealt with already.
2. What has been done: files created, changed, moved or deleted, by path, and what each change is for; commands that matter, and their results.
3. What was found out: how the relevant code works, names, places (path and line), versions, error messages word for word, what was tried and did not work and why.
4. Decisions and their reasons, and what the user refused, changed or undid.
5. What is under way and what comes next, step by step, with the state of the plan; commands still running, with their session IDs; what is still unverified.

Be exact with names, paths, numbers and commands. Leave out what the files themselves will show, and secrets. If something is uncertain, say so.
</context_compaction>`,
);

/** Said when the model called tools instead. */
export const summaryReminder = messageItem(
  "user",
  "Answer with the account of the thread as text, as you were asked to, and call no tools.",
);

/** How the account comes before the model afterwards. */
export function summaryItem(summary: string): LoggedInput {
  const text = `<context_summary>\nThe thread grew too long. All of it but the user's messages above was replaced by this account, which you wrote. It says which of them are dealt with: do not take those up again. Go on from here without a greeting or a repetition. Read files again before you edit them.\n\n${summary.trim()}\n</context_summary>`;
  return { item: { ...messageItem("user", text) }, layer: "summary" };
}

/** In place of an account, when the model gave none. */
export const missingSummary: LoggedInput = {
  item: {
    ...messageItem(
      "developer",
      "The thread grew too long and what was between the user's messages had to be left out without an account of it. Much of what they ask for may be done: look at the files and at `git status` before you go on.",
    ),
  },
  layer: "summary",
};

/**
 * Which of the user's messages outlive a compaction, in their order, for a window of so many tokens: the first one, cut to 2,000 tokens, and
 * the newest ones, up to 20,000 tokens. The newest of all is there whatever its length, and whole unless it takes more than half the window.
 */
export function keptMessages(messages: readonly LoggedInput[], window: number): LoggedInput[] {
  const newest: LoggedInput[] = [];
  let left = Math.min(NEWEST_TOKENS, window * NEWEST_SHARE);
  for (const message of messages.toReversed()) {
    const isNewest = newest.length === 0;
    const kept = isNewest ? shortened(message, window * LAST_SHARE) : withoutPictures(message);
    left -= tokensOf(kept);
    if (left < 0 && !isNewest) break;
    newest.unshift(kept);
  }
  const first = messages[0];
  if (!first || newest.length === messages.length) return newest;
  return [shortened(withoutPictures(first), Math.min(FIRST_TOKENS, window * NEWEST_SHARE)), ...newest];
}

/** The inputs without the oldest ones, which make up this share (from 0 to 1) of their text. */
export function withoutOldest(inputs: readonly LoggedInput[], share: number): LoggedInput[] {
  const lengths = inputs.map(({ item }) => JSON.stringify(item).length);
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  return inputs.filter((_, index) => {
    const isDropped = left > 0;
    left -= lengths[index] ?? 0;
    return !isDropped;
  });
}

interface Part {
  readonly type?: string;
  readonly text?: string;
}

function partsOf({ content }: JournalledInput): Part[] {
  return Array.isArray(content) ? (content as Part[]) : [];
}

function tokensOf({ item }: LoggedInput): number {
  return partsOf(item).reduce((sum, { text = "" }) => sum + byteLength(text) / BYTES_PER_TOKEN, 0);
}

/** A picture is large, and by then it has been looked at. */
function withoutPictures({ item, layer }: LoggedInput): LoggedInput {
  const content = partsOf(item).map((part) =>
    part.type === "input_image" ? { type: "input_text", text: "(A picture stood here.)" } : part,
  );
  return { item: { ...item, content }, layer };
}

/** Head and tail of the message's text when it has more tokens than that, with what is between them counted. */
function shortened(message: LoggedInput, maxTokens: number): LoggedInput {
  if (tokensOf(message) <= maxTokens) return message;
  const parts = partsOf(message.item);
  const text = parts.map((part) => part.text ?? "").join("\n");
  const halfBytes = (maxTokens / 2) * BYTES_PER_TOKEN;
  const head = headOf(text, halfBytes);
  const tail = tailOf(text, halfBytes);
  const gap = Math.ceil((byteLength(text) - byteLength(head) - byteLength(tail)) / BYTES_PER_TOKEN);
  const cut = { type: "input_text", text: `${head}\n(${gap} tokens of this message were left out here.)\n${tail}` };
  return {
    item: { ...message.item, content: [cut, ...parts.filter(({ type }) => type === "input_image")] },
    layer: message.layer,
  };
}
