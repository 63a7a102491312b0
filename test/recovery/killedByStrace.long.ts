import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { program } from "../cli/terminal.ts";
import { until } from "../host/expect.ts";
import { livingBelow } from "../host/node/living.ts";
import { withFolder } from "../host/nodeFixture.ts";
import { startModelServer } from "../support/modelServer.ts";
import { addOutcome, type Outcome, resume, threeTools } from "./afterKill.ts";
import { type Call, type KillAt, type Played, playStraced, type Served } from "./straced.ts";

/** Every which call is a place to be killed at; PATCHWRIGHT_SWEEP=1 takes them all. */
const STEP = Number(process.env.PATCHWRIGHT_SWEEP ?? 4);
/** What the threads do side by side comes in another order now and then: a kill that falls on another call is tried again. */
const MOST_TRIES = 20;

/** A call to be killed at. */
interface Target {
  /** Its label, and which one of that it is. */
  readonly name: string;
  /** Where it was when nothing was killed. */
  readonly at: KillAt;
}

function targetsOf(calls: readonly Call[]): Target[] {
  const seen = new Map<string, number>();
  return calls.flatMap(({ label, ...at }) => {
    if (label === undefined) return [];
    const nth = (seen.get(label) ?? 0) + 1;
    seen.set(label, nth);
    return [{ name: `${label} ${nth}`, at }];
  });
}

/** The call at which a turn was killed. Undefined when that was between two that change files, or when it came to its end. */
function hitOf({ calls, killed }: Played): string | undefined {
  return killed && calls.at(-1)?.label !== undefined ? targetsOf(calls).at(-1)?.name : undefined;
}

class Sweep {
  readonly targets: number;
  turns = 0;
  sum: Outcome = { present: 0, cutOff: 0, leftBeside: 0 };
  readonly #left: Map<string, Target>;
  readonly #served: Served;
  readonly #root: string;

  constructor(targets: readonly Target[], served: Served, root: string) {
    this.targets = targets.length;
    this.#left = new Map(targets.map((target) => [target.name, target]));
    this.#served = served;
    this.#root = root;
  }

  /** Takes one target after the other; several may work side by side. */
  async work(): Promise<void> {
    for (let target = this.#take(); target; target = this.#take()) await this.#killAt(target);
  }

  readonly #taken = new Set<string>();
  #take(): Target | undefined {
    const target = [...this.#left.values()].find(({ name }) => !this.#taken.has(name));
    if (target) this.#taken.add(target.name);
    return target;
  }

  async #killAt({ name, at }: Target): Promise<void> {
    let { count } = at;
    for (let tries = 0; this.#left.has(name); tries += 1) {
      assert.ok(tries < MOST_TRIES, `${name} was never met`);
      const folder = join(this.#root, `${this.turns++}`);
      await mkdir(folder);
      const played = await playStraced(folder, this.#served, { name: at.name, count });
      await this.#check(folder, played);
      const came = targetsOf(played.calls).find((one) => one.name === name);
      count = came ? came.at.count : count + 1;
    }
  }

  /** A kill at any target that is left will do, and one anywhere must do no harm. */
  async #check(folder: string, played: Played): Promise<void> {
    const where = hitOf(played) ?? "between two calls";
    await until(`all of ${where} is gone`, () => livingBelow(folder).size === 0);
    const place = { folder: join(folder, "work"), storageRoot: join(folder, "store") };
    this.sum = addOutcome(this.sum, await resume({ ...place, ...played, where }, this.#served.server));
    this.#left.delete(where);
  }
}

test("killed by strace at any write", { timeout: 580_000 }, async (t: TestContext) => {
  const server = await startModelServer({ script: threeTools });
  await withFolder(async (root) => {
    const served = { program: await program, server, cache: join(root, "cache") };
    await mkdir(served.cache);
    await playStraced(join(root, "warm"), served);
    const whole = targetsOf((await playStraced(join(root, "whole"), served)).calls);
    assert.ok(whole.length > 100, `${whole.length} calls`);
    const sampled = whole.filter((_, index) => index % STEP === 0);
    const sweep = new Sweep(sampled, served, root);
    // Both come to their end before the folder goes.
    const ends = await Promise.allSettled([sweep.work(), sweep.work()]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    const { targets, turns, sum } = sweep;
    t.diagnostic(
      `${whole.length} calls change files; killed at each of ${targets}, and between two of them ${turns - targets} times: ${turns} threads resumed, ` +
        `${sum.present} of ${sum.present} told items present, ${sum.cutOff} dangling calls told to be cut off, 0 run twice, 0 files half written, ` +
        `0 processes left, ${sum.leftBeside} temporary files left`,
    );
  });
  await server.close();
});
