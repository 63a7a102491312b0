import { html, nothing, type TemplateResult } from "lit";
import type { ListedModel } from "../../src/protocol/methods.ts";
import { act } from "../actions.ts";
import { textField } from "../controls.ts";
import { type Menu, type MenuItem, type OpenMenu, openMenu } from "../menu.ts";
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
    head: models.length > FEW_MODELS ? findField(filter, (value) => redraw(value)) : undefined,
    items: modelItems(anchor, matching(models, filter), settings),
    foot: foot(anchor, models, settings, () => menu?.close()),
  });
  const redraw = (value: string) => {
    filter = value;
    menu?.update(view());
  };
  menu = openMenu(anchor, view());
}

export function modelName(models: readonly ListedModel[], model: string | undefined): string {
  if (!model) return t("noModelChosen");
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

function foot(
  anchor: HTMLElement,
  models: readonly ListedModel[],
  settings: PanelSettings,
  close: () => void,
): TemplateResult {
  const current = models.find(({ model }) => model === settings.model);
  const manage = () => {
    close();
    act(anchor, { kind: "openSettings", query: "patchwright" });
  };
  return html`${current && current.supportedReasoningEfforts.length > 1 ? efforts(anchor, current, settings, close) : nothing}
    <div class="menu-separator" role="presentation"></div>
    <button class="menu-item" role=${models.length > FEW_MODELS ? "button" : "menuitem"} tabindex="-1" data-testid="manage-models"
      @click=${manage}><span class="menu-label">${t("manageModels")}</span></button>`;
}

function efforts(
  anchor: HTMLElement,
  current: ListedModel,
  settings: PanelSettings,
  close: () => void,
): TemplateResult {
  const chosen = settings.effort ?? current.defaultReasoningEffort;
  const choose = (effort: string) => {
    close();
    act(anchor, { kind: "setModel", model: current.model, effort });
  };
  return html`<div class="menu-separator" role="presentation"></div>
    <div class="menu-effort" data-menu-foot role="group" aria-label=${t("effort")}>
      <span>${t("effort")}</span>
      <span class="segments">
        ${current.supportedReasoningEfforts.map(
          ({ reasoningEffort, description }) => html`<button class="segment" aria-pressed=${reasoningEffort === chosen}
            title=${description} data-testid="effort" @click=${() => choose(reasoningEffort)}>${capitalised(reasoningEffort)}</button>`,
        )}
      </span>
    </div>`;
}
