import type { ThreadView } from "../../src/protocol/threadView.ts";
import { t } from "../strings.ts";
import type { Panel } from "./panel.ts";

/** What stands in the empty composer: what typing there will do now. */
export function placeholderOf({ session, approval, writing, turnRuns, sendActs }: Panel): string {
  if (session.connection === "closed") return t("placeholderClosed");
  if (writing.editing) return t("placeholderEdit");
  if (sendActs.enter === "deny")
    return t(approval?.method === "item/fileChange/requestApproval" ? "placeholderReject" : "placeholderApproval");
  if (turnRuns) return t(sendActs.enter === "steer" ? "placeholderSteer" : "placeholderQueue");
  if (session.account.hasKey === false) return t("placeholderNoKey");
  if (session.editor?.trusted === false) return t("placeholderRestricted");
  if (lastFailed(session.view)) return t("placeholderFailed");
  return session.view ? t("placeholderNext") : t("placeholderNew");
}

function lastFailed(view: ThreadView | undefined): boolean {
  return view?.turns.at(-1)?.status === "failed";
}
