import { appendFileSync } from "node:fs";

/** One thing to hold inside the extension host. It holds when `run` resolves. */
export interface Check {
  readonly name: string;
  run(): Promise<void> | void;
}

/** One line of the results file; without `error` the check holds. */
export interface CheckResult {
  readonly name: string;
  readonly durationMs: number;
  readonly error?: string | undefined;
}

/** Names the file that takes one line of JSON for each finished check. */
export const resultsVariable = "PATCHWRIGHT_CHECK_RESULTS";

const checkTimeoutMs = 60_000;

/** Runs in the extension host: the checks one after another, each outcome written as soon as it is known. */
export async function runChecks(checks: readonly Check[]): Promise<void> {
  const file = process.env[resultsVariable];
  if (file === undefined) throw new Error(`${resultsVariable} is not set.`);
  for (const check of checks) appendFileSync(file, `${JSON.stringify(await resultOf(check))}\n`);
}

async function resultOf(check: Check): Promise<CheckResult> {
  const started = performance.now();
  const error = await failureOf(check);
  return { name: check.name, durationMs: Math.round(performance.now() - started), error };
}

async function failureOf(check: Check): Promise<string | undefined> {
  const overdue = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => overdue.reject(new Error(`Not done after ${checkTimeoutMs / 1000} s.`)),
    checkTimeoutMs,
  );
  try {
    await Promise.race([check.run(), overdue.promise]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}
