import path from "node:path";
import { test } from "node:test";
import { runInProcess } from "../workbench/inProcess.ts";

/** Every check of a module inside the extension host of a window with an empty folder. */
function check(name: string, module: string): void {
  const entry = path.join(import.meta.dirname, module);
  test(name, (t) => runInProcess(t, { entry, workspace: { kind: "files", files: { "README.md": "# Empty\n" } } }));
}

check("the host contract in VS Code", "contract.checks.ts");
check("patches in VS Code", "patch.checks.ts");
check("unsaved and shown files in VS Code", "buffer.checks.ts");
check("terminals, problems and what is open in VS Code", "editor.checks.ts");
check("what happens to files in VS Code", "watching.checks.ts");
check("changes under review in VS Code", "review.checks.ts");
