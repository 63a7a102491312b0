import type { ServerNotification } from "../../src/protocol/methods.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import type { PendingApproval, ThreadView } from "../../src/protocol/threadView.ts";
import { t } from "../strings.ts";
import { commandMeta } from "../words/commands.ts";
import { compactionWords } from "../words/compaction.ts";

/** Steps are not read aloud more often than this. */
const STEP_PAUSE_MS = 5000;

type Say = (text: string, urgency: "polite" | "assertive") => void;

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

  ask(approval: PendingApproval): void {
    const isEdit = approval.method === "item/fileChange/requestApproval";
    const command = approval.method === "item/commandExecution/requestApproval" ? approval.params.command : undefined;
    const text = isEdit ? t("acceptEdit", { count: 1 }) : `${t("runThis")} ${command ?? ""}`;
    this.#say(t("saidApproval", { text }), "assertive");
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
    if (item.type !== "commandExecution" || typeof item.exitCode !== "number") return;
    const state = item.exitCode === 0 ? "passed" : "failed";
    this.#say(t("saidCommand", { meta: commandMeta(item, state) }), "polite");
  }
}

function filesChanged(turn: Turn): string {
  const paths = turn.items.flatMap((item) =>
    item.type === "fileChange" && item.status === "completed" ? item.changes.map(({ path }) => path) : [],
  );
  const count = new Set(paths).size;
  return count > 0 ? t("saidFiles", { count }) : "";
}
