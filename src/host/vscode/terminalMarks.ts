const esc = "\x1b";
const markStart = `${esc}]633;`;
/** Either of them ends a mark. */
const markEnds = ["\x07", `${esc}\\`];

/** Takes the editor's own marks (OSC 633) out of terminal output that comes in pieces. */
export function markStripper(): (chunk: string) => string {
  let held = "";
  return (chunk) => {
    const text = held + chunk;
    let passed = "";
    let at = 0;
    for (;;) {
      const start = text.indexOf(esc, at);
      if (start < 0) break;
      passed += text.slice(at, start);
      at = start;
      const rest = text.slice(start, start + markStart.length);
      if (rest === markStart) {
        const end = markEnd(text, start);
        if (end === undefined) break;
        at = end;
      } else if (markStart.startsWith(rest)) {
        break;
      } else {
        passed += esc;
        at += 1;
      }
    }
    held = text.startsWith(esc, at) ? text.slice(at) : "";
    return held === "" ? passed + text.slice(at) : passed;
  };
}

/** Where the mark is over; undefined when its end is still to come. */
function markEnd(text: string, start: number): number | undefined {
  const ends = markEnds.flatMap((end) => {
    const at = text.indexOf(end, start + markStart.length);
    return at < 0 ? [] : [at + end.length];
  });
  return ends.length > 0 ? Math.min(...ends) : undefined;
}
