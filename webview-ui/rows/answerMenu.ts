import type { Menu } from "../menu.ts";
import { t } from "../strings.ts";
import type { MoreChoice, Question } from "./question.ts";

export interface AnswerMenuOptions {
  mayAllow: boolean;
  /** Gives the answer of a choice, if that can be done now. */
  choose(choice: MoreChoice): void;
  /** Denies and stops the turn. */
  stop(): void;
}

/** The answers of a question that have no button: those that allow, those that deny, and stopping. */
export function answerMenu({ more, canStop }: Question, { mayAllow, choose, stop }: AnswerMenuOptions): Menu {
  const itemOf = (choice: MoreChoice): Menu["items"][number] => {
    const { label, hint, denies, testId } = choice;
    return { label, hint, disabled: !denies && !mayAllow, testId, run: () => choose(choice) };
  };
  const items: Menu["items"] = [
    ...more.filter(({ denies }) => !denies).map(itemOf),
    ...separated(more.filter(({ denies }) => denies).map(itemOf)),
    ...(canStop ? separated([{ label: t("denyStop"), testId: "deny-stop", run: stop }]) : []),
  ];
  return { label: t("moreChoices"), items, wide: true };
}

function separated(items: Menu["items"]): Menu["items"] {
  return items.length > 0 ? [{ separator: true }, ...items] : [];
}
