import type { ChangeAuthor } from "../../protocol/review.ts";
import type { Encoding } from "../patch/encoding.ts";
import { currentLines, type FileReview, type Region, reviewOf, sameLines, withAuthor } from "./fileReview.ts";
import { hashOfBytes } from "./hash.ts";
import { anyBytesOf, type LineText, latin1Line, latin1TextOf, lineTextOf } from "./lineText.ts";
import { editedByAgent, editedByOthers } from "./reviewEdits.ts";

/** A file's content; undefined when there is none. */
export type FileBytes = Uint8Array | undefined;

/** A file under review. Values are never changed in place. */
export interface FileEntry {
  /** Where the file is, or was last. */
  readonly path: string;
  /** Where it was in the baseline; undefined when the agent made it. */
  readonly basePath: string | undefined;
  /** `deleted` by the agent. `gone`: somebody else took the file away, and its review comes back with it. */
  readonly presence: "present" | "deleted" | "gone";
  /** True for a program. */
  readonly executable: boolean;
  /** Those who made, deleted or moved the file. */
  readonly fileAuthors: readonly ChangeAuthor[];
  readonly content: TextContent | WholeContent;
}

export interface TextContent {
  readonly kind: "text";
  readonly encoding: Encoding;
  readonly review: FileReview;
}

/** What is not reviewed line by line. */
export interface WholeContent {
  readonly kind: "whole";
  /** Undefined when there was no file. */
  readonly baseline: FileBytes;
  /** Hash of what the agent left; undefined when that is no file. */
  readonly proposed: string | undefined;
  /** The same of what is there. */
  readonly current: string | undefined;
  readonly authors: readonly ChangeAuthor[];
}

/** What the agent has made of a file. */
export interface AgentEdit {
  readonly author: ChangeAuthor;
  readonly after: FileBytes;
  /** Where the file went. */
  readonly movePath?: string | undefined;
  readonly executable?: boolean | undefined;
}

/** A file of which nothing is under review. */
export function newEntry(path: string, bytes: FileBytes): FileEntry {
  const text = bytes ? lineTextOf(bytes) : { encoding: "utf-8" as const, lines: [] };
  const content: FileEntry["content"] = text
    ? { kind: "text", encoding: text.encoding, review: reviewOf(text.lines) }
    : { kind: "whole", baseline: bytes, proposed: hashOf(bytes), current: hashOf(bytes), authors: [] };
  const basePath = bytes ? path : undefined;
  return { path, basePath, presence: bytes ? "present" : "gone", executable: false, fileAuthors: [], content };
}

/** The file as the agent's edit found it: what differs from what was known is somebody else's doing. */
export function foundBy(entry: FileEntry | undefined, path: string, before: FileBytes): FileEntry {
  const isNew = !entry || (before === undefined && entry.presence !== "deleted");
  return isNew ? newEntry(path, before) : afterOthers(entry, before);
}

/** The file after the agent's edit; before it, it was as the entry says. */
export function afterAgent(entry: FileEntry, { author, after, movePath, executable }: AgentEdit): FileEntry {
  const { path, basePath } = entry;
  const to = movePath ?? path;
  const isBack = to !== path && to === basePath && after !== undefined;
  const isFileChange = after === undefined ? hadFile(entry) : basePath === undefined || (to !== path && !isBack);
  const fileAuthors = isFileChange ? withAuthor(entry.fileAuthors, author) : entry.fileAuthors;
  return {
    path: to,
    basePath,
    presence: after === undefined ? "deleted" : "present",
    executable: executable ?? entry.executable,
    fileAuthors: isBack ? [] : fileAuthors,
    content: contentAfterAgent(entry, after, author),
  };
}

function contentAfterAgent(entry: FileEntry, after: FileBytes, author: ChangeAuthor): FileEntry["content"] {
  const { content } = entry;
  const text = textIn(content, after);
  if (content.kind === "text" && text && (text.encoding === content.encoding || isEmpty(content) || !after)) {
    const review = editedByAgent(content.review, text.lines, author);
    return { kind: "text", encoding: text.encoding, review };
  }
  const widened = content.kind === "text" && text?.encoding === "latin1" ? inLatin1(content) : undefined;
  if (widened && text) return { ...widened, review: editedByAgent(widened.review, text.lines, author) };
  const whole = content.kind === "whole" ? content : asWhole(content, entry);
  const hash = hashOf(after);
  const isFurther = whole.current === whole.proposed;
  return {
    ...whole,
    current: hash,
    proposed: isFurther ? hash : whole.proposed,
    authors: withAuthor(whole.authors, author),
  };
}

