import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { RpcError, rpcErrorCodes } from "../../src/rpc/connection.ts";

interface Waiting {
  approval: PendingApproval;
  answer(answer: ApprovalAnswer): void;
  drop(): void;
}

/** The questions of the server that wait for the user, of all threads, in the order in which they came. */
export class Approvals {
  #waiting: Waiting[] = [];

  /** Resolves with the user's answer; rejects when the question was answered elsewhere. */
  ask(approval: PendingApproval): Promise<ApprovalAnswer> {
    return new Promise((resolve, reject) => {
      const drop = () => reject(new RpcError(rpcErrorCodes.internalError, "It was answered elsewhere."));
      this.#waiting.push({ approval, answer: resolve, drop });
    });
  }

  /** A question may have been asked again after a reload: the answer goes to each time it was asked. */
  answer(approval: PendingApproval, answer: ApprovalAnswer): void {
    for (const waiting of this.#take((other) => sameQuestion(other, approval))) waiting.answer(answer);
  }

  resolved(requestId: string | number): void {
    for (const waiting of this.#take((other) => other.requestId === requestId)) waiting.drop();
  }

  ofThread(threadId: string): PendingApproval[] {
    return this.#waiting.map(({ approval }) => approval).filter(({ params }) => params.threadId === threadId);
  }

  /** When the connection is gone, nobody waits any more. */
  clear(): void {
    for (const waiting of this.#take(() => true)) waiting.drop();
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
