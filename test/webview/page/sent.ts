import type { RequestResult } from "../../../src/protocol/methods.ts";
import type { SentContext, SentEntry, SentLayer, SentLayerKind } from "../../../src/protocol/sentContext.ts";
import { NOW_MS, ROOT } from "./items.ts";

/** How many requests the thread has. */
const COUNT = 9;

const instructions = `You are Patchwright, a coding agent. You work in the user's editor, on the user's own files.

Look before you change anything. Say what you are about to do in a sentence, then do it.`;

const agentsMd = `<project_instructions>
# Instructions from ${ROOT}/AGENTS.md

Use pnpm. Never edit generated files.
Run \`pnpm test\` before you say that you are done.
`;

function entry(text: string, more: Partial<SentEntry> = {}): SentEntry {
  return { title: null, path: null, text, length: text.length, sealed: null, ...more };
}

function layer(kind: SentLayerKind, tokens: number, entries: SentEntry[], more: Partial<SentLayer> = {}): SentLayer {
  return { kind, role: null, tokens, count: entries.length, entries, ...more };
}

const whole = `${"export const line = 1;\n".repeat(30)}// The end of the file.`;

function layers(number: number): SentLayer[] {
  const result = entry(whole.slice(0, 180), { title: "read_file", length: whole.length });
  return [
    layer("instructions", 3100, [entry(instructions)], { role: "system" }),
    layer(
      "tools",
      8200,
      ["read_file", "search_text", "apply_patch"].map((title) => entry('{\n  "type": "function"\n}', { title })),
      { count: 14 },
    ),
    layer("permissions", 400, [entry("<permissions>\nEvery command and every edit asks first.\n</permissions>")], {
      role: "developer",
    }),
    layer(
      "projectInstructions",
      1200,
      [
        entry(agentsMd, { path: `${ROOT}/AGENTS.md` }),
        entry("# Instructions from packages/http/AGENTS.md\n\nNo timers in tests.\u202e", {
          path: `${ROOT}/packages/http/AGENTS.md`,
        }),
      ],
      { role: "user" },
    ),
    layer(
      "environment",
      640,
      [entry("<environment_context>\n  <cwd>/home/ada/acme-http</cwd>\n</environment_context>")],
      {
        role: "user",
      },
    ),
    layer("answers", 9100, [entry("I read the retry code first.")], { role: "assistant", count: 6 }),
    layer("reasoning", 3500, [entry("Where is the timer cleared?", { sealed: { kind: "encrypted", bytes: 4312 } })], {
      count: 4,
    }),
    layer("toolCalls", 1300, [entry('{"path":"src/retry.ts"}', { title: "read_file" })], { count: 31 }),
    layer("toolOutputs", 36_400 + number, [result], { count: 31 }),
    layer(
      "message",
      1900,
      [entry("The retry test is flaky. Find out why."), entry("", { sealed: { kind: "picture", bytes: 48_200 } })],
      { role: "user" },
    ),
  ];
}

/** What the server says was sent: the newest request unless another is asked for, the third for a message. */
export function sentAnswer(params: Record<string, unknown>): RequestResult<"thread/context/read"> {
  const number = typeof params.number === "number" ? params.number : params.itemId ? 3 : COUNT;
  const all = layers(number);
  const context: SentContext = {
    turnId: "a",
    number,
    count: COUNT,
    sentAtMs: NOW_MS - 9000,
    model: "atlas-4",
    effort: "medium",
    tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
    tokensBy: number === COUNT ? "estimate" : "server",
    cachedTokens: number === COUNT ? null : 61_900,
    contextWindow: 200_000,
    condensedAtTokens: 165_000,
    layers: params.layer ? all.filter(({ kind }) => kind === params.layer).map(entire) : all,
  };
  return { context, body: params.includeBody ? `{"model":"atlas-4","input":[${number}]}` : null };
}

function entire(cut: SentLayer): SentLayer {
  const entries = cut.entries.map((each) => (each.length > each.text.length ? { ...each, text: whole } : each));
  while (entries.length < cut.count) entries.push(entry(`Entry ${entries.length + 1}.`));
  return { ...cut, entries };
}
