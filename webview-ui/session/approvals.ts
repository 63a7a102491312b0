import { applyApproval } from "../../src/protocol/applyNotification.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { PendingApproval, ThreadView } from "../../src/protocol/threadView.ts";
import { RpcError, rpcErrorCodes } from "../../src/rpc/connection.ts";
import type { Change } from "./frame.ts";

export interface ApprovalsOptions {
  /** The open thread, which shows those of its own. */
  view(): ThreadView | undefined;
  onChange(change: Change): void;
}

interface Waiting {
  approval: PendingApproval;
  answer(answer: ApprovalAnswer): void;
  drop(): void;
}

/** The questions of the server that wait for the user, of all threads, in the order in which they came. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  #waiting: Waiting[] = [];

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /** Resolves with the user's answer; rejects when the question was answered elsewhere. */
  ask(approval: PendingApproval): Promise<ApprovalAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ApprovalAnswer>();
    const drop = () => reject(new RpcError(rpcErrorCodes.internalError, "It was answered elsewhere."));
    this.#waiting.push({ approval, answer: resolve, drop });
    const view = this.#options.view();
    if (view) this.#options.onChange(applyApproval(view, approval));
    if (view?.thread.id === approval.params.threadId) this.#redraw(approval);
    return promise;
  }

  /** A question may have been asked again after a reload: the answer goes to each time it was asked. */
  answer(approval: PendingApproval, answer: ApprovalAnswer): void {
    for (const waiting of this.#take((other) => sameQuestion(other, approval))) waiting.answer(answer);
    const view = this.#options.view();
    if (!view) return;
    view.approvals = view.approvals.filter((other) => other.requestId !== approval.requestId);
    this.#redraw(approval);
  }

  /** Another client has answered. */
  resolved(requestId: PendingApproval["requestId"]): void {
    for (const waiting of this.#take((other) => other.requestId === requestId)) waiting.drop();
    const known = this.#options.view()?.approvals.find((approval) => approval.requestId === requestId);
    if (known) this.#redraw(known);
  }

  /** Puts those of a thread that was opened just now into its view. */
  show(view: ThreadView): void {
    const ofThread = this.#waiting.filter(({ approval }) => approval.params.threadId === view.thread.id);
    for (const { approval } of ofThread) applyApproval(view, approval);
  }

  /** When the connection is gone, nobody waits any more. */
  clear(): void {
    for (const waiting of this.#take(() => true)) waiting.drop();
    const view = this.#options.view();
    if (view) view.approvals = [];
  }

  #redraw({ params }: PendingApproval): void {
    this.#options.onChange({ kind: "turn", turnId: params.turnId });
  }

  #take(matches: (approval: PendingApproval) => boolean): Waiting[] {
    const taken = this.#waiting.filter(({ approval }) => matches(approval));
    this.#waiting = this.#waiting.filter(({ approval }) => !matches(approval));
    return taken;
  }
}

export function sameQuestion(a: PendingApproval, b: PendingApproval): boolean {
  return a.params.threadId === b.params.threadId && a.params.itemId === b.params.itemId;
}
