/** What a sequence that is never passed on may be long at most; one that has not ended by then is taken for text. */
const maxHeld = 4096;

/**
 * Takes out of a command's output what acts on more than its own screen: OSC (titles, links, the clipboard, marks of the editor's own), DCS, APC, PM
 * and SOS, in both their forms. Colours and the cursor stay. Output comes in pieces, so what may be the beginning of such a sequence waits for more.
 */
export function terminalFilter(): TerminalFilter {
  let held = "";
  return {
    pass(chunk) {
      const text = held + chunk;
      const start = unfinishedAt(text);
      held = text.slice(start);
      return filtered(text.slice(0, start));
    },
    rest: () => filtered(held),
  };
}

export interface TerminalFilter {
  pass(chunk: string): string;
  /** What still waits when no more comes. */
  rest(): string;
}

/** An escape before what is left out goes with it, so that it makes nothing new of what follows. */
function filtered(text: string): string {
  return text.replace(REPEATED, "").replace(ACTING, "");
}

const OPENING = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*`;
const WHOLE = String.raw`${OPENING}(?:\x07|\x1b\\|\x9c)`;
/** Without their end these would swallow what comes after them. Of the one-character forms, that of CSI (colours) stays. */
const INTRODUCER = String.raw`\x1b[\]PX^_]|[\x80-\x9a\x9c-\x9f]`;
const ACTING = new RegExp(String.raw`\x1b?(?:${WHOLE}|${INTRODUCER})`, "g");
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const REPEATED = /\x1b+(?=\x1b)/g;
const UNFINISHED = new RegExp(String.raw`\x1b+$|\x1b*${OPENING}\x1b*$`);

/** Where a sequence begins that the text does not end; its length when there is none. */
function unfinishedAt(text: string): number {
  const tail = text.slice(-maxHeld);
  const found = UNFINISHED.exec(tail);
  return found ? text.length - tail.length + found.index : text.length;
}
