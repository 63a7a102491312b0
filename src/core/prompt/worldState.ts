import type { Layer } from "../store/records.ts";

/**
 * What was last said to the model of the world around it, layer by layer. Layers are messages with a role; `environment` is one message of
 * named facts. What changes later is appended as a message that names only what changed.
 */
export interface WorldState {
  readonly permissions: string;
  readonly developerInstructions: string;
  readonly projectInstructions: string;
  readonly environment: Readonly<Record<string, string>>;
}

type TextLayer = Exclude<keyof WorldState, "environment">;

export interface LayerMessage {
  readonly layer: Layer;
  readonly role: "developer" | "user";
  readonly text: string;
}

/** The messages that tell a model of the world: all of it, or what differs from what it was last told. */
export function worldMessages(now: WorldState, before?: WorldState): LayerMessage[] {
  const messages: LayerMessage[] = [];
  const tell = (layer: TextLayer, role: LayerMessage["role"], gone: string) => {
    const text = now[layer];
    if (text !== (before?.[layer] ?? "")) messages.push({ layer, role, text: text === "" ? gone : text });
  };
  tell("permissions", "developer", "");
  tell("developerInstructions", "developer", "The user's own instructions no longer apply.");
  tell("projectInstructions", "user", "The project's AGENTS.md instructions no longer apply.");
  const facts = changedFacts(now.environment, before?.environment ?? {});
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
