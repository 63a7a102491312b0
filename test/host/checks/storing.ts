import type { Storage } from "../../../src/host/storage.ts";
import { equal, rejects } from "../expect.ts";
import type { HostCheck } from "../fixture.ts";

export const storingChecks: readonly HostCheck[] = [
  check("has nothing at first", async (storage) => {
    equal(await storage.read("a"), undefined);
    equal(await storage.read("a/b"), undefined);
    equal(await storage.list(""), []);
    equal(await storage.list("a"), []);
  }),
  check("appends", async (storage) => {
    await storage.append("threads/2026/a.jsonl", "1\n");
    await storage.append("threads/2026/a.jsonl", "é😀\n");
    equal(await storage.read("threads/2026/a.jsonl"), "1\né😀\n");
  }),
  check("keeps the order of appends that nobody waited for", async (storage) => {
    const lines = Array.from({ length: 50 }, (_, index) => `${index}\n`);
    await Promise.all(lines.map((line) => storage.append("a", line)));
    equal(await storage.read("a"), lines.join(""));
  }),
  check("reads what was appended before, awaited or not", async (storage) => {
    const append = storage.append("a", "1");
    equal(await storage.read("a"), "1");
    await append;
  }),
  check("replaces", async (storage) => {
    await storage.write("a/b.json", "first, and longer");
    await storage.write("a/b.json", "second");
    await storage.append("a/b.json", "!");
    equal(await storage.read("a/b.json"), "second!");
  }),
  check("lists the files directly under a folder", async (storage) => {
    for (const name of ["b", "a", "x/c", "x/y/d", "B", "a.json"]) await storage.write(name, "");
    equal(await storage.list(""), ["B", "a", "a.json", "b"]);
    equal(await storage.list("x"), ["c"]);
    equal(await storage.list("x/y"), ["d"]);
    equal(await storage.list("none"), []);
  }),
  check("removes", async (storage) => {
    await storage.write("a/b", "1");
    await storage.remove("a/b");
    await storage.remove("a/b");
    equal(await storage.read("a/b"), undefined);
    equal(await storage.list("a"), []);
  }),
  check("gives a lock to one holder at a time, and to the next once it is released", async (storage) => {
    const first = await storage.lock("threads/a");
    const other = await storage.lock("threads/b");
    await rejects("conflict", () => storage.lock("threads/a"));
    await first.release();
    const second = await storage.lock("threads/a");
    await first.release();
    await rejects("conflict", () => storage.lock("threads/a"));
    await second.release();
    await other.release();
  }),
  check("gives a lock to one of many that come at once", async (storage) => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => storage.lock("a")));
    const taken = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    equal(taken.length, 1);
    await taken[0]?.release();
    equal(await storage.list("a"), []);
    equal(await storage.read("a"), undefined);
  }),
  check("tells of what is written to a folder and removed from it, until it is told no more", async (storage) => {
    let told = () => {};
    const listed = (names: string) =>
      new Promise<void>((resolve) => {
        told = () => void storage.list("a").then((now) => now.join() === names && resolve());
      });
    const watch = await storage.watch("a", () => told());
    for (const [change, names] of [
      [() => storage.write("a/b", "1"), "b"],
      [() => storage.append("a/c", "1"), "b,c"],
      [() => storage.remove("a/b"), "c"],
    ] as const) {
      const seen = listed(names);
      await change();
      await seen;
    }
    watch.dispose();
    let late = 0;
    told = () => void late++;
    let tell = () => {};
    const seen = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const other = await storage.watch("a", () => tell());
    await storage.write("a/d", "1");
    await seen;
    other.dispose();
    equal(late, 0);
  }),
  ...["", "/a", "../a", "a/../b", "a//b", "a/", ".", "a\\b", "a\0b", "C:a"].map((name) =>
    check(`refuses the name ${JSON.stringify(name)}`, async (storage) => {
      await rejects("invalid", () => storage.append(name, "x"));
      await rejects("invalid", () => storage.write(name, "x"));
      await rejects("invalid", () => storage.read(name));
      await rejects("invalid", () => storage.remove(name));
      await rejects("invalid", () => storage.lock(name));
    }),
  ),
];

function check(name: string, run: (storage: Storage) => Promise<void>): HostCheck {
  return { name: `storage: ${name}`, run: ({ host }) => run(host.storage) };
}
