import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { message } from "../../src/core/model/demo/output.ts";
import { encoded, rewritten } from "../support/modelServerReply.ts";
import { inOwnProcess } from "./ownProcess.ts";
import { recover } from "./recover.ts";

const words = "Größe 😀\u2028 漢字, zero\u200bwidth, \ufeff and a lone \\ud83d.";

/** The same events in another form, in pieces of each of these sizes, are the same text. */
function check(name: string, encode: (text: string) => string): void {
  test(name, async (t) => {
    const sizes = [1, 7, 1000];
    for (const size of sizes) {
      const { turn, read, retries } = await recover({ script: [encoded(encode, size, message(words))] });
      assert.equal(turn.status, "completed", turn.error?.message);
      const texts = read.items.flatMap((item) => (item.type === "agentMessage" ? [item.text] : []));
      assert.deepEqual(texts, [words], `in pieces of ${size} bytes`);
      assert.deepEqual(retries, []);
    }
    t.diagnostic(`${sizes.length} sizes of pieces from 1 byte on: ${sizes.length} times the same text, 0 retries`);
  });
}

check("line feeds", (text) => text);
check("carriage returns with line feeds", (text) => text.replaceAll("\n", "\r\n"));
check("carriage returns", (text) => text.replaceAll("\n", "\r"));
check("a byte order mark", (text) => `\ufeff${text}`);
check("comments and unknown fields", (text) => text.replaceAll("event:", ": hello\nid: 7\nretry: 10\nevent:"));
check("no space after the colon", (text) => text.replaceAll("data: ", "data:").replaceAll("event: ", "event:"));
check("no names of events", (text) => text.replaceAll(/^event: .*\n/gm, ""));
check("no blank line at the end", (text) => text.trimEnd());

/** One line of 20 MB among the others, within the time and the memory of the bar. */
function checkLong(name: string, make: () => { text: string; change: Change }): void {
  test(name, { timeout: 60_000 }, async (t) => {
    const { text, change } = make();
    let longest = 0;
    const measure: Change = (events) => {
      const changed = change(events);
      for (const event of changed) longest = Math.max(longest, JSON.stringify(event).length);
      return changed;
    };
    const script = [rewritten(measure, message(text))];
    await inOwnProcess({ script, sandbox: "workspace-write" }, ({ turn, maxMb, ms, workedMs }) => {
      assert.equal(turn.status, "completed", turn.error?.message);
      const shown = turn.items.flatMap((item) => (item.type === "agentMessage" ? [item.text] : [])).join();
      assert.equal(hashOf(shown), hashOf(text));
      t.diagnostic(
        `a line of ${Math.round(longest / 1e6)} MB: the same text, ${Math.round(maxMb)} MB of memory, ${Math.round(ms)} ms, ${Math.round(workedMs)} of them work`,
      );
      assert.ok(longest >= 20e6);
      assert.ok(maxMb < 400, `${maxMb} MB`);
      assert.ok(workedMs < 5000, `${workedMs} ms`);
    });
  });
}

type Change = (events: readonly ResponseStreamEvent[]) => ResponseStreamEvent[];

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const large = "0123456789abcde\n".repeat(20e6 / 16);

checkLong("an event of 20 MB that nobody knows", () => ({
  text: words,
  change: (events) => {
    const unknown = { type: "response.image_generation_call.partial_image", partial_image_b64: large };
    return [...events.slice(0, 3), unknown as ResponseStreamEvent, ...events.slice(3)];
  },
}));
/** Nothing else repeats the text, as some servers do it. */
checkLong("a message of 20 MB in one line", () => ({
  text: large,
  change: (events) =>
    events.flatMap((event): ResponseStreamEvent[] => {
      if (event.type === "response.completed") return [{ ...event, response: { ...event.response, output: [] } }];
      return /output_text|content_part/.test(event.type) ? [] : [event];
    }),
}));
