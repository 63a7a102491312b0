import type { FileHint, FileWatch } from "../../../src/host/files.ts";
import { bytesOf } from "../expect.ts";
import type { HostCheck, HostFixture } from "../fixture.ts";

/** What is told while a file is followed. */
interface Following extends HostFixture {
  readonly path: string;
  readonly watch: FileWatch;
  /** Resolves with the next hint about this path; what came before does not count. */
  hinted(path: string): Promise<FileHint>;
}

/** A file "a" with "1\n" in it, which is followed. */
function check(name: string, run: (following: Following) => Promise<void>): HostCheck {
  return {
    name,
    async run(fixture) {
      const path = fixture.join("a");
      await fixture.writeBytes(path, bytesOf("1\n"));
      const { watch, hinted } = listening(fixture);
      watch.follow([path]);
      try {
        await run({ ...fixture, path, watch, hinted });
      } finally {
        watch.dispose();
      }
    },
  };
}

function listening({ host }: HostFixture): Pick<Following, "watch" | "hinted"> {
  const waiting: { path: string; tell: (hint: FileHint) => void }[] = [];
  const watch = host.files.watch((hint) => {
    for (const one of waiting) if (one.path === hint.path) one.tell(hint);
  });
  return { watch, hinted: (path) => new Promise((tell) => waiting.push({ path, tell })) };
}

export const watchingChecks: readonly HostCheck[] = [
  check("tells of a followed file that is written", async ({ path, hinted, writeBytes }) => {
    const hint = hinted(path);
    await writeBytes(path, bytesOf("2\n"));
    await hint;
  }),
  check("tells of a followed file that is deleted", async ({ path, hinted, remove }) => {
    const hint = hinted(path);
    await remove(path);
    await hint;
  }),
  check("tells of a followed file that is there again", async ({ path, hinted, remove, writeBytes }) => {
    const gone = hinted(path);
    await remove(path);
    await gone;
    const back = hinted(path);
    await writeBytes(path, bytesOf("1\n"));
    await back;
  }),
  check("tells of an edit that it makes itself", async ({ host, path, hinted, signal }) => {
    const hint = hinted(path);
    await host.files.apply([{ kind: "update", path, before: bytesOf("1\n"), after: bytesOf("2\n") }], signal);
    await hint;
  }),
  check("tells of files that are followed later", async ({ path, watch, hinted, join, writeBytes }) => {
    const other = join("folder", "b");
    await writeBytes(other, bytesOf("1\n"));
    watch.follow([path, other]);
    const hint = hinted(other);
    await writeBytes(other, bytesOf("2\n"));
    await hint;
  }),
  check("tells whoever still listens, and nobody else", async ({ host, path, hinted, writeBytes }) => {
    let told = 0;
    const over = host.files.watch(() => void told++);
    over.follow([path]);
    over.dispose();
    const hint = hinted(path);
    await writeBytes(path, bytesOf("2\n"));
    await hint;
    if (told > 0) throw new Error("A watch that was disposed of was told of a change.");
  }),
  check("follows files that are not there", async ({ watch, path, hinted, join, writeBytes }) => {
    watch.follow([path, join("nowhere", "b"), join("c")]);
    const hint = hinted(join("c"));
    await writeBytes(join("c"), bytesOf("1\n"));
    await hint;
  }),
];
