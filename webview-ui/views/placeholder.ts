import type { PendingApproval, ThreadView } from "../../src/protocol/threadView.ts";
import type { SendAct, SendKey } from "../session/delivery.ts";
import type { Editing } from "../session/editing.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { t } from "../strings.ts";

interface Asked {
  session: PanelSession;
  approval: PendingApproval | undefined;
  editing: Editing | undefined;
  turnRuns: boolean;
  sendActs: Record<SendKey, SendAct>;
}

/** What stands in the empty composer: what typing there will do now. */
export function placeholderOf({ session, approval, editing, turnRuns, sendActs }: Asked): string {
  if (session.connection === "closed") return t("placeholderClosed");
  if (editing) return t("placeholderEdit");
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
