import type { UserInput } from "../../src/protocol/items.ts";

/** Something that goes with a message and is shown as a chip. */
export type Attachment =
  /** A file. */
  | { kind: "mention"; name: string; path: string }
  /** A stretch of text that is too long to show, such as a problem with the code around it. */
  | { kind: "span"; label: string; text: string }
  | { kind: "picture"; name: string; input: Extract<UserInput, { type: "image" | "localImage" }> };

/** A message before it is sent. */
export interface Draft {
  text: string;
  attachments: Attachment[];
}

export const emptyDraft: Draft = { text: "", attachments: [] };

export function isEmpty(draft: Draft): boolean {
  return draft.text.trim() === "" && draft.attachments.length === 0;
}

/** The message as it is sent: the text, then the spans below it, marked by their UTF-8 offsets, then files and pictures. */
export function inputOf(draft: Draft): UserInput[] {
  const input: UserInput[] = [];
  const spans = draft.attachments.filter((attachment) => attachment.kind === "span");
  let text = draft.text.trim();
  const elements = spans.map((span) => {
    if (text !== "") text += "\n\n";
    const start = byteLength(text);
    text += span.text;
    return { byteRange: { start, end: byteLength(text) }, placeholder: span.label };
  });
  if (text !== "") input.push({ type: "text", text, text_elements: elements });
  for (const attachment of draft.attachments) {
    if (attachment.kind === "mention") input.push({ type: "mention", name: attachment.name, path: attachment.path });
    if (attachment.kind === "picture") input.push(attachment.input);
  }
  return input;
}

/** A message as the user reads and edits it: what is no chip is text. */
export function draftOf(input: readonly UserInput[]): Draft {
  const texts: string[] = [];
  const attachments: Attachment[] = [];
  for (const part of input) {
    switch (part.type) {
      case "text":
        texts.push(withoutSpans(part, attachments));
        break;
      case "mention":
        attachments.push({ kind: "mention", name: part.name, path: part.path });
        break;
      case "image":
        attachments.push({ kind: "picture", name: nameOfPicture(part.url), input: part });
        break;
      case "localImage":
        attachments.push({ kind: "picture", name: nameOfPicture(part.path), input: part });
        break;
      default:
        part satisfies never;
    }
  }
  return { text: texts.filter(Boolean).join("\n\n"), attachments };
}

/** Two drafts as one, the first before the second. The same file twice is one chip. */
export function joinDrafts(first: Draft, second: Draft): Draft {
  const attachments = [...first.attachments];
  for (const attachment of second.attachments) {
    if (!attachments.some((known) => sameAttachment(known, attachment))) attachments.push(attachment);
  }
  return { text: [first.text, second.text].filter((text) => text.trim() !== "").join("\n\n"), attachments };
}

/** What was typed while `sent` was on its way: it is not part of the message that was taken. */
export function typedSince(sent: Draft, now: Draft): Draft {
  if (!now.text.startsWith(sent.text)) return now;
  const attachments = now.attachments.filter((attachment) => !sent.attachments.includes(attachment));
  return { text: now.text.slice(sent.text.length).trimStart(), attachments };
}

export function sameDraft(a: Draft, b: Draft): boolean {
  const sameList = a.attachments.length === b.attachments.length;
  return a.text === b.text && sameList && a.attachments.every((each, at) => sameAs(each, b.attachments[at]));
}

/** A message in one line, for lists. */
export function lineOf({ text, attachments }: Draft): string {
  return text.trim().replace(/\s+/g, " ") || attachments.map(labelOf).join(", ");
}

export function labelOf(attachment: Attachment): string {
  return attachment.kind === "span" ? attachment.label : attachment.name;
}

/** The file that an attachment stands for. A span says it at its beginning: "src/a.ts:4:2: error…" or "src/a.ts, lines 4 to 9:". */
export function placeOf(attachment: Attachment): { path: string; line?: number } | undefined {
  if (attachment.kind === "mention") return { path: attachment.path };
  if (attachment.kind === "picture") return undefined;
  const start = /^([^\n:]+?\.\w+)(?::(\d+):\d+: |, lines? (\d+))/.exec(attachment.text);
  const line = Number(start?.[2] ?? start?.[3]);
  return start?.[1] && line > 0 ? { path: start[1], line } : undefined;
}

function sameAttachment(a: Attachment, b: Attachment): boolean {
  if (a.kind === "mention" && b.kind === "mention") return a.path === b.path && a.name === b.name;
  return a.kind === "span" && b.kind === "span" && a.text === b.text;
}

function sameAs(a: Attachment, b: Attachment | undefined): boolean {
  return b !== undefined && (a === b || sameAttachment(a, b) || (a.kind === "picture" && labelOf(a) === labelOf(b)));
}

function withoutSpans(part: Extract<UserInput, { type: "text" }>, attachments: Attachment[]): string {
  const bytes = new TextEncoder().encode(part.text);
  const read = (start: number, end: number) => new TextDecoder().decode(bytes.slice(start, end));
  let text = "";
  let from = 0;
  for (const { byteRange, placeholder } of part.text_elements ?? []) {
    if (byteRange.start < from || byteRange.end > bytes.length || !placeholder) continue;
    text += read(from, byteRange.start);
    attachments.push({ kind: "span", label: placeholder, text: read(byteRange.start, byteRange.end) });
    from = byteRange.end;
  }
  return (text + read(from, bytes.length)).replace(/\n{3,}/g, "\n\n").trim();
}

/** The last part of a path or an address; a data address has none. */
function nameOfPicture(place: string): string {
  if (place.startsWith("data:")) return place.slice(5, place.search(/[;,]|$/));
  return place.split(/[/\\]/).at(-1) || place;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
