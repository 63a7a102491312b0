import path from "node:path";
import { test } from "node:test";
import { runInProcess } from "../workbench/inProcess.ts";

/** Every check of a module inside the extension host of a window with an empty folder. */
function check(name: string, module: string): void {
  const entry = path.join(import.meta.dirname, module);
  test(name, (t) => runInProcess(t, { entry, workspace: { kind: "files", files: { "README.md": "# Empty\n" } } }));
}

check("the host contract in VS Code", "contractChecks.ts");
check("patches in VS Code", "patchChecks.ts");
check("unsaved and shown files in VS Code", "bufferChecks.ts");
check("terminals, problems and what is open in VS Code", "editorChecks.ts");
