import type { ItemOf } from "../../src/protocol/items.ts";
import type { CommandState } from "../rows/states.ts";
import { t } from "../strings.ts";
import { declinedMeta } from "./declined.ts";
import { clock, duration } from "./durations.ts";

/** How a command stands, at the right of its row: "exit 0 · 21 s". */
export function commandMeta(item: ItemOf<"commandExecution">, state: CommandState): string {
  const tookMs = tookMsOf(item);
  switch (state) {
    case "waiting":
      return t("waitingForYou");
    case "running":
      return "";
    case "denied":
      return declinedMeta(item.declinedBy);
    case "stopped":
      return tookMs === undefined ? t("stopped") : t("stoppedAfter", { time: clock(tookMs) });
    case "passed":
    case "failed": {
      const code = item.exitCode ?? 0;
      return tookMs === undefined ? t("exit", { code }) : t("exitAfter", { code, time: duration(tookMs) });
    }
  }
}

function tookMsOf(item: ItemOf<"commandExecution">): number | undefined {
  if (typeof item.durationMs === "number") return item.durationMs;
  return item.completedAtMs && item.startedAtMs ? item.completedAtMs - item.startedAtMs : undefined;
}
