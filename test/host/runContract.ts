import { describe, test } from "node:test";
import { hostContract } from "./contract.ts";
import type { HostCheck, HostFixture, Need } from "./fixture.ts";

export type MakeFixture = () => Promise<Omit<HostFixture, "signal"> & { dispose?(): Promise<void> }>;

export interface ContractOptions {
  /** What the host has beyond memory; checks that need more are not part of its contract. */
  readonly offers: readonly Need[];
  /** All of the contract when absent. */
  readonly checks?: readonly HostCheck[];
  readonly makeFixture: MakeFixture;
}

/** One test for each check, on a fresh host. */
export function runContract(host: string, { offers, checks = hostContract, makeFixture }: ContractOptions): void {
  describe(host, { concurrency: 4 }, () => {
    for (const check of checks.filter(({ needs = [] }) => needs.every((need) => offers.includes(need)))) {
      test(check.name, { timeout: 30_000 }, () => runCheck(check, makeFixture));
    }
  });
}

async function runCheck(check: HostCheck, makeFixture: MakeFixture): Promise<void> {
  const end = new AbortController();
  const { dispose, ...fixture } = await makeFixture();
  try {
    await check.run({ ...fixture, signal: end.signal });
  } finally {
    end.abort();
    await dispose?.();
  }
}
