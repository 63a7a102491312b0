/** What a request to a model may hold. */
export interface ModelTraits {
  /** Tokens, input and output together. */
  readonly contextWindow: number;
  /** The most that one answer may have, reasoning included. */
  readonly maxOutputTokens: number;
  /** Whether it takes custom tools: free text, held to a grammar. */
  readonly customTools: boolean;
  /** Absent when it takes no `reasoning` at all. */
  readonly reasoning?: Reasoning | undefined;
  /** Whether it takes `text.verbosity`. */
  readonly verbosity: boolean;
  /** Whether it takes a new effort in mid-thread, as a `configuration_update` item. */
  readonly effortUpdates: boolean;
  /** Whether it takes tools in mid-thread, as an `additional_tools` item. */
  readonly lateTools: boolean;
  /** Whether its server condenses a context when a `compaction_trigger` item asks for it. One that does not after all refuses that request. */
  readonly remoteCompaction: boolean;
}

export interface Reasoning {
  /** From the least to the most. */
  readonly efforts: readonly Effort[];
  readonly defaultEffort: Effort;
}

export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** Refused by no server that speaks the protocol. */
const unknown: ModelTraits = {
  contextWindow: 128_000,
  maxOutputTokens: 16_384,
  customTools: false,
  verbosity: false,
  effortUpdates: false,
  lateTools: false,
  remoteCompaction: false,
};

/** The first pattern that fits decides. Snapshots ("gpt-5.4-2026-03-05") are like the model they are of. */
const families: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^demo$/, { ...unknown, customTools: true, reasoning: efforts("medium") }],
  [/-(chat|audio|realtime|search|transcribe|tts|image)\b|-deep-research/, unknown],

  [/^gpt-6-(sol|luna)\b(?!-pro)/, gpt6(efforts("none", "low", "medium", "high", "xhigh", "max"))],
  [/^gpt-6(\.\d+)?-(astra|sol|terra|luna)\b(?!-pro)/, gpt6(efforts("low", "medium", "high", "xhigh", "max"))],
  [/^gpt-5\.6-luna\b/, gpt56(400_000)],
  [/^gpt-5\.6(-sol|-terra)?(?!-)/, gpt56(1_050_000)],

  [/^gpt-5-pro\b/, { ...pro(400_000, efforts("high")), maxOutputTokens: 272_000 }],
  [/^gpt-5\.2-pro\b/, pro(400_000, efforts("medium", "high", "xhigh"))],
  [/^gpt-5\.[45]-pro\b/, pro(1_050_000, efforts("medium", "high", "xhigh"))],

  [/^gpt-5\.(1-codex-max|[23]-codex)\b/, codex(efforts("low", "medium", "high", "xhigh"))],
  [/^gpt-5(\.1)?-codex\b/, codex(efforts("low", "medium", "high"))],
  [/^gpt-5\.4-(mini|nano)\b/, modern(400_000, efforts("none", "low", "medium", "high", "xhigh"))],
  [/^gpt-5\.[45](?!-[a-z])/, modern(1_050_000, efforts("none", "low", "medium", "high", "xhigh"))],
  [/^gpt-5\.2(?!-[a-z])/, modern(400_000, efforts("none", "low", "medium", "high", "xhigh"))],
  [/^gpt-5\.1(-mini)?(?!-[a-z])/, modern(400_000, efforts("none", "low", "medium", "high"))],
  [/^gpt-5(-mini|-nano)?(?![.]|-[a-z])/, modern(400_000, efforts("minimal", "low", "medium", "high"))],

  [
    /^(o1|o3|o3-mini|o4-mini|codex-mini)(?!-(pro|preview|mini))\b/,
    { ...unknown, contextWindow: 200_000, maxOutputTokens: 100_000, reasoning: efforts("low", "medium", "high") },
  ],
  [/^gpt-4\.1\b/, { ...unknown, contextWindow: 1_047_576, maxOutputTokens: 32_768 }],
];

/** For a user who names no model, the best for everyday work first. */
const preference = [
  "gpt-6.2-sol",
  "gpt-6.1-sol",
  "gpt-6-sol",
  "gpt-5.6-sol",
  "gpt-5.5",
  "gpt-5.4",
  "gpt-5.3-codex",
  "gpt-5.2-codex",
  "gpt-5.2",
  "gpt-5.1-codex",
  "gpt-5.1",
  "gpt-5",
  "gpt-4.1",
];

/** What a model takes; for one that is not known, what every model takes. `contextWindow` is the user's word for it, in tokens. */
export function traitsOf(model: string, contextWindow?: number): ModelTraits {
  const traits = families.find(([pattern]) => pattern.test(model))?.[1] ?? unknown;
  if (!contextWindow) return traits;
  return { ...traits, contextWindow, maxOutputTokens: Math.min(traits.maxOutputTokens, Math.floor(contextWindow / 4)) };
}

/** How many tokens a request may have, so that the longest answer still fits. */
export function usableWindow({ contextWindow, maxOutputTokens }: ModelTraits): number {
  return contextWindow - maxOutputTokens;
}

/** A thread is condensed when it takes this much of the window that its model leaves for requests. */
const FULL = 0.9;

/** From how many tokens on a thread is condensed. */
export function condensedAt(traits: ModelTraits): number {
  return Math.ceil(FULL * usableWindow(traits));
}

/** The model to use: the wanted one, else the first preferred of those that a server lists, else the first listed. */
export function pickModel(listed: readonly string[], wanted?: string): string | undefined {
  return wanted || (preference.find((model) => listed.includes(model)) ?? listed[0]);
}

/** Medium where it is offered, else the least. */
function efforts(...offered: readonly [Effort, ...Effort[]]): Reasoning {
  return { efforts: offered, defaultEffort: offered.includes("medium") ? "medium" : offered[0] };
}

function modern(contextWindow: number, reasoning: Reasoning): ModelTraits {
  return { ...unknown, contextWindow, maxOutputTokens: 128_000, customTools: true, reasoning, verbosity: true };
}

function codex(reasoning: Reasoning): ModelTraits {
  return { ...modern(400_000, reasoning), verbosity: false };
}

function pro(contextWindow: number, reasoning: Reasoning): ModelTraits {
  return { ...unknown, contextWindow, maxOutputTokens: 128_000, reasoning };
}

function gpt56(contextWindow: number): ModelTraits {
  return {
    ...modern(contextWindow, efforts("none", "low", "medium", "high", "xhigh", "max")),
    lateTools: true,
    remoteCompaction: true,
  };
}

function gpt6(reasoning: Reasoning): ModelTraits {
  return { ...modern(1_050_000, reasoning), lateTools: true, effortUpdates: true, remoteCompaction: true };
}
