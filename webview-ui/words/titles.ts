import type { Thread } from "../../src/protocol/threads.ts";
import type { ThreadView } from "../../src/protocol/threadView.ts";
import { draftOf } from "../session/draft.ts";
import { t } from "../strings.ts";

export function titleOf(thread: Pick<Thread, "name" | "preview">): string {
  return thread.name || firstLine(thread.preview) || t("untitled");
}

/** A thread that was just started has no preview yet: then its first message stands in. */
export function titleOfView({ thread, turns }: ThreadView): string {
  const first = turns[0]?.items.find((item) => item.type === "userMessage");
  const preview = thread.preview || (first?.type === "userMessage" ? draftOf(first.content).text : "");
  return thread.name || firstLine(preview) || t("newThread");
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]?.slice(0, 120) ?? "";
}
