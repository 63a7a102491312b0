import assert from "node:assert/strict";
import { test } from "node:test";
import { pickModel, traitsOf, usableWindow } from "../../../src/core/model/models.ts";

/** Window in thousands of tokens, efforts (the default in capitals), and what else the model takes. */
function check(model: string, expected: string): void {
  test(`${model}: ${expected}`, () => {
    const { contextWindow, customTools, reasoning, verbosity, lateTools, effortUpdates } = traitsOf(model);
    const efforts = reasoning?.efforts.map((effort) =>
      effort === reasoning.defaultEffort ? effort.toUpperCase() : effort,
    );
    const parts = [`${Math.floor(contextWindow / 1000)}k`, ...(efforts ?? [])];
    if (customTools) parts.push("+custom");
    if (verbosity) parts.push("+verbosity");
    if (lateTools) parts.push("+tools");
    if (effortUpdates) parts.push("+effort");
    assert.equal(parts.join(" "), expected);
  });
}

check("gpt-6.2-sol", "1050k low MEDIUM high xhigh max +custom +verbosity +tools +effort");
check("gpt-6.2-astra", "1050k low MEDIUM high xhigh max +custom +verbosity +tools +effort");
check("gpt-6.1-sol", "1050k low MEDIUM high xhigh max +custom +verbosity +tools +effort");
check("gpt-6.1-terra", "1050k low MEDIUM high xhigh max +custom +verbosity +tools +effort");
check("gpt-6-astra", "1050k low MEDIUM high xhigh max +custom +verbosity +tools +effort");
check("gpt-6-sol", "1050k none low MEDIUM high xhigh max +custom +verbosity +tools +effort");
check("gpt-6-luna", "1050k none low MEDIUM high xhigh max +custom +verbosity +tools +effort");
check("gpt-5.6", "1050k none low MEDIUM high xhigh max +custom +verbosity +tools");
check("gpt-5.6-sol", "1050k none low MEDIUM high xhigh max +custom +verbosity +tools");
check("gpt-5.6-luna", "400k none low MEDIUM high xhigh max +custom +verbosity +tools");
check("gpt-5.5", "1050k none low MEDIUM high xhigh +custom +verbosity");
check("gpt-5.5-2026-04-23", "1050k none low MEDIUM high xhigh +custom +verbosity");
check("gpt-5.5-pro-2026-04-23", "1050k MEDIUM high xhigh");
check("gpt-5.4-mini-2026-03-17", "400k none low MEDIUM high xhigh +custom +verbosity");
check("gpt-5.3-codex", "400k low MEDIUM high xhigh +custom");
check("gpt-5.2", "400k none low MEDIUM high xhigh +custom +verbosity");
check("gpt-5.2-pro", "400k MEDIUM high xhigh");
check("gpt-5.1-codex-max", "400k low MEDIUM high xhigh +custom");
check("gpt-5.1-codex", "400k low MEDIUM high +custom");
check("gpt-5.1-2025-11-13", "400k none low MEDIUM high +custom +verbosity");
check("gpt-5", "400k minimal low MEDIUM high +custom +verbosity");
check("gpt-5-2025-08-07", "400k minimal low MEDIUM high +custom +verbosity");
check("gpt-5-nano", "400k minimal low MEDIUM high +custom +verbosity");
check("gpt-5-codex", "400k low MEDIUM high +custom");
check("gpt-5-pro", "400k HIGH");
check("gpt-5-chat-latest", "128k");
check("gpt-5.2-chat-latest", "128k");
check("o3", "200k low MEDIUM high");
check("o4-mini-2025-04-16", "200k low MEDIUM high");
check("o3-pro", "128k");
check("gpt-4.1-mini", "1047k");
check("gpt-4o", "128k");
check("demo", "128k MEDIUM +custom");
check("gpt-6.1-cyber", "128k");
check("gpt-60", "128k");
check("openai/gpt-5.5", "128k");
check("llama-4-maverick", "128k");
check("", "128k");

function picks(listed: readonly string[], wanted: string | undefined, expected: string | undefined): void {
  test(`picks ${expected} of ${listed.join(", ") || "none"}`, () => assert.equal(pickModel(listed, wanted), expected));
}

picks(["whisper-1", "gpt-5.4", "gpt-6.1-sol", "gpt-6-astra"], undefined, "gpt-6.1-sol");
picks(["b", "a"], undefined, "b");
picks(["gpt-6.1-sol"], "mine", "mine");
picks(["gpt-6.1-sol"], "", "gpt-6.1-sol");
picks([], undefined, undefined);

/** Tokens that a request may have. */
function leaves(model: string, contextWindow: number | undefined, expected: number): void {
  test(`${model} with ${contextWindow ?? "its own"} window leaves ${expected}`, () =>
    assert.equal(usableWindow(traitsOf(model, contextWindow)), expected));
}

leaves("gpt-5", undefined, 272_000);
leaves("gpt-6.1-sol", undefined, 922_000);
leaves("gpt-5-pro", undefined, 128_000);
leaves("gpt-4.1", undefined, 1_014_808);
leaves("llama-4-maverick", undefined, 111_616);
leaves("llama-4-maverick", 32_000, 24_000);
leaves("gpt-5", 1_000_000, 872_000);
leaves("gpt-5", 100_000, 75_000);
