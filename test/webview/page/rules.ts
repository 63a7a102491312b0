import type { NewRule, Rule } from "../../../src/protocol/rules.ts";
import { NOW_MS } from "./items.ts";
import type { Scene } from "./scene.ts";

type Notify = (method: string, params: unknown) => void;

/** Answers what is asked about rules, from the scene's own; undefined for any other method. */
export function answerRules(
  scene: Scene,
  { method, params }: { method: string; params: Record<string, unknown> },
  notify: Notify,
): object | undefined {
  scene.rules ??= [];
  const { rules } = scene;
  const tell = () => notify("rule/updated", { rules: structuredClone(rules) });
  switch (method) {
    case "rule/list":
      return { data: rules };
    case "rule/write": {
      const known = rules.findIndex(({ id }) => id === params.id);
      const rule: Rule = {
        id: known < 0 ? `rule-${rules.length + 1}` : String(params.id),
        createdAt: NOW_MS / 1000,
        ...(params.rule as NewRule),
      };
      if (known < 0) rules.push(rule);
      else rules[known] = rule;
      tell();
      return { rule };
    }
    case "rule/delete": {
      const before = rules.length;
      scene.rules = rules.filter(({ id }) => id !== params.id);
      notify("rule/updated", { rules: scene.rules });
      return { deleted: scene.rules.length < before };
    }
    default:
      return undefined;
  }
}
