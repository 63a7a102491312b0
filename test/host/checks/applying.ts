import type { FileEdit } from "../../../src/host/files.ts";
import type { ErrorCode } from "../../../src/protocol/errors.ts";
import { bytesOf, equal, rejects, textOf } from "../expect.ts";
import { type HostCheck, type HostFixture, stopped } from "../fixture.ts";

/** Text files by path, with "/". */
type Tree = Readonly<Record<string, string>>;

/** An edit in short: paths with "/", contents as text. */
type Edit =
  | { readonly add: string; readonly after: string }
  | { readonly delete: string; readonly before: string }
  | { readonly update: string; readonly before: string; readonly after: string; readonly to?: string };

interface Case {
  readonly files: Tree;
  readonly edits: readonly Edit[];
}

export const applyingChecks: readonly HostCheck[] = [
  applies("does nothing when there is nothing to do", { files: { a: "1" }, edits: [] }, { a: "1" }),
  applies("adds a file", { files: {}, edits: [{ add: "a", after: "1" }] }, { a: "1" }),
  applies("adds an empty file", { files: {}, edits: [{ add: "a", after: "" }] }, { a: "" }),
  applies("makes missing folders", { files: {}, edits: [{ add: "x/y/z", after: "1" }] }, { "x/y/z": "1" }),
  applies("updates a file", { files: { a: "1" }, edits: [{ update: "a", before: "1", after: "2" }] }, { a: "2" }),
  applies("shortens a file", { files: { a: "123" }, edits: [{ update: "a", before: "123", after: "" }] }, { a: "" }),
  applies("deletes a file", { files: { a: "1", b: "2" }, edits: [{ delete: "a", before: "1" }] }, { b: "2" }),
  applies(
    "moves a file",
    { files: { a: "1" }, edits: [{ update: "a", before: "1", after: "1", to: "x/b" }] },
    { "x/b": "1" },
  ),
  applies(
    "moves and edits a file",
    { files: { a: "1" }, edits: [{ update: "a", before: "1", after: "2", to: "b" }] },
    { b: "2" },
  ),
  applies(
    "moves a file onto itself",
    { files: { a: "1" }, edits: [{ update: "a", before: "1", after: "2", to: "a" }] },
    { a: "2" },
  ),
  applies(
    "applies several edits",
    {
      files: { a: "1", b: "2", c: "3" },
      edits: [
        { add: "d", after: "4" },
        { delete: "a", before: "1" },
        { update: "b", before: "2", after: "22" },
        { update: "c", before: "3", after: "3", to: "e" },
      ],
    },
    { b: "22", d: "4", e: "3" },
  ),
  applies(
    "applies edits of one file in their order",
    {
      files: { a: "1" },
      edits: [
        { update: "a", before: "1", after: "2" },
        { update: "a", before: "2", after: "3" },
      ],
    },
    { a: "3" },
  ),
  applies(
    "puts a new file where another was deleted or moved away",
    {
      files: { a: "1", b: "2", c: "3" },
      edits: [
        { delete: "b", before: "2" },
        { update: "a", before: "1", after: "1", to: "b" },
        { add: "a", after: "new" },
        { delete: "c", before: "3" },
        { add: "c", after: "newer" },
      ],
    },
    { a: "new", b: "1", c: "newer" },
  ),
  fails("refuses an update of a file that changed", "conflict", {
    files: { a: "other" },
    edits: [{ update: "a", before: "1", after: "2" }],
  }),
  fails("refuses to delete a file that changed", "conflict", {
    files: { a: "other" },
    edits: [{ delete: "a", before: "1" }],
  }),
  fails("refuses to move a file that changed", "conflict", {
    files: { a: "other" },
    edits: [{ update: "a", before: "1", after: "1", to: "b" }],
  }),
  fails("refuses to add over a file", "alreadyExists", { files: { a: "1" }, edits: [{ add: "a", after: "1" }] }),
  fails("refuses to add over a folder", "alreadyExists", { files: { "a/b": "1" }, edits: [{ add: "a", after: "1" }] }),
  fails("refuses to add below a file", "alreadyExists", { files: { a: "1" }, edits: [{ add: "a/b", after: "1" }] }),
  fails("refuses to add one file twice", "alreadyExists", {
    files: {},
    edits: [
      { add: "a", after: "1" },
      { add: "a", after: "2" },
    ],
  }),
  fails("refuses to move onto a file", "alreadyExists", {
    files: { a: "1", b: "2" },
    edits: [{ update: "a", before: "1", after: "1", to: "b" }],
  }),
  fails("refuses to update what is not there", "notFound", {
    files: {},
    edits: [{ update: "a", before: "", after: "2" }],
  }),
  fails("refuses to delete what is not there", "notFound", { files: {}, edits: [{ delete: "a", before: "" }] }),
  fails("refuses to update what it has just deleted", "notFound", {
    files: { a: "1" },
    edits: [
      { delete: "a", before: "1" },
      { update: "a", before: "1", after: "2" },
    ],
  }),
  fails("refuses to delete a folder", "unsupported", { files: { "a/b": "1" }, edits: [{ delete: "a", before: "" }] }),
  fails("applies nothing when the last edit conflicts", "conflict", {
    files: { a: "1", b: "2", c: "other" },
    edits: [
      { add: "new/folder/d", after: "4" },
      { delete: "a", before: "1" },
      { update: "b", before: "2", after: "22", to: "x/y" },
      { update: "c", before: "3", after: "33" },
    ],
  }),
  {
    name: "keeps every byte",
    async run({ host, join, readBytes, signal }) {
      const after = Uint8Array.from({ length: 256 }, (_, index) => index);
      await host.files.apply([{ kind: "add", path: join("a"), after }], signal);
      equal(await readBytes(join("a")), after);
    },
  },
  {
    name: "says which files it saved",
    async run({ host, join, writeBytes, signal }) {
      await writeBytes(join("a"), bytesOf("1"));
      await writeBytes(join("b"), bytesOf("2"));
      const edits = [
        toFileEdit({ update: "a", before: "1", after: "2", to: "c" }, join),
        toFileEdit({ delete: "b", before: "2" }, join),
        toFileEdit({ add: "d", after: "" }, join),
      ];
      const result = await host.files.apply(edits, signal);
      equal(result, { savedPaths: [join("c"), join("d")], unsavedPaths: [], adjusted: new Map() });
    },
  },
  {
    name: "writes nothing once aborted",
    async run({ host, join, exists }) {
      await rejects("aborted", () => host.files.apply([toFileEdit({ add: "a", after: "1" }, join)], stopped()));
      equal(await exists(join("a")), false);
    },
  },
  {
    name: "lets only one of two simultaneous edits win",
    async run({ host, join, writeBytes, readBytes, signal }) {
      await writeBytes(join("a"), bytesOf("1"));
      const edit = (after: string) => host.files.apply([toFileEdit({ update: "a", before: "1", after }, join)], signal);
      const [first, second] = await Promise.allSettled([edit("2"), edit("3")]);
      equal([first.status, second.status], ["fulfilled", "rejected"]);
      equal(textOf(await readBytes(join("a"))), "2");
    },
  },
];

