import { bytesOf, equal, rejects } from "../expect.ts";
import { type HostCheck, type HostFixture, stopped } from "../fixture.ts";

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
const limit = 64 * 1024 * 1024;

export const readingChecks: readonly HostCheck[] = [
  reads("reads bytes as they are", everyByte),
  reads("reads an empty file", new Uint8Array()),
  reads("keeps a byte order mark", Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)),
  check("reads a file of exactly 64 MiB", async ({ host, join, writeBytes, signal }) => {
    await writeBytes(join("big"), new Uint8Array(limit));
    equal((await host.files.read(join("big"), signal)).bytes.length, limit);
  }),
  check("refuses a larger file", async ({ host, join, writeBytes, signal }) => {
    await writeBytes(join("big"), new Uint8Array(limit + 1));
    await rejects("tooLarge", () => host.files.read(join("big"), signal));
  }),
  check("tells where a path leads, also of what is not there", async ({ host, root, join, signal }) => {
    const real = await host.files.realPath(root, signal);
    equal(await host.files.realPath(join("none", "a"), signal), join("none", "a").replace(root, real));
  }),
  check("refuses to read what is not there", async ({ host, join, signal }) => {
    await rejects("notFound", () => host.files.read(join("none"), signal));
  }),
  check("refuses to read below a file", async ({ host, join, writeBytes, signal }) => {
    await writeBytes(join("file"), bytesOf("x"));
    await rejects("notFound", () => host.files.read(join("file", "below"), signal));
  }),
  check("refuses to read a folder", async ({ host, root, signal }) => {
    await rejects("unsupported", () => host.files.read(root, signal));
  }),
  check("does not read once aborted", async ({ host, join, writeBytes }) => {
    await writeBytes(join("file"), bytesOf("x"));
    await rejects("aborted", () => host.files.read(join("file"), stopped()));
  }),
  check("hands out bytes that the reader may change", async ({ host, join, writeBytes, signal }) => {
    await writeBytes(join("file"), bytesOf("abc"));
    (await host.files.read(join("file"), signal)).bytes.fill(0);
    equal((await host.files.read(join("file"), signal)).bytes, bytesOf("abc"));
  }),
  check("sees at once what happens to a file", async ({ host, join, writeBytes, remove, signal }) => {
    await writeBytes(join("file"), bytesOf("1"));
    await host.files.read(join("file"), signal);
    await writeBytes(join("file"), bytesOf("2"));
    equal((await host.files.read(join("file"), signal)).bytes, bytesOf("2"));
    await remove(join("file"));
    await rejects("notFound", () => host.files.read(join("file"), signal));
  }),
  check("says what is at a path", async ({ host, root, join, writeBytes, signal }) => {
    await writeBytes(join("folder", "file"), bytesOf("12345"));
    equal(await host.files.stat(join("folder", "file"), signal), { kind: "file", size: 5 });
    equal((await host.files.stat(join("folder"), signal))?.kind, "folder");
    equal((await host.files.stat(root, signal))?.kind, "folder");
    equal(await host.files.stat(join("none"), signal), undefined);
    equal(await host.files.stat(join("folder", "file", "below"), signal), undefined);
    await rejects("aborted", () => host.files.stat(root, stopped()));
  }),
  {
    name: "follows links when reading, and says nothing is there when one leads nowhere",
    needs: ["links"],
    async run({ host, join, writeBytes, links, signal }) {
      await writeBytes(join("file"), bytesOf("abc"));
      await links?.symbolic("file", join("link"));
      await links?.symbolic("none", join("dangling"));
      await links?.symbolic("loop", join("loop"));
      equal((await host.files.read(join("link"), signal)).bytes, bytesOf("abc"));
      equal(await host.files.stat(join("link"), signal), { kind: "file", size: 3 });
      for (const name of ["dangling", "loop"]) {
        equal(await host.files.stat(join(name), signal), undefined);
        await rejects("notFound", () => host.files.read(join(name), signal));
      }
    },
  },
];

function reads(name: string, bytes: Uint8Array): HostCheck {
  return check(name, async ({ host, join, writeBytes, signal }) => {
    await writeBytes(join("file"), bytes);
    const realPath = await host.files.realPath(join("file"), signal);
    equal(await host.files.read(join("file"), signal), { bytes, unsaved: false, realPath });
  });
}

function check(name: string, run: (fixture: HostFixture) => Promise<void>): HostCheck {
  return { name, run };
}
