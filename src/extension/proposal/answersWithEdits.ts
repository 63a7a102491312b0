import type { FileChangeApprovalAnswer } from "../../protocol/approvals.ts";
import type { EditedContent } from "../../protocol/review.ts";
import type { Transport, WireMessage } from "../../rpc/transport.ts";

/**
 * The panel's transport, seen from the server: where the panel accepts a file change that the user has changed in the editor, its answer gets
 * what the user wrote there. What an answer says itself of a file goes before that.
 */
export function answersWithEdits(transport: Transport, editsOf: (itemId: string) => EditedContent[]): Transport {
  /** The items that questions are about, by the question's id. */
  const asked = new Map<unknown, string>();
  return {
    send(message) {
      const itemId = askedAbout(message);
      if (itemId !== undefined) asked.set(message.id, itemId);
      return transport.send(message);
    },
    onMessage: (listener) =>
      transport.onMessage((message) => {
        const itemId = message.method === undefined ? asked.get(message.id) : undefined;
        if (itemId === undefined) return listener(message);
        asked.delete(message.id);
        listener(withEdits(message, editsOf(itemId)));
      }),
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}

function askedAbout({ method, params }: WireMessage): string | undefined {
  if (method !== "item/fileChange/requestApproval") return undefined;
  return (params as { itemId?: string } | undefined)?.itemId;
}

function withEdits(message: WireMessage, edits: readonly EditedContent[]): WireMessage {
  const answer = message.result as Partial<FileChangeApprovalAnswer> | undefined;
  const accepts = answer?.decision === "accept" || answer?.decision === "acceptForSession";
  if (!accepts || edits.length === 0) return message;
  const said = answer.editedContent ?? [];
  const added = edits.filter(({ path }) => !said.some((one) => one.path === path));
  return { ...message, result: { ...answer, editedContent: [...said, ...added] } };
}
