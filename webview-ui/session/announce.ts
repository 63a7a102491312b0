import type { ServerNotification } from "../../src/protocol/methods.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import type { PendingApproval, ThreadView } from "../../src/protocol/threadView.ts";
import { leavesSandbox } from "../rows/commandQuestion.ts";
import { placeOf } from "../rows/networkQuestion.ts";
import type { RowContext } from "../rows/row.ts";
import { t } from "../strings.ts";
import { commandMeta } from "../words/commands.ts";
import { compactionWords } from "../words/compaction.ts";
import { whyDeclined } from "../words/declined.ts";

/** Steps are not read aloud more often than this. */
const STEP_PAUSE_MS = 5000;

/** How soon a screen reader says it: when it is done with what it says now, or at once. */
export type Urgency = "polite" | "assertive";

type Say = (text: string, urgency: Urgency) => void;

/** Says aloud what a screen reader's user has to know: beginnings and ends, never text as it streams. */
export class Announcer {
  readonly #say: Say;
  readonly #now: () => number;
  #step = "";
  #stepAt = Number.NEGATIVE_INFINITY;

  constructor(say: Say, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  /** Takes a notification after the view has been changed by it. */
  take(view: ThreadView | undefined, { method, params }: ServerNotification): void {
    if (!view || !("threadId" in params) || params.threadId !== view.thread.id) return;
    if (method === "turn/started") this.#say(t("saidTurnStarted"), "polite");
    else if (method === "turn/completed") this.#ended(view, params.turn.id);
    else if (method === "turn/plan/updated")
      this.#stepped(params.plan.find(({ status }) => status === "inProgress")?.step);
    else if (method === "item/completed") this.#completed(params.item);
  }

  ask(approval: PendingApproval, context: Pick<RowContext, "sandbox" | "settings">): void {
    this.#say(t("saidApproval", { text: questionWords(approval, context) }), "assertive");
  }

  #ended(view: ThreadView, turnId: string): void {
    const turn = view.turns.findLast(({ id }) => id === turnId);
    if (turn?.status === "failed") this.#say(t("saidTurnFailed", { text: turn.error?.message ?? "" }), "assertive");
    else if (turn?.status === "interrupted") this.#say(t("saidTurnStopped"), "polite");
    else if (turn) this.#say([t("saidTurnDone"), filesChanged(turn)].filter(Boolean).join(", "), "polite");
  }

  #stepped(step: string | undefined): void {
    if (!step || step === this.#step || this.#now() - this.#stepAt < STEP_PAUSE_MS) return;
    this.#step = step;
    this.#stepAt = this.#now();
    this.#say(t("saidStep", { text: step }), "polite");
  }

  #completed(item: Turn["items"][number]): void {
    if (item.type === "contextCompaction") this.#say(compactionWords(item, "spoken"), "polite");
    if (item.type === "agentMessage") this.#say(t("saidMessage", { text: item.text }), "polite");
    const why = "declinedBy" in item ? whyDeclined(item.declinedBy) : undefined;
    if (why) this.#say(t("saidDeclined", { text: why.join("") }), "polite");
    if (item.type !== "commandExecution" || typeof item.exitCode !== "number") return;
    const state = item.exitCode === 0 ? "passed" : "failed";
    this.#say(t("saidCommand", { meta: commandMeta(item, state) }), "polite");
  }
}

/** More of a command is not read aloud; the card has all of it. */
const MOST_CHARACTERS = 200;

function questionWords({ method, params }: PendingApproval, context: Pick<RowContext, "sandbox" | "settings">): string {
  switch (method) {
    case "item/fileChange/requestApproval":
      return t("acceptEdit", { count: 1 });
    case "mcpServer/elicitation/request":
      return t("runTool", { server: params.serverName, tool: params._meta.tool_name });
    case "item/permissions/requestApproval":
      return t("readThis", { count: params.permissions.fileSystem.read.length });
    case "item/commandExecution/requestApproval": {
      const { networkApprovalContext: connection } = params;
      if (connection) return t("connectTo", { host: placeOf(connection) });
      const command = (params.command ?? "").slice(0, MOST_CHARACTERS);
      if (params.kind === "writeStdin") return `${t("typeThis")} ${command}`;
      const leaves = params.rights !== undefined && leavesSandbox(params.rights, context);
      return `${t(leaves ? "runThisOutside" : "runThis")} ${command}`;
    }
  }
}

function filesChanged(turn: Turn): string {
  const paths = turn.items.flatMap((item) =>
    item.type === "fileChange" && item.status === "completed" ? item.changes.map(({ path }) => path) : [],
  );
  const count = new Set(paths).size;
  return count > 0 ? t("saidFiles", { count }) : "";
}
