import * as vscode from "vscode";
import { toAgentError } from "../protocol/errors.ts";
import type { ApiKey } from "./apiKey.ts";
import type { DiffView } from "./diffView.ts";
import type { Log } from "./log.ts";
import { notices } from "./notices.ts";
import type { Panel } from "./panel.ts";
import { startProblemThread } from "./problems.ts";
import type { Review } from "./review/review.ts";
import type { WindowClient } from "./windowClient.ts";

export interface CommandParts {
  readonly panel: Panel;
  readonly client: WindowClient;
  readonly diffView: DiffView;
  readonly review: Pick<Review, "commands">;
  readonly apiKey: ApiKey;
  readonly log: Log;
}

/** The commands of the manifest. What one cannot do is told to the user; a fault is logged as well. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const { panel, client, diffView, review, apiKey, log } = parts;
  const ensureKey = async () => client.hasKey === true || apiKey.enter();
  const commands: Record<string, (argument: unknown) => unknown> = {
    open: async () => {
      await panel.reveal();
      panel.notify("editor/focus", {});
    },
    newThread: async () => {
      await panel.reveal();
      panel.notify("editor/newThread", {});
    },
    showThreads: async () => {
      await panel.reveal();
      panel.notify("editor/showHistory", {});
    },
    showRules: async () => {
      await panel.reveal();
      panel.notify("editor/showRules", {});
    },
    stop: () => client.stopAll(),
    setApiKey: () => apiKey.enter(),
    removeApiKey: () => apiKey.remove(),
    showLog: () => log.channel.show(),
    fix: (argument) => startProblemThread("fix", argument, { panel, ensureKey }),
    explain: (argument) => startProblemThread("explain", argument, { panel, ensureKey }),
    acceptChange: () => diffView.inFront.accept(),
    acceptAllFiles: () => diffView.inFront.accept(),
    rejectChange: () => diffView.inFront.reject(),
    rejectChangeWithFeedback: () => diffView.inFront.rejectWithFeedback(),
    nextProposedFile: () => diffView.showOther("next"),
    previousProposedFile: () => diffView.showOther("previous"),
    ...review.commands,
  };
  const told = (run: (argument: unknown) => unknown) => async (argument: unknown) => {
    try {
      await run(argument);
    } catch (error) {
      log.fault(error);
      notices.fail(toAgentError(error).message);
    }
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(`patchwright.${name}`, told(run))),
  );
}
