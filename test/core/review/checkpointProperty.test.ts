import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../support/random.ts";
import { type CheckpointPlay, checkpointPlay, type Tree } from "./checkpointPlay.ts";

/** Files that agent and user both edit, each in lines of their own; files that come and go by the agent; files of the user alone. */
const SHARED = ["/workspace/s0", "/workspace/s1", "/workspace/sub/s2"];
const AGENTS = ["/workspace/t0", "/workspace/t1", "/workspace/sub/t2"];
const USERS = ["/workspace/u0", "/workspace/sub/u1"];
const STEPS = 14;

/** What one of the two has written, by path; a path that is missing is no file. */
type Part = ReadonlyMap<string, string>;

/** The shared files hold both parts, with lines between them that nobody changes. */
class World {
  agent: Part = new Map(SHARED.map((path) => [path, "a0\na1\na2\n"]));
  user: Part = new Map(SHARED.map((path) => [path, "u0\nu1\nu2\n"]));
  /** The agent's part at each checkpoint. */
  readonly moments = new Map<string, Part>();
  readonly #random: () => number;
  #count = 0;

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)]!;
  }

  files(): Record<string, string> {
    const shared = SHARED.map((path) => [path, `${this.agent.get(path)}=\n==\n=\n${this.user.get(path)}`]);
    const own = [...this.agent, ...this.user].filter(([path]) => !SHARED.includes(path));
    return Object.fromEntries([...shared, ...own].sort(([one], [other]) => (one! < other! ? -1 : 1)));
  }

  /** Changes lines of some of the files; the agent's may come, go and move as well. */
  work(part: Part, own: readonly string[]): Part {
    const next = new Map(part);
    for (let edits = 0; edits < 3; edits++) {
      const path = this.pick([...SHARED, ...own]);
      const text = next.get(path);
      const target = this.pick(own);
      if (text !== undefined && !SHARED.includes(path) && this.#random() < 0.5) {
        next.delete(path);
        if (this.#random() < 0.5) next.set(target, text);
      } else {
        next.set(path, this.#edited(text ?? "x\ny\nz\n"));
      }
    }
    return next;
  }

  #edited(text: string): string {
    const lines = text.split("\n").slice(0, -1);
    lines.splice(Math.floor(this.#random() * lines.length), this.pick([0, 1]), `line ${this.#count++}`);
    return lines.map((line) => `${line}\n`).join("");
  }
}

/** What the command must write to get from one to the other. */
function treeBetween(from: Record<string, string>, to: Record<string, string>): Tree {
  const gone = Object.keys(from).filter((path) => !(path in to));
  const put = Object.entries(to).filter(([path, text]) => from[path] !== text);
  return { ...Object.fromEntries(put), ...Object.fromEntries(gone.map((path) => [path, null])) };
}

async function step(world: World, play: CheckpointPlay): Promise<void> {
  const before = world.files();
  const moment = world.agent;
  const what = world.pick(["turn", "turn", "read", "user", "user", "restore", "restore"]);
  switch (what) {
    case "turn":
      world.agent = world.work(world.agent, AGENTS);
      world.moments.set(await play.turn(treeBetween(before, world.files())), moment);
      break;
    case "read":
      world.moments.set(await play.turn("Look."), moment);
      break;
    case "user":
      world.user = world.work(world.user, USERS);
      for (const [path, text] of Object.entries(treeBetween(before, world.files())))
        play.host.files.put(path, text ?? undefined);
      break;
    case "restore": {
      const ids = [...world.moments.keys()];
      if (ids.length === 0) break;
      const id = world.pick(ids);
      world.agent = world.moments.get(id)!;
      const { checkpointId, files } = await play.restore(id);
      const odd = files.filter(({ outcome }) => outcome === "conflict" || outcome === "failed");
      assert.deepEqual(odd, []);
      if (checkpointId !== null) world.moments.set(checkpointId, moment);
      break;
    }
  }
}

async function check(seed: number) {
  const world = new World(seed);
  const play = await checkpointPlay(world.files());
  for (let count = 0; count < STEPS; count++) {
    await step(world, play);
    assert.deepEqual(play.files(), world.files(), `seed ${seed}, step ${count}`);
  }
  await play.played.close();
}

for (let seed = 1; seed <= 12; seed++)
  test(`turns, the user's edits, restorings and their undoing, in any order (${seed})`, () => check(seed));
