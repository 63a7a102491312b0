import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createSample } from "../../scripts/freshSample.ts";

/** File contents by path relative to their folder, with "/" between parts. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What the window shows. Everything is made afresh for the test, except an existing folder. */
export type WorkspaceContent =
  | { readonly kind: "sample" }
  | { readonly kind: "files"; readonly files: Files }
  /** A multi-root workspace: its folders by name. */
  | { readonly kind: "folders"; readonly folders: Readonly<Record<string, Files>> }
  /** An existing folder, opened where it is. */
  | { readonly kind: "existing"; readonly folder: string }
  /** A window without a folder. */
  | { readonly kind: "none" };

export interface Workspace {
  /** Absolute, in the order of the workspace; empty for a window without a folder. */
  readonly folders: readonly string[];
  /** The part of the window's address that opens it. */
  readonly query: Readonly<Record<string, string>>;
}

/** Makes the content below `root`, which must be absolute and the test's own. */
export async function createWorkspace(root: string, content: WorkspaceContent): Promise<Workspace> {
  switch (content.kind) {
    case "sample":
      return oneFolder(await createSample(path.join(root, "patchwright-sample")));
    case "files":
      return oneFolder(await writeFiles(path.join(root, "workspace"), content.files));
    case "folders":
      return multiRoot(root, content.folders);
    case "existing":
      return oneFolder(content.folder);
    case "none":
      return { folders: [], query: { ew: "true" } };
    default:
      return content satisfies never;
  }
}

function oneFolder(folder: string): Workspace {
  return { folders: [folder], query: { folder } };
}

async function multiRoot(root: string, folders: Readonly<Record<string, Files>>): Promise<Workspace> {
  const paths: string[] = [];
  for (const [name, files] of Object.entries(folders)) paths.push(await writeFiles(path.join(root, name), files));
  const workspace = path.join(root, "several.code-workspace");
  const names = Object.keys(folders).map((name) => ({ path: name }));
  await writeFile(workspace, JSON.stringify({ folders: names }));
  return { folders: paths, query: { workspace } };
}

async function writeFiles(folder: string, files: Files): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return folder;
}
