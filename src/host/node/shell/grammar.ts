import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import v8 from "node:v8";
import type { Tree } from "web-tree-sitter";

/** Beside the program when it is built; otherwise in the package that it comes from. */
const FILES = { runtime: "web-tree-sitter/web-tree-sitter.wasm", bash: "tree-sitter-bash/tree-sitter-bash.wasm" };

/**
 * When a parse is given up: what people write takes a few milliseconds, and some texts that nobody writes take minutes and all memory. Steps are
 * what the parser reports, about one for each twenty letters that are not quoted.
 */
const MAX_PARSE_MS = 300;
const MAX_STEPS = 2000;

/** V8 optimizes a function of WebAssembly after so much work in it, by what the flag is when the program is loaded. */
const TIERING = { never: "--wasm-tiering-budget=1000000000", usual: "--wasm-tiering-budget=13000000" };

/** Makes the tree of a text; undefined when that takes too long. Whoever gets a tree deletes it. */
export type Parse = (text: string) => Tree | undefined;

/** Loads the grammar of bash, which takes a good tenth of a second. Rejects where its files are not there, or nothing can run them. */
export async function loadGrammar(): Promise<Parse> {
  const { Language, Parser } = await import("web-tree-sitter");
  const [runtime, bash] = await Promise.all([readWasm(FILES.runtime), readWasm(FILES.bash)]);
  // Optimizing the one great function of a grammar takes 350 MB of memory for a moment, and saves little with the few lines that are read here.
  v8.setFlagsFromString(TIERING.never);
  const parser = await load().finally(() => v8.setFlagsFromString(TIERING.usual));
  async function load() {
    await Parser.init({ wasmBinary: runtime, printErr: () => {} });
    return new Parser().setLanguage(await Language.load(bash));
  }
  return (text) => {
    let steps = 0;
    const deadline = performance.now() + MAX_PARSE_MS;
    const isTooMuch = () => ++steps > MAX_STEPS || performance.now() > deadline;
    const tree = parser.parse(text, null, { progressCallback: isTooMuch });
    if (tree === null) parser.reset();
    return tree ?? undefined;
  };
}

async function readWasm(file: string): Promise<Uint8Array> {
  const folder = import.meta.dirname;
  const [, name = file] = file.split("/");
  return readFile(join(folder, name)).catch(() => readFile(createRequire(join(folder, name)).resolve(file)));
}
