import type { TestContext } from "node:test";

type Step = () => Promise<void>;

const stepsOf = new WeakMap<TestContext, Step[]>();

/** Does this after the test, the last first, each even when one before it failed: node:test leaves out the hooks after one that throws. */
export function atEnd(t: TestContext, step: Step): void {
  const known = stepsOf.get(t);
  if (known) {
    known.push(step);
    return;
  }
  const steps = [step];
  stepsOf.set(t, steps);
  t.after(async () => {
    const errors: unknown[] = [];
    for (const one of steps.reverse()) await one().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  });
}
