import type { NotificationParams } from "../../src/protocol/methods.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import type { RecordedRequest } from "../support/modelServer.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";

/** One turn as it went, with all that was told of it. */
export interface Recovered {
  readonly turn: Turn;
  /** The whole turn as it is read after its end. */
  readonly read: Turn;
  /** The retries, as the surfaces were told of them. */
  readonly retries: readonly NotificationParams<"error">[];
  readonly requests: readonly RecordedRequest[];
  /** From the message to the end of the turn, in milliseconds. */
  readonly ms: number;
  readonly played: Play;
}

/** A folder with one file, where "npm test" passes. */
export const workspace = () =>
  createMemoryHost({
    files: { "/workspace/a.txt": "one\ntwo\n" },
    commands: [prints("npm test", "1 passed\n")],
  });

/** Plays one turn in a thread of its own. Each retry comes as soon as it is announced: the clock is the test's. */
export async function recover(options: PlayOptions): Promise<Recovered> {
  const clock = createFakeClock();
  const played = await play({ clock, ...options });
  const { thread } = await played.start();
  const retries: NotificationParams<"error">[] = [];
  const startedAt = performance.now();
  const turn = await sayRetrying(played, { threadId: thread.id, clock, retries });
  const ms = Math.round(performance.now() - startedAt);
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await played.close();
  return { turn, read: read.turns.at(-1)!, retries, requests: played.server.requests, ms, played };
}

interface Saying {
  readonly threadId: string;
  readonly clock: ReturnType<typeof createFakeClock>;
  /** Gets each retry as it is told. */
  readonly retries: NotificationParams<"error">[];
}

/** Says one thing and lets the time of each retry pass. */
export async function sayRetrying(played: Play, { threadId, clock, retries }: Saying): Promise<Turn> {
  let ended = false;
  const said = played.say(threadId, "Do it.").finally(() => {
    ended = true;
  });
  const wake = async () => {
    while (!ended) {
      const params = await played.told("error", (error) => error.threadId === threadId);
      retries.push(params);
      const { retryInMs = 0 } = params;
      await clock.sleeping(retryInMs);
      clock.advance(retryInMs);
    }
  };
  // It waits for a further retry until the test ends.
  void wake();
  return said;
}
