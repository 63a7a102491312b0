import { bytesOf, equal, rejects } from "../expect.ts";
import { type HostCheck, stopped } from "../fixture.ts";

interface Listing {
  /** File contents by path, with "/"; a folder's path ends with "/". */
  readonly files: Readonly<Record<string, string>>;
  /** Below the folder of the check. */
  readonly root?: string;
  readonly limit?: number;
  readonly glob?: string;
  readonly paths: readonly string[];
  readonly more?: boolean;
}

export const listingChecks: readonly HostCheck[] = [
  lists("lists nothing in an empty folder", { files: {}, paths: [] }),
  lists("sorts whole paths by code unit", {
    files: { "b/x": "", B: "", "a/b": "", "a.b": "", "a-b": "", é: "", z: "" },
    paths: ["B", "a-b", "a.b", "a/b", "b/x", "z", "é"],
  }),
  lists("shows files that start with a dot, but never .git", {
    files: { ".env": "", ".github/ci.yml": "", ".git/config": "", "sub/.git": "gitdir: x", "sub/.gitkeep": "" },
    paths: [".env", ".github/ci.yml", "sub/.gitkeep"],
  }),
  lists("hides what .gitignore and .ignore name", {
    files: {
      ".gitignore": "*.log\n/out/\n",
      ".ignore": "secret.txt\n",
      "a.log": "",
      "sub/b.log": "",
      "out/x": "",
      "sub/out/y": "",
      "secret.txt": "",
      kept: "",
    },
    paths: [".gitignore", ".ignore", "kept", "sub/out/y"],
  }),
  lists("lets the inner file win over the outer", {
    files: {
      ".gitignore": "*.txt\n",
      "sub/.gitignore": "!keep.txt\n",
      "sub/keep.txt": "",
      "sub/drop.txt": "",
      "top.txt": "",
    },
    paths: [".gitignore", "sub/.gitignore", "sub/keep.txt"],
  }),
  lists("lets .ignore win over .gitignore", {
    files: { ".gitignore": "*.txt\n", ".ignore": "!a.txt\n", "a.txt": "", "b.txt": "" },
    paths: [".gitignore", ".ignore", "a.txt"],
  }),
  lists("takes ignore rules as case-sensitive", {
    files: { ".gitignore": "Build\n", "Build/x": "", "build/y": "" },
    paths: [".gitignore", "build/y"],
  }),
  lists("obeys the repository's rules above the root", {
    files: { ".git/HEAD": "", ".gitignore": "*.log\n", "pkg/a.log": "", "pkg/a.ts": "" },
    root: "pkg",
    paths: ["pkg/a.ts"],
  }),
  lists("obeys no rules above the root outside a repository", {
    files: { ".gitignore": "*.log\n", "pkg/a.log": "", "pkg/a.ts": "" },
    root: "pkg",
    paths: ["pkg/a.log", "pkg/a.ts"],
  }),
  lists("obeys no rules from outside the repository", {
    files: { ".gitignore": "*.log\n", "repo/.git/HEAD": "", "repo/a.log": "" },
    root: "repo",
    paths: ["repo/a.log"],
  }),
  lists("lists a hidden folder that is asked for by name, by its own rules", {
    files: {
      ".git/HEAD": "",
      ".gitignore": "node_modules\ndist\n",
      "node_modules/lib/dist/a": "",
      "node_modules/lib/.gitignore": "b\n",
      "node_modules/lib/b": "",
    },
    root: "node_modules/lib",
    paths: ["node_modules/lib/.gitignore", "node_modules/lib/dist/a"],
  }),
  lists("stops at the limit and says that there is more", {
    files: { a: "", b: "", c: "" },
    limit: 2,
    paths: ["a", "b"],
    more: true,
  }),
  lists("says nothing of more when the limit fits", { files: { a: "", b: "" }, limit: 2, paths: ["a", "b"] }),
  lists("takes a glob from the root", {
    files: { "src/a.ts": "", "src/deep/b.ts": "", "src/c.js": "", "test/d.ts": "" },
    glob: "src/**/*.ts",
    paths: ["src/a.ts", "src/deep/b.ts"],
  }),
  lists("takes a glob without a slash for a name at any depth", {
    files: { "a.ts": "", "src/b.ts": "", "src/c.js": "" },
    glob: "*.ts",
    paths: ["a.ts", "src/b.ts"],
  }),
  lists("takes alternatives in a glob", {
    files: { "a.ts": "", "b.js": "", "c.css": "", ".d.ts": "" },
    glob: "*.{ts,js}",
    paths: [".d.ts", "a.ts", "b.js"],
  }),
  lists("does not let a glob show what is ignored", {
    files: { ".gitignore": "b.ts\n", "a.ts": "", "b.ts": "" },
    glob: "*.ts",
    paths: ["a.ts"],
  }),
  lists("applies the limit after the glob", { files: { a: "", "b.ts": "" }, glob: "*.ts", limit: 1, paths: ["b.ts"] }),
  {
    name: "refuses to list what is not a folder",
    async run({ host, join, writeBytes, signal }) {
      await writeBytes(join("file"), bytesOf("x"));
      await rejects("notFound", () => host.files.list(join("none"), { limit: 1 }, signal));
      await rejects("notFound", () => host.files.list(join("file"), { limit: 1 }, signal));
    },
  },
  {
    name: "does not list once aborted",
    run: ({ host, root }) => rejects("aborted", () => host.files.list(root, { limit: 1 }, stopped())),
  },
  {
    name: "leaves symbolic links out",
    needs: ["links"],
    async run({ host, root, join, writeBytes, links, signal }) {
      await writeBytes(join("sub", "file"), bytesOf("x"));
      await links?.symbolic("sub", join("folderLink"));
      await links?.symbolic("sub/file", join("fileLink"));
      equal((await host.files.list(root, { limit: 10 }, signal)).paths, [join("sub", "file")]);
    },
  },
];

function lists(name: string, { files, root: below, limit = 100, glob, paths, more = false }: Listing): HostCheck {
  return {
    name,
    async run({ host, root, join, writeBytes, signal }) {
      for (const [path, text] of Object.entries(files)) await writeBytes(join(...path.split("/")), bytesOf(text));
      const start = below === undefined ? root : join(...below.split("/"));
      const result = await host.files.list(start, { limit, glob }, signal);
      equal(result, { paths: paths.map((path) => join(...path.split("/"))), more });
    },
  };
}
