export interface ModelTraits {
  readonly contextWindow: number;
  readonly customTools: boolean;
  readonly reasoning?: { readonly efforts: readonly string[]; readonly defaultEffort: string } | undefined;
  readonly verbosity: boolean;
}
export function traitsOf(_id: string): ModelTraits {
  return {
    contextWindow: 272_000,
    customTools: true,
    reasoning: { efforts: ["low", "medium", "high"], defaultEffort: "medium" },
    verbosity: true,
  };
}
export function pickModel(listed: readonly string[]): string | undefined {
  return listed[0];
}