/** The file after somebody else has made it what it is now. The same entry when that is nothing new. */
export function afterOthers(entry: FileEntry, now: FileBytes): FileEntry {
  const { presence, content } = entry;
  if (now === undefined) return presence === "present" ? takenAway(entry) : entry;
  if (presence === "gone" && entry.basePath === undefined && !isAgents(entry, now)) return newEntry(entry.path, now);
  if (content.kind === "whole") {
    const current = hashOf(now);
    return current === content.current ? entry : { ...entry, presence: "present", content: { ...content, current } };
  }
  const text = textIn(content, now);
  if (!text) {
    const whole = asWhole(content, entry);
    return { ...entry, presence: "present", content: { ...whole, current: hashOf(now) } };
  }
  const fitting = text.encoding === "latin1" ? (inLatin1(content) ?? content) : content;
  const review =
    presence === "deleted" ? cameBack(fitting.review, text.lines, entry) : editedByOthers(fitting.review, text.lines);
  if (review === content.review && presence === "present") return entry;
  return { ...entry, presence: "present", content: { kind: "text", encoding: text.encoding, review } };
}

/** Somebody took the file away. What the agent had deleted, and was back since, is deleted again. */
function takenAway(entry: FileEntry): FileEntry {
  const { content, fileAuthors } = entry;
  const isDeletion =
    content.kind === "text" &&
    fileAuthors.length > 0 &&
    hadFile(entry) &&
    !currentLines(proposal(content.review)).length;
  if (!isDeletion) return { ...entry, presence: "gone" };
  return { ...entry, presence: "deleted", content: { ...content, review: proposal(content.review) } };
}

/** Whether there is a file without the agent's changes. */
export function hadFile({ basePath, content }: FileEntry): boolean {
  return basePath !== undefined || (content.kind === "text" && content.review.baseline.length > 0);
}

/** Whether this is what the agent had made, or what became of it. */
function isAgents({ content, fileAuthors }: FileEntry, now: Uint8Array): boolean {
  if (fileAuthors.length === 0) return false;
  if (content.kind === "whole") return hashOf(now) === content.proposed;
  const lines = textIn(content, now)?.lines;
  const { review } = content;
  return lines !== undefined && [review, proposal(review)].some((one) => sameLines(currentLines(one), lines));
}

/** The text as the agent left it. */
function proposal(review: FileReview): FileReview {
  return { ...review, regions: review.regions.map((region) => ({ ...region, current: region.proposed })) };
}

/** A file that the agent deleted is there again: all of it stands in the place of what was. */
function cameBack({ baseline }: FileReview, lines: readonly string[], { fileAuthors }: FileEntry): FileReview {
  const region: Region = { start: 0, end: baseline.length, current: lines, proposed: [], authors: fileAuthors };
  return { baseline, regions: [region] };
}

/** Text as it is compared with the content's; undefined for what is none. */
function textIn(content: FileEntry["content"], bytes: FileBytes): LineText | undefined {
  const encoding = content.kind === "text" ? content.encoding : "utf-8";
  if (!bytes) return { encoding, lines: [] };
  const text = lineTextOf(bytes);
  const isByteWise = text?.encoding === "utf-8" || text?.encoding === "latin1";
  if (isByteWise && encoding === "latin1") return latin1TextOf(bytes);
  return text;
}

function isEmpty({ review: { baseline, regions } }: TextContent): boolean {
  return baseline.length === 0 && regions.length === 0;
}

/** The same bytes as lines of latin1; undefined for UTF-16. */
function inLatin1(content: TextContent): TextContent | undefined {
  const { encoding, review } = content;
  if (encoding === "latin1") return content;
  if (encoding !== "utf-8") return undefined;
  const regions = review.regions.map((region) => ({
    ...region,
    current: region.current.map(latin1Line),
    proposed: region.proposed.map(latin1Line),
  }));
  return { kind: "text", encoding: "latin1", review: { baseline: review.baseline.map(latin1Line), regions } };
}

/** The same file, no more reviewed line by line. */
export function asWhole({ encoding, review }: TextContent, entry: FileEntry): WholeContent {
  const bytes = (lines: readonly string[]) => anyBytesOf(lines, encoding);
  return {
    kind: "whole",
    baseline: hadFile(entry) ? bytes(review.baseline) : undefined,
    proposed: hashOf(bytes(currentLines(proposal(review)))),
    current: hashOf(bytes(currentLines(review))),
    authors: review.regions.flatMap(({ authors }) => authors).reduce(withAuthor, [] as readonly ChangeAuthor[]),
  };
}

/** What the file is as far as the entry says it; `now` where it does not. */
export function bytesIn({ presence, content }: FileEntry, now: FileBytes): FileBytes {
  if (presence !== "present") return undefined;
  return content.kind === "text" ? anyBytesOf(currentLines(content.review), content.encoding) : now;
}

/** Tells what a file is from what it was; "" for none. */
export function stateOf(bytes: FileBytes): string {
  return hashOf(bytes) ?? "";
}

/** The same as the entry says it. */
export function stateIn(entry: FileEntry): string {
  const { presence, content } = entry;
  if (presence === "present" && content.kind === "whole") return content.current ?? "";
  return stateOf(bytesIn(entry, undefined));
}

function hashOf(bytes: FileBytes): string | undefined {
  return bytes && hashOfBytes(bytes);
}
