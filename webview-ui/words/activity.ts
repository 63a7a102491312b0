import type { ThreadItem } from "../../src/protocol/items.ts";
import { runningTurn, type ThreadView } from "../../src/protocol/threadView.ts";
import { t } from "../strings.ts";
import { doing } from "./exploration.ts";

/** What the thread is doing right now, for the first row of the deck. */
export interface Activity {
  kind: "live" | "waiting" | "retrying";
  label: string;
  /** Which step of the plan; empty without one. */
  step: string;
  /** Unix milliseconds; undefined when the turn has not said. */
  since: number | undefined;
}

const SHORT_COMMAND = 32;

export function activityOf(view: ThreadView): Activity | undefined {
  const turn = runningTurn(view);
  if (!turn) return undefined;
  const approval = view.approvals[0];
  const since = turn.startedAt ? turn.startedAt * 1000 : undefined;
  if (approval) return { kind: "waiting", label: t("waitingForAnswer"), step: "", since: approval.params.startedAtMs };
  if (view.retry) return { kind: "retrying", label: t("retrying"), step: "", since };
  const steps = turn.plan?.steps ?? [];
  const step = steps.findIndex(({ status }) => status === "inProgress") + 1;
  const words = step > 0 ? t("stepOf", { step, total: steps.length }) : "";
  return { kind: "live", label: labelOf(turn.items), step: words, since };
}

function labelOf(items: readonly ThreadItem[]): string {
  const current = items.findLast(
    (item) => !item.completedAtMs && (!("status" in item) || item.status === "inProgress"),
  );
  switch (current?.type) {
    case undefined:
    case "userMessage":
      return t(items.length > 1 ? "waitingForModel" : "starting");
    case "reasoning":
      return t("thinking");
    case "agentMessage":
      return t("writingAnswer");
    case "commandExecution":
      return t("running", { name: shortCommand(current.command) });
    case "fileChange":
      return t("editing", { name: nameOf(current.changes.at(-1)?.path ?? "") });
    case "contextCompaction":
      return t("condensing");
    case "imageView":
      return t("viewing", { name: nameOf(current.path) });
    case "dynamicToolCall":
      return current.title && !current.tool.includes("_") ? current.title : doing(current);
  }
}

function shortCommand(command: string): string {
  const line = command.trim().split("\n")[0] ?? "";
  return line.length > SHORT_COMMAND ? `${line.slice(0, SHORT_COMMAND - 1)}…` : line;
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
