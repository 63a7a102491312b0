import type { SentEntry, SentLayerKind } from "../../protocol/sentContext.ts";
import type { JournalledInput, LoggedInput } from "../store/inputs.ts";
import { byteLength } from "../tools/bytes.ts";

/** One item of a request, as a reader sees it. */
export interface SentPart {
  readonly kind: SentLayerKind;
  readonly role: string | null;
  /** What its tokens are estimated by. */
  readonly json: string;
  readonly entries: readonly SentEntry[];
}

/** What stands before the input: the base instructions and the tools. */
export function headParts(head: string): SentPart[] {
  const { instructions, tools } = JSON.parse(`${head}]}`) as { instructions?: unknown; tools?: unknown };
  const parts: SentPart[] = [];
  if (typeof instructions === "string" && instructions !== "") {
    const json = JSON.stringify(instructions);
    parts.push({ kind: "instructions", role: "system", json, entries: [textEntry(instructions)] });
  }
  if (Array.isArray(tools) && tools.length > 0)
    parts.push({ kind: "tools", role: null, json: JSON.stringify(tools), entries: tools.map(toolEntry) });
  return parts;
}

/** The items of the input, in order; `turnId` tells the message that the request is about from earlier ones. */
export function inputParts(inputs: readonly LoggedInput[], turnId: string): SentPart[] {
  const isMessage = messageOf(inputs, turnId);
  const names = new Map<unknown, string>();
  return inputs.map((input) => {
    const { item } = input;
    const { name } = item as { name?: unknown };
    if (typeof name === "string") names.set(item.call_id, name);
    const kind = isMessage(input) ? "message" : kindOf(input);
    const entries = entriesOf(input, kind).map((entry) => ({ ...entry, title: entry.title ?? titleOf(item, names) }));
    const role = typeof item.role === "string" ? item.role : null;
    return { kind, role, json: JSON.stringify(item), entries };
  });
}

/** What the turn says names it; after a cut its message is the newest that was kept. */
function messageOf(inputs: readonly LoggedInput[], turnId: string): (input: LoggedInput) => boolean {
  const messages = inputs.filter(({ layer }) => layer === "userMessage");
  const own = messages.filter((input) => input.turnId === turnId);
  const wanted = new Set(own.length > 0 ? own : messages.slice(-1));
  return (input) => wanted.has(input);
}

const KIND_OF_TYPE: Readonly<Record<string, SentLayerKind>> = {
  reasoning: "reasoning",
  function_call: "toolCalls",
  custom_tool_call: "toolCalls",
  function_call_output: "toolOutputs",
  custom_tool_call_output: "toolOutputs",
  additional_tools: "tools",
  compaction: "summary",
};

function kindOf({ item, layer }: LoggedInput): SentLayerKind {
  if (layer === "userMessage") return "messages";
  if (layer === "note") return "notes";
  if (layer) return layer;
  if (item.role === "assistant") return "answers";
  const kind = KIND_OF_TYPE[String(item.type)];
  return kind ?? "other";
}

function titleOf({ call_id: callId }: JournalledInput, names: ReadonlyMap<unknown, string>): string | null {
  return (callId !== undefined && names.get(callId)) || null;
}

interface Readable {
  readonly arguments?: unknown;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly summary?: unknown;
  readonly tools?: unknown;
  readonly encrypted_content?: unknown;
}

function entriesOf({ item }: LoggedInput, kind: SentLayerKind): SentEntry[] {
  const readable = item as Readable;
  switch (kind) {
    case "reasoning":
      return [{ ...textEntry(textsOf(readable.summary, item.content)), sealed: encrypted(readable) }];
    case "toolCalls":
      return [textEntry(String(readable.arguments ?? readable.input ?? ""))];
    case "toolOutputs":
      return contentEntries(readable.output);
    case "tools":
      return Array.isArray(readable.tools) ? readable.tools.map(toolEntry) : contentEntries(item.content);
    case "projectInstructions":
      return contentEntries(item.content).flatMap(fileEntries);
    case "other":
      return item.role === undefined ? [rawEntry(item)] : contentEntries(item.content);
    case "summary":
      if (item.type === "compaction") return [{ ...textEntry(""), sealed: encrypted(readable) }];
      return contentEntries(item.content);
    default:
      return contentEntries(item.content);
  }
}

interface ContentPart {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly refusal?: unknown;
  readonly image_url?: unknown;
}

/** The texts of a message or an output as one entry, its pictures as one each. */
function contentEntries(content: unknown): SentEntry[] {
  if (!Array.isArray(content)) return [textEntry(String(content ?? ""))];
  const parts = content as ContentPart[];
  const pictures = parts.filter(({ image_url: url }) => typeof url === "string");
  const text = textsOf(parts);
  return [...(text !== "" || pictures.length === 0 ? [textEntry(text)] : []), ...pictures.map(pictureEntry)];
}

/** The texts of lists of parts, one below the other. */
function textsOf(...lists: readonly unknown[]): string {
  const parts = lists.flatMap((list) => (Array.isArray(list) ? (list as ContentPart[]) : []));
  return parts
    .flatMap(({ text, refusal }) => (typeof (text ?? refusal) === "string" ? [text ?? refusal] : []))
    .join("\n");
}

/** How each file begins in the message of the AGENTS.md files. */
const FILE_HEADING = /^# Instructions from (.+?)(?: \((?:new|changed: this replaces it)\))?$/gm;

/** The message cut where its files begin, so that nothing of it is missing. */
function fileEntries(entry: SentEntry): SentEntry[] {
  const starts = [...entry.text.matchAll(FILE_HEADING)];
  if (starts.length === 0) return [entry];
  return starts.map((start, index) => {
    const from = index === 0 ? 0 : start.index;
    return { ...textEntry(entry.text.slice(from, starts[index + 1]?.index)), path: start[1] ?? null };
  });
}

function toolEntry(tool: unknown): SentEntry {
  const { name, type, description } = tool as { name?: unknown; type?: unknown; description?: unknown };
  const lead = typeof description === "string" ? `${description}\n\n` : "";
  const { description: _told, ...rest } = tool as Record<string, unknown>;
  const text = `${lead}${JSON.stringify(rest, null, 2)}`;
  return { ...textEntry(text), title: String(name ?? type ?? "") || null };
}

function rawEntry(item: object): SentEntry {
  return textEntry(JSON.stringify(item, null, 2));
}

function pictureEntry({ image_url: url }: ContentPart): SentEntry {
  const data = String(url);
  // Four characters of base64 are three bytes.
  const bytes = Math.floor((data.length - data.indexOf(",") - 1) * 0.75);
  return data.startsWith("data:")
    ? { ...textEntry(""), sealed: { kind: "picture", bytes } }
    : { ...textEntry(data), sealed: { kind: "picture", bytes: 0 } };
}

function encrypted({ encrypted_content: content }: Readable): SentEntry["sealed"] {
  return typeof content === "string" ? { kind: "encrypted", bytes: byteLength(content) } : null;
}

function textEntry(text: string): SentEntry {
  return { title: null, path: null, text, length: text.length, sealed: null };
}