function applies(name: string, { files, edits }: Case, expected: Tree): HostCheck {
  return {
    name,
    async run(fixture) {
      const { host, join, signal } = fixture;
      await writeTree(fixture, files);
      await host.files.apply(
        edits.map((edit) => toFileEdit(edit, join)),
        signal,
      );
      equal(await readTree(fixture), expected, "files");
    },
  };
}

function fails(name: string, code: ErrorCode, { files, edits }: Case): HostCheck {
  return {
    name,
    async run(fixture) {
      const { host, join, exists, signal } = fixture;
      await writeTree(fixture, files);
      await rejects(code, () =>
        host.files.apply(
          edits.map((edit) => toFileEdit(edit, join)),
          signal,
        ),
      );
      equal(await readTree(fixture), files, "files");
      for (const folder of ["new", "x"]) equal(await exists(join(folder)), false, `folder ${folder}`);
    },
  };
}

function toFileEdit(edit: Edit, join: HostFixture["join"]): FileEdit {
  const at = (path: string) => join(...path.split("/"));
  if ("add" in edit) return { kind: "add", path: at(edit.add), after: bytesOf(edit.after) };
  if ("delete" in edit) return { kind: "delete", path: at(edit.delete), before: bytesOf(edit.before) };
  const movePath = edit.to === undefined ? undefined : at(edit.to);
  return { kind: "update", path: at(edit.update), before: bytesOf(edit.before), after: bytesOf(edit.after), movePath };
}

async function writeTree({ join, writeBytes }: HostFixture, files: Tree): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeBytes(join(...path.split("/")), bytesOf(text));
}

/** All files, temporary ones that were left behind too. */
async function readTree({ host, root, join, readBytes, signal }: HostFixture): Promise<Tree> {
  const { paths } = await host.files.list(root, { limit: 1000 }, signal);
  const prefix = join("x").slice(0, -1).length;
  const entries = paths.map(async (path) => [path.slice(prefix).replaceAll("\\", "/"), textOf(await readBytes(path))]);
  return Object.fromEntries(await Promise.all(entries));
}
