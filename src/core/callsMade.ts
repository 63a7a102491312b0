import type { ModelAnswer, ModelCall } from "./answer.ts";
import type { JournalledInput } from "./store/inputs.ts";

/** What tells a call from another one of the same id. */
type Signature = string;

/**
 * The calls that the model has made in a thread. Servers say a call again after a broken stream: it runs once. Some count their ids anew with
 * each answer: a call that differs from the earlier one of its id is another call, and gets an id of its own.
 */
export class CallsMade {
  readonly #made = new Map<string, Signature>();

  /** Notes an item of the context, if it is a call. */
  note(item: JournalledInput): void {
    const call = item as { call_id?: unknown; name?: unknown; arguments?: unknown; input?: unknown };
    const said = call.arguments ?? call.input;
    if (typeof call.call_id === "string" && said !== undefined) this.#made.set(call.call_id, `${call.name} ${said}`);
  }

  /** What is new of an answer, as the server takes it back: reasoning that then stands before nothing is left out, too. */
  newOf({ inputs, calls }: ModelAnswer): Pick<ModelAnswer, "inputs" | "calls"> {
    const ids = new Map(calls.map((call) => [call.callId, this.#idFor(call)]));
    const kept = inputs.flatMap((input) => {
      const { call_id: callId } = input as JournalledInput;
      if (typeof callId !== "string") return [input];
      const id = ids.get(callId);
      return id === undefined ? [] : [id === callId ? input : { ...input, call_id: id }];
    });
    while ((kept.at(-1) as JournalledInput | undefined)?.type === "reasoning") kept.pop();
    return {
      inputs: kept,
      calls: calls.flatMap((call) => {
        const callId = ids.get(call.callId);
        return callId === undefined ? [] : [{ ...call, callId }];
      }),
    };
  }

  /** Undefined for a call that was made already. */
  #idFor({ callId, name, input }: ModelCall): string | undefined {
    const signature = `${name} ${input}`;
    let id = callId;
    for (let number = 2; this.#made.has(id); number++) {
      if (this.#made.get(id) === signature) return undefined;
      id = `${callId}_${number}`;
    }
    this.#made.set(id, signature);
    return id;
  }
}
