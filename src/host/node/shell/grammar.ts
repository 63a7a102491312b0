import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { Tree } from "web-tree-sitter";

/** Beside the program when it is built; otherwise in the package that it comes from. */
const FILES = { runtime: "web-tree-sitter/web-tree-sitter.wasm", bash: "tree-sitter-bash/tree-sitter-bash.wasm" };

/**
 * When a parse is given up: what people write takes a few milliseconds, and some texts that nobody writes take minutes and all memory. Steps are
 * what the parser reports, about one for each twenty letters that are not quoted.
 */
const MAX_PARSE_MS = 2000;
const MAX_STEPS = 2000;

/** Makes the tree of a text; undefined when that takes too long. Whoever gets a tree deletes it. */
export type Parse = (text: string) => Tree | undefined;

/** Loads the grammar of bash, which takes a good tenth of a second. Rejects where its files are not there, or nothing can run them. */
export async function loadGrammar(): Promise<Parse> {
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init({ wasmBinary: await readWasm(FILES.runtime), printErr: () => {} });
  const parser = new Parser().setLanguage(await Language.load(await readWasm(FILES.bash)));
  return (text) =>
    withoutOptimizing(() => {
      let steps = 0;
      const deadline = performance.now() + MAX_PARSE_MS;
      const isTooMuch = () => ++steps > MAX_STEPS || performance.now() > deadline;
      const tree = parser.parse(text, null, { progressCallback: isTooMuch });
      if (tree === null) parser.reset();
      return tree ?? undefined;
    });
}

/**
 * V8 would compile the lexer, one function of enormous size, once more for speed: for seconds, with 500 MB of memory, after a few texts or a
 * thousand. What runs first while only a function that no module has may be optimized never is; for the WebAssembly of others all is as before.
 */
function withoutOptimizing<T>(parse: () => T): T {
  setFlagsFromString("--wasm-tier-up-filter=2147483647");
  try {
    return parse();
  } finally {
    setFlagsFromString("--wasm-tier-up-filter=-1");
  }
}

async function readWasm(file: string): Promise<Uint8Array> {
  const folder = import.meta.dirname;
  const [, name = file] = file.split("/");
  return readFile(join(folder, name)).catch(() => readFile(createRequire(join(folder, name)).resolve(file)));
}
