import type { SentLayerKind } from "../../src/protocol/sentContext.ts";
import type { Key } from "../strings.ts";

export const layerNames: Readonly<Record<SentLayerKind, Key>> = {
  instructions: "layerInstructions",
  tools: "layerTools",
  permissions: "layerPermissions",
  developerInstructions: "layerDeveloper",
  mode: "layerMode",
  projectInstructions: "layerProject",
  environment: "layerEnvironment",
  summary: "layerSummary",
  messages: "layerMessages",
  answers: "layerAnswers",
  reasoning: "layerReasoning",
  toolCalls: "layerCalls",
  toolOutputs: "layerOutputs",
  notes: "layerNotes",
  other: "layerOther",
  message: "layerMessage",
};

export type LayerGroup = "alwaysSent" | "ofThread" | "fromYou";

const always = new Set<SentLayerKind>([
  "instructions",
  "tools",
  "permissions",
  "developerInstructions",
  "mode",
  "projectInstructions",
  "environment",
]);

export function groupOf(kind: SentLayerKind): LayerGroup {
  if (kind === "message") return "fromYou";
  return always.has(kind) ? "alwaysSent" : "ofThread";
}

/** How much there is of something: "640 B", "3.2 kB", "1.4 MB". */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${(bytes / 1000).toFixed(bytes < 9950 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A moment to the second, with its day when that is not today's: "14:02:31", "12 Mar, 14:02:31". */
export function moment(atMs: number, nowMs: number, locale?: string): string {
  const at = new Date(atMs);
  const time = at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${at.toLocaleDateString(locale, { day: "numeric", month: "short" })}, ${time}`;
}
