import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Tree } from "web-tree-sitter";

/** Beside the program when it is built; otherwise in the package that it comes from. */
const FILES = { runtime: "web-tree-sitter/web-tree-sitter.wasm", bash: "tree-sitter-bash/tree-sitter-bash.wasm" };

/** How often a parse may report progress before it is given up: text of the greatest length that people write reports a few times. */
const MAX_STEPS = 10_000;

/** Makes the tree of a text; undefined when that takes too long. Whoever gets a tree deletes it. */
export type Parse = (text: string) => Tree | undefined;

/** Loads the grammar of bash, which takes a good tenth of a second. Rejects where its files are not there, or nothing can run them. */
export async function loadGrammar(): Promise<Parse> {
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init({ wasmBinary: await readWasm(FILES.runtime) });
  const parser = new Parser().setLanguage(await Language.load(await readWasm(FILES.bash)));
  return (text) => {
    let steps = 0;
    const tree = parser.parse(text, null, { progressCallback: () => ++steps > MAX_STEPS });
    if (tree === null) parser.reset();
    return tree ?? undefined;
  };
}

async function readWasm(file: string): Promise<Uint8Array> {
  const folder = import.meta.dirname;
  const [, name = file] = file.split("/");
  return readFile(join(folder, name)).catch(() => readFile(createRequire(join(folder, name)).resolve(file)));
}
