import type { SearchQuery } from "../../../src/host/files.ts";
import { bytesOf, equal, rejects } from "../expect.ts";
import { type HostCheck, stopped } from "../fixture.ts";

interface Searching extends Partial<SearchQuery> {
  readonly files: Readonly<Record<string, string>>;
  /** Below the folder of the check. */
  readonly root?: string;
  readonly pattern: string;
  /** As "path:line:text". */
  readonly matches: readonly string[];
  readonly more?: boolean;
}

export const searchingChecks: readonly HostCheck[] = [
  searches("finds text", {
    files: { a: "one\ntwo\nthree two\n" },
    pattern: "two",
    matches: ["a:2:two", "a:3:three two"],
  }),
  searches("finds nothing", { files: { a: "one\n" }, pattern: "two", matches: [] }),
  searches("takes text literally", { files: { a: "a.c\nabc\n(x\n" }, pattern: "a.c", matches: ["a:1:a.c"] }),
  searches("takes text with brackets literally", { files: { a: "(x[\n" }, pattern: "(x[", matches: ["a:1:(x["] }),
  searches("takes text that looks like an option", {
    files: { a: "--files\n" },
    pattern: "--files",
    matches: ["a:1:--files"],
  }),
  searches("is case-sensitive when told so", { files: { a: "One\none\n" }, pattern: "One", matches: ["a:1:One"] }),
  searches("ignores case when told so", {
    files: { a: "One\none\nÉtat\n" },
    pattern: "ONE",
    caseSensitive: false,
    matches: ["a:1:One", "a:2:one"],
  }),
  searches("takes a regular expression", {
    files: { a: "let x1 = 2\nlet y = 3\n" },
    pattern: "x\\d\\s=",
    syntax: "regex",
    matches: ["a:1:let x1 = 2"],
  }),
  searches("anchors a regular expression at line ends, CRLF too", {
    files: { a: "end\r\nend of it\r\nend" },
    pattern: "^end$",
    syntax: "regex",
    matches: ["a:1:end", "a:3:end"],
  }),
  searches("goes folder by folder, then line by line", {
    files: { "b/a": "x\nx\n", "a.b": "x\n", "a/c": "x\n", c: "x\n" },
    pattern: "x",
    matches: ["a/c:1:x", "a.b:1:x", "b/a:1:x", "b/a:2:x", "c:1:x"],
  }),
  searches("gives a line once, however often it matches", {
    files: { a: "x x x\n" },
    pattern: "x",
    matches: ["a:1:x x x"],
  }),
  searches("stops at the limit and says that there is more", {
    files: { a: "x\nx\n", b: "x\n" },
    pattern: "x",
    limit: 2,
    matches: ["a:1:x", "a:2:x"],
    more: true,
  }),
  searches("says nothing of more when the limit fits", {
    files: { a: "x\nx\n" },
    pattern: "x",
    limit: 2,
    matches: ["a:1:x", "a:2:x"],
  }),
  searches("skips binary files", { files: { a: "\0x\n", b: "x\0\n", c: "x\n" }, pattern: "x", matches: ["c:1:x"] }),
  searches("skips what is ignored", {
    files: { ".gitignore": "b\n", a: "x\n", b: "x\n", ".git/x": "x\n" },
    pattern: "x",
    matches: ["a:1:x"],
  }),
  searches("keeps to the glob", {
    files: { "src/a.ts": "x\n", "src/b.js": "x\n", "c.ts": "x\n" },
    pattern: "x",
    glob: "src/*.ts",
    matches: ["src/a.ts:1:x"],
  }),
  searches("does not let a glob show what is ignored", {
    files: { ".gitignore": "b.ts\n", "a.ts": "x\n", "b.ts": "x\n" },
    pattern: "x",
    glob: "*.ts",
    matches: ["a.ts:1:x"],
  }),
  searches("cuts long lines at 500 characters", {
    files: { a: `x${"y".repeat(600)}\n` },
    pattern: "x",
    matches: [`a:1:x${"y".repeat(499)}`],
  }),
  searches("does not cut a character in half", {
    files: { a: `x${"y".repeat(498)}😀y\n` },
    pattern: "x",
    matches: [`a:1:x${"y".repeat(498)}`],
  }),
  searches("searches a single file", { files: { a: "x\n", b: "x\n" }, root: "b", pattern: "x", matches: ["b:1:x"] }),
  searches("searches from a folder below", {
    files: { "sub/a": "x\n", b: "x\n" },
    root: "sub",
    pattern: "x",
    matches: ["sub/a:1:x"],
  }),
  refuses("refuses a broken regular expression", "(", "regex"),
  refuses("refuses text with a line break", "a\nb", "text"),
  {
    name: "refuses to search what is not there",
    run: ({ host, join, signal }) =>
      rejects("notFound", () => host.files.search(join("none"), query({ pattern: "x" }), signal)),
  },
  {
    name: "does not search once aborted",
    run: ({ host, root }) => rejects("aborted", () => host.files.search(root, query({ pattern: "x" }), stopped())),
  },
];

function searches(name: string, { files, root: below, matches, more = false, ...rest }: Searching): HostCheck {
  return {
    name,
    async run({ host, root, join, writeBytes, signal }) {
      for (const [path, text] of Object.entries(files)) await writeBytes(join(...path.split("/")), bytesOf(text));
      const result = await host.files.search(below === undefined ? root : join(below), query(rest), signal);
      const expected = matches.map((match) => {
        const [, path = "", line, text] = /^(.*?):(\d+):(.*)$/su.exec(match) ?? [];
        return { path: join(...path.split("/")), line: Number(line), text };
      });
      equal(result, { matches: expected, more });
    },
  };
}

function refuses(name: string, pattern: string, syntax: SearchQuery["syntax"]): HostCheck {
  return {
    name,
    async run({ host, root, join, writeBytes, signal }) {
      await writeBytes(join("a"), bytesOf("x\n"));
      await rejects("invalid", () => host.files.search(root, query({ pattern, syntax }), signal));
    },
  };
}

function query(part: Partial<SearchQuery> & { pattern: string }): SearchQuery {
  return { syntax: "text", caseSensitive: true, limit: 100, ...part };
}
