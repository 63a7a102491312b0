import { bytesOf, equal, rejects, textOf } from "../expect.ts";
import type { HostCheck, HostFixture } from "../fixture.ts";

type Disk = HostFixture & Required<Pick<HostFixture, "links" | "modes">>;

/** How edits treat file modes and links. */
export const linkingChecks: readonly HostCheck[] = [
  check("keeps a file's mode", async ({ host, join, writeBytes, modes, signal }) => {
    for (const mode of [0o755, 0o600, 0o640]) {
      const path = join(`file${mode}`);
      await writeBytes(path, bytesOf("1"));
      await modes.set(path, mode);
      await host.files.apply([update(path, "1", "2")], signal);
      equal(await modes.get(path), mode);
    }
  }),
  check("keeps a file's mode when it moves", async ({ host, join, writeBytes, modes, signal }) => {
    await writeBytes(join("a"), bytesOf("1"));
    await modes.set(join("a"), 0o755);
    await host.files.apply([{ ...update(join("a"), "1", "2"), movePath: join("b") }], signal);
    equal(await modes.get(join("b")), 0o755);
  }),
  check("gives a new file the usual mode", async ({ host, join, writeBytes, modes, signal }) => {
    await writeBytes(join("usual"), bytesOf("1"));
    await host.files.apply([{ kind: "add", path: join("new"), after: bytesOf("1") }], signal);
    equal(await modes.get(join("new")), await modes.get(join("usual")));
  }),
  check("gives a new program the mode of one", async ({ host, join, modes, signal }) => {
    await host.files.apply([{ kind: "add", path: join("plain"), after: bytesOf("1") }], signal);
    await host.files.apply([{ kind: "add", path: join("program"), after: bytesOf("1"), executable: true }], signal);
    const plain = await modes.get(join("plain"));
    equal(await modes.get(join("program")), plain | ((plain >> 2) & 0o111));
  }),
  check("refuses to change a read-only file", async ({ host, join, writeBytes, readBytes, modes, signal }) => {
    await writeBytes(join("a"), bytesOf("1"));
    await modes.set(join("a"), 0o444);
    await rejects("permissionDenied", () => host.files.apply([update(join("a"), "1", "2")], signal));
    await rejects("permissionDenied", () =>
      host.files.apply([{ kind: "delete", path: join("a"), before: bytesOf("1") }], signal),
    );
    equal(textOf(await readBytes(join("a"))), "1");
  }),
  check("refuses to change a read-only folder", async ({ host, join, exists, writeBytes, modes, signal }) => {
    await writeBytes(join("folder", "a"), bytesOf("1"));
    await modes.set(join("folder"), 0o555);
    const add = (path: string) => host.files.apply([{ kind: "add", path, after: bytesOf("1") }], signal);
    await rejects("permissionDenied", () => add(join("folder", "b")));
    await rejects("permissionDenied", () => add(join("folder", "new", "b")));
    await rejects("permissionDenied", () => host.files.apply([update(join("folder", "a"), "1", "2")], signal));
    await modes.set(join("folder"), 0o755);
    equal(await exists(join("folder", "new")), false);
  }),
  check("writes through a link", async ({ host, join, writeBytes, readBytes, links, modes, signal }) => {
    await writeBytes(join("sub", "a"), bytesOf("1"));
    await modes.set(join("sub", "a"), 0o755);
    await links.symbolic("sub/a", join("link"));
    await links.symbolic("link", join("linkToLink"));
    await host.files.apply([update(join("linkToLink"), "1", "2")], signal);
    equal(textOf(await readBytes(join("sub", "a"))), "2");
    equal(await modes.get(join("sub", "a")), 0o755);
    equal([await links.isSymbolic(join("link")), await links.isSymbolic(join("linkToLink"))], [true, true]);
  }),
  check("writes into a folder behind a link", async ({ host, join, writeBytes, readBytes, links, signal }) => {
    await writeBytes(join("sub", "a"), bytesOf("1"));
    await links.symbolic("sub", join("link"));
    await host.files.apply(
      [update(join("link", "a"), "1", "2"), { kind: "add", path: join("link", "new", "b"), after: bytesOf("3") }],
      signal,
    );
    equal(textOf(await readBytes(join("sub", "a"))), "2");
    equal(textOf(await readBytes(join("sub", "new", "b"))), "3");
    equal(await links.isSymbolic(join("link")), true);
  }),
  check(
    "deletes a link, not what it leads to",
    async ({ host, join, writeBytes, exists, readBytes, links, signal }) => {
      await writeBytes(join("a"), bytesOf("1"));
      await links.symbolic("a", join("link"));
      await host.files.apply([{ kind: "delete", path: join("link"), before: bytesOf("1") }], signal);
      equal(await exists(join("link")), false);
      equal(textOf(await readBytes(join("a"))), "1");
    },
  ),
  check("makes a file of a link that moves", async ({ host, join, writeBytes, exists, readBytes, links, signal }) => {
    await writeBytes(join("a"), bytesOf("1"));
    await links.symbolic("a", join("link"));
    await host.files.apply([{ ...update(join("link"), "1", "2"), movePath: join("sub", "b") }], signal);
    equal(await exists(join("link")), false);
    equal(textOf(await readBytes(join("a"))), "1");
    equal(textOf(await readBytes(join("sub", "b"))), "2");
    equal(await links.isSymbolic(join("sub", "b")), false);
  }),
  check("refuses to add over a link that leads nowhere", async ({ host, join, exists, links, signal }) => {
    await links.symbolic("none", join("link"));
    await rejects("alreadyExists", () =>
      host.files.apply([{ kind: "add", path: join("link"), after: bytesOf("1") }], signal),
    );
    equal(await exists(join("none")), false);
  }),
  check("refuses to update through a link that leads nowhere", async ({ host, join, links, signal }) => {
    await links.symbolic("none", join("link"));
    await rejects("notFound", () => host.files.apply([update(join("link"), "", "1")], signal));
  }),
  check("tells where a path leads", async ({ host, root, join, writeBytes, links, signal }) => {
    await writeBytes(join("sub", "a"), bytesOf("1"));
    await links.symbolic("sub", join("folder"));
    await links.symbolic("folder/a", join("link"));
    await links.symbolic("none", join("nowhere"));
    const real = await host.files.realPath(root, signal);
    const led = async (...parts: string[]) =>
      (await host.files.realPath(join(...parts), signal)).slice(real.length + 1).replaceAll("\\", "/");
    equal(await led("sub", "a"), "sub/a");
    equal(await led("link"), "sub/a");
    equal(await led("folder", "new", "b"), "sub/new/b");
    await rejects("notFound", () => host.files.realPath(join("nowhere"), signal));
    await rejects("notFound", () => host.files.realPath(join("nowhere", "a"), signal));
  }),
  check(
    "changes a file under all its hard links",
    async ({ host, root, join, writeBytes, readBytes, links, signal }) => {
      await writeBytes(join("a"), bytesOf("long content"));
      await links.hard(join("a"), join("b"));
      await host.files.apply([update(join("a"), "long content", "short")], signal);
      equal(textOf(await readBytes(join("a"))), "short");
      equal(textOf(await readBytes(join("b"))), "short");
      equal((await host.files.list(root, { limit: 9 }, signal)).paths, [join("a"), join("b")]);
    },
  ),
];

function update(path: string, before: string, after: string) {
  return { kind: "update", path, before: bytesOf(before), after: bytesOf(after) } as const;
}

function check(name: string, run: (disk: Disk) => Promise<void>): HostCheck {
  return {
    name,
    needs: ["modes", "links"],
    run: async (fixture) => {
      const { links, modes } = fixture;
      if (links === undefined || modes === undefined)
        throw new Error("the fixture offers links and modes, but has none");
      await run({ ...fixture, links, modes });
    },
  };
}
