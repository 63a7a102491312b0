import { encodingCases } from "./cases/encodings.ts";
import { endCases } from "./cases/ends.ts";
import { fileCases } from "./cases/files.ts";
import { grammarCases } from "./cases/grammar.ts";
import { matchingCases } from "./cases/matching.ts";
import type { PatchCase } from "./cases/patchCase.ts";
import { styleCases } from "./cases/styles.ts";

/**
 * What `apply_patch` does to files, as data: the engine's own test runs it in memory, and each host runs it on its files. Names are unique.
 * The expected bytes are put together from encoded pieces, never by the engine.
 */
export const patchCases: readonly PatchCase[] = [
  ...styleCases,
  ...grammarCases,
  ...matchingCases,
  ...endCases,
  ...encodingCases,
  ...fileCases,
];
