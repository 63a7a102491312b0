import { test } from "node:test";
import { call, message, reasoning } from "../../../src/core/model/demo/output.ts";
import type { HostTool } from "../../../src/host/tools.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { assertGolden } from "../../support/golden.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { type InputItem, inputOf, textOf } from "../../support/modelInput.ts";
import type { RecordedRequest } from "../../support/modelServer.ts";
import { type Play, play } from "../../support/play.ts";

const done = message("Done.");

/** What each request tells the model beyond the one before it, and what the user was warned of. */
function conversation({ server, transcript }: Play): string {
  const parts = server.requests.map((request, index) => {
    const before = index === 0 ? [] : inputOf(server.requests[index - 1]!);
    const head = index === 0 ? [headOf(request)] : [];
    const items = inputOf(request).slice(before.length).map(shown);
    return [`== request ${index + 1}`, ...head, ...items].join("\n\n");
  });
  const warnings = transcript.flatMap(({ message: { method, params } }) =>
    method === "warning" ? [`-- warning: ${(params as { message: string }).message}`] : [],
  );
  return `${[...parts, ...warnings].join("\n\n")}\n`;
}

function headOf({ body }: RecordedRequest): string {
  const { model, tools, reasoning: asked, text } = JSON.parse(body);
  const names = tools.map(({ name }: { name: string }) => name).join(", ");
  return `-- head\n${JSON.stringify({ model, reasoning: asked, text })}\ntools: ${names}`;
}

function shown(item: InputItem): string {
  const text = textOf(item);
  return text === undefined ? `-- ${JSON.stringify(item)}` : `-- ${item.role}\n${text}`;
}

test("the layers of a first request, and the differences of a later one", async () => {
  const host = createMemoryHost({
    files: {
      "/workspace/.git/HEAD": "ref: refs/heads/main\n",
      "/workspace/.gitignore": "out\n",
      "/workspace/out/a.js": "",
      "/workspace/AGENTS.md": "Run `npm test` before you finish.\n",
      "/workspace/app/CLAUDE.md": "Components live in parts.\n",
      "/workspace/app/parts/AGENTS.override.md": Uint8Array.of(1, 2, 3),
      "/workspace/app/parts/button.ts": "",
    },
    storage: new Map([["AGENTS.md", "I read English and German.\n"]]),
    changedFiles: 2,
    openEditors: {
      activePath: "/workspace/app/parts/button.ts",
      selection: { startLine: 3, endLine: 9 },
      visiblePaths: ["/workspace/app/parts/button.ts"],
      openPaths: ["/workspace/.gitignore"],
    },
  });
  const settings = { developerInstructions: "Prefer small functions.", projectDocFallbackFilenames: ["CLAUDE.md"] };
  const played = await play({ host, settings, clock: createFakeClock(), script: () => done });
  const { thread } = await played.client.request("thread/start", { cwd: "/workspace/app/parts" });
  await played.say(thread.id, "Make the button round.");
  host.files.put("/workspace/AGENTS.md", "Run `npm run check` before you finish.\n");
  host.setOpenEditors({ visiblePaths: [], openPaths: ["/workspace/.gitignore"] });
  host.setChangedFiles(3);
  settings.developerInstructions = "";
  await played.client.request("thread/settings/update", { threadId: thread.id, approvalPolicy: "never" });
  await played.say(thread.id, "And blue.");
  assertGolden("prompt/layers.txt", conversation(played));
  await played.close();
});

const search: HostTool = {
  name: "mcp__docs__search",
  description: "Searches the documentation.",
  parameters: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  run: async ({ query }) => `Nothing about ${query}.`,
};
const ticket: HostTool = { ...search, name: "mcp__tickets__read", description: "Reads a ticket." };

/** A thread in whose course tools come and go, the effort and the folder change, and a process ends. */
async function checkPrefix(model: string, name: string) {
  const host = createMemoryHost({ files: { "/workspace/app/a.ts": "", "/workspace/b.ts": "" } });
  host.setTools([ticket]);
  const thought = model === "gpt-4.1" ? [] : [reasoning("Hm.")];
  const viaCallTool = call("call_tool", { name: search.name, arguments: { query: "corners" } });
  let asked = 0;
  const played = await play({
    host,
    settings: { model },
    script: () => {
      asked++;
      if (asked === 2) {
        host.setTools([ticket, search]);
        return [...thought, call("read_file", { path: "a.ts" })];
      }
      if (asked === 3) return [...thought, model === "gpt-4.1" ? viaCallTool : call(search.name, { query: "corners" })];
      if (asked === 4) {
        host.setTools([search]);
        return [...thought, call(ticket.name, { query: "1" })];
      }
      if (asked === 5) return [...thought, call(ticket.name, { query: "1" })];
      return done;
    },
  });
  const { thread } = await played.start();
  const update = (change: object) =>
    played.client.request("thread/settings/update", { threadId: thread.id, ...change });
  await played.say(thread.id, "One.");
  await update({ cwd: "/workspace/app", effort: "high" });
  await played.say(thread.id, "Two.");
  host.setTools([search, ticket]);
  await played.say(thread.id, "Three.");
  assertGolden(`prompt/${name}.txt`, conversation(played));
  await played.close();
}

test("what changes in mid-thread is appended: a model that takes items for it", () =>
  checkPrefix("gpt-6.1-sol", "prefixItems"));
test("and one that takes none", () => checkPrefix("gpt-4.1", "prefixMessages"));
