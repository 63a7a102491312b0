import type { TemplateResult } from "lit";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { Key } from "../strings.ts";

/** A name with what it stands for, such as "Network" and "Off". */
export type Fact = readonly [name: string, value: unknown];

/** A way of allowing or denying more than what is asked. */
export interface MoreChoice {
  label: string | TemplateResult;
  hint?: string;
  answer: ApprovalAnswer;
  /** True for one that says no: it needs nothing to have been shown first. */
  denies?: boolean;
  testId: string;
}

/** What a question says, whatever it is about. */
export interface Question {
  /** It names the act. */
  title: unknown;
  /** The same for those who do not see it. */
  name: string;
  reason: string | undefined;
  /** Why it should be read closely. With any of them saying no is the easy choice, and only this once can be allowed. */
  warnings: readonly string[];
  /** What would happen, exactly. */
  body: unknown;
  facts: readonly Fact[];
  words: { allow: Key; allowOnce: Key; deny: Key; denyFeedback: Key };
  more: readonly MoreChoice[];
  /** True where the turn can be stopped with the answer. */
  canStop: boolean;
}

export const askedWords: Question["words"] = {
  allow: "allow",
  allowOnce: "allowOnce",
  deny: "deny",
  denyFeedback: "denyFeedback",
};
