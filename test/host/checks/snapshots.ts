import { bytesOf, equal, rejects, textOf, until } from "../expect.ts";
import { type HostCheck, type HostFixture, stopped } from "../fixture.ts";

/** Files by path with "/"; null removes. */
type Tree = Readonly<Record<string, string | null>>;

const LARGE = 8 * 1024 * 1024 + 1;

/** How moments of the workspace are kept. */
export const snapshotChecks: readonly HostCheck[] = [
  check("tells what differs, sorted by path", async (fixture) => {
    await put(fixture, { "b/kept": "1", "b/changed": "1", a: "1", "b/gone": "1" });
    const before = await take(fixture);
    await put(fixture, { "b/changed": "2", "b/gone": null, a: null, z: "1", "A/new": "1" });
    const after = await take(fixture);
    equal(await changes(fixture, before, after), [
      "add A/new",
      "delete a",
      "update b/changed",
      "delete b/gone",
      "add z",
    ]);
    equal(await changes(fixture, after, before), [
      "delete A/new",
      "add a",
      "update b/changed",
      "add b/gone",
      "delete z",
    ]);
    equal(await changes(fixture, before, before), []);
  }),
  check("has one snapshot of what did not change", async (fixture) => {
    await put(fixture, { a: "1" });
    const first = await take(fixture);
    equal(await take(fixture), first);
    await put(fixture, { a: "2" });
    const second = await take(fixture);
    equal(second === first, false);
    await put(fixture, { a: "1" });
    equal(await changes(fixture, first, await take(fixture)), []);
  }),
  check("reads files as they were", async (fixture) => {
    await put(fixture, { a: "1", b: "", c: "\r\n\u00e9\ufeff" });
    const before = await take(fixture);
    await put(fixture, { a: "2", b: null, c: "other", d: "1" });
    const after = await take(fixture);
    equal(await texts(fixture, before), { a: "1", b: "", c: "\r\n\u00e9\ufeff", d: undefined });
    equal(await texts(fixture, after), { a: "2", b: undefined, c: "other", d: "1" });
  }),
  check("keeps every byte", async (fixture) => {
    const { host, join, writeBytes } = fixture;
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * index) >> 3);
    await writeBytes(join("a"), bytes);
    const file = await host.snapshots.read(await take(fixture), join("a"));
    equal(file?.bytes, bytes);
  }),
  check("sees a file written again at the same moment, with the same size", async (fixture) => {
    for (let at = 10; at < 40; at++) {
      await put(fixture, { a: `${at}` });
      const id = await take(fixture);
      equal((await texts(fixture, id)).a, `${at}`);
    }
  }),
  check("honours ignore rules", async (fixture) => {
    await put(fixture, { ".gitignore": "out/\n*.log\n", "out/a": "1", "b.log": "1", c: "1" });
    const before = await take(fixture);
    await put(fixture, { "out/a": "2", "b.log": "2", ".git/HEAD": "1", c: "2" });
    equal(await changes(fixture, before, await take(fixture)), ["update c"]);
    equal(await fixture.host.snapshots.read(before, fixture.join("out", "a")), undefined);
  }),
  check("does not call a file added that only came into view", async (fixture) => {
    await put(fixture, { ".gitignore": "out/\n", a: "1" });
    await take(fixture);
    await put(fixture, { "out/mine": "1" });
    await momentsPass();
    const before = await take(fixture);
    await put(fixture, { ".gitignore": "", "out/new": "1" });
    const after = await take(fixture);
    equal(await changes(fixture, before, after), ["update .gitignore", "add out/new"]);
    equal((await fixture.host.snapshots.read(after, fixture.join("out", "mine")))?.bytes, bytesOf("1"));
  }),
  check("notes large files without their content", async (fixture) => {
    const { host, join, writeBytes } = fixture;
    await writeBytes(join("large"), new Uint8Array(LARGE));
    const before = await take(fixture);
    equal(await take(fixture), before);
    await rejects("tooLarge", () => host.snapshots.read(before, join("large")));
    await writeBytes(join("large"), new Uint8Array(LARGE + 1));
    equal(await changes(fixture, before, await take(fixture)), ["update large"]);
  }),
  check("does not compare what is of different roots", async (fixture) => {
    const { host, join, signal } = fixture;
    await put(fixture, { "a/1": "1", "b/2": "2" });
    const one = await host.snapshots.take([join("a")], signal);
    const other = await host.snapshots.take([join("a"), join("b")], signal);
    await rejects("invalid", () => host.snapshots.compare(one, other));
  }),
  check("covers several roots, also one inside another", async (fixture) => {
    const { host, root, join, signal } = fixture;
    await put(fixture, { "x/a": "1", "y/b": "1", "y/c": "1", c: "1" });
    const both = () => host.snapshots.take([join("x"), join("y")], signal);
    const before = await both();
    const nested = await host.snapshots.take([root, join("x")], signal);
    await put(fixture, { "x/a": "2", "y/b": null, c: "2" });
    equal(await changes(fixture, before, await both()), ["update x/a", "delete y/b"]);
    const after = await host.snapshots.take([root, join("x")], signal);
    equal(await changes(fixture, nested, after), ["update c", "update x/a", "delete y/b"]);
  }),
  check("leaves the workspace alone", async (fixture) => {
    const { host, root, signal } = fixture;
    await put(fixture, { a: "1", ".gitignore": "b" });
    await take(fixture);
    const { paths } = await host.files.list(root, { limit: 100 }, signal);
    equal(paths.length, 2);
  }),
  check("lets go of what is not to be kept", async (fixture) => {
    const { host, join } = fixture;
    await put(fixture, { a: "1", b: "1" });
    const first = await take(fixture);
    await put(fixture, { a: "2" });
    const second = await take(fixture);
    await put(fixture, { a: "3" });
    const third = await take(fixture);
    const bytes = await host.snapshots.diskBytes();
    await host.snapshots.keepOnly([second]);
    for (const gone of [first, third]) {
      await rejects("notFound", () => host.snapshots.read(gone, join("a")));
      await rejects("notFound", () => host.snapshots.compare(gone, second));
      await rejects("notFound", () => host.snapshots.compare(second, gone));
    }
    equal(await texts(fixture, second), { a: "2", b: "1" });
    equal((await host.snapshots.diskBytes()) < bytes, true, "less on disk");
    const again = await take(fixture);
    equal(await texts(fixture, again), { a: "3", b: "1" });
    equal(await changes(fixture, second, again), ["update a"]);
  }),
  check("frees all of it", async (fixture) => {
    const { host } = fixture;
    await put(fixture, { a: "1" });
    const first = await take(fixture);
    await host.snapshots.keepOnly([]);
    equal(await host.snapshots.diskBytes(), 0);
    await rejects("notFound", () => host.snapshots.compare(first, first));
    equal(await texts(fixture, await take(fixture)), { a: "1" });
  }),
  check("keeps what is taken after the call", async (fixture) => {
    const { host } = fixture;
    await put(fixture, { a: "1" });
    await take(fixture);
    await put(fixture, { a: "2" });
    const cleaning = host.snapshots.keepOnly([]);
    const taken = await take(fixture);
    await cleaning;
    await host.snapshots.keepOnly([taken]);
    equal(await texts(fixture, taken), { a: "2" });
  }),
  check("refuses what is no snapshot", async ({ host, join }) => {
    for (const id of ["", "x", "../../etc", "0123456789abcdef01234567.0123456789abcdef"]) {
      await rejects("notFound", () => host.snapshots.read(id, join("a")));
      await rejects("notFound", () => host.snapshots.compare(id, id));
    }
  }),
  check("stops when it is aborted", async ({ host, root }) =>
    rejects("aborted", () => host.snapshots.take([root], stopped())),
  ),
  check("rejects a root that is not there", async ({ host, join, signal }) =>
    rejects("notFound", () => host.snapshots.take([join("none")], signal)),
  ),
  {
    ...check("knows programs", async (fixture) => {
      const { host, join, modes } = fixture;
      await put(fixture, { a: "1" });
      const plain = await take(fixture);
      await modes?.set(join("a"), 0o755);
      const program = await take(fixture);
      equal((await host.snapshots.read(plain, join("a")))?.executable, false);
      equal((await host.snapshots.read(program, join("a")))?.executable, true);
      equal(await changes(fixture, plain, program), []);
    }),
    needs: ["modes"],
  },
  {
    ...check("leaves links out", async (fixture) => {
      const { host, join, links } = fixture;
      await put(fixture, { a: "1" });
      await links?.symbolic(join("a"), join("link"));
      const before = await take(fixture);
      equal(await host.snapshots.read(before, join("link")), undefined);
      await links?.hard(join("a"), join("hard"));
      equal(await changes(fixture, before, await take(fixture)), ["add hard"]);
    }),
    needs: ["links"],
  },
];

