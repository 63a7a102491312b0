import * as vscode from "vscode";

const sampleName = "patchwright-sample";
const demoKey = "patchwright.demo";

/** The sample workspace, the only one where the demo model may answer. */
export interface Sample {
  /** True when the first workspace folder is the sample. */
  readonly open: boolean;
  /** True while the demo model answers in this workspace. */
  demoRuns(): boolean;
  setDemo(runs: boolean): Promise<void>;
}

export async function findSample(state: vscode.Memento): Promise<Sample> {
  const open = await isSample(vscode.workspace.workspaceFolders?.[0]?.uri);
  return {
    open,
    demoRuns: () => open && state.get<boolean>(demoKey) === true,
    setDemo: async (runs) => state.update(demoKey, runs || undefined),
  };
}

async function isSample(folder: vscode.Uri | undefined): Promise<boolean> {
  if (!folder) return false;
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, "package.json"));
    return JSON.parse(new TextDecoder().decode(bytes))?.name === sampleName;
  } catch {
    return false;
  }
}
