import { applyPatch } from "./applyPatch.ts";
import { execCommand } from "./execCommand.ts";
import { listFiles } from "./listFiles.ts";
import { readDiagnostics } from "./readDiagnostics.ts";
import { readFile } from "./readFile.ts";
import { searchText } from "./searchText.ts";
import type { Tool } from "./tool.ts";
import { updatePlan } from "./updatePlan.ts";
import { viewImage } from "./viewImage.ts";
import { writeStdin } from "./writeStdin.ts";

/** Every tool, in the order in which models are told of them. The order never changes. */
export const tools: readonly Tool[] = [
  execCommand,
  writeStdin,
  applyPatch,
  updatePlan,
  viewImage,
  readFile,
  searchText,
  listFiles,
  readDiagnostics,
];