function check(name: string, run: (fixture: HostFixture) => Promise<void>): HostCheck {
  return { name: `snapshots: ${name}`, run };
}

function take({ host, root, signal }: HostFixture): Promise<string> {
  return host.snapshots.take([root], signal);
}

async function put({ join, writeBytes, remove }: HostFixture, tree: Tree): Promise<void> {
  for (const [path, text] of Object.entries(tree)) {
    const full = join(...path.split("/"));
    await (text === null ? remove(full) : writeBytes(full, bytesOf(text)));
  }
}

async function changes({ host, join }: HostFixture, from: string, to: string): Promise<string[]> {
  const prefix = join("x").length - 1;
  const found = await host.snapshots.compare(from, to);
  return found.map(({ kind, path }) => `${kind} ${path.slice(prefix).replaceAll("\\", "/")}`);
}

/** The files a to d, as far as the snapshot has them. */
async function texts({ host, join }: HostFixture, id: string): Promise<Record<string, string | undefined>> {
  const entries = ["a", "b", "c", "d"].map(async (name) => {
    const file = await host.snapshots.read(id, join(name));
    return [name, file && textOf(file.bytes)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** A file counts as older than a snapshot when its time says so beyond doubt. */
function momentsPass(): Promise<void> {
  const start = Date.now();
  return until("the clock has moved on", () => Date.now() > start + 50);
}
