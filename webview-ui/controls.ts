import { provideVSCodeDesignSystem, vsCodeButton, vsCodeTextField } from "@vscode/webview-ui-toolkit";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";

// The controls of the panel's frame: buttons and fields outside the thread. This file is all that has to change to swap their library.

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());
}

export interface ButtonOptions {
  label: string;
  testId: string;
  onClick(event: Event): void;
}

/** A button that is an icon; its label is its name and its tooltip. */
export function iconButton(glyph: string, options: ButtonOptions & { opensMenu?: boolean }): TemplateResult {
  return html`<vscode-button class="control-icon" appearance="icon" aria-label=${options.label} title=${options.label}
    .ariaHaspopup=${options.opensMenu ? "menu" : null} data-testid=${options.testId} @click=${options.onClick}>${icon(glyph)}</vscode-button>`;
}

/** A button with words; the primary one is filled. */
export function button(look: "primary" | "secondary", options: ButtonOptions): TemplateResult {
  return html`<vscode-button class="control-button" appearance=${look} data-testid=${options.testId} @click=${options.onClick}>
    ${options.label}
  </vscode-button>`;
}

export interface FieldOptions {
  label: string;
  /** What stands in it while it is empty; the label when absent. */
  example?: string;
  value: string;
  testId: string;
  /** Shown in front of the text. */
  glyph?: string;
  /** Shown after the text. */
  note?: string;
  onInput(value: string): void;
  onKey?(event: KeyboardEvent): void;
}

/** A field for one line of text. Its label is read aloud. */
export function textField(options: FieldOptions): TemplateResult {
  const onInput = (event: Event) => options.onInput((event.target as HTMLInputElement).value);
  return html`<vscode-text-field class="control-field" placeholder=${options.example ?? options.label} .value=${options.value}
    spellcheck="false" data-testid=${options.testId} @input=${onInput} @keydown=${options.onKey ?? nothing}>
    ${options.label}${options.glyph ? html`<span slot="start" class="codicon codicon-${options.glyph}" aria-hidden="true"></span>` : nothing}${
      options.note ? html`<span slot="end" class="field-note">${options.note}</span>` : nothing
    }
  </vscode-text-field>`;
}
