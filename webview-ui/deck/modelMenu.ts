import { html, nothing, type TemplateResult } from "lit";
import type { ListedModel } from "../../src/protocol/methods.ts";
import { act } from "../actions.ts";
import { textField } from "../controls.ts";
import { type Menu, type MenuItem, type OpenMenu, openMenu } from "../menu.ts";
import { segmentsRow } from "../segments.ts";
import type { PanelSettings } from "../session/settings.ts";
import { t } from "../strings.ts";
import { capitalised } from "../words/exploration.ts";

/** With more models than this there is a field that filters them. */
const FEW_MODELS = 6;

/** Lets the user choose the model and how hard it thinks. */
export function openModelMenu(anchor: HTMLElement, models: readonly ListedModel[], settings: PanelSettings): void {
  let filter = "";
  let menu: OpenMenu | undefined;
  const view = (): Menu => ({
    label: t("models"),
    head: isShort(models) ? undefined : findField(filter, (value) => redraw(value)),
    items: models.length === 0 ? [{ heading: t("noModels") }] : modelItems(anchor, matching(models, filter), settings),
    foot: foot({ anchor, models, settings, close: () => menu?.close() }),
  });
  const redraw = (value: string) => {
    filter = value;
    menu?.update(view());
  };
  menu = openMenu(anchor, view());
}

export function modelName(models: readonly ListedModel[], model: string | undefined): string {
  if (!model) return t("noModelChosen");
  if (model === "demo") return t("demoModel");
  return models.find((listed) => listed.model === model || listed.id === model)?.displayName ?? model;
}

function findField(value: string, onInput: (value: string) => void): TemplateResult {
  return html`<div class="menu-find">${textField({ label: t("findModel"), value, testId: "find-model", glyph: "search", onInput })}</div>`;
}

function matching(models: readonly ListedModel[], filter: string): ListedModel[] {
  const term = filter.trim().toLowerCase();
  return models.filter(({ displayName, model }) => `${displayName} ${model}`.toLowerCase().includes(term));
}

function modelItems(anchor: HTMLElement, models: readonly ListedModel[], settings: PanelSettings): Menu["items"] {
  if (models.length === 0) return [{ heading: t("noModelFound") }];
  return models.map((listed): MenuItem => {
    const checked = listed.model === settings.model;
    const keep = listed.supportedReasoningEfforts.some(({ reasoningEffort }) => reasoningEffort === settings.effort);
    const effort = keep ? settings.effort : listed.defaultReasoningEffort;
    return {
      label: listed.displayName,
      hint: listed.description || undefined,
      checked,
      testId: "model-item",
      run: () => act(anchor, { kind: "setModel", model: listed.model, effort }),
    };
  });
}

interface Foot {
  anchor: HTMLElement;
  models: readonly ListedModel[];
  settings: PanelSettings;
  close(): void;
}

/** Below the models: how hard the one that is chosen thinks, and the way to the settings. */
function foot(at: Foot): TemplateResult {
  const current = at.models.find(({ model }) => model === at.settings.model);
  const manage = () => {
    at.close();
    act(at.anchor, { kind: "openSettings", query: "patchwright" });
  };
  return html`${current && current.supportedReasoningEfforts.length > 1 ? efforts(at, current) : nothing}
    <div class="menu-separator" role="presentation"></div>
    <button class="menu-item" role=${isShort(at.models) ? "menuitem" : "button"} tabindex="-1" data-testid="manage-models"
      @click=${manage}><span class="menu-label">${t("manageModels")}</span></button>`;
}

function efforts(at: Foot, current: ListedModel): TemplateResult {
  const chosen = at.settings.effort ?? current.defaultReasoningEffort;
  const choose = (effort: string) => {
    at.close();
    act(at.anchor, { kind: "setModel", model: current.model, effort });
  };
  const role = isShort(at.models) ? "menuitemradio" : "radio";
  return html`<div class="menu-separator" role="presentation"></div>
    ${segmentsRow({
      label: t("effort"),
      role,
      segments: current.supportedReasoningEfforts.map(({ reasoningEffort, description }) => ({
        label: capitalised(reasoningEffort),
        title: description,
        chosen: reasoningEffort === chosen,
        testId: "effort",
        choose: () => choose(reasoningEffort),
      })),
    })}`;
}

/** A short list is a menu; a long one is a field with a list below it. */
function isShort(models: readonly ListedModel[]): boolean {
  return models.length <= FEW_MODELS;
}
