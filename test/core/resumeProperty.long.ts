import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message, type Output, reasoning } from "../../src/core/model/demo/output.ts";
import type { QueuedSubmission } from "../../src/protocol/queue.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { quickClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { type ModelServer, startModelServer } from "../support/modelServer.ts";
import { asksForCompaction } from "../support/modelServerRules.ts";
import { type Play, play } from "../support/play.ts";
import { createRandom } from "../support/random.ts";

const SEEDS = [1, 2, 3];
const ACTIONS = 20;

/** What was on disk after one write, and what had been acknowledged by then. */
interface Moment {
  readonly files: ReadonlyMap<string, string>;
  readonly acknowledged: readonly string[];
  /** What may be gone, since taking it back had been asked for. */
  readonly takenBack: ReadonlySet<string>;
}

/** Files that remember every state they were in. */
class Recorded extends Map<string, string> {
  readonly moments: Moment[] = [];
  readonly acknowledged: string[] = [];
  readonly takenBack = new Set<string>();

  override set(name: string, text: string): this {
    super.set(name, text);
    const { acknowledged, takenBack } = this;
    // Called by the constructor of Map, too, before there is anything to note.
    this.moments?.push({ files: new Map(this), acknowledged: [...acknowledged], takenBack: new Set(takenBack) });
    return this;
  }
}

function hostOf(files: Map<string, string>) {
  return createMemoryHost({ storage: files, commands: [prints((command) => command.argv.length > 0, "ran\n")] });
}

/** Answers at random: words, commands, several at once, after some reasoning. */
function randomServer(random: () => number): Promise<ModelServer> {
  let calls = 0;
  return startModelServer({
    script(request) {
      if (asksForCompaction(request)) return message("An account.");
      const outputs: Output[] = random() < 0.3 ? [reasoning("Hm.")] : [];
      const command = () => call("exec_command", { cmd: `run ${++calls}` });
      if (random() < 0.6) return [...outputs, command(), ...(random() < 0.4 ? [command()] : [])];
      return [...outputs, message(`Answer ${calls}.`)];
    },
  });
}

interface Session {
  readonly played: Play;
  readonly files: Recorded;
  readonly threadId: string;
  readonly random: () => number;
}

const textOf = ({ input }: Pick<QueuedSubmission, "input">) => (input[0]?.type === "text" ? input[0].text : "");

/** Does one thing that a user may do, whether or not a turn runs. What the server refuses at that moment is not acknowledged. */
async function act({ played, files, threadId, random }: Session, number: number): Promise<void> {
  const { client } = played;
  const words = `Message ${number}.`;
  const input = [{ type: "text" as const, text: words }];
  const say = async (request: Promise<unknown>) => {
    await request;
    files.acknowledged.push(words);
  };
  const running = await lastTurn(played, threadId);
  if (running?.status === "inProgress" && random() < 0.6) {
    await played.told("turn/completed", ({ turn }) => turn.id === running.id);
  }
  const { data } = await client.request("thread/queue/list", { threadId });
  const last = await lastTurn(played, threadId);
  const kind = random();
  if (kind < 0.4) return say(client.request("turn/start", { threadId, input }));
  if (kind < 0.6) return say(client.request("thread/queue/add", { threadId, clientUserMessageId: words, input }));
  if (kind < 0.7 && data[0]) {
    files.takenBack.add(textOf(data[0]));
    await client.request("thread/queue/delete", { threadId, queuedSubmissionId: data[0].id });
  } else if (kind < 0.8 && last) await client.request("turn/interrupt", { threadId, turnId: last.id });
  else if (kind < 0.9 && last?.status !== "inProgress" && last) {
    for (const text of wordsOf([last])) files.takenBack.add(text);
    await client.request("thread/revert", { threadId, beforeTurnId: last.id });
    played.server.expectCut();
  } else if (last?.status !== "inProgress") {
    await client.request("thread/compact/start", { threadId });
    played.server.expectCut();
  }
}

async function lastTurn({ client }: Play, threadId: string): Promise<Turn | undefined> {
  const { thread } = await client.request("thread/read", { threadId, includeTurns: true });
  return thread.turns.at(-1);
}

function wordsOf(turns: readonly Turn[]): string[] {
  const messages = turns.flatMap(({ items }) => items).filter((item) => item.type === "userMessage");
  return messages.map(({ content }) => textOf({ input: content }));
}

/** What a user sees after a restart, and that the thread goes on. */
async function checkMoment({ files, acknowledged, takenBack }: Moment, threadId: string): Promise<void> {
  const host = hostOf(new Map(files));
  const played = await play({ host, script: () => message("Going on."), clock: quickClock() });
  await played.client.request("thread/resume", { threadId });
  const { thread } = await played.client.request("thread/read", { threadId, includeTurns: true });
  const { data } = await played.client.request("thread/queue/list", { threadId });
  const present = [...wordsOf(thread.turns), ...data.map(textOf)];
  assert.deepEqual([...new Set(present)], present, "a message is there twice");
  for (const words of acknowledged) assert.ok(takenBack.has(words) || present.includes(words), `${words} is lost`);
  assert.ok(thread.turns.every(({ status }) => status !== "inProgress"));
  const turn = await played.say(threadId, "Go on.");
  assert.equal(turn.status, "completed", turn.error?.message);
  assert.deepEqual(host.processes.started, [], "something was run again");
  await played.close();
}

test("after an end at any write nothing acknowledged is lost, nothing is there twice, and nothing runs again", async (t) => {
  let checked = 0;
  for (const seed of SEEDS) {
    const random = createRandom(seed);
    const files = new Recorded();
    const server = await randomServer(random);
    const settings = { model: "test-model" };
    const played = await play({ host: hostOf(files), server, script: [], settings, clock: quickClock() });
    const { thread } = await played.start();
    const session: Session = { played, files, threadId: thread.id, random };
    for (let number = 0; number < ACTIONS; number++) await act(session, number).catch(() => {});
    await played.close();
    await server.close().catch((error: Error) => assert.match(error.message, /cut was expected|does not continue/));
    const journal = `threads/${thread.id}.jsonl`;
    for (const moment of files.moments.filter(({ files }) => files.has(journal))) {
      await checkMoment(moment, thread.id);
      const text = moment.files.get(journal) ?? "";
      const torn = new Map(moment.files).set(journal, text.slice(0, -1 - Math.floor(random() * 40)));
      const before = files.moments[files.moments.indexOf(moment) - 1]?.acknowledged ?? [];
      await checkMoment({ ...moment, files: torn, acknowledged: before }, thread.id).catch((error: unknown) => {
        throw new Error(`torn: ${error}`, { cause: error });
      });
      checked += 2;
    }
  }
  t.diagnostic(`${checked} ends, of ${SEEDS.length} sessions`);
});
