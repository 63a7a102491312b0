import type { ThreadItem } from "../../src/protocol/items.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { answerTo } from "../session/answers.ts";
import { t } from "../strings.ts";
import { isOutside } from "../words/paths.ts";
import { offers } from "./commandAsked.ts";
import type { Fact, Question } from "./question.ts";
import type { RowContext } from "./row.ts";

type EditApproval = Extract<PendingApproval, { method: "item/fileChange/requestApproval" }>;

export interface EditAsked {
  approval: EditApproval;
  item: ThreadItem | undefined;
  context: RowContext;
  /** True when not all of it is picked. */
  isPart: boolean;
  body: unknown;
}

/** Files are to be changed. */
export function editQuestion({ approval, item, context, isPart, body }: EditAsked): Question {
  const paths = pathsOf(item);
  const outside = paths.filter((path) => isOutside(path, context.roots())).length;
  const title = outside > 0 ? t("acceptOutside", { count: outside }) : t("acceptEdit", { count: paths.length || 1 });
  const session = {
    label: t("acceptSession"),
    hint: t("acceptSessionHint"),
    answer: answerTo(approval, { kind: "allow", scope: "session" }),
    testId: "allow-session",
  };
  return {
    title,
    name: title,
    reason: approval.params.reason ?? undefined,
    warnings: [],
    body,
    facts: editFacts(context, { outside, count: paths.length || 1 }),
    words: { allow: "accept", allowOnce: "acceptOnce", deny: "reject", denyFeedback: "rejectFeedback" },
    more: outside > 0 || isPart || !offers(approval, "acceptForSession") ? [] : [session],
    canStop: true,
  };
}

function pathsOf(item: ThreadItem | undefined): string[] {
  if (item?.type !== "fileChange") return [];
  return item.changes.flatMap(({ path, kind }) =>
    kind.type === "update" && kind.move_path ? [path, kind.move_path] : [path],
  );
}

function editFacts(context: RowContext, { outside, count }: { outside: number; count: number }): Fact[] {
  const name = context.workspaceName();
  const where = outside > 0 ? t("outsideOf", { name: name || t("workspace") }) : name || t("wholeWorkspace");
  return [
    [t("where"), where],
    [t("mayWrite"), t("onlyThisFile", { count })],
  ];
}
