import type { Layer } from "../store/records.ts";
import { projectMessage } from "./projectInstructions.ts";
import type { ToldTools } from "./toolChanges.ts";

/**
 * What was last said to the model of the world around it, layer by layer. Layers are messages with a role; `environment` is one message of
 * named facts. What changes later is appended as a message that names only what changed.
 */
export interface WorldState {
  readonly permissions: string;
  readonly developerInstructions: string;
  readonly mode: string;
  /** What each AGENTS.md file says, by its path, outermost first. */
  readonly projectInstructions: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** How hard the model thinks; null when it takes no such setting. */
  readonly effort: string | null;
  readonly tools: ToldTools;
}

export interface LayerMessage {
  readonly layer: Layer;
  readonly role: "developer" | "user";
  readonly text: string;
}

/** A model that was told nothing yet. */
export const nothingTold: WorldState = {
  permissions: "",
  developerInstructions: "",
  mode: "",
  projectInstructions: {},
  environment: {},
  effort: null,
  tools: {},
};

/** The layers that are not the very same as before; undefined when there are none. */
export function changedLayers(now: WorldState, before: WorldState): Partial<WorldState> | undefined {
  const changed = Object.entries(now).filter(([layer, value]) => before[layer as keyof WorldState] !== value);
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

/** The record itself when it says something else than the one before, which otherwise stays in its place. */
export function keepIfSame<T extends Readonly<Record<string, string>>>(now: T, before: T): T {
  const names = Object.keys(now);
  const same = names.length === Object.keys(before).length && names.every((name) => now[name] === before[name]);
  return same ? before : now;
}

/** The messages that tell a model of the world: all of it, or what differs from what it was last told. Effort and tools have items of their own. */
export function worldMessages(now: WorldState, before: WorldState): LayerMessage[] {
  const messages: LayerMessage[] = [];
  const developer = (layer: "permissions" | "developerInstructions" | "mode", gone = "") => {
    if (now[layer] !== before[layer]) messages.push({ layer, role: "developer", text: now[layer] || gone });
  };
  developer("permissions");
  developer("developerInstructions", "The user's own instructions no longer apply.");
  developer("mode");
  const project = projectMessage(now.projectInstructions, before.projectInstructions);
  if (project) messages.push({ layer: "projectInstructions", role: "user", text: project });
  const facts = changedFacts(now.environment, before.environment);
  if (facts.length > 0) messages.push({ layer: "environment", role: "user", text: environmentText(facts) });
  return messages;
}

function changedFacts(now: WorldState["environment"], before: WorldState["environment"]): [string, string][] {
  const changed = Object.entries(now).filter(([name, value]) => before[name] !== value);
  const gone = Object.keys(before).filter((name) => !(name in now));
  return [...changed, ...gone.map((name): [string, string] => [name, "none"])];
}

function environmentText(facts: readonly [string, string][]): string {
  const lines = facts.map(([name, value]) =>
    value.includes("\n") ? `  <${name}>\n${value}\n  </${name}>` : `  <${name}>${value}</${name}>`,
  );
  return `<environment_context>\n${lines.join("\n")}\n</environment_context>`;
}
